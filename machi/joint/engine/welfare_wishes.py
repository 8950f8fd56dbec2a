"""Joint wishes: the places of all members of a household together, best first.

A joint wish is better the smaller the sum of its members' ranks; among equals the same facility for all comes first,
then the smaller worst rank, then the eldest's (first member's) rank. Partial wishes come after all complete ones:
first those that place more members, an unplaced one counting as nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, product

from machi.joint.engine.welfare import Together

NOWHERE = -1
MOST = 100
"""Joint wishes kept of one household: the best; later ones are cut, which only ever shortens what it asks for."""

Wish = tuple[int, ...]
"""A facility's number for each member, or ``NOWHERE``."""


def joint_wishes(
    wishes: Sequence[Sequence[int]], together: Together, partly: bool, near: Callable[[int, int], bool]
) -> list[Wish]:
    """``wishes`` of each member: facility numbers, best first."""
    ranks = [{facility: rank for rank, facility in enumerate(one)} for one in wishes]
    if together is Together.SEPARATE:
        raise ValueError("who wants to be separate has no joint wishes")
    found: list[Wish] = []
    for size in range(len(wishes), 0 if partly else len(wishes) - 1, -1):
        some: list[Wish] = []
        for members in combinations(range(len(wishes)), size):
            for places in _places([wishes[one] for one in members], together, near):
                wish = [NOWHERE] * len(wishes)
                for one, place in zip(members, places, strict=True):
                    wish[one] = place
                some.append(tuple(wish))
        found += sorted(some, key=lambda wish: _order(wish, ranks))
    return found[:MOST]


def _places(
    wishes: Sequence[Sequence[int]], together: Together, near: Callable[[int, int], bool]
) -> list[tuple[int, ...]]:
    if together is Together.SAME:
        return [(place,) * len(wishes) for place in wishes[0] if all(place in one for one in wishes[1:])]
    everything = product(*wishes)
    if together is Together.ANY:
        return list(everything)
    return [
        places
        for places in everything
        if all(one == other or near(one, other) for one, other in combinations(places, 2))
    ]


def _order(wish: Wish, ranks: Sequence[dict[int, int]]) -> tuple[int, bool, int, tuple[int, ...]]:
    each = tuple(rank[place] for rank, place in zip(ranks, wish, strict=True) if place != NOWHERE)
    places = {place for place in wish if place != NOWHERE}
    return sum(each), len(places) > 1, max(each), each
