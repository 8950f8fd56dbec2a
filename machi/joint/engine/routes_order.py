"""One day: when things are done in a given order, and the order with the least travel."""

from __future__ import annotations

from collections.abc import Sequence

from machi.joint.engine.routes_model import DayRoute, Spot, Trip, Visit, Ways, Window

Label = tuple[int, int, tuple[int, ...], int | None]
"""Time, travel, order, lunch after how many visits."""


def timed(trip: Trip, day: int, spots: Sequence[Spot], ways: Ways, order: Sequence[int]) -> DayRoute | None:
    """The day in this order (places in ``spots``), everything as early as can be; None where it does not fit.

    Lunch is put where the day then ends first.
    """
    lunch = trip.lunch_on(day)
    options = (
        [_walked(trip, day, spots, ways, order, after) for after in range(len(order) + 1)] if lunch else []
    )
    found = [one for one in options or [_walked(trip, day, spots, ways, order, None)] if one]
    return min(found, key=lambda one: one.end, default=None)


def _walked(
    trip: Trip, day: int, spots: Sequence[Spot], ways: Ways, order: Sequence[int], after: int | None
) -> DayRoute | None:
    now, lunch, visits = trip.days[day].begin, None, []
    for place, at in enumerate((*order, None)):
        if place == after:
            if (lunch := lunch_from(trip, now)) is None:
                return None
            now = lunch[1]
        if at is None:
            break
        travel = ways.out[day][at] if not place else ways.between[order[place - 1]][at]
        begin = begin_at(spots[at], day, now + travel)
        if begin is None:
            return None
        now = begin + spots[at].visit
        visits.append(Visit(spots[at].key, begin, now, travel))
    back = ways.back[day][order[-1]] if order else ways.through[day]
    if now + back > trip.days[day].end:
        return None
    return DayRoute(tuple(visits), lunch, after, back, now + back)


def begin_at(spot: Spot, day: int, arrival: int) -> int | None:
    """When a visit begins for one who arrives then; None: it would not end before closing."""
    window = spot.windows[day]
    if window is None or max(arrival, window[0]) + spot.visit > window[1]:
        return None
    return max(arrival, window[0])


def lunch_from(trip: Trip, now: int) -> Window | None:
    lunch = trip.lunch
    if lunch is None or now > lunch.latest:
        return None
    begin = max(now, lunch.earliest)
    return begin, begin + lunch.minutes


def best_order(
    trip: Trip, day: int, spots: Sequence[Spot], ways: Ways, chosen: Sequence[int]
) -> DayRoute | None:
    """All of ``chosen`` in one day with the least travel, then the earliest end; None where they do not fit.

    Dynamic programming over sets (Held and Karp): for each set, last place, and lunch had or not, the pairs of time
    and travel of which none is worse in both.
    """
    size = len(chosen)
    wants_lunch = trip.lunch_on(day) is not None
    labels: dict[tuple[int, int, bool], list[Label]] = {(0, -1, False): [(trip.days[day].begin, 0, (), None)]}
    ends: list[tuple[int, int, Label]] = []
    for done in range(size + 1):
        if wants_lunch:
            for mask, last, had in [key for key in labels if not key[2]]:
                for time, travel, order, _after in labels[mask, last, had]:
                    if rest := lunch_from(trip, time):
                        _keep(labels, (mask, last, True), (rest[1], travel, order, done))
        following: dict[tuple[int, int, bool], list[Label]] = {}
        for (mask, last, had), kept in labels.items():
            for time, travel, order, after in kept:
                if done == size:
                    back = ways.back[day][chosen[last]] if size else ways.through[day]
                    if had == wants_lunch and time + back <= trip.days[day].end:
                        ends.append((travel + back, time + back, (time, travel, order, after)))
                    continue
                for one in range(size):
                    if mask >> one & 1:
                        continue
                    at = chosen[one]
                    way = ways.out[day][at] if last < 0 else ways.between[chosen[last]][at]
                    begin = begin_at(spots[at], day, time + way)
                    if begin is not None:
                        label = (begin + spots[at].visit, travel + way, (*order, at), after)
                        _keep(following, (mask | 1 << one, one, had), label)
        labels = following
    if not ends:
        return None
    _travel, _end, (_time, _way, order, after) = min(ends)
    return _walked(trip, day, spots, ways, order, after)


def _keep(labels: dict[tuple[int, int, bool], list[Label]], key: tuple[int, int, bool], label: Label) -> None:
    kept = labels.setdefault(key, [])
    if any(time <= label[0] and travel <= label[1] for time, travel, *_ in kept):
        return
    kept[:] = [one for one in kept if not (label[0] <= one[0] and label[1] <= one[1])]
    kept.append(label)
