"""The first page: which town."""

from typing import Any

from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from machi.base.domain.finding import find_municipalities
from machi.base.engine.town_names import LONGEST
from machi.base.models import Municipality, Prefecture
from machi.base.rooms import rooms
from machi.base.web.access import public

_MOST_FOUND = 30
_MOST_CARDS = 60
"""Beyond this many live towns the page asks to search, and leads on by prefecture."""


@public
def home(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:LONGEST]
    live = Municipality.objects.filter(live=True).select_related("prefecture")
    chosen = Prefecture.objects.filter(code=request.GET.get("prefecture", "")).first()
    context: dict[str, Any] = {
        "words": words,
        "prefecture": chosen,
        "towns": [],
        "prefectures": [],
        "found": [],
        "absent": [],
        "more": 0,
    }
    if words:
        found = find_municipalities(words)
        shown = list(found[:_MOST_FOUND])
        context["found"] = [_card(town) for town in shown if town.live]
        context["absent"] = [town for town in shown if not town.live]
        context["more"] = max(0, found.count() - _MOST_FOUND)
    elif chosen:
        context["towns"] = [_card(town) for town in live.filter(prefecture=chosen)]
    elif live.count() <= _MOST_CARDS:
        context["towns"] = [_card(town) for town in live]
    else:
        context["prefectures"] = Prefecture.objects.filter(municipalities__live=True).annotate(
            towns=Count("municipalities")
        )
    return render(request, "base/home.html", context)


@public
def health(request: HttpRequest) -> HttpResponse:
    """For the watcher in front: 200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def _card(town: Municipality) -> dict[str, object]:
    return {"municipality": town, "url": welcome_url(town)}


def welcome_url(municipality: Municipality) -> str:
    """Where residents of a live municipality begin; its own website while no room greets them."""
    for room in rooms():
        if room.welcome:
            return reverse(room.welcome, args=[municipality.code])
    return municipality.website
