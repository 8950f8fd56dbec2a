"""Where staff begin: which municipality, what waits there, how far the machines have come."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from machi.base.domain import setting_up
from machi.base.domain.opening import OPEN
from machi.base.models import Municipality, Person, Progress
from machi.base.rooms import Waiting, rooms
from machi.base.scoping import in_municipality
from machi.base.web.access import signed_in, staff, visitor

_TOWNS_A_PAGE = 25
_SILENT_FOR = timedelta(minutes=10)
"""Work that has not reported for this long has probably lost its worker."""


@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """The municipalities a person works for; straight on where there is only one."""
    person = visitor(request)
    towns = person.municipalities().select_related("prefecture").order_by("code")
    page = Paginator(towns, _TOWNS_A_PAGE).get_page(request.GET.get("page"))
    may_open = person.has_perm(OPEN)
    if page.paginator.count == 1 and not may_open:
        return redirect("base:staff_home", page.object_list[0].code)
    shown = []
    for town in page:
        with in_municipality(town):
            shown.append({"municipality": town, "waiting": _waiting(person, town)})
    return render(request, "base/work.html", {"towns": shown, "page_obj": page, "may_open": may_open})


@staff("base.work")
def staff_home(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    waiting = _waiting(visitor(request), municipality)
    running, failed = _progress()
    undone = 0
    if visitor(request).has_perm("base.set_up", municipality):
        undone = sum(not step.done and not step.optional for step in setting_up.steps(municipality))
    context = {"waiting": waiting, "running": running, "failed": failed, "undone": undone}
    return render(request, "base/staff_home.html", context)


@staff("base.work")
def status(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """Jobs in the background. Asked again by htmx every few seconds while something runs."""
    running, failed = _progress()
    context = {
        "running": running,
        "failed": failed,
        "finished": Progress.objects.filter(finished_at__isnull=False).order_by("-finished_at"),
        "rooms": [
            (room.verbose_name, lines) for room in rooms() if (lines := room.status_lines(municipality))
        ],
    }
    partly = request.headers.get("HX-Request") == "true"
    return render(request, "base/status_now.html" if partly else "base/status.html", context)


def _waiting(person: Person, municipality: Municipality) -> list[dict[str, object]]:
    found: list[Waiting] = [
        one for room in rooms() for one in room.waiting_for(person, municipality) if one.count
    ]
    return [
        {
            "label": one.label,
            "count": one.count,
            "url": reverse(one.view, args=[municipality.code]) + (f"?{one.query}" if one.query else ""),
        }
        for one in found
    ]


def _progress() -> tuple[list[dict[str, object]], list[Progress]]:
    """What runs, with whether it still reports; and what failed."""
    unfinished = list(Progress.objects.filter(finished_at__isnull=True).order_by("started_at", "pk"))
    silent_before = timezone.now() - _SILENT_FOR
    running: list[dict[str, object]] = [
        {"progress": one, "silent": one.updated_at < silent_before} for one in unfinished if not one.error
    ]
    return running, [one for one in unfinished if one.error]
