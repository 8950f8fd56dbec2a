"""How far a ranking hangs on the weights: who would win under other weights, and the smallest change that flips it.

Both hold for the two formulas of ``scoring``, in which a vendor's value is a line in the weights of the criteria.
Requirements that must be met and prices stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from machi.governance.engine.scoring import WHOLE, Bid, Criterion, Formula, evaluate, gains

SAMPLES = 10_000
CONCENTRATION = 100.0
"""Of the Dirichlet distribution around the chosen weights: a weight of 10 varies with a standard deviation of 3."""


@dataclass(frozen=True, slots=True)
class Robustness:
    """How often a vendor ranks first (a tie counts for each by its share); all vendors' shares add up to 1."""

    vendor: str
    near: float
    """When weights vary around the chosen ones (Dirichlet, concentration 100)."""
    anywhere: float
    """When any weights are as likely (uniform over all weights that add up to 100)."""


@dataclass(frozen=True, slots=True)
class Flip:
    """The least weight to move so that ``rival`` draws level with the winner; any more, and it is ahead."""

    rival: str
    moved: Fraction
    """In weights (of 100)."""
    taken: tuple[tuple[str, Fraction], ...]
    """From which criteria, and how much of each."""
    given_to: str


def robustness(
    criteria: Sequence[Criterion],
    formula: Formula,
    bids: Sequence[Bid],
    *,
    samples: int = SAMPLES,
    seed: int = 0,
) -> list[Robustness]:
    """Of every ranked vendor, in the order of the bids; the same seed gives the same figures.

    Criteria of weight 0 stay at 0 near the chosen weights. ValueError as ``evaluate``.
    """
    ranked = _ranked(criteria, formula, bids)
    if not ranked:
        return []
    lines = [gains(criteria, formula, bid) for bid in ranked]
    slopes = np.array([[float(gain) for gain in each] for each, _rest in lines])
    rests = np.array([float(rest) for _each, rest in lines])
    chosen = np.array([float(one.weight) for one in criteria]) / float(WHOLE)
    generator = np.random.Generator(np.random.PCG64(seed))
    near = _shares(_dirichlet(generator, chosen * CONCENTRATION, samples), slopes, rests)
    anywhere = _shares(_dirichlet(generator, np.ones(len(criteria)), samples), slopes, rests)
    return [Robustness(bid.vendor, float(near[at]), float(anywhere[at])) for at, bid in enumerate(ranked)]


def smallest_flip(criteria: Sequence[Criterion], formula: Formula, bids: Sequence[Bid]) -> Flip | None:
    """The smallest move of weights that ends the winner's lead; None where no weights end it, or nobody leads alone.

    Exact. For one rival: with ``d`` the winner's lead per weight of each criterion, a weight moved from i to j
    changes the lead by ``d[j] - d[i]``. So all of it goes to the criterion of least ``d``, and is taken from those
    of greatest ``d`` first: a fractional knapsack, whose greedy answer is optimal (Dantzig 1957).
    ValueError as ``evaluate``.
    """
    result = evaluate(criteria, formula, bids)
    ranked = _ranked(criteria, formula, bids)
    if len(result.winners) != 1 or len(ranked) < 2:
        return None
    winner = next(bid for bid in ranked if bid.vendor == result.winners[0])
    found = [
        flip
        for rival in ranked
        if rival is not winner and (flip := _flip(criteria, formula, winner, rival)) is not None
    ]
    return min(found, key=lambda flip: flip.moved, default=None)


def _flip(criteria: Sequence[Criterion], formula: Formula, winner: Bid, rival: Bid) -> Flip | None:
    ours, our_rest = gains(criteria, formula, winner)
    theirs, their_rest = gains(criteria, formula, rival)
    lead_each = [one - other for one, other in zip(ours, theirs, strict=True)]
    weights = [Fraction(one.weight) for one in criteria]
    lead = sum((w * d for w, d in zip(weights, lead_each, strict=True)), our_rest - their_rest)
    receiver = min(range(len(criteria)), key=lambda at: lead_each[at])
    taken: list[tuple[str, Fraction]] = []
    for donor in sorted(range(len(criteria)), key=lambda at: -lead_each[at]):
        loss = lead_each[donor] - lead_each[receiver]
        if lead <= 0 or loss <= 0:
            break
        if weights[donor]:
            amount = min(weights[donor], lead / loss)
            taken.append((criteria[donor].key, amount))
            lead -= amount * loss
    if lead > 0:
        return None
    moved = sum((amount for _key, amount in taken), Fraction(0))
    return Flip(rival.vendor, moved, tuple(taken), criteria[receiver].key)


def _ranked(criteria: Sequence[Criterion], formula: Formula, bids: Sequence[Bid]) -> list[Bid]:
    scores = evaluate(criteria, formula, bids).scores
    return [bid for bid, score in zip(bids, scores, strict=True) if score.value is not None]


def _dirichlet(
    generator: np.random.Generator, alpha: np.ndarray[tuple[int], np.dtype[np.float64]], samples: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """``samples`` rows of weights that add up to 1; a criterion of alpha 0 gets 0."""
    drawn = generator.standard_gamma(np.maximum(alpha, 0.0), size=(samples, len(alpha)))
    total = drawn.sum(axis=1, keepdims=True)
    shares: np.ndarray[tuple[int, int], np.dtype[np.float64]] = drawn / total
    return shares


def _shares(
    weights: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    slopes: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    rests: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    values = weights @ slopes.T * float(WHOLE) + rests
    best = values.max(axis=1, keepdims=True)
    first = values >= best - 1e-9 * np.maximum(1.0, np.abs(best))
    shares: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = (
        first / first.sum(axis=1, keepdims=True)
    ).mean(axis=0)
    return shares
