"""Half-yearly reports: each town of a project writes its own, its manager hands it in, the joint office confirms it.

A draft is its own town's. Handed in, it is read by the project's towns and the office, and no longer changes unless
the office sends it back with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.joint.domain.monitoring_scope import is_office, sees_inside, takes_part
from machi.joint.domain.projects import record
from machi.joint.engine.half_years import HalfYear, half_years
from machi.joint.models import JointProject, KpiValue, ProjectKpi, ProjectReport

TEXTS = ("did", "problems", "ahead", "spent")
State = ProjectReport.State
HANDED_IN = (State.SUBMITTED, State.CONFIRMED)
WRITE, SUBMIT = "joint.report_projects", "joint.submit_reports"


@dataclass(frozen=True, slots=True)
class Expected:
    """A report that one town owes for one half-year, or has handed in."""

    project: JointProject
    town: Municipality
    half: HalfYear
    report: ProjectReport | None

    @property
    def handed_in(self) -> bool:
        return self.report is not None and self.report.state in HANDED_IN

    def waits(self, today: date) -> bool:
        """Its half-year is over and it is not handed in."""
        return self.half.ends < today and not self.handed_in

    def overdue(self, today: date) -> bool:
        return self.half.due < today and not self.handed_in


def visible(
    project: JointProject, municipality: Municipality, person: Person
) -> QuerySet[ProjectReport, Any]:
    """What was handed in, for the project's towns and the office; drafts for those who write them."""
    if not sees_inside(person, municipality, project):
        return project.reports.none()
    readable = Q(state__in=HANDED_IN)
    if person.has_perm(WRITE, municipality):
        readable |= Q(town=municipality)
    found: QuerySet[ProjectReport, Any] = project.reports.filter(readable)
    return found.select_related("town", "town__prefecture", "submitted_by", "project")


def expected(projects: Iterable[JointProject], today: date) -> list[Expected]:
    """What all towns of ``projects`` owe or have handed in, for each half-year begun; latest first. Give projects with
    ``members`` and ``reports`` prefetched: no query is made for each."""
    found = []
    for project in projects:
        known = {(one.town_id, one.half_year): one for one in project.reports.all()}
        towns = sorted(project.members.all(), key=lambda town: town.code)
        halves = [one for one in half_years(project.starts_on, project.ends_on) if one.starts <= today]
        for half in reversed(halves):
            for town in towns:
                report = known.get((town.pk, str(half)))
                if project.state == JointProject.State.RUNNING or report:
                    found.append(Expected(project, town, half, report))
    return found


def with_reports(projects: QuerySet[JointProject, Any]) -> QuerySet[JointProject, Any]:
    return projects.prefetch_related("members__prefecture", "reports")


@transaction.atomic
def write(
    project: JointProject,
    municipality: Municipality,
    person: Person,
    half: HalfYear,
    texts: Mapping[str, Any],
    values: Mapping[int, Decimal | None],
) -> ProjectReport:
    """The town's own report of a half-year, as a draft; ``values`` by the figure's key. May be half done."""
    _ensure(person, WRITE, municipality)
    if not takes_part(project, municipality):
        raise PermissionDenied
    if half not in half_years(project.starts_on, project.ends_on):
        raise Refused(_("この半期は、事業の期間に入っていません。"))
    if half.starts > timezone.localdate():
        raise Refused(_("まだ始まっていない半期の報告は書けません。"))
    report, created = ProjectReport.objects.select_for_update().get_or_create(
        consortium=project.consortium, project=project, town=municipality, half_year=str(half)
    )
    if report.state in HANDED_IN:
        raise Refused(_("提出済みの報告は直せません。直すときは、共同事務局に差し戻しを頼んでください。"))
    for name in TEXTS:
        setattr(report, name, texts[name])
    report.changed_at = timezone.now()
    report.save()
    for kpi in project.kpis.filter(pk__in=values):
        value = values[kpi.pk]
        if value is None:
            report.values.filter(kpi=kpi).delete()
        else:
            KpiValue.objects.update_or_create(
                consortium=project.consortium, report=report, kpi=kpi, defaults={"value": value}
            )
    if created:
        _record(report, municipality, person, "begin_report")
    return report


def missing(report: ProjectReport, asked: Iterable[ProjectKpi]) -> list[str]:
    """What still has to be written before it can be handed in."""
    found = []
    if not report.did.strip():
        found.append(_("「行ったこと」を書いてください。"))
    if report.spent is None:
        found.append(_("この半期の支出を入れてください。支出がなければ0です。"))
    known = set(report.values.values_list("kpi", flat=True))
    found += [
        _("「%(kpi)s」の値を入れてください。") % {"kpi": kpi.name} for kpi in asked if kpi.pk not in known
    ]
    return found


def asked_of(project: JointProject, town: Municipality) -> list[ProjectKpi]:
    """The figures a town reports: all, less those for which only the lead's counts."""
    lead = project.lead_id == town.pk
    return [kpi for kpi in project.kpis.all() if lead or kpi.together != ProjectKpi.Together.LEAD]


@transaction.atomic
def submit(report: ProjectReport, municipality: Municipality, person: Person) -> None:
    """The manager speaks for the town. Refused while something is missing or the half-year is not over."""
    _ensure(person, SUBMIT, municipality)
    current = _of(report, municipality)
    if current.state in HANDED_IN:
        raise Refused(_("もう提出されています。"))
    if half_of(current).ends >= timezone.localdate():
        raise Refused(_("半期が終わってから提出できます。"))
    if why := missing(current, asked_of(current.project, municipality)):
        raise Refused(" ".join(why))
    current.state, current.submitted_by, current.submitted_at = State.SUBMITTED, person, timezone.now()
    current.returned_because = ""
    current.save()
    values = {str(one.kpi_id): str(one.value) for one in current.values.all()}
    texts = {name: getattr(current, name) for name in TEXTS}
    _record(current, municipality, person, "submit_report", inputs={"texts": texts}, kpis=values)


@transaction.atomic
def send_back(report: ProjectReport, municipality: Municipality, person: Person, reason: str) -> None:
    """The town may write again. Its figures do not count until it hands it in anew."""
    current = _by_office(report, municipality, person)
    if current.state not in HANDED_IN:
        raise Refused(_("提出された報告だけを差し戻せます。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.state, current.returned_because = State.RETURNED, reason.strip()
    current.submitted_at = current.confirmed_at = None
    current.save()
    _record(current, municipality, person, "return_report", inputs={"reason": reason})


@transaction.atomic
def confirm(report: ProjectReport, municipality: Municipality, person: Person) -> None:
    current = _by_office(report, municipality, person)
    if current.state != State.SUBMITTED:
        raise Refused(_("提出済みの報告だけを確認できます。"))
    current.state, current.confirmed_at = State.CONFIRMED, timezone.now()
    current.save()
    _record(current, municipality, person, "confirm_report")


def half_of(report: ProjectReport) -> HalfYear:
    year, _, half = report.half_year.partition("-")
    return HalfYear(int(year), int(half))


def _of(report: ProjectReport, municipality: Municipality) -> ProjectReport:
    current = ProjectReport.objects.select_for_update().get(pk=report.pk)
    if current.town_id != municipality.pk:
        raise PermissionDenied
    return current


def _by_office(report: ProjectReport, municipality: Municipality, person: Person) -> ProjectReport:
    if not is_office(person, municipality):
        raise PermissionDenied
    return ProjectReport.objects.select_for_update().get(pk=report.pk)


def _ensure(person: Person, permission: str, municipality: Municipality) -> None:
    if not person.has_perm(permission, municipality):
        raise PermissionDenied


def _record(
    report: ProjectReport,
    municipality: Municipality,
    person: Person,
    action: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    **outputs: Any,
) -> None:
    record(
        report.project,
        municipality,
        person,
        action,
        inputs=inputs,
        report=report.pk,
        town=report.town_id,
        half_year=report.half_year,
        **outputs,
    )
