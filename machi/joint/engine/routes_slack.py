"""What still fits into a day: asked of one spot and one place in the order, answered without walking the day again.

For each place in the order, the earliest moment one is free there and the latest one may still be, with lunch had and
not had. (The times forward and backward of Savelsbergh: The vehicle routing problem with time windows, ORSA Journal
on Computing 4, 1992; lunch makes two of each.)
"""

from __future__ import annotations

from collections.abc import Sequence

from machi.joint.engine.routes_model import Spot, Trip, Ways
from machi.joint.engine.routes_order import begin_at, lunch_from

NEVER = 10**9


class Slack:
    """Of one day with its order, which must be feasible."""

    def __init__(self, trip: Trip, day: int, spots: Sequence[Spot], ways: Ways, order: Sequence[int]) -> None:
        self.trip, self.day, self.spots, self.ways, self.order = trip, day, spots, ways, order
        self.lunch = trip.lunch_on(day)
        self.free = [[NEVER, NEVER] for _ in range(len(order) + 1)]
        """After so many visits, lunch not had and had: when one is free at the earliest."""
        self.arrive = [[-1, -1] for _ in range(len(order) + 1)]
        """At the visit (or the finish) that follows so many: the latest arrival from which all the rest fits."""
        self._forward()
        self._backward()

    def way(self, one: int | None, other: int | None) -> int:
        """None is the start as ``one`` and the finish as ``other``."""
        if one is None:
            return self.ways.through[self.day] if other is None else self.ways.out[self.day][other]
        return self.ways.back[self.day][one] if other is None else self.ways.between[one][other]

    def added(self, at: int, place: int) -> int | None:
        """Minutes that visiting ``at`` after ``place`` visits adds, with travel and waiting; None: it does not fit."""
        before = self.order[place - 1] if place else None
        after = self.order[place] if place < len(self.order) else None
        there, onward = self.way(before, at), self.way(at, after)
        for had in (0, 1):
            free = self.free[place][had]
            begin = begin_at(self.spots[at], self.day, free + there) if free < NEVER else None
            if begin is None:
                continue
            leave = begin + self.spots[at].visit
            rest = lunch_from(self.trip, leave) if self.lunch and not had else None
            if leave + onward <= self.arrive[place][had] or (
                rest and rest[1] + onward <= self.arrive[place][1]
            ):
                return leave - free + onward - self.way(before, after)
        return None

    def _forward(self) -> None:
        now = [NEVER, NEVER]
        now[0 if self.lunch else 1] = self.trip.days[self.day].begin
        before = None
        for place in range(len(self.order) + 1):
            if self.lunch and now[0] < NEVER and (rest := lunch_from(self.trip, now[0])):
                now[1] = min(now[1], rest[1])
            self.free[place] = now
            if place < len(self.order):
                at = self.order[place]
                now = [self._after(at, free, self.way(before, at)) for free in now]
                before = at

    def _after(self, at: int, free: int, way: int) -> int:
        begin = begin_at(self.spots[at], self.day, free + way) if free < NEVER else None
        return NEVER if begin is None else begin + self.spots[at].visit

    def _backward(self) -> None:
        """``latest``: the latest moment free after so many visits."""
        after: int | None = None
        arrive = [-1, self.trip.days[self.day].end]
        for place in range(len(self.order), -1, -1):
            self.arrive[place] = arrive
            if not place:
                break
            at = self.order[place - 1]
            onward = self.way(at, after)
            latest = [one - onward for one in arrive]
            if self.lunch and self.lunch.earliest + self.lunch.minutes <= latest[1]:
                latest[0] = max(latest[0], min(self.lunch.latest, latest[1] - self.lunch.minutes))
            window = self.spots[at].windows[self.day]
            assert window is not None
            arrive = [
                begin if (begin := min(window[1], one) - self.spots[at].visit) >= window[0] else -NEVER
                for one in latest
            ]
            after = at
