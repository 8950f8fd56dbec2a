"""Welfare places across towns over HTTP, for staff who are signed in: rounds, results, running, confirming."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Router, Schema, Status
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.running import NotApproved
from machi.base.web.access import visitor
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented, problem
from machi.joint.domain import places as verbs
from machi.joint.domain import places_allocation as allocating
from machi.joint.domain import places_confirming as confirming
from machi.joint.domain.places_shown import offers, shares
from machi.joint.models import PlaceAllocation, PlaceRound

router = Router()
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class RoundOut(Schema):
    id: int
    kind: Literal["childcare", "elderly", "short_stay"]
    title: str
    year: int
    deadline: datetime.date
    starts_on: datetime.date
    state: Literal["open", "closed", "confirmed", "cancelled"]
    classes: list[str]


class ShareOut(Schema):
    municipality: str
    applicants: int | None = Field(description="None: fewer than five, shown to the town itself only.")
    placed: int | None
    rate: float | None
    low: float | None = Field(description="Of the 95 % interval of the rate.")
    high: float | None


class AllocationOut(Schema):
    id: int
    trial: bool = Field(description="A trial keeps figures only and never counts.")
    state: Literal["running", "done", "failed", "superseded"]
    why: str = Field(description="Why it failed.")
    applicants: int | None
    placed: int | None
    stable: bool | None
    unmet: int | None = Field(description="Families with a justified claim that is not met.")
    proven: bool | None = Field(description="No allocation has fewer.")
    stability: str
    unconfirmed: list[str] = Field(description="Municipalities that have not confirmed yet.")
    shares: list[ShareOut]


class OfferOut(Schema):
    number: str
    home: str
    class_label: str
    facility: str | None = Field(description="Number of the facility; none: waiting.")
    rank: int | None
    changed: bool = Field(description="A person decided otherwise than the machine.")
    declined: bool


class RunIn(Schema):
    trial: bool = False


def _round(pk: int) -> PlaceRound:
    found = PlaceRound.objects.select_related("consortium").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no round with this number.")
    return found


@router.get(
    "joint/{code}/places",
    auth=django_auth,
    response=list[RoundOut],
    summary="Rounds of welfare places",
    openapi_extra=documented(401, 403, 404, 422),
)
def rounds(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[PlaceRound]:
    """The rounds of the municipality's consortium, the newest first."""
    with opened(request, code, "joint.see_places", consortium):
        return list(verbs.rounds())


@router.get(
    "joint/{code}/places/{pk}/allocation",
    auth=django_auth,
    response=AllocationOut,
    summary="The newest allocation of a round",
    openapi_extra=documented(401, 403, 404, 422),
)
def allocation(request: HttpRequest, code: Code, pk: Number, consortium: Chosen = None) -> AllocationOut:
    """Figures, stability and how each town fares. It counts once `unconfirmed` is empty and the round is confirmed."""
    with opened(request, code, "joint.see_places", consortium) as (town, _, _):
        newest = _round(pk).allocations.first()
        if newest is None:
            raise Http404("Nothing has been allocated in this round yet.")
        everything = visitor(request).has_perm("joint.audit_places", town)
        return _shown(newest, town, everything=everything)


def _shown(made: PlaceAllocation, town: Municipality, *, everything: bool) -> AllocationOut:
    told = made.summary
    return AllocationOut(
        id=made.pk,
        trial=made.trial,
        state=made.state,  # type: ignore[arg-type]
        why=made.why,
        applicants=told.get("applicants"),
        placed=told.get("placed"),
        stable=told.get("stable"),
        unmet=told.get("unmet"),
        proven=told.get("proven"),
        stability=allocating.stability(told) if told else "",
        unconfirmed=confirming.unconfirmed(made) if told and not made.trial else [],
        shares=[
            ShareOut(
                municipality=one.town.pk,
                applicants=None if one.hidden else one.told["applicants"],
                placed=None if one.hidden else one.told["placed"],
                rate=None if one.hidden else one.told["rate"]["value"],
                low=None if one.hidden else one.told["rate"]["low"],
                high=None if one.hidden else one.told["rate"]["high"],
            )
            for one in (shares(made, town, everything=everything) if told else [])
        ],
    )


@router.get(
    "joint/{code}/places/{pk}/results",
    auth=django_auth,
    response=list[OfferOut],
    summary="Results by number",
    openapi_extra=documented(401, 403, 404, 422),
)
def results(request: HttpRequest, code: Code, pk: Number, consortium: Chosen = None) -> list[OfferOut]:
    """The municipality's own applicants and who comes to its facilities; all of them for the joint office and
    auditors. Numbers and classes, never names."""
    with opened(request, code, "joint.see_places", consortium) as (town, _, _):
        proposal = confirming.proposal(_round(pk))
        if proposal is None:
            raise Http404("Nothing has been allocated in this round yet.")
        everything = visitor(request).has_perm("joint.audit_places", town)
        return [
            OfferOut(
                number=one.number,
                home=one.home_id,
                class_label=one.class_label,
                facility=one.facility.code if one.facility else None,
                rank=one.rank,
                changed=one.changed_at is not None,
                declined=one.declined_at is not None,
            )
            for one in offers(proposal, town, everything=everything)
        ]


@router.post(
    "joint/{code}/places/{pk}/allocation",
    auth=django_auth,
    response={202: AllocationOut},
    summary="Allocate, or try out",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def allocate(
    request: HttpRequest, code: Code, pk: Number, data: RunIn, consortium: Chosen = None
) -> Status[AllocationOut] | HttpResponse:
    """For the joint office. A worker computes; ask for the allocation again to see how far it is."""
    with opened(request, code, "joint.run_places", consortium) as (town, _, _):
        try:
            made = allocating.start(_round(pk), town, visitor(request), trial=data.trial)
        except NotApproved:
            raise
        except Refused as refused:
            return problem(409, str(refused.message))
        return Status(202, _shown(made, town, everything=True))


@router.post(
    "joint/{code}/places/{pk}/confirmation",
    auth=django_auth,
    response={200: AllocationOut},
    summary="Confirm for a municipality",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def confirm(
    request: HttpRequest, code: Code, pk: Number, consortium: Chosen = None
) -> AllocationOut | HttpResponse:
    """For the municipality's head. Once all have confirmed, the round is settled."""
    with opened(request, code, "joint.head_places", consortium) as (town, _, _):
        proposal = confirming.proposal(_round(pk))
        if proposal is None:
            raise Http404("Nothing has been allocated in this round yet.")
        try:
            confirming.confirm(proposal, town, visitor(request))
        except Refused as refused:
            return problem(409, str(refused.message))
        return _shown(proposal, town, everything=False)
