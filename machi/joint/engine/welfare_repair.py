"""The part of a market around unmet claims, solved exactly: as few units with a justified claim as can be.

CP-SAT (OR-Tools) on a growing part: the units with unmet claims, then everybody who holds or wants a place there. Those
outside keep their places, and whether their claims become justified is counted all the same. A proof for the whole
market needs the part to be whole: all that are linked to it through wishes.
Model after Sun et al. 2024, "Stable matchings in practice: a constraint programming approach", and Manlove, McBride and
Trimble 2017, "'Almost-stable' matchings in the hospitals/residents problem with couples".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from machi.joint.engine.welfare_market import PlacesMarket, placed
from machi.joint.engine.welfare_state import State

if TYPE_CHECKING:
    from machi.joint.engine.welfare_model import Solved


@dataclass(frozen=True, slots=True)
class Effort:
    """``work`` of each exact solution, in CP-SAT's deterministic time; ``widest``: units that may move at once."""

    work: float = 1.0
    widest: int = 300
    parts: int = 6


def repair(
    state: State, unmet: list[int], effort: Effort, told: Callable[[int], None] = lambda done: None
) -> int:
    """Improves the allocation where it can; returns how few unmet claims any allocation has at least (0: unknown).
    ``told`` hears how many parts have been solved."""
    from machi.joint.engine.welfare_model import solve

    part = set(unmet)
    left = len(unmet)
    for at in range(effort.parts):
        told(at)
        wider = _widened(state.market, part, state)
        if len(wider) > effort.widest:
            return 0
        whole = wider == part
        part = wider
        watchers = set() if whole else _linked(state.market, part) - part
        solved: Solved = solve(state, part, watchers, effort.work)
        if solved.unmet < left:
            state.exchange(solved.wishes)
            left = _count(state)
        if left == 0:
            return 0
        if whole and solved.proven:
            return solved.least
        part |= {unit for unit in range(len(state.wish)) if state.unmet(unit) is not None}
    return 0


def _count(state: State) -> int:
    return sum(state.unmet(unit) is not None for unit in range(len(state.wish)))


Slot = tuple[int, int]
"""What applicants compete for: a facility and a class, or a facility and -1 for all classes that share its seats."""


def _slot(market: PlacesMarket, applicant: int, place: int) -> Slot:
    seats, class_ = market.seats[place], market.class_of[applicant]
    return place, (-1 if seats.flexible and class_ in seats.shared else class_)


def _wanted(market: PlacesMarket, part: set[int]) -> tuple[set[Slot], set[int]]:
    """The slots that the part's wishes are for, and the quotas that count them."""
    pairs = {
        pair
        for unit in part
        for wish in market.units[unit].wishes
        for pair in placed(wish, market.units[unit].members)
    }
    quotas = {market.group[one][place] for one, place in pairs if place in market.group[one]}
    return {_slot(market, one, place) for one, place in pairs}, quotas


def _widened(market: PlacesMarket, part: set[int], state: State) -> set[int]:
    """The part, and all who hold a place that it wants; once nobody is left to add, all who want one."""
    slots, _quotas = _wanted(market, part)
    holders = {
        market.unit_of[one]
        for place in {place for place, _class in slots}
        for one in state.held[place]
        if _slot(market, one, place) in slots
    }
    return part | holders if not holders <= part else part | _linked(market, part)


def _linked(market: PlacesMarket, part: set[int]) -> set[int]:
    """All units with a wish for a slot, or under a quota, that the part has a wish for."""
    slots, quotas = _wanted(market, part)
    return {
        market.unit_of[one]
        for one, rank in enumerate(market.rank)
        if any(_slot(market, one, place) in slots for place in rank)
        or not quotas.isdisjoint(market.group[one].values())
    }
