"""Ranking, recommendation within the budget, and how steady both are: computed from the marks, decided by people.

Ranking and selection take a moment and are there at once; how often each proposal is selected when weights and
reviewers vary takes thousands of selections, and comes from a background job.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from machi.base.domain.errors import Refused
from machi.base.domain.jobs import reported
from machi.base.domain.recording import record
from machi.base.engine.canonical import digest
from machi.base.ledger import RESULT
from machi.base.models import Consortium, Person, Progress
from machi.base.running import ensure_may_run
from machi.base.scoping import in_consortium
from machi.joint.domain.calls import reviewed
from machi.joint.domain.calls_record import Acting
from machi.joint.engine import ranking, selection
from machi.joint.engine.normalising import Method
from machi.joint.models import Call, CallEvaluation, Proposal, ProposalReview

SELECTION = "joint.project_selection"
SAMPLES = 200
"""Draws each of weights, of reviewers and of both: a standard error of at most 3.5 points of a hundred."""


JUDGED = (Proposal.State.PASSED, Proposal.State.ADOPTED, Proposal.State.REJECTED)
"""Those that were ranked: the job may still count when the decision has been made."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is computed from, as the engines want it. Proposals are named by their number, so that equal totals are
    settled in the order of handing in."""

    marks: list[ranking.Mark]
    weights: dict[str, float]
    costs: dict[str, int]
    budget: int
    rules: list[selection.Rule]
    least_score: float
    method: Method
    proposals: dict[str, Proposal]

    @property
    def digest(self) -> str:
        """Of the marks: whoever changes one makes what was computed from them stale."""
        return digest(sorted([one.proposal, one.reviewer, dict(one.points)] for one in self.marks))


def question(call: Call) -> Question:
    reviews = (
        ProposalReview.objects.filter(proposal__call=call, proposal__state__in=JUDGED, done_at__isnull=False)
        .select_related("proposal__lead__prefecture")
        .prefetch_related("marks")
        .order_by("proposal__number", "reviewer_id")
    )
    proposals = {_key(one.proposal): one.proposal for one in reviews}
    return Question(
        [
            ranking.Mark(
                _key(one.proposal),
                str(one.reviewer_id),
                {str(mark.criterion_id): float(mark.points) for mark in one.marks.all()},
            )
            for one in reviews
        ],
        {str(one.pk): float(one.weight) for one in call.criteria.all()},
        {key: one.amount or 0 for key, one in proposals.items()},
        call.budget,
        _rules(call, proposals),
        float(call.least_score),
        Method(call.method),
        proposals,
    )


def why_not_evaluated(call: Call) -> list[str]:
    found = []
    unscreened = call.proposals.filter(state=Proposal.State.SUBMITTED).count()
    if unscreened:
        found.append(_("形式審査がまだの提案が%(count)s件あります。") % {"count": unscreened})
    passed = call.proposals.filter(state=Proposal.State.PASSED)
    if not passed.exists():
        found.append(_("形式審査を通過した提案がありません。"))
    unmarked = passed.exclude(reviews__done_at__isnull=False).count()
    if unmarked:
        found.append(_("採点が一つもない提案が%(count)s件あります。") % {"count": unmarked})
    return found


def open_reviews(call: Call) -> int:
    """Reviews assigned and not handed in: allowed, and said."""
    return ProposalReview.objects.filter(
        proposal__call=call, proposal__state=Proposal.State.PASSED, done_at__isnull=True
    ).count()


@transaction.atomic
def evaluate(call: Call, by: Acting) -> CallEvaluation:
    """Ranks and recommends. NotApproved where the system may not run."""
    ensure_may_run(by.town, SELECTION)
    current = reviewed(call)
    if why := why_not_evaluated(current):
        raise Refused(" ".join(why))
    asked = question(current)
    ranked = ranking.rank(asked.marks, asked.weights, asked.method)
    chosen = selection.select(
        [
            selection.Candidate(place.proposal, max(place.score, 0.0), asked.costs[place.proposal])
            for place in ranked.places
        ],
        asked.budget,
        asked.rules,
        least_score=asked.least_score,
    )
    assert isinstance(chosen, selection.Selection)  # rules that only say "at most" can always be kept
    reasons = {reason.key: reason for reason in chosen.reasons}
    evaluation = CallEvaluation.objects.create(
        consortium=current.consortium,
        call=current,
        municipality=by.town,
        given={
            "weights": asked.weights,
            "budget": asked.budget,
            "rules": [one.name for one in asked.rules],
            "least_score": asked.least_score,
            "method": str(asked.method),
        },
        places=[_place(asked, place, reasons[place.proposal], chosen.selected) for place in ranked.places],
        severity=ranked.normalised.severity,
        groups=ranked.normalised.groups,
        total=chosen.total,
        cost=chosen.cost,
        tied=chosen.tied,
        digest=asked.digest,
        by=by.person,
    )
    entry = record(
        current.consortium,
        by.town,
        by.person,
        system=SELECTION,
        kind=RESULT,
        subject=f"call:{current.pk}",
        inputs={"marks": asked.digest, "places": evaluation.places},
        outputs={
            "action": "evaluate",
            "evaluation": evaluation.pk,
            "proposals": len(ranked.places),
            "recommended": [int(key) for key in chosen.selected],
            "verdicts": {reason.key: str(reason.verdict) for reason in chosen.reasons},
            "budget": asked.budget,
            "cost": chosen.cost,
            "rules": [one.name for one in asked.rules],
            "method": str(asked.method),
            "tied": chosen.tied,
        },
        explanation=_("予算と件数の決まりの中で、点の合計が最も大きい組み合わせ（最適性を証明した解）。"),
    )
    evaluation.ledger_index = entry.index
    evaluation.save(update_fields=["ledger_index"])
    person = by.person.pk
    transaction.on_commit(lambda: steadiness_task.enqueue(current.consortium_id, evaluation.pk, person))
    return evaluation


@task()
def steadiness_task(consortium: int, evaluation: int, person: int) -> None:
    with in_consortium(Consortium.objects.get(pk=consortium)):
        found = CallEvaluation.objects.select_related("call__consortium", "municipality").get(pk=evaluation)
        if found.steadiness:
            return  # a task that is run twice
        compute_steadiness(found, Person.objects.get(pk=person))


def compute_steadiness(evaluation: CallEvaluation, person: Person) -> None:
    """How often each proposal is selected when weights and reviewers vary; progress is shown on the page."""
    call, town = evaluation.call, evaluation.municipality
    with reported(town, progress_key(call), str(_("採択の揺れの計算"))) as report:
        asked = question(call)
        if asked.digest != evaluation.digest:
            return  # marks have changed since: nothing is to be said of an old recommendation
        done = 0

        def choose(scores: Mapping[str, float]) -> Collection[str]:
            nonlocal done
            done += 1
            report(done, 3 * SAMPLES + 1)
            kept = {key: score for key, score in scores.items() if score >= asked.least_score}
            return selection.chosen(kept, asked.costs, asked.budget, _about(asked.rules, kept))

        found = ranking.sensitivity(asked.marks, asked.weights, choose, asked.method, samples=SAMPLES)
        with transaction.atomic(), override("ja"):
            _keep_steadiness(evaluation, asked, found, person)


def _keep_steadiness(
    evaluation: CallEvaluation, asked: Question, found: ranking.Sensitivity, person: Person
) -> None:
    call = evaluation.call
    evaluation.steadiness = {
        str(asked.proposals[one.proposal].pk): {
            "weights": one.weights,
            "reviewers": one.reviewers,
            "both": one.both,
            "ranks": list(one.ranks),
        }
        for one in found.steadiness
    }
    evaluation.samples = found.samples
    evaluation.save(update_fields=["steadiness", "samples"])
    record(
        call.consortium,
        evaluation.municipality,
        person,
        system=SELECTION,
        kind=RESULT,
        subject=f"call:{call.pk}",
        inputs={"steadiness": evaluation.steadiness},
        outputs={"action": "steadiness", "evaluation": evaluation.pk, "samples": found.samples},
        explanation=_("重みと審査員を動かして選び直し、提案ごとに採択される割合を数えた。"),
    )


def latest(call: Call) -> CallEvaluation | None:
    return call.evaluations.select_related("by", "municipality").first()


def is_stale(evaluation: CallEvaluation) -> bool:
    """Marks, or which proposals passed, have changed since."""
    return question(evaluation.call).digest != evaluation.digest


def progress_key(call: Call) -> str:
    return f"joint.calls.steadiness.{call.pk}"


def progress(call: Call) -> Progress | None:
    """How far the job is in this town; None: nothing runs."""
    return Progress.objects.filter(key=progress_key(call), finished_at__isnull=True).first()


def _key(proposal: Proposal) -> str:
    return f"{proposal.number:05d}"


def _rules(call: Call, proposals: Mapping[str, Proposal]) -> list[selection.Rule]:
    """``prefecture:140007`` and ``area:tourism``; only those that can bind."""
    groups: dict[str, tuple[set[str], int]] = {}
    for key, one in proposals.items():
        if call.most_per_prefecture is not None:
            name = f"prefecture:{one.lead.prefecture_id}"
            groups.setdefault(name, (set(), call.most_per_prefecture))[0].add(key)
        if call.most_per_area is not None:
            groups.setdefault(f"area:{one.area}", (set(), call.most_per_area))[0].add(key)
    return [
        selection.Rule(name, frozenset(members), most=most)
        for name, (members, most) in sorted(groups.items())
        if len(members) > most
    ]


def _about(rules: list[selection.Rule], kept: Mapping[str, float]) -> list[selection.Rule]:
    return [selection.Rule(one.name, one.members & kept.keys(), one.least, one.most) for one in rules]


def _place(
    asked: Question, place: ranking.Place, reason: selection.Reason, selected: Collection[str]
) -> dict[str, Any]:
    return {
        "proposal": asked.proposals[place.proposal].pk,
        "number": int(place.proposal),
        "rank": place.rank,
        "score": place.score,
        "raw": place.raw,
        "marks": place.marks,
        "selected": place.proposal in selected,
        "verdict": str(reason.verdict),
        "loss": reason.loss,
        "instead": [int(key) for key in reason.instead],
        "rules": list(reason.rules),
    }
