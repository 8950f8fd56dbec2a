"""Who holds which place, and whose claims on a better one are justified.

A unit's joint wish is a *justified claim* where, its own places given back, every facility would choose all members the
wish sends there over those it would have to leave, and every such member is within its town's quota by priority. A
unit with a justified claim on a wish it prefers to what it has *blocks* the allocation; an allocation that nobody
blocks is stable (for couples Roth 1984; for brothers and sisters in Japanese daycare Sun et al. 2023, "Daycare
matching in Japan: transfers and siblings").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from machi.joint.engine.welfare_market import PlacesMarket, choose, placed


class Happened(StrEnum):
    """What a step of the trace is."""

    TAKEN = "taken"
    REFUSED = "refused"
    EXCHANGED = "exchanged"
    """Several units' places set together, where no order of claims led to fewer unmet ones."""


@dataclass(frozen=True, slots=True)
class Step:
    """``wish``: which of the unit's wishes (None: none); ``lost``: units that lost all their places by it."""

    happened: Happened
    unit: int
    wish: int | None
    lost: tuple[int, ...] = ()


class State:
    """An allocation as it grows, with its trace."""

    def __init__(self, market: PlacesMarket) -> None:
        self.market = market
        self.wish: list[int | None] = [None] * len(market.units)
        """Which wish each unit has."""
        self.held: list[set[int]] = [set() for _ in market.facilities]
        self.counted: list[dict[int, int]] = [{} for _ in market.quotas]
        """Of each quota the applicants it counts now, and where they are."""
        self.trace: list[Step] = []

    def claim(self, unit: int, wish: int) -> set[int] | None:
        """The units that would lose their places to a justified claim; None where it is not justified."""
        market = self.market
        members = market.units[unit].members
        places = placed(market.units[unit].wishes[wish], members)
        lost: set[int] = set()
        for facility in {place for _one, place in places}:
            newcomers = {one for one, place in places if place == facility}
            _taken, left = choose(market, facility, [*(self.held[facility] - set(members)), *newcomers])
            if not newcomers.isdisjoint(left):
                return None
            lost.update(left)
        for quota in {market.group[one][place] for one, place in places if place in market.group[one]}:
            inside = {one: place for one, place in self.counted[quota].items() if one not in members}
            inside.update((one, place) for one, place in places if market.group[one].get(place) == quota)
            order = sorted(inside, key=lambda one: market.rank[one][inside[one]])
            if any(one in members for one in order[market.quotas[quota] :]):
                return None
            staying = [one for one in order if one not in lost]
            lost.update(staying[market.quotas[quota] :])
        return {market.unit_of[one] for one in lost}

    def take(self, unit: int, wish: int, lost: set[int]) -> tuple[set[int], set[int]]:
        """Gives the unit its wish. Returns the facilities and the quotas in which room may have come free.

        Somebody who loses a place to a newcomer there leaves no room; one who goes or loses it for another reason does.
        """
        market = self.market
        newly = {place for _one, place in placed(market.units[unit].wishes[wish], market.units[unit].members)}
        gone = self._places(unit)
        freed = {place for _one, place in gone}
        for other in lost:
            places = self._places(other)
            gone += places
            freed.update(place for _one, place in places if len(places) > 1 or place not in newly)
        quotas = {market.group[one][place] for one, place in gone if place in market.group[one]}
        for one in (*lost, unit):
            self._clear(one)
        self._set(unit, wish)
        self.trace.append(Step(Happened.TAKEN, unit, wish, tuple(sorted(lost))))
        return freed, quotas

    def refuse(self, unit: int, wish: int) -> None:
        self.trace.append(Step(Happened.REFUSED, unit, wish))

    def exchange(self, wishes: dict[int, int | None]) -> None:
        """Sets several units' places together."""
        for unit in wishes:
            self._clear(unit)
        for unit, wish in sorted(wishes.items()):
            if wish is not None:
                self._set(unit, wish)
            self.trace.append(Step(Happened.EXCHANGED, unit, wish))

    def better(self, unit: int) -> range:
        """The wishes the unit prefers to what it has."""
        has = self.wish[unit]
        return range(len(self.market.units[unit].wishes) if has is None else has)

    def unmet(self, unit: int) -> int | None:
        """The best wish on which the unit has a justified claim; None: it does not block."""
        return next((wish for wish in self.better(unit) if self.claim(unit, wish) is not None), None)

    def _places(self, unit: int) -> list[tuple[int, int]]:
        has = self.wish[unit]
        return (
            []
            if has is None
            else placed(self.market.units[unit].wishes[has], self.market.units[unit].members)
        )

    def _clear(self, unit: int) -> None:
        for one, place in self._places(unit):
            self.held[place].remove(one)
            if place in self.market.group[one]:
                del self.counted[self.market.group[one][place]][one]
        self.wish[unit] = None

    def _set(self, unit: int, wish: int) -> None:
        self.wish[unit] = wish
        for one, place in self._places(unit):
            self.held[place].add(one)
            if place in self.market.group[one]:
                self.counted[self.market.group[one][place]][one] = place
