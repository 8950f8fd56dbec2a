"""No route can be worth more than this: all days' minutes in one bag, each visit with the shortest ways around it.

A visit takes its duration and, of the ways to and from it, at least half of the shortest each. Opening hours and the
order are left out, so the bound is loose but holds for trips of any size, and takes milliseconds (a 0/1 knapsack by
dynamic programming).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from machi.joint.engine.routes_model import Spot, Trip, Ways


def knapsack_bound(trip: Trip, spots: Sequence[Spot], ways: Ways) -> int:
    """In half minutes, so that halves of ways stay whole."""
    room = 0
    for number, day in enumerate(trip.days):
        lunch = trip.lunch_on(number)
        room += max(0, 2 * (day.end - day.begin - (lunch.minutes if lunch else 0)))
    best = np.zeros(room + 1, dtype=np.int64)
    for at, spot in enumerate(spots):
        others = [other for other in range(len(spots)) if other != at]
        here = min([ways.between[other][at] for other in others] + [way[at] for way in ways.out])
        onward = min([ways.between[at][other] for other in others] + [way[at] for way in ways.back])
        weight = 2 * spot.visit + here + onward
        if weight <= room:
            best[weight:] = np.maximum(best[weight:], best[: room + 1 - weight] + spot.prize)
    return int(best[-1])
