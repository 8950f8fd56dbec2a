"""Markdown as HTML on a page: only what Markdown makes comes out, and tables scroll by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

# No raw HTML.
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_TABLE = '<div class="table-scroll" role="region" aria-label="{}" tabindex="0"><table class="table">'
_LEVELS_BELOW_PAGE = 3


def render_markdown(text: str, title: str) -> SafeString:
    """Markdown shipped with machi as HTML, its headings below those of a card on a page; ``title`` is the card's, by
    which its tables are told from those of other cards."""
    return render_tokens(_markdown.parse(text), title, _LEVELS_BELOW_PAGE)


def render_tokens(tokens: Sequence[Token], title: str, levels_below: int) -> SafeString:
    """What was parsed (with raw HTML off), its headings ``levels_below`` where they are in the text."""
    tables = 0
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + levels_below)}"
        elif token.type == "table_open":
            tables += 1
            label = _("「%(title)s」の表%(number)s") % {"title": title, "number": tables}
            token.type, token.content = "html_block", format_html(_TABLE, label)
        elif token.type == "table_close":
            token.type, token.content = "html_block", "</table></div>"
    rendered: str = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(rendered)  # noqa: S308
