"""Incidents with AI: filed by anyone, handled by a few, closed with what was learnt.

Deadlines come from ``engine.incidents`` and follow the facts as they become known; what was done stays done. The
ledger has who did what and when, never the words: those are encrypted columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Appointment, Municipality, Person, Role
from machi.base.rooms import Waiting
from machi.governance.domain.incident_mail import send_filed
from machi.governance.engine.incidents import OUTSIDE, Duty, Facts, Ground, Kind, grounds, obligations
from machi.governance.models import Incident, IncidentDuty, IncidentNote

SYSTEM = "governance.incidents"
HANDLE = "governance.handle_incidents"
FACTS = (
    "kind",
    "severity",
    "noticed_at",
    "systems",
    "affected",
    "leaked",
    "sensitive",
    "property_damage",
    "wrongful",
    "my_number",
)
"""What is declared of an incident, besides its words."""
State = Incident.State


def visible(municipality: Municipality, person: Person) -> QuerySet[Incident, Any]:
    """All for those who handle them, for others what they filed; with ``next_due`` and ``overdue`` at this moment."""
    found = (
        Incident.objects.select_related("filed_by", "assignee")
        .annotate(
            next_due=Min("duties__due_at", filter=Q(duties__met_at__isnull=True)),
            overdue=is_overdue(),
        )
        .order_by("-filed_at", "-pk")
    )
    return found if person.has_perm(HANDLE, municipality) else found.filter(filed_by=person)


def why_report(incident: Incident) -> tuple[Ground, ...]:
    return grounds(_facts(incident))


def handlers(municipality: Municipality) -> QuerySet[Person, Any]:
    """Whom an incident may be given to."""
    here = Appointment.objects.filter(municipality=municipality, role__in=(Role.AI_OFFICER, Role.MANAGER))
    return Person.objects.filter(pk__in=here.values("person"), is_active=True).order_by("name", "pk")


@transaction.atomic
def file(municipality: Municipality, person: Person, *, happened: str, facts: Mapping[str, Any]) -> Incident:
    """A new incident with its deadlines; the AI officers are told by mail that there is one."""
    _check(facts["noticed_at"])
    incident = Incident.objects.create(
        municipality=municipality, filed_by=person, happened=happened.strip(), **facts
    )
    _set_duties(incident)
    _recorded(incident, "file", person, inputs={"happened": incident.happened})
    code, pk = municipality.pk, incident.pk
    officers = Appointment.objects.filter(
        municipality=municipality, role=Role.AI_OFFICER, person__is_active=True
    )
    for officer in officers.exclude(person=person).values_list("person", flat=True).distinct():
        send_filed.enqueue(code, pk, officer)
    return incident


@transaction.atomic
def change_facts(incident: Incident, person: Person, facts: Mapping[str, Any]) -> None:
    """As more becomes known; deadlines follow, except those already met."""
    current = _open(incident)
    _check(facts["noticed_at"])
    for name in FACTS:
        setattr(current, name, facts[name])
    current.save()
    _set_duties(current)
    _recorded(current, "change_facts", person)


@transaction.atomic
def assign(incident: Incident, person: Person, assignee: Person | None) -> None:
    current = _open(incident)
    if assignee is not None and not handlers(current.municipality).filter(pk=assignee.pk).exists():
        raise Refused(_("この人には担当を頼めません。"), "assignee")
    current.assignee = assignee
    current.save(update_fields=["assignee"])
    _recorded(current, "assign", person, assignee=f"person:{assignee.pk}" if assignee else "")


@transaction.atomic
def note(incident: Incident, person: Person, body: str) -> None:
    current = _open(incident)
    IncidentNote.objects.create(
        municipality=current.municipality, incident=current, author=person, body=body.strip()
    )
    _recorded(current, "note", person, inputs={"body": body.strip()})


@transaction.atomic
def contain(incident: Incident, person: Person) -> None:
    """It spreads no more; that is also the first response."""
    current = _open(incident)
    if current.contained_at is not None:
        raise Refused(_("広がりを止めたことは、もう記録されています。"))
    current.contained_at = timezone.now()
    if current.state == State.REPORTED:
        current.state = State.CONTAINED
    current.save(update_fields=["contained_at", "state"])
    current.duties.filter(duty=Duty.FIRST_RESPONSE, met_at__isnull=True).update(
        met_at=current.contained_at, met_by=person
    )
    _recorded(current, "contain", person)


@transaction.atomic
def meet(incident: Incident, person: Person, duty: str) -> None:
    """That a duty has been done. The lesson is met by ``close`` alone."""
    current = _open(incident)
    done = current.duties.filter(duty=duty, met_at__isnull=True).exclude(duty=Duty.LESSON)
    if not done.update(met_at=timezone.now(), met_by=person):
        raise Refused(_("この対応は、もう済んでいます。"))
    if duty in OUTSIDE:
        current.state = State.REPORTED_OUTSIDE
        current.save(update_fields=["state"])
    _recorded(current, "meet", person, duty=duty)


@transaction.atomic
def close(incident: Incident, person: Person, lesson: str) -> None:
    """With what was learnt. Refused before it is contained, and while a duty is open."""
    current = _open(incident)
    if not lesson.strip():
        raise Refused(_("分かったことと、再発を防ぐためにすることを書いてください。"), "lesson")
    if current.contained_at is None:
        raise Refused(_("先に「広がりを止めた」ことを記録してください。"))
    left = current.duties.filter(met_at__isnull=True).exclude(duty=Duty.LESSON)
    if left:
        names = "、".join(one.get_duty_display() for one in left)
        raise Refused(_("まだ済んでいない対応があります: %(names)s") % {"names": names})
    current.lesson, current.state, current.closed_at = lesson.strip(), State.CLOSED, timezone.now()
    current.save(update_fields=["lesson", "state", "closed_at"])
    current.duties.filter(duty=Duty.LESSON).update(met_at=current.closed_at, met_by=person)
    _recorded(current, "close", person, inputs={"lesson": current.lesson})


@transaction.atomic
def reopen(incident: Incident, person: Person, reason: str) -> None:
    """A closed incident that turns out not to be over."""
    current = Incident.objects.select_for_update().get(pk=incident.pk)
    if current.state != State.CLOSED:
        raise Refused(_("完了したものだけを、もう一度開けます。"))
    if not reason.strip():
        raise Refused(_("もう一度開く理由を書いてください。"), "body")
    reported = current.duties.filter(duty__in=OUTSIDE, met_at__isnull=False).exists()
    current.state = State.REPORTED_OUTSIDE if reported else State.CONTAINED
    current.closed_at = None
    current.save(update_fields=["state", "closed_at"])
    current.duties.filter(duty=Duty.LESSON).update(met_at=None, met_by=None)
    IncidentNote.objects.create(
        municipality=current.municipality, incident=current, author=person, body=reason.strip()
    )
    _recorded(current, "reopen", person, inputs={"body": reason.strip()})


def suspended(incident: Incident, person: Person, key: str) -> None:
    """Records with the incident that an AI system was stopped because of it (``register.suspend`` stops it)."""
    _recorded(incident, "suspend", person, ai_system=key)


def figures() -> dict[str, int]:
    """Of all incidents here: ``open``, ``overdue`` (with a deadline past), ``unassigned``."""
    found: dict[str, int] = Incident.objects.exclude(state=State.CLOSED).aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(is_overdue())),
        unassigned=Count("pk", filter=Q(assignee__isnull=True)),
    )
    return found


def waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    """For those who handle incidents."""
    if not person.has_perm(HANDLE, municipality):
        return []
    now = figures()
    return [
        Waiting(gettext_lazy("期限を過ぎたインシデント"), now["overdue"], "governance:incidents"),
        Waiting(gettext_lazy("対応中のインシデント"), now["open"], "governance:incidents"),
    ]


def is_overdue() -> Exists:
    """Of an incident: a duty is past its deadline at this moment."""
    late = IncidentDuty.objects.filter(met_at__isnull=True, due_at__lt=timezone.now())
    return Exists(late.filter(incident=OuterRef("pk")))


def _facts(incident: Incident) -> Facts:
    return Facts(
        kind=Kind(incident.kind),
        noticed_at=incident.noticed_at,
        filed_at=incident.filed_at,
        leaked=incident.leaked,
        affected=incident.affected,
        sensitive=incident.sensitive,
        property_damage=incident.property_damage,
        wrongful=incident.wrongful,
        my_number=incident.my_number,
    )


def _set_duties(incident: Incident) -> None:
    """Deadlines as the facts have them now. One that is met stays; one no longer owed goes."""
    owed = {
        str(one.duty): one.due_at for one in obligations(_facts(incident), timezone.get_default_timezone())
    }
    incident.duties.filter(met_at__isnull=True).exclude(duty__in=owed).delete()
    for duty, due_at in owed.items():
        known = incident.duties.filter(duty=duty)
        if not known.exists():
            IncidentDuty.objects.create(
                municipality=incident.municipality, incident=incident, duty=duty, due_at=due_at
            )
        else:
            known.filter(met_at__isnull=True).update(due_at=due_at)


def _check(noticed_at: datetime) -> None:
    if noticed_at > timezone.now():
        raise Refused(_("気づいた日時が、今よりあとになっています。"), "noticed_at")


def _open(incident: Incident) -> Incident:
    """The row as it stands now, locked."""
    current = Incident.objects.select_for_update().select_related("municipality").get(pk=incident.pk)
    if current.state == State.CLOSED:
        raise Refused(_("このインシデントは完了しています。続けるときは、もう一度開いてください。"))
    return current


def _recorded(
    incident: Incident,
    action: str,
    person: Person,
    *,
    inputs: Mapping[str, object] | None = None,
    **outputs: object,
) -> None:
    ledger.record(
        incident.municipality,
        system=SYSTEM,
        kind="incident",
        subject=f"incident:{incident.pk}",
        actor=person,
        inputs=inputs,
        outputs={
            "action": action,
            "kind": incident.kind,
            "severity": incident.severity,
            "state": incident.state,
            **outputs,
        },
    )
