"""A plan as it is shown, on the page, in the calendar and on paper alike: days, stops, maps, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.models import Municipality
from machi.joint.domain.tourism_plans import Wishes, wishes_of
from machi.joint.domain.tourism_queries import clock_of
from machi.joint.engine.boundaries import shipped
from machi.joint.engine.route_map import Box, RouteMap, boxes_of, route_map
from machi.joint.engine.routes_travel import Point
from machi.joint.models import PlanStop, Spot, VisitPlan

REASONS = {
    "must": gettext_noop("必ず行きたい所"),
    "event": gettext_noop("この日の催し"),
    "interest": gettext_noop("関心に合う所"),
    "near": gettext_noop("道すがら寄れる所"),
}
LEFT = {
    "closed": gettext_noop("その日に開いていない"),
    "far": gettext_noop("遠くて、1日では行って帰れない"),
    "not_tried": gettext_noop("候補が多く、見込みの高い所から選んだ"),
    "no_room": gettext_noop("時間に入りきらない"),
}


@dataclass(frozen=True, slots=True)
class Stop:
    stop: PlanStop
    number: int | None
    """None: lunch."""
    begins: str
    ends: str
    why: str


@dataclass(frozen=True, slots=True)
class ShownDay:
    number: int
    date: date
    starts_at: str
    start: str
    stops: list[Stop]
    finish: str
    back: int
    end: str
    late: bool
    map: RouteMap | None
    label: str
    towns: list[str]


@dataclass(frozen=True, slots=True)
class ShownPlan:
    plan: VisitPlan
    wishes: Wishes
    days: list[ShownDay]
    left: list[tuple[str, int]]
    musts_left: list[tuple[str, str]]
    gap: int
    """Per cent by which another route could be better at most; 0: none is."""

    @property
    def visits(self) -> int:
        return sum(1 for day in self.days for stop in day.stops if stop.number)

    @property
    def last_day(self) -> date:
        return self.days[-1].date


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    at: Point
    town: str


def plan_by(token: str) -> VisitPlan:
    stops = PlanStop.objects.select_related("spot__municipality")
    plan = (
        VisitPlan.objects.select_related("municipality", "consortium")
        .prefetch_related(Prefetch("stops", queryset=stops))
        .filter(token=token)
        .first()
    )
    if plan is None:
        raise Http404
    return plan


def shown(plan: VisitPlan, *, maps: bool = True) -> ShownPlan:
    wishes, result = wishes_of(plan), plan.result
    start = _place(wishes.start)
    stay = _place(wishes.stay) if wishes.stay else start
    finish = _place(wishes.finish) if wishes.finish else start
    last, at = wishes.days - 1, 0
    days = []
    for number in range(wishes.days):
        stops = [stop for stop in plan.stops.all() if stop.day == number]
        begin, end = (stay if number else start), (finish if number == last else stay)
        listed = []
        for stop in stops:
            at += stop.spot_id is not None
            listed.append(_stop(stop, at))
        days.append(_day(plan, wishes, number, begin, end, listed, maps))
    gap = max(0, -(-(result["bound"] - result["value"]) * 100 // max(result["value"], 1)))
    names = {
        spot.pk: str(spot) for spot in Spot.objects.filter(pk__in=[pk for pk, _why in result["musts_left"]])
    }
    return ShownPlan(
        plan,
        wishes,
        days,
        [(_(LEFT[why]), count) for why, count in result["left"].items()],
        [(names.get(pk, ""), _(LEFT[why])) for pk, why in result["musts_left"]],
        gap,
    )


def _stop(stop: PlanStop, at: int) -> Stop:
    number = at if stop.spot_id else None
    why = _(REASONS[stop.reason]) if stop.reason else ""
    return Stop(stop, number, clock_of(stop.begins), clock_of(stop.ends), why)


def _day(
    plan: VisitPlan, wishes: Wishes, number: int, start: _Place, finish: _Place, stops: list[Stop], maps: bool
) -> ShownDay:
    kept = plan.result["days"][number]
    visited = [stop.stop.spot for stop in stops if stop.stop.spot]
    towns = list(dict.fromkeys(spot.municipality for spot in visited))
    drawn = None
    if maps and visited:
        points = {town.code: (town.latitude or 0.0, town.longitude or 0.0) for town in towns}
        points |= {one.town: one.at for one in (start, finish) if one.town and one.town not in points}
        pins = [
            (str(stop.number), (stop.stop.spot.latitude, stop.stop.spot.longitude))
            for stop in stops
            if stop.stop.spot
        ]
        drawn = route_map(shipped(), points, start.at, pins, finish.at, _boxes())
    return ShownDay(
        number + 1,
        plan.starts_on + timedelta(days=number),
        clock_of(wishes.begin),
        start.name,
        stops,
        finish.name,
        kept["back"],
        clock_of(kept["end"]),
        kept["late"],
        drawn,
        _("%(number)s日目の地図。番号は回る順です。") % {"number": number + 1},
        [str(town) for town in towns],
    )


@cache
def _boxes() -> dict[str, Box]:
    return boxes_of(shipped())


def _place(key: str) -> _Place:
    """A place as it was chosen; its name stays known though the spot is no longer shown to visitors."""
    kind, _colon, value = key.partition(":")
    if kind == "spot":
        spot = Spot.objects.select_related("municipality").get(pk=int(value))
        return _Place(str(spot), (spot.latitude, spot.longitude), spot.municipality_id)
    town = Municipality.objects.get(code=value)
    name: Any = _("%(town)sの役所のあたり") % {"town": town}
    return _Place(name, (town.latitude or 0.0, town.longitude or 0.0), town.code)
