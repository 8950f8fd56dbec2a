"""The route planner: which spots to visit on which day and when, so that most of what is wished for is seen.

The orienteering problem with time windows over several days (Vansteenwegen, Souffriau, Van Oudheusden: The
orienteering problem: a survey, EJOR 209, 2011): each spot has a prize, opening hours by day and a duration; each day
a start, an end and a lunch. Iterated local search finds a route; constraint programming (OR-Tools' CP-SAT) improves it
and proves a bound: how much better another route could be at most. With one worker, a fixed seed and a limit on its
deterministic time, the same trip gives the same route. Trips of many spots and days get local search and a looser
bound. Within a day the order is then the one with the least travel, by dynamic programming.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from machi.joint.engine.routes_bound import knapsack_bound
from machi.joint.engine.routes_greedy import improved, worth
from machi.joint.engine.routes_model import Day, DayRoute, Lunch, Route, Spot, Trip, Visit, Ways
from machi.joint.engine.routes_order import best_order, timed

__all__ = ["Day", "DayRoute", "Lunch", "Route", "Spot", "Trip", "Visit", "plan"]

MOST_DAYS = 7
EFFORT = 0.5
"""Deterministic seconds of CP-SAT."""
MOST_ARCS = 4_000
"""Spots squared times days up to which CP-SAT helps within its time; beyond, local search and the loose bound."""
_MOST_ORDERED = 12
"""Visits of a day whose order is made the best; more keep the order found."""


def plan(trip: Trip, *, effort: float = EFFORT, most: int | None = None) -> Route:
    """The best route found over the ``most`` most promising spots (20, and 10 a day).

    Every day is there, if need be without a visit; a must that fits nowhere is in ``left``.
    ValueError where there is no day, or more than ``MOST_DAYS``.
    """
    if not 1 <= len(trip.days) <= MOST_DAYS:
        raise ValueError(f"1 to {MOST_DAYS} days, not {len(trip.days)}")
    left = {spot.key: why for spot in trip.spots if (why := _never(trip, spot))}
    able = [spot for spot in trip.spots if spot.key not in left]
    spots = _promising(trip, able, most or 20 + 10 * len(trip.days))
    left |= {spot.key: "not_tried" for spot in able if spot not in spots}
    ways = Ways(trip, spots)
    first = improved(trip, spots, ways)
    bound = knapsack_bound(trip, spots, ways)
    orders: Sequence[Sequence[int]] = first
    musts, value = worth(spots, first)
    better = value < bound or musts < sum(spot.must for spot in spots)
    if better and len(spots) ** 2 * len(trip.days) <= MOST_ARCS:
        orders, proven = _Search(trip, spots, ways, first).run(effort)
        bound = min(bound, proven)
    days = tuple(_day(trip, day, spots, ways, order) for day, order in enumerate(orders))
    visited = {at for order in orders for at in order}
    left |= {spot.key: "no_room" for at, spot in enumerate(spots) if at not in visited}
    value = sum(spots[at].prize for at in visited)
    return Route(days, value, max(bound, value), tuple(spot.key for spot in spots), left)


def _never(trip: Trip, spot: Spot) -> str:
    """Why no day can hold this spot, even alone; empty: one can."""
    if not any(spot.windows):
        return "closed"
    ways = Ways(trip, [spot])
    fits = any(timed(trip, day, [spot], ways, [0]) for day in range(len(trip.days)))
    return "" if fits else "far"


def _promising(trip: Trip, spots: Sequence[Spot], most: int) -> list[Spot]:
    """Musts, then the largest prizes for the minutes that a visit from the ends of the best day takes."""
    if len(spots) <= most:
        return list(spots)
    ways = Ways(Trip(trip.days, (), trip.mode), ())

    def promise(spot: Spot) -> float:
        alone = Ways(trip, [spot])
        extra = min(
            out[0] + back[0] - through
            for out, back, through in zip(alone.out, alone.back, ways.through, strict=True)
        )
        return spot.prize / (spot.visit + max(extra, 0) / 2)

    ranked = sorted(spots, key=lambda spot: (not spot.must, -promise(spot), spot.key))
    return sorted(ranked[:most], key=lambda spot: spot.key)


def _day(trip: Trip, day: int, spots: Sequence[Spot], ways: Ways, order: Sequence[int]) -> DayRoute:
    better = best_order(trip, day, spots, ways, sorted(order)) if len(order) <= _MOST_ORDERED else None
    found = better or timed(trip, day, spots, ways, order)
    if found is None:  # even the way from start to finish takes longer than the day
        through = ways.through[day]
        return DayRoute((), None, None, through, trip.days[day].begin + through)
    return found


class _Search:
    """The model: a circuit a day through its start, which is its finish too; times, lunch, and one visit a spot."""

    def __init__(self, trip: Trip, spots: Sequence[Spot], ways: Ways, first: Sequence[Sequence[int]]) -> None:
        from ortools.sat.python import cp_model  # slow to import: on first use

        self.cp, self.model = cp_model, cp_model.CpModel()
        self.trip, self.spots, self.ways, self.first = trip, spots, ways, first
        self.must_weight = sum(spot.prize for spot in spots) + 1
        whole = max(day.end for day in trip.days)
        self.begins = [self.model.new_int_var(0, whole, f"begin{at}") for at in range(len(spots))]
        self.leaves = [self.model.new_int_var(0, whole, f"leave{at}") for at in range(len(spots))]
        for begin, leave, spot in zip(self.begins, self.leaves, spots, strict=True):
            self.model.add(leave >= begin + spot.visit)
        self.goes: dict[tuple[int, int, int], Any] = {}
        """(day, from, to) with -1 for the day's start and finish."""
        self.visits: dict[tuple[int, int], Any] = {}
        for day in range(len(trip.days)):
            if timed(trip, day, spots, ways, []) is not None:
                self._day(day)
        for at in range(len(spots)):
            mine = [literal for (_day, one), literal in self.visits.items() if one == at]
            self.model.add_at_most_one(mine)
        self.model.maximize(
            sum(
                (spots[at].prize + self.must_weight * spots[at].must) * literal
                for (_day, at), literal in self.visits.items()
            )
        )
        self._hint()

    def _day(self, day: int) -> None:
        model, trip, ways, spots = self.model, self.trip, self.ways, self.spots
        open_today = [at for at, spot in enumerate(spots) if spot.windows[day]]
        idle = model.new_bool_var(f"idle{day}")
        arcs: list[tuple[int, int, Any]] = [(0, 0, idle)]
        travel: list[Any] = []
        left_at = model.new_int_var(trip.days[day].begin, trip.days[day].end, f"start{day}")
        for at in open_today:
            window = spots[at].windows[day]
            assert window is not None
            visit = self.visits[day, at] = model.new_bool_var(f"visit{day},{at}")
            arcs.append((at + 1, at + 1, ~visit))
            model.add(self.begins[at] >= window[0]).only_enforce_if(visit)
            model.add(self.begins[at] <= window[1] - spots[at].visit).only_enforce_if(visit)
            out, back = self._arc(day, -1, at), self._arc(day, at, -1)
            arcs += [(0, at + 1, out), (at + 1, 0, back)]
            model.add(self.begins[at] >= left_at + ways.out[day][at]).only_enforce_if(out)
            model.add(self.leaves[at] + ways.back[day][at] <= trip.days[day].end).only_enforce_if(back)
            travel += [ways.out[day][at] * out, ways.back[day][at] * back, spots[at].visit * visit]
        for one in open_today:
            for other in open_today:
                if one == other or not self._can_follow(day, one, other):
                    continue
                arc, way = self._arc(day, one, other), ways.between[one][other]
                arcs.append((one + 1, other + 1, arc))
                model.add(self.begins[other] >= self.leaves[one] + way).only_enforce_if(arc)
                travel.append(way * arc)
        model.add_circuit(arcs)
        rest = self._lunch(day, open_today, left_at, idle)
        # Follows from the times, but tells the bound at once how little fits into a day.
        model.add(sum(travel) + rest <= trip.days[day].end - trip.days[day].begin)

    def _lunch(self, day: int, open_today: Sequence[int], left_at: Any, idle: Any) -> int:
        lunch = self.trip.lunch_on(day)
        if lunch is None:
            return 0
        begin = self.model.new_int_var(lunch.earliest, lunch.latest, f"lunch{day}")
        before_all = self.model.new_bool_var(f"lunch{day},first")
        self.model.add(left_at >= begin + lunch.minutes).only_enforce_if(before_all)
        after = [before_all]
        for at in open_today:
            here = self.model.new_bool_var(f"lunch{day},{at}")
            self.model.add_implication(here, self.visits[day, at])
            self.model.add(begin >= self.begins[at] + self.spots[at].visit).only_enforce_if(here)
            self.model.add(self.leaves[at] >= begin + lunch.minutes).only_enforce_if(here)
            after.append(here)
        self.model.add_exactly_one([*after])
        self.model.add_implication(idle, before_all)
        return 0 if self.ways.through[day] + lunch.minutes > self._length(day) else lunch.minutes

    def _length(self, day: int) -> int:
        return self.trip.days[day].end - self.trip.days[day].begin

    def _can_follow(self, day: int, one: int, other: int) -> bool:
        first, second = self.spots[one].windows[day], self.spots[other].windows[day]
        assert first is not None
        assert second is not None
        earliest = max(first[0], self.trip.days[day].begin + self.ways.out[day][one]) + self.spots[one].visit
        latest = min(second[1], self.trip.days[day].end - self.ways.back[day][other])
        return earliest + self.ways.between[one][other] + self.spots[other].visit <= latest

    def _arc(self, day: int, one: int, other: int) -> Any:
        literal = self.goes[day, one, other] = self.model.new_bool_var(f"go{day},{one},{other}")
        return literal

    def _hint(self) -> None:
        """The greedy route, from which the search begins and below which it never ends."""
        hinted = {
            (day, one, other)
            for day, order in enumerate(self.first)
            for one, other in zip((-1, *order), (*order, -1), strict=True)
        }
        for key, literal in self.goes.items():
            self.model.add_hint(literal, key in hinted)
        for (day, at), literal in self.visits.items():
            self.model.add_hint(literal, at in self.first[day])

    def run(self, effort: float) -> tuple[list[list[int]], int]:
        """The places to visit by day in order, and the bound in prizes. The greedy route where nothing better was
        found."""
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(self.model)
        greedy = [list(order) for order in self.first]
        everything = sum(spot.prize for spot in self.spots)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return greedy, everything
        orders = [self._order(solver, day) for day in range(len(self.trip.days))]
        orders = max(greedy, orders, key=lambda one: worth(self.spots, one))
        musts = sum(self.spots[at].must for order in orders for at in order)
        bound = int(solver.best_objective_bound + 1e-6) - self.must_weight * musts
        return orders, min(bound, everything)

    def _order(self, solver: Any, day: int) -> list[int]:
        follows = {one: other for (d, one, other), arc in self.goes.items() if d == day and solver.value(arc)}
        order: list[int] = []
        at = follows.get(-1, -1)
        while at != -1:
            order.append(at)
            at = follows[at]
        return order
