"""The rows of a file that another system wrote, as values by field: CSV, fixed width, or a table in Excel.

``read`` is its own dry run: a report with every problem by row and column, and rows only where there is none. What
stood in each cell comes along, so that a person is shown it beside the reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Values
from dataclasses import dataclass

from machi.base.engine.decoding import decode
from machi.base.engine.tables import HEADER_WITHIN, UnreadableError, grids, heading, is_excel
from machi.casework.engine.output import MOST_ROWS, Column, Mapping, Report, Reporter, codec_of
from machi.casework.engine.output_formats import FORMATS

_LARGEST = 50_000_000


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    """As a spreadsheet counts, from 1, the header among them."""
    cells: Values[str, str]
    """What stands there, by the columns' titles."""
    values: Values[str, str]
    """Our values, by field; empty where there is a problem."""


@dataclass(frozen=True, slots=True)
class Imported:
    lines: tuple[Line, ...]
    """In the file's order, those with problems among them."""
    report: Report

    @property
    def rows(self) -> tuple[Values[str, str], ...]:
        """Values by field; none where the report has errors."""
        return () if self.report.errors else tuple(one.values for one in self.lines)


def read(mapping: Mapping, data: bytes) -> Imported:
    """The rows of ``data``, which is an .xlsx file whatever the mapping says, or what the mapping says. Never raises,
    whatever the bytes."""
    report = Reporter()
    if len(data) > _LARGEST:
        report.error("too-many-rows", value=str(MOST_ROWS))
        return Imported((), report.told(0))
    if is_excel(data):
        found = _lines_excel(mapping, data, report)
    elif mapping.file == "fixed":
        found = _lines_fixed(mapping, data, report)
    else:
        found = _lines_csv(mapping, data, report)
    lines = tuple(
        Line(
            number,
            {column.title: text for column, text in zip(mapping.columns, cells, strict=True)},
            {
                column.field: _value(column, text, number, report)
                for column, text in zip(mapping.columns, cells, strict=True)
                if column.field
            },
        )
        for number, cells in found
    )
    return Imported(lines, report.told(len(lines)))


def _lines_excel(mapping: Mapping, data: bytes, report: Reporter) -> Iterator[tuple[int, list[str]]]:
    """Below the first header that has all columns, on whatever sheet; else what the likeliest header lacks is told."""
    try:
        sheets = grids(data)
    except UnreadableError as error:
        report.error("too-many-rows" if error.code == "too_large" else "not-readable", value=str(MOST_ROWS))
        return
    wanted = {heading(column.title) for column in mapping.columns}
    heads = [
        (len(wanted & {heading(cell) for cell in line}), -sheet, -at)
        for sheet, grid in enumerate(sheets)
        for at, line in enumerate(grid[:HEADER_WITHIN])
    ]
    if not heads:
        report.error("wrong-columns")
        return
    _found, sheet, at = max(heads)
    grid = sheets[-sheet]
    places = _places(mapping, grid[-at], report)
    if places is None:
        return
    for number, line in enumerate(grid[1 - at :], 2 - at):
        cells = [line[place] if place < len(line) else "" for place in places]
        if any(cells):
            yield number, cells


def _lines_csv(mapping: Mapping, data: bytes, report: Reporter) -> Iterator[tuple[int, list[str]]]:
    """Cells in the mapping's order. With a header, columns may stand in any order."""
    text = _text(mapping, data)
    if text is None:
        report.error("not-readable")
        return
    table = csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter)
    places = list(range(len(mapping.columns)))
    number, heads = 0, mapping.header
    try:
        for number, line in enumerate(table, 1):
            if not any(cell.strip() for cell in line):  # spreadsheets leave such rows behind
                continue
            if heads:
                heads = False
                found = _places(mapping, line, report)
                if found is None:
                    return
                places = found
                continue
            if number > MOST_ROWS + 1:
                report.error("too-many-rows", value=str(MOST_ROWS))
                return
            if len(line) <= max(places):
                report.error("wrong-columns", number, value=str(len(line)))
                continue
            yield number, [line[place] for place in places]
    except csv.Error:
        report.error("not-readable", number + 1)
    if heads:
        report.error("wrong-columns")


def _text(mapping: Mapping, data: bytes) -> str | None:
    """As the mapping says; where that cannot be, or gives no header, as it looks. None: it is damaged."""
    declared = decode(data, declared=mapping.encoding)
    if not declared.damaged and (not mapping.header or _has_header(mapping, declared.text)):
        return declared.text.lstrip("\ufeff")
    found = decode(data)
    return None if found.damaged else found.text.lstrip("\ufeff")


def _has_header(mapping: Mapping, text: str) -> bool:
    first = text.lstrip("\ufeff").partition("\n")[0]
    return all(column.title in first for column in mapping.columns)


def _places(mapping: Mapping, head: Sequence[str], report: Reporter) -> list[int] | None:
    """Where each column stands. Width and blanks of a title do not matter; two of one title are an error."""
    named = [heading(title) for title in head]
    wanted = [heading(column.title) for column in mapping.columns]
    wrong = False
    for column, name in zip(mapping.columns, wanted, strict=True):
        if (count := named.count(name)) != 1:
            report.error("column-twice" if count else "wrong-columns", column=column.title)
            wrong = True
    for title, name in zip(head, named, strict=True):
        if name and name not in wanted:
            report.warn("unknown-column", column=title.strip()[:40])
    return None if wrong else [named.index(name) for name in wanted]


def _lines_fixed(mapping: Mapping, data: bytes, report: Reporter) -> Iterator[tuple[int, list[str]]]:
    codec = codec_of(mapping)
    width = sum(column.width for column in mapping.columns)
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")  # neither byte of a cp932 character is a newline
    for number, raw in enumerate(lines, 1):
        line = raw.removesuffix(b"\r").removesuffix(b"\x1a")
        if not line and number == len(lines):
            return
        if number > MOST_ROWS:
            report.error("too-many-rows", value=str(MOST_ROWS))
            return
        if len(line) != width:
            report.error("wrong-length", number, value=f"{len(line)}≠{width}")
            continue
        cells, at = [], 0
        for column in mapping.columns:
            part, at = line[at : at + column.width], at + column.width
            try:
                cells.append(part.decode(codec))
            except UnicodeDecodeError:
                report.error("not-readable", number, column.title)
                cells.append("")
        yield number, cells


def _value(column: Column, text: str, row: int, report: Reporter) -> str:
    """Our value of a cell: padding gone, decoded, of its format; a problem otherwise."""
    bare = text.strip(" 　")
    if column.padding == "zero":
        bare = bare.lstrip("0") or bare[:1]
    if not bare:
        if column.required:
            report.error("empty-required", row, column.title)
        return ""
    if column.codes:
        exact = {code: value for value, code in column.codes.items()}
        typed = {heading(code): value for value, code in column.codes.items()}
        ours = exact.get(bare, typed.get(heading(bare), ""))
        if not ours:
            report.error("not-a-code", row, column.title, bare)
        return ours
    try:
        return FORMATS[column.format].read(bare)
    except ValueError:
        report.error("not-of-format", row, column.title, column.format)
        return ""
