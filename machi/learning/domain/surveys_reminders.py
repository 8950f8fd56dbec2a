"""Reminding towns of a survey that is open: by mail to who may hand in, before it is due and after.

The letter says which survey, until when and where; nothing of what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tasks import task

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.models import Appointment, Consortium, Municipality, Person, Role
from machi.base.scoping import in_consortium
from machi.learning.domain.surveys_record import RUN, ensure, record
from machi.learning.models import Survey, SurveyReminder, SurveyResponse

BEFORE = (14, 7, 3, 1, 0)
"""Days before the last one on which a letter goes out."""
EVERY = 7
"""Days between letters once it is overdue."""
SPEAKERS = (Role.MANAGER, Role.AI_OFFICER)


def is_day(due_on: date, today: date) -> bool:
    left = (due_on - today).days
    return left in BEFORE if left >= 0 else -left % EVERY == 0


def each_day(municipality: Municipality, consortium: Consortium) -> None:
    """Safe to repeat: one letter a town, survey and day."""
    today = timezone.localdate()
    for survey in to_hand_in(municipality).filter(due_on__isnull=False):
        if survey.due_on and is_day(survey.due_on, today):
            _remind(survey, municipality, today)


def to_hand_in(municipality: Municipality) -> QuerySet[Survey, Any]:
    """Yearly surveys that are open, and which the town has not handed in."""
    answered = SurveyResponse.objects.filter(town=municipality, state=SurveyResponse.State.HANDED_IN)
    return Survey.objects.filter(purpose=Survey.Purpose.YEARLY, state=Survey.State.OPEN).exclude(
        responses__in=answered
    )


def waiting_towns(survey: Survey) -> Sequence[Municipality]:
    """Members that have not handed in, by code."""
    done = survey.responses.filter(state=SurveyResponse.State.HANDED_IN, town__isnull=False)
    return list(members(survey.consortium).exclude(pk__in=done.values("town")).order_by("code"))


@transaction.atomic
def remind_now(survey: Survey, municipality: Municipality, person: Person) -> int:
    """The office's letter to every town that has not answered and has had none today. How many towns."""
    ensure(person, RUN, municipality)
    current = Survey.objects.select_related("consortium").get(pk=survey.pk)
    if not current.is_open:
        raise Refused(_("この調査は、いま回答を受け付けていません。"))
    today = timezone.localdate()
    reminded = sum(_remind(current, town, today) for town in waiting_towns(current))
    record(current, municipality, person, "remind", towns=reminded)
    return reminded


def _remind(survey: Survey, town: Municipality, today: date) -> bool:
    _kept, created = SurveyReminder.objects.get_or_create(
        survey=survey, town=town, on=today, defaults={"consortium_id": survey.consortium_id}
    )
    if created:
        send.enqueue(survey.consortium_id, survey.pk, town.pk)
    return created


@task()
def send(consortium: int, pk: int, code: str) -> None:
    """To each who speaks for the town; not if it has answered meanwhile."""
    with in_consortium(Consortium.objects.get(pk=consortium)), translation.override("ja"):
        survey, town = Survey.objects.get(pk=pk), Municipality.objects.get(pk=code)
        if not to_hand_in(town).filter(pk=pk).exists():
            return
        path = reverse("learning:survey", args=[town.code, survey.pk])
        lines = [
            _("%(town)s のご担当の方へ") % {"town": town},
            "",
            _("調査「%(survey)s」の回答がまだ提出されていません。") % {"survey": survey},
            *_due(survey),
            _("書きかけの答えは保存されています。次のページから続けられます。"),
            "",
            f"{settings.MACHI_URL}{path}?consortium={consortium}",
        ]
        subject = _("回答のお願い：%(survey)s") % {"survey": survey}
        for address in addresses(town):
            EmailMessage(subject, "\n".join(lines), settings.DEFAULT_FROM_EMAIL, [address]).send()


def _due(survey: Survey) -> list[str]:
    if survey.due_on is None:
        return []
    if survey.due_on < timezone.localdate():
        return [_("しめきりは%(day)sでした。") % {"day": date_format(survey.due_on)}]
    return [_("しめきりは%(day)sです。") % {"day": date_format(survey.due_on)}]


def addresses(town: Municipality) -> list[str]:
    """Of the active people who may hand in there, each once."""
    held = Appointment.objects.filter(municipality=town, role__in=SPEAKERS, person__is_active=True)
    return sorted(set(held.values_list("person__email", flat=True)))
