"""Joint projects under way, over HTTP: how they stand, what is due, and a town's report."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented
from machi.joint.domain import monitoring_reports as reports
from machi.joint.domain import projects
from machi.joint.domain.monitoring_progress import Progress, progress_of
from machi.joint.domain.monitoring_waiting import due
from machi.joint.engine.half_years import read_half_year
from machi.joint.models import JointProject

router = Router()
SEE = "joint.see_projects"


class StepOut(Schema):
    half_year: str = Field(
        description="`2026-1` is April to September 2026, `2026-2` October 2026 to March 2027."
    )
    planned: Decimal
    actual: Decimal | None = Field(description="Once every town whose figure counts has reported.")
    difference: Decimal | None = Field(description="Actual less planned.")
    reported: int
    expected: int


class KpiOut(Schema):
    name: str
    unit: str
    baseline: Decimal
    target: Decimal
    target_on: datetime.date
    standing: Literal["ahead", "on_track", "behind", "unknown"]
    steps: list[StepOut]


class ProjectOut(Schema):
    id: int
    title: str
    area: str
    state: str
    lead: str
    amount: int = Field(description="Yen.")
    starts_on: datetime.date
    ends_on: datetime.date


class ProjectDetailOut(ProjectOut):
    members: list[str]
    kpis: list[KpiOut]


class DueOut(Schema):
    project: int
    title: str
    municipality: str
    half_year: str
    due: datetime.date
    overdue: bool
    state: str = Field(description="Empty: not begun.")


class ReportIn(Schema):
    did: str = ""
    problems: str = ""
    ahead: str = ""
    spent: int | None = Field(None, ge=0, description="Yen spent in the half-year.")
    kpis: dict[str, Decimal] = Field(default_factory=dict, description="Value by the name of the KPI.")


class ReportOut(Schema):
    id: int
    state: str
    missing: list[str] = Field(description="What is still to be written before the manager can hand it in.")


@router.get(
    "joint/{code}/projects",
    auth=django_auth,
    response=list[ProjectOut],
    summary="Joint projects of a consortium",
    openapi_extra=documented(401, 403, 404, 422),
)
def list_projects(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[ProjectOut]:
    with opened(request, code, SEE, consortium):
        return [_project(one) for one in projects.projects()]


@router.get(
    "joint/{code}/projects/{pk}",
    auth=django_auth,
    response=ProjectDetailOut,
    summary="One joint project, its figures against plan",
    openapi_extra=documented(401, 403, 404, 422),
)
def one_project(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> ProjectDetailOut:
    """Figures are the project's; single towns' figures are on the pages, for the project's towns."""
    with opened(request, code, SEE, consortium):
        found = _the_project(pk)
        return ProjectDetailOut(
            **_project(found).model_dump(),
            members=[town.code for town in found.members.order_by("code")],
            kpis=[_kpi(one) for one in progress_of([found])[pk]],
        )


@router.get(
    "joint/{code}/reports-due",
    auth=django_auth,
    response=list[DueOut],
    summary="Half-yearly reports that wait",
    openapi_extra=documented(401, 403, 404, 422),
)
def reports_due(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[DueOut]:
    """Of the own town; for the joint office of every town."""
    today = timezone.localdate()
    with opened(request, code, SEE, consortium) as (municipality, _, person):
        return [
            DueOut(
                project=one.project.pk,
                title=one.project.title,
                municipality=one.town.code,
                half_year=str(one.half),
                due=one.half.due,
                overdue=one.overdue(today),
                state=one.report.state if one.report else "",
            )
            for one in due(municipality, person)
        ]


@router.put(
    "joint/{code}/projects/{pk}/reports/{half}",
    auth=django_auth,
    response=ReportOut,
    summary="Write the own town's report of a half-year",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def write_report(
    request: HttpRequest, code: Code, pk: int, half: str, given: ReportIn, consortium: Chosen = None
) -> ReportOut:
    """As a draft. Handing it in is for the manager, on the page."""
    with opened(request, code, reports.WRITE, consortium) as (municipality, _, person):
        found = _the_project(pk)
        try:
            asked_half = read_half_year(half)
        except ValueError:
            raise Http404("No such half-year.") from None
        asked = reports.asked_of(found, municipality)
        values = {kpi.pk: given.kpis.get(kpi.name) for kpi in asked if kpi.name in given.kpis}
        if unknown := sorted(set(given.kpis) - {kpi.name for kpi in asked}):
            raise HttpError(422, f"no such KPI: {', '.join(unknown)}")
        texts = {name: getattr(given, name) for name in reports.TEXTS}
        try:
            made = reports.write(found, municipality, person, asked_half, texts, values)
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        return ReportOut(id=made.pk, state=made.state, missing=reports.missing(made, asked))


def _the_project(pk: int) -> JointProject:
    found: JointProject = get_object_or_404(
        JointProject.objects.select_related("consortium").prefetch_related("members__prefecture"), pk=pk
    )
    return found


def _project(one: JointProject) -> ProjectOut:
    return ProjectOut(
        id=one.pk,
        title=one.title,
        area=one.area,
        state=one.state,
        lead=one.lead_id,
        amount=one.amount,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
    )


def _kpi(one: Progress) -> KpiOut:
    return KpiOut(
        name=one.kpi.name,
        unit=one.kpi.unit,
        baseline=one.kpi.baseline,
        target=one.kpi.target,
        target_on=one.kpi.target_on,
        standing=one.standing.value,
        steps=[
            StepOut(
                half_year=str(step.half),
                planned=round(step.variance.planned, 2),
                actual=step.variance.actual,
                difference=None if step.variance.difference is None else round(step.variance.difference, 2),
                reported=step.combined.counted,
                expected=step.combined.expected,
            )
            for step in one.steps
        ],
    )
