"""What a joint project promised: milestones, and figures (KPIs) with baseline and target."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.joint.domain.monitoring_scope import plans
from machi.joint.domain.projects import locked, record
from machi.joint.engine.variance import Course, check
from machi.joint.models import JointProject, ProjectKpi, ProjectMilestone

MILESTONE = ("title", "due_on", "note")
KPI = (
    "name",
    "unit",
    "rising",
    "together",
    "baseline",
    "baseline_on",
    "target",
    "target_on",
    "measured",
)


@transaction.atomic
def add_milestone(
    project: JointProject, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> ProjectMilestone:
    current = _planned_by(project, municipality, person)
    milestone = ProjectMilestone.objects.create(
        consortium=current.consortium, project=current, **{name: given[name] for name in MILESTONE}
    )
    _record(current, municipality, person, "add_milestone", milestone, given)
    return milestone


@transaction.atomic
def change_milestone(
    milestone: ProjectMilestone, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> None:
    """The date it was planned for before stays in the ledger."""
    current = _planned_by(milestone.project, municipality, person)
    before = milestone.due_on
    for name in MILESTONE:
        setattr(milestone, name, given[name])
    milestone.save()
    _record(current, municipality, person, "change_milestone", milestone, given, before=before.isoformat())


@transaction.atomic
def reach_milestone(
    milestone: ProjectMilestone, municipality: Municipality, person: Person, *, on: date | None, today: date
) -> None:
    """Reached on a day; None: after all not yet."""
    current = _planned_by(milestone.project, municipality, person)
    if on and on > today:
        raise Refused(_("達成日は今日までの日にしてください。"), "done_on")
    milestone.done_on = on
    milestone.save(update_fields=["done_on"])
    _record(
        current,
        municipality,
        person,
        "reach_milestone" if on else "unreach_milestone",
        milestone,
        {},
        on=on.isoformat() if on else "",
    )


@transaction.atomic
def add_kpi(
    project: JointProject, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> ProjectKpi:
    current = _planned_by(project, municipality, person)
    _ensure_course(given)
    if current.kpis.filter(name=given["name"]).exists():
        raise Refused(_("同じ名前の指標がもうあります。"), "name")
    kpi = ProjectKpi.objects.create(
        consortium=current.consortium, project=current, **{name: given[name] for name in KPI}
    )
    _record_kpi(current, municipality, person, "add_kpi", kpi)
    return kpi


@transaction.atomic
def change_kpi(kpi: ProjectKpi, municipality: Municipality, person: Person, given: Mapping[str, Any]) -> None:
    """A baseline may not move once figures have been handed in: what they are compared with must stay. A target may,
    openly: the one before is in the ledger."""
    current = _planned_by(kpi.project, municipality, person)
    _ensure_course(given)
    if current.kpis.filter(name=given["name"]).exclude(pk=kpi.pk).exists():
        raise Refused(_("同じ名前の指標がもうあります。"), "name")
    kept = ("baseline", "baseline_on", "unit", "together", "rising")
    if has_figures(kpi) and any(getattr(kpi, name) != given[name] for name in kept):
        raise Refused(
            _("提出された値があるので、基準値・基準日・単位・まとめ方・向きは変えられません。"), "baseline"
        )
    before = str(kpi.target)
    for name in KPI:
        setattr(kpi, name, given[name])
    kpi.save()
    _record_kpi(current, municipality, person, "change_kpi", kpi, target_before=before)


def has_figures(kpi: ProjectKpi) -> bool:
    return kpi.values.exclude(report__submitted_at=None).exists()


def course(kpi: ProjectKpi) -> Course:
    return Course(kpi.baseline, kpi.target, kpi.baseline_on, kpi.target_on, kpi.rising)


def _ensure_course(given: Mapping[str, Any]) -> None:
    if given["target_on"] <= given["baseline_on"]:
        raise Refused(_("目標の期日は、基準日より後にしてください。"), "target_on")
    try:
        check(
            Course(
                given["baseline"],
                given["target"],
                given["baseline_on"],
                given["target_on"],
                given["rising"],
            )
        )
    except ValueError:
        raise Refused(_("目標値が、よい方向と逆です。"), "target") from None


def _planned_by(project: JointProject, municipality: Municipality, person: Person) -> JointProject:
    if not plans(person, municipality, project):
        raise PermissionDenied
    return locked(project)


def _record(
    project: JointProject,
    municipality: Municipality,
    person: Person,
    action: str,
    milestone: ProjectMilestone,
    given: Mapping[str, Any],
    **outputs: Any,
) -> None:
    record(
        project,
        municipality,
        person,
        action,
        inputs={"texts": {name: str(value) for name, value in given.items()}} if given else None,
        milestone=milestone.pk,
        due=milestone.due_on.isoformat(),
        **outputs,
    )


def _record_kpi(
    project: JointProject,
    municipality: Municipality,
    person: Person,
    action: str,
    kpi: ProjectKpi,
    **more: Any,
) -> None:
    record(
        project,
        municipality,
        person,
        action,
        inputs={"name": kpi.name, "measured": kpi.measured},
        kpi=kpi.pk,
        baseline=str(kpi.baseline),
        target=str(kpi.target),
        until=kpi.target_on.isoformat(),
        **more,
    )
