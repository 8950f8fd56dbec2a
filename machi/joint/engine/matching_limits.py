"""Matching under hours and budgets, and how many pairs block any matching.

With hours of an expert and the budget of a town a stable matching need not exist, and whether one does is NP-complete
(McDermid and Manlove 2010, "Keeping partners together"). So nothing is claimed here: ``accept_within_limits`` follows
a written procedure, counts the pairs that block its result, and returns them.

1. Pairs that would not fit even alone are left out (see ``fits_alone``).
2. Deferred acceptance with greedy choice: who proposes goes down its list and proposes wherever quota and limit still
   have room; the receiver takes, best first, all it has room for among those held and the newcomer. A refusal is final.
3. Mending: while pairs block, the first of them (by the proposing side's tier, then by number) is made, and each of the
   two gives up its worst partners, of those it ranks strictly lower, until there is room. After ``PASSES`` passes, or
   when a matching comes back, the matching met with the fewest blocking pairs is the result.

Without limits step 2 is deferred acceptance itself and nothing blocks. A blocking pair is defined in ``stability``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.matching import Market, Matching, Side

Ints = NDArray[np.int64]
PASSES = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """Hours a month and yen a month; ``hours`` and ``cost`` of each pair, by the experts' entries. None negative."""

    expert_hours: Ints
    town_budget: Ints
    hours: Ints
    cost: Ints


@dataclass(frozen=True, slots=True)
class Outcome:
    """``blocking``: the experts' entries of pairs that block; ``mended``: pairs made in step 3 on the way there."""

    matching: Matching
    blocking: Ints
    mended: int


def no_limits(both: Market) -> Limits:
    zero = np.zeros(len(both.experts.other), np.int64)
    return Limits(np.zeros_like(both.expert_quota), np.zeros_like(both.town_quota), zero, zero)


def fits_alone(both: Market, limits: Limits) -> NDArray[np.bool_]:
    """Of each pair, whether hours and budget suffice for it alone."""
    enough = limits.hours <= limits.expert_hours[both.experts.owner()]
    fits: NDArray[np.bool_] = enough & (limits.cost <= limits.town_budget[both.experts.other])
    return fits


def blocking(both: Market, entries: Ints, limits: Limits | None = None) -> Ints:
    """The experts' entries that block the matching ``entries``; against everyone's lists, so pins may cause some."""
    bounds = limits or no_limits(both)
    expert, town = both.experts.owner(), both.experts.other
    tier_at_town = both.towns.tier[both.town_entry]
    one = np.ones(len(town), np.int64)
    free = np.ones(len(town), bool)
    free[entries] = False
    for owner, tier, size, room in (
        (expert, both.experts.tier, one, both.expert_quota),
        (expert, both.experts.tier, bounds.hours, bounds.expert_hours),
        (town, tier_at_town, one, both.town_quota),
        (town, tier_at_town, bounds.cost, bounds.town_budget),
    ):
        free &= _taken(owner, tier, size, entries) + size <= room[owner]
    return np.flatnonzero(free)


def _taken(owner: Ints, tier: Ints, size: Ints, entries: Ints) -> Ints:
    """Of each entry: what its owner has given to partners it ranks no lower."""
    span = int(tier.max(initial=0)) + 1
    key = owner * span + tier
    held = entries[np.argsort(key[entries], kind="stable")]
    total = np.concatenate([[0], np.cumsum(size[held])])
    upto = np.searchsorted(key[held], key, side="right")
    before = np.searchsorted(key[held], owner * span, side="left")
    taken: Ints = total[upto] - total[before]
    return taken


def accept_within_limits(
    both: Market,
    limits: Limits,
    proposing: Side = Side.EXPERTS,
    *,
    pinned: Sequence[int] = (),
    closed: Sequence[int] = (),
    passes: int = PASSES,
) -> Outcome:
    """The procedure above. Pins are kept throughout; blocking pairs are those not closed.

    ValueError where a pin is closed or the pins exceed a quota or a limit.
    """
    fixed, open_ = set(pinned), np.ones(len(both.experts.other), bool)
    open_[np.asarray(closed, np.int64)] = False
    if not open_[np.asarray(pinned, np.int64)].all():
        raise ValueError("a pair is both pinned and forbidden")
    open_ &= fits_alone(both, limits)
    desk = _Desk(both, limits, fixed)
    _propose(desk, both, open_, proposing)
    order = np.argsort(
        both.experts.tier if proposing is Side.EXPERTS else both.towns.tier[both.town_entry], kind="stable"
    )
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    seen, best, mended = set(), None, 0
    while True:
        entries = np.array(sorted(desk.held), np.int64)
        blocked = blocking(both, entries, limits)
        blocked = blocked[open_[blocked]]
        if best is None or len(blocked) < len(best.blocking):
            best = Outcome(Matching(entries), blocked, mended)
        state = entries.tobytes()
        if not len(blocked) or mended == passes or state in seen:
            return best
        seen.add(state)
        wanted = blocked[np.argsort(place[blocked])].tolist()
        if not any(desk.make(entry) for entry in wanted):
            return best
        mended += 1


def _propose(desk: _Desk, both: Market, open_: NDArray[np.bool_], proposing: Side) -> None:
    """Step 2. A proposer starts again from the top after a refusal: room it got back may fit an earlier wish."""
    if proposing is Side.EXPERTS:
        start, to_entry = both.experts.start, np.arange(len(open_))
    else:
        start, to_entry = both.towns.start, both.expert_entry
    me = 0 if proposing is Side.EXPERTS else 1
    wishes = [
        [entry for entry in to_entry[first:last].tolist() if open_[entry]]
        for first, last in zip(start[:-1].tolist(), start[1:].tolist(), strict=True)
    ]
    refused: set[int] = set()
    waiting = list(range(len(wishes)))[::-1]
    while waiting:
        one = waiting.pop()
        for entry in wishes[one]:
            if entry in desk.held or entry in refused or not desk.room(me, one, entry):
                continue
            gone = desk.offer(1 - me, entry)
            refused.update(gone)
            if gone:
                waiting += [desk.owner[me][other] for other in gone]
                break


class _Desk:
    """Who holds whom while the procedure runs; side 0 experts, side 1 towns."""

    def __init__(self, both: Market, limits: Limits, fixed: set[int]) -> None:
        self.owner = both.experts.owner().tolist(), both.experts.other.tolist()
        self.rank = both.experts.tier.tolist(), both.towns.tier[both.town_entry].tolist()
        # within a tier the lots decide, which is the order of the entries
        self.order = list(range(len(self.rank[0]))), both.town_entry.tolist()
        self.size = limits.hours.tolist(), limits.cost.tolist()
        self.places = both.expert_quota.tolist(), both.town_quota.tolist()
        self.bound = limits.expert_hours.tolist(), limits.town_budget.tolist()
        self.mine: tuple[list[list[int]], ...] = tuple([[] for _ in places] for places in self.places)
        self.held: set[int] = set()
        self.fixed = fixed
        for entry in sorted(fixed):
            if not (self.room(0, self.owner[0][entry], entry) and self.room(1, self.owner[1][entry], entry)):
                raise ValueError("pinned pairs exceed a quota or a limit")
            self._add(entry)

    def room(self, side: int, one: int, entry: int) -> bool:
        mine, size = self.mine[side][one], self.size[side]
        fits: bool = (
            len(mine) < self.places[side][one]
            and sum(size[e] for e in mine) + size[entry] <= self.bound[side][one]
        )
        return fits

    def offer(self, side: int, entry: int) -> list[int]:
        """The receiver takes best first what it has room for; returns whom it has not (any more)."""
        one = self.owner[side][entry]
        candidates = [e for e in self.mine[side][one] if e not in self.fixed]
        for other in candidates:
            self._drop(other)
        gone = []
        for other in sorted([*candidates, entry], key=self.order[side].__getitem__):
            if self.room(side, one, other):
                self._add(other)
            else:
                gone.append(other)
        return gone

    def make(self, entry: int) -> bool:
        """Makes a pair that blocks, each side giving up its worst; False where it would cost a pinned pair."""
        given_up: list[int] = []
        for side in (0, 1):
            one = self.owner[side][entry]
            rank = self.rank[side]
            lower = [e for e in self.mine[side][one] if rank[e] > rank[entry] and e not in self.fixed]
            lower.sort(key=self.order[side].__getitem__)
            while not self.room(side, one, entry):
                if not lower:
                    for other in given_up:
                        self._add(other)
                    return False
                self._drop(lower[-1])
                given_up.append(lower.pop())
        self._add(entry)
        return True

    def _add(self, entry: int) -> None:
        self.held.add(entry)
        for side in (0, 1):
            self.mine[side][self.owner[side][entry]].append(entry)

    def _drop(self, entry: int) -> None:
        self.held.remove(entry)
        for side in (0, 1):
            self.mine[side][self.owner[side][entry]].remove(entry)
