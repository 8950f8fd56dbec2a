"""Follow-up over HTTP: one's own plans and check-ins, counts of a cohort, the panel of towns by month."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented
from machi.learning.domain import follow_up as verbs
from machi.learning.domain.courses_access import LEARN, is_office
from machi.learning.domain.courses_enrolment import own_enrolments
from machi.learning.domain.follow_up_access import SEE_EFFECT
from machi.learning.domain.follow_up_counts import cohorts_begun, counts
from machi.learning.domain.follow_up_effect import Measure, panel
from machi.learning.domain.follow_up_queries import Followed, followed, own_plans
from machi.learning.engine.effect import long_rows
from machi.learning.models import CheckIn

router = Router()


class PlanIn(Schema):
    will: str = Field(max_length=8000, description="What will be done within 30 days.")
    work: str = Field(max_length=8000, description="In which work.")
    see: str = Field(max_length=8000, description="How one will see that it was done.")
    system: str = Field("", max_length=60, description="Key of a declared AI system; empty: none.")
    shared: bool = Field(False, description="With instructors and the own town's managers.")


class CheckInIn(Schema):
    outcome: CheckIn.Outcome
    reason: str = Field("", max_length=8000, description="Wanted where it was given up.")
    hours: Decimal | None = Field(None, ge=0, le=300, max_digits=5, decimal_places=1)
    helped: str = Field("", max_length=8000)
    hindered: str = Field("", max_length=8000)


class StepOut(Schema):
    days: int
    due: datetime.date
    until: datetime.date
    state: str
    outcome: str | None
    hours: Decimal | None


class PlanOut(Schema):
    id: int
    enrolment: int
    made_on: datetime.date
    will: str
    work: str
    see: str
    system: str
    shared: bool
    check_ins: list[StepOut]


class CheckInCountsOut(Schema):
    days: int
    due: int
    answered: int | None
    outcomes: dict[str, int | None] = Field(description="None: hidden, fewer than five people.")
    hours: Decimal | None
    told_hours: int | None


class CountsOut(Schema):
    people: int
    planners: int | None
    plans: int | None
    check_ins: list[CheckInCountsOut]


class PanelRowOut(Schema):
    unit: str
    period: str
    time: int
    first_treated: str = Field(description="YYYY-MM; empty: not so far.")
    first_treated_time: int = Field(description="0: not so far; begun before the panel: 1.")
    value: float | None


@router.get(
    "learning/{code}/plans",
    auth=django_auth,
    response=list[PlanOut],
    summary="One's own plans and check-ins",
    openapi_extra=documented(401, 403, 404, 422),
)
def list_plans(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[PlanOut]:
    with opened(request, code, LEARN, consortium) as (_town, _consortium, person):
        today = timezone.localdate()
        return [_told(followed(one, today)) for one in own_plans(person)]


@router.post(
    "learning/{code}/enrolments/{enrolment}/plans",
    auth=django_auth,
    response={201: PlanOut},
    summary="Make a plan after a course",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def make_plan(
    request: HttpRequest, code: Code, enrolment: int, given: PlanIn, consortium: Chosen = None
) -> Status[PlanOut]:
    with opened(request, code, LEARN, consortium) as (_town, _consortium, person):
        place = get_object_or_404(own_enrolments(person), pk=enrolment)
        try:
            made = verbs.make_plan(place, person, given.model_dump())
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        return Status(201, _told(followed(own_plans(person).get(pk=made.pk), timezone.localdate())))


@router.post(
    "learning/{code}/plans/{pk}/check-ins/{days}",
    auth=django_auth,
    response=PlanOut,
    summary="Tell what became of a plan after 30 or 90 days",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def check_in(
    request: HttpRequest, code: Code, pk: int, days: int, given: CheckInIn, consortium: Chosen = None
) -> PlanOut:
    with opened(request, code, LEARN, consortium) as (_town, _consortium, person):
        plan = get_object_or_404(own_plans(person), pk=pk)
        try:
            verbs.check_in(plan, person, days, given.model_dump())
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        return _told(followed(own_plans(person).get(pk=pk), timezone.localdate()))


@router.get(
    "learning/{code}/cohorts/{pk}/follow-up",
    auth=django_auth,
    response=CountsOut,
    summary="Counts of plans and check-ins: of the own town's people; for the joint office of all",
    openapi_extra=documented(401, 403, 404, 422),
)
def follow_up_counts(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> CountsOut:
    with opened(request, code, SEE_EFFECT, consortium) as (town, _consortium, person):
        today = timezone.localdate()
        cohort = cohorts_begun(today).filter(pk=pk).first()
        if cohort is None:
            raise Http404
        found = counts(cohort, None if is_office(person, town) else town, today)
        return CountsOut(
            people=found.people,
            planners=found.planners,
            plans=found.plans,
            check_ins=[
                CheckInCountsOut(
                    days=one.days,
                    due=one.due,
                    answered=one.answered,
                    outcomes=one.outcomes,
                    hours=one.hours,
                    told_hours=one.told_hours,
                )
                for one in found.check_ins
            ],
        )


@router.get(
    "learning/{code}/effect/panel",
    auth=django_auth,
    response=list[PanelRowOut],
    summary="Towns by month, as difference-in-differences estimators take it: the joint office's alone",
    openapi_extra=documented(401, 403, 404, 422),
)
def effect_panel(
    request: HttpRequest, code: Code, measure: Measure = Measure.RESULTS, consortium: Chosen = None
) -> list[PanelRowOut]:
    with opened(request, code, SEE_EFFECT, consortium) as (town, chosen, person):
        if not is_office(person, town):
            raise PermissionDenied
        return [
            PanelRowOut(
                unit=unit,
                period=period,
                time=time,
                first_treated=first,
                first_treated_time=first_time,
                value=value,
            )
            for unit, period, time, first, first_time, value in long_rows(
                panel(chosen, measure, timezone.localdate())
            )
        ]


def _told(one: Followed) -> PlanOut:
    plan = one.plan
    return PlanOut(
        id=plan.pk,
        enrolment=plan.enrolment_id,
        made_on=plan.made_on,
        will=plan.will or "",
        work=plan.work or "",
        see=plan.see or "",
        system=plan.system,
        shared=plan.shared,
        check_ins=[
            StepOut(
                days=step.due.days,
                due=step.due.due,
                until=step.due.until,
                state=step.due.state,
                outcome=step.told.outcome if step.told else None,
                hours=step.told.hours if step.told else None,
            )
            for step in one.steps
        ],
    )
