"""An inquiry's answer as it is shown: by document, with how sure it is and why, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.frontdesk.engine import urgent
from machi.frontdesk.models import Citation, Document, Inquiry, Source

HIGH, MIDDLE = 0.85, 0.65
"""From these probabilities on an answer is called fairly sure, or likely."""

REASONS = {
    "nothing_found": gettext_noop("質問の言葉が入った資料が見つかりませんでした。"),
}
"""Texts of the answer engine's reason codes."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one document contributes to the answer."""

    number: int
    document: Document
    source: Source
    citations: list[Citation]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    inquiry: Inquiry
    known: bool
    parts: list[Part]
    level: Literal["high", "middle", "low"]
    percent: int
    reasons: list[str]
    urgent: list[urgent.Contact]
    related: list[Document]


def shown(inquiry: Inquiry) -> ShownAnswer:
    """Reads what a page, a letter or the API shows of an inquiry (three queries)."""
    parts: dict[int, Part] = {}
    for citation in inquiry.citations.select_related("document__source"):
        part = parts.setdefault(
            citation.document_id,
            Part(len(parts) + 1, citation.document, citation.document.source, []),
        )
        part.citations.append(citation)
    related = Document.objects.select_related("source").in_bulk(inquiry.related)
    return ShownAnswer(
        inquiry=inquiry,
        known=bool(parts),
        parts=list(parts.values()),
        level=level(inquiry.confidence),
        percent=round(inquiry.confidence * 100),
        reasons=reasons(inquiry),
        urgent=urgent.contacts(inquiry.urgent, inquiry.language),
        related=[related[pk] for pk in inquiry.related if pk in related],
    )


def level(confidence: float) -> Literal["high", "middle", "low"]:
    return "high" if confidence >= HIGH else "middle" if confidence >= MIDDLE else "low"


def reasons(inquiry: Inquiry) -> list[str]:
    """Why it is as sure as it is, in sentences; unknown codes of an older version are left out."""
    return [_(REASONS[code]) % values for code, values in inquiry.reasons if code in REASONS]
