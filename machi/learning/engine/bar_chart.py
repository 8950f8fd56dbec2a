"""Bars that lie, with their words, as one SVG drawing: for a page, and as a picture in a Word document or PDF.

The drawing carries no style sheet (pages forbid inline styles) and no letters but those given; every bar has its figure
beside it, so that nothing depends on colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

WIDTH, ROW, GAP, TOP = 640, 34, 10, 8
LABEL, FIGURE = 240, 110
"""Pixels for the words on the left and the figures on the right."""
INK, SOFT, KEY, GROUND = "#1a1a1a", "#4d4d4d", "#0017c1", "#e8f1fe"
_A_LINE = 16
"""Full-width letters of a label on one line."""


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: int | None
    """None: hidden, because it is small."""
    figure: str
    """What is written beside it."""


def bar_chart(bars: Sequence[Bar], *, title: str, whole: int | None = None, width: int = WIDTH) -> str:
    """``whole``: what a full bar stands for (the largest value if not given). ``title`` is what is read aloud.

    ValueError without bars, or for a value below 0.
    """
    if not bars:
        raise ValueError("a chart has at least one bar")
    if any(one.value is not None and one.value < 0 for one in bars):
        raise ValueError("a bar has no length below 0")
    most = max([whole or 0, *(one.value or 0 for one in bars)]) or 1
    space = width - LABEL - FIGURE
    height = TOP * 2 + len(bars) * ROW + (len(bars) - 1) * GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label={quoteattr(_printable(title))}>'
    ]
    for at, one in enumerate(bars):
        y = TOP + at * (ROW + GAP)
        middle = y + ROW / 2
        lines = _lines(one.label)
        for number, line in enumerate(lines):
            up = middle + 5 + (number - (len(lines) - 1) / 2) * 16
            parts.append(_text(LABEL - 10, up, line, INK, 13, "end"))
        parts.append(f'<rect x="{LABEL}" y="{y}" width="{space}" height="{ROW}" rx="4" fill="{GROUND}"/>')
        if one.value:
            long = max(round(space * one.value / most, 1), 2.0)
            parts.append(f'<rect x="{LABEL}" y="{y}" width="{long:g}" height="{ROW}" rx="4" fill="{KEY}"/>')
        parts.append(
            _text(width - FIGURE + 8, middle + 5, one.figure, SOFT if one.value is None else INK, 13)
        )
    return "".join([*parts, "</svg>"])


def _text(x: float, y: float, text: str, fill: str, size: int, anchor: str = "start") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" '
        f'font-family="Noto Sans CJK JP, sans-serif">{escape(_printable(text))}</text>'
    )


def _printable(text: str) -> str:
    """What XML 1.0 may hold."""
    return "".join(one for one in text if one.isprintable() or one == "　")


def _lines(label: str) -> list[str]:
    """At most two lines; Latin letters count half."""
    lines, line, long = [], "", 0.0
    for one in label:
        step = 0.55 if ord(one) < 0x2E80 else 1.0
        if long + step > _A_LINE:
            lines.append(line)
            line, long = "", 0.0
            if len(lines) == 2:
                return [lines[0], f"{lines[1][:-1]}…"]
        line, long = line + one, long + step
    return [*lines, line]
