"""A draft as its page shows it: each piece with its mark, and the link that opens the exact place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.casework.domain.drafting_files import where
from machi.casework.domain.drafting_words import CHANGES, MADE, WHY
from machi.casework.engine.draft_pieces import Body, Mark, Piece, Place, mark, paragraphs
from machi.casework.engine.speech_lines import parts
from machi.casework.models import Draft
from machi.frontdesk.models import Document


@dataclass(frozen=True, slots=True)
class ShownPiece:
    piece: Piece
    mark: Mark
    url: str
    number: int
    """Of its source in the list below; 0: it has none."""
    made: str


@dataclass(frozen=True, slots=True)
class ShownSource:
    number: int
    place: Place
    url: str
    where: str
    document: Document | None
    expired: bool
    """The document says itself that it no longer holds."""


@dataclass(frozen=True, slots=True)
class Shown:
    paragraphs: list[list[ShownPiece]]
    sources: list[ShownSource]
    dropped: list[tuple[str, str, str]]
    """Text, why, what is missing."""
    changes: list[tuple[str, str, str]]
    """Why, before, after."""
    unsourced: int

    @property
    def expired(self) -> int:
        """How many sources say themselves that they no longer hold."""
        return sum(one.expired for one in self.sources)


def shown(draft: Draft, body: Body) -> Shown:
    municipality = draft.municipality
    places = dict.fromkeys(one.place for one in body.pieces if one.place is not None)
    numbers = {place: number for number, place in enumerate(places, 1)}
    groups = [
        [
            ShownPiece(
                one,
                mark(one),
                place_url(municipality, one.place) if one.place else "",
                numbers[one.place] if one.place else 0,
                _(MADE[one.made]),
            )
            for one in group
        ]
        for group in paragraphs(body.pieces)
    ]
    documents = Document.objects.only("date", "valid_until", "current").in_bulk(
        {place.id for place in places if place.kind == "document"}
    )
    return Shown(
        groups,
        [
            _source(draft, number, place, documents.get(place.id) if place.kind == "document" else None)
            for place, number in numbers.items()
        ],
        [(one.text, _(WHY[one.why]), "、".join(one.missing)) for one in body.dropped],
        [(_(CHANGES[one.why]), one.before, one.after) for one in body.changes],
        sum(one.mark == "none" and one.piece.role != "heading" for group in groups for one in group),
    )


def _source(draft: Draft, number: int, place: Place, document: Document | None) -> ShownSource:
    until = document.valid_until if document else None
    expired = until is not None and until < timezone.localdate()
    return ShownSource(
        number, place, place_url(draft.municipality, place), where(draft, place), document, expired
    )


def place_url(municipality: Municipality, place: Place) -> str:
    """The document's page, or that of the text handed in, with the place marked."""
    name = "frontdesk:document" if place.kind == "document" else "casework:given_text"
    address = reverse(name, args=[municipality.code, place.id])
    return f"{address}?{urlencode({'start': place.start, 'end': place.end})}#cited"


def breadcrumbs(municipality: Municipality, *below: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [
        (_("下書き・要約・会議の記録"), reverse("casework:drafts", args=[municipality.code])),
        *below,
    ]


def crumb(draft: Draft) -> tuple[str, str]:
    return draft.title, draft.get_absolute_url()


@dataclass(frozen=True, slots=True)
class HeardLine:
    """A line of a transcript: its time in the recording (empty: a person wrote it), its words, and those in doubt."""

    at: str
    text: str
    doubtful: str
    made: str


def heard_lines(body: Body) -> list[HeardLine]:
    return [HeardLine(*parts(one.text), _(MADE[one.made])) for one in body.pieces]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text handed in, cut at the edges of the cited place."""

    number: int
    before: str
    cited: str
    after: str
    first: bool
    """The cited place begins here: where a link to it leads."""


def lines(text: str, start: int, end: int) -> Sequence[Line]:
    """Every line of ``text`` with the part of ``text[start:end]`` that stands in it."""
    found, at, begun = [], 0, False
    for number, line in enumerate(text.split("\n"), 1):
        low, high = max(start - at, 0), min(end - at, len(line))
        if low < high:
            found.append(Line(number, line[:low], line[low:high], line[high:], not begun))
            begun = True
        else:
            found.append(Line(number, line, "", "", first=False))
        at += len(line) + 1
    return found
