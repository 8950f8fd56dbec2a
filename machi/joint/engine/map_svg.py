"""A map of municipalities as SVG paths, drawn on the server: no tiles, no script, nothing fetched.

Mercator's projection (shapes keep their form; north is up), simplified arc by arc by Visvalingam and Whyatt's
method (Line generalisation by repeated elimination of points, The Cartographic Journal 30, 1993), so neighbours
still fit. Paths use whole tenths of a pixel.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from machi.base.engine.jisx0402 import MunicipalityCode
from machi.joint.engine.boundaries import Boundaries

FINE = 0.3
"""Triangles smaller than this many square pixels are not missed."""
ISLET = 0.5
"""Rings smaller than this many square pixels are left out, but never a municipality's largest."""


@dataclass(frozen=True, slots=True)
class Shape:
    code: MunicipalityCode
    path: str
    """For ``<path d fill-rule="evenodd">``; empty for a municipality without a shape: draw its point."""
    middle: tuple[float, float]
    """Where a label or a point goes, in pixels."""


@dataclass(frozen=True, slots=True)
class Map:
    width: float
    height: float
    """For ``viewBox="0 0 width height"``."""
    shapes: tuple[Shape, ...]
    """By code, as asked for."""
    scale: float = 1.0
    west: float = 0.0
    north: float = 0.0
    """Of the projection: pixels a radian, and its left and upper edge."""

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a place is on the map, in pixels; it may lie outside."""
        ((x, y),) = _mercator(np.array([[longitude, latitude]]))
        return float((x - self.west) * self.scale), float((self.north - y) * self.scale)


def draw(
    boundaries: Boundaries,
    codes: Collection[str],
    *,
    width: float = 640,
    points: Mapping[str, tuple[float, float]] | None = None,
    fine: float = FINE,
) -> Map:
    """The map of some municipalities, ``width`` pixels wide, fitted to them.

    ``points`` gives latitude and longitude of towns, for those that have no shape. A town with neither is a
    ValueError, so is a map of no town.
    """
    known = {MunicipalityCode(code): boundaries.rings.get(MunicipalityCode(code), ()) for code in codes}
    offices = {
        code: _mercator(np.array([[points[code][1], points[code][0]]]))
        for code in known
        if points and code in points
    }
    lost = [code for code, rings in known.items() if not rings and code not in offices]
    if not known or lost:
        raise ValueError(f"nothing to draw of {', '.join(lost) or 'no municipality'}")
    used = {arc if arc >= 0 else ~arc for rings in known.values() for ring in rings for arc in ring}
    projected = {arc: _mercator(boundaries.arcs[arc]) for arc in used}
    every = np.concatenate([*projected.values(), *(offices[code] for code in known if not known[code])])
    low, high = every.min(axis=0), every.max(axis=0)
    span = max(high[0] - low[0], (high[1] - low[1]) / 4, 1e-9)
    scale = width / span
    height = max(float((high[1] - low[1]) * scale), 1.0)

    def pixels(where: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([(where[:, 0] - low[0]) * scale, (high[1] - where[:, 1]) * scale])

    drawn = {arc: simplified(pixels(where), fine) for arc, where in projected.items()}
    shapes = []
    for code, rings in known.items():
        lines = [
            np.concatenate([drawn[arc] if arc >= 0 else np.flipud(drawn[~arc]) for arc in ring])
            for ring in rings
        ]
        middle = _middle(lines) if lines else pixels(offices[code])[0]
        shapes.append(Shape(code, _path(lines), (round(float(middle[0]), 1), round(float(middle[1]), 1))))
    edges = float(scale), float(low[0]), float(high[1])
    return Map(float(width), round(height, 1), tuple(shapes), *edges)


def simplified(points: NDArray[np.float64], least: float) -> NDArray[np.float64]:
    """The line without the points whose triangle with their neighbours is smaller than ``least``; ends stay.

    Points go smallest first, and the triangles of those beside them are measured anew.
    """
    count = len(points)
    before, after = list(range(-1, count - 1)), list(range(1, count + 1))
    gone = [False] * count

    def triangle(at: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = points[before[at]], points[at], points[after[at]]
        return float(abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2)

    latest = {at: triangle(at) for at in range(1, count - 1)}
    heap = [(area, at) for at, area in latest.items()]
    heapq.heapify(heap)
    while heap and heap[0][0] < least:
        area, at = heapq.heappop(heap)
        if gone[at] or area != latest[at]:
            continue
        gone[at] = True
        after[before[at]], before[after[at]] = after[at], before[at]
        for beside in (before[at], after[at]):
            if 0 < beside < count - 1:
                latest[beside] = max(triangle(beside), area)
                heapq.heappush(heap, (latest[beside], beside))
    return points[[not one for one in gone]]


def ring_area(ring: NDArray[np.float64]) -> float:
    """Area within a closed line, by the shoelace formula; never negative."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _mercator(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    north = np.log(np.tan(math.pi / 4 + np.radians(degrees[:, 1]) / 2))
    return np.column_stack([np.radians(degrees[:, 0]), north])


def _path(lines: Sequence[NDArray[np.float64]]) -> str:
    if not lines:
        return ""
    areas = [ring_area(line) for line in lines]
    largest = areas.index(max(areas))
    kept = [line for at, line in enumerate(lines) if at == largest or areas[at] >= ISLET]
    return "".join(_ring_path(np.rint(line * 10).astype(int).tolist()) for line in kept)


def _ring_path(tenths: Sequence[Sequence[int]]) -> str:
    """``M`` absolute, then ``l`` relative, which is shortest; points that round to the same are one."""
    x, y = tenths[0]
    moves = []
    for nx, ny in tenths[1:-1]:
        if (nx, ny) != (x, y):
            moves.append(f"{_tenths(nx - x)},{_tenths(ny - y)}")
            x, y = nx, ny
    return f"M{_tenths(tenths[0][0])},{_tenths(tenths[0][1])}l{' '.join(moves) or '0,0'}z"


def _tenths(value: int) -> str:
    return f"{value / 10:g}"


def _middle(lines: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """The centre of gravity of the largest ring; of its points where it has no area."""
    ring = max(lines, key=ring_area)
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    twice = float(cross.sum())
    if not twice:
        return np.asarray(ring.mean(axis=0), dtype=np.float64)
    centre = [((x + np.roll(x, -1)) * cross).sum(), ((y + np.roll(y, -1)) * cross).sum()]
    return np.asarray(ring[0] + np.array(centre) / (3 * twice), dtype=np.float64)
