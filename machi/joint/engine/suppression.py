"""Hiding small counts in published figures so that they cannot be worked out from the rest.

Every published figure is the sum of some basic counts (``members``). Figures from 1 to ``smallest - 1`` are
hidden; then further ones, until no hidden small figure can be narrowed down to fewer than ``smallest - 1`` values by
anybody who has all the shown ones and knows that counts are whole and not negative. What such a reader can know is
computed exactly, by integer programming over the basic counts (the "auditing problem" of statistical disclosure
control: Fischetti and Salazar 2001; Hundepool et al. 2012, "Statistical Disclosure Control", ch. 4). Which further
figures are hidden is chosen greedily, the smallest that helps first: safe, not always the fewest.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

SMALLEST = 5
"""Counts below it are hidden, but for 0."""


@dataclass(frozen=True, slots=True)
class Figure:
    """``members``: the basic counts it sums. Figures with the same name would be one."""

    name: str
    value: int
    members: frozenset[Hashable]


def suppress(figures: Sequence[Figure], smallest: int = SMALLEST) -> dict[str, int | None]:
    """Name -> what may be shown; None: hidden."""
    small = [one for one in figures if 0 < one.value < smallest]
    hidden = {one.name for one in small}
    for one in small:
        while True:
            low, high = known(figures, hidden, one)
            if high - low >= smallest - 2:
                break
            more = _next(figures, hidden, one, high - low)
            if more is None:  # everything that touches it is hidden already
                break
            hidden.add(more.name)
    return {one.name: None if one.name in hidden else one.value for one in figures}


def known(figures: Sequence[Figure], hidden: set[str], asked: Figure) -> tuple[int, int]:
    """The least and the most that ``asked`` can be for whoever has the figures not hidden."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    counts = sorted({member for one in figures for member in one.members}, key=repr)
    at = {member: number for number, member in enumerate(counts)}
    shown = [one for one in figures if one.name not in hidden]
    aim = np.zeros(len(counts))
    aim[[at[member] for member in asked.members]] = 1
    constraints = []
    if shown:
        matrix = np.zeros((len(shown), len(counts)))
        for row, one in enumerate(shown):
            matrix[row, [at[member] for member in one.members]] = 1
        values = np.array([one.value for one in shown], float)
        constraints = [LinearConstraint(matrix, values, values)]
    # No figure is larger than all that is shown and hidden together: a bound keeps the programme finite.
    most = 2 * max((one.value for one in figures), default=0) + 100
    ends = []
    for sign in (1, -1):
        found = milp(
            sign * aim, integrality=np.ones(len(counts)), bounds=Bounds(0, most), constraints=constraints
        )
        if found.x is None:
            raise ValueError("the figures contradict each other")
        ends.append(int(np.rint(sign * found.fun)))
    return ends[0], ends[1]


def _next(figures: Sequence[Figure], hidden: set[str], asked: Figure, width: int) -> Figure | None:
    """The smallest further figure that widens what can be known of ``asked``; where no single one does, the smallest
    that has a basic count in common with it or with what is hidden."""
    left = sorted((one for one in figures if one.name not in hidden and one.value > 0), key=_size)
    for one in left:
        low, high = known(figures, {*hidden, one.name}, asked)
        if high - low > width:
            return one
    touched = asked.members.union(*(one.members for one in figures if one.name in hidden))
    return next((one for one in left if one.members & touched), None)


def _size(one: Figure) -> tuple[int, str]:
    return one.value, one.name
