"""A joint project of two of the three towns, with the people who work on it; the third town looks on."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.scoping import in_consortium
from machi.joint.domain import monitoring_plan, monitoring_reports, projects
from machi.joint.engine.half_years import HalfYear, half_years
from machi.joint.models import JointProject, ProjectKpi, ProjectReport
from machi.joint.models.projects import Area
from machi.joint.sample.monitoring import begun_before
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, office_of, towns_of


@dataclass(frozen=True)
class Work:
    consortium: Consortium
    office: Person
    lead: Municipality
    partner: Municipality
    outside: Municipality
    """A member of the consortium, not of the project."""
    project: JointProject
    people: dict[tuple[str, str], Person]

    def person(self, town: Municipality, role: Role = Role.MANAGER) -> Person:
        key = (town.pk, role)
        if key not in self.people:
            self.people[key] = a_person(role, town)
        return self.people[key]

    @property
    def over(self) -> list[HalfYear]:
        """Half-years that are over."""
        return [
            one
            for one in half_years(self.project.starts_on, self.project.ends_on)
            if one.ends < timezone.localdate()
        ]


def a_project(consortium: Consortium | None = None, title: str = "窓口AIの共同利用") -> Work:
    """Begun two half-years ago, for two years."""
    consortium = consortium or a_consortium()
    lead, outside, partner = towns_of(consortium)
    office = office_of(consortium)
    starts = begun_before(2)
    given = {
        "title": title,
        "area": Area.SHARED_IT,
        "lead": lead,
        "amount": 24_000_000,
        "starts_on": starts,
        "ends_on": date(starts.year + 2, starts.month, 1) - timedelta(days=1),
    }
    with in_consortium(consortium):
        project = projects.register(consortium, lead, office, given, [partner])
    return Work(consortium, office, lead, partner, outside, project, {})


def a_kpi(work: Work, **changes: object) -> ProjectKpi:
    given = {
        "name": "職員の時間",
        "unit": "時間",
        "rising": False,
        "together": ProjectKpi.Together.SUM,
        "baseline": Decimal(1000),
        "baseline_on": work.project.starts_on,
        "target": Decimal(200),
        "target_on": work.project.ends_on,
        "measured": "",
        **changes,
    }
    with in_consortium(work.consortium):
        return monitoring_plan.add_kpi(work.project, work.lead, work.office, given)


def a_report(
    work: Work, town: Municipality, value: object, *, half: HalfYear | None = None, submit: bool = True
) -> ProjectReport:
    """Handed in by the town's manager, for the first half-year."""
    manager, half = work.person(town), half or work.over[0]
    with in_consortium(work.consortium):
        kpis = monitoring_reports.asked_of(work.project, town)
        report = monitoring_reports.write(
            work.project,
            town,
            manager,
            half,
            {"did": "進めた", "problems": "", "ahead": "", "spent": 1_000_000},
            {kpi.pk: Decimal(str(value)) for kpi in kpis},
        )
        if submit:
            monitoring_reports.submit(report, town, manager)
        return ProjectReport.objects.get(pk=report.pk)
