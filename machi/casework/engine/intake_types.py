"""What comes out of a file that somebody handed in, and why one is not opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

OpenedKind = Literal["png", "jpeg", "tiff", "pdf", "excel", "word", "mail", "text"]

HOSTILE = ("zip-bomb", "unsafe-xml", "macros", "script", "program", "huge-image", "huge-page", "too-costly")
UNREADABLE = (
    "empty",
    "too-large",
    "broken",
    "encrypted",
    "old-office",
    "archive",
    "heic",
    "wrong-type",
    "too-many-pages",
    "too-many-cells",
    "too-deep",
    "too-many-attachments",
)
NOTES = (
    "name-differs",
    "pdf-script",
    "pdf-launch",
    "pdf-embedded-files",
    "pdf-fillable-xfa",
    "embedded-files",
    "outside-links",
    "hidden-sheet",
    "hidden-cells",
    "hidden-text",
    "comments",
    "text-in-shapes",
    "not-calculated",
    "picture-not-read",
    "only-first-picture",
    "html-body",
)
"""The keys of refusals (both kinds) and of notes, all put into words by ``domain/intake_words.py``."""


class Refused(ValueError):
    """A file that is not opened. ``key`` is one of ``HOSTILE`` or ``UNREADABLE``; ``arguments`` fill its words."""

    def __init__(self, key: str, **arguments: str | int) -> None:
        super().__init__(f"{key} {arguments}" if arguments else key)
        self.key = key
        self.arguments: Mapping[str, str | int] = arguments


class Hostile(Refused):
    """What it holds could do harm: a bomb, a macro, a script, an image that would fill the memory."""


class Unreadable(Refused):
    """It cannot be read: broken, protected, of a kind that is not taken, beyond a limit."""


def refusal(key: str, **arguments: str | int) -> Refused:
    """The refusal of that key, of its own class."""
    return (Hostile if key in HOSTILE else Unreadable)(key, **arguments)


@dataclass(frozen=True, slots=True)
class Limits:
    size: int = 30_000_000
    """Bytes of a file (a mail with all its attachments is one)."""
    pages: int = 200
    pixels: int = 80_000_000
    """Of one page: A3 at 600 dots an inch has 70 million."""
    kept: int = 12_000_000
    """Pixels of a page as it is kept; a larger one is brought down. As many as a telephone's photograph has: reading
    wants A4 at 200 dots an inch (4 million), of which a photograph's margins may take the half."""
    all_pixels: int = 400_000_000
    """Of all pages of a picture file together."""
    dots_per_inch: int = 200
    """In which PDF pages are drawn."""
    unpacked: int = 100_000_000
    """Bytes of an Office file once unpacked."""
    xml: int = 10_000_000
    """Bytes of all in it but pictures: what a parser makes of XML is many times larger."""
    cells: int = 50_000
    pictures: int = 50
    """Pictures in an Office file that are taken out as pages."""
    characters: int = 500_000
    attachments: int = 30
    """In all levels of a mail together."""
    depth: int = 3
    """A mail within a mail within a mail, and no further."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know about a file that was opened; nothing of it was run or followed."""

    key: str
    arguments: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a picture. ``png`` is made anew from the pixels alone; empty for the pages of a PDF, which
    ``engine.intake.page_png`` draws when they are wanted."""

    width: int
    """In pixels (of a PDF: as drawn in ``Limits.dots_per_inch``)."""
    height: int
    png: bytes = b""
    text: str = ""
    """A PDF page's own text; empty for pictures."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or a table of a Word document: texts by (row, column), both from 1."""

    name: str
    cells: Mapping[tuple[int, int], str]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """First row, first column, last row, last column."""
    widths: Mapping[int, float] = field(default_factory=dict)
    """Columns' widths in letters of half width, where they are not the usual; 0 for a hidden one."""
    heights: Mapping[int, float] = field(default_factory=dict)
    """Rows' heights in points, where they are given; 0 for a hidden one."""
    ruled: frozenset[tuple[int, int]] = frozenset()
    """Cells with a border, among them empty ones."""


@dataclass(frozen=True, slots=True)
class Unopened:
    """An attachment that was refused: the mail is opened all the same."""

    name: str
    key: str
    arguments: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    name: str
    """As given, without folders and control characters, shortened: safe to show and to store beside the data."""
    kind: OpenedKind
    digest: str
    """SHA-256 of the bytes as given, in hex: the same file twice."""
    size: int
    pages: tuple[Page, ...] = ()
    pdf: bytes = b""
    """The PDF as given; only ever opened by PDFium without a script engine."""
    sheets: tuple[Sheet, ...] = ()
    text: str = ""
    """Of a Word document, a text, or a mail's body."""
    flow: tuple[str | int, ...] = ()
    """Of a Word document: its lines outside of tables, and the numbers (from 1) of its tables, in their order."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of a mail: from, to, date (as ISO 8601 where it can be read), subject."""
    attachments: tuple[Opened, ...] = ()
    unopened: tuple[Unopened, ...] = ()
    notes: tuple[Note, ...] = ()
