"""What every page's frame shows: where we are, who is here, where else they may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from machi.base.models import Municipality
from machi.base.rooms import rooms
from machi.base.web.home import welcome_url

UNFOLDED = 12
"""A menu of up to so many entries stands open; of a longer one only the room one is in."""


def frame(request: HttpRequest) -> dict[str, Any]:
    municipality = getattr(request, "municipality", None)
    menu: list[dict[str, Any]] = []
    person = getattr(request, "user", None)
    if municipality is not None and person is not None and person.is_authenticated:
        for room in rooms():
            for entry in room.menu:
                if person.has_perm(entry.permission, municipality):
                    url = reverse(entry.view, args=[municipality.code])
                    group = entry.group or room.verbose_name
                    line = {"label": entry.label, "url": url, "group": group}
                    menu.append({**line, "last": bool(entry.group)})
        # A room's first page lies above its others: only the nearest entry is where we are.
        nearest = max(
            (one["url"] for one in menu if request.path.startswith(one["url"])), key=len, default=""
        )
        groups_here = {one["group"] for one in menu if one["url"] == nearest}
        menu = [
            {
                **one,
                "current": one["url"] == nearest,
                "open": len(menu) <= UNFOLDED or one["group"] in groups_here,
            }
            for one in menu
        ]
        menu.sort(key=lambda line: (line["last"], line["last"] and str(line["group"])))
    return {
        "municipality": municipality,
        "home_url": _home_url(municipality, working=bool(menu)) if municipality else None,
        "menu": menu,
        "public_pages": [
            {"label": page.label, "url": reverse(page.view, args=[municipality.code])}
            for room in sorted(
                rooms(), key=lambda room: room.label == "base"
            )  # what residents come for first
            for page in room.public_pages
        ]
        if municipality
        else [],
        "languages": settings.LANGUAGES,
        "sample_mode": settings.MACHI_SAMPLE,
    }


def _home_url(municipality: Municipality, *, working: bool) -> str:
    """Where the name at the head of the page leads: staff to their work, residents to the town's first page."""
    return reverse("base:staff_home", args=[municipality.code]) if working else welcome_url(municipality)
