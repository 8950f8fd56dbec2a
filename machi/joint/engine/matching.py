"""Two sides that choose each other, each with quotas and ties: experts and towns.

A ``Market`` keeps both sides' lists in CSR form, only pairs that both sides listed. Ties are kept as tiers and broken
by lots that hang on names alone, never on the order of the input; so the same people and the same seed always give
the same matching.

Stability here is pairwise stability for responsive preferences with quotas (Roth 1984, "Stability and polarization of
interests in job matching"; Roth and Sotomayor 1990, ch. 5), in its weak form for ties (Irving 1994): no expert and
town that are not paired would both strictly gain by it. Such a matching always exists and ``deferred_acceptance``
finds one: the best for the proposing side among those that the broken ties leave stable. With hours and budgets none
need exist: see ``matching_limits``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from machi.joint.engine.matching_rounds import Rounds, propose

Ints = NDArray[np.int64]


class Side(StrEnum):
    EXPERTS = "experts"
    TOWNS = "towns"


@dataclass(frozen=True, slots=True)
class Lists:
    """One side's lists. Entries ``start[i]`` to ``start[i + 1]`` are the list of i, best first.

    ``other`` whom the entry names; ``tier`` 0 is best, equal tiers of one list are ties.
    """

    start: Ints
    other: Ints
    tier: Ints

    def owner(self) -> Ints:
        """Whose list each entry belongs to."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))


@dataclass(frozen=True, slots=True)
class Market:
    """Both sides' lists, of the same pairs, ties in the order of the lots.

    ``town_entry[e]`` is where the towns' lists hold the pair of the experts' entry ``e``; ``expert_entry`` the other
    way. ``experts_unreturned[i]``: how many that i listed did not list i; such wishes are no pairs of the market.
    """

    experts: Lists
    towns: Lists
    town_entry: Ints
    expert_entry: Ints
    expert_quota: Ints
    town_quota: Ints
    experts_unreturned: Ints
    towns_unreturned: Ints

    def entry(self, expert: int, town: int) -> int | None:
        """The experts' entry of a pair; None where the two did not list each other."""
        first, last = self.experts.start[expert], self.experts.start[expert + 1]
        found = np.flatnonzero(self.experts.other[first:last] == town)
        return int(first + found[0]) if len(found) else None


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs, as entries of the experts' lists, ascending."""

    entries: Ints
    rounds: Rounds = field(default_factory=Rounds)

    def pairs(self, market: Market) -> list[tuple[int, int]]:
        """(expert, town), ascending."""
        owner = market.experts.owner()[self.entries]
        return sorted(zip(owner.tolist(), market.experts.other[self.entries].tolist(), strict=True))


def lists(tiers: Sequence[Sequence[Sequence[int]]]) -> Lists:
    """From nested lists: of each owner, its tiers best first, each a list of whom it names."""
    rows = [[(one, tier) for tier, group in enumerate(groups) for one in group] for groups in tiers]
    start = np.zeros(len(rows) + 1, np.int64)
    start[1:] = np.cumsum([len(row) for row in rows])
    flat = np.array([pair for row in rows for pair in row], np.int64).reshape(-1, 2)
    return Lists(start, flat[:, 0], flat[:, 1])


def lots(names: Sequence[str], seed: str) -> Ints:
    """A drawing order that hangs on seed and name only: the lot of each name, all different.

    ValueError for a name given twice.
    """
    if len(set(names)) != len(names):
        raise ValueError("names must differ")
    drawn = [hashlib.sha256(f"{seed}\n{name}".encode()).digest() for name in names]
    order = sorted(range(len(names)), key=drawn.__getitem__)
    lot = np.empty(len(names), np.int64)
    lot[order] = np.arange(len(names))
    return lot


def market(
    experts: Lists,
    towns: Lists,
    expert_quota: Sequence[int] | Ints,
    town_quota: Sequence[int] | Ints,
    *,
    expert_lot: Ints | None = None,
    town_lot: Ints | None = None,
) -> Market:
    """Puts two sides' lists together; pairs that only one side listed are left out and counted.

    ``expert_lot``, ``town_lot``: see ``lots``; without them the lower number wins a tie.
    ValueError for quotas below 0 or of another length, numbers that do not exist, a pair listed twice by one side, and
    tiers that do not ascend within a list.
    """
    quotas = np.asarray(expert_quota, np.int64), np.asarray(town_quota, np.int64)
    sizes = len(experts.start) - 1, len(towns.start) - 1
    if (len(quotas[0]), len(quotas[1])) != sizes or any((quota < 0).any() for quota in quotas):
        raise ValueError("one quota a participant, none negative")
    _check(experts, sizes[1])
    _check(towns, sizes[0])
    experts = _break_ties(experts, np.arange(sizes[1]) if town_lot is None else town_lot)
    towns = _break_ties(towns, np.arange(sizes[0]) if expert_lot is None else expert_lot)
    mine, theirs = _common(experts, towns, sizes)
    town_entry = np.full(len(experts.other), -1, np.int64)
    town_entry[mine] = theirs
    expert_entry = np.full(len(towns.other), -1, np.int64)
    expert_entry[theirs] = mine
    experts, expert_moved, experts_unreturned = _only(experts, town_entry >= 0)
    towns, town_moved, towns_unreturned = _only(towns, expert_entry >= 0)
    town_entry = town_moved[town_entry[town_entry >= 0]]
    expert_entry = expert_moved[expert_entry[expert_entry >= 0]]
    return Market(experts, towns, town_entry, expert_entry, *quotas, experts_unreturned, towns_unreturned)


def deferred_acceptance(
    both: Market, proposing: Side = Side.EXPERTS, *, pinned: Sequence[int] = (), closed: Sequence[int] = ()
) -> Matching:
    """The stable matching that is best for the proposing side (Gale and Shapley 1962), ties broken by the lots.

    ``pinned`` and ``closed`` are experts' entries: pairs that are made beforehand and take their places, and pairs
    that may not be. The rest is stable among what remains; against everyone's lists pairs may block it then.
    Ties are broken once for both sides, which gives a weakly stable matching, not always the largest one (finding that
    is NP-hard: Manlove et al. 2002). ValueError where pins exceed a quota or meet a closed pair.
    """
    fixed = np.unique(np.asarray(pinned, np.int64))
    shut = np.asarray(closed, np.int64)
    if len(np.intersect1d(fixed, shut)):
        raise ValueError("a pair is both pinned and forbidden")
    expert_left = both.expert_quota - _counts(both.experts.owner(), fixed, len(both.expert_quota))
    town_left = both.town_quota - _counts(both.experts.other, fixed, len(both.town_quota))
    if (expert_left < 0).any() or (town_left < 0).any():
        raise ValueError("pinned pairs exceed a quota")
    open_ = np.ones(len(both.experts.other), bool)
    open_[fixed] = open_[shut] = False
    if proposing is Side.EXPERTS:
        held, rounds = _run(both.experts, both.town_entry, open_, expert_left, town_left)
    else:
        held, rounds = _run(both.towns, both.expert_entry, open_[both.expert_entry], town_left, expert_left)
        held = both.expert_entry[held]
    return Matching(np.sort(np.concatenate([fixed, held])), rounds)


def _run(side: Lists, key: Ints, open_: NDArray[np.bool_], quota: Ints, others: Ints) -> tuple[Ints, Rounds]:
    if open_.all():
        return propose(side.start, side.other, key, quota, others)
    kept = np.flatnonzero(open_)
    held, rounds = propose(np.searchsorted(kept, side.start), side.other[kept], key[kept], quota, others)
    return kept[held], rounds


def _counts(of: Ints, entries: Ints, size: int) -> Ints:
    return np.bincount(of[entries], minlength=size)


def _check(side: Lists, others: int) -> None:
    if len(side.other) and not (side.other.min() >= 0 and side.other.max() < others):
        raise ValueError("a list names somebody who does not exist")
    inside = np.ones(len(side.tier), bool)
    inside[side.start[:-1][side.start[:-1] < len(side.tier)]] = False
    if (np.diff(side.tier, prepend=0)[inside] < 0).any():
        raise ValueError("tiers must ascend within a list")


def _break_ties(side: Lists, lot: Ints) -> Lists:
    """Each list in the order (tier, lot). Only entries that share a tier with a neighbour are moved."""
    owner = side.owner()
    same = (np.diff(side.tier) == 0) & (np.diff(owner) == 0)
    tied = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False) if len(same) else same)
    if not len(tied):
        return side
    group = np.cumsum(np.append(True, (np.diff(side.tier[tied]) != 0) | (np.diff(owner[tied]) != 0)))
    order = np.argsort(group * (int(lot.max(initial=0)) + 1) + lot[side.other[tied]])
    other = side.other.copy()
    other[tied] = side.other[tied][order]
    return Lists(side.start, other, side.tier)


def _common(experts: Lists, towns: Lists, sizes: tuple[int, int]) -> tuple[Ints, Ints]:
    """The entries of both sides that name the same pairs. Sorting is by counting (CSR to CSC and back)."""
    mine = csr_array((np.arange(len(experts.other)), experts.other, experts.start), shape=sizes).tocsc()
    theirs = csr_array((np.arange(len(towns.other)), towns.other, towns.start), shape=sizes[::-1])
    keys = []
    for one in (mine.tocsr(), theirs.T.tocsr()):
        key = np.repeat(np.arange(sizes[0]), np.diff(one.indptr)) * sizes[1] + one.indices
        if (np.diff(key) <= 0).any():
            raise ValueError("a pair is listed twice")
        keys.append((key, one.data))
    (my_key, my_entry), (their_key, their_entry) = keys
    at = np.searchsorted(their_key, my_key)
    found = at < len(their_key)
    found[found] = their_key[at[found]] == my_key[found]
    return my_entry[found], their_entry[at[found]]


def _only(side: Lists, kept: NDArray[np.bool_]) -> tuple[Lists, Ints, Ints]:
    """The lists with some entries only, where each old entry went, and how many each owner lost."""
    moved = np.cumsum(kept) - 1
    start = np.concatenate([[0], np.cumsum(kept)])[side.start]
    lost = np.diff(side.start) - np.diff(start)
    return Lists(start, side.other[kept], side.tier[kept]), moved, lost
