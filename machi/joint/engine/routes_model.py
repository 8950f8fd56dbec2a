"""What a route is planned from and what comes out: plain data of the route planner.

Times are minutes after midnight. The planner is in ``routes.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from machi.joint.engine.routes_travel import Mode, Point, minutes

Window = tuple[int, int]
"""From when till when a place is open."""


@dataclass(frozen=True, slots=True)
class Spot:
    key: str
    place: Point
    visit: int
    """Minutes a visit takes; it must lie within the opening hours as a whole."""
    prize: int
    """How much it is wished for; 0 or more."""
    windows: tuple[Window | None, ...]
    """One for each day of the trip; None: closed."""
    must: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    begin: int
    end: int
    start: Point
    finish: Point


@dataclass(frozen=True, slots=True)
class Lunch:
    """A rest taken where one is, before going on; it begins between ``earliest`` and ``latest``."""

    minutes: int
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class Trip:
    days: tuple[Day, ...]
    spots: tuple[Spot, ...]
    mode: Mode
    lunch: Lunch | None = None

    def lunch_on(self, day: int) -> Lunch | None:
        """Lunch is planned on days that hold all the time in which it could be."""
        it, lunch = self.days[day], self.lunch
        if lunch and it.begin <= lunch.earliest and it.end >= lunch.latest + lunch.minutes:
            return lunch
        return None


@dataclass(frozen=True, slots=True)
class Visit:
    key: str
    begin: int
    end: int
    travel: int
    """Minutes of the way there."""


@dataclass(frozen=True, slots=True)
class DayRoute:
    visits: tuple[Visit, ...]
    lunch: Window | None
    lunch_after: int | None
    """After how many visits; None: no lunch is planned that day."""
    back: int
    """Minutes from the last place to where the day ends."""
    end: int
    """When one is there."""

    @property
    def travel(self) -> int:
        return sum(visit.travel for visit in self.visits) + self.back


@dataclass(frozen=True, slots=True)
class Route:
    days: tuple[DayRoute, ...]
    value: int
    """Prizes of what is visited."""
    bound: int
    """No route over the spots that were considered is worth more, all musts being visited as here."""
    considered: tuple[str, ...]
    """Spots that the search chose from; the others are in ``left``."""
    left: dict[str, str] = field(default_factory=dict)
    """Spots not visited -> why: ``closed`` (every day), ``far`` (cannot be visited even alone), ``not_tried`` (too
    many spots, and this one promised less), ``no_room``."""

    @property
    def proven(self) -> bool:
        return self.bound <= self.value

    @property
    def gap(self) -> float:
        """How much better, at most, another route could be: 0.05 for 5 %."""
        return 0.0 if self.proven else (self.bound - self.value) / max(self.value, 1)

    @property
    def visited(self) -> set[str]:
        return {visit.key for day in self.days for visit in day.visits}


class Ways:
    """Minutes between all places of a trip, measured once. Node 0 of a day is its start, and its finish too."""

    def __init__(self, trip: Trip, spots: Sequence[Spot]) -> None:
        self.between = [[minutes(a.place, b.place, trip.mode) for b in spots] for a in spots]
        self.out = [[minutes(day.start, one.place, trip.mode) for one in spots] for day in trip.days]
        self.back = [[minutes(one.place, day.finish, trip.mode) for one in spots] for day in trip.days]
        self.through = [minutes(day.start, day.finish, trip.mode) for day in trip.days]
