"""Calls and proposals for tests, made through the verbs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from machi.base.models import Consortium, Municipality, Person, Role
from machi.joint.domain import calls, calls_evaluation, calls_proposals, calls_review, calls_screening
from machi.joint.domain.calls_record import Acting
from machi.joint.models import Call, CallReviewer, Proposal, ProposalReview
from tests.base.factories import a_person
from tests.joint.factories import office_of, towns_of


def given(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "title": "広域連携モデル事業",
        "purpose": "一つの町ではできないことを、一緒に行う。",
        "areas": ["shared_it", "tourism", "disaster"],
        "eligibility": "2つ以上の自治体",
        "requirements": ["自治体の数が足りている", "申請額が上限の範囲にある"],
        "least_members": 2,
        "opens_on": today,
        "closes_on": today,
        "budget": 50_000_000,
        "ceiling": 30_000_000,
        "top": 5,
        "reviewers_each": 2,
        "method": "additive",
        "least_score": 0,
        "most_per_prefecture": None,
        "most_per_area": None,
        **changes,
    }


def acting(town: Municipality, role: Role = Role.MANAGER) -> Acting:
    return Acting(town, a_person(role, town))


def office(consortium: Consortium) -> Acting:
    return Acting(towns_of(consortium)[0], office_of(consortium))


def an_open_call(consortium: Consortium, by: Acting, **changes: Any) -> Call:
    call = calls.begin(consortium, by, given(**changes))
    calls.publish(call, by)
    return Call.objects.get(pk=call.pk)


def written(proposal: Proposal, by: Acting, **changes: Any) -> Proposal:
    words = {
        "area": "shared_it",
        "summary": "窓口システムを一緒に使う。",
        "plan": "仕様をそろえ、共同で運用する。",
        "effects": "運用費を3割減らす。",
        "amount": 20_000_000,
        "starts_on": date(2027, 4, 1),
        "ends_on": date(2029, 3, 31),
        "contact_name": "企画 花子",
        "contact_email": "kikaku@town.example",
        **changes,
    }
    return calls_proposals.write(proposal, by, words, proposal.revision)


def a_submitted(call: Call, lead: Municipality, *others: Municipality, **changes: Any) -> Proposal:
    """Begun, written, signed by each and handed in."""
    by = acting(lead)
    title = changes.pop("title", f"{lead.name}の提案")
    proposal = written(calls_proposals.begin(call, by, title, others), by, **changes)
    for town in (lead, *others):
        calls_proposals.sign(proposal, by if town == lead else acting(town))
    calls_proposals.submit(proposal, by)
    return Proposal.objects.select_related("call", "lead", "consortium").get(pk=proposal.pk)


def screened(call: Call, by: Acting) -> None:
    """All that was handed in passes."""
    for one in call.proposals.filter(state=Proposal.State.SUBMITTED):
        calls_screening.screen(one, by, [True] * len(call.requirements), "")


def a_reviewer(call: Call, by: Acting, person: Person | None = None, **changes: Any) -> CallReviewer:
    person = person or a_person(Role.JOINT_OFFICE, consortium=call.consortium)
    known = {"areas": [], "towns": [], "organisations": "", "most": None, **changes}
    return calls_review.name_reviewer(call, by, person, known)


def marked(review: ProposalReview, points: list[int]) -> None:
    """Handed in by the reviewer; ``points`` by criterion, the last for the rest."""
    criteria = list(review.reviewer.call.criteria.all())
    filled = [*points, *[points[-1]] * len(criteria)][: len(criteria)]
    calls_review.mark(
        review,
        Acting(review.proposal.lead, review.reviewer.person),
        {one.pk: calls_review.Given(point, "") for one, point in zip(criteria, filled, strict=True)},
        "よい",
        hand_in=True,
    )


def reviews_of(call: Call) -> list[ProposalReview]:
    return list(
        ProposalReview.objects.filter(proposal__call=call)
        .select_related(
            "reviewer__call__consortium", "reviewer__person", "proposal__lead", "proposal__consortium"
        )
        .order_by("proposal__number", "reviewer_id")
    )


def three_proposals(consortium: Consortium, by: Acting, **changes: Any) -> Call:
    """Each town leads one: 20, 25 and 15 million yen; budget 50 million unless ``changes`` say otherwise. Closed."""
    first, second, third = towns_of(consortium)
    call = an_open_call(consortium, by, **changes)
    a_submitted(call, first, second, title="窓口の共同利用", amount=20_000_000, area="shared_it")
    a_submitted(call, second, third, title="合同の観光", amount=25_000_000, area="tourism")
    a_submitted(call, third, first, title="備えの共有", amount=15_000_000, area="disaster")
    calls.close(call, by)
    return Call.objects.get(pk=call.pk)


def an_evaluated(consortium: Consortium, by: Acting, **changes: Any) -> Call:
    """The three, marked 5, 4 and 3 by two reviewers each, ranked."""
    call = three_proposals(consortium, by, **changes)
    screened(call, by)
    for _number in range(2):
        a_reviewer(call, by)
    calls_review.assign(call, by)
    points = {one.pk: 6 - (one.number or 0) for one in call.proposals.all()}
    for review in reviews_of(call):
        marked(review, [points[review.proposal_id]])
    calls_evaluation.evaluate(call, by)
    return Call.objects.get(pk=call.pk)


def later(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)
