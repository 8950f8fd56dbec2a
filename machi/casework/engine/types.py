"""What the engines of casework hand to each other: places on pages, form definitions, readings.

All plain data. Lengths are shares of the page's width and height (0 to 1, from the top left), so that one
definition serves every resolution; pages count from 0. A confidence is the probability, 0 to 1, that the value is
right, calibrated by ``bench/form_reading.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

FieldKind = Literal[
    "text",
    "person",
    "kana",
    "address",
    "postal_code",
    "telephone",
    "email",
    "date",
    "number",
    "yen",
    "my_number",
    "check",
    "choice",
    "seal",
    "signature",
]
"""``check``: one box, marked or not ("1" or ""); ``choice``: which of the options is ticked or circled (their
keys, joined by commas where several are); ``seal`` and ``signature``: there or not ("1" or "")."""

EngineName = Literal["pdf", "rapidocr", "image", "sheet", "document", "web", "mail", "import", "person"]
"""Whence a value comes: a PDF's own text, the recogniser, image analysis (marks and seals), a spreadsheet, a Word
document, a web form, a mail's text, a row of another system's file, or a person who typed or corrected it."""


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in shares of its width and height."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (self.left <= self.right and self.top <= self.bottom):
            raise ValueError("a box's right and bottom lie beyond its left and top")


@dataclass(frozen=True)
class Place:
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands in a file that has no pages of its own, in that file's own terms."""

    kind: Literal["sheet", "table", "line"]
    """A cell of a workbook's sheet, one of a table in a document, or a line of text outside of tables."""
    number: int
    """Which sheet, table or line, from 1; of lines only those count in which something stands."""
    name: str = ""
    """The sheet's."""
    cells: tuple[int, int, int, int] = (1, 1, 1, 1)
    """First row, first column, last row, last column, from 1."""


@dataclass(frozen=True)
class Option:
    """One answer of a ``choice``: its key, the words printed beside it, and the box that is ticked or circled."""

    key: str
    label: str
    place: Place | None = None


@dataclass(frozen=True)
class FieldDefinition:
    """One field of a form: drawn on the blank form (``place``), found beside a printed label (``anchors``), or both."""

    key: str
    label: str
    kind: FieldKind = "text"
    place: Place | None = None
    anchors: Sequence[str] = ()
    """Spellings of the label beside or above which the value stands, for free layouts."""
    options: Sequence[Option] = ()
    required: bool = False
    several: bool = False
    """Of a ``choice``: more than one may be chosen. On paper whatever is ticked is read."""
    section: str = ""
    """The heading it stands under, for a form on the web."""
    note: str = ""
    """What is printed small beside the label: a unit, an example."""


@dataclass(frozen=True)
class FormDefinition:
    key: str
    title: str
    version: str
    fields: Sequence[FieldDefinition]
    pages: int = 1
    marks: Sequence[str] = ()
    """Printed words by which a page of this form is recognised (its title, its number)."""


@dataclass(frozen=True)
class FieldReading:
    """One value as read, and where. ``raw`` is what stands there, ``value`` its plain form (ISO date, digits)."""

    field: str
    raw: str
    value: str
    confidence: float
    engine: EngineName
    place: Place | None = None
    """On the page as given (before it was straightened); None where the source has no pages."""
    doubts: Sequence[str] = ()
    """Why it may be wrong: keys that ``machi.casework.domain`` puts into words: ``check-digit``, ``no-such-town``."""
    spot: Spot | None = None
    """Of Office files, mails and texts; ``place`` then lies on the page that was drawn of it."""
    label_spot: Spot | None = None
    """Where its label stands, to be shown with it."""
    around: Box | None = None
    """Label and value together, on the page of ``place``."""


@dataclass(frozen=True)
class FormReading:
    form: str
    version: str
    fields: Mapping[str, FieldReading] = field(default_factory=dict)
    pages: Sequence[int] = ()
    """Which pages of the file are this form's, in the form's order."""
    registered: float = 1.0
    """How well the page lies on the blank form, 0 to 1; 1 where nothing had to be laid on anything."""
