"""What this site is, whose work it stands on, and how accessible it is."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from machi import __version__
from machi.base.models import Municipality
from machi.base.rooms import Attribution, rooms
from machi.base.web.access import public
from machi.base.web.markdown import render_markdown


@dataclass(frozen=True, slots=True)
class Credit:
    attribution: Attribution
    full: SafeString
    """The credit in full as HTML, or empty."""


@public
def about(request: HttpRequest) -> HttpResponse:
    live = Municipality.objects.filter(live=True).count()
    return render(request, "base/about.html", {"version": __version__, "live": live})


@public
def sources(request: HttpRequest) -> HttpResponse:
    named = [
        (room.verbose_name, [_credit(one) for one in room.attributions])
        for room in rooms()
        if room.attributions
    ]
    return render(request, "base/sources.html", {"credits": named})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "base/accessibility.html", {"contact": settings.MACHI_CONTACT})


def _credit(attribution: Attribution) -> Credit:
    package, _, name = attribution.text.partition(":")
    full = (
        render_markdown(files(package).joinpath(name).read_text(encoding="utf-8"), str(attribution.title))
        if name
        else SafeString("")
    )
    return Credit(attribution, full)
