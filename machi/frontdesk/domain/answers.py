"""An inquiry's answer as it is shown: by document, with how sure it is and why, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.rooms import Service, rooms
from machi.frontdesk.engine import urgent
from machi.frontdesk.models import Citation, Document, Inquiry, Source

PROCEDURES = 3
HIGH, MIDDLE = 0.85, 0.65
"""From these probabilities on an answer is called fairly sure, or likely."""

_REASONS = {
    "not_running": gettext_noop("自動の回答を止めているため、AIは答えていません。"),
    "not_asked": gettext_noop("AIを使わずに、職員に聞くことを選びました。"),
    "nothing_found": gettext_noop("質問の言葉が入った資料が見つかりませんでした。"),
    "words_found": gettext_noop("質問の大事な言葉の%(share)s%%が、出典の文章にありました。"),
    "words_missing": gettext_noop("次の言葉は出典の文章にありませんでした：%(words)s"),
    "kind_found": gettext_noop("「%(kind)s」についての答えの形が見つかりました。"),
    "kind_missing": gettext_noop("「%(kind)s」に当たる書き方は見つかりませんでした。"),
    "many_alike": gettext_noop(
        "同じように当てはまるものがいくつもあり、一つに決められませんでした。場所や名前を足して聞くと、見つかることがあります。"
    ),
    "meaning_near": gettext_noop("質問と出典の文章の意味の近さは%(cosine)sです（1がいちばん近い）。"),
    "instruction_withheld": gettext_noop("資料の中に、答えではない不審な指示文があったため、除きました。"),
}
"""Texts of the answer engine's reason codes (``machi.language.engine.answer``)."""
_KINDS = {
    "contact": gettext_noop("連絡先"),
    "amount": gettext_noop("いくら"),
    "bring": gettext_noop("持ち物・必要なもの"),
    "time": gettext_noop("いつ"),
    "place": gettext_noop("どこ"),
    "who": gettext_noop("だれ"),
    "number": gettext_noop("いくつ"),
    "how": gettext_noop("やり方"),
    "yes_no": gettext_noop("はい・いいえ"),
}


@dataclass(frozen=True, slots=True)
class UrgentContact:
    """Whom to call now: what to say, and telephone numbers each with what it is for."""

    label: str
    numbers: list[tuple[str, str]]


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
    urgent: list[UrgentContact]
    related: list[Document]
    several: bool
    """Many entries of a list fit the question alike; to show the first would be chance."""
    asked_desk: bool
    """False: no AI system took part; the question is for the staff."""


def shown(inquiry: Inquiry) -> ShownAnswer:
    """Reads what a page, a letter or the API shows of an inquiry (three queries)."""
    parts: dict[int, Part] = {}
    for citation in inquiry.citations.select_related("document__source", "passage"):
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
        urgent=urgent_contacts(inquiry.urgent, inquiry.language),
        related=[related[pk] for pk in inquiry.related if pk in related],
        several=any(code == "many_alike" for code, _values in inquiry.reasons),
        asked_desk=not any(code in ("not_running", "not_asked") for code, _values in inquiry.reasons),
    )


def procedures(inquiry: Inquiry) -> list[Service]:
    """What the town's other rooms let a resident do themselves about the question; none of an erased one."""
    if inquiry.erased_at:
        return []
    found = (room.services_for(inquiry.municipality, inquiry.question) for room in rooms())
    return list(chain.from_iterable(found))[:PROCEDURES]


def level(confidence: float) -> Literal["high", "middle", "low"]:
    return "high" if confidence >= HIGH else "middle" if confidence >= MIDDLE else "low"


def reasons(inquiry: Inquiry) -> list[str]:
    """Why it is as sure as it is, in sentences; unknown codes of an older version are left out."""
    return [_(_REASONS[code]) % _told(values) for code, values in inquiry.reasons if code in _REASONS]


def _told(values: dict[str, str | float]) -> dict[str, str | float]:
    told = dict(values)
    if "share" in told:
        told["share"] = round(float(told["share"]) * 100)
    if "cosine" in told:
        told["cosine"] = f"{told['cosine']:.2f}"
    if "kind" in told:
        told["kind"] = _(_KINDS[str(told["kind"])]) if told["kind"] in _KINDS else str(told["kind"])
    return told


def urgent_contacts(kinds: Sequence[str], language: str) -> list[UrgentContact]:
    """The numbers to call for these kinds of emergency, most pressing first, in the reader's language."""
    key = {"en": "en", "ja-easy": "easy"}.get(language, "ja")
    return [
        UrgentContact(urgency.message[key], [(phone.number, phone.label[key]) for phone in urgency.phones])
        for urgency in urgent.of_kinds(kinds)
    ]
