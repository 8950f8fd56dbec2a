"""Applications as files that existing systems take, and files of theirs read back: CSV and fixed width, by a mapping.

A ``Mapping`` (JSON) says column by column which field, in which format, how wide and how padded. ``write`` and ``read``
are their own dry run: both give a report with every problem by row and column, and data only where there is none, so
that half a file is never handed over. What cp932 cannot hold is named character by character.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Values
from typing import Literal

from machi.base.engine.decoding import decode
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
    "wrong-length",
    "not-readable",
    "too-many-rows",
)
WARNINGS = ("substituted", "cut", "formula", "unknown-column")
MOST_ROWS = 100_000
_LARGEST = 50_000_000
_SAFE = str.maketrans(
    {"〜": "～", "−": "－", "‖": "∥", "—": "―", "¢": "￠", "£": "￡", "¬": "￢", "\xa0": " "}
)
"""Characters whose twins cp932 has; nobody sees a difference, so they are put in with a warning."""


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    title: str
    field: str = ""
    """An application's field, or what the caller adds: ``@reference``, ``@received``, ``@decided``, ``@outcome``."""
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
    """From 1, the header not counted; 0: the whole file."""
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


@dataclasses.dataclass(frozen=True, slots=True)
class Imported:
    rows: tuple[dict[str, str], ...]
    """Values by field, in the file's order; none where the report has errors."""
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
        if wide and column.width % len("　".encode(_codec(mapping))):
            raise DescriptionError(source, f"{place}.width", "not a whole number of wide blanks")
        if column.padding == "zero" and (column.format != "number" or column.codes):
            raise DescriptionError(source, f"{place}.padding", "only numbers are padded with zeros")
        if len(set(column.codes.values())) != len(column.codes):
            raise DescriptionError(source, f"{place}.codes", "one code for two values")
    titles = [column.title for column in mapping.columns]
    if len(set(titles)) != len(titles):
        raise DescriptionError(source, "columns", "two columns of one title")
    return mapping


class _Report:
    def __init__(self) -> None:
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def error(self, key: str, row: int = 0, column: str = "", value: str = "") -> None:
        self.errors.append(Problem(key, row, column, value[:40]))

    def warn(self, key: str, row: int = 0, column: str = "", value: str = "") -> None:
        self.warnings.append(Problem(key, row, column, value[:40]))

    def told(self, rows: int) -> Report:
        return Report(rows, tuple(self.errors), tuple(self.warnings))


def _codec(mapping: Mapping) -> str:
    return "utf-8" if mapping.encoding == "utf-8-sig" else mapping.encoding


# Writing


def write(mapping: Mapping, records: Sequence[Values[str, str]]) -> Written:
    """The file of ``records``; what is wrong with it in the report. Never raises for what records hold."""
    report = _Report()
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


def _cell(mapping: Mapping, column: Column, record: Values[str, str], row: int, report: _Report) -> str:
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


def _encodable(mapping: Mapping, column: Column, text: str, row: int, report: _Report) -> str:
    codec = _codec(mapping)
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


def _short(mapping: Mapping, column: Column, text: str, row: int, report: _Report) -> str:
    codec = _codec(mapping)
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


def _csv(mapping: Mapping, rows: Sequence[Sequence[str]], report: _Report) -> bytes:
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
    codec, end = _codec(mapping), _newline(mapping).encode()
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


# Reading back


def read(mapping: Mapping, data: bytes) -> Imported:
    """The rows of a file that the system gave, as values by field. Never raises, whatever the bytes."""
    report = _Report()
    if len(data) > _LARGEST:
        report.error("too-many-rows", value=str(MOST_ROWS))
        return Imported((), report.told(0))
    lines = list(
        _lines_fixed(mapping, data, report) if mapping.file == "fixed" else _lines_csv(mapping, data, report)
    )
    rows = [
        {
            column.field: _value(column, text, number, report)
            for column, text in zip(mapping.columns, line, strict=True)
            if column.field
        }
        for number, line in lines
    ]
    return Imported(() if report.errors else tuple(rows), report.told(len(lines)))


def _lines_csv(mapping: Mapping, data: bytes, report: _Report) -> Iterator[tuple[int, list[str]]]:
    """Cells in the mapping's order, with the row's number. With a header, columns may stand in any order."""
    try:
        text = data.decode(mapping.encoding)
    except UnicodeDecodeError:
        decoded = decode(data)
        if decoded.damaged:
            report.error("not-readable")
            return
        text = decoded.text
    table = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=mapping.delimiter)
    places = list(range(len(mapping.columns)))
    number, heads = 0, mapping.header
    try:
        for line in table:
            if not line or (len(line) == 1 and not line[0].strip() and len(places) > 1):
                continue
            if heads:
                heads = False
                found = _places(mapping, line, report)
                if found is None:
                    return
                places = found
                continue
            number += 1
            if number > MOST_ROWS:
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


def _places(mapping: Mapping, head: Sequence[str], report: _Report) -> list[int] | None:
    titles = [title.strip() for title in head]
    absent = [column.title for column in mapping.columns if column.title not in titles]
    for title in absent:
        report.error("wrong-columns", column=title)
    for title in titles:
        if title and title not in {column.title for column in mapping.columns}:
            report.warn("unknown-column", column=title[:40])
    return None if absent else [titles.index(column.title) for column in mapping.columns]


def _lines_fixed(mapping: Mapping, data: bytes, report: _Report) -> Iterator[tuple[int, list[str]]]:
    codec = _codec(mapping)
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


def _value(column: Column, text: str, row: int, report: _Report) -> str:
    """Our value of a cell: padding gone, decoded, of its format; a problem otherwise."""
    bare = text.strip(" 　")
    if column.padding == "zero":
        bare = bare.lstrip("0") or bare[:1]
    if not bare:
        if column.required:
            report.error("empty-required", row, column.title)
        return ""
    if column.codes:
        ours = {code: value for value, code in column.codes.items()}
        if bare not in ours:
            report.error("not-a-code", row, column.title, bare)
        return ours.get(bare, "")
    try:
        return FORMATS[column.format].read(bare)
    except ValueError:
        report.error("not-of-format", row, column.title, column.format)
        return ""
