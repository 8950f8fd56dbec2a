"""A first grouping for ``districts`` to begin with: contiguous, within its sizes, made better town by town.

A random spanning tree is cut from its leaves into pieces that are large enough (as the recombination of Markov-chain
districting does: DeFord, Duchin & Solomon, Recombination, Harvard Data Science Review 3.1, 2021), pieces too small join
a neighbour, and towns on the border change sides while that helps. Not always found, never the last word: the solver
proves what is best, this sees to it that there is something to improve.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.contiguity import Neighbours, pieces

TRIES = 40
ROUNDS = 60


def start(
    costs: NDArray[np.int64], around: Neighbours, size: tuple[int, int], blocks: int | None = None
) -> list[int] | None:
    """The centre of each town in the best grouping of some tries; the same for the same problem."""
    best: list[set[int]] | None = None
    for seed in range(TRIES):
        random = Random(seed)  # noqa: S311  (the same tries each time)
        made = _cut(around, size, random)
        if made is None or (blocks is not None and len(made) != blocks):
            continue
        _improve(made, costs, around, size)
        if best is None or _total(made, costs) < _total(best, costs):
            best = made
    if best is None:
        return None
    centres = [0] * len(around)
    for block in best:
        centre = _centre(block, costs)
        for town in block:
            centres[town] = centre
    return centres


def _cut(around: Neighbours, size: tuple[int, int], random: Random) -> list[set[int]] | None:
    """Blocks of the sizes, or None where this tree gives none."""
    order, parent = _tree(around, random)
    held: list[set[int]] = [{town} for town in range(len(around))]
    blocks, small = [], []
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


def _tree(around: Neighbours, random: Random) -> tuple[list[int], list[int | None]]:
    """Towns from the root outwards, and the town each was reached from, along random borders."""
    root = random.randrange(len(around))
    parent: list[int | None] = [None] * len(around)
    order, seen = [], {root}
    edge: list[tuple[int, int | None]] = [(root, None)]
    while edge:
        at = random.randrange(len(edge))
        edge[at], edge[-1] = edge[-1], edge[at]
        town, before = edge.pop()
        if order and town in seen:
            continue
        seen.add(town)
        order.append(town)
        parent[town] = before
        edge += [(near, town) for near in sorted(around[town]) if near not in seen]
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
