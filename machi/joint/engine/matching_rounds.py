"""Deferred acceptance in vectorised rounds: the arithmetic below ``matching.deferred_acceptance``.

In a round every proposer short of its quota proposes to the next on its list that would not refuse at once; every
receiver keeps the best it holds. The outcome of deferred acceptance does not hang on the order of the proposals
(McVitie and Wilson 1971), so proposers that a full receiver would refuse are not asked to try, and the last few
proposers go one by one, which is quicker than rounds of a handful.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappush, heapreplace

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

WINDOW = 8
"""How many entries a proposer looks ahead in a round."""
FEW = 600
"""Below so many active proposers they go one by one."""
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Rounds:
    """What a run did: rounds, proposals made in them, proposals made one by one after them."""

    rounds: int = 0
    proposals: int = 0
    single_proposals: int = 0


def propose(start: Ints, to: Ints, key: Ints, quota: Ints, seats: Ints) -> tuple[Ints, Rounds]:
    """The entries held at the end.

    ``start``, ``to``: the proposers' lists (CSR), best first. ``key[e]``: how the receiver ranks entry e, lower is
    better; keys of one receiver are below all keys of the next, and all differ. ``quota`` of the proposers, ``seats``
    of the receivers.
    """
    owner = np.repeat(np.arange(len(quota)), np.diff(start))
    # of each receiver that is full the key of the last it holds: only lower keys are let in
    worst = np.where(seats > 0, NEVER, np.int64(-1))
    upcoming, end, short = start[:-1].copy(), start[1:], quota.copy()
    held = np.empty(0, np.int64)
    rounds = proposals = 0
    while len(active := np.flatnonzero((short > 0) & (upcoming < end))) >= FEW:
        rounds += 1
        seen = upcoming[active, None] + np.arange(WINDOW)
        inside = seen < end[active, None]
        np.minimum(seen, len(to) - 1, out=seen)
        willing = inside & (key[seen] < worst[to[seen]])
        count = np.cumsum(willing, axis=1)
        wanted = short[active][:, None]
        made = seen[willing & (count <= wanted)]
        enough = count >= wanted
        step = np.where(enough[:, -1], np.argmax(enough, axis=1) + 1, WINDOW)
        upcoming[active] = np.minimum(upcoming[active] + step, end[active])
        short[active] -= np.minimum(count[:, -1], wanted[:, 0])
        if not len(made):
            continue
        proposals += len(made)
        offers = np.concatenate([held, made])
        offers = offers[np.argsort(key[offers], kind="stable")]  # most are in order already: a merge
        receiver = to[offers]
        number = np.arange(len(offers))
        place = number - np.maximum.accumulate(np.where(np.diff(receiver, prepend=-1), number, 0))
        kept = place < seats[receiver]
        held = offers[kept]
        np.add.at(short, owner[offers[~kept]], 1)
        last = place == seats[receiver] - 1
        worst[receiver[last]] = key[offers[last]]
    if not len(active):
        return held, Rounds(rounds, proposals)
    held, singles = _one_by_one(start, to, key, seats, owner, held, worst, upcoming, short, active)
    return held, Rounds(rounds, proposals, singles)


def _one_by_one(
    start: Ints,
    to: Ints,
    key: Ints,
    seats: Ints,
    owner: Ints,
    held: Ints,
    worst: Ints,
    upcoming: Ints,
    short: Ints,
    active: Ints,
) -> tuple[Ints, int]:
    """The rest of the proposals, each receiver's holdings in a heap with the worst on top."""
    heaps: list[list[tuple[int, int]]] = [[] for _ in range(len(seats))]
    for entry, receiver, rank in zip(held.tolist(), to[held].tolist(), key[held].tolist(), strict=True):
        heaps[receiver].append((-rank, entry))
    for heap in heaps:
        heapify(heap)
    cut, places, position, lacking = worst.tolist(), seats.tolist(), upcoming.tolist(), short.tolist()
    stop, stack, singles = start[1:].tolist(), active.tolist(), 0
    towards, ranks, owners = to.data, key.data, owner.data  # one number at a time: far quicker
    while stack:
        one = stack.pop()
        while lacking[one] and position[one] < stop[one]:
            entry = position[one]
            position[one] += 1
            receiver, rank = towards[entry], ranks[entry]
            if rank >= cut[receiver]:
                continue
            singles += 1
            lacking[one] -= 1
            heap = heaps[receiver]
            if len(heap) < places[receiver]:
                heappush(heap, (-rank, entry))
            else:
                refused = owners[heapreplace(heap, (-rank, entry))[1]]
                lacking[refused] += 1
                if refused != one:
                    stack.append(refused)
            if len(heap) == places[receiver]:
                cut[receiver] = -heap[0][0]
    return np.array([entry for heap in heaps for _rank, entry in heap], np.int64), singles
