"""Sheets, documents and texts drawn as pages, so that each cell and line has its box and is shown like one on a scan.

A sheet has its letters above and its numbers at the left as in Excel; a document its lines and tables in their order,
with tables' and rows' numbers in the margin. Drawn are the texts as they are shown, widths, merged cells and borders;
colours, letters' sizes and pictures are not: the file itself stays beside it. Equal input gives equal bytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from machi.base.engine.typesetting import FONTS
from machi.casework.engine.cells import USUAL_WIDTH
from machi.casework.engine.intake_images import png_of
from machi.casework.engine.intake_types import Opened, Sheet
from machi.casework.engine.types import Box

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

HEAD_WIDTH, HEAD_HEIGHT = 64, 40
"""Pixels of the strips with a sheet's numbers and letters."""
_SIZE, _SMALL, _LINE, _PAD = 24, 18, 32, 8
_LETTER = 12.5
"""Pixels of a letter of half width, by which columns are measured."""
_POINT = 2.1
"""Pixels of a point of a row's height."""
_WIDEST, _HIGHEST = 2_400, 3_000
_PAPER, _MARGIN, _TALLEST = 1_500, 100, 2_100
"""Of a document: width, margin and height of a page."""
_MOST_PAGES = 40
_MOST_LINES = 80
"""Of a cell or paragraph; what is more is cut off with a sign that it goes on."""
_BARE_ROWS = 3
"""Rows without anything that are drawn; of more, as many stay."""
_INK, _SOFT, _RULE, _GRID, _HEAD = "#1a1a1a", "#626264", "#4d4d4d", "#d8d8db", "#f1f1f4"

_TICK = ((0.25, 0.75), (0.45, 1.0), (0.45, 1.0), (0.95, 0.4))
_CROSS = ((0.25, 0.5), (0.75, 1.0), (0.75, 0.5), (0.25, 1.0))
_TICKS = {"☑": _TICK, "✓": _TICK, "✔": _TICK, "🗹": _TICK, "☒": _CROSS, "✗": _CROSS, "✘": _CROSS}
"""Strokes from point to point, in shares of the letters' size."""
_LACKING = str.maketrans({**dict.fromkeys("☑☒☐🗹", "□"), **dict.fromkeys("✓✔✗✘", "　")})

Key = tuple[Literal["sheet", "table", "line"], int, int, int]
"""Kind and number as in ``Spot``, row and column."""


@dataclass(frozen=True, slots=True)
class Drawn:
    png: bytes
    width: int
    height: int
    boxes: Mapping[Key, Box]
    """Of each cell and line on it; of merged cells by the first."""


def draw(opened: Opened) -> list[Drawn]:
    """The pages of a workbook, a document, a mail's body or a text: at most 40; none of other files."""
    pages: Iterator[Drawn]
    if opened.kind == "excel":
        pages = (page for number, sheet in enumerate(opened.sheets, 1) for page in _sheet(sheet, number))
    elif opened.kind in ("word", "mail", "text"):
        pages = _document(opened)
    else:
        return []
    return [page for page, _number in zip(pages, range(_MOST_PAGES), strict=False)]


# Tables: columns and rows in pixels, then cells


@dataclass(frozen=True, slots=True)
class _Cell:
    row: int
    column: int
    last_row: int
    last_column: int
    lines: tuple[str, ...]
    ruled: bool
    overflow: int
    """The last column over which its text may run, as the cells there are empty."""


@dataclass(frozen=True, slots=True)
class _Table:
    cells: Sequence[_Cell]
    columns: Mapping[int, int]
    """Column -> pixels, of those that are shown."""
    rows: Mapping[int, int]


def _table(sheet: Sheet, columns: Mapping[int, int], *, all_rows: bool, all_ruled: bool) -> _Table:
    ends = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merged}
    last = max((row for row, _column in sheet.cells), default=0)
    last = max([last, *(bottom for (top, _left), (bottom, _right) in ends.items() if top <= last)])
    covered = {
        (row, column): place
        for place, (bottom, right) in ends.items()
        for row in range(place[0], min(bottom, last) + 1)
        for column in range(place[1], min(right, max(columns, default=0)) + 1)
    }
    shown = list(_rows(sheet, last, all_rows))
    rows = {row: max(_LINE + _PAD, round(sheet.heights.get(row, 0) * _POINT)) for row in shown}
    places = {place for place in sheet.cells if place[0] in rows and place[1] in columns}
    places |= {place for place in ends if place[0] in rows and place[1] in columns}
    places |= {
        place for place in sheet.ruled if place[0] in rows and place[1] in columns and place not in covered
    }
    cells = []
    for place in sorted(places):
        bottom, right = ends.get(place, place)
        text = sheet.cells.get(place, "")
        overflow = right
        room = sum(wide for column, wide in columns.items() if place[1] <= column <= right)
        if text and place not in ends and not all_ruled:
            needed = _length(text.partition("\n")[0]) + 2 * _PAD
            while (
                room < needed
                and overflow + 1 in columns
                and (place[0], overflow + 1) not in sheet.cells
                and (place[0], overflow + 1) not in covered
                and (place[0], overflow + 1) not in sheet.ruled
            ):
                overflow += 1
                room += columns[overflow]
        lines = tuple(_wrapped(text, max(room - 2 * _PAD, _SIZE)))
        inside = shown[bisect_left(shown, place[0]) : bisect_right(shown, bottom)]
        missing = len(lines) * _LINE + _PAD - sum(rows[row] for row in inside)
        if missing > 0:
            rows[inside[-1]] += missing
        cells.append(_Cell(*place, inside[-1], right, lines, all_ruled or place in sheet.ruled, overflow))
    return _Table(cells, columns, rows)


def _rows(sheet: Sheet, last: int, all_rows: bool) -> Iterator[int]:
    """Those that are shown: none that is hidden, and of many empty ones few."""
    filled = {row for row, _column in sheet.cells}
    bare = 0
    for row in range(1, last + 1):
        if sheet.heights.get(row) == 0:
            continue
        bare = 0 if row in filled else bare + 1
        if all_rows or bare <= _BARE_ROWS or row + 1 in filled:
            yield row


def _put(
    pen: ImageDraw, table: _Table, x: int, y: int, columns: Sequence[int], rows: Sequence[int]
) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """Draws a part of a table with its corner at ``x, y``; pixels of each cell."""
    lefts, tops = _edges(columns, table.columns, x), _edges(rows, table.rows, y)
    boxes = {}
    for cell in table.cells:
        if cell.row not in tops or cell.column not in lefts:
            continue
        left, top = lefts[cell.column][0], tops[cell.row][0]
        right = max(end for column, (_at, end) in lefts.items() if cell.column <= column <= cell.last_column)
        bottom = max(end for row, (_at, end) in tops.items() if cell.row <= row <= cell.last_row)
        boxes[cell.row, cell.column] = (left, top, right, bottom)
        pen.rectangle((left, top, right, bottom), fill="white", outline=_GRID)
    for cell in table.cells:
        if (place := (cell.row, cell.column)) not in boxes:
            continue
        left, top, right, bottom = boxes[place]
        if cell.ruled:
            pen.rectangle((left, top, right, bottom), outline=_RULE, width=2)
        at = top + max(_PAD // 2, (bottom - top - len(cell.lines) * _LINE) // 2)
        if cell.overflow > cell.last_column and cell.lines:  # over the lines of the empty cells behind it
            end = min(left + _PAD + round(_length(cell.lines[0])), max(end for _at, end in lefts.values()))
            pen.rectangle((left + 1, top + 1, max(end, right) - 1, bottom - 1), fill="white")
        for number, line in enumerate(cell.lines):
            _write(pen, left + _PAD, at + number * _LINE, line)
    return boxes


def _edges(some: Sequence[int], sizes: Mapping[int, int], start: int) -> dict[int, tuple[int, int]]:
    edges = {}
    for one in some:
        edges[one] = (start, start + sizes[one])
        start += sizes[one]
    return edges


def _blocks(sizes: Mapping[int, int], most: int) -> list[list[int]]:
    """Rows or columns, as many together as fit."""
    blocks: list[list[int]] = []
    room = 0
    for one, size in sizes.items():
        if not blocks or size > room:
            blocks.append([])
            room = most
        blocks[-1].append(one)
        room -= size
    return blocks


# Excel


def _sheet(sheet: Sheet, number: int) -> Iterator[Drawn]:
    if not sheet.cells:
        return
    last = max(column for _row, column in sheet.cells)
    last = max([last, *(right for _top, left, _bottom, right in sheet.merged if left <= last + 1)])
    last = max([last + 1, *(column for _row, column in sheet.ruled if column <= last + 12)])
    columns = {
        column: max(14, min(_WIDEST, round(width * _LETTER) + _PAD))
        for column in range(1, last + 1)
        if (width := sheet.widths.get(column, USUAL_WIDTH)) > 0
    }
    table = _table(sheet, columns, all_rows=False, all_ruled=False)
    for some_rows in _blocks(table.rows, _HIGHEST):
        for some in _blocks(columns, _WIDEST):
            if any(cell.row in some_rows and cell.column in some for cell in table.cells):
                yield _sheet_page(sheet, number, table, some, some_rows)


def _sheet_page(
    sheet: Sheet, number: int, table: _Table, columns: Sequence[int], rows: Sequence[int]
) -> Drawn:
    width = HEAD_WIDTH + sum(table.columns[one] for one in columns) + 1
    height = HEAD_HEIGHT + sum(table.rows[one] for one in rows) + 1
    image, pen = _paper(width, height)
    for column, (left, right) in _edges(columns, table.columns, HEAD_WIDTH).items():
        pen.line((right, HEAD_HEIGHT, right, height), fill=_GRID)
        _head(pen, (left, 0, right, HEAD_HEIGHT), letters(column))
    for row, (top, bottom) in _edges(rows, table.rows, HEAD_HEIGHT).items():
        pen.line((HEAD_WIDTH, bottom, width, bottom), fill=_GRID)
        _head(pen, (0, top, HEAD_WIDTH, bottom), str(row))
    pen.rectangle((0, 0, HEAD_WIDTH, HEAD_HEIGHT), fill=_HEAD, outline=_GRID)
    boxes = _put(pen, table, HEAD_WIDTH, HEAD_HEIGHT, columns, rows)
    known: dict[Key, Box] = {
        ("sheet", number, row, column): Box(
            left / width, top / height, min(right, width) / width, min(bottom, height) / height
        )
        for row, (top, bottom) in _edges(rows, table.rows, HEAD_HEIGHT).items()
        for column, (left, right) in _edges(columns, table.columns, HEAD_WIDTH).items()
    }
    known |= {("sheet", number, *place): _share(box, width, height) for place, box in boxes.items()}
    return Drawn(png_of(image), width, height, known)


def letters(column: int) -> str:
    """1 -> A, 27 -> AA."""
    told = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        told = chr(65 + rest) + told
    return told


def _head(pen: ImageDraw, box: tuple[int, int, int, int], text: str) -> None:
    left, top, right, bottom = box
    pen.rectangle(box, fill=_HEAD, outline=_GRID)
    if right - left >= _length(text, _SMALL):
        middle = ((left + right) / 2, (top + bottom) / 2)
        pen.text(middle, text, fill=_SOFT, font=_font(_SMALL), anchor="mm")


# Word, mails, texts


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of a table that stand on one page; ``first``: with its number above them."""

    number: int
    table: _Table
    rows: Sequence[int]
    first: bool


def _document(opened: Opened) -> Iterator[Drawn]:
    flow: Sequence[str | int] = opened.flow or [line for line in opened.text.splitlines() if line.strip()]
    page: list[_Line | _Rows] = []
    room = _TALLEST - 2 * _PAD
    for piece in _pieces(opened, flow):
        if page and _high(piece) > room:
            yield _document_page(page)
            page, room = [], _TALLEST - 2 * _PAD
        page.append(piece)
        room -= _high(piece)
    if page:
        yield _document_page(page)


def _pieces(opened: Opened, flow: Sequence[str | int]) -> Iterator[_Line | _Rows]:
    """What goes on a page whole: lines and rows."""
    number = 0
    for one in flow:
        if isinstance(one, str):
            number += 1
            yield _Line(number, tuple(_wrapped(one.strip(), _PAPER - _MARGIN - 4 * _PAD)))
            continue
        sheet = opened.sheets[one - 1]
        table = _table(sheet, _columns(sheet), all_rows=True, all_ruled=True)
        # Rows that a merged cell holds together stay together, up to what a page can hold.
        for at, rows in enumerate(_held_together(table)):
            yield _Rows(one, table, rows, at == 0)


def _columns(sheet: Sheet) -> dict[int, int]:
    last = max(
        (
            *(column for _row, column in (*sheet.cells, *sheet.ruled)),
            *(right for _top, _left, _bottom, right in sheet.merged),
        ),
        default=0,
    )
    widths = [sheet.widths.get(column, 20.0) for column in range(1, last + 1)]
    scale = (_PAPER - _MARGIN - 4 * _PAD) / max(sum(widths), 1)
    return {column: max(20, int(width * scale)) for column, width in enumerate(widths, 1)}


def _held_together(table: _Table) -> Iterator[list[int]]:
    held: list[int] = []
    until = 0
    ends: dict[int, int] = {}
    for cell in table.cells:
        ends[cell.row] = max(ends.get(cell.row, 0), cell.last_row)
    for row in table.rows:
        high = sum(table.rows[one] for one in held)
        if held and (row > until or high + table.rows[row] > _TALLEST - 100):
            yield held
            held = []
        held.append(row)
        until = max(until, ends.get(row, row))
    if held:
        yield held


def _high(piece: _Line | _Rows) -> int:
    if isinstance(piece, _Line):
        return len(piece.lines) * _LINE + 2 * _PAD
    return sum(piece.table.rows[row] for row in piece.rows) + (_LINE + _PAD if piece.first else 0)


def _document_page(pieces: Sequence[_Line | _Rows]) -> Drawn:
    rights = (sum(piece.table.columns.values()) for piece in pieces if isinstance(piece, _Rows))
    width = max([_PAPER, *(_MARGIN + right + 2 * _PAD for right in rights)])
    height = sum(map(_high, pieces)) + 4 * _PAD
    image, pen = _paper(width, height)
    known: dict[Key, Box] = {}
    y = 2 * _PAD
    for piece in pieces:
        if isinstance(piece, _Line):
            for number, line in enumerate(piece.lines):
                _write(pen, _MARGIN, y + _PAD + number * _LINE, line)
            long = max((_length(line) for line in piece.lines), default=0)
            box = (_MARGIN - _PAD, y, min(width, _MARGIN + round(long) + _PAD), y + _high(piece))
            known["line", piece.number, 1, 1] = _share(box, width, height)
            y += _high(piece)
            continue
        if piece.first:
            pen.text((_PAD, y + _PAD), f"表{piece.number}", fill=_SOFT, font=_font(_SMALL))
            y += _LINE + _PAD
        for row, (top, bottom) in _edges(piece.rows, piece.table.rows, y).items():
            pen.text((_MARGIN - 2 * _PAD, (top + bottom) / 2), str(row), _SOFT, _font(_SMALL), anchor="rm")
        boxes = _put(pen, piece.table, _MARGIN, y, list(piece.table.columns), piece.rows)
        known |= {("table", piece.number, *place): _share(box, width, height) for place, box in boxes.items()}
        y = max((box[3] for box in boxes.values()), default=y)
    return Drawn(png_of(image), width, height, known)


# Letters


def _paper(width: int, height: int) -> tuple[Image, ImageDraw]:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (width, height), "white")
    return image, ImageDraw.Draw(image)


def _share(box: tuple[int, int, int, int], width: int, height: int) -> Box:
    left, top, right, bottom = box
    return Box(left / width, top / height, min(right, width) / width, min(bottom, height) / height)


@lru_cache(maxsize=4)
def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont

    (file,) = sorted(Path(FONTS[0]).glob("*.[ot]t[fc]"))[:1]
    return ImageFont.truetype(str(file), size)


@lru_cache(maxsize=20_000)
def _letter(letter: str, size: int) -> float:
    return _font(size).getlength(letter.translate(_LACKING))


def _write(pen: ImageDraw, x: float, y: float, line: str) -> None:
    """A line of text; ticks, which the font lacks, are drawn."""
    pen.text((x, y), line.translate(_LACKING), fill=_INK, font=_font(_SIZE))
    for number, letter in enumerate(line):
        if letter in _TICKS:
            left = x + _length(line[:number])
            points = [(left + _SIZE * a, y + _SIZE * b) for a, b in _TICKS[letter]]
            for one, other in zip(points[::2], points[1::2], strict=True):
                pen.line((*one, *other), fill=_INK, width=3)


def _length(text: str, size: int = _SIZE) -> float:
    return sum(_letter(letter, size) for letter in text)


def _wrapped(text: str, room: int) -> Iterator[str]:
    """Lines no wider than ``room`` pixels, letter by letter as Japanese is set."""
    lines = 0
    for paragraph in text.replace("\t", "　").split("\n") if text else ():
        line, long = "", 0.0
        for letter in paragraph:
            wide = _letter(letter, _SIZE)
            if line and long + wide > room and wide:
                lines += 1
                if lines == _MOST_LINES:
                    yield line[:-1] + "…"
                    return
                yield line
                line, long = "", 0.0
            line += letter
            long += wide
        lines += 1
        yield line
        if lines == _MOST_LINES:
            return
