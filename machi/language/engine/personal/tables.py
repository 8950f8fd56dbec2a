"""Cells of tables (between tabs, bars, commas or semicolons) and the headings above them.

A cell says little of itself; its heading says what it is. Everything under 生年月日 that is a date is somebody's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from machi.language.engine.personal.birth_dates import DAY_OF_YEAR, NUM, YEAR, whole_date
from machi.language.engine.personal.kinds import Found, Kind

_SEPARATORS = ("|", ",", ";")
_LINE = re.compile(r"[^\n]+")
_RULER = re.compile(r"[-: ]*")


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` begins at ``start``; ``heading`` is what stands at the head of its column."""

    text: str
    start: int
    heading: str
    column: tuple[int, str, int]
    """Where the table begins, its separator, and which of its columns it is."""


_COLUMNS: tuple[tuple[re.Pattern[str], Kind, re.Pattern[str]], ...] = (
    (
        re.compile(
            r".{0,6}(?:生年(?:月日)?|誕生(?:年月)?日|出生(?:年月)?日)(?:\(.{1,6}\))?|.*birth.*|DOB",
            re.IGNORECASE,
        ),
        Kind.DATE_OF_BIRTH,
        re.compile(
            rf"{whole_date(1)}|{YEAR}(?: ?{NUM} ?月)?|{DAY_OF_YEAR}|[01]?[0-9]/[0-3]?[0-9]|[SHRTM][0-9]{{1,2}}"
            r"|[1-5][.-][0-9]{1,2}[.-][0-9]{1,2}[.-][0-9]{1,2}"
        ),
    ),
    (
        re.compile(
            r".{0,6}(?:被保険者|保険証|記号|受給者|負担者|組合員|資格確認書|医療).{0,4}番号|.{0,4}被保険者証?No\.?"
        ),
        Kind.HEALTH_INSURANCE,
        re.compile(r"[0-9A-Z一-鿿]{0,4}[・-]?[0-9][0-9-]{2,11}"),
    ),
    (
        re.compile(r".{0,6}口座(?:番号|No\.?)?|k[ou]+za|account.{0,8}", re.IGNORECASE),
        Kind.BANK_ACCOUNT,
        re.compile(r"[0-9]{6,8}"),
    ),
    (re.compile(r".{0,4}年金番号"), Kind.BASIC_PENSION_NUMBER, re.compile(r"[0-9]{4}-?[0-9]{6}")),
    (re.compile(r".{0,6}免許証?(?:の)?番号"), Kind.DRIVERS_LICENCE, re.compile(r"[0-9]{12}")),
    (
        re.compile(r"(?:旅券|パスポート).{0,4}|passport.*", re.IGNORECASE),
        Kind.PASSPORT,
        re.compile(r"[A-Z]{1,2}[0-9]{7,8}"),
    ),
    (re.compile(r"郵便番号|〒"), Kind.POSTAL_CODE, re.compile(r"[0-9]{3}-?[0-9]{4}")),
    (
        re.compile(r".{0,4}(?:電話|携帯|連絡先|TEL|FAX|ファクス).{0,4}", re.IGNORECASE),
        Kind.TELEPHONE,
        re.compile(r"\+?[0-9(][0-9() -]{8,14}[0-9]"),
    ),
    (
        re.compile(r".{0,4}(?:住所|居所|本籍)(?:地)?(?:\(.{1,6}\))?"),
        Kind.ADDRESS,
        re.compile(r"[一-鿿][一-鿿ぁ-んァ-ヶー]{1,20} ?[0-9].{0,40}"),
    ),
)
_ANY_HEADING = re.compile("|".join(heading.pattern for heading, _, _ in _COLUMNS), re.IGNORECASE)


def in_columns(text: str) -> Iterator[Found]:
    """What its heading makes personal, of every kind but names."""
    if "\n" not in text or not _ANY_HEADING.search(text):
        return
    for cell in cells(text, _ANY_HEADING):
        for heading, kind, shape in _COLUMNS:
            if heading.fullmatch(cell.heading) and shape.fullmatch(cell.text):
                yield Found(
                    kind, cell.start, cell.start + len(cell.text), 0.92, "in a table below its heading"
                )


def cells(text: str, headed: re.Pattern[str]) -> Iterator[Cell]:
    """Every cell that is no heading. A table's first line heads it, and so does any with a cell that is ``headed``.

    Tables end where lines have one cell.
    """
    lines = list(_LINE.finditer(text))
    for separator in _SEPARATORS:
        if separator not in text:
            continue
        headings: list[str] = []
        begin = 0
        for line in lines:
            parts = _parts(line[0], separator)
            if len(parts) < 2:
                headings = []
            elif not headings or any(headed.fullmatch(value) for value, _ in parts):
                begin = line.start()
                headings = [value for value, _ in parts]
            elif not _RULER.fullmatch("".join(value for value, _ in parts)):
                for index, (value, at) in enumerate(parts):
                    if value:
                        heading = headings[index] if index < len(headings) else ""
                        yield Cell(value, line.start() + at, heading, (begin, separator, index))


def _parts(line: str, separator: str) -> list[tuple[str, int]]:
    parts, at = [], 0
    for raw in line.split(separator):
        value = raw.strip(' "')
        parts.append((value, at + raw.find(value) if value else at))
        at += len(raw) + 1
    return parts
