"""A curve with its confidence band over many towns, as SVG paths on two logarithmic axes; the page adds the words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEFT, RIGHT, TOP, BOTTOM = 52.0, 12.0, 12.0, 44.0
SHOWN = (0.002, 0.998)
"""Quantiles of the towns' values within which the upright axis is drawn, so that a few do not flatten the rest."""


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    """Pixels from the left, or from the top."""
    value: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A town to point at."""

    key: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Chart:
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    """The frame of the axes, in pixels."""
    dots: str
    """Path of lines without length: one dot for each town, drawn by round line ends."""
    band: str
    line: str
    marks: tuple[Mark, ...]
    across: tuple[Tick, ...]
    upright: tuple[Tick, ...]
    unseen: int
    """Towns whose value is beyond the upright axis."""


def chart(
    points: NDArray[np.float64],
    curve: Sequence[tuple[float, float, float, float]],
    marks: Mapping[str, tuple[float, float]],
    *,
    width: float = 480,
    height: float = 360,
) -> Chart:
    """``points`` (towns, 2): size and value; ``curve``: size, value, low, high, by size; ``marks``: size and value.

    ValueError where something is not greater than 0: it has no logarithm.
    """
    known = np.concatenate([points, np.array(list(marks.values())).reshape(-1, 2)])
    if known.min() <= 0 or min(min(one) for one in curve) <= 0:
        raise ValueError("a logarithmic axis begins above 0")
    low, high = np.quantile(points[:, 1], SHOWN)
    uprights = [
        low,
        high,
        *(one[2] for one in curve),
        *(one[3] for one in curve),
        *(y for _, y in marks.values()),
    ]
    left, right, top, bottom = LEFT, width - RIGHT, TOP, height - BOTTOM
    x_axis = _Axis(float(known[:, 0].min()), float(known[:, 0].max()), left, right)
    y_axis = _Axis(float(min(uprights)), float(max(uprights)), bottom, top)
    seen = points[(points[:, 1] >= y_axis.low) & (points[:, 1] <= y_axis.high)]
    upper = [(x_axis(size), y_axis(over)) for size, _, _, over in curve]
    lower = [(x_axis(size), y_axis(under)) for size, _, under, _ in curve]
    return Chart(
        width,
        height,
        left,
        right,
        top,
        bottom,
        "".join(f"M{_tenths(x_axis(size))},{_tenths(y_axis(value))}h0" for size, value in seen.tolist()),
        _path([*upper, *reversed(lower)]) + "z",
        _path([(x_axis(size), y_axis(value)) for size, value, _, _ in curve]),
        tuple(
            Mark(key, round(x_axis(size), 1), round(y_axis(value), 1)) for key, (size, value) in marks.items()
        ),
        tuple(Tick(round(x_axis(one), 1), one) for one in ticks(x_axis.low, x_axis.high, most=7)),
        tuple(Tick(round(y_axis(one), 1), one) for one in ticks(y_axis.low, y_axis.high, most=8)),
        len(points) - len(seen),
    )


def ticks(low: float, high: float, *, most: int) -> list[float]:
    """Round values between two, at most so many: 1, 2 and 5 of each power of ten, else 1 and 3, else 1."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found: list[float] = []
    for steps in ((1, 2, 5), (1, 3), (1,)):
        found = [value for power in powers for step in steps if low <= (value := step * 10.0**power) <= high]
        if len(found) <= most:
            break
    return found


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        span = math.log(self.high / self.low) or 1.0
        return self.begin + (self.end - self.begin) * math.log(value / self.low) / span


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_tenths(x)},{_tenths(y)}" for x, y in points)


def _tenths(value: float) -> str:
    return f"{round(value, 1):g}"
