"""Sharing the cost of a lot among any number of towns.

What a group of towns pays depends only on how many units it buys. So the Shapley value of hundreds of towns can be
sampled over whole arrays: a permutation is a row, the units bought so far its running sum.
Up to ``shapley.EXACT`` towns it is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.lots import Lot, Tier, cost_game, price
from machi.joint.engine.shapley import EXACT, ORDERS, Z95, Shapley
from machi.joint.engine.sharing import Member, Share, share

_CELLS = 2_000_000
"""Of an array at a time: memory stays small however many towns there are."""


def sharing_of(
    members: Sequence[Member], lot: Lot, tiers: Sequence[Tier], tender: int, *, equal_part: Fraction
) -> list[Share]:
    """``sharing.share`` of a lot's cost: the least that buys its units by ``tiers``, and one tender's yen."""
    cost = cost_game(lot, tiers, tender)
    if len(members) <= EXACT:
        return share(members, cost, equal_part=equal_part)
    keys = [one.key for one in members]
    wanted = dict.fromkeys(keys, 0)
    for one in lot.demands:
        if one.town in wanted:
            wanted[one.town] += one.quantity
    value = sampled(keys, list(wanted.values()), tiers, tender)
    return share(members, cost, equal_part=equal_part, value=value)


def sampled(
    players: Sequence[str],
    quantities: Sequence[int],
    tiers: Sequence[Tier],
    tender: int,
    *,
    orders: int = ORDERS,
    seed: int = 0,
) -> Shapley:
    """The Shapley value by sampled orders, each taken with its reverse; standard errors from the pairs' means."""
    pairs = orders // 2
    if pairs < 2:
        raise ValueError("an error needs two pairs of orders at least")
    rng = np.random.default_rng(seed)
    wanted = np.asarray(quantities, dtype=np.int64)
    price(tiers, 0)  # refuses tiers that make no sense
    sums = np.zeros(len(players), dtype=np.int64)
    squares = np.zeros(len(players), dtype=np.float64)
    rows = max(1, _CELLS // max(1, len(players)))
    for start in range(0, pairs, rows):
        count = min(rows, pairs - start)
        order = rng.permuted(np.tile(np.arange(len(players)), (count, 1)), axis=1)
        added = _added(order, wanted, tiers, tender) + _added(order[:, ::-1], wanted, tiers, tender)
        sums += added.sum(axis=0)
        squares += (added.astype(np.float64) ** 2).sum(axis=0)
    mean = sums / pairs
    variance = np.maximum(squares - pairs * mean**2, 0.0) / (pairs - 1)
    # A pair's two values are averaged: half the sum, a quarter of its variance.
    half = Z95 * np.sqrt(variance / pairs / 4)
    return Shapley(
        {key: Fraction(int(total), 2 * pairs) for key, total in zip(players, sums, strict=True)},
        {key: float(one) for key, one in zip(players, half, strict=True)},
        exact=False,
    )


def _added(
    order: NDArray[np.int64], wanted: NDArray[np.int64], tiers: Sequence[Tier], tender: int
) -> NDArray[np.int64]:
    """What each player adds to the cost in each order: a row an order, a column a player."""
    steps = np.diff(_cost(np.cumsum(wanted[order], axis=1), tiers, tender), axis=1, prepend=0)
    added = np.empty_like(steps)
    np.put_along_axis(added, order, steps, axis=1)
    return added


def _cost(units: NDArray[np.int64], tiers: Sequence[Tier], tender: int) -> NDArray[np.int64]:
    """``lots.price`` over an array: the cheapest of the tier reached and the beginnings of later ones."""
    starts = np.array([one.quantity for one in tiers], dtype=np.int64)
    prices = np.array([one.unit_price for one in tiers], dtype=np.int64)
    reached = np.searchsorted(starts, units, side="right") - 1
    cost = prices[np.maximum(reached, 0)] * units
    for start, unit_price in zip(starts[1:], prices[1:], strict=True):
        cost = np.where(units < start, np.minimum(cost, unit_price * start), cost)
    return np.where(units > 0, cost + tender, 0)
