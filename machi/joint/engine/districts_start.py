"""A grouping for when ``districts`` runs out of time: contiguous, within its sizes, made better piece by piece.

A random spanning tree is cut from its leaves into pieces that are large enough, and pieces too small join a neighbour.
Then two blocks that touch are taken together and cut anew along a random tree of theirs, where that is best, as often
as it helps (recombination: DeFord, Duchin & Solomon, Harvard Data Science Review 3.1, 2021), and towns on the border
change sides while the sum falls. Not always found, and proof of nothing: the solver's bound says how far it may be off.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.contiguity import Neighbours, pieces

TRIES = 20
"""Of cutting; the best is then improved."""
CUTS = 150
"""Recombinations for each town: 2 s for 179 towns."""
HEAT = 0.3
"""How much worse may be taken at first, of a block's mean cost."""
ROUNDS = 60
"""At most, of moving towns over the border."""


def start(
    costs: NDArray[np.int64], around: Neighbours, size: tuple[int, int], blocks: int | None = None
) -> list[int] | None:
    """The centre of each town in the best grouping of some tries; the same for the same problem."""
    random = Random(1)  # noqa: S311  (the same each time)
    made = [_cut(around, size, random) for _ in range(TRIES)]
    fitting = [one for one in made if one is not None and blocks in (None, len(one))]
    if not fitting:
        return None
    best = min(fitting, key=lambda one: _total(one, costs))
    best = _recombine(best, costs, around, size, random, may_split=blocks is None)
    _improve(best, costs, around, size)
    centres = [0] * len(around)
    for block in best:
        centre = _centre(block, costs)
        for town in block:
            centres[town] = centre
    return centres


def _cut(around: Neighbours, size: tuple[int, int], random: Random) -> list[set[int]] | None:
    """Blocks of the sizes, or None where this tree gives none."""
    order, parent = _tree(range(len(around)), around, random)
    held = {town: {town} for town in order}
    blocks: list[set[int]] = []
    small: list[set[int]] = []
    for town in reversed(order):
        own, above = held[town], parent[town]
        if size[0] <= len(own) <= size[1] and (len(own) == size[1] or random.random() < 0.5):
            blocks.append(own)
        elif above is None:
            (blocks if size[0] <= len(own) <= size[1] else small).append(own)
        elif len(held[above]) + len(own) <= size[1]:
            held[above] |= own
        else:
            (blocks if len(own) >= size[0] else small).append(own)
    return blocks if all(_joined(piece, blocks, around, size[1]) for piece in small) else None


def _tree(
    inside: Collection[int], around: Neighbours, random: Random
) -> tuple[list[int], dict[int, int | None]]:
    """Towns from a root outwards, and the town each was reached from, along random borders."""
    edge: list[tuple[int, int | None]] = [(random.choice(sorted(inside)), None)]
    order: list[int] = []
    parent: dict[int, int | None] = {}
    while edge:
        at = random.randrange(len(edge))
        edge[at], edge[-1] = edge[-1], edge[at]
        town, before = edge.pop()
        if town in parent:
            continue
        order.append(town)
        parent[town] = before
        edge += [(near, town) for near in sorted(around[town]) if near in inside and near not in parent]
    return order, parent


def _joined(piece: set[int], blocks: list[set[int]], around: Neighbours, most: int) -> bool:
    """Gives the towns of a piece to blocks beside it that have room, from its border inwards."""
    left = set(piece)
    while left:
        ways = [
            (len(block), town, at)
            for town in sorted(left)
            for at, block in enumerate(blocks)
            if len(block) < most and not block.isdisjoint(around[town])
        ]
        if not ways:
            return False
        _, town, at = min(ways)
        blocks[at].add(town)
        left.remove(town)
    return True


def _recombine(
    blocks: list[set[int]],
    costs: NDArray[np.int64],
    around: Neighbours,
    size: tuple[int, int],
    random: Random,
    *,
    may_split: bool,
) -> list[set[int]]:
    """Cuts two blocks that touch, or one that is large enough, anew; the best met on the way.

    At first worse is taken too, less and less (simulated annealing), for two blocks alone soon find no better.
    """
    worth = [_worth(block, costs) for block in blocks]
    best, least, heat = list(blocks), sum(worth), HEAT * max(sum(worth), 1) / len(worth)
    turns = CUTS * len(around)
    for turn in range(turns):
        one = random.randrange(len(blocks))
        beside = {near for town in blocks[one] for near in around[town]} - blocks[one]
        others: list[int | None] = [at for at, block in enumerate(blocks) if not block.isdisjoint(beside)]
        if may_split and len(blocks[one]) >= 2 * size[0]:
            others.append(None)
        if not others:
            continue
        other = random.choice(others)
        both = blocks[one] if other is None else blocks[one] | blocks[other]
        cut = _best_cut(both, costs, around, size, random)
        if cut is None:
            continue
        more = sum(cut[0]) - worth[one] - (0 if other is None else worth[other])
        if more > 0 and random.random() >= math.exp(-more / (heat * (1 - turn / turns))):
            continue
        if other is None:
            other = len(blocks)
            blocks.append(set())
            worth.append(0)
        (blocks[one], blocks[other]), (worth[one], worth[other]) = cut[1], cut[0]
        if sum(worth) < least:
            best, least = list(blocks), sum(worth)
    return best


def _best_cut(
    towns: set[int], costs: NDArray[np.int64], around: Neighbours, size: tuple[int, int], random: Random
) -> tuple[tuple[int, int], tuple[set[int], set[int]]] | None:
    """The best two pieces of the sizes that one cut of a random tree makes, and what each is worth."""
    order, parent = _tree(towns, around, random)
    below = {town: {town} for town in order}
    best: tuple[tuple[int, int], tuple[set[int], set[int]]] | None = None
    for town in reversed(order):
        above = parent[town]
        if above is None:
            break
        below[above] |= below[town]
        part, rest = below[town], towns - below[town]
        if all(size[0] <= len(piece) <= size[1] for piece in (part, rest)):
            values = _worth(part, costs), _worth(rest, costs)
            if best is None or sum(values) < sum(best[0]):
                best = values, (part, rest)
    return best


def _improve(
    blocks: list[set[int]], costs: NDArray[np.int64], around: Neighbours, size: tuple[int, int]
) -> None:
    """Moves towns over the border while the sum falls."""
    where = {town: at for at, block in enumerate(blocks) for town in block}
    worth = [_worth(block, costs) for block in blocks]
    for _ in range(ROUNDS):
        moved = False
        for town in range(len(around)):
            here = where[town]
            for there in sorted({where[near] for near in around[town]} - {here}):
                if len(blocks[here]) <= size[0] or len(blocks[there]) >= size[1]:
                    continue
                rest, more = blocks[here] - {town}, blocks[there] | {town}
                after = _worth(rest, costs), _worth(more, costs)
                if sum(after) < worth[here] + worth[there] and len(pieces(rest, around)) == 1:
                    blocks[here], blocks[there] = rest, more
                    worth[here], worth[there] = after
                    where[town], moved = there, True
                    break
        if not moved:
            return


def _total(blocks: Sequence[set[int]], costs: NDArray[np.int64]) -> int:
    return sum(_worth(block, costs) for block in blocks)


def _worth(block: Collection[int], costs: NDArray[np.int64]) -> int:
    some = sorted(block)
    return int(costs[np.ix_(some, some)].sum(axis=0).min())


def _centre(block: Collection[int], costs: NDArray[np.int64]) -> int:
    some = sorted(block)
    return some[int(costs[np.ix_(some, some)].sum(axis=0).argmin())]
