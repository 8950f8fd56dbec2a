"""Partners, cost models, blocks of towns: over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Status
from ninja.security import django_auth

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Prefecture
from machi.base.running import NotApproved, ensure_may_run
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented, problem
from machi.joint.api.partners_schemas import (
    AnswerIn,
    BlocksIn,
    BlocksOut,
    CurveOut,
    EstimateOut,
    InterestIn,
    InterestOut,
    PointOut,
    SelectionIn,
    SelectionOut,
    StandingOut,
    SuggestionOut,
)
from machi.joint.domain import partners as choices
from machi.joint.domain import partners_blocks as plans
from machi.joint.domain import partners_costs as costs
from machi.joint.domain import partners_interests as interests
from machi.joint.domain.partners_suggest import suggested
from machi.joint.engine.cost_model import Form
from machi.joint.engine.cost_sample import Purpose
from machi.joint.engine.partners import Wish
from machi.joint.models import BlockPlan, Interest, TownSelection

router = Router()


@router.get(
    "joint/{code}/cost-curve",
    auth=django_auth,
    response=CurveOut,
    summary="How cost per head falls with size",
    openapi_extra=documented(401, 403, 404, 422),
)
def cost_curve(
    request: HttpRequest,
    code: Code,
    purpose: Purpose = Purpose.TOTAL,
    form: Form = Form.SPLINE,
    consortium: Chosen = None,
) -> CurveOut:
    with opened(request, code, "joint.see_partners", consortium) as (town, _consortium, _person):
        ensure_may_run(town, costs.SYSTEM)
        own = next(iter(costs.standings(purpose, [code], form)), None)
    return CurveOut(
        purpose=purpose,
        form=form,
        towns=costs.model(purpose, form).towns,
        controls=["density of habitable land", "under 15", "65 and over", "designated city", "special ward"],
        median_error=costs.held_out_of(purpose, form).median_error,
        points=[PointOut.from_orm(one) for one in costs.curve_of(purpose, form)],
        own=StandingOut.from_orm(own) if own else None,
    )


@router.get(
    "joint/{code}/partners",
    auth=django_auth,
    response=list[SuggestionOut],
    summary="Suggested partners",
    openapi_extra=documented(401, 403, 404, 422),
)
def partners(
    request: HttpRequest,
    code: Code,
    likeness: Annotated[float, Query(ge=0)] = 1,
    complement: Annotated[float, Query(ge=0)] = 1,
    nearness: Annotated[float, Query(ge=0)] = 1,
    same_prefecture: bool | None = None,
    within_km: Annotated[float | None, Query(gt=0)] = None,
    members_only: bool = False,
    count: Annotated[int, Query(ge=1, le=100)] = 10,
    consortium: Chosen = None,
) -> list[SuggestionOut] | HttpResponse:
    if not likeness + complement + nearness:
        return problem(422, "One of the weights must be greater than 0.")
    wish = Wish(likeness, complement, nearness, same_prefecture, within_km)
    with opened(request, code, "joint.see_partners", consortium) as (town, together, _person):
        found = suggested(town, together, wish, members_only=members_only, count=count)
    return [
        SuggestionOut(
            code=one.suggestion.code,
            score=one.suggestion.score,
            likeness=one.suggestion.likeness,
            complement=one.suggestion.complement,
            nearness=one.suggestion.nearness,
            kilometres=one.suggestion.kilometres,
            member=one.member,
            reasons=one.reasons,
        )
        for one in found
    ]


@router.get(
    "joint/{code}/savings",
    auth=django_auth,
    response=list[EstimateOut],
    summary="What joint work might save",
    openapi_extra=documented(401, 403, 404, 422),
)
def savings(
    request: HttpRequest,
    code: Code,
    town: Annotated[list[str], Query()],
    part: Annotated[float, Query(gt=0, le=1)] = 1.0,
    consortium: Chosen = None,
) -> list[dict[str, Any]] | HttpResponse:
    with opened(request, code, "joint.see_partners", consortium) as (own, _consortium, _person):
        try:
            return costs.as_plain(choices.estimated(own, town, part))
        except Refused as refused:
            return _refusal(refused)


@router.get(
    "joint/{code}/town-selections",
    auth=django_auth,
    response=list[SelectionOut],
    summary="Saved choices of towns",
    openapi_extra=documented(401, 403, 404),
)
def selections(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[SelectionOut]:
    with opened(request, code, "joint.see_partners", consortium) as (town, _consortium, person):
        return [_selection(one) for one in choices.visible(town, person)]


@router.post(
    "joint/{code}/town-selections",
    auth=django_auth,
    response={201: SelectionOut},
    summary="Save a choice of towns with its estimates",
    openapi_extra=documented(401, 403, 404, 422),
)
def save_selection(
    request: HttpRequest, code: Code, data: SelectionIn, consortium: Chosen = None
) -> Status[SelectionOut] | HttpResponse:
    """The estimates are recorded in the ledger as results of `joint.cost_model`."""
    with opened(request, code, "joint.choose_towns", consortium) as (town, together, person):
        try:
            made = choices.save(
                together, town, person, title=data.title, codes=data.towns, note=data.note, part=data.part
            )
        except Refused as refused:
            return _refusal(refused)
        return Status(201, _selection(made))


@router.get(
    "joint/{code}/interests",
    auth=django_auth,
    response=list[InterestOut],
    summary="Interest of towns in each other",
    openapi_extra=documented(401, 403, 404),
)
def list_interests(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[InterestOut]:
    """The town's own; for the joint office those to which both towns said yes."""
    with opened(request, code, "joint.see_interests", consortium) as (town, _consortium, person):
        return [_interest(one) for one in interests.visible(town, person)]


@router.post(
    "joint/{code}/interests",
    auth=django_auth,
    response={201: InterestOut},
    summary="Declare interest in another town",
    openapi_extra=documented(401, 403, 404, 422),
)
def declare(
    request: HttpRequest, code: Code, data: InterestIn, consortium: Chosen = None
) -> Status[InterestOut] | HttpResponse:
    with opened(request, code, "joint.declare_interest", consortium) as (town, together, person):
        other = Municipality.objects.filter(code=data.to).first()
        if other is None:
            return problem(422, "There is no municipality with this code.")
        try:
            made = interests.declare(
                together, town, person, other=other, work=data.work, message=data.message
            )
        except Refused as refused:
            return _refusal(refused)
        return Status(201, _interest(made))


@router.post(
    "joint/{code}/interests/{pk}/answer",
    auth=django_auth,
    response=InterestOut,
    summary="Answer another town's interest",
    openapi_extra=documented(401, 403, 404, 422),
)
def answer(
    request: HttpRequest, code: Code, pk: int, data: AnswerIn, consortium: Chosen = None
) -> InterestOut | HttpResponse:
    with opened(request, code, "joint.declare_interest", consortium) as (town, _consortium, person):
        found = interests.visible(town, person).filter(pk=pk, asked=town).first()
        if found is None:
            raise Http404
        try:
            interests.answer(found, person, yes=data.yes, message=data.message)
        except Refused as refused:
            return _refusal(refused)
        return _interest(Interest.objects.get(pk=pk))


@router.post(
    "joint/{code}/block-plans",
    auth=django_auth,
    response={202: BlocksOut},
    summary="Ask for a prefecture's towns in blocks",
    openapi_extra=documented(401, 403, 404, 422),
)
def ask_blocks(
    request: HttpRequest, code: Code, data: BlocksIn, consortium: Chosen = None
) -> Status[BlocksOut] | HttpResponse:
    """Solved in the background; read it again by its id."""
    with opened(request, code, "joint.choose_towns", consortium) as (town, together, person):
        prefecture = Prefecture.objects.filter(pk=data.prefecture).first()
        if prefecture is None:
            return problem(422, "There is no prefecture with this code.")
        try:
            asked = data.dict(exclude={"prefecture"})
            plan = plans.ask(together, town, person, prefecture=prefecture, **asked)
        except Refused as refused:
            return _refusal(refused)
        return Status(202, _plan(plan))


@router.get(
    "joint/{code}/block-plans/{pk}",
    auth=django_auth,
    response=BlocksOut,
    summary="Read a plan of blocks",
    openapi_extra=documented(401, 403, 404),
)
def block_plan(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> BlocksOut:
    with opened(request, code, "joint.see_partners", consortium) as (town, _consortium, person):
        found = plans.visible(town, person).filter(pk=pk).first()
        if found is None:
            raise Http404
        return _plan(found)


def _refusal(refused: Refused) -> HttpResponse:
    if isinstance(refused, NotApproved):
        raise refused
    return problem(422, str(refused.message))


def _selection(one: TownSelection) -> SelectionOut:
    return SelectionOut(
        id=one.pk,
        title=one.title,
        town=one.town_id,
        towns=one.codes,
        note=one.note,
        shared=one.shared,
        created_at=one.created_at,
        estimates=one.estimates,
    )


def _interest(one: Interest) -> InterestOut:
    return InterestOut(
        id=one.pk,
        asking=one.asking_id,
        asked=one.asked_id,
        work=one.work,
        state=one.state,  # type: ignore[arg-type]
        asked_at=one.asked_at,
        answered_at=one.answered_at,
    )


def _plan(one: BlockPlan) -> BlocksOut:
    return BlocksOut(
        id=one.pk,
        prefecture=one.prefecture_id,
        state=one.state,  # type: ignore[arg-type]
        found=one.found,
    )
