"""A table as its rows, however it was stored, and where its header stands."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_HEADER_SEARCH = 15
"""Rows looked at for the header: titles and notes come before it in many workbooks."""
_NAME_LIMIT = 100
"""Longer texts are no column names; no pattern is tried on them."""
_NUMBER = re.compile(r"[-+¥￥]?[\d,]+(\.\d+)?[%円]?")


@dataclass(frozen=True, slots=True)
class Row:
    place: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` below the header, all of one length: that of ``columns``, which is empty without a header."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Row, ...] = ()
    """Rows above the header: a title, a date, remarks."""


def normal(name: str) -> str:
    """A column name in the form it is compared in: width, case, blanks and brackets do not count."""
    folded = unicodedata.normalize("NFKC", name[:_NAME_LIMIT]).casefold().replace("―", "ー")
    return re.sub(r"[\s_・:：*※]|\(.*?\)|^[【\[]|[】\]]$", "", folded)


def table_of(name: str, rows: Sequence[Row]) -> Table | None:
    """The table in ``rows``, or None where nothing is filled in."""
    filled = [row for row in rows if any(row.cells)]
    if not filled:
        return None
    at = _header_at(filled)
    width = max(len(row.cells) for row in filled[max(at, 0) :])
    if at < 0:
        columns: tuple[str, ...] = ()
        body, notes = filled, []
    else:
        columns, body, notes = filled[at].cells, filled[at + 1 :], filled[:at]
    named = columns and tuple(
        columns[i] if i < len(columns) and columns[i] else f"{i + 1}列目" for i in range(width)
    )
    padded = (Row(row.place, row.cells + ("",) * (width - len(row.cells))) for row in body)
    return Table(name, named, tuple(padded), tuple(notes))


def _header_at(rows: Sequence[Row]) -> int:
    """Index of the first row that is as wide as the table and holds names, not figures; -1 for none."""
    widths = sorted(_filled(row) for row in rows[:100])
    usual = widths[len(widths) // 2]
    for index, row in enumerate(rows[:_HEADER_SEARCH]):
        if _filled(row) >= max(1, 0.6 * usual) and _filled(row) >= min(2, usual):
            cells = [cell for cell in row.cells if cell]
            figures = sum(bool(_NUMBER.fullmatch(cell)) for cell in cells)
            unique = len(set(cells)) == len(cells)
            return index if figures * 4 <= len(cells) and unique else -1
    return -1


def _filled(row: Row) -> int:
    return sum(bool(cell) for cell in row.cells)
