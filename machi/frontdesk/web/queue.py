"""The queue: what waits for an answer by a person, my division first, the most pressing on top."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.due import due
from machi.base.web.export import export
from machi.frontdesk.domain import reports
from machi.frontdesk.models import HandOver
from machi.frontdesk.web.staff_forms import ALL, QueueFilter

_A_PAGE = 25


@staff("frontdesk.answer_inquiry")
def queue(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    mine = reports.own_divisions(visitor(request), municipality)
    form = QueueFilter(request.GET, mine=bool(mine))
    asked = form.cleaned_data if form.is_valid() else {}
    now = timezone.now()
    here = _of_division(reports.queue(), asked.get("division", ""), mine)
    found = _of_division(reports.queue(state=asked.get("state") or None), asked.get("division", ""), mine)
    if asked.get("overdue"):
        found = found.filter(due_at__lt=now, answered_at__isnull=True)
    if asked.get("state") == HandOver.State.ANSWERED:
        found = found.order_by("-answered_at", "-pk")
    if "format" in request.GET:
        return _exported(request, found)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [{"handed": one, "due": due(one.due_at, now)} for one in page],
        "figures": reports.queue_figures(here, now),
        "filtered": any(asked.values()),
        "elsewhere": 0 if page.object_list or any(asked.values()) else reports.queue().count(),
    }
    return render(request, "frontdesk/staff/queue.html", context)


def _of_division(found: QuerySet[HandOver], asked: str, mine: list[int]) -> QuerySet[HandOver]:
    if asked and asked != ALL:
        return found.filter(division_id=int(asked))
    return found.filter(division_id__in=mine) if mine and not asked else found


def _exported(request: HttpRequest, found: QuerySet[HandOver]) -> HttpResponseBase:
    """Without contact details: those are shown on the inquiry's own page only."""
    columns = [
        _("番号"), _("質問"), _("担当課"), _("状態"), _("受付日時"), _("期限"), _("担当者"), _("回答日時"),
    ]  # fmt: skip
    rows = (
        (
            one.inquiry_id,
            one.inquiry.question,
            one.division.name,
            one.get_state_display(),
            one.created_at,
            one.due_at,
            one.taken_by.name if one.taken_by else "",
            one.answered_at,
        )
        for one in found
    )
    return export(request, "inquiries", columns, rows)
