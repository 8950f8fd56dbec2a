"""A blank form and its definition from one description, so that every box lies exactly where it is printed.

A ``Layout`` is rows of labelled cells in millimetres. From it come the Typst source of the printable form
(``typst_source``) and the ``FormDefinition`` (``definition``), whose boxes are shares of the same page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from machi.casework.engine.types import Box, FieldDefinition, FieldKind, FormDefinition, Option, Place

PAPER = (210.0, 297.0)
"""A4, millimetres."""
_MARGIN = 15.0
_TOP = 16.0
_CORNER, _CORNER_AT = 4.0, 7.0
_TICK = 3.6
"""Side of a box to tick."""


@dataclass(frozen=True, slots=True)
class PrintedOption:
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A label and the box beside it. A cell without ``field`` is printed words alone."""

    label: str
    width: float
    """Of label and box together, millimetres."""
    field: str = ""
    kind: FieldKind = "text"
    label_width: float = 26.0
    called: str = ""
    """What it is called in lists and letters, where the printed label alone would not say (氏名 stands twice)."""
    note: str = ""
    """In small letters below the label: an example, a unit."""
    required: bool = False
    options: tuple[PrintedOption, ...] = ()
    several: bool = False
    """More than one of the options may be ticked."""
    across: int = 0
    """How many options stand beside each other; 0: all."""
    anchors: tuple[str, ...] = ()
    """Other spellings of the label, for copies in free layout."""


@dataclass(frozen=True, slots=True)
class Row:
    height: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with rows below it, or a paragraph of printed words."""

    heading: str = ""
    text: str = ""
    text_height: float = 6.0
    rows: tuple[Row, ...] = ()
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    key: str
    title: str
    version: str
    blocks: tuple[Block, ...]
    addressee: str = ""
    foot: str = ""
    marks: tuple[str, ...] = ()
    """Besides its title and its number, by which a page is recognised."""


@dataclass(frozen=True, slots=True)
class _Rect:
    x: float
    y: float
    width: float
    height: float

    def place(self, page: int) -> Place:
        wide, high = PAPER
        box = Box(self.x / wide, self.y / high, (self.x + self.width) / wide, (self.y + self.height) / high)
        return Place(page, box)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What stands where: ``kind`` is text, rect, label or tick; sizes in millimetres and points."""

    page: int
    rect: _Rect
    text: str = ""
    note: str = ""
    size: float = 9.0
    kind: str = "text"
    bold: bool = False
    align: str = "left"


@dataclass(slots=True)
class _Sheet:
    """Where the pen stands."""

    page: int = 0
    y: float = _TOP
    drawn: list[_Drawn] = field(default_factory=list)
    fields: list[FieldDefinition] = field(default_factory=list)


def number_of(layout: Layout) -> str:
    """The line by which copies are recognised, printed at the foot of every page."""
    return f"{layout.key} / {layout.version}"


def definition(layout: Layout) -> FormDefinition:
    """Raises ValueError where it does not fit the paper or a field stands twice."""
    sheet = _laid_out(layout)
    return FormDefinition(
        key=layout.key,
        title=layout.title,
        version=layout.version,
        fields=tuple(sheet.fields),
        pages=sheet.page + 1,
        marks=(layout.title, number_of(layout), *layout.marks),
    )


def typst_source(layout: Layout) -> str:
    """Typst of the blank form, for ``base.engine.typesetting.set_pdf``."""
    sheet = _laid_out(layout)
    lines = [
        "// Drawn by bin/draw-forms from layout.json: change that, not this.",
        f"#set document(title: {json.dumps(layout.title, ensure_ascii=False)})",
        '#set page(paper: "a4", margin: 0mm)',
        '#set text(font: "Noto Sans CJK JP", lang: "ja", size: 9pt)',
        "#set par(leading: 0.5em)",
    ]
    for page in range(sheet.page + 1):
        lines += ["#pagebreak()"] if page else []
        lines += [_typst(one) for one in sheet.drawn if one.page == page]
    return "\n".join(lines) + "\n"


def _laid_out(layout: Layout) -> _Sheet:
    sheet = _Sheet()
    _frame(layout, sheet)
    _words(sheet, layout.title, 10, 15, bold=True, align="center")
    if layout.addressee:
        _words(sheet, layout.addressee, 7, 10)
    for block in layout.blocks:
        if block.new_page:
            sheet.page, sheet.y = sheet.page + 1, _TOP
            _frame(layout, sheet)
        if block.heading:
            sheet.y += 2.0
            _words(sheet, block.heading, 6, 10, bold=True)
        if block.text:
            _words(sheet, block.text, block.text_height, 8)
        for row in block.rows:
            _row(sheet, row, block.heading.partition("　")[2] or block.heading)
        if sheet.y > PAPER[1] - _TOP:
            raise ValueError(
                f"{layout.key}: page {sheet.page + 1} is {sheet.y - PAPER[1] + _TOP:.1f} mm too long"
            )
    keys = [one.key for one in sheet.fields]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"{layout.key}: fields that stand twice: {sorted(twice)}")
    return sheet


def _frame(layout: Layout, sheet: _Sheet) -> None:
    """Marks in the corners, by which a photograph is straightened, and the number at the foot."""
    wide, high = PAPER
    for x in (_CORNER_AT, wide - _CORNER_AT - _CORNER):
        for y in (_CORNER_AT, high - _CORNER_AT - _CORNER):
            sheet.drawn.append(_Drawn(sheet.page, _Rect(x, y, _CORNER, _CORNER), kind="corner"))
    foot = "　".join(filter(None, (layout.foot, number_of(layout))))
    place = _Rect(_MARGIN, high - 12, wide - 2 * _MARGIN, 5)
    sheet.drawn.append(_Drawn(sheet.page, place, foot, size=7, align="right"))


def _words(
    sheet: _Sheet, text: str, height: float, size: float, *, bold: bool = False, align: str = "left"
) -> None:
    rect = _Rect(_MARGIN, sheet.y, PAPER[0] - 2 * _MARGIN, height)
    sheet.drawn.append(_Drawn(sheet.page, rect, text, size=size, bold=bold, align=align))
    sheet.y += height


def _row(sheet: _Sheet, row: Row, section: str) -> None:
    x = _MARGIN
    for cell in row.cells:
        label = _Rect(x, sheet.y, cell.label_width if cell.field else cell.width, row.height)
        sheet.drawn.append(_Drawn(sheet.page, label, cell.label, size=8.5, kind="label", note=cell.note))
        if cell.field:
            box = _Rect(x + cell.label_width, sheet.y, cell.width - cell.label_width, row.height)
            if box.width < 5:
                raise ValueError(f"{cell.field}: the label leaves no room for the box")
            sheet.drawn.append(_Drawn(sheet.page, box, kind="rect"))
            sheet.fields.append(_field(sheet, cell, box, section))
        x += cell.width
    if x > PAPER[0] - _MARGIN + 0.01:
        raise ValueError(
            f"the row of {row.cells[0].field or row.cells[0].label} is {x - PAPER[0] + _MARGIN:.1f} mm too wide"
        )
    sheet.y += row.height


def _field(sheet: _Sheet, cell: Cell, box: _Rect, section: str) -> FieldDefinition:
    options: tuple[Option, ...] = ()
    place = box.place(sheet.page)
    if cell.kind == "check":
        tick = _Rect(box.x + 2, box.y + (box.height - _TICK) / 2, _TICK, _TICK)
        sheet.drawn.append(_Drawn(sheet.page, tick, kind="tick"))
        place = tick.place(sheet.page)
    if cell.options:
        options = tuple(_options(sheet, cell, box))
    return FieldDefinition(
        key=cell.field,
        label=cell.called or cell.label,
        kind=cell.kind,
        place=place,
        anchors=(cell.label, *cell.anchors),
        options=options,
        required=cell.required,
        several=cell.several,
        section=section,
        note=cell.note,
    )


def _options(sheet: _Sheet, cell: Cell, box: _Rect) -> Iterator[Option]:
    across = cell.across or len(cell.options)
    down = -(-len(cell.options) // across)
    wide, high = box.width / across, box.height / down
    for number, option in enumerate(cell.options):
        x, y = box.x + number % across * wide, box.y + number // across * high
        tick = _Rect(x + 2, y + (high - _TICK) / 2, _TICK, _TICK)
        sheet.drawn.append(_Drawn(sheet.page, tick, kind="tick"))
        words = _Rect(x + 2 + _TICK + 1.2, y, wide - _TICK - 3.4, high)
        sheet.drawn.append(_Drawn(sheet.page, words, option.label, size=8.5))
        yield Option(option.key, option.label, tick.place(sheet.page))


def _typst(one: _Drawn) -> str:
    at = f"#place(top + left, dx: {one.rect.x:.2f}mm, dy: {one.rect.y:.2f}mm, "
    size = f"width: {one.rect.width:.2f}mm, height: {one.rect.height:.2f}mm"
    match one.kind:
        case "corner":
            return f"{at}rect({size}, fill: black))"
        case "rect" | "tick":
            return f"{at}rect({size}, stroke: {0.7 if one.kind == 'tick' else 0.5}pt))"
    words = json.dumps(one.text, ensure_ascii=False)
    weight = ', weight: "bold"' if one.bold else ""
    shown = f"text(size: {one.size}pt{weight}, {words})"
    if one.note:
        small = f"text(size: 6.5pt, {json.dumps(one.note, ensure_ascii=False)})"
        shown = f"stack(spacing: 1mm, {shown}, {small})"
    inner = f"align({one.align} + horizon, {shown})"
    if one.kind == "label":
        return f"{at}rect({size}, stroke: 0.5pt, fill: luma(238), inset: 1.2mm, {inner}))"
    return f"{at}box({size}, {inner}))"
