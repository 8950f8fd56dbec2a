"""Programmes, what fits a plan, and cost-and-benefit sheets: over HTTP."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.running import NotApproved
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented
from machi.joint.domain import funding_benefits as benefits
from machi.joint.domain import funding_matching as matching
from machi.joint.domain.funding_computing import compared, whole
from machi.joint.domain.funding_register import programmes
from machi.joint.domain.funding_words import shown
from machi.joint.models import BenefitSheet, Cost, FundingCheck, FundingProgramme, Purpose

router = Router()


class ProgrammeOut(Schema):
    id: int
    name: str
    giver: str
    purposes: list[str]
    rate: str = Field(description="A fraction of the eligible cost.")
    ceiling: int | None
    floor: int
    opens: datetime.date | None
    deadline: datetime.date | None
    kinds: list[str]
    prefectures: list[str]
    population: tuple[int | None, int | None]
    members: tuple[int | None, int | None]
    flags: list[str]
    costs: list[str]


class PlanIn(Schema):
    title: str = Field(max_length=120)
    purposes: list[Purpose] = Field(min_length=1)
    costs: dict[Cost, Annotated[int, Field(ge=0)]] = Field(description="Yen by kind of cost.")
    towns: list[str] = Field(default_factory=list, description="Codes of the other towns that would apply.")


class MatchOut(Schema):
    programme: int
    name: str
    fits: bool
    granted: int = Field(description="Yen; what it would give if it fitted.")
    own: int = Field(description="Yen that remain.")
    days_left: int | None
    met: list[str]
    unmet: list[str]


class CheckOut(Schema):
    id: int
    title: str
    made_at: datetime.datetime
    matches: list[MatchOut]
    chosen: int | None


class YearOut(Schema):
    year: int
    lines: list[dict[str, Any]] = Field(description="label, planned (low, likely, high), actual, deviation.")


class BenefitOut(Schema):
    id: int
    title: str
    municipality: str
    state: str
    years: int
    result: dict[str, Any] = Field(
        description="Each figure as p5, p50, p95, worst, best; null: never. Empty before the first computing."
    )
    facts: list[YearOut]


@router.get(
    "joint/{code}/programmes",
    auth=django_auth,
    response=list[ProgrammeOut],
    summary="Programmes and subsidies",
    openapi_extra=documented(401, 403, 404, 422),
)
def list_programmes(
    request: HttpRequest,
    code: Code,
    purpose: Purpose | None = None,
    open_only: bool = False,
    consortium: Chosen = None,
) -> list[ProgrammeOut]:
    with opened(request, code, "joint.see_programmes", consortium):
        return [_programme(one) for one in programmes(purpose=purpose or "", open_only=open_only)]


@router.post(
    "joint/{code}/funding-checks",
    auth=django_auth,
    response={201: CheckOut},
    summary="Which programmes fit a plan",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def check_funding(
    request: HttpRequest, code: Code, given: PlanIn, consortium: Chosen = None
) -> Status[CheckOut]:
    """Computed, kept, and recorded in the town's ledger."""
    with opened(request, code, matching.CHECK, consortium) as (municipality, found, person):
        towns = list(Municipality.objects.filter(code__in=given.towns).select_related("prefecture"))
        if missing := sorted(set(given.towns) - {town.code for town in towns}):
            raise HttpError(422, f"no such municipality: {', '.join(missing)}")
        plan = {
            "title": given.title,
            "project": None,
            "towns": towns,
            "purposes": [one.value for one in given.purposes],
            "costs": {kind.value: yen for kind, yen in given.costs.items()},
        }
        try:
            made = matching.check(found, municipality, person, plan)
        except NotApproved:
            raise
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        return Status(201, _check(made))


@router.get(
    "joint/{code}/funding-checks/{pk}",
    auth=django_auth,
    response=CheckOut,
    summary="A check made before",
    openapi_extra=documented(401, 403, 404, 422),
)
def one_check(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> CheckOut:
    with opened(request, code, matching.CHECK, consortium) as (municipality, _, person):
        return _check(get_object_or_404(matching.checks(municipality, person), pk=pk))


@router.get(
    "joint/{code}/benefits",
    auth=django_auth,
    response=list[BenefitOut],
    summary="Cost-and-benefit sheets",
    openapi_extra=documented(401, 403, 404, 422),
)
def list_benefits(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[BenefitOut]:
    """Without facts; ask for one sheet to read them."""
    with opened(request, code, benefits.ESTIMATE, consortium) as (municipality, _, person):
        return [_benefit(one, facts=False) for one in benefits.sheets(municipality, person)]


@router.get(
    "joint/{code}/benefits/{pk}",
    auth=django_auth,
    response=BenefitOut,
    summary="One cost-and-benefit sheet, plan against fact",
    openapi_extra=documented(401, 403, 404, 422),
)
def one_benefit(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> BenefitOut:
    with opened(request, code, benefits.ESTIMATE, consortium) as (municipality, _, person):
        return _benefit(get_object_or_404(benefits.sheets(municipality, person), pk=pk), facts=True)


def _programme(one: FundingProgramme) -> ProgrammeOut:
    return ProgrammeOut(
        id=one.pk,
        name=one.name,
        giver=one.giver,
        purposes=one.purposes,
        rate=one.rate,
        ceiling=one.ceiling,
        floor=one.floor,
        opens=one.opens,
        deadline=one.deadline,
        kinds=one.kinds,
        prefectures=one.prefectures,
        population=(one.population_least, one.population_most),
        members=(one.members_least, one.members_most),
        flags=one.flags,
        costs=one.costs,
    )


def _check(made: FundingCheck) -> CheckOut:
    matches = [
        MatchOut(
            programme=one.programme,
            name=one.name,
            fits=one.fits,
            granted=one.granted,
            own=one.own,
            days_left=one.days_left,
            met=list(one.met),
            unmet=list(one.unmet),
        )
        for one in shown(made)
    ]
    return CheckOut(
        id=made.pk, title=made.title, made_at=made.made_at, matches=matches, chosen=made.chosen_id
    )


def _benefit(one: BenefitSheet, *, facts: bool) -> BenefitOut:
    result = {
        key: whole(value) if isinstance(value, dict) and key != "break_even" else value
        for key, value in one.result.items()
        if key != "drivers"
    }
    years = [
        YearOut(
            year=year.year,
            lines=[
                {
                    "label": line.label,
                    "planned": [found.planned.low, found.planned.likely, found.planned.high],
                    "actual": found.actual,
                    "deviation": found.deviation.value,
                }
                for line, found in year.lines
            ],
        )
        for year in (compared(one) if facts else ())
    ]
    return BenefitOut(
        id=one.pk,
        title=one.title,
        municipality=one.town_id,
        state=one.state,
        years=one.years,
        result=result,
        facts=years,
    )
