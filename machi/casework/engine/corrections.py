"""What corrections by people tell of how sure the reading may be said to be.

Every value a person looked at is a sample: its confidence as read, and whether it was wrong.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 1.0)
"""Bands of confidence; the last one includes 1."""
FEWEST = 30
"""Of the surest readings, below which errors among them are no reason to look at every value."""
_THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.97, 0.99, 0.995)


@dataclass(frozen=True, slots=True)
class Sample:
    confidence: float
    wrong: bool


@dataclass(frozen=True, slots=True)
class Band:
    low: float
    high: float
    seen: int
    wrong: int

    @property
    def share(self) -> float | None:
        """Of those seen, how many were wrong; None where none was seen."""
        return self.wrong / self.seen if self.seen else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """``value``: the lowest threshold at which few enough are wrong; ``seen`` and ``wrong`` at or above it."""

    value: float
    seen: int
    wrong: int
    most: float
    """Upper bound of the share that is wrong there (Wilson, 90 %, one-sided)."""


def bands(samples: Sequence[Sample]) -> list[Band]:
    """Counted by ``EDGES``. ValueError for a confidence outside 0 to 1."""
    if any(not 0 <= one.confidence <= 1 for one in samples):
        raise ValueError("a confidence lies between 0 and 1")
    found = []
    for at, (low, high) in enumerate(pairwise(EDGES)):
        last = at == len(EDGES) - 2
        inside = [one for one in samples if low <= one.confidence and (one.confidence < high or last)]
        found.append(Band(low, high, len(inside), sum(one.wrong for one in inside)))
    return found


def propose(samples: Sequence[Sample], *, most_wrong: float = 0.015) -> Proposal | None:
    """The lowest threshold at or above which the share of wrong readings surely is at most ``most_wrong``: its upper
    Wilson bound (E. B. Wilson, 1927), so a few readings that happened to be right prove nothing (108 without an error
    do). Where none of them holds and more than ``most_wrong`` of the surest were wrong, 1: every value is looked at.
    None: too little is known."""
    surest = samples
    for edge in _THRESHOLDS:
        surest = [one for one in samples if one.confidence >= edge]
        wrong = sum(one.wrong for one in surest)
        if surest and (most := upper_share(wrong, len(surest))) <= most_wrong:
            return Proposal(edge, len(surest), wrong, most)
    wrong = sum(one.wrong for one in surest)
    if len(surest) >= FEWEST and wrong > most_wrong * len(surest):
        return Proposal(1.0, len(surest), wrong, upper_share(wrong, len(surest)))
    return None


def upper_share(wrong: int, seen: int, z: float = 1.2816) -> float:
    """One-sided upper bound of a share (Wilson's score interval); ``z`` 1.2816 for 90 %. ValueError for none seen."""
    if seen <= 0:
        raise ValueError("a share of none")
    p = wrong / seen
    middle = p + z * z / (2 * seen)
    spread = z * math.sqrt(p * (1 - p) / seen + z * z / (4 * seen * seen))
    return min(1.0, (middle + spread) / (1 + z * z / seen))
