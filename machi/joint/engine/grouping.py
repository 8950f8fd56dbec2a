"""Grouping a prefecture's towns into blocks that hang together, best and proven so where time allows.

Hess et al.'s model (Nonpartisan political redistricting by computer, Operations Research 13, 1965): each town is
assigned to a town that is the centre of its block. Contiguity by separators, added when a solution breaks them
(Validi, Buchanan & Lykhovyd, Imposing contiguity constraints in political districting models, Operations Research
70, 2022); a block of at most ``m`` towns reaches no farther than ``m - 1`` borders. Solved by CP-SAT (OR-Tools) on one
thread. Where the time runs out, the best contiguous grouping met is given with the proven bound; that one may differ
from run to run, a proven optimum's value never does.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.boundaries import distance_km
from machi.joint.engine.contiguity import Link, linked, neighbours, pieces
from machi.joint.engine.districts import Districts, Found

METRES = 1000
FINE = 1000
"""Differences are compared in thousandths."""


@dataclass(frozen=True, slots=True)
class Town:
    code: str
    population: int
    place: tuple[float, float]
    """Latitude and longitude of the town hall."""
    features: tuple[float, ...] = ()
    """For ``SIMILAR``: figures on one scale (``partners.normal_scores``), as many for every town."""


class Objective(StrEnum):
    COMPACT = "compact"
    """The least sum of kilometres from each town hall to that of the block's centre."""
    SIMILAR = "similar"
    """The least sum of squared differences of the features to those of the block's centre."""
    BALANCE = "balance"
    """The least number of people by which any block is off the mean; ``blocks`` must say how many there are. Found
    by narrowing the range of people in steps, in each of which a contiguous grouping is found or excluded."""


@dataclass(frozen=True, slots=True)
class Block:
    centre: str
    """The town from which distances or differences are counted."""
    towns: tuple[str, ...]
    population: int


@dataclass(frozen=True, slots=True)
class Grouping:
    blocks: tuple[Block, ...]
    value: float
    """Of the objective: kilometres, squared differences, people."""
    bound: float
    """No grouping is better than this."""
    gap: float
    """(value - bound) / value: 0 where the optimum is proven."""
    links: tuple[Link, ...]
    """Towns that do not touch and were taken for neighbours (islands)."""


class Why(StrEnum):
    NUMBER = "number"
    """So many towns cannot be divided into blocks of such a size."""
    NONE = "none"
    """Proven: no contiguous grouping keeps the limits."""
    TIME = "time"
    """None was found in the time given."""


@dataclass(frozen=True, slots=True)
class NoGrouping:
    why: Why
    links: tuple[Link, ...]


def group(
    towns: Sequence[Town],
    touching: Iterable[tuple[str, str]],
    size: tuple[int, int],
    objective: Objective = Objective.COMPACT,
    *,
    blocks: int | None = None,
    population: tuple[int, int] | None = None,
    seconds: float = 30.0,
) -> Grouping | NoGrouping:
    """Blocks of ``size[0]`` to ``size[1]`` towns, each of ``population[0]`` to ``[1]`` people if given.

    ``touching`` are pairs of codes (``boundaries.borders``). Pieces that do not touch are linked by the shortest
    ways between town halls, which are told. ValueError for no towns, codes given twice, ranges that are empty or
    begin below 1, features of different length, ``BALANCE`` without ``blocks``, no time.
    """
    _check(towns, size, objective, blocks, population, seconds)
    ends = time.monotonic() + seconds
    codes = [one.code for one in towns]
    around, links = linked(codes, neighbours(codes, touching), [one.place for one in towns])
    few, many = math.ceil(len(towns) / size[1]), len(towns) // size[0]
    if not (few <= blocks <= many if blocks else few <= many):
        return NoGrouping(Why.NUMBER, tuple(links))
    people = [one.population for one in towns]
    problem = Districts(_costs(towns, objective), people, around, size, population, blocks)
    if objective is Objective.BALANCE:
        found = _balanced(problem, lambda: ends - time.monotonic())
    else:
        found = problem.solve(lambda: ends - time.monotonic())
    if found.centres is None:
        return NoGrouping(Why.NONE if found.proven else Why.TIME, tuple(links))
    members: dict[int, list[int]] = {}
    for town, centre in enumerate(found.centres):
        members.setdefault(centre, []).append(town)
    assert all(len(pieces(some, around)) == 1 for some in members.values())
    unit = {Objective.COMPACT: METRES, Objective.SIMILAR: FINE, Objective.BALANCE: 1}[objective]
    gap = (found.value - found.bound) / found.value if found.value else 0.0
    return Grouping(
        tuple(
            Block(codes[centre], tuple(codes[at] for at in some), sum(towns[at].population for at in some))
            for centre, some in sorted(members.items())
        ),
        found.value / unit,
        found.bound / unit,
        gap,
        tuple(links),
    )


def _balanced(problem: Districts, left: Callable[[], float]) -> Found:
    """Halves the range between what is excluded and what is found; compactness leads each search to blocks that hang
    together. A step that is not decided in half of the time left is passed over for a wider one."""
    assert problem.blocks
    mean = Fraction(sum(problem.people), problem.blocks)
    low, high = problem.population or (0, sum(problem.people))
    first = problem.solve(left, any_will_do=True)
    if first.centres is None:
        return first
    best, value, tried = first.centres, _off(problem.people, first.centres, mean), 0
    bound = max(math.ceil(max(problem.people) - mean), 0)  # the largest town's block is at least so far off
    while (step := (max(bound, tried) + value) // 2) < value and left() > 0:
        within = max(low, math.ceil(mean - step)), min(high, math.floor(mean + step))
        later = left() / 2

        def soon(later: float = later) -> float:
            return left() - later

        found = (
            replace(problem, population=within).solve(soon, any_will_do=True)
            if within[0] <= within[1]
            else Found(None, 0, 0, proven=True)
        )
        if found.centres is not None:
            best, value = found.centres, _off(problem.people, found.centres, mean)
        elif found.proven:
            bound = step + 1
        else:
            tried = step + 1
    return Found(best, value, bound, proven=value <= bound)


def _off(people: Sequence[int], centres: Sequence[int], mean: Fraction) -> int:
    """By how many whole people the block farthest from the mean is off."""
    blocks: dict[int, int] = {}
    for town, centre in enumerate(centres):
        blocks[centre] = blocks.get(centre, 0) + people[town]
    return max(math.ceil(abs(block - mean)) for block in blocks.values())


def _costs(towns: Sequence[Town], objective: Objective) -> NDArray[np.int64]:
    if objective is not Objective.SIMILAR:
        far = [[distance_km(one.place, other.place) * METRES for other in towns] for one in towns]
        return np.asarray(np.rint(far), dtype=np.int64)
    features = np.array([one.features for one in towns], dtype=np.float64)
    apart = ((features[:, None, :] - features[None, :, :]) ** 2).sum(axis=2)
    return np.asarray(np.rint(apart * FINE), dtype=np.int64)


def _check(
    towns: Sequence[Town],
    size: tuple[int, int],
    objective: Objective,
    blocks: int | None,
    population: tuple[int, int] | None,
    seconds: float,
) -> None:
    if not towns or len({one.code for one in towns}) != len(towns):
        raise ValueError("there must be towns, and they must differ")
    if not 1 <= size[0] <= size[1] or (population and not 0 <= population[0] <= population[1]):
        raise ValueError("a range begins at 1 (people: 0) and does not end before")
    if len({len(one.features) for one in towns}) > 1:
        raise ValueError("features must be as many for every town")
    if objective is Objective.BALANCE and blocks is None:
        raise ValueError("to balance blocks one must say how many there are")
    if (blocks is not None and blocks < 1) or seconds <= 0:
        raise ValueError("blocks and time must be positive")
