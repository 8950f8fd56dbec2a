"""Calls for joint projects: proposals, screening, reviews, ranking, selection, letters: over HTTP.

Everybody reads what they could read on the pages; the joint office also assigns reviewers and computes the ranking.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import File, Router, Schema
from ninja.errors import HttpError
from ninja.files import UploadedFile
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.running import NotApproved
from machi.base.web.access import visitor
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented
from machi.base.web.table_problems import told
from machi.joint.domain import calls_evaluation, calls_import, calls_review
from machi.joint.domain.calls_access import RUN, told_state, visible_calls, visible_proposals
from machi.joint.domain.calls_record import Acting
from machi.joint.domain.calls_words import because, rule_names
from machi.joint.models import Call, CallEvaluation, Proposal

router = Router()
_CALL = "joint/{code}/calls/{pk}"


class CriterionOut(Schema):
    title: str
    description: str
    weight: float


class CallOut(Schema):
    id: int
    title: str
    state: str
    purpose: str
    areas: list[str]
    opens_on: datetime.date
    closes_on: datetime.date
    budget: int = Field(description="Yen.")
    ceiling: int | None = Field(description="Yen for one proposal.")
    criteria: list[CriterionOut]


class ProposalOut(Schema):
    id: int
    number: int | None = Field(description="In the order of handing in; none for a draft.")
    title: str
    state: str = Field(description="Before the decision its towns read `submitted` however screening went.")
    area: str
    lead: str
    members: list[str] = Field(description="Municipality codes, the lead's among them.")
    amount: int | None
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    summary: str


class SteadinessOut(Schema):
    weights: float
    reviewers: float
    both: float
    ranks: list[int] = Field(description="Within which the rank falls in 90 % of the draws.")


class PlaceOut(Schema):
    proposal: int
    number: int
    rank: int
    score: float
    raw: float = Field(description="Plain mean of the totals.")
    recommended: bool
    verdict: str
    reason: str
    steadiness: SteadinessOut | None


class RankingOut(Schema):
    id: int
    at: datetime.datetime
    stale: bool = Field(description="Marks have changed since.")
    total: float
    cost: int
    tied: bool
    samples: int = Field(description="Draws behind the steadiness; 0 until it has been computed.")
    places: list[PlaceOut]


class AssignedOut(Schema):
    pairs: int
    least: int = Field(description="Of proposals one reviewer has.")
    most: int
    without_knowledge: int = Field(
        description="Pairs in which the reviewer does not name the proposal's area."
    )


class ImportedOut(Schema):
    taken: int
    would_be_taken: int
    problems: list[str] = Field(description="Row, column and reason; nothing is taken where there is one.")


@router.get(
    "joint/{code}/calls",
    url_name="calls",
    auth=django_auth,
    response=list[CallOut],
    summary="Calls for joint projects",
    openapi_extra=documented(401, 403, 404, 422),
)
def calls(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[CallOut]:
    with opened(request, code, "joint.see", consortium) as (town, _, _):
        found = visible_calls(visitor(request), town).prefetch_related("criteria")
        return [_call(one) for one in found]


@router.get(
    f"{_CALL}/proposals",
    url_name="call_proposals",
    auth=django_auth,
    response=list[ProposalOut],
    summary="Proposals of a call: all handed in for the office, its own for a town",
    openapi_extra=documented(401, 403, 404, 422),
)
def proposals(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> list[ProposalOut]:
    with opened(request, code, "joint.see", consortium) as (town, _, _):
        person = visitor(request)
        found = _found(visible_calls(person, town), pk)
        rows = (
            visible_proposals(person, town)
            .filter(call=found)
            .prefetch_related("members")
            .order_by("number", "pk")
        )
        office = person.has_perm(RUN, town)
        return [_proposal(one, office=office) for one in rows]


@router.post(
    f"{_CALL}/proposals/import",
    url_name="import_call_proposals",
    auth=django_auth,
    response=ImportedOut,
    summary="Read applications from an Excel or CSV file, and take them unless it is a dry run",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def import_proposals(
    request: HttpRequest,
    code: Code,
    pk: int,
    file: File[UploadedFile],
    dry_run: bool = True,
    consortium: Chosen = None,
) -> ImportedOut:
    with opened(request, code, RUN, consortium) as (town, _, _):
        found = _found(visible_calls(visitor(request), town), pk)
        data = file.read()
        read = calls_import.read(found, data)
        taken = 0
        if not read.problems and not dry_run:
            taken = _do(lambda: calls_import.take(found, Acting(town, visitor(request)), data))
        return ImportedOut(
            taken=taken,
            would_be_taken=len(read.applied),
            problems=told(read.problems, calls_import.SAID),
        )


@router.post(
    f"{_CALL}/assignment",
    url_name="assign_call_reviewers",
    auth=django_auth,
    response=AssignedOut,
    summary="Assign reviewers without conflict of interest and evenly",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def assign(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> AssignedOut:
    with opened(request, code, RUN, consortium) as (town, _, _):
        found = _found(visible_calls(visitor(request), town), pk)
        done = _do(lambda: calls_review.assign(found, Acting(town, visitor(request))))
        loads = done.loads.values()
        return AssignedOut(
            pairs=len(done.pairs),
            least=min(loads, default=0),
            most=max(loads, default=0),
            without_knowledge=len(done.without_knowledge),
        )


@router.post(
    f"{_CALL}/ranking",
    url_name="evaluate_call",
    auth=django_auth,
    response=RankingOut,
    summary="Rank the proposals and recommend a selection within the budget",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def evaluate(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> RankingOut:
    with opened(request, code, RUN, consortium) as (town, _, _):
        found = _found(visible_calls(visitor(request), town), pk)
        return _ranking(_do(lambda: calls_evaluation.evaluate(found, Acting(town, visitor(request)))))


@router.get(
    f"{_CALL}/ranking",
    url_name="call_ranking",
    auth=django_auth,
    response=RankingOut,
    summary="The last ranking and recommendation, for the joint office",
    openapi_extra=documented(401, 403, 404, 422),
)
def ranking(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> RankingOut:
    with opened(request, code, RUN, consortium) as (town, _, _):
        evaluation = calls_evaluation.latest(_found(visible_calls(visitor(request), town), pk))
        if evaluation is None:
            raise Http404("Nothing has been computed for this call.")
        return _ranking(evaluation)


def _do(act: Any) -> Any:
    """What a verb refuses is 409; that a system is not approved is said by the API's own handler."""
    try:
        return act()
    except NotApproved:
        raise
    except Refused as refused:
        raise HttpError(409, str(refused.message)) from None


def _found(rows: Any, pk: int) -> Call:
    found: Call | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such call here.")
    return found


def _call(one: Call) -> CallOut:
    return CallOut(
        id=one.pk,
        title=one.title,
        state=one.state,
        purpose=one.purpose,
        areas=one.areas,
        opens_on=one.opens_on,
        closes_on=one.closes_on,
        budget=one.budget,
        ceiling=one.ceiling,
        criteria=[
            CriterionOut(title=each.title, description=each.description, weight=float(each.weight))
            for each in one.criteria.all()
        ],
    )


def _proposal(one: Proposal, *, office: bool) -> ProposalOut:
    return ProposalOut(
        id=one.pk,
        number=one.number,
        title=one.title,
        state=told_state(one, office=office),
        area=one.area,
        lead=one.lead_id,
        members=[member.municipality_id for member in one.members.all()],
        amount=one.amount,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        summary=one.summary,
    )


def _ranking(one: CallEvaluation) -> RankingOut:
    names = rule_names(one)
    return RankingOut(
        id=one.pk,
        at=one.at,
        stale=calls_evaluation.is_stale(one),
        total=one.total,
        cost=one.cost,
        tied=one.tied,
        samples=one.samples,
        places=[
            PlaceOut(
                proposal=place["proposal"],
                number=place["number"],
                rank=place["rank"],
                score=place["score"],
                raw=place["raw"],
                recommended=place["selected"],
                verdict=place["verdict"],
                reason=because(place, names),
                steadiness=_steadiness(one, place["proposal"]),
            )
            for place in one.places
        ],
    )


def _steadiness(one: CallEvaluation, proposal: int) -> SteadinessOut | None:
    known = one.steadiness.get(str(proposal))
    return SteadinessOut(**known) if known else None
