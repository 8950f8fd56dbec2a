"""The map of a day's route: towns' boundaries, the stops in order, straight lines between them. Nothing is fetched."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from machi.joint.engine.boundaries import Boundaries, distance_km
from machi.joint.engine.map_svg import draw
from machi.joint.engine.routes_travel import Point

WIDTH, FLATTEST, TALLEST = 640.0, 0.5, 0.9
"""Pixels, and height for width."""
PIN = 13.0
_MARGIN = 0.14
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
) -> RouteMap:
    """``towns`` are those drawn, with a point for each that has no shape; ``stops`` have labels. ValueError where no
    town is given."""
    whole = draw(boundaries, list(towns), width=4000, points=towns, fine=2.0)
    way = [whole.at(*place) for place in (start, *(place for _label, place in stops), finish)]
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
        tuple(shape.path for shape in whole.shapes if shape.path),
        f"scale({zoom:.5f}) translate({-left:.2f} {-top:.2f})",
        round(1 / zoom, 3),
        " ".join(f"{x:.1f},{y:.1f}" for x, y in seen),
        (*ends, *_pins(seen[1:-1], labels)),
        round(bar_km / km * WIDTH, 1),
        bar_km,
    )


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
