"""The sources of the desk's ledger entries, shown as they were: every version of a document is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.rooms import LedgerSource
from machi.frontdesk.domain.documents import digest_of
from machi.frontdesk.models import Document

_AROUND = 60
"""Characters shown on either side of the place that was used."""


def as_they_were(sources: Sequence[Mapping[str, Any]]) -> list[LedgerSource | None]:
    """In the order given (two queries); None for a source that is no document of the desk."""
    wanted = [one.get("document") for one in sources]
    numbers = [number for number in wanted if isinstance(number, int)]
    known = Document.objects.select_related("source").in_bulk(numbers)
    keys = {(document.source_id, document.key) for document in known.values()}
    newer = set(
        Document.objects.filter(key__in=[key for _source, key in keys], current=True, source__active=True)
        .values_list("source_id", "key")
        .distinct()
    )
    return [
        _shown(one, known.get(number), newer) if isinstance(number, int) else None
        for one, number in zip(sources, wanted, strict=True)
    ]


def _shown(
    recorded: Mapping[str, Any], document: Document | None, in_use: set[tuple[int, str]]
) -> LedgerSource:
    if document is None:
        return LedgerSource("", "", "", "", "", "", "gone")
    start, end = _span(recorded, document)
    url = reverse("frontdesk:document", args=[document.municipality_id, document.pk])
    marked = f"{url}?{urlencode({'start': start, 'end': end})}#cited" if end else url
    about = _("%(source)s、第%(version)s版") % {"source": document.source.name, "version": document.version}
    if document.date:
        about += f"、{document.date}"
    return LedgerSource(
        title=document.title,
        about=about,
        before=_before(document.text, start),
        used=document.text[start:end],
        after=_after(document.text, end),
        url=marked,
        state=_state(recorded, document, in_use),
    )


def _state(recorded: Mapping[str, Any], document: Document, in_use: set[tuple[int, str]]) -> str:
    told = (recorded.get("version"), recorded.get("digest"))
    if told != (document.version, document.digest) or not _is_what_was_read(document):
        return "changed"
    if document.current and document.source.active:
        return "same"
    return "superseded" if (document.source_id, document.key) in in_use else "withdrawn"


def _is_what_was_read(document: Document) -> bool:
    """Does the stored text still give the digest? Columns that were cut to their length cannot be asked."""
    longest = {"title": 300, "url": 500, "category": 60}
    if any(len(getattr(document, name)) >= most for name, most in longest.items()):
        return True
    blocks = [(kind, level, document.text[start:end]) for kind, level, start, end in document.blocks]
    if sum(len(text) + 1 for _kind, _level, text in blocks) != len(document.text) + 1:
        return False  # text that no block speaks of
    return digest_of(document, blocks) == document.digest


def _span(recorded: Mapping[str, Any], document: Document) -> tuple[int, int]:
    """The place used; (0, 0) where the entry names none that the document has."""
    start, end = recorded.get("start"), recorded.get("end")
    if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(document.text):
        return start, end
    return 0, 0


def _before(text: str, start: int) -> str:
    return ("…" if start > _AROUND else "") + text[max(0, start - _AROUND) : start]


def _after(text: str, end: int) -> str:
    """Of a source without a place, how it begins."""
    return text[end : end + _AROUND] + ("…" if end + _AROUND < len(text) else "")
