"""Joint procurement: lots from what towns want, and what buying together is expected to save.

Demands for the same item can be bought together when a day suits them all. The fewest tenders that serve every
town's window are those at the end of the window that closes first, again and again (the interval point cover, which
this greedy choice solves exactly).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Demand:
    town: str
    item: str
    quantity: int
    """> 0"""
    earliest: date
    latest: date
    """The contract may be made from ``earliest`` to ``latest``, both included."""


@dataclass(frozen=True, slots=True)
class Lot:
    item: str
    on: date
    """The last day that suits all: when the tender must have been decided."""
    demands: tuple[Demand, ...]

    @property
    def quantity(self) -> int:
        return sum(one.quantity for one in self.demands)


@dataclass(frozen=True, slots=True)
class Tier:
    """From this quantity on, every unit costs ``unit_price`` yen."""

    quantity: int
    unit_price: int


@dataclass(frozen=True, slots=True)
class Price:
    """What a quantity costs. ``bought`` is more than was asked where the next tier makes more cheaper."""

    yen: int
    unit_price: int
    bought: int


@dataclass(frozen=True, slots=True)
class Saving:
    """Yen. What buying together saves: by the price tier, and by one tender instead of many."""

    alone: dict[str, int]
    together: int
    by_price: int
    by_tenders: int
    price: Price


def form_lots(demands: Iterable[Demand]) -> list[Lot]:
    """The fewest lots, by item and day; towns stand in the order of their windows, then of their keys.

    ValueError for a quantity that is not positive or a window that ends before it begins.
    """
    by_item: dict[str, list[Demand]] = defaultdict(list)
    for one in demands:
        if one.quantity <= 0 or one.latest < one.earliest:
            raise ValueError(f"{one.town}: a demand needs a quantity and a window")
        by_item[one.item].append(one)
    lots = []
    for item in sorted(by_item):
        waiting = sorted(by_item[item], key=lambda one: (one.latest, one.earliest, one.town))
        while waiting:
            on = waiting[0].latest
            lots.append(Lot(item, on, tuple(one for one in waiting if one.earliest <= on)))
            waiting = [one for one in waiting if one.earliest > on]
    return lots


def price(tiers: Sequence[Tier], quantity: int) -> Price:
    """The least that buys ``quantity`` or more; of equal prices the greater quantity. Nothing costs nothing.

    ValueError for a negative quantity, and for tiers that are none, do not begin at 1, do not rise in quantity, or
    have a negative price.
    """
    starts = [one.quantity for one in tiers]
    if (
        not tiers
        or starts[0] != 1
        or starts != sorted(set(starts))
        or any(one.unit_price < 0 for one in tiers)
    ):
        raise ValueError("tiers begin at 1, rise in quantity and have prices")
    if quantity < 0:
        raise ValueError("a quantity is not negative")
    if quantity == 0:
        return Price(0, 0, 0)
    own = [one for one in tiers if one.quantity <= quantity][-1]
    offers = [Price(own.unit_price * quantity, own.unit_price, quantity)]
    offers += [
        Price(one.unit_price * one.quantity, one.unit_price, one.quantity)
        for one in tiers
        if one.quantity > quantity
    ]
    return min(offers, key=lambda one: (one.yen, -one.bought))


def saving(lot: Lot, tiers: Sequence[Tier], tender: int = 0) -> Saving:
    """What the lot saves if the tiers hold; ``tender`` is the yen that one tender costs a town or a consortium."""
    alone = {town: price(tiers, quantity).yen for town, quantity in _quantities(lot).items()}
    found = price(tiers, lot.quantity)
    return Saving(
        {town: yen + tender for town, yen in alone.items()},
        found.yen + tender,
        sum(alone.values()) - found.yen,
        tender * (len(alone) - 1),
        found,
    )


def cost_game(lot: Lot, tiers: Sequence[Tier], tender: int = 0) -> Callable[[frozenset[str]], int]:
    """What any group of the lot's towns would pay by itself, for ``sharing.share``."""
    quantities = _quantities(lot)

    def cost(members: frozenset[str]) -> int:
        return price(tiers, sum(quantities[town] for town in members)).yen + tender if members else 0

    return cost


def _quantities(lot: Lot) -> dict[str, int]:
    quantities: dict[str, int] = defaultdict(int)
    for one in lot.demands:
        quantities[one.town] += one.quantity
    return dict(quantities)
