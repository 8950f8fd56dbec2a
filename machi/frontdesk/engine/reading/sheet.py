"""From the cells of a sheet to its tables: merged cells laid out, headers of two rows made one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from machi.frontdesk.engine.reading.tables.table import Row, Table, table_of

_DEFAULT_NAME = re.compile(r"(?:Sheet|シート|Table)\s?\d*", re.IGNORECASE)
_TITLE_LIMIT = 60
_GAP = 2
"""Blank rows that part one table from the next."""

_Area = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """The filled cells of a sheet by (row, column) from 1, and its merged areas (top, left, bottom, right)."""

    name: str
    place: str
    cells: dict[tuple[int, int], str]
    merged: tuple[_Area, ...]


def tables_of(grid: Grid, stem: str, *, alone: bool) -> Iterator[Table]:
    """The tables of ``grid`` from top to bottom.

    Each is named by the title above it, else by its sheet, else (a default sheet name, or the only sheet) by
    the file ``stem``.
    """
    cells = _laid_out(grid)
    if not cells:
        return
    left, right = min(c for _, c in cells), max(c for _, c in cells)
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in cells.items():
        by_row.setdefault(row, {})[column] = text
    part: list[Row] = []
    before = 0
    for number in sorted(by_row):
        if part and number - before > _GAP:
            yield from _table(grid, part, stem, alone)
            part = []
        found = by_row[number]
        texts = tuple(found.get(column, "") for column in range(left, right + 1))
        part.append(Row(f"{grid.place}{number}行目", texts))
        before = number
    yield from _table(grid, part, stem, alone)


def _table(grid: Grid, rows: list[Row], stem: str, alone: bool) -> Iterator[Table]:
    own_name = not alone and not _DEFAULT_NAME.fullmatch(grid.name)
    table = table_of(grid.name if own_name else stem, rows)
    if table is None:
        return
    title = [cell for cell in table.notes[0].cells if cell] if table.notes else []
    if len(title) == 1 and len(title[0]) <= _TITLE_LIMIT:
        table = Table(title[0], table.columns, table.rows, table.notes[1:])
    yield table


def _laid_out(grid: Grid) -> dict[tuple[int, int], str]:
    """Cells with each merged area's text wherever it applies.

    Down always; across only where the area does not span nearly the whole table, as titles do. A merged
    heading over headings (「料金」 over 「大人」 and 「子ども」) becomes part of them, and its row is dropped.
    """
    cells = dict(grid.cells)
    if not cells:
        return cells
    columns = [column for _, column in cells]
    width = max(columns) - min(columns) + 1
    height = max(row for row, _ in cells)
    upper_headers: set[int] = set()
    for top, left, bottom, right in sorted(grid.merged):
        text = grid.cells.get((top, left))
        if text is None:
            continue
        if top == bottom and 1 < right - left + 1 < width and _heads(cells, top, left, right):
            upper_headers.add(top)
        title = right - left + 1 >= 0.8 * width
        for row in range(top, min(bottom, height) + 1):
            for column in range(left, (left if title else min(right, max(columns))) + 1):
                cells[row, column] = text
    for row in upper_headers:
        _join_headers(cells, row)
    return cells


def _heads(cells: dict[tuple[int, int], str], top: int, left: int, right: int) -> bool:
    """Whether the row below the area names its columns: each filled, none alike, none a figure."""
    below = [cells.get((top + 1, column), "") for column in range(left, right + 1)]
    figures = any(re.fullmatch(r"[\d,.¥￥円%]+", text) for text in below)
    return all(below) and len(set(below)) == len(below) and not figures


def _join_headers(cells: dict[tuple[int, int], str], row: int) -> None:
    """Moves the upper header ``row`` into the row below it."""
    for at in [at for at in cells if at[0] == row]:
        upper, below = cells.pop(at), (row + 1, at[1])
        lower = cells.get(below, "")
        cells[below] = upper if lower in {"", upper} else f"{upper} {lower}"
