"""Where a citation leads: the document's page, with the exact place marked."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from machi.frontdesk.domain.answers import Part
from machi.frontdesk.models import Citation, Document


def document_url(document: Document, spans: Iterable[tuple[int, int]] = ()) -> str:
    """Address of the document's page; with ``spans``, of the first of them, all of them marked."""
    url = reverse("frontdesk:document", args=[document.municipality_id, document.pk])
    query = [pair for start, end in spans for pair in (("start", start), ("end", end))]
    return f"{url}?{urlencode(query)}#cited" if query else url


def original_url(document: Document) -> str:
    """Where the document, or else its source, stands on the web; nothing but http(s) becomes a link."""
    urls = (document.url, document.source.url)
    return next((url for url in urls if url.startswith(("https://", "http://"))), "")


def citation_url(citation: Citation) -> str:
    return document_url(citation.document, [(citation.start, citation.end)])


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    number: int
    url: str
    about: str = ""
    """The heading above it, where it is not that of the sentence before."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A document in the list of an answer's sources (``base/components/citations.html``)."""

    number: int
    title: str
    source: str
    date: datetime.date | None
    url: str
    sentences: tuple[Sentence, ...]


def cited(part: Part) -> Cited:
    return Cited(
        number=part.number,
        title=part.document.title,
        source=part.source.name,
        date=part.document.date,
        url=document_url(part.document, [(c.start, c.end) for c in part.citations]),
        sentences=tuple(sentences(part)),
    )


def sentences(part: Part) -> Iterator[Sentence]:
    before = ""
    for citation in part.citations:
        about = citation.about if citation.about != before else ""
        yield Sentence(citation.text, part.number, citation_url(citation), about)
        before = citation.about
