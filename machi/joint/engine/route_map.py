"""The map of a day's route: towns' boundaries, the stops in order, straight lines between them. Nothing is fetched."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from machi.joint.engine.boundaries import Boundaries, distance_km
from machi.joint.engine.map_svg import draw
from machi.joint.engine.routes_travel import Point

Box = tuple[float, float, float, float]

WIDTH, FLATTEST, TALLEST = 640.0, 0.5, 0.9
"""Pixels, and height for width."""
PIN = 13.0
_MARGIN = 0.14
_FARTHEST = 1.0
"""Degrees around a route in which the land is still drawn."""
_LEAST_KM = 1.5
"""A route within one street is shown with what is around it."""


@dataclass(frozen=True, slots=True)
class Pin:
    x: float
    y: float
    label: str
    """Empty: start or finish."""
    tip_x: float
    tip_y: float
    """Where the place really is: pins that would lie on each other are moved aside."""


@dataclass(frozen=True, slots=True)
class RouteMap:
    width: float
    height: float
    shapes: tuple[str, ...]
    """Paths of the towns, in their own coordinates."""
    around: tuple[str, ...]
    """Those of the land around them."""
    transform: str
    stroke: float
    """Width of a line of one pixel in the shapes' coordinates."""
    line: str
    """``points`` of the way."""
    pins: tuple[Pin, ...]
    bar: float
    """Length of the scale bar in pixels."""
    bar_km: float


def route_map(
    boundaries: Boundaries,
    towns: Mapping[str, Point],
    start: Point,
    stops: Sequence[tuple[str, Point]],
    finish: Point,
    boxes: Mapping[str, Box],
) -> RouteMap:
    """``towns`` are those drawn, with a point for each that has no shape; ``stops`` have labels; ``boxes`` are those
    of all ``boundaries``, by which the land around is found. ValueError where no town is given."""
    places = (start, *(place for _label, place in stops), finish)
    others = [code for code in _near(boxes, [*places, *towns.values()]) if code not in towns]
    whole = draw(boundaries, [*towns, *others], width=4000, points=towns, fine=0.5)
    way = [whole.at(*place) for place in places]
    left, top, width, height = _frame(way, 4000 * _LEAST_KM / _km_of(whole.width, whole.scale, start[0]))
    zoom = WIDTH / width
    seen = [((x - left) * zoom, (y - top) * zoom) for x, y in way]
    ends = [Pin(*_round(*where), "", *_round(*where)) for where in dict.fromkeys((seen[0], seen[-1]))]
    labels = [label for label, _place in stops]
    km = _km_of(width, whole.scale, start[0])
    bar_km = max(
        (one for one in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200) if one <= km / 4), default=0.1
    )
    return RouteMap(
        WIDTH,
        round(height * zoom, 1),
        tuple(shape.path for shape in whole.shapes if shape.path and shape.code in towns),
        tuple(shape.path for shape in whole.shapes if shape.path and shape.code not in towns),
        f"scale({zoom:.5f}) translate({-left:.2f} {-top:.2f})",
        round(1 / zoom, 3),
        " ".join(f"{x:.1f},{y:.1f}" for x, y in seen),
        (*ends, *_pins(seen[1:-1], labels)),
        round(bar_km / km * WIDTH, 1),
        bar_km,
    )


def boxes_of(boundaries: Boundaries) -> dict[str, Box]:
    """West, south, east and north of every municipality; slow enough to be kept."""
    arcs = [(*arc.min(axis=0), *arc.max(axis=0)) for arc in boundaries.arcs]
    found = {}
    for code, rings in boundaries.rings.items():
        mine = [arcs[arc if arc >= 0 else ~arc] for ring in rings for arc in ring]
        west, south, east, north = zip(*mine, strict=True)
        found[str(code)] = (float(min(west)), float(min(south)), float(max(east)), float(max(north)))
    return found


def _near(boxes: Mapping[str, Box], places: Sequence[Point]) -> list[str]:
    """Municipalities in sight of the places: within half their spread, and at least some kilometres."""
    south, north = min(place[0] for place in places), max(place[0] for place in places)
    west, east = min(place[1] for place in places), max(place[1] for place in places)
    more = max(0.06, (north - south) / 2, (east - west) / 2)
    if more > _FARTHEST:
        return []  # towns of several regions: the land between them would be half the country
    return [
        code
        for code, (left, low, right, high) in boxes.items()
        if left < east + more and right > west - more and low < north + more and high > south - more
    ]


def _km_of(pixels: float, scale: float, latitude: float) -> float:
    """Kilometres of a way eastwards of so many pixels there."""
    degrees = math.degrees(pixels / scale)
    return distance_km((latitude, 135.0), (latitude, 135.0 + degrees))


def _frame(way: Sequence[tuple[float, float]], least: float) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _y in way], [y for _x, y in way]
    width = max(max(xs) - min(xs), least) * (1 + 2 * _MARGIN)
    height = max(ys) - min(ys)
    height = max(height * (1 + 2 * _MARGIN), width * FLATTEST)
    width = max(width, height / TALLEST)
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return middle[0] - width / 2, middle[1] - height / 2, width, height


def _pins(places: Sequence[tuple[float, float]], labels: Sequence[str]) -> list[Pin]:
    pins: list[Pin] = []
    for (x, y), label in zip(places, labels, strict=True):
        taken = [(pin.x, pin.y) for pin in pins]
        at = next((one for one in _around(x, y) if _free(one, taken)), (x, y))
        pins.append(Pin(*_round(*at), label, *_round(x, y)))
    return pins


def _around(x: float, y: float) -> list[tuple[float, float]]:
    rings = [
        (x + far * PIN * math.cos(turn * math.pi / 6), y + far * PIN * math.sin(turn * math.pi / 6))
        for far in (2.2, 3.5, 5)
        for turn in (-3, 9, 0, 6, -1, 7, 1, 5, -2, 8, 2, 4)
    ]
    inside = [one for one in rings if PIN < one[0] < WIDTH - PIN and one[1] > PIN]
    return [(x, y), *inside]


def _free(at: tuple[float, float], taken: Collection[tuple[float, float]]) -> bool:
    return all(math.dist(at, one) >= 2 * PIN for one in taken)


def _round(x: float, y: float) -> tuple[float, float]:
    return round(x, 1), round(y, 1)
