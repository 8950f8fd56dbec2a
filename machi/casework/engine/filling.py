"""A blank form filled in print: for the sample, for trying a definition, and for tests. No scan, no noise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from machi.base.engine.typesetting import FONTS
from machi.casework.engine.types import Box, FieldDefinition, FormDefinition

_MARKED = ("check", "choice")


def fill(
    blank: str,
    form: FormDefinition,
    values: Mapping[str, str],
    *,
    kind: Literal["pdf", "png"] = "pdf",
    ppi: int = 150,
) -> list[bytes]:
    """The form's pages with ``values`` (by field; of a choice its options' keys) written into their places.

    ``blank``: Typst of the form with nothing filled in. One PDF of all pages, or a PNG a page. Fields without a place
    are left out. Equal input gives equal bytes.
    """
    import typst  # 80 MB: on first use

    places = [line for one in form.fields for line in _written(one, values.get(one.key, ""))]
    source = (
        "#set page(foreground: context {\n"
        + "\n".join(f"  if here().page() == {page + 1} {{ {words} }}" for page, words in places)
        + "\n})\n"
        + blank
    )
    options = {"font_paths": FONTS, "ignore_system_fonts": True, "timestamp": 0}
    if kind == "pdf":
        pdf: bytes = typst.compile(source.encode(), **options)  # type: ignore[call-overload]
        return [pdf]
    made = typst.compile(source.encode(), format="png", ppi=ppi, **options)  # type: ignore[call-overload]
    return made if isinstance(made, list) else [made]


def _written(field: FieldDefinition, value: str) -> list[tuple[int, str]]:
    """Typst for each place written into, with its page."""
    if not value:
        return []
    if field.kind == "choice":
        chosen = value.split(",")
        return [
            (one.place.page, _tick(one.place.box))
            for one in field.options
            if one.place is not None and one.key in chosen
        ]
    if field.place is None:
        return []
    box = field.place.box
    if field.kind == "check":
        return [(field.place.page, _tick(box))]
    if field.kind == "seal":
        return [(field.place.page, _seal(box))]
    return [(field.place.page, _words(box, value))]


def _words(box: Box, value: str) -> str:
    high = (box.bottom - box.top) * 297
    wide = (box.right - box.left) * 210
    lines = value.split("\n")
    longest = max(sum(0.55 if ord(one) < 0x2E80 else 1.0 for one in line) for line in lines) or 1
    size = min(11.0, high / len(lines) * 1.9, (wide - 3) / longest * 2.8)
    words = f"text(size: {size:.2f}pt, {json.dumps(value, ensure_ascii=False)})"
    inner = f"box(width: {wide - 2:.2f}mm, height: {high:.2f}mm, align(left + horizon, {words}))"
    return _at(box.left * 210 + 1.5, box.top * 297, inner)


def _tick(box: Box) -> str:
    """A tick of two strokes over the printed square."""
    wide, high = (box.right - box.left) * 210, (box.bottom - box.top) * 297

    def stroke(*ends: tuple[float, float]) -> str:
        start, end = (f"({wide * x:.2f}mm, {high * y:.2f}mm)" for x, y in ends)
        return _at(box.left * 210, box.top * 297, f"line(start: {start}, end: {end}, stroke: 1.4pt)")

    return "; ".join((stroke((0.15, 0.5), (0.42, 0.8)), stroke((0.42, 0.8), (0.95, 0.1))))


def _seal(box: Box) -> str:
    wide, high = (box.right - box.left) * 210, (box.bottom - box.top) * 297
    radius = min(wide, high, 12) * 0.42
    x, y = box.left * 210 + wide / 2 - radius, box.top * 297 + high / 2 - radius
    name = 'text(size: 8pt, fill: rgb("#c81e1e"), "印")'
    return _at(
        x,
        y,
        f'circle(radius: {radius:.2f}mm, stroke: 1.2pt + rgb("#c81e1e"), align(center + horizon, {name}))',
    )


def _at(x: float, y: float, inner: str) -> str:
    return f"place(top + left, dx: {x:.2f}mm, dy: {y:.2f}mm, {inner})"
