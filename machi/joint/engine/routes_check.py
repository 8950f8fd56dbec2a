"""An independent check that a route can be walked: it shares no line with the planner, and measures all anew."""

from __future__ import annotations

from machi.joint.engine.routes_model import Route, Trip
from machi.joint.engine.routes_travel import minutes


def wrong(trip: Trip, route: Route) -> list[str]:
    """What is wrong with the route, in words for developers; empty: nothing."""
    spots = {spot.key: spot for spot in trip.spots}
    found: list[str] = []
    seen: list[str] = []
    if len(route.days) != len(trip.days):
        return ["another number of days"]
    for number, (day, plan) in enumerate(zip(trip.days, route.days, strict=True)):
        here, free = day.start, day.begin
        lunches = 0
        for place in range(len(plan.visits) + 1):
            if plan.lunch_after == place and plan.lunch is not None:
                lunches += 1
                begin, end = plan.lunch
                if trip.lunch is None or end - begin != trip.lunch.minutes:
                    found.append(f"day {number}: lunch of another length")
                elif not trip.lunch.earliest <= begin <= trip.lunch.latest or begin < free:
                    found.append(f"day {number}: lunch at {begin}")
                free = end
            if place == len(plan.visits):
                break
            visit = plan.visits[place]
            spot = spots[visit.key]
            window = spot.windows[number]
            if free + minutes(here, spot.place, trip.mode) > visit.begin:
                found.append(f"{visit.key}: cannot be there at {visit.begin}")
            if window is None or visit.begin < window[0] or visit.end > window[1]:
                found.append(f"{visit.key}: closed from {visit.begin} to {visit.end}")
            if visit.end - visit.begin != spot.visit:
                found.append(f"{visit.key}: not {spot.visit} minutes long")
            here, free = spot.place, visit.end
            seen.append(visit.key)
        home = free + minutes(here, day.finish, trip.mode)
        if home > day.end and (
            plan.visits or minutes(day.start, day.finish, trip.mode) <= day.end - day.begin
        ):
            found.append(f"day {number}: ends at {home}")
        needs = trip.lunch is not None and (
            day.begin <= trip.lunch.earliest and trip.lunch.latest + trip.lunch.minutes <= day.end
        )
        if lunches != int(needs) and plan.visits:
            found.append(f"day {number}: {lunches} lunches")
    if len(set(seen)) != len(seen):
        found.append("a spot is visited twice")
    if route.value != sum(spots[key].prize for key in seen):
        found.append(f"worth {sum(spots[key].prize for key in seen)}, not {route.value}")
    return found
