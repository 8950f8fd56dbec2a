"""How long it takes from one place to another, without a map of roads or a timetable.

Great-circle distance times a detour factor, at a speed that grows with distance (a train for a far town is fast), and
a few minutes for what is lost at both ends. It is an estimate and every page says so. Detour factors near 1.3 are
what road networks show (Ballou, Rahardja, Sakai: Selected country circuity factors for road travel distance
estimation, Transportation Research A 36, 2002: Japan 1.41; 1.2 to 1.4 within cities). The speeds are assumptions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from machi.joint.engine.boundaries import distance_km

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


class Mode(StrEnum):
    WALK = "walk"
    CAR = "car"
    RAIL = "rail"
    """Trains and buses, as far as distance tells."""


@dataclass(frozen=True, slots=True)
class Speeds:
    detour: float
    near_kmh: float
    near_km: float
    """Up to here on the way ``near_kmh``, beyond it ``far_kmh``."""
    far_kmh: float
    lost: int
    """Minutes at both ends together: parking, waiting for a train."""


SPEEDS = {
    Mode.WALK: Speeds(1.3, 4.5, 0, 4.5, 0),
    Mode.CAR: Speeds(1.4, 30, 20, 70, 5),
    Mode.RAIL: Speeds(1.3, 30, 30, 110, 15),
}


def way_km(one: Point, other: Point, mode: Mode) -> float:
    """Kilometres on the way."""
    return distance_km(one, other) * SPEEDS[mode].detour


def minutes(one: Point, other: Point, mode: Mode) -> int:
    """Whole minutes, rounded up. By rail or car a way is walked where that is faster."""
    walking = _at(one, other, Mode.WALK)
    return walking if mode is Mode.WALK else min(walking, _at(one, other, mode))


def reach_km(mode: Mode, within: int) -> float:
    """How far away, in a straight line, a place can be that is reached ``within`` so many minutes; 0 for none."""
    return max(_reach(Mode.WALK, within), _reach(mode, within))


def _reach(mode: Mode, within: int) -> float:
    how = SPEEDS[mode]
    hours = max(0, within - how.lost) / 60
    near = min(hours, how.near_km / how.near_kmh)
    return (near * how.near_kmh + (hours - near) * how.far_kmh) / how.detour


def _at(one: Point, other: Point, mode: Mode) -> int:
    km, how = way_km(one, other, mode), SPEEDS[mode]
    if km < 0.01:
        return 0
    near = min(km, how.near_km)
    hours = near / how.near_kmh + (km - near) / how.far_kmh
    return how.lost + math.ceil(hours * 60 - 1e-9)
