"""What buying together is expected to save where prices are known only as ranges.

Each tier has a unit price at least and at most. The saving is computed at every corner (each tier at one of its ends)
in which a greater quantity costs no more a unit, and told from the least to the most of them: where towns reach no
better tier together the range is a single figure, however unsure the price itself is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from machi.joint.engine.lots import Lot, Saving, Tier, saving

MOST_TIERS = 8


@dataclass(frozen=True, slots=True)
class RangeTier:
    """From this quantity on, every unit costs from ``least`` to ``most`` yen."""

    quantity: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Range:
    """Yen, both ends included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What a lot is expected to cost and to save against each town buying alone."""

    alone: Range
    together: Range
    saves: Range
    by_price: Range
    by_tenders: int
    bought: Range
    """Units: more than was asked where the next tier makes more of them cheaper."""


def check(tiers: Sequence[RangeTier]) -> None:
    """ValueError for tiers that are none or too many, do not begin at 1, do not rise in quantity, or whose prices are
    not positive ranges that fall, or stay, as quantity rises."""
    starts = [one.quantity for one in tiers]
    if not tiers or len(tiers) > MOST_TIERS or starts[0] != 1 or starts != sorted(set(starts)):
        raise ValueError("tiers begin at 1 and rise in quantity")
    if any(not 0 < one.least <= one.most for one in tiers):
        raise ValueError("a price range is positive, and its end not below its beginning")
    if any(after.least > before.least or after.most > before.most for before, after in pairwise(tiers)):
        raise ValueError("a greater quantity does not cost more a unit")


def expected(lot: Lot, tiers: Sequence[RangeTier], tender: int = 0) -> Expected:
    """ValueError as ``check``."""
    check(tiers)
    found = [saving(lot, corner, tender) for corner in _corners(tiers)]
    return Expected(
        alone=_range([sum(one.alone.values()) for one in found]),
        together=_range([one.together for one in found]),
        saves=_range([one.by_price + one.by_tenders for one in found]),
        by_price=_range([one.by_price for one in found]),
        by_tenders=_tenders(found),
        bought=_range([one.price.bought for one in found]),
    )


def _corners(tiers: Sequence[RangeTier]) -> list[list[Tier]]:
    """Both ends of every tier, combined, where unit prices do not rise with quantity."""
    combined = product(*({one.least, one.most} for one in tiers))
    return [
        [Tier(one.quantity, price) for one, price in zip(tiers, prices, strict=True)]
        for prices in combined
        if list(prices) == sorted(prices, reverse=True)
    ]


def _range(values: Sequence[int]) -> Range:
    return Range(min(values), max(values))


def _tenders(found: Sequence[Saving]) -> int:
    (yen,) = {one.by_tenders for one in found}
    return yen
