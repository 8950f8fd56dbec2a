"""Where things go in a chart: pure geometry, which templates draw as SVG beside a table of the same figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEFT, RIGHT, TOP, BOTTOM = 68.0, 14.0, 12.0, 30.0
"""Margins for the labels, in pixels."""


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    """Pixels along its axis."""
    value: float


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class LineChart:
    """A planned line and facts over the same steps."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    """Where the axes lie."""
    ticks: tuple[Tick, ...]
    """Of the y axis."""
    steps: tuple[float, ...]
    """x of each step."""
    plan: str
    """``points`` of a ``<polyline>``."""
    facts: tuple[str, ...]
    """``points`` of a ``<polyline>`` a piece: a step without a fact parts two pieces."""
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class RangeBar:
    """A bar of what is possible, in it what is probable, and the middle."""

    width: float
    height: float
    whole_x: float
    whole_width: float
    likely_x: float
    likely_width: float
    middle: float
    zero: float
    endless: bool
    """The bar goes on beyond its right end."""
    ticks: tuple[Tick, ...]


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round values from at most ``low`` to at least ``high``: steps of 1, 2 or 5 times a power of ten."""
    if not (math.isfinite(low) and math.isfinite(high)) or high < low:
        raise ValueError("an axis goes from a number to one not smaller")
    span = (high - low) or abs(high) or 1.0
    raw = span / about
    power: float = 10.0 ** math.floor(math.log10(raw))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * at, 10) for at in range(first, max(last, first + 1) + 1)]


def line_chart(
    plan: Sequence[float], facts: Sequence[float | None], *, width: float = 640, height: float = 260
) -> LineChart:
    """``plan`` and ``facts`` have a value for each step. ValueError where they differ in length or are under two."""
    if len(plan) != len(facts) or len(plan) < 2:
        raise ValueError("a plan and facts over the same steps, at least two")
    known = [*plan, *(one for one in facts if one is not None)]
    values = ticks(min(known), max(known))
    low, high = values[0], values[-1]
    right, bottom = width - RIGHT, height - BOTTOM
    steps = [LEFT + (right - LEFT) * at / (len(plan) - 1) for at in range(len(plan))]

    def y(value: float) -> float:
        return round(bottom - (bottom - TOP) * (value - low) / (high - low), 1)

    pieces: list[list[Mark]] = [[]]
    for x, fact in zip(steps, facts, strict=True):
        if fact is None:
            pieces.append([])
        else:
            pieces[-1].append(Mark(round(x, 1), y(fact)))
    return LineChart(
        width,
        height,
        LEFT,
        right,
        bottom,
        tuple(Tick(y(one), one) for one in values),
        tuple(round(one, 1) for one in steps),
        _points([Mark(round(x, 1), y(one)) for x, one in zip(steps, plan, strict=True)]),
        tuple(_points(piece) for piece in pieces if len(piece) > 1),
        tuple(mark for piece in pieces for mark in piece),
    )


def range_bar(
    worst: float,
    likely: tuple[float, float, float],
    best: float,
    *,
    axis: tuple[float, float] | None = None,
    endless: bool = False,
    width: float = 640,
    height: float = 64,
) -> RangeBar:
    """A bar from ``worst`` to ``best`` (either may be the greater), in it ``likely`` (low, middle, high).

    0 is always on the axis; ``axis`` makes it reach further, so that two bars can share one.
    """
    given = [0.0, worst, best, *likely, *(axis or ())]
    values = ticks(min(given), max(given))
    low, high = values[0], values[-1]
    left, right = 30.0, width - 30.0

    def x(value: float) -> float:
        return round(left + (right - left) * (value - low) / (high - low), 1)

    ends = sorted((x(worst), x(best)))
    return RangeBar(
        width,
        height,
        ends[0],
        max(round(ends[1] - ends[0], 1), 1.0),
        x(likely[0]),
        max(round(x(likely[2]) - x(likely[0]), 1), 1.0),
        x(likely[1]),
        x(0.0),
        endless,
        tuple(Tick(x(one), one) for one in values),
    )


def _points(marks: Sequence[Mark]) -> str:
    return " ".join(f"{mark.x:g},{mark.y:g}" for mark in marks)
