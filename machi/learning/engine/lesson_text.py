"""A lesson's Markdown as HTML: no raw HTML, no picture from elsewhere, and videos where their name stands alone.

Only what Markdown makes comes out (markdown-it-py with ``html`` off), and addresses that run something
(``javascript:``) are no links. Pictures and videos are those of the lesson; the page says how each looks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_SCHEMES = ("http", "https", "mailto")


def pictured(text: str) -> list[tuple[str, int]]:
    """File names of the pictures and videos that ``![…](name)`` shows, each with its line, from 1."""
    found = []
    for token in _markdown.parse(text):
        line = token.map[0] + 1 if token.map else 0
        found += [(str(child.attrs["src"]), line) for child in token.children or () if child.type == "image"]
    return found


Shown = Callable[[str, bool], str | None]
"""HTML of the picture or video with this name; True: it stands alone in its paragraph. None: the lesson has none."""


def tokens_of(text: str, shown: Shown) -> list[Token]:
    """The text's tokens, each picture replaced with what ``shown`` gives for it, or, where that is None, with its
    alternative text. What stands alone in its paragraph comes out of it (a figure is no part of a paragraph). Links
    elsewhere than to web pages and mail addresses are text."""
    found: list[Token] = []
    for token in _markdown.parse(text):
        if token.type == "inline":
            alone = _opened(found) and [one.type for one in token.children or ()] == ["image"]
            token.children = _children(token.children or (), shown, alone)
            if alone and token.children[0].type == "html_inline":
                opening = found.pop()
                block = Token("html_block", "", 0, content=token.children[0].content, map=opening.map)
                found += [block, Token("_closing", "", 0)]
                continue
        if token.type == "paragraph_close" and found and found[-1].type == "_closing":
            found.pop()
            continue
        found.append(token)
    return found


def _opened(found: Sequence[Token]) -> bool:
    return bool(found) and found[-1].type == "paragraph_open"


def _children(children: Sequence[Token], shown: Shown, alone: bool) -> list[Token]:
    found, dropped = [], 0
    for at, child in enumerate(children):
        if child.type == "image":
            html = shown(str(child.attrs["src"]), alone)
            kind, content = ("text", child.content) if html is None else ("html_inline", html)
            found.append(Token(kind, "", 0, content=content))
        elif child.type == "link_open":
            scheme = urlsplit(str(child.attrs["href"])).scheme
            if scheme not in _SCHEMES:
                dropped += 1
                continue
            child.attrs["rel"] = "noreferrer"
            found.append(child)
        elif child.type == "link_close" and dropped:
            dropped -= 1
        elif child.type == "softbreak" and _closed_up(children, at):
            continue
        else:
            found.append(child)
    return found


def _closed_up(children: Sequence[Token], at: int) -> bool:
    """Is the line broken between two wide letters? Japanese has no blanks, and browsers would show one."""
    before = "".join(one.content for one in children[:at])[-1:]
    after = "".join(one.content for one in children[at + 1 :])[:1]
    return all(one and unicodedata.east_asian_width(one) in "WF" for one in (before, after))
