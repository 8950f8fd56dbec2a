"""Boundaries of municipalities: shapes, and which towns touch.

TopoJSON (https://github.com/topojson/topojson-specification, 1.0) stores each stretch of border once, as an *arc*
that both neighbours name; so neighbours are those who share an arc, and a shape simplified arc by arc still fits its
neighbours. Wards of a designated city are joined into their city by leaving out the arcs that two of them share.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machi.base.engine.jisx0402 import MunicipalityCode, with_check_digit

SHIPPED = Path(__file__).parent.parent / "data" / "boundaries-2021.topojson.gz"
CODE = "N03_007"
"""The property of MLIT's N03 that holds the five-digit code; null for land that belongs to nobody yet."""
KM_PER_DEGREE = 111.195

Ring = tuple[int, ...]
"""Arcs head to tail; ``~i`` (negative) is arc ``i`` walked backwards."""


@dataclass(frozen=True)
class Boundaries:
    arcs: tuple[NDArray[np.float64], ...]
    """Each (points, 2): longitude and latitude in degrees."""
    rings: Mapping[MunicipalityCode, tuple[Ring, ...]]
    """By six-digit code; holes are rings as any other (draw them with the even-odd rule)."""


def decode(topology: Mapping[str, Any]) -> Boundaries:
    """Boundaries of a TopoJSON of N03, quantised or not. ValueError where it is not one."""
    if topology.get("type") != "Topology" or len(topology.get("objects", {})) != 1:
        raise ValueError("not a TopoJSON topology of one object")
    (collection,) = topology["objects"].values()
    transform = topology.get("transform")
    arcs = tuple(_positions(np.array(arc, dtype=np.float64), transform) for arc in topology["arcs"])
    rings: dict[MunicipalityCode, list[Ring]] = defaultdict(list)
    for geometry in collection["geometries"]:
        five = geometry["properties"].get(CODE)
        if five is None:
            continue
        if geometry["type"] not in {"Polygon", "MultiPolygon"}:
            raise ValueError(f"a municipality is a polygon, not {geometry['type']}")
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        rings[with_check_digit(five)] += [tuple(ring) for polygon in polygons for ring in polygon]
    return Boundaries(arcs, {code: tuple(found) for code, found in rings.items()})


@cache
def shipped() -> Boundaries:
    """Those of 2021-01-01 that come with machi (see data/ATTRIBUTION.md), by ward in designated cities."""
    topology: dict[str, Any] = json.loads(gzip.decompress(SHIPPED.read_bytes()))
    return decode(topology)


def joined(boundaries: Boundaries, groups: Mapping[MunicipalityCode, Collection[str]]) -> Boundaries:
    """Boundaries in which each group (``{city: its wards}``) has become one; those in no group stay."""
    inside = {code for members in groups.values() for code in members}
    rings = {code: found for code, found in boundaries.rings.items() if code not in inside}
    for name, members in groups.items():
        merged = outline(boundaries, members)
        if merged:
            rings[name] = merged
    return Boundaries(boundaries.arcs, rings)


def outline(boundaries: Boundaries, codes: Iterable[str]) -> tuple[Ring, ...]:
    """The rings around several municipalities together: arcs that two of them share are left out."""
    used = [
        arc for code in codes for ring in boundaries.rings.get(MunicipalityCode(code), ()) for arc in ring
    ]
    times = Counter(_plain(arc) for arc in used)
    return _stitched(boundaries, [arc for arc in used if times[_plain(arc)] == 1])


def borders(boundaries: Boundaries) -> dict[tuple[MunicipalityCode, MunicipalityCode], float]:
    """Which municipalities touch, and along how many kilometres; each pair once, the lower code first.

    Two that meet in a point only do not touch.
    """
    owners: dict[int, list[MunicipalityCode]] = defaultdict(list)
    for code in sorted(boundaries.rings):
        for ring in boundaries.rings[code]:
            for arc in ring:
                owners[_plain(arc)].append(code)
    lengths: dict[tuple[MunicipalityCode, MunicipalityCode], float] = defaultdict(float)
    for arc, sharing in owners.items():
        pair = sorted(set(sharing))
        if len(pair) == 2:
            lengths[pair[0], pair[1]] += length_km(boundaries.arcs[arc])
    return dict(sorted(lengths.items()))


def length_km(points: NDArray[np.float64]) -> float:
    """Length of a line of (longitude, latitude), as on a sphere over so short steps."""
    step = np.diff(points, axis=0)
    east = step[:, 0] * np.cos(np.radians((points[1:, 1] + points[:-1, 1]) / 2))
    return float(np.hypot(east, step[:, 1]).sum() * KM_PER_DEGREE)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude), by the haversine formula."""
    phi1, phi2 = math.radians(one[0]), math.radians(other[0])
    half = math.sin((phi2 - phi1) / 2) ** 2
    half += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return 2 * math.degrees(math.asin(math.sqrt(half))) * KM_PER_DEGREE


def ring_points(boundaries: Boundaries, ring: Ring) -> NDArray[np.float64]:
    """The points of a ring, (points, 2), first and last the same."""
    parts = [_walked(boundaries.arcs, arc) for arc in ring]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _positions(
    arc: NDArray[np.float64], transform: Mapping[str, Sequence[float]] | None
) -> NDArray[np.float64]:
    if transform is None:
        return arc
    scale, shift = np.array(transform["scale"]), np.array(transform["translate"])
    degrees: NDArray[np.float64] = np.cumsum(arc, axis=0) * scale + shift
    return degrees


def _plain(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def _walked(arcs: Sequence[NDArray[np.float64]], arc: int) -> NDArray[np.float64]:
    return arcs[arc] if arc >= 0 else np.flipud(arcs[~arc])


def _stitched(boundaries: Boundaries, arcs: Sequence[int]) -> tuple[Ring, ...]:
    """Arcs head to tail until they close. Every point has as many arcs coming in as going out, so they do."""
    starts: dict[tuple[float, ...], list[int]] = defaultdict(list)
    for arc in reversed(arcs):
        starts[tuple(_walked(boundaries.arcs, arc)[0])].append(arc)
    rings = []
    for arc in arcs:
        first = tuple(_walked(boundaries.arcs, arc)[0])
        if arc not in starts[first]:
            continue
        starts[first].remove(arc)
        ring, here = [arc], tuple(_walked(boundaries.arcs, arc)[-1])
        while here != first:
            following = starts[here].pop()
            ring.append(following)
            here = tuple(_walked(boundaries.arcs, following)[-1])
        rings.append(tuple(ring))
    return tuple(rings)
