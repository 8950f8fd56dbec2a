"""The plain data that passes between reading, searching and answering.

Everything here is immutable and free of Django, so that it can be made by hand in a notebook or a test.
Texts are kept as written; only the search form (``machi.language.engine.text``) is normalised.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list_item", "table_row", "question", "answer"]


@dataclass(frozen=True, slots=True)
class Block:
    """One structural piece of a document, in reading order."""

    kind: BlockKind
    text: str
    level: int = 0
    """Heading level 1-6, or list depth; 0 elsewhere."""
    place: str = ""
    """Where it stands in the original file, for a person: ``3行目``, ``2ページ``, ``シート「料金」B4``."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document's text that is searched and cited as one.

    ``text == document_text[start:end]``, where ``document_text`` is the blocks' texts joined by newlines,
    so a citation can be highlighted at its exact place.
    """

    ordinal: int
    start: int
    end: int
    headings: tuple[str, ...]
    """The headings above it, outermost first (without the document's title)."""
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A passage as the index takes it. ``passage_id`` is never reused: changed text is a new entry."""

    passage_id: int
    title: str
    """Document title."""
    headings: tuple[str, ...]
    text: str
    valid_from: date | None = None
    valid_until: date | None = None
    """Last day (inclusive) on which the passage may be offered as current."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One retrieved passage. ``cosine`` is None where the passage has no embedding yet."""

    passage_id: int
    score: float
    """Fused score that orders the hits; higher is better."""
    bm25: float
    cosine: float | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hit with its text, as the answer engine sees it."""

    hit: Hit
    title: str
    headings: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of the answer: ``candidate.text[start:end] == text``."""

    passage_id: int
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the answer is as sure as it is: a stable code (translated on the page) and its figures."""

    code: str
    values: tuple[tuple[str, str | float], ...] = ()


@dataclass(frozen=True, slots=True)
class GroundedAnswer:
    """An answer made only of cited sentences, or an honest "I do not know" (``known`` is False)."""

    sentences: tuple[CitedSentence, ...]
    confidence: float
    """Calibrated probability, 0-1, that the cited sentences answer the question."""
    known: bool
    reasons: tuple[Reason, ...]
