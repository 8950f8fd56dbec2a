"""Ranking proposals by reviewers' marks, and how far it hangs on the weights and on who reviewed.

A reviewer's total for a proposal is the weighted mean of their points by criterion; ``normalising`` makes scores of
the totals. For the sensitivity, weights are drawn from a Dirichlet distribution around the chosen ones, and reviewers
are weighted by the Bayesian bootstrap (Rubin, The Annals of Statistics 9, 1981): Dirichlet(1, ..., 1) over reviewers,
so that each draw stands for another panel but no proposal loses all its marks. Seeded: the same answer each time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.normalising import Method, Normalised, names, normalise, solve

SAMPLES = 1000
CONCENTRATION = 100.0
"""Of the Dirichlet distribution around the chosen weights: a weight of .10 varies with a standard deviation of .03."""
SAME = 9
"""Scores that agree to this many decimals share a rank."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One reviewer's points of one proposal, by criterion."""

    proposal: str
    reviewer: str
    points: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Place:
    proposal: str
    rank: int
    """1 is best; equal scores share a rank (1, 1, 3)."""
    score: float
    raw: float
    """The plain mean of its totals."""
    marks: int


@dataclass(frozen=True, slots=True)
class Ranking:
    places: tuple[Place, ...]
    """Best first; equals in the order of their keys."""
    normalised: Normalised


@dataclass(frozen=True, slots=True)
class Steadiness:
    """Shares of the draws in which a proposal is selected; each has a standard error of at most ``error``."""

    proposal: str
    selected: bool
    """With the chosen weights and all reviewers alike."""
    weights: float
    """When weights vary."""
    reviewers: float
    """When reviewers vary."""
    both: float
    ranks: tuple[int, int]
    """Within which its rank falls in 90 % of the draws in which both vary."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    steadiness: tuple[Steadiness, ...]
    """In the order of the ranking."""
    samples: int
    error: float


def rank(marks: Sequence[Mark], weights: Mapping[str, float], method: Method = Method.ADDITIVE) -> Ranking:
    """Places of all proposals that have a mark.

    ValueError for weights that are negative or all 0, marks that lack a criterion or have another or one that is not
    a finite number, and a reviewer who marked a proposal twice.
    """
    table = _totals(_points(marks, weights), np.array([*weights.values()]))
    totals = {(one.proposal, one.reviewer): float(total) for one, total in zip(marks, table, strict=True)}
    raw, found = normalise(totals, Method.RAW), normalise(totals, method)
    ranks = dict(zip(found.scores, _ranks(np.array([*found.scores.values()])).tolist(), strict=True))
    order = sorted(found.scores, key=lambda key: (ranks[key], key))
    places = (Place(key, ranks[key], found.scores[key], raw.scores[key], found.marks[key]) for key in order)
    return Ranking(tuple(places), found)


def sensitivity(
    marks: Sequence[Mark],
    weights: Mapping[str, float],
    choose: Callable[[Mapping[str, float]], Collection[str]],
    method: Method = Method.ADDITIVE,
    *,
    samples: int = SAMPLES,
    seed: int = 0,
    concentration: float = CONCENTRATION,
) -> Sensitivity:
    """How often ``choose`` (of scores by proposal: ``top``, ``selection.chosen``) takes each proposal.

    Criteria of weight 0 stay at 0. ValueError as ``rank``, and for no samples or no concentration.
    """
    if samples < 1 or concentration <= 0:
        raise ValueError("samples and concentration must be positive")
    ranking = rank(marks, weights, method)
    points = _points(marks, weights)
    proposals, reviewers = names({(one.proposal, one.reviewer): 0.0 for one in marks})
    row = np.array([proposals.index(one.proposal) for one in marks], dtype=np.intp)
    column = np.array([reviewers.index(one.reviewer) for one in marks], dtype=np.intp)
    rng = np.random.default_rng(seed)
    own = np.array([*weights.values()]) / sum(weights.values())
    drawn_weights = np.zeros((samples, len(own)))
    drawn_weights[:, own > 0] = rng.dirichlet(concentration * own[own > 0], size=samples)
    panels = rng.dirichlet(np.ones(max(len(reviewers), 1)), size=samples) * len(reviewers)
    everyone = np.ones(len(reviewers))

    def scores(weighing: NDArray[np.float64], panel: NDArray[np.float64]) -> NDArray[np.float64]:
        table = np.full((len(proposals), len(reviewers)), np.nan)
        table[row, column] = _totals(points, weighing)
        return solve(table, method, panel)[0]

    def times(draws: Sequence[NDArray[np.float64]]) -> dict[str, float]:
        taken = [choose(dict(zip(proposals, draw.tolist(), strict=True))) for draw in draws]
        return {key: sum(key in some for some in taken) / len(taken) for key in proposals}

    both = [scores(weighing, panel) for weighing, panel in zip(drawn_weights, panels, strict=True)]
    by_both = times(both)
    by_weights = times([scores(weighing, everyone) for weighing in drawn_weights])
    by_reviewers = times([scores(own, panel) for panel in panels])
    chosen = choose({place.proposal: place.score for place in ranking.places})
    low, high = np.quantile([_ranks(one) for one in both], (0.05, 0.95), axis=0, method="nearest")
    ranks = {key: (int(low[at]), int(high[at])) for at, key in enumerate(proposals)}
    steadiness = (
        Steadiness(key, key in chosen, by_weights[key], by_reviewers[key], by_both[key], ranks[key])
        for key in (place.proposal for place in ranking.places)
    )
    return Sensitivity(tuple(steadiness), samples, math.sqrt(0.25 / samples))


def top(scores: Mapping[str, float], count: int) -> list[str]:
    """The ``count`` best; equals in the order of their keys."""
    return sorted(scores, key=lambda key: (-round(scores[key], SAME), key))[:count]


def _points(marks: Sequence[Mark], weights: Mapping[str, float]) -> NDArray[np.float64]:
    """(marks, criteria), in the order of the weights."""
    if any(weight < 0 for weight in weights.values()) or not sum(weights.values()) > 0:
        raise ValueError("weights must not be negative, nor all 0")
    if len({(one.proposal, one.reviewer) for one in marks}) != len(marks):
        raise ValueError("a reviewer marked a proposal twice")
    if any(one.points.keys() != weights.keys() for one in marks):
        raise ValueError("every mark has points for every criterion and for no other")
    table = np.array([[one.points[key] for key in weights] for one in marks]).reshape(
        len(marks), len(weights)
    )
    if not np.isfinite(table).all():
        raise ValueError("a mark is not a number")
    return table


def _totals(points: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    totals: NDArray[np.float64] = points @ (weights / weights.sum())
    return totals


def _ranks(scores: NDArray[np.float64]) -> NDArray[np.intp]:
    rounded = np.round(scores, SAME)
    ranks: NDArray[np.intp] = (rounded[None, :] > rounded[:, None]).sum(axis=1) + 1
    return ranks
