"""The sheets of a workbook as they are seen: texts by their formats, merged cells, widths, borders, form controls.

What is hidden is left out and said so; formulas give the values that were saved with them, never computed here.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from machi.casework.engine.intake_controls import Control, controls_of
from machi.casework.engine.intake_types import Limits, Note, Sheet, refusal
from machi.language.engine.cell_text import cell_text

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_LAST_ROW, _LAST_COLUMN = 20_000, 500
_WIDEST, _HIGHEST = 255.0, 409.5
"""Of a column in letters, of a row in points."""
_ERA, _SHORT_ERA = '[$-411]ggge"年"m"月"d"日"', "[$-411]ge.m.d"
_JAPANESE: Mapping[int, str] = {
    **dict.fromkeys((28, 29, 51, 54, 58), _ERA),
    **dict.fromkeys((27, 36, 50, 57), _SHORT_ERA),
    **dict.fromkeys((30, 31, 34, 52, 55), 'yyyy"年"m"月"d"日"'),
    **dict.fromkeys((32, 33), 'h"時"mm"分"'),
    **dict.fromkeys((35, 53, 56), 'm"月"d"日"'),
}
"""Formats that Japanese Excel writes by number alone (ECMA-376 part 1, 18.8.30, ja-jp); openpyxl knows none of them and
gives the day's number."""


def bounded(package: zipfile.ZipFile, sizes: Mapping[str, int], limits: Limits) -> None:
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


def workbook(data: bytes, package: zipfile.ZipFile, notes: list[Note]) -> list[Sheet]:
    """Its visible sheets; what was left out is added to ``notes``."""
    import openpyxl  # slow to import: on first use

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of charts and styles that are of no use here
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        formulas = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    controls = controls_of(package)
    sheets = []
    for sheet in values.worksheets:
        title = sheet.title[:31]
        if sheet.sheet_state != "visible":
            notes.append(Note("hidden-sheet", {"sheet": title}))
            continue
        merged = tuple((a.min_row, a.min_col, a.max_row, a.max_col) for a in sheet.merged_cells.ranges)
        widths, heights = _widths(sheet), _heights(sheet)
        cells, hidden = _cells(sheet, widths, heights, values.epoch)
        if hidden:
            notes.append(Note("hidden-cells", {"sheet": title, "count": hidden}))
        empty = sum(
            1
            for at, cell in formulas[sheet.title]._cells.items()
            if cell.data_type == "f" and sheet.cell(*at).data_type in ("n", "e") and at not in cells
        )
        if empty:
            notes.append(Note("not-calculated", {"sheet": title, "count": empty}))
        _lay_on(cells, controls.get(sheet.title, ()), merged)
        sheets.append(Sheet(title, cells, merged, widths, heights, _ruled(sheet)))
    return sheets


def _cells(
    sheet: Any, widths: Mapping[int, float], heights: Mapping[int, float], epoch: Any
) -> tuple[dict[tuple[int, int], str], int]:
    """Texts as shown, and how many stand in hidden rows or columns (or absurdly far out) and are left out."""
    cells, hidden = {}, 0
    for (row, column), cell in sheet._cells.items():
        text = clean(_shown(cell, epoch)).strip()
        if not text:
            continue
        unseen = heights.get(row) == 0 or widths.get(column) == 0
        if unseen or row > _LAST_ROW or column > _LAST_COLUMN:
            hidden += 1
        else:
            cells[row, column] = text
    return cells, hidden


def _lay_on(
    cells: dict[tuple[int, int], str],
    controls: Sequence[Control],
    merged: Sequence[tuple[int, int, int, int]],
) -> None:
    """Writes marks and words of form controls into the cells over which they lie."""
    for (row, column), mark, words in controls:
        under = (a for a in merged if a[0] <= row <= a[2] and a[1] <= column <= a[3])
        at = next(((a[0], a[1]) for a in under), (row, column))
        there = cells.get(at, "")
        cells[at] = f"{there}　{mark}{words}".strip() if words else f"{mark}{there}"


def _shown(cell: Any, epoch: Any) -> str:
    from openpyxl.utils.datetime import from_excel

    if cell.data_type == "e":
        return ""  # #REF! and the like: a formula that came to nothing
    if isinstance(cell.value, bool):
        return "☑" if cell.value else "□"  # what Excel shows as TRUE, or as a box with or without a tick
    number = cell._style.numFmtId
    if number in _JAPANESE and isinstance(cell.value, int | float):
        try:
            return cell_text(from_excel(cell.value, epoch), _JAPANESE[number])
        except (ValueError, OverflowError):
            return cell_text(cell.value, "General")
    return cell_text(cell.value, cell.number_format or "General")


def _widths(sheet: Any) -> dict[int, float]:
    widths: dict[int, float] = {}
    usual = sheet.sheet_format.defaultColWidth
    if usual:
        widths |= dict.fromkeys(range(1, min(sheet.max_column, _LAST_COLUMN) + 1), _within(usual, _WIDEST))
    for column in sheet.column_dimensions.values():
        for number in range(column.min or 0, min(column.max or 0, _LAST_COLUMN) + 1):
            widths[number] = 0.0 if column.hidden else _within(column.width, _WIDEST)
    return widths


def _within(size: float, most: float) -> float:
    """As large as Excel itself allows; a file may say anything."""
    return float(size) if 0 <= size <= most else most


def _heights(sheet: Any) -> dict[int, float]:
    return {
        number: 0.0 if row.hidden else _within(row.height, _HIGHEST)
        for number, row in sheet.row_dimensions.items()
        if number <= _LAST_ROW and (row.hidden or row.height is not None)
    }


def _ruled(sheet: Any) -> frozenset[tuple[int, int]]:
    return frozenset(
        place
        for place, cell in sheet._cells.items()
        if place[0] <= _LAST_ROW
        and place[1] <= _LAST_COLUMN
        and cell.has_style
        and any(getattr(cell.border, side).style for side in ("left", "right", "top", "bottom"))
    )


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


def clean(text: str) -> str:
    """Without control characters; at most 5,000 letters."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t\u3000")[:5_000]
