"""Reading a vendor's answer sheet back: the Excel sheet that machi wrote, or the CSV that Excel made of it.

Excel in Japan saves CSV in cp932 or in UTF-8 with a BOM, and people type full-width digits; all of that is read. What
cannot be read is named by row and column, and then nothing is taken: half a sheet would be worse than none.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from zipfile import BadZipFile, ZipFile

CODE, NOTE, POINTS = "項目コード", "回答", "点数"
"""Headings by which the columns are found. They are part of the file's format and stay Japanese in any language."""
LARGEST = 5_000_000
_LARGEST_UNPACKED = 50_000_000
_MOST_ROWS = 2_000
_HEADER_WITHIN = 20
_LONGEST_NOTE = 4_000
_POINTS = re.compile(r"([0-4])(?:\.0+)?\s*点?")

ProblemCode = Literal[
    "too_large", "not_readable", "no_header", "no_code", "unknown_item", "twice", "bad_points", "too_long"
]


@dataclass(frozen=True, slots=True)
class Problem:
    code: ProblemCode
    row: int | None = None
    """As a spreadsheet counts, from 1; None: the file as a whole."""
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    points: int | None
    """None: the cell is empty."""
    note: str


@dataclass(frozen=True, slots=True)
class SheetRead:
    """``answers`` by the item's code; empty where there are problems."""

    answers: dict[str, Answer]
    problems: tuple[Problem, ...]


def read_answers(data: bytes, codes: Collection[str]) -> SheetRead:
    """Reads an .xlsx file or a CSV of it; never raises. ``codes``: the items that were asked."""
    if len(data) > LARGEST:
        return _failed(Problem("too_large"))
    try:
        rows = list(_excel(data) if data[:4] == b"PK\x03\x04" else _csv(data))
    except (_TooLargeError, MemoryError):
        return _failed(Problem("too_large"))
    except Exception:  # whatever a damaged file makes openpyxl or csv say
        return _failed(Problem("not_readable"))
    header = next(
        (at for at, row in enumerate(rows[:_HEADER_WITHIN]) if {CODE, POINTS} <= {*map(_plain, row)}), None
    )
    if header is None:
        return _failed(Problem("no_header"))
    return _read(rows, header, codes)


class _TooLargeError(Exception):
    pass


def _read(rows: Sequence[Sequence[str]], header: int, codes: Collection[str]) -> SheetRead:
    names = [_plain(cell) for cell in rows[header]]
    places = {name: names.index(name) for name in (CODE, NOTE, POINTS) if name in names}
    answers: dict[str, Answer] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows[header + 1 :], header + 2):
        code, note, points = (
            row[places[name]].strip() if name in places and places[name] < len(row) else ""
            for name in (CODE, NOTE, POINTS)
        )
        if not code:
            if note or points:
                problems.append(Problem("no_code", number, CODE))
            continue
        key = _plain(code)
        if key not in codes:
            problems.append(Problem("unknown_item", number, CODE, code))
        elif key in answers:
            problems.append(Problem("twice", number, CODE, code))
        matched = _POINTS.fullmatch(_plain(points))
        if points and not matched:
            problems.append(Problem("bad_points", number, POINTS, points))
        if len(note) > _LONGEST_NOTE:
            problems.append(Problem("too_long", number, NOTE))
        answers[key] = Answer(int(matched[1]) if matched else None, note)
    return SheetRead({}, tuple(problems)) if problems else SheetRead(answers, ())


def _excel(data: bytes) -> Iterator[list[str]]:
    import openpyxl

    try:
        with ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > _LARGEST_UNPACKED:
                raise _TooLargeError
    except BadZipFile as error:
        raise ValueError("no Excel file") from error
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True)):
            if number > _MOST_ROWS:
                raise _TooLargeError
            yield ["" if value is None else str(value) for value in row]
    finally:
        book.close()


def _csv(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    separator = "\t" if "\t" in text.partition("\n")[0] else ","
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
        if number > _MOST_ROWS:
            raise _TooLargeError
        yield row


def _decoded(data: bytes) -> str:
    """As Excel writes: UTF-16 and UTF-8 with their marks, UTF-8 without, else cp932. ValueError: none of these."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp932")


def _plain(text: str) -> str:
    """Full-width letters and digits as their narrow forms, without space around."""
    return unicodedata.normalize("NFKC", text).strip()


def _failed(problem: Problem) -> SheetRead:
    return SheetRead({}, (problem,))
