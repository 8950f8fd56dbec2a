"""The Shapley value of a cost game: what each town adds to the cost, averaged over all orders of joining.

Shapley, A value for n-person games (Contributions to the Theory of Games II, 1953). Exact over all 2^n coalitions
up to ``EXACT`` towns; beyond that by sampled orders, each taken with its reverse (antithetic), with standard errors
(Castro, Gómez & Tejada, Computers & Operations Research 36, 2009). Costs are whole yen; a coalition is a frozenset
of keys, and nobody costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

Cost = Callable[[frozenset[str]], int]
EXACT = 15
ORDERS = 2000
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Shapley:
    values: dict[str, Fraction]
    """Yen; they add up to the cost of all."""
    error: dict[str, float]
    """Half the width of the 95 % confidence interval, in yen; 0 where exact."""
    exact: bool


@dataclass(frozen=True, slots=True)
class Complaint:
    """A coalition that would pay less by itself, by ``excess`` yen."""

    members: frozenset[str]
    pays: int
    alone: int

    @property
    def excess(self) -> int:
        return self.pays - self.alone


def shapley(players: Sequence[str], cost: Cost, *, orders: int = ORDERS, seed: int = 0) -> Shapley:
    """ValueError for players given twice, a cost of nobody that is not 0, or fewer than two orders."""
    if len(set(players)) != len(players):
        raise ValueError("players must differ")
    if cost(frozenset()):
        raise ValueError("a coalition of nobody must cost nothing")
    if len(players) <= EXACT:
        return _exact(players, cost)
    return _sampled(players, cost, orders, seed)


def coalitions(players: Sequence[str]) -> list[frozenset[str]]:
    """All that are neither empty nor everybody, smallest first."""
    return [frozenset(some) for size in range(1, len(players)) for some in combinations(players, size)]


def complaint(players: Sequence[str], cost: Cost, payments: dict[str, int]) -> Complaint | None:
    """The coalition with the greatest complaint (the smallest first); None: the payments are in the core.

    All coalitions are tried: ValueError beyond ``EXACT`` players.
    """
    if len(players) > EXACT:
        raise ValueError(f"the core is checked for up to {EXACT} players")
    worst: Complaint | None = None
    for members in coalitions(players):
        found = Complaint(members, sum(payments[key] for key in members), cost(members))
        if found.excess > (worst.excess if worst else 0):
            worst = found
    return worst


def _exact(players: Sequence[str], cost: Cost) -> Shapley:
    count = len(players)
    known = [
        cost(frozenset(players[at] for at in range(count) if mask >> at & 1)) for mask in range(1 << count)
    ]
    orders = [math.factorial(size) * math.factorial(count - size - 1) for size in range(count)]
    sums = [0] * count
    for mask, without in enumerate(known):
        size = mask.bit_count()
        for at in range(count):
            if not mask >> at & 1:
                sums[at] += orders[size] * (known[mask | 1 << at] - without)
    values = {key: Fraction(total, math.factorial(count)) for key, total in zip(players, sums, strict=True)}
    return Shapley(values, dict.fromkeys(players, 0.0), exact=True)


def _sampled(players: Sequence[str], cost: Cost, orders: int, seed: int) -> Shapley:
    pairs = orders // 2
    if pairs < 2:
        raise ValueError("an error needs two pairs of orders at least")
    rng = np.random.default_rng(seed)
    known: dict[frozenset[str], int] = {frozenset(): 0}
    sums, squares = dict.fromkeys(players, 0), dict.fromkeys(players, 0)
    for _ in range(pairs):
        order = [players[at] for at in rng.permutation(len(players))]
        added = dict.fromkeys(players, 0)
        for walk in (order, order[::-1]):
            before: frozenset[str] = frozenset()
            for key in walk:
                after = before | {key}
                if after not in known:
                    known[after] = cost(after)
                added[key] += known[after] - known[before]
                before = after
        for key, value in added.items():
            sums[key] += value
            squares[key] += value * value
    values = {key: Fraction(total, 2 * pairs) for key, total in sums.items()}
    error = {
        key: Z95 * math.sqrt(Fraction(squares[key] * pairs - sums[key] ** 2, 4 * pairs * pairs * (pairs - 1)))
        for key in players
    }
    return Shapley(values, error, exact=False)
