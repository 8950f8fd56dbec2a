"""Shared staff and external experts: needs, registration, matching, agreements: over HTTP.

As for the pages: a sign-in, a permission in the municipality named, and no names of experts.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import ConfigDict, Field

from machi.base.domain.errors import Refused
from machi.base.running import NotApproved
from machi.base.web.access import visitor
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented
from machi.joint.domain import experts as rounds
from machi.joint.domain import experts_matching
from machi.joint.domain.experts_postings import visible
from machi.joint.models import Expert, ExpertRound, MatchingRun, Posting

Number = Annotated[int, Path(ge=1, le=2**31)]
PAGE = 100
router = Router()


class RoundOut(Schema):
    model_config = ConfigDict(json_schema_extra={"title": "ExpertRound"})

    id: int
    title: str
    state: Literal["open", "ranking", "released", "closed"]
    register_by: datetime.date
    rank_by: datetime.date
    postings: int = Field(description="Published ones.")
    experts: int = Field(description="Everybody who registered.")


class PostingOut(Schema):
    model_config = ConfigDict(json_schema_extra={"title": "Posting"})

    id: int
    municipality: str = Field(description="Code of the town that asks.")
    title: str
    work: str
    state: Literal["draft", "published", "withdrawn"] = Field(description="Drafts are the town's own only.")
    skills: dict[str, int] = Field(description="Level asked of each skill, 1 to 3.")
    hours: int
    on_site: int
    first: datetime.date
    last: datetime.date
    budget: int
    places: int


class ExpertOut(Schema):
    model_config = ConfigDict(json_schema_extra={"title": "Expert"})

    number: int = Field(description="By which the expert is known in the round; names are hidden.")
    kind: Literal["external", "shared"]
    summary: str
    skills: dict[str, int]
    hours: int
    on_site: int
    prefecture: str
    travels: int
    first: datetime.date
    last: datetime.date
    fee: int
    quota: int


class ResultOut(Schema):
    model_config = ConfigDict(json_schema_extra={"title": "MatchingResult"})

    id: int
    method: Literal["experts", "towns", "fit"]
    figures: dict[str, Any]
    pairs: list[dict[str, Any]] = Field(description="Each with its reason, fit and ranks.")
    unmatched_experts: dict[str, dict[str, int]] = Field(description="Expert -> reason -> how many postings.")
    unmatched_postings: dict[str, dict[str, int]]
    blocking: list[list[int]]
    released: bool


class RunOut(Schema):
    model_config = ConfigDict(json_schema_extra={"title": "MatchingRun"})

    id: int
    state: Literal["waiting", "done", "failed"]
    digest: str = Field(description="Of all that went in: equal digests, equal results.")
    pins: list[list[int]]
    results: list[ResultOut]


class ComputeIn(Schema):
    model_config = ConfigDict(json_schema_extra={"title": "MatchingRequest"})

    pins: list[tuple[int, int]] = Field(
        default=[], max_length=1000, description="[expert, posting] fixed beforehand."
    )


@router.get(
    "municipalities/{code}/expert-rounds",
    url_name="expert_rounds",
    auth=django_auth,
    response=list[RoundOut],
    summary="Rounds of the municipality's consortium",
    openapi_extra=documented(401, 403, 404, 422),
)
def list_rounds(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[RoundOut]:
    with opened(request, code, "joint.see_experts", consortium):
        return [
            RoundOut(
                id=one.pk,
                title=one.title,
                state=one.state,
                register_by=one.register_by,
                rank_by=one.rank_by,
                postings=one.posting_count,
                experts=one.expert_count,
            )
            for one in rounds.rounds()[:PAGE]
        ]


@router.get(
    "municipalities/{code}/expert-rounds/{number}/postings",
    url_name="expert_postings",
    auth=django_auth,
    response=list[PostingOut],
    summary="What towns need",
    openapi_extra=documented(401, 403, 404, 422),
)
def list_postings(
    request: HttpRequest,
    code: Code,
    number: Number,
    offset: Annotated[int, Query(ge=0, le=10**6)] = 0,
    consortium: Chosen = None,
) -> list[PostingOut]:
    """A page of 100 from `offset`."""
    with opened(request, code, "joint.see_experts", consortium) as (town, _, _):
        return [_posting(one) for one in visible(_round(number), town)[offset : offset + PAGE]]


@router.get(
    "municipalities/{code}/expert-rounds/{number}/experts",
    url_name="expert_people",
    auth=django_auth,
    response=list[ExpertOut],
    summary="Registered experts, without names",
    openapi_extra=documented(401, 403, 404, 422),
)
def list_experts(
    request: HttpRequest,
    code: Code,
    number: Number,
    offset: Annotated[int, Query(ge=0, le=10**6)] = 0,
    consortium: Chosen = None,
) -> list[ExpertOut]:
    """A page of 100 from `offset`."""
    with opened(request, code, "joint.see_experts", consortium):
        found = (
            _round(number)
            .experts.filter(state=Expert.State.ACCEPTED, erased_at=None)
            .select_related("home__prefecture")
        )
        return [
            ExpertOut(
                number=one.number,
                kind=one.kind,  # type: ignore[arg-type]
                summary=one.summary,
                skills=one.skills,
                hours=one.hours,
                on_site=one.on_site,
                prefecture=one.home.prefecture.name,
                travels=one.travels,
                first=one.first,
                last=one.last,
                fee=one.fee,
                quota=one.quota,
            )
            for one in found[offset : offset + PAGE]
        ]


@router.post(
    "municipalities/{code}/expert-rounds/{number}/runs",
    url_name="compute_expert_matching",
    auth=django_auth,
    response={201: RunOut},
    summary="Match a round by all three methods",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def compute(
    request: HttpRequest, code: Code, number: Number, given: ComputeIn, consortium: Chosen = None
) -> Status[RunOut]:
    """Nothing is released by it. Very many pairs are left to a worker: the run is `waiting` then. 409: not in this
    state, or pairs that cannot be fixed."""
    with opened(request, code, "joint.run_experts", consortium) as (town, _, _):
        try:
            run = experts_matching.compute(_round(number), town, visitor(request), pins=given.pins)
        except NotApproved:
            raise
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        return Status(201, _run(run))


@router.get(
    "municipalities/{code}/expert-runs/{number}",
    url_name="expert_run",
    auth=django_auth,
    response=RunOut,
    summary="A run with its results and reasons",
    openapi_extra=documented(401, 403, 404, 422),
)
def read_run(request: HttpRequest, code: Code, number: Number, consortium: Chosen = None) -> RunOut:
    with opened(request, code, "joint.run_experts", consortium):
        run = MatchingRun.objects.filter(pk=number).first()
        if run is None:
            raise Http404("There is no such run.")
        return _run(run)


def _round(number: int) -> ExpertRound:
    found = ExpertRound.objects.select_related("consortium").filter(pk=number).first()
    if found is None:
        raise Http404("There is no such round.")
    return found


def _posting(one: Posting) -> PostingOut:
    return PostingOut(
        id=one.pk,
        municipality=one.town_id,
        title=one.title,
        work=one.work,
        state=one.state,  # type: ignore[arg-type]
        skills=one.skills,
        hours=one.hours,
        on_site=one.on_site,
        first=one.first,
        last=one.last,
        budget=one.budget,
        places=one.places,
    )


def _run(run: MatchingRun) -> RunOut:
    return RunOut(
        id=run.pk,
        state=run.state,  # type: ignore[arg-type]
        digest=run.digest,
        pins=run.pins,
        results=[
            ResultOut(
                id=one.pk,
                method=one.method,  # type: ignore[arg-type]
                figures=one.figures,
                pairs=one.pairs,
                unmatched_experts=one.unmatched_experts,
                unmatched_postings=one.unmatched_postings,
                blocking=one.blocking,
                released=one.released_at is not None,
            )
            for one in run.results.all()
        ],
    )
