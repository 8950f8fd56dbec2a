"""A text in pieces, each of which knows whose words it is and where it stands in a source.

Drafts, summaries, transcripts and minutes are all kept so. Written as plain text for a person to edit, and read back:
a sentence that stands unchanged keeps its source; one that was changed is looked for in the same sources again, and
where none supports it it is marked as having none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from machi.language.engine.sentences import sentence_ends

Role = Literal["heading", "sentence", "item"]
Made = Literal["model", "extract", "rewrite", "rule", "heard", "template", "field", "person"]
"""By a language model; word for word from a source; from a source in easier words; found by a rule in a source; heard
in a recording; the template's own words; typed into a field; written or changed by a person."""
Mark = Literal["source", "template", "field", "none"]
BY_MACHINE: frozenset[Made] = frozenset({"model", "extract", "rewrite", "rule", "heard"})
HEADING, ITEM = "# ", "・"


@dataclass(frozen=True, slots=True)
class Place:
    """``text[start:end]`` of a registered document or of a text that was handed in (``given``)."""

    kind: Literal["document", "given"]
    id: int
    start: int
    end: int
    title: str


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    role: Role = "sentence"
    made: Made = "person"
    place: Place | None = None
    begins: bool = False
    """A new paragraph begins with it."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that was taken out, and why: a key of ``claims.Why``."""

    text: str
    why: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What was said in easier words: ``before`` became ``after``; ``why`` is a key."""

    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Body:
    pieces: tuple[Piece, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    changes: tuple[Change, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def body_of(data: Mapping[str, Any]) -> Body:
    """From ``Body.as_data``."""
    return Body(
        tuple(
            Piece(**{**one, "place": Place(**one["place"]) if one["place"] else None})
            for one in data["pieces"]
        ),
        tuple(Dropped(**{**one, "missing": tuple(one["missing"])}) for one in data["dropped"]),
        tuple(Change(**one) for one in data["changes"]),
    )


def mark(piece: Piece) -> Mark:
    """How its source is shown. Headings and the template's words say nothing that could be true or false."""
    if piece.place is not None:
        return "source"
    if piece.made in ("template", "field"):
        return piece.made
    return "none"


def without_source(pieces: Sequence[Piece]) -> list[Piece]:
    return [one for one in pieces if mark(one) == "none" and one.role != "heading"]


def by_machine(pieces: Sequence[Piece]) -> int:
    """How many pieces still are as a machine wrote or chose them."""
    return sum(one.made in BY_MACHINE for one in pieces)


def paragraphs(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Headings and items alone, sentences together up to where a new paragraph begins."""
    found: list[list[Piece]] = []
    for one in pieces:
        goes_on = found and one.role == "sentence" and not one.begins and found[-1][0].role == "sentence"
        if goes_on:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def as_text(pieces: Sequence[Piece]) -> str:
    """For editing: a line a paragraph; ``# `` before a heading, ``・`` before an item."""
    lead = {"heading": HEADING, "item": ITEM, "sentence": ""}
    return "\n".join(lead[group[0].role] + "".join(one.text for one in group) for group in paragraphs(pieces))


def edited(
    text: str, before: Sequence[Piece], place_of: Callable[[str], Place | None], *, by_line: bool = False
) -> tuple[Piece, ...]:
    """The pieces of a text that a person has edited. ``place_of`` looks for the source of a changed sentence (or line:
    ``by_line``, each is one piece)."""
    known: dict[str, list[Piece]] = {}
    for one in before:
        known.setdefault(_plain(one.text), []).append(one)
    found = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        role, words = _role(line)
        if not words:
            continue
        # An item and a heading are one piece each, whatever marks stand in them; so is a sentence that was one before.
        whole = by_line or role != "sentence" or _plain(words) in known
        for number, sentence in enumerate([words] if whole else _sentences(words)):
            kept = known.get(_plain(sentence))
            stays = (kept.pop(0) if len(kept) > 1 else kept[0]) if kept else None
            piece = stays or Piece(
                sentence, made="person", place=None if role == "heading" else place_of(sentence)
            )
            found.append(replace(piece, role=role, begins=number == 0))
    return tuple(found)


def _role(line: str) -> tuple[Role, str]:
    line = line.strip()
    if line.startswith(HEADING.strip()):
        return "heading", line.lstrip("#").strip()
    if line.startswith(ITEM):
        return "item", line[len(ITEM) :].strip()
    return "sentence", line


def _sentences(line: str) -> list[str]:
    start, found = 0, []
    for end in sentence_ends(line):
        if sentence := line[start:end].strip():
            found.append(sentence)
        start = end
    return found


def _plain(text: str) -> str:
    return "".join(text.split())
