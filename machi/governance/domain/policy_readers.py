"""Who has read the use rules: everyone with a role here confirms the newest version, and is reminded by mail.

A version that changes nothing material is covered by a confirmation of the last material one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain.errors import Refused
from machi.base.domain.mailing import letter, send
from machi.base.models import Appointment, Municipality, Person
from machi.base.rooms import Waiting
from machi.base.scoping import in_municipality
from machi.governance.domain import policy
from machi.governance.models import PolicyAcknowledgement, PolicyReminder, PolicyVersion

BETWEEN_REMINDERS = timedelta(hours=20)
"""So that a day has one reminder at most."""


@transaction.atomic
def acknowledge(version: PolicyVersion, person: Person) -> None:
    """That this person has read it. Refused for anything but the newest version; twice is once."""
    last = policy.newest()
    if last is None or last.pk != version.pk:
        raise Refused(_("新しい版が公開されています。新しい版を読んで確認してください。"))
    _made, created = PolicyAcknowledgement.objects.get_or_create(
        municipality=version.municipality, version=version, person=person
    )
    if created:
        policy.record(version, "acknowledge", person)


@transaction.atomic
def remind(version: PolicyVersion, person: Person) -> int:
    """Writes to everyone who has not confirmed; how many that was. Refused twice on a day, or where nobody is left."""
    if PolicyReminder.objects.filter(at__gt=timezone.now() - BETWEEN_REMINDERS).exists():
        raise Refused(_("今日はもう送りました。明日以降に、もう一度送れます。"))
    waiting = list(unconfirmed(version.municipality).values_list("pk", flat=True))
    if not waiting:
        raise Refused(_("全員が確認済みです。"))
    PolicyReminder.objects.create(
        municipality=version.municipality, version=version, by=person, people=len(waiting)
    )
    policy.record(version, "remind", person, people=len(waiting))
    for pk in waiting:
        send_reminder.enqueue(version.municipality_id, pk)
    return len(waiting)


def required_number() -> int | None:
    """A confirmation of this version or a later one will do; None: nothing is published."""
    found = PolicyVersion.objects.filter(state=PolicyVersion.State.PUBLISHED, material=True).aggregate(
        Max("number")
    )
    number: int | None = found["number__max"]
    return number


def has_confirmed(person: Person) -> bool:
    """True too where nothing is published."""
    required = required_number()
    return (
        required is None
        or PolicyAcknowledgement.objects.filter(person=person, version__number__gte=required).exists()
    )


def people(municipality: Municipality) -> QuerySet[Person, Any]:
    """Everyone active with a role here, also through a consortium, with ``confirmed_at`` and ``confirmed_number``
    of what they confirmed last (None: nothing that still counts)."""
    consortia = municipality.memberships.filter(until__isnull=True).values("consortium")
    appointed = Appointment.objects.filter(
        Q(municipality=municipality)
        | Q(consortium__in=consortia)
        | Q(municipality__isnull=True, consortium__isnull=True)
    )
    counted = PolicyAcknowledgement.objects.filter(
        person=OuterRef("pk"), version__number__gte=required_number() or 0
    ).order_by("-version__number")
    return (
        Person.objects.filter(pk__in=appointed.values("person"), is_active=True)
        .annotate(
            confirmed_at=Subquery(counted.values("at")[:1]),
            confirmed_number=Subquery(counted.values("version__number")[:1]),
        )
        .order_by("name", "pk")
    )


def unconfirmed(municipality: Municipality) -> QuerySet[Person, Any]:
    confirmed = PolicyAcknowledgement.objects.filter(version__number__gte=required_number() or 0)
    return people(municipality).exclude(pk__in=confirmed.values("person"))


def waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    """The rules, for whoever has not confirmed them; for those who write them, a review that is due."""
    found = [
        Waiting(gettext_lazy("生成AIの利用ルールの確認"), int(not has_confirmed(person)), "governance:policy")
    ]
    if person.has_perm("governance.edit_policy", municipality):
        newest = policy.newest()
        due = newest is not None and newest.review_on is not None and newest.review_on <= timezone.localdate()
        found.append(Waiting(gettext_lazy("利用ルールの見直し"), int(due), "governance:policy"))
    return found


@letter
def send_reminder(code: str, person: int) -> None:
    """Asks one person by mail. Nothing where they have confirmed meanwhile, or are here no more."""
    municipality = Municipality.objects.get(code=code)
    with in_municipality(municipality), translation.override("ja"):
        version = policy.newest()
        waiting = unconfirmed(municipality).filter(pk=person).first()
        if version is None or waiting is None:
            return
        page = settings.MACHI_URL + reverse("governance:policy", args=[code])
        lines = [
            _("%(name)s さん") % {"name": waiting.name},
            "",
            _("生成AIの利用ルール（第%(number)s版）を、まだ確認していません。") % {"number": version.number},
            _("次のページで読んで、「読みました」を押してください。"),
            page,
        ]
        subject = _("%(town)s：生成AIの利用ルールの確認のお願い") % {"town": municipality}
        send(subject, lines, waiting.email)
