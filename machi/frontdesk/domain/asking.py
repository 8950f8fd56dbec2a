"""A resident asks: find, extract, record, answer. The same question on the same index gives the same answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Municipality
from machi.base.running import ensure_may_run, why_not
from machi.frontdesk.apps import ANSWERS
from machi.frontdesk.domain.indexing import index_of
from machi.frontdesk.engine import urgent
from machi.frontdesk.models import Citation, Inquiry, Passage
from machi.language.embedding import UniversalSentenceEncoder
from machi.language.engine.answer import answer
from machi.language.engine.guard import clean_input
from machi.language.engine.types import Candidate, GroundedAnswer, Hit

NOT_RUNNING, NOT_ASKED = "not_running", "not_asked"
"""Why an inquiry has no answer of the desk: it may not answer, or the resident wanted a person."""
CANDIDATES = 10
RELATED = 3


@dataclass(frozen=True, slots=True)
class Step:
    """A step of answering, in the order the resident sees them."""

    kind: Literal["urgent", "searching", "found", "sentence", "done"]
    data: dict[str, Any]


def ask(
    municipality: Municipality, question: str, *, language: str, channel: Inquiry.Channel, on: date
) -> Inquiry:
    """Answers ``question`` from sources valid on ``on`` and stores both; Refused where nothing was asked."""
    inquiry: Inquiry | None = None
    for step in steps(municipality, question, language=language, channel=channel, on=on):
        if step.kind == "done":
            inquiry = step.data["inquiry"]
    assert inquiry is not None
    return inquiry


def steps(
    municipality: Municipality, question: str, *, language: str, channel: Inquiry.Channel, on: date
) -> Iterator[Step]:
    """As ``ask``, telling each step as it is reached; the last one carries the inquiry.

    Refused where nothing was asked, NotApproved where the desk's AI system may not answer.
    """
    asked = clean_input(question)
    if not asked.text:
        raise Refused(_("知りたいことを入力してください。"), field="question")
    ensure_may_run(municipality, ANSWERS)
    found = urgent.urgencies(asked.text, _ear().embed_queries([asked.text])[0])
    if found:
        yield Step("urgent", {"kinds": [kind.kind for kind in found]})
    yield Step("searching", {"shortened": asked.shortened})
    index = index_of(municipality)
    hits = index.search(asked.text, k=CANDIDATES, on=on)
    passages = _passages(hits)
    candidates = [_candidate(hit, passages[hit.passage_id]) for hit in hits if hit.passage_id in passages]
    yield Step("found", {"documents": [passages[c.hit.passage_id].document for c in candidates[:RELATED]]})
    result = answer(asked.text, candidates)
    with transaction.atomic():
        inquiry = Inquiry.objects.create(
            municipality=municipality,
            question=asked.text,
            language=language,
            channel=channel,
            state=Inquiry.State.ANSWERED if result.known else Inquiry.State.UNKNOWN,
            on_date=on,
            urgent=[kind.kind for kind in found],
            confidence=result.confidence,
            reasons=[[reason.code, dict(reason.values)] for reason in result.reasons],
            related=_related(result, candidates, passages),
            index_revision=str(index.status().revision),
        )
        citations = _cite(inquiry, result, passages) if result.known else []
        inquiry.ledger_index = _recorded(inquiry, result, citations).index
        inquiry.save(update_fields=["ledger_index"])
    for citation in citations:
        yield Step("sentence", {"citation": citation})
    yield Step("done", {"inquiry": inquiry})


def pass_on(
    municipality: Municipality, question: str, *, language: str, channel: Inquiry.Channel, on: date
) -> Inquiry:
    """Stores a question for the staff without an answer of the desk: no AI system takes part, so this goes on where
    none may run. Emergencies are heard by their words only. Refused where nothing was asked."""
    asked = clean_input(question)
    if not asked.text:
        raise Refused(_("知りたいことを入力してください。"), field="question")
    stopped = why_not(municipality, ANSWERS) is not None
    with transaction.atomic():
        inquiry = Inquiry.objects.create(
            municipality=municipality,
            question=asked.text,
            language=language,
            channel=channel,
            state=Inquiry.State.UNKNOWN,
            on_date=on,
            urgent=urgent_kinds(asked.text),
            reasons=[[NOT_RUNNING if stopped else NOT_ASKED, {}]],
        )
        inquiry.ledger_index = ledger.record(
            municipality,
            system="frontdesk.inquiries",
            kind="inquiry",
            subject=f"inquiry:{inquiry.pk}",
            inputs={"question": inquiry.question},
            outputs={"action": "pass_on", "urgent": inquiry.urgent, "desk_stopped": stopped},
        ).index
        inquiry.save(update_fields=["ledger_index"])
    return inquiry


def urgent_kinds(question: str) -> list[str]:
    """Kinds of emergency in the words of a question, by the word list alone: no AI system is asked."""
    return [kind.kind for kind in urgent.urgencies(clean_input(question).text)]


@lru_cache(maxsize=1)
def _ear() -> UniversalSentenceEncoder:
    """The model in whose vectors emergencies are heard; under a millisecond a question."""
    return UniversalSentenceEncoder()


def _passages(hits: list[Hit]) -> dict[int, Passage]:
    found = Passage.objects.select_related("document__source").in_bulk([hit.passage_id for hit in hits])
    # The index may lag a moment behind a withdrawal; the database has the last word.
    return {pk: p for pk, p in found.items() if p.document.current and p.document.source.active}


def _candidate(hit: Hit, passage: Passage) -> Candidate:
    return Candidate(hit, passage.document.title, tuple(passage.headings), passage.text)


def _related(result: GroundedAnswer, candidates: list[Candidate], passages: dict[int, Passage]) -> list[int]:
    """Other documents found, best first, for further reading."""
    cited = {passages[s.passage_id].document_id for s in result.sentences} if result.known else set()
    others = [passages[candidate.hit.passage_id].document_id for candidate in candidates]
    return list(dict.fromkeys(pk for pk in others if pk not in cited))[:RELATED]


def _cite(inquiry: Inquiry, result: GroundedAnswer, passages: dict[int, Passage]) -> list[Citation]:
    citations = []
    for ordinal, sentence in enumerate(result.sentences):
        passage = passages[sentence.passage_id]
        citations.append(
            Citation(
                municipality=inquiry.municipality,
                inquiry=inquiry,
                ordinal=ordinal,
                passage=passage,
                document=passage.document,
                start=passage.start + sentence.start,
                end=passage.start + sentence.end,
                text=sentence.text,
            )
        )
    return Citation.objects.bulk_create(citations)


def _recorded(inquiry: Inquiry, result: GroundedAnswer, citations: list[Citation]) -> LedgerEntry:
    return ledger.record(
        inquiry.municipality,
        system=ANSWERS,
        subject=f"inquiry:{inquiry.pk}",
        inputs={"question": inquiry.question, "on": inquiry.on_date.isoformat()},
        outputs={
            "known": result.known,
            "confidence": round(result.confidence, 4),
            "index_revision": inquiry.index_revision,
            "urgent": inquiry.urgent,
        },
        sources=[
            {
                "document": citation.document_id,
                "version": citation.document.version,
                "digest": citation.document.digest,
                "start": citation.start,
                "end": citation.end,
            }
            for citation in citations
        ],
        explanation="; ".join(code for code, _values in inquiry.reasons),
    )
