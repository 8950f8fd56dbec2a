"""What a lesson's Markdown shows: the pictures and videos it names."""

from __future__ import annotations

from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def pictured(text: str) -> list[tuple[str, int]]:
    """File names of the pictures and videos that ``![…](name)`` shows, each with its line, from 1."""
    found = []
    for token in _markdown.parse(text):
        line = token.map[0] + 1 if token.map else 0
        found += [(str(child.attrs["src"]), line) for child in token.children or () if child.type == "image"]
    return found
