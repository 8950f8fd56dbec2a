"""Markdown, by the tokens of markdown-it-py."""

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from markdown_it import MarkdownIt
from markdown_it.token import Token

from machi.frontdesk.engine.reading.grid import row_blocks
from machi.frontdesk.engine.reading.types import ReadDocument, ReadResult, title_of
from machi.language.engine.types import Block, BlockKind


def read_markdown(name: str, text: str) -> ReadResult:
    """One document; its title is the first heading of level 1, else the file's name."""
    blocks = tuple(_blocks(MarkdownIt("commonmark").enable("table").parse(text)))
    first = next((block for block in blocks if block.kind == "heading" and block.level == 1), None)
    title = title_of(first.text if first else PurePath(name).stem)
    return ReadResult((ReadDocument(title, blocks),), (), "markdown", 1, 0)


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    kind: BlockKind = "paragraph"
    level = depth = 0
    table: list[list[str]] | None = None
    for token in tokens:
        place = f"{token.map[0] + 1}行目" if token.map else ""
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
        elif token.type == "heading_open":
            kind, level = "heading", int(token.tag[1])
        elif token.type == "heading_close":
            kind, level = "paragraph", 0
        elif token.type == "table_open":
            table, table_place = [], place
        elif token.type == "tr_open" and table is not None:
            table.append([])
        elif token.type == "table_close" and table is not None:
            yield from row_blocks(table, header=True, place=table_place)
            table = None
        elif token.type == "inline" and table is not None:
            table[-1].append(_inline(token))
        elif token.type == "inline" and (text := _inline(token)):
            yield Block("list_item" if depth and kind == "paragraph" else kind, text, level or depth, place)
        elif token.type in {"fence", "code_block"} and token.content.strip():
            yield Block("paragraph", token.content.rstrip("\n"), place=place)


def _inline(token: Token) -> str:
    """The text a reader sees: no marks, no addresses, line breaks kept, raw HTML dropped."""
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type in {"text", "code_inline", "image"}:
            parts.append(child.content)
    return "".join(parts).strip()
