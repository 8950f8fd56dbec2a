"""Planning a route for a visitor: spots and wishes go into the planner, a plan under a secret link comes out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.recording import record
from machi.base.domain.towns import members
from machi.base.ledger import RESULT
from machi.base.models import Consortium, Municipality, Person
from machi.base.running import ensure_may_run
from machi.joint.domain.tourism_queries import clock_of, public_spots, window_on
from machi.joint.engine import routes
from machi.joint.engine.boundaries import KM_PER_DEGREE
from machi.joint.engine.routes_check import wrong
from machi.joint.engine.routes_model import Day, Lunch, Route, Trip
from machi.joint.engine.routes_model import Spot as Candidate
from machi.joint.engine.routes_travel import Mode, Point, reach_km
from machi.joint.models import PlanStop, Spot, VisitPlan

SYSTEM = "joint.route"
MOST_DAYS = 5
LUNCH_EARLIEST, LUNCH_LATEST = 11 * 60, 13 * 60 + 30
WISHED, EVENT, PLAIN, NEARBY = 30, 15, 20, 5
"""Prizes: of a category that was chosen; more for an event of that day; of anything where nothing was chosen; of
public facilities, and of other categories where some were chosen."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a visitor asks for. Places are ``town:142123`` or ``spot:12``; times are minutes after midnight."""

    starts_on: date
    days: int
    mode: str
    start: str
    finish: str = ""
    """Empty: where it starts."""
    stay: str = ""
    """Where the nights are spent; empty: where it starts."""
    begin: int = 9 * 60
    end: int = 17 * 60
    lunch: int = 60
    """Minutes; 0: none is planned."""
    towns: Sequence[str] = ()
    """Codes; empty: all."""
    interests: Sequence[str] = ()
    must: Sequence[int] = ()
    avoid: Sequence[int] = ()

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "starts_on": self.starts_on.isoformat()}


def wishes_of(plan: VisitPlan) -> Wishes:
    return Wishes(**{**plan.wishes, "starts_on": date.fromisoformat(plan.wishes["starts_on"])})


@dataclass(frozen=True, slots=True)
class Asked:
    """A trip ready for the planner, and the spots by its keys."""

    trip: Trip
    spots: dict[str, Spot]
    wishes: Wishes
    dates: tuple[date, ...] = field(default_factory=tuple)
    beyond: int = 0
    """Spots too far away to be looked at at all."""


def make_plan(
    consortium: Consortium,
    municipality: Municipality,
    person: Person | None,
    wishes: Wishes,
    *,
    language: str = "ja",
) -> VisitPlan:
    """Plans, checks, keeps and records. NotApproved where the planner may not run in ``municipality``; Refused where
    what is asked for cannot be planned."""
    ensure_may_run(municipality, SYSTEM)
    asked = the_trip(consortium, wishes)
    route = routes.plan(asked.trip)
    if found := wrong(asked.trip, route):
        raise AssertionError(f"a route that cannot be walked: {found}")
    return _keep(consortium, municipality, person, asked, route, language)


def the_trip(consortium: Consortium, wishes: Wishes) -> Asked:
    if not 1 <= wishes.days <= MOST_DAYS:
        raise Refused(_("日数は1日から%(most)s日までです。") % {"most": MOST_DAYS}, "days")
    if wishes.end - wishes.begin < 60:
        raise Refused(_("終わりの時刻は、始まりの1時間以上後にしてください。"), "end")
    dates = tuple(wishes.starts_on + timedelta(days=number) for number in range(wishes.days))
    spots = public_spots()
    start = point_of(consortium, wishes.start, "start")
    finish = point_of(consortium, wishes.finish, "finish") if wishes.finish else start
    stay = point_of(consortium, wishes.stay, "stay") if wishes.stay else start
    chosen = spots.filter(municipality__in=wishes.towns) if wishes.towns else spots
    wanted = chosen.exclude(pk__in=wishes.avoid).exclude(category=Spot.Category.GATE)
    # Whoever goes there and back has half of the day for one way: of a whole country's spots few are within it.
    half = reach_km(Mode(wishes.mode), (wishes.end - wishes.begin) // 2 + 1)
    near = wanted.filter(_around({start, finish, stay}, half))
    by_key = {str(spot.pk): spot for spot in (*near, *spots.filter(pk__in=wishes.must))}
    beyond = wanted.exclude(pk__in=wishes.must).count() - sum(
        spot.pk not in wishes.must for spot in by_key.values()
    )
    candidates = tuple(
        Candidate(
            key,
            (spot.latitude, spot.longitude),
            spot.visit_minutes,
            prize(spot, wishes),
            tuple(window_on(spot, day) for day in dates),
            spot.pk in wishes.must,
        )
        for key, spot in by_key.items()
    )
    if not candidates and not beyond:
        raise Refused(_("選んだ町には、公開されたスポットがまだありません。町を広げてください。"), "towns")
    last = wishes.days - 1
    days = tuple(
        Day(wishes.begin, wishes.end, stay if number else start, finish if number == last else stay)
        for number in range(wishes.days)
    )
    lunch = Lunch(wishes.lunch, LUNCH_EARLIEST, LUNCH_LATEST) if wishes.lunch else None
    return Asked(Trip(days, candidates, Mode(wishes.mode), lunch), by_key, wishes, dates, beyond)


def _around(points: Iterable[Point], km: float) -> Q:
    """Spots in a box around one of the points, a little wider than ``km``."""
    found = Q(pk__in=[])
    for latitude, longitude in points:
        high = km / KM_PER_DEGREE + 0.01
        wide = high / max(0.1, math.cos(math.radians(min(89.0, abs(latitude) + high))))
        found |= Q(
            latitude__range=(latitude - high, latitude + high),
            longitude__range=(longitude - wide, longitude + wide),
        )
    return found


def prize(spot: Spot, wishes: Wishes) -> int:
    if spot.category in wishes.interests:
        value = WISHED
    elif wishes.interests or spot.category == Spot.Category.FACILITY:
        value = NEARBY
    else:
        value = PLAIN
    return value + (EVENT if spot.kind == Spot.Kind.EVENT else 0)


def reason(spot: Spot, wishes: Wishes) -> str:
    """Why a spot is in the route: the strongest of what speaks for it."""
    if spot.pk in wishes.must:
        return "must"
    if spot.kind == Spot.Kind.EVENT:
        return "event"
    return "interest" if spot.category in wishes.interests else "near"


def point_of(consortium: Consortium, place: str, name: str = "") -> Point:
    kind, _colon, key = place.partition(":")
    if kind == "spot" and key.isdecimal() and (spot := public_spots().filter(pk=int(key)).first()):
        return spot.latitude, spot.longitude
    town = members(consortium).filter(code=key).first() if kind == "town" else None
    if town and town.latitude is not None and town.longitude is not None:
        return town.latitude, town.longitude
    raise Refused(_("その場所は選べません。"), name)


@transaction.atomic
def _keep(
    consortium: Consortium,
    municipality: Municipality,
    person: Person | None,
    asked: Asked,
    route: Route,
    language: str,
) -> VisitPlan:
    plan = VisitPlan.objects.create(
        consortium=consortium,
        municipality=municipality,
        language=language,
        starts_on=asked.wishes.starts_on,
        wishes=asked.wishes.plain(),
        result=_result(asked, route),
        by_staff=person is not None,
    )
    stops = [
        stop for number in range(len(route.days)) for stop in _stops(plan, consortium, asked, route, number)
    ]
    PlanStop.objects.bulk_create(stops)
    entry = record(
        consortium,
        municipality,
        person,
        system=SYSTEM,
        kind=RESULT,
        subject=f"visit_plan:{plan.pk}",
        inputs={"wishes": plan.wishes},
        outputs={
            "action": "plan",
            "stops": [[stop.day, stop.spot_id, stop.begins, stop.ends] for stop in stops],
            "value": route.value,
            "bound": route.bound,
            "considered": len(route.considered),
            "left": plan.result["left"],
        },
        sources=[
            {"spot": spot.pk, "town": spot.municipality_id, "as_of": spot.changed_at.isoformat()}
            for key, spot in asked.spots.items()
            if key in route.visited
        ],
        explanation=_explained(plan, route),
    )
    plan.ledger_index = entry.index
    plan.save(update_fields=["ledger_index"])
    return plan


def _result(asked: Asked, route: Route) -> dict[str, Any]:
    left = Counter(route.left.values()) + Counter({"far": asked.beyond})
    return {
        "value": route.value,
        "bound": route.bound,
        "considered": len(route.considered),
        "left": dict(sorted(left.items())),
        "musts_left": [[int(key), why] for key, why in route.left.items() if int(key) in asked.wishes.must],
        "days": [
            {"end": day.end, "back": day.back, "travel": day.travel, "late": day.end > asked.wishes.end}
            for day in route.days
        ],
    }


def _stops(
    plan: VisitPlan, consortium: Consortium, asked: Asked, route: Route, number: int
) -> list[PlanStop]:
    day, found = route.days[number], []
    for place in range(len(day.visits) + 1):
        if day.lunch and day.lunch_after == place:
            found.append(PlanStop(begins=day.lunch[0], ends=day.lunch[1]))
        if place < len(day.visits):
            visit = day.visits[place]
            spot = asked.spots[visit.key]
            found.append(
                PlanStop(
                    spot=spot,
                    begins=visit.begin,
                    ends=visit.end,
                    travel=visit.travel,
                    reason=reason(spot, asked.wishes),
                )
            )
    for ordinal, stop in enumerate(found):
        stop.consortium, stop.plan, stop.day, stop.ordinal = consortium, plan, number, ordinal
    return found


def _explained(plan: VisitPlan, route: Route) -> str:
    visits = sum(len(day.visits) for day in route.days)
    ends = "、".join(clock_of(day.end) for day in route.days)
    proof = (
        "これより良い行程はないことを確かめた"
        if route.proven
        else f"これより良くても希望の点数で{route.gap:.0%}まで"
    )
    return (
        f"{len(route.considered)}か所から{visits}か所を選んだ（希望の点数 {route.value}、{proof}）。"
        f"各日の終わり {ends}。移動の時間は直線距離からの見積もり。"
    )
