"""What reading gives: documents as blocks, and a report of what was and was not read."""

import datetime
from dataclasses import dataclass
from typing import Literal

from machi.language.engine.types import Block

Severity = Literal["error", "warning", "info"]
Kind = Literal["csv", "excel", "word", "pdf", "html", "mhtml", "markdown", "text", "unsupported", "empty"]

TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know about one place of a file.

    ``error``: this part was not read. ``warning``: read, but look at it. ``info``: left out on purpose.
    """

    place: str
    """``3行目「備考」``, ``2ページ``; empty for the whole file."""
    code: str
    """Stable name of what happened, for counting and filtering."""
    message: str
    """What is wrong and what to do, in Japanese."""
    severity: Severity
    template: str = ""
    """The message before its values were filled in: the msgid for other languages (``str.format`` form)."""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One document of a file; a CSV of articles gives many."""

    title: str
    blocks: tuple[Block, ...]
    date: datetime.date | None = None
    """When it was published or last changed, where the file says so."""
    url: str = ""
    category: str = ""
    place: str = ""
    """Where it begins in the file, for a person; empty where it is the whole file."""
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None
    """Last day the document as a whole may be offered as current; its passages may end earlier."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """``read`` and ``not_read`` count the file's own units: rows, pages, or the file itself."""

    documents: tuple[ReadDocument, ...]
    problems: tuple[Problem, ...]
    kind: Kind
    read: int
    not_read: int


@dataclass(frozen=True, slots=True)
class ColumnHints:
    """Column names (as they stand in the file) for a table whose columns are not recognised by name."""

    title: str = ""
    body: str = ""
    question: str = ""
    answer: str = ""
    category: str = ""
    date: str = ""
    url: str = ""
    valid_from: str = ""
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Beyond a limit the rest is reported as not read."""

    size: int = 50_000_000
    """Bytes of the file."""
    unpacked: int = 300_000_000
    """Bytes of all parts of a docx or xlsx once unpacked."""
    ratio: int = 200
    """Unpacked bytes to packed bytes, checked from ``ratio_from`` bytes on."""
    ratio_from: int = 5_000_000
    rows: int = 100_000
    columns: int = 300
    pages: int = 3_000
    characters: int = 10_000_000
    seconds: int = 60
    """Processor time for a format that is read in a child process."""
    memory: int = 2_000_000_000
    """Address space of that child process, bytes."""


def gettext_noop(template: str) -> str:
    """Marks a message for the catalogues (makemessages knows the name) without importing Django."""
    return template


def problem(code: str, template: str, severity: Severity, place: str = "", **values: str | int) -> Problem:
    """A problem whose message is ``template`` with ``values`` filled in."""
    filled = tuple((name, str(value)) for name, value in values.items())
    return Problem(place, code, template.format(**dict(filled)), severity, template, filled)


def title_of(text: str) -> str:
    """``text`` on one line, cut to what a title may hold."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LIMIT else line[: TITLE_LIMIT - 1] + "…"
