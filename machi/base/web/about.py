"""What this site is, whose work it stands on, and how accessible it is."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from machi import __version__
from machi.base.models import Municipality
from machi.base.rooms import Attribution, rooms
from machi.base.web.access import public

# No raw HTML: what comes out is made of Markdown only.
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_TABLE = '<div class="table-scroll" role="region" aria-label="{}" tabindex="0"><table class="table">'
_LEVELS_BELOW_PAGE = 3


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


def render_markdown(text: str, title: str) -> SafeString:
    """Markdown shipped with machi as HTML, its headings below those of a card on a page; ``title`` is the card's, by
    which its tables are told from those of other cards."""
    tokens = _markdown.parse(text)
    tables = 0
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + _LEVELS_BELOW_PAGE)}"
        elif token.type == "table_open":
            tables += 1
            label = _("「%(title)s」の表%(number)s") % {"title": title, "number": tables}
            token.type, token.content = "html_block", format_html(_TABLE, label)
        elif token.type == "table_close":
            token.type, token.content = "html_block", "</table></div>"
    rendered: str = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(rendered)  # noqa: S308
