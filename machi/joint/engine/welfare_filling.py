"""Filling places by claims: steps 1 and 2 of ``welfare_allocation``."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from machi.joint.engine.welfare_market import PlacesMarket, placed
from machi.joint.engine.welfare_state import State

RESTLESS = 30
"""Places a unit may take before it waits: where no stable allocation is near, claims go round in circles."""

Asker = tuple[int, int]
"""A unit and the number of its wish."""


def fill(state: State, order: Sequence[int]) -> None:
    """Lets the units join in the order given, each followed by all whom that moves, until nobody moves."""
    by_facility, by_quota = _askers(state.market)
    joined: set[int] = set()
    taken = [0] * len(state.wish)
    for first in order:
        joined.add(first)
        waiting, queued = deque([first]), {first}
        while waiting:
            unit = waiting.popleft()
            queued.discard(unit)
            if taken[unit] >= RESTLESS:
                continue
            for wish in state.better(unit):
                lost = state.claim(unit, wish)
                if lost is None:
                    state.refuse(unit, wish)
                    continue
                taken[unit] += 1
                freed, quotas = state.take(unit, wish, lost)
                askers = {asker for place in freed for asker in by_facility[place]}
                askers.update(asker for quota in quotas for asker in by_quota[quota])
                again = sorted(lost) + _moved(state, askers, joined)
                fresh = [one for one in dict.fromkeys(again) if one not in queued]
                waiting.extend(fresh)
                queued.update(fresh)
                break


def _moved(state: State, askers: set[Asker], joined: set[int]) -> list[int]:
    """Whose refused claim is justified now."""
    return [
        unit
        for unit, wish in sorted(askers)
        if unit in joined and wish in state.better(unit) and state.claim(unit, wish) is not None
    ]


def _askers(market: PlacesMarket) -> tuple[list[list[Asker]], list[list[Asker]]]:
    """Who has which wish at each facility, and under each quota."""
    by_facility: list[list[Asker]] = [[] for _ in market.facilities]
    by_quota: list[list[Asker]] = [[] for _ in market.quotas]
    for at, unit in enumerate(market.units):
        for number, wish in enumerate(unit.wishes):
            places = placed(wish, unit.members)
            for place in {place for _one, place in places}:
                by_facility[place].append((at, number))
            for quota in {market.group[one][place] for one, place in places if place in market.group[one]}:
                by_quota[quota].append((at, number))
    return by_facility, by_quota
