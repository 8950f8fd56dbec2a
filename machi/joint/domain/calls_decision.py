"""People decide: what was recommended, and where and why they decided otherwise, is kept. Then it is announced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.rulings import LONGEST_REASON, rule_on
from machi.base.models import LedgerEntry, LedgerRuling, Municipality
from machi.base.scoping import in_municipality
from machi.joint.domain.calls import reviewed
from machi.joint.domain.calls_evaluation import is_stale, latest
from machi.joint.domain.calls_record import Acting, record_call, record_proposal
from machi.joint.models import Call, CallEvaluation, JointProject, Proposal, ProposalDecision

State = Proposal.State


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided of one proposal. ``reason`` goes to its towns; ``overruling`` is asked for where it is not
    what was recommended."""

    adopted: bool
    reason: str
    overruling: str = ""
    amount: int = 0


@transaction.atomic
def decide(call: Call, by: Acting, rulings: Mapping[int, Ruling], note: str) -> None:
    """All proposals at once (``rulings`` by primary key, of those that passed screening). Adopted ones become
    projects; those that failed screening are told so."""
    current = reviewed(call)
    evaluation = latest(current)
    if evaluation is None or is_stale(evaluation):
        raise Refused(_("採点が変わっています。先に、順位と推薦を計算し直してください。"))
    passed = {one.pk: one for one in current.proposals.filter(state=State.PASSED).select_related("lead")}
    places = {int(one["proposal"]): one for one in evaluation.places}
    _check(current, passed, rulings, {pk: bool(one["selected"]) for pk, one in places.items()})
    for pk, proposal in passed.items():
        place, ruling = places[pk], rulings[pk]
        _settle(
            proposal,
            by,
            ruling,
            bool(place["selected"]),
            Decimal(f"{place['score']:.4f}"),
            int(place["rank"]),
        )
    for failed in current.proposals.filter(state=State.FAILED).select_related("screening"):
        _settle(failed, by, Ruling(False, failed.screening.reason), None, None, None)
    _rule_on_recommendation(evaluation, by, rulings)
    current.state, current.decided_at, current.note = Call.State.DECIDED, timezone.now(), note.strip()
    current.save(update_fields=["state", "decided_at", "note"])
    adopted = [passed[pk] for pk, ruling in rulings.items() if ruling.adopted]
    record_call(
        current,
        by,
        "decide",
        evaluation=evaluation.pk,
        adopted=sorted(one.number or 0 for one in adopted),
        cost=sum(rulings[one.pk].amount for one in adopted),
        overruled=sorted(
            passed[pk].number or 0
            for pk, ruling in rulings.items()
            if ruling.adopted != bool(places[pk]["selected"])
        ),
        explanation=current.note,
    )


@transaction.atomic
def announce(call: Call, by: Acting) -> None:
    """The results become public; so they stay."""
    current = Call.objects.select_for_update().get(pk=call.pk)
    if current.state != Call.State.DECIDED:
        raise Refused(_("採否を決めた公募だけ、結果を公表できます。"))
    current.state, current.announced_at = Call.State.ANNOUNCED, timezone.now()
    current.save(update_fields=["state", "announced_at"])
    record_call(current, by, "announce")


def _check(
    call: Call,
    passed: Mapping[int, Proposal],
    rulings: Mapping[int, Ruling],
    recommended: Mapping[int, bool],
) -> None:
    if rulings.keys() != passed.keys() or recommended.keys() != passed.keys():
        raise Refused(_("審査したすべての提案について決めてください。"))
    for pk, ruling in rulings.items():
        number = {"number": passed[pk].number}
        if not ruling.reason.strip():
            raise Refused(_("提案%(number)sの理由を書いてください。") % number, f"reason-{pk}")
        if ruling.adopted != recommended[pk] and not ruling.overruling.strip():
            raise Refused(
                _("提案%(number)sは推薦と違います。違える理由を書いてください。") % number, f"overruling-{pk}"
            )
        if ruling.adopted and not 0 < ruling.amount <= (passed[pk].amount or 0):
            raise Refused(
                _("提案%(number)sの決定額は、1円から申請額までにしてください。") % number, f"amount-{pk}"
            )
    cost = sum(ruling.amount for ruling in rulings.values() if ruling.adopted)
    if cost > call.budget:
        raise Refused(
            _("決定額の合計%(cost)s円が、予算%(budget)s円を超えています。")
            % {"cost": f"{cost:,}", "budget": f"{call.budget:,}"}
        )


def _settle(
    proposal: Proposal,
    by: Acting,
    ruling: Ruling,
    recommended: bool | None,
    score: Decimal | None,
    rank: int | None,
) -> None:
    decision = ProposalDecision.objects.create(
        consortium=proposal.consortium,
        proposal=proposal,
        adopted=ruling.adopted,
        recommended=recommended,
        reason=ruling.reason.strip(),
        overruling=ruling.overruling.strip(),
        amount=ruling.amount if ruling.adopted else 0,
        score=score,
        rank=rank,
        by=by.person,
    )
    if recommended is not None:
        proposal.state = State.ADOPTED if ruling.adopted else State.REJECTED
        proposal.save(update_fields=["state"])
    towns = [one.municipality for one in proposal.members.select_related("municipality")]
    if ruling.adopted:
        _begin_project(proposal, decision, towns)
    record_proposal(
        proposal,
        by,
        "decide",
        concerned=towns,
        explanation=decision.reason,
        adopted=decision.adopted,
        recommended=recommended,
        overruled=decision.overruled,
        why_overruled=decision.overruling if decision.overruled else "",
        amount=decision.amount,
    )


def _begin_project(proposal: Proposal, decision: ProposalDecision, towns: Sequence[Municipality]) -> None:
    assert proposal.starts_on is not None  # nothing is handed in without
    assert proposal.ends_on is not None
    project = JointProject.objects.create(
        consortium=proposal.consortium,
        proposal=proposal,
        title=proposal.title,
        area=proposal.area,
        lead=proposal.lead,
        amount=decision.amount,
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
    )
    project.members.set(towns)


def _rule_on_recommendation(evaluation: CallEvaluation, by: Acting, rulings: Mapping[int, Ruling]) -> None:
    """The person's ruling on the computed result itself, where it stands in the ledger."""
    if evaluation.ledger_index is None:
        return
    recommended = {int(one["proposal"]): bool(one["selected"]) for one in evaluation.places}
    against = [ruling for pk, ruling in rulings.items() if ruling.adopted != recommended[pk]]
    verdict = LedgerRuling.Verdict.OVERRULE if against else LedgerRuling.Verdict.AGREE
    reason = " ".join(ruling.overruling.strip() for ruling in against)[:LONGEST_REASON]
    with in_municipality(evaluation.municipality):
        entry = LedgerEntry.objects.get(index=evaluation.ledger_index)
        rule_on(entry, by.person, verdict=verdict, reason=reason)
