"""Posts as HTML: Markdown without raw HTML and without pictures, headings below those of the page."""

from __future__ import annotations

from functools import cache
from html import escape

from markdown_it import MarkdownIt

LEVELS_BELOW = 3
_TABLE = '<div class="table-scroll" role="region" aria-label="{}" tabindex="0"><table class="table">'


@cache
def _markdown() -> MarkdownIt:
    # "image" off: a picture from elsewhere would tell its host who reads what; the text of it stays as a link.
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")


def to_html(text: str, label: str) -> str:
    """Safe HTML. Links lead out without telling from where; ``label`` names tables for those who cannot see them."""
    engine = _markdown()
    tokens, tables = engine.parse(text), 0
    for token in [*tokens, *(child for one in tokens for child in one.children or ())]:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + LEVELS_BELOW)}"
        elif token.type == "link_open":
            token.attrSet("rel", "nofollow noreferrer noopener")
        elif token.type == "table_open":
            tables += 1
            name = escape(f"{label} {tables}")
            token.type, token.content = "html_block", _TABLE.format(name)
        elif token.type == "table_close":
            token.type, token.content = "html_block", "</table></div>"
    rendered: str = engine.renderer.render(tokens, engine.options, {})
    return rendered


def to_text(text: str) -> str:
    """The words alone, for lists and for search."""
    parts = [
        child.content
        for token in _markdown().parse(text)
        for child in token.children or [token]
        if child.type in ("text", "code_inline", "fence", "code_block")
    ]
    return " ".join(" ".join(parts).split())
