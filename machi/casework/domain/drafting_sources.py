"""What a draft may rest on: passages of the town's own documents, found as the front desk finds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from machi.base.models import Municipality
from machi.casework.engine.draft_extract import Passage as Found
from machi.casework.engine.draft_pieces import Place
from machi.frontdesk.domain.indexing import index_of
from machi.frontdesk.models import Passage
from machi.language.engine.claims import Source, check
from machi.language.engine.guard import is_instruction
from machi.language.engine.units import cached_units

PASSAGES = 8
"""That are read for one part of a draft."""
A_DOCUMENT = 2
"""Passages of one document at most, so that one long document does not keep the others out."""


def search(municipality: Municipality, asked: str, *, on: date | None = None) -> list[Passage]:
    """Passages near ``asked`` in documents in use, best first. ``on``: only what holds on that day; where nothing does,
    and without a day, of whatever date: past documents are what an answer in the council rests on."""
    index = index_of(municipality)
    hits = index.search(asked, k=PASSAGES * 3, on=on) or index.search(asked, k=PASSAGES * 3, on=None)
    known = in_use(hit.passage_id for hit in hits)
    found: list[Passage] = []
    for hit in hits:
        passage = known.get(hit.passage_id)
        if passage and sum(one.document_id == passage.document_id for one in found) < A_DOCUMENT:
            found.append(passage)
    return found[:PASSAGES]


def in_use(numbers: Iterable[int]) -> Mapping[int, Passage]:
    """Those of these that still stand in a document in use; the index may lag behind a withdrawal."""
    known = Passage.objects.select_related("document__source").in_bulk(list(numbers))
    return {pk: one for pk, one in known.items() if one.document.current and one.document.source.active}


def for_engine(passages: Sequence[Passage]) -> list[Found]:
    """For extraction, which withholds instructions itself: offsets must stay those of the passage."""
    return [Found(one.pk, one.document.title, tuple(one.headings), one.text, one.start) for one in passages]


def without_instructions(text: str) -> str:
    """Sources are data: a sentence that would tell a model what to do is not shown to it."""
    return "\n".join(unit.text for unit in cached_units(text) if not is_instruction(unit.text))


def claimed(passages: Sequence[Passage]) -> list[Source]:
    """For the claims check."""
    return [Source(one.pk, one.text, "\n".join((one.document.title, *one.headings))) for one in passages]


def place(passage: Passage, start: int, end: int) -> Place:
    """``start`` and ``end`` in the passage; the place is in the document."""
    return Place(
        "document",
        passage.document_id,
        passage.start + start,
        passage.start + end,
        passage.document.title,
    )


def place_of(sentence: str, sources: Sequence[Source], passages: Mapping[int, Passage]) -> Place | None:
    """Where a sentence that a person wrote is supported, if it is."""
    if not sources:
        return None
    judged = check(sentence, sources)
    if len(judged) != 1 or not judged[0].kept or judged[0].source is None:
        return None
    return place(passages[judged[0].source], judged[0].start, judged[0].end)


def for_ledger(passages: Iterable[Passage]) -> list[dict[str, Any]]:
    return [
        {
            "document": one.document_id,
            "version": one.document.version,
            "digest": one.document.digest,
            "start": one.start,
            "end": one.end,
        }
        for one in passages
    ]
