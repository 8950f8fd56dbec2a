"""Applications as files that existing systems take: CSV and fixed width, by a mapping. ``importing`` reads them back.

A ``Mapping`` (JSON) says column by column which field, in which format, how wide and how padded. ``write`` is its own
dry run: it gives a report with every problem by row and column, and data only where there is none, so that half a file
is never handed over. What cp932 cannot hold is named character by character.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Mapping as Values
from collections.abc import Sequence
from typing import Literal

from machi.casework.engine.described import DescriptionError, described_json
from machi.casework.engine.output_formats import FORMATS, FormatName

FileFormat = Literal["csv", "fixed"]
Encoding = Literal["utf-8-sig", "utf-8", "cp932"]
ERRORS = (
    "empty-required",
    "not-encodable",
    "too-long",
    "not-of-format",
    "not-a-code",
    "wrong-columns",
    "column-twice",
    "wrong-length",
    "not-readable",
    "too-many-rows",
)
OTHERS = ("@reference", "@origin", "@received", "@decided", "@outcome")
"""What is no field of a form. Of a file that we write: our number, the number it had in the system it came from, days
and outcome. Of one that we read: the number that whoever wrote it gave it (``@origin`` where there is such a column,
else ``@reference``), and the day it was received; what somebody else decided is not taken."""
WARNINGS = ("substituted", "cut", "formula", "unknown-column")
MOST_ROWS = 100_000
_SAFE = str.maketrans(
    {"〜": "～", "−": "－", "‖": "∥", "—": "―", "¢": "￠", "£": "￡", "¬": "￢", "\xa0": " "}
)
"""Characters whose twins cp932 has; nobody sees a difference, so they are put in with a warning."""


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    title: str
    field: str = ""
    """An application's field, or one of ``OTHERS``."""
    format: FormatName = "text"
    width: int = 0
    """Bytes in the file's encoding for fixed width; the most bytes allowed for CSV; 0: no limit (CSV alone)."""
    align: Literal["left", "right"] = "left"
    padding: Literal["space", "zero", "wide-space"] = "space"
    constant: str = ""
    """Instead of a field."""
    codes: dict[str, str] = dataclasses.field(default_factory=dict)
    """The system's codes by our values: {"increase": "1"}; empty: values as they are."""
    required: bool = False
    cut: bool = False
    """Whether what is too long is cut, with a warning, instead of refused."""


@dataclasses.dataclass(frozen=True, slots=True)
class Mapping:
    key: str
    title: str
    columns: tuple[Column, ...]
    file: FileFormat = "csv"
    encoding: Encoding = "utf-8-sig"
    newline: Literal["crlf", "lf"] = "crlf"
    header: bool = True
    """CSV alone."""
    delimiter: Literal[",", "\t"] = ","
    quote_all: bool = False
    substitutes: dict[str, str] = dataclasses.field(default_factory=dict)
    """What stands for a character that the encoding lacks: {"𠮷": "吉"}; every use is a warning."""
    suffix: str = "csv"


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    key: str
    row: int = 0
    """Of a file that is written the record, of one that is read the row as a spreadsheet counts, from 1; 0: the whole
    file."""
    column: str = ""
    value: str = ""
    """The character or the length that is wrong; never a whole name or number."""


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    rows: int
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    data: bytes
    """Empty where the report has errors."""
    report: Report


def read_mapping(text: str | bytes, source: str = "mapping.json") -> Mapping:
    """Raises ``DescriptionError`` naming the column."""
    mapping: Mapping = described_json(Mapping, text, source)
    for number, column in enumerate(mapping.columns):
        place = f"columns.{number} ({column.title})"
        if bool(column.field) == bool(column.constant):
            raise DescriptionError(source, place, "either a field or a constant")
        if mapping.file == "fixed" and column.width <= 0:
            raise DescriptionError(source, f"{place}.width", "a column of fixed width has one")
        wide = mapping.file == "fixed" and column.padding == "wide-space"
        if wide and column.width % len("　".encode(codec_of(mapping))):
            raise DescriptionError(source, f"{place}.width", "not a whole number of wide blanks")
        if column.padding == "zero" and (column.format != "number" or column.codes):
            raise DescriptionError(source, f"{place}.padding", "only numbers are padded with zeros")
        if len(set(column.codes.values())) != len(column.codes):
            raise DescriptionError(source, f"{place}.codes", "one code for two values")
    titles = [column.title for column in mapping.columns]
    if len(set(titles)) != len(titles):
        raise DescriptionError(source, "columns", "two columns of one title")
    return mapping


class Reporter:
    """Gathers what is wrong."""

    def __init__(self) -> None:
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def error(self, key: str, row: int = 0, column: str = "", value: str = "") -> None:
        self.errors.append(Problem(key, row, column, value[:40]))

    def warn(self, key: str, row: int = 0, column: str = "", value: str = "") -> None:
        self.warnings.append(Problem(key, row, column, value[:40]))

    def told(self, rows: int) -> Report:
        return Report(rows, tuple(self.errors), tuple(self.warnings))


def codec_of(mapping: Mapping) -> str:
    return "utf-8" if mapping.encoding == "utf-8-sig" else mapping.encoding


# Writing


def write(mapping: Mapping, records: Sequence[Values[str, str]]) -> Written:
    """The file of ``records``; what is wrong with it in the report. Never raises for what records hold."""
    report = Reporter()
    if len(records) > MOST_ROWS:
        report.error("too-many-rows", value=str(MOST_ROWS))
        return Written(b"", report.told(len(records)))
    rows = [
        [_cell(mapping, column, record, number, report) for column in mapping.columns]
        for number, record in enumerate(records, 1)
    ]
    if report.errors:
        return Written(b"", report.told(len(records)))
    data = _fixed(mapping, rows) if mapping.file == "fixed" else _csv(mapping, rows, report)
    return Written(b"" if report.errors else data, report.told(len(records)))


def _cell(mapping: Mapping, column: Column, record: Values[str, str], row: int, report: Reporter) -> str:
    """The text of one cell: coded, formatted, encodable and short enough, or a problem."""
    text = column.constant or record.get(column.field, "").strip()
    if not text:
        if column.required:
            report.error("empty-required", row, column.title)
        return ""
    if column.codes:
        if text not in column.codes:
            report.error("not-a-code", row, column.title, text)
            return ""
        text = column.codes[text]
    else:
        try:
            text = FORMATS[column.format].written(text)
        except ValueError:
            report.error("not-of-format", row, column.title, column.format)
            return ""
    if column.padding == "zero" and not (text.isdecimal() and text.isascii()):
        report.error("not-of-format", row, column.title, column.format)
    text = " ".join(text.split("\n")) if "\n" in text or "\r" in text else text
    text = _encodable(mapping, column, text.replace("\r", ""), row, report)
    if mapping.file == "csv" and text[:1] in ("=", "+", "@", "\t") and column.format == "text":
        report.warn("formula", row, column.title, text[:1])
    return _short(mapping, column, text, row, report)


def _encodable(mapping: Mapping, column: Column, text: str, row: int, report: Reporter) -> str:
    codec = codec_of(mapping)
    out = []
    for character in text:
        if _fits(character, codec):
            out.append(character)
            continue
        other = mapping.substitutes.get(character, character.translate(_SAFE))
        if other != character and all(_fits(one, codec) for one in other):
            report.warn("substituted", row, column.title, f"{character}→{other}")
            out.append(other)
        else:
            report.error("not-encodable", row, column.title, f"{character} U+{ord(character):04X}")
    return "".join(out)


def _fits(character: str, codec: str) -> bool:
    try:
        return character.encode(codec).decode(codec) == character
    except UnicodeError:
        return False


def _short(mapping: Mapping, column: Column, text: str, row: int, report: Reporter) -> str:
    codec = codec_of(mapping)
    length = len(text.encode(codec, "replace"))
    if not column.width or length <= column.width:
        return text
    if not column.cut:
        report.error("too-long", row, column.title, f"{length}>{column.width}")
        return ""
    report.warn("cut", row, column.title, f"{length}>{column.width}")
    while len(text.encode(codec, "replace")) > column.width:
        text = text[:-1]
    return text


def _newline(mapping: Mapping) -> str:
    return "\r\n" if mapping.newline == "crlf" else "\n"


def _csv(mapping: Mapping, rows: Sequence[Sequence[str]], report: Reporter) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=mapping.delimiter,
        quoting=csv.QUOTE_ALL if mapping.quote_all else csv.QUOTE_MINIMAL,
        lineterminator=_newline(mapping),
    )
    if mapping.header:
        writer.writerow([column.title for column in mapping.columns])
    writer.writerows(rows)
    try:
        return out.getvalue().encode(mapping.encoding)
    except UnicodeEncodeError as error:  # in a title: the cells have been looked at
        report.error("not-encodable", value=error.object[error.start : error.end])
        return b""


def _fixed(mapping: Mapping, rows: Sequence[Sequence[str]]) -> bytes:
    codec, end = codec_of(mapping), _newline(mapping).encode()
    return b"".join(
        b"".join(_padded(c, text, codec) for c, text in zip(mapping.columns, row, strict=True)) + end
        for row in rows
    )


def _padded(column: Column, text: str, codec: str) -> bytes:
    data = text.encode(codec)
    unit = _pad(column, codec)
    missing = column.width - len(data)
    pad = unit * (missing // len(unit)) + b" " * (missing % len(unit))
    return pad + data if column.align == "right" else data + pad


def _pad(column: Column, codec: str) -> bytes:
    return {"space": b" ", "zero": b"0", "wide-space": "　".encode(codec)}[column.padding]
