"""Deferred acceptance in vectorised rounds: the arithmetic below ``matching.deferred_acceptance``.

In a round every proposer short of its quota proposes to the next on its list that would not refuse at once; every
receiver keeps the best it holds. The outcome of deferred acceptance does not hang on the order of the proposals
(McVitie and Wilson 1971), so three things are left out that would cost time and change nothing: proposals that a full
receiver would refuse (now and then all of them are taken off the lists), receivers that got no new proposal, and
rounds of a handful: the last few proposers go one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappush, heapreplace

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

WINDOW, WIDEST = 8, 32
"""How many entries a proposer looks ahead in a round, and at most where it lacks many."""
FEW = 100
"""Below so many active proposers they go one by one."""
WASTE = 16
"""Lists are shortened once one of so many of their entries was looked at in vain."""
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
    run = _Run(start, to, key, quota, seats)
    rounds = proposals = 0
    while len(active := run.active()) >= FEW:
        rounds += 1
        made = run.next_proposals(active)
        proposals += len(made)
        if len(made):
            run.choose(made)
        run.shorten_if_wasteful()
    if not len(active):
        return run.held, Rounds(rounds, proposals)
    held, singles = run.one_by_one(run.active())
    return held, Rounds(rounds, proposals, singles)


class _Run:
    """What changes while proposals are made. ``held`` are entries of the lists as they were given; the lists that are
    walked lose entries on the way, ``entry`` says which are left (None: all)."""

    def __init__(self, start: Ints, to: Ints, key: Ints, quota: Ints, seats: Ints) -> None:
        self.start, self.to, self.key, self.seats = start, to, key, seats
        self.short = quota.copy()
        # of each receiver that is full the key of the last it holds: only lower keys are let in
        self.worst = np.where(seats > 0, NEVER, np.int64(-1))
        self.held = np.empty(0, np.int64)
        self.held_by = np.empty(0, np.int64)
        self.entry: Ints | None = None
        self.left_to, self.left_key = to, key
        self.upcoming, self.end = start[:-1].copy(), start[1:]
        self.vain = 0

    def active(self) -> Ints:
        return np.flatnonzero((self.short > 0) & (self.upcoming < self.end))

    def owner(self, entries: Ints) -> Ints:
        owner: Ints = np.searchsorted(self.start, entries, side="right") - 1
        return owner

    def next_proposals(self, active: Ints) -> Ints:
        """The next willing entries of each active proposer, as many as it lacks, within its window."""
        first, end, wanted = self.upcoming[active], self.end[active], self.short[active]
        window = min(WIDEST, max(WINDOW, int(wanted.mean())))
        seen = first[:, None] + np.arange(window)
        inside = seen < end[:, None]
        np.minimum(seen, len(self.left_to) - 1, out=seen)
        willing = inside & (self.left_key[seen] < self.worst[self.left_to[seen]])
        count = np.cumsum(willing, axis=1)
        made: Ints = seen[willing & (count <= wanted[:, None])]
        enough = count >= wanted[:, None]
        step = np.where(enough[:, -1], np.argmax(enough, axis=1) + 1, window)
        self.upcoming[active] = np.minimum(first + step, end)
        self.short[active] -= np.minimum(count[:, -1], wanted)
        self.vain += int(step.sum()) - len(made)
        return made if self.entry is None else self.entry[made]

    def choose(self, made: Ints) -> None:
        """Every receiver with a new proposal keeps the best it has seats for."""
        touched = np.zeros(len(self.seats), bool)
        touched[self.to[made]] = True
        concerned = touched[self.held_by]
        offers = np.concatenate([self.held[concerned], made])
        offers = offers[np.argsort(self.key[offers])]
        receiver = self.to[offers]
        number = np.arange(len(offers))
        place = number - np.maximum.accumulate(np.where(np.diff(receiver, prepend=-1), number, 0))
        kept = place < self.seats[receiver]
        self.held = np.concatenate([self.held[~concerned], offers[kept]])
        self.held_by = np.concatenate([self.held_by[~concerned], receiver[kept]])
        self.short += np.bincount(self.owner(offers[~kept]), minlength=len(self.short))
        last = place == self.seats[receiver] - 1
        self.worst[receiver[last]] = self.key[offers[last]]

    def shorten_if_wasteful(self) -> None:
        if self.vain * WASTE > len(self.left_to):
            self.shorten()

    def shorten(self) -> None:
        """Takes off the lists what would be refused: a receiver that is full only ever gets choosier."""
        left = np.flatnonzero(self.left_key < self.worst[self.left_to])
        self.upcoming = np.searchsorted(left, self.upcoming)
        self.end = np.searchsorted(left, self.end)
        self.left_to, self.left_key = self.left_to[left], self.left_key[left]
        self.entry = left if self.entry is None else self.entry[left]
        self.vain = 0

    def one_by_one(self, active: Ints) -> tuple[Ints, int]:
        """The rest of the proposals, each receiver's holdings in a heap with the worst on top."""
        heaps: list[list[tuple[int, int, int]]] = [[] for _ in range(len(self.seats))]
        owners = self.owner(self.held).tolist()
        for entry, receiver, rank, owner in zip(
            self.held.tolist(), self.held_by.tolist(), self.key[self.held].tolist(), owners, strict=True
        ):
            heaps[receiver].append((-rank, entry, owner))
        for heap in heaps:
            heapify(heap)
        cut, places = self.worst.tolist(), self.seats.tolist()
        position, stop, lacking = self.upcoming.tolist(), self.end.tolist(), self.short.tolist()
        stack, singles = active.tolist(), 0
        # one number at a time: far quicker than from an array
        towards, ranks = self.left_to.data, self.left_key.data
        names = range(len(self.to)) if self.entry is None else self.entry.data
        while stack:
            one = stack.pop()
            while lacking[one] and position[one] < stop[one]:
                at = position[one]
                position[one] += 1
                receiver, rank = towards[at], ranks[at]
                if rank >= cut[receiver]:
                    continue
                singles += 1
                lacking[one] -= 1
                heap = heaps[receiver]
                if len(heap) < places[receiver]:
                    heappush(heap, (-rank, names[at], one))
                else:
                    refused = heapreplace(heap, (-rank, names[at], one))[2]
                    lacking[refused] += 1
                    if refused != one:
                        stack.append(refused)
                if len(heap) == places[receiver]:
                    cut[receiver] = -heap[0][0]
        return np.array([entry for heap in heaps for _rank, entry, _owner in heap], np.int64), singles
