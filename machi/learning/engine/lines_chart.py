"""Several lines over the same months as SVG, drawn beside a table of the same figures. A gap in the data is a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from machi.joint.engine.charts import BOTTOM, LEFT, RIGHT, TOP, Mark, Tick, ticks


@dataclass(frozen=True, slots=True)
class Line:
    pieces: tuple[str, ...]
    """``points`` of a ``<polyline>`` each."""
    marks: tuple[Mark, ...]
    start: float | None
    """x of the step at which something began."""


@dataclass(frozen=True, slots=True)
class LinesChart:
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    ticks: tuple[Tick, ...]
    steps: tuple[float, ...]
    lines: tuple[Line, ...]


def lines_chart(
    lines: Sequence[tuple[Sequence[float | None], int | None]], *, width: float = 640, height: float = 260
) -> LinesChart | None:
    """Each line: a value or None a step, and the step at which it began (None: never). None: there is nothing to
    draw. ValueError where lines differ in length."""
    if len({len(values) for values, _start in lines}) > 1:
        raise ValueError("lines over the same steps")
    known = [one for values, _start in lines for one in values if one is not None]
    if not known or len(lines[0][0]) < 2:
        return None
    marks = ticks(min(0.0, *known), max(1.0, *known))  # counts: the axis reaches 1 at least
    low, high = marks[0], marks[-1]
    right, bottom = width - RIGHT, height - BOTTOM
    count = len(lines[0][0])
    steps = tuple(round(LEFT + (right - LEFT) * at / (count - 1), 1) for at in range(count))

    def y(value: float) -> float:
        return round(bottom - (bottom - TOP) * (value - low) / (high - low), 1)

    drawn = []
    for values, start in lines:
        pieces: list[list[Mark]] = [[]]
        for x, value in zip(steps, values, strict=True):
            if value is None:
                pieces.append([])
            else:
                pieces[-1].append(Mark(x, y(value)))
        drawn.append(
            Line(
                tuple(
                    " ".join(f"{one.x:g},{one.y:g}" for one in piece) for piece in pieces if len(piece) > 1
                ),
                tuple(mark for piece in pieces for mark in piece),
                None if start is None else steps[start],
            )
        )
    return LinesChart(
        width,
        height,
        LEFT,
        right,
        TOP,
        bottom,
        tuple(Tick(y(one), one) for one in marks),
        steps,
        tuple(drawn),
    )
