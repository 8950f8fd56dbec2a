"""Plan against fact of a project's figures and money, from the reports handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from machi.base.models import Municipality
from machi.joint.domain.monitoring_plan import course
from machi.joint.domain.monitoring_reports import HANDED_IN
from machi.joint.engine.half_years import HalfYear, half_years
from machi.joint.engine.variance import Combined, Standing, Together, Variance, combined, variance
from machi.joint.models import JointProject, KpiValue, ProjectKpi, ProjectReport


@dataclass(frozen=True, slots=True)
class Step:
    """One half-year of one figure."""

    half: HalfYear
    combined: Combined
    variance: Variance
    """Of the complete figure; while towns are missing, with the plan alone."""
    towns: Mapping[str, Decimal]
    """What each town reported, by code."""


@dataclass(frozen=True, slots=True)
class Progress:
    kpi: ProjectKpi
    steps: Sequence[Step]
    """Every half-year of the project, in order."""

    @property
    def latest(self) -> Step | None:
        """The last half-year with a complete figure."""
        return next((one for one in reversed(self.steps) if one.combined.complete), None)

    @property
    def begun(self) -> Step | None:
        """The last half-year for which only some towns have reported, if later than ``latest``."""
        last = next((one for one in reversed(self.steps) if one.combined.counted), None)
        return None if last is None or last.combined.complete else last

    @property
    def standing(self) -> Standing:
        return self.latest.variance.standing if self.latest else Standing.UNKNOWN


@dataclass(frozen=True, slots=True)
class Money:
    """Yen. The plan is spread evenly over the days of the project."""

    planned: int
    spent: int
    amount: int

    @property
    def difference(self) -> int:
        return self.spent - self.planned


def progress_of(projects: Sequence[JointProject]) -> dict[int, list[Progress]]:
    """The figures of each project, by its key (three queries for any number of projects)."""
    kpis = ProjectKpi.objects.filter(project__in=projects).order_by("project", "pk")
    values = KpiValue.objects.filter(kpi__project__in=projects, report__state__in=HANDED_IN).select_related(
        "report"
    )
    reported: dict[tuple[int, str], dict[str, Decimal]] = defaultdict(dict)
    for one in values:
        reported[one.kpi_id, one.report.half_year][one.report.town_id] = one.value
    towns: dict[int, list[str]] = defaultdict(list)
    through = JointProject.members.through.objects.filter(jointproject__in=projects)
    for project_id, code in through.values_list("jointproject", "municipality").order_by("municipality"):
        towns[project_id].append(code)
    found: dict[int, list[Progress]] = {one.pk: [] for one in projects}
    known = {one.pk: one for one in projects}
    for kpi in kpis:
        project = known[kpi.project_id]
        found[project.pk].append(_progress(project, kpi, towns[project.pk], reported))
    return found


def money_of(project: JointProject, today: date) -> Money:
    """What was reported as spent, against an even plan up to the end of the last half-year that is over."""
    reports = ProjectReport.objects.filter(project=project, state__in=HANDED_IN, spent__isnull=False)
    spent = sum(one.spent or 0 for one in reports)
    over = [half.ends for half in half_years(project.starts_on, project.ends_on) if half.ends < today]
    days = (project.ends_on - project.starts_on).days + 1
    gone = (min(over[-1], project.ends_on) - project.starts_on).days + 1 if over else 0
    return Money(project.amount * gone // days, spent, project.amount)


def names(towns: Sequence[Municipality]) -> dict[str, str]:
    return {town.code: str(town) for town in towns}


def _progress(
    project: JointProject,
    kpi: ProjectKpi,
    towns: Sequence[str],
    reported: Mapping[tuple[int, str], Mapping[str, Decimal]],
) -> Progress:
    line = course(kpi)
    steps = []
    for half in half_years(project.starts_on, project.ends_on):
        given = reported.get((kpi.pk, str(half)), {})
        fact = combined(Together(kpi.together), given, towns, project.lead_id)
        actual = fact.value if fact.complete else None
        steps.append(Step(half, fact, variance(line, half.ends, actual), given))
    return Progress(kpi, steps)
