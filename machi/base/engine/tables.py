"""Reading the lists that offices keep in Excel or CSV: rows by the names of their columns, and what is wrong, where.

Excel in Japan saves CSV in cp932 or in UTF-8 with a BOM; people type full-width digits, write dates in eras, merge
cells, and put a title above the header. All of that is read. What cannot be read is named by row, column and reason.
Nothing is guessed: a room takes a list only when it has no problems, so that half a list is never taken.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from zipfile import ZipFile

from machi.base.engine.decoding import decode
from machi.base.engine.wareki import ERAS

T = TypeVar("T")

LARGEST = 10_000_000
"""Bytes of a file."""
_LARGEST_UNPACKED = 100_000_000
MOST_ROWS = 20_000
HEADER_WITHIN = 20
"""Rows in which a header is looked for."""
_LONGEST_CELL = 10_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a list from being taken. ``code`` is one of ``too_large``, ``not_readable``, ``no_header``,
    ``missing`` (required and empty), ``not_a_date``, ``not_a_number``, ``not_a_choice``, ``too_long``,
    ``out_of_range``, ``unknown``, ``twice``; rooms add their own."""

    code: str
    row: int | None = None
    """As a spreadsheet counts, from 1; None: the file as a whole."""
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. Its cells are texts as typed, without outer blanks; an absent column is empty."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` below the header; empty where there are ``problems``."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_table(data: bytes, required: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """The first list with all ``required`` columns in an .xlsx file or a CSV; never raises.

    The header is looked for in the first rows; names of columns are compared without blanks, width and marks of
    requirement (※必須). Cells merged over rows or columns all have the value that is shown.
    """
    try:
        sheets = grids(data)
    except UnreadableError as error:
        return Table(problems=(Problem(error.code),))
    names = {heading(column): column for column in (*required, *optional)}
    for grid in sheets:
        for at, line in enumerate(grid[:HEADER_WITHIN]):
            found = {names[heading(cell)]: place for place, cell in enumerate(line) if heading(cell) in names}
            if set(required) <= set(found):
                return _below(grid, at, found)
    absent = ", ".join(required)
    return Table(problems=(Problem("no_header", column=absent),))


def _below(grid: Sequence[Sequence[str]], header: int, places: Mapping[str, int]) -> Table:
    rows = []
    for number, line in enumerate(grid[header + 1 :], header + 2):
        cells = {name: line[place] if place < len(line) else "" for name, place in places.items()}
        if not any(cells.values()):
            continue
        rows.append(Row(number, cells))
        if len(rows) > MOST_ROWS:
            return Table(problems=(Problem("too_large", number),))
    long = [
        Problem("too_long", row.number, name)
        for row in rows
        for name, cell in row.cells.items()
        if len(cell) > _LONGEST_CELL
    ]
    return Table(tuple(places), () if long else tuple(rows), tuple(long))


class UnreadableError(ValueError):
    """``code`` is ``too_large`` or ``not_readable``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_excel(data: bytes) -> bool:
    return data[:4] == b"PK\x03\x04"


def grids(data: bytes) -> list[list[list[str]]]:
    """The cells of each sheet of an .xlsx file, or of a CSV, row by row as a spreadsheet shows them, whatever stands in
    them. Raises ``UnreadableError`` and nothing else."""
    if len(data) > LARGEST:
        raise UnreadableError("too_large")
    try:
        return _excel(data) if is_excel(data) else [_csv(data)]
    except (_TooLargeError, MemoryError):
        raise UnreadableError("too_large") from None
    except Exception:  # whatever a damaged file makes openpyxl or csv say
        raise UnreadableError("not_readable") from None


def heading(text: str) -> str:
    """The name of a column in the form in which names are compared."""
    text = re.sub(r"[（(※【\[]?\s*(必須|任意)\s*[）)】\]]?|[\s*＊※]", "", unicodedata.normalize("NFKC", text))
    return text.casefold()


class _TooLargeError(Exception):
    pass


def _csv(data: bytes) -> list[list[str]]:
    decoded = decode(data)
    if "\0" in decoded.text:
        raise ValueError("not a text")
    sample = decoded.text[:10_000]
    delimiter = "\t" if sample.count("\t") > sample.count(",") else ","
    found = []
    for line in csv.reader(io.StringIO(decoded.text, newline=""), delimiter=delimiter):
        found.append([cell.strip() for cell in line])
        if len(found) > MOST_ROWS + HEADER_WITHIN + 1:
            raise _TooLargeError
    return found


def _excel(data: bytes) -> list[list[list[str]]]:
    with ZipFile(io.BytesIO(data)) as package:
        if sum(part.file_size for part in package.infolist()) > _LARGEST_UNPACKED:
            raise _TooLargeError
    from openpyxl import load_workbook  # slow to import: on first use

    book = load_workbook(io.BytesIO(data), data_only=True)
    return [_sheet(sheet) for sheet in book.worksheets]


def _sheet(sheet: Any) -> list[list[str]]:
    if sheet.max_row * sheet.max_column > 2_000_000:
        raise _TooLargeError
    grid = [[_text(value) for value in line] for line in sheet.iter_rows(values_only=True)]
    for merged in sheet.merged_cells.ranges:
        shown = grid[merged.min_row - 1][merged.min_col - 1]
        for row in range(merged.min_row - 1, min(merged.max_row, len(grid))):
            for column in range(merged.min_col - 1, min(merged.max_col, len(grid[row]))):
                grid[row][column] = shown
    return grid


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


# From a cell to a value

_ERA_LETTERS = {"令和": "令和", "R": "令和", "平成": "平成", "H": "平成", "昭和": "昭和", "S": "昭和"}
_ERA_DATE = re.compile(r"(令和|平成|昭和|[RHS])\.?(元|\d{1,2})[年./\-](\d{1,2})[月./\-](\d{1,2})日?")
_DATE = re.compile(r"(\d{4})[年./\-](\d{1,2})[月./\-](\d{1,2})日?(?:[ T]00:00(?::00)?)?")
_SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's serial dates (ECMA-376 part 1, 18.17.4.1), for dates after February 1900."""


def plain(text: str) -> str:
    """Full width to half width, blanks and weekdays in brackets gone: the form in which figures are read."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\([月火水木金土日](?:・祝)?\)|\s", "", text)


def read_date(text: str) -> date:
    """``2025-11-22``, ``2025/11/22``, ``2025年11月22日``, ``令和7年11月22日``, ``R7.11.22``, Excel's ``45983``.

    Raises ValueError for anything else, and for days that are not (2月30日) or not of that era.
    """
    shown = plain(text)
    if era := _ERA_DATE.fullmatch(shown.upper()):
        name = _ERA_LETTERS[era[1]]
        starts = [start for start, *_ in ERAS]
        at = next(number for number, one in enumerate(ERAS) if one[1] == name)
        year = starts[at].year + (1 if era[2] == "元" else int(era[2])) - 1
        day = date(year, int(era[3]), int(era[4]))
        if day < starts[at] or (at and day >= starts[at - 1]):
            raise ValueError(f"{text}: no such day in {name}")
        return day
    if match := _DATE.fullmatch(shown):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if shown.isdecimal() and 10_000 <= int(shown) <= 80_000:
        return _SERIAL_ZERO + timedelta(days=int(shown))
    raise ValueError(f"{text}: not a date")


_UNITS = {"千": 1_000, "万": 10_000, "百万": 1_000_000, "億": 100_000_000}
_NUMBER = re.compile(r"([+\-]?)([\d,]+(?:\.\d+)?)(百万|千|万|億)?(?:円|人|名|時間|件|%|％|月|日|個|台|か所)?")


def read_number(text: str) -> Decimal:
    """``1,200``, ``１２００円``, ``¥1,200``, ``120万円``, ``3.5時間``, ``△5`` (minus). Raises ValueError otherwise."""
    shown = plain(text).lstrip("¥\\").replace("▲", "-").replace("△", "-").replace("−", "-")
    match = _NUMBER.fullmatch(shown)
    if not match:
        raise ValueError(f"{text}: not a number")
    try:
        value = Decimal(match[2].replace(",", "")) * _UNITS.get(match[3] or "", 1)
    except InvalidOperation:
        raise ValueError(f"{text}: not a number") from None
    return -value if match[1] == "-" else value


@dataclass(slots=True)
class Reader:
    """Reads the cells of rows and gathers every problem, so that all are told at once.

    >>> reader = Reader()
    >>> row = Row(2, {"期限": "令和7年11月31日"})
    >>> reader.date(row, "期限"), reader.problems
    (None, [Problem(code='not_a_date', row=2, column='期限', value='令和7年11月31日')])
    """

    problems: list[Problem] = field(default_factory=list)

    def text(self, row: Row, column: str, *, required: bool = False, longest: int = 2_000) -> str:
        value = row[column]
        if required and not value:
            self.report("missing", row, column)
        if len(value) > longest:
            self.report("too_long", row, column)
        return value

    def date(self, row: Row, column: str, *, required: bool = False) -> date | None:
        return self._read(row, column, read_date, "not_a_date", required)

    def number(
        self,
        row: Row,
        column: str,
        *,
        required: bool = False,
        least: Decimal | int | None = None,
        most: Decimal | int | None = None,
    ) -> Decimal | None:
        value = self._read(row, column, read_number, "not_a_number", required)
        if value is not None and (
            (least is not None and value < least) or (most is not None and value > most)
        ):
            self.report("out_of_range", row, column)
            return None
        return value

    def whole(
        self,
        row: Row,
        column: str,
        *,
        required: bool = False,
        least: int | None = None,
        most: int | None = None,
    ) -> int | None:
        value = self.number(row, column, required=required, least=least, most=most)
        if value is not None and value != value.to_integral_value():
            self.report("not_a_number", row, column)
            return None
        return None if value is None else int(value)

    def choice(self, row: Row, column: str, choices: Mapping[str, Any], *, required: bool = False) -> Any:
        """The value of the choice written there (compared without width and blanks), None where it is empty."""
        known = {plain(str(label)).casefold(): value for label, value in choices.items()}
        cell = row[column]
        if not cell:
            if required:
                self.report("missing", row, column)
            return None
        if (key := plain(cell).casefold()) not in known:
            self.report("not_a_choice", row, column)
            return None
        return known[key]

    def choices(self, row: Row, column: str, choices: Mapping[str, Any]) -> list[Any]:
        """The values of several choices, parted by commas, 、 ・ or ;."""
        parts = [part for part in re.split(r"[、,，;；・/\n]", row[column]) if part.strip()]
        return [self.choice(Row(row.number, {column: part.strip()}), column, choices) for part in parts]

    def unique(self, rows: Iterable[Row], column: str) -> None:
        """Reports the second of two rows with the same ``column``."""
        seen = set()
        for row in rows:
            if (value := plain(row[column])) and value in seen:
                self.report("twice", row, column)
            seen.add(value)

    def report(self, code: str, row: Row | None = None, column: str = "") -> None:
        value = row[column][:40] if row and column else ""
        self.problems.append(Problem(code, row.number if row else None, column, value))

    def _read(self, row: Row, column: str, read: Callable[[str], T], code: str, required: bool) -> T | None:
        if not row[column]:
            if required:
                self.report("missing", row, column)
            return None
        try:
            return read(row[column])
        except ValueError:
            self.report(code, row, column)
            return None
