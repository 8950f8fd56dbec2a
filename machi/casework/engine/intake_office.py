"""Excel and Word forms: the texts of their cells and paragraphs, and the pictures in them as pages.

The package is checked before a parser sees it (``base.engine.packages``), then what a parser would blow up: a few bytes
can merge a million million cells. Macros are refused; what is hidden is left out and said so.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from machi.base.engine.packages import PackageLimits, PackageRefused, parts_of
from machi.casework.engine.intake_images import read_pictures
from machi.casework.engine.intake_types import (
    Limits,
    Note,
    OpenedKind,
    Page,
    Refused,
    Sheet,
    Unreadable,
    refusal,
)
from machi.language.engine.cell_text import cell_text

_MAIN: tuple[tuple[bytes, OpenedKind], ...] = (
    (b"wordprocessingml.document.main+xml", "word"),
    (b"spreadsheetml.sheet.main+xml", "excel"),
)
_MACROS = re.compile(rb"macroEnabled|macrosheet|vbaProject|activeX", re.IGNORECASE)
_OUTSIDE = re.compile(rb"""TargetMode\s*=\s*["']External["']""")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_MEDIA = re.compile(r"(?:xl|word)/media/[^/]+\.(?:png|jpe?g|tiff?)", re.IGNORECASE)
_LAST_ROW, _LAST_COLUMN = 20_000, 500
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HIDDEN_TAGS = frozenset(_W + tag for tag in ("del", "moveFrom", "rt", "instrText", "delText"))
_CHECK = _W + "checkBox"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class Office(NamedTuple):
    kind: OpenedKind
    pages: list[Page]
    """The pictures in it."""
    sheets: list[Sheet]
    """Of a Word document its tables."""
    text: str
    notes: list[Note]


def read_office(data: bytes, limits: Limits) -> Office:
    """What an .xlsx or .docx file holds. Raises ``Refused``."""
    sizes = _checked(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            types = package.read("[Content_Types].xml") if "[Content_Types].xml" in sizes else b""
            kind = next((kind for mark, kind in _MAIN if mark in types), None)
            if _MACROS.search(types) or any(_MACROS.search(name.encode()) for name in sizes):
                raise refusal("macros")
            if kind is None:
                raise refusal("archive" if "[Content_Types].xml" not in sizes else "wrong-type")
            notes = _package_notes(package, sizes)
            pages = _pictures(package, sizes, limits, notes)
            if kind == "excel":
                _bounded(package, sizes, limits)
                return Office(kind, pages, _workbook(data, notes), "", notes)
            sheets, text = _document(package.read("word/document.xml"), limits, notes)
            return Office(kind, pages, sheets, text, notes)
    except Refused:
        raise
    except MemoryError:
        raise refusal("too-costly") from None
    except Exception:  # whatever a damaged file makes openpyxl, lxml or zipfile say
        raise Unreadable("broken") from None


def _checked(data: bytes, limits: Limits) -> dict[str, int]:
    try:
        sizes = parts_of(data, PackageLimits(unpacked=limits.unpacked))
    except PackageRefused as refused:
        raise refusal(refused.code) from None
    if sum(size for name, size in sizes.items() if "/media/" not in name) > limits.xml:
        raise refusal("too-large", limit=limits.xml)
    return sizes


def _package_notes(package: zipfile.ZipFile, sizes: dict[str, int]) -> list[Note]:
    notes = []
    if any("/embeddings/" in name for name in sizes):
        notes.append(Note("embedded-files"))
    if any(name.endswith(".rels") and _OUTSIDE.search(package.read(name)) for name in sizes):
        notes.append(Note("outside-links"))
    return notes


def _pictures(
    package: zipfile.ZipFile, sizes: dict[str, int], limits: Limits, notes: list[Note]
) -> list[Page]:
    """A photograph pasted into Word is how many send their papers."""
    pages: list[Page] = []
    unread = 0
    for name in sorted(name for name in sizes if re.search(r"/media/", name)):
        if not _MEDIA.fullmatch(name) or len(pages) >= limits.pictures:
            unread += 1
            continue
        try:
            pages += read_pictures(package.read(name), limits)[0]
        except Refused as refused:
            if refused.key == "huge-image":
                raise
            unread += 1
    if unread:
        notes.append(Note("picture-not-read", {"count": unread}))
    return pages


# Excel


def _bounded(package: zipfile.ZipFile, sizes: dict[str, int], limits: Limits) -> None:
    """Refuses what openpyxl would make too much of, wherever in the package a sheet may stand."""
    from lxml import etree

    cells = merged = 0
    for name in sizes:
        if "/media/" in name:
            continue
        found = etree.iterparse(
            io.BytesIO(package.read(name)),
            tag=("{*}c", "{*}mergeCell"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        try:
            for _event, element in found:
                if element.tag.endswith("}mergeCell"):
                    merged += _area(element.get("ref", ""))
                else:
                    cells += 1
                element.clear()
                if cells > limits.cells or merged > 10 * limits.cells:
                    raise refusal("too-many-cells", limit=limits.cells)
        except etree.XMLSyntaxError:
            continue  # printer settings and the like; a broken sheet is openpyxl's to name


def _area(reference: str) -> int:
    match = _RANGE.fullmatch(reference.strip().upper())
    if not match:
        return 1
    left, top, right, bottom = match.groups()
    return (abs(_column(right) - _column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _workbook(data: bytes, notes: list[Note]) -> list[Sheet]:
    import openpyxl  # slow to import: on first use

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of charts and styles that are of no use here
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        formulas = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    sheets = []
    for sheet in values.worksheets:
        if sheet.sheet_state != "visible":
            notes.append(Note("hidden-sheet", {"sheet": sheet.title[:31]}))
            continue
        cells, hidden = _cells(sheet)
        if hidden:
            notes.append(Note("hidden-cells", {"sheet": sheet.title[:31], "count": hidden}))
        empty = sum(
            1
            for at, cell in formulas[sheet.title]._cells.items()
            if cell.data_type == "f" and sheet.cell(*at).value is None
        )
        if empty:
            notes.append(Note("not-calculated", {"sheet": sheet.title[:31], "count": empty}))
        merged = tuple((a.min_row, a.min_col, a.max_row, a.max_col) for a in sheet.merged_cells.ranges)
        sheets.append(Sheet(sheet.title[:31], cells, merged))
    return sheets


def _cells(sheet: Any) -> tuple[dict[tuple[int, int], str], int]:
    """Texts as shown, and how many stand in hidden rows or columns (or absurdly far out) and are left out."""
    rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    columns = [
        (column.min or 0, column.max or 0) for column in sheet.column_dimensions.values() if column.hidden
    ]
    cells, hidden = {}, 0
    for (row, column), cell in sheet._cells.items():
        text = _clean(cell_text(cell.value, cell.number_format or "General")).strip()
        if not text:
            continue
        unseen = row in rows or any(first <= column <= last for first, last in columns)
        if unseen or row > _LAST_ROW or column > _LAST_COLUMN:
            hidden += 1
        else:
            cells[row, column] = text
    return cells, hidden


def _clean(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c in "\n\t\u3000")[:5_000]


# Word


def _document(xml: bytes, limits: Limits, notes: list[Note]) -> tuple[list[Sheet], str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    body = etree.fromstring(xml, parser).find(_W + "body")
    if body is None:
        raise Unreadable("broken")
    if sum(1 for _ in body.iter(_W + "vanish")):
        notes.append(Note("hidden-text"))
    sheets: list[Sheet] = []
    cells = 0
    for table in body.iter(_W + "tbl"):
        grid, merged = _grid(table)
        cells += len(grid)
        if cells > limits.cells:
            raise refusal("too-many-cells", limit=limits.cells)
        sheets.append(Sheet(str(len(sheets) + 1), grid, merged))
    text = "\n".join(_paragraph(p) for p in body.iter(_W + "p"))
    if len(text) > limits.characters:
        raise refusal("too-large", limit=limits.characters)
    return sheets, text.strip()


def _grid(table: Any) -> tuple[dict[tuple[int, int], str], tuple[tuple[int, int, int, int], ...]]:
    """Texts by place; a cell over several columns counts them all, one that goes on from above has no text."""
    grid: dict[tuple[int, int], str] = {}
    merged = []
    for row, line in enumerate(table.findall(_W + "tr"), 1):
        column = 1
        for cell in line.iter(_W + "tc"):
            if next(cell.iterancestors(_W + "tbl")) is not table:
                continue  # of a table within
            wide = _span(cell)
            paragraphs = (p for p in cell.iter(_W + "p") if next(p.iterancestors(_W + "tc")) is cell)
            text = "\n".join(_paragraph(p) for p in paragraphs).strip()
            if text:
                grid[row, column] = text
            if wide > 1:
                merged.append((row, column, row, column + wide - 1))
            column += wide
    return grid, tuple(merged)


def _span(cell: Any) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = span.get(_W + "val", "1") if span is not None else "1"
    return min(int(value), _LAST_COLUMN) if value.isdecimal() and value.isascii() and int(value[:9]) else 1


def _paragraph(paragraph: Any) -> str:
    return _clean("".join(_visible(paragraph)))


def _visible(element: Any) -> Iterator[str]:
    """What a reader sees: inserted text, not deleted or hidden text; form fields' ticks as ☑ and □."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _HIDDEN_TAGS or child.tag == _FALLBACK:
            continue
        if child.tag == _W + "r" and _is_hidden(child):
            continue
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag == _W + "tab":
            yield "\t"
        elif child.tag in (_W + "br", _W + "cr"):
            yield "\n"
        elif child.tag == _CHECK:
            yield "☑" if _is_ticked(child) else "□"
        elif child.tag != _W + "p":  # a text box's paragraphs come by themselves
            yield from _visible(child)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val", "true") not in {"0", "false", "off"}


def _is_ticked(box: Any) -> bool:
    mark = box.find(_W + "checked")
    mark = box.find(_W + "default") if mark is None else mark
    return mark is not None and mark.get(_W + "val", "true") not in {"0", "false", "off"}
