"""A route by putting in, again and again, what brings most for the time it takes: the search's first route."""

from __future__ import annotations

from collections.abc import Sequence

from machi.joint.engine.routes_model import Spot, Trip, Ways
from machi.joint.engine.routes_order import timed
from machi.joint.engine.routes_slack import Slack

SHAKES = 200


def improved(trip: Trip, spots: Sequence[Spot], ways: Ways, shakes: int = SHAKES) -> list[list[int]]:
    """The greedy route shaken: some visits in a row are taken out of each day, and what brings most is put in again
    (iterated local search, the same paper). Which ones follows from the number of the shake, not from chance."""
    best = now = inserted(trip, spots, ways)
    row, at = 1, 0
    for _shake in range(shakes):
        longest = max((len(order) for order in now), default=0)
        if not longest or sum(map(len, best)) == len(spots):
            break
        shaken = [_without(order, at, row) for order in now]
        now = inserted(trip, spots, ways, shaken)
        if worth(spots, now) > worth(spots, best):
            best, row = now, 1
        at += row
        row = row % max(longest // 2, 1) + 1
    return best


def worth(spots: Sequence[Spot], orders: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Musts visited, then prizes; orders compare by it."""
    visited = [spots[at] for order in orders for at in order]
    return sum(spot.must for spot in visited), sum(spot.prize for spot in visited)


def _without(order: Sequence[int], at: int, row: int) -> list[int]:
    gone = {(at + step) % len(order) for step in range(row)} if order else set()
    return [one for place, one in enumerate(order) if place not in gone]


def inserted(
    trip: Trip, spots: Sequence[Spot], ways: Ways, begun: Sequence[Sequence[int]] = ()
) -> list[list[int]]:
    """For each day the places in ``spots`` to visit, in order, beginning with ``begun``. Musts go in first; then the
    largest prize squared for the minutes added (the ratio of Vansteenwegen et al., Iterated local search for the team
    orienteering problem with time windows, Computers & OR 36, 2009)."""
    orders: list[list[int]] = [list(order) for order in begun] or [[] for _ in trip.days]
    there = {at for order in orders for at in order}
    able = [day for day in range(len(trip.days)) if timed(trip, day, spots, ways, orders[day])]
    waiting = [at for at, spot in enumerate(spots) if (spot.prize or spot.must) and at not in there]
    for musts in (True, False):
        left = [at for at in waiting if spots[at].must is musts]
        best = {day: _best_into(trip, day, spots, ways, orders[day], left) for day in able}
        while found := [(*one, day) for day, one in best.items() if one]:
            _ratio, place, at, day = max(found, key=lambda one: one[0])
            orders[day].insert(place, at)
            left.remove(at)
            for other, one in best.items():
                if other == day or (one and one[2] == at):
                    best[other] = _best_into(trip, other, spots, ways, orders[other], left)
    return orders


def _best_into(
    trip: Trip, day: int, spots: Sequence[Spot], ways: Ways, order: Sequence[int], left: Sequence[int]
) -> tuple[float, int, int] | None:
    """What to put into a day next: the ratio, after how many visits, and which."""
    slack = Slack(trip, day, spots, ways, order)
    best: tuple[float, int, int] | None = None
    for at in left:
        if spots[at].windows[day] is None:
            continue
        prize = max(spots[at].prize, 1)
        for place in range(len(order) + 1):
            added = slack.added(at, place)
            if added is not None and (best is None or prize * prize / max(added, 1) > best[0]):
                best = prize * prize / max(added, 1), place, at
    return best
