"""Which proposals to fund: the greatest total score within the budget and the rules, exactly, with a reason for each.

A 0-1 knapsack with group constraints, solved to proven optimality by CP-SAT in whole numbers (yen; scores in
millionths), one thread and one seed, so the same question has the same answer. Of several sets of equal total, the
one is taken that holds the proposal given first, then the second, and so on: give them in the order of the ranking.
Reasons come from solving again with one proposal forced in or out, or one rule dropped.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from machi.joint.engine.knapsack import SCALE, Bound, Chosen, Infeasible, Knapsack, bounded, whole_points


@dataclass(frozen=True, slots=True)
class Candidate:
    key: str
    score: float
    """At least 0, in points."""
    cost: int
    """Yen, at least 0."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How many of ``members`` are selected: one per prefecture, at most two per area ..."""

    name: str
    members: frozenset[str]
    least: int = 0
    most: int | None = None


class Verdict(StrEnum):
    SELECTED = "selected"
    OVER_BUDGET = "over_budget"
    """It alone costs more than there is."""
    BELOW_THRESHOLD = "below_threshold"
    """Its score is under the least that is asked."""
    RULED_OUT = "ruled_out"
    """With it no selection keeps the budget and the rules; ``rules`` are those that forbid it."""
    DISPLACED = "displaced"
    """To select it, ``instead`` would have to go, and the total would fall by ``loss``."""
    TIE = "tie"
    """As ``DISPLACED``, but the total would be the same: the order given decided."""


@dataclass(frozen=True, slots=True)
class Reason:
    key: str
    verdict: Verdict
    loss: float = 0.0
    """Points by which the total falls if this is decided the other way; 0 for a selected proposal: others would do
    as well (a tie); infinite: without it the rules cannot be kept."""
    instead: tuple[str, ...] = ()
    """For a proposal not selected: which would go for it. For a selected one: which would come in its place."""
    rules: tuple[str, ...] = ()
    """Rules without which it would be selected (for ``RULED_OUT``: could be). None: only money is short."""


@dataclass(frozen=True, slots=True)
class Selection:
    selected: tuple[str, ...]
    """In the order given."""
    total: float
    cost: int
    reasons: tuple[Reason, ...]
    """Of every candidate, in the order given."""
    tied: bool
    """Another set has the same total."""


@dataclass(frozen=True, slots=True)
class Impossible:
    """No selection keeps everything. These rules cannot hold together (drop any one of them and they can)."""

    rules: tuple[str, ...]
    budget: bool
    """The budget is part of it."""


def select(
    candidates: Sequence[Candidate],
    budget: int,
    rules: Sequence[Rule] = (),
    *,
    least_score: float = 0.0,
) -> Selection | Impossible:
    """The best selection, with reasons.

    ValueError for scores, costs or budget that are negative (or scores not finite), keys or rule names given twice,
    rules about unknown candidates or with ``least`` over ``most``.
    """
    _check(candidates, budget, rules)
    problem = _problem([one for one in candidates if one.score >= least_score], budget, rules)
    try:
        best = problem.first(problem.best().total)
    except Infeasible:
        return Impossible(*problem.conflict())
    others = {key: problem.flipped(key, best) for key in problem.points}
    freed = {rule.name: problem.without(rule.name) for rule in rules}
    gains = {name: one.first(one.best().total).chosen for name, one in freed.items()}
    reasons = tuple(
        _reason(one.key, problem, best, others[one.key], gains)
        if one.key in problem.points
        else Reason(one.key, Verdict.BELOW_THRESHOLD)
        for one in candidates
    )
    selected = tuple(one for one in candidates if one.key in best.chosen)
    tied = any(other is not None and other.total == best.total for other in others.values())
    return Selection(
        tuple(one.key for one in selected),
        best.total / SCALE,
        sum(one.cost for one in selected),
        reasons,
        tied,
    )


def chosen(
    scores: Mapping[str, float], costs: Mapping[str, int], budget: int, rules: Sequence[Rule] = ()
) -> frozenset[str]:
    """Just one best set, without reasons, for what is asked often (``ranking.sensitivity``). Empty if impossible.

    Scores below 0 (normalising may give some) count as 0.
    """
    candidates = [Candidate(key, max(score, 0.0), costs[key]) for key, score in scores.items()]
    try:
        return _problem(candidates, budget, rules).best().chosen
    except Infeasible:
        return frozenset()


def _problem(candidates: Sequence[Candidate], budget: int, rules: Sequence[Rule]) -> Knapsack:
    return Knapsack(
        whole_points({one.key: one.score for one in candidates}),
        {one.key: one.cost for one in candidates},
        budget,
        bounded(
            [one.key for one in candidates],
            {rule.name: Bound(rule.members, rule.least, rule.most) for rule in rules},
        ),
    )


def _reason(
    key: str, problem: Knapsack, best: Chosen, other: Chosen | None, gains: Mapping[str, Collection[str]]
) -> Reason:
    inside = key in best.chosen
    if other is None:
        return Reason(key, Verdict.SELECTED, math.inf) if inside else _forbidden(key, problem)
    loss = (best.total - other.total) / SCALE
    order = [one for one in problem.points if one != key]
    if inside:
        return Reason(
            key, Verdict.SELECTED, loss, tuple(one for one in order if one in other.chosen - best.chosen)
        )
    return Reason(
        key,
        Verdict.DISPLACED if loss else Verdict.TIE,
        loss,
        tuple(one for one in order if one in best.chosen - other.chosen),
        tuple(name for name, gained in gains.items() if key in gained),
    )


def _forbidden(key: str, problem: Knapsack) -> Reason:
    if problem.budget is not None and problem.costs[key] > problem.budget:
        return Reason(key, Verdict.OVER_BUDGET)
    rules = tuple(name for name in problem.bounds if problem.without(name).possible({key: True}))
    return Reason(key, Verdict.RULED_OUT, rules=rules)


def _check(candidates: Sequence[Candidate], budget: int, rules: Sequence[Rule]) -> None:
    keys = {one.key for one in candidates}
    if len(keys) != len(candidates) or len({rule.name for rule in rules}) != len(rules):
        raise ValueError("candidates and rules must differ")
    if budget < 0 or any(one.cost < 0 or not 0 <= one.score < math.inf for one in candidates):
        raise ValueError("scores, costs and the budget must not be negative")
    if any(rule.members - keys for rule in rules):
        raise ValueError("a rule is about proposals that are not there")
    if any(rule.least < 0 or (rule.most is not None and rule.most < rule.least) for rule in rules):
        raise ValueError("a rule asks for at least more than at most")
