"""A source's document as the town gave it, with the cited place marked, and whether it still holds."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from machi.base.models import Municipality
from machi.base.web.access import resident
from machi.frontdesk.models import Document
from machi.frontdesk.web.resident_links import document_url, original_url
from machi.frontdesk.web.resident_marked import Span, page_of, pages


@resident
def document(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    shown = get_object_or_404(Document.objects.select_related("source__division", "file"), pk=pk)
    spans = _spans(request)
    found = pages(shown.title, shown.text, shown.blocks, spans)
    wanted = request.GET.get("page") or page_of(found, spans[0][0] if spans else 0)
    page = Paginator(found, 1).get_page(wanted)
    newer = _newer(shown)
    today = timezone.localdate()
    context = {
        "document": shown,
        "page_obj": page,
        "elements": page.object_list[0],
        "original_url": original_url(shown),
        "newer_url": document_url(newer) if newer else "",
        "withdrawn": newer is None and not (shown.current and shown.source.active),
        "expired": shown.valid_until is not None and shown.valid_until < today,
        "not_yet": shown.valid_from is not None and shown.valid_from > today,
    }
    response = render(request, "frontdesk/resident/document.html", context)
    if not shown.current or not shown.source.active:
        response["X-Robots-Tag"] = "noindex"
    return response


def _spans(request: HttpRequest) -> list[Span]:
    """The cited places in the address; what is not a number marks nothing."""
    edges = [
        [int(v) if v.isdecimal() and len(v) < 10 else -1 for v in request.GET.getlist(k)]
        for k in ("start", "end")
    ]
    return [(start, end) for start, end in zip(*edges, strict=False) if 0 <= start < end]


def _newer(document: Document) -> Document | None:
    """The version that is in use now, where this one no longer is."""
    if document.current:
        return None
    return Document.objects.filter(
        source=document.source_id, source__active=True, key=document.key, current=True
    ).first()
