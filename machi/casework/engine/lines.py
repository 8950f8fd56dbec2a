"""One line over equal steps, as pure geometry for a template to draw beside a table of the same figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 14.0, 12.0, 30.0


@dataclass(frozen=True, slots=True)
class LineChart:
    points: tuple[str, ...]
    """``points`` of a ``<polyline>`` each: a step without a value parts two."""
    marks: tuple[tuple[float, float], ...]
    ticks: tuple[tuple[float, float], ...]
    """y, and the value there."""
    labels: tuple[tuple[float, str], ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT


def line(values: Sequence[float | None], labels: Sequence[str]) -> LineChart | None:
    """None where there are fewer than two values. The axis begins at 0. ValueError for labels of another number, or a
    value below 0."""
    if len(values) != len(labels):
        raise ValueError("a label for each step")
    known = [one for one in values if one is not None]
    if any(one < 0 for one in known):
        raise ValueError("a value lies below the axis")
    if len(known) < 2:
        return None
    ticks = _ticks(max(*known, 1.0))
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    xs = [round(LEFT + (right - LEFT) * at / (len(values) - 1), 1) for at in range(len(values))]

    def y(value: float) -> float:
        return round(bottom - (bottom - TOP) * value / ticks[-1], 1)

    pieces: list[list[tuple[float, float]]] = [[]]
    for x, value in zip(xs, values, strict=True):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((x, y(value)))
    every = math.ceil(len(labels) / 8)
    return LineChart(
        tuple(" ".join(f"{x:g},{up:g}" for x, up in piece) for piece in pieces if len(piece) > 1),
        tuple(one for piece in pieces for one in piece),
        tuple((y(one), one) for one in ticks),
        tuple((x, label) for at, (x, label) in enumerate(zip(xs, labels, strict=True)) if at % every == 0),
    )


def _ticks(most: float) -> list[float]:
    """From 0 to at least ``most``, in steps of 1, 2 or 5 times a power of ten."""
    raw = most / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= raw * (1 - 1e-9))
    return [round(step * at, 10) for at in range(math.ceil(most / step - 1e-9) + 1)]
