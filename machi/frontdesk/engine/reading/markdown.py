"""Markdown, by the tokens of markdown-it-py."""

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from markdown_it import MarkdownIt
from markdown_it.token import Token

from machi.frontdesk.engine.reading.cleaning import clean
from machi.frontdesk.engine.reading.decoding import decode
from machi.frontdesk.engine.reading.types import Limits, ReadDocument, ReadResult, title_of
from machi.language.engine.types import Block, BlockKind


def read_markdown(name: str, data: bytes, limits: Limits) -> ReadResult:
    text, _ = clean(decode(data).text[: limits.characters])
    blocks = list(_blocks(MarkdownIt("commonmark").enable("table").parse(text)))
    first = next((block for block in blocks if block.kind == "heading" and block.level == 1), None)
    title = title_of(first.text if first else PurePath(name).stem)
    return ReadResult((ReadDocument(title, tuple(blocks)),) if blocks else (), (), "markdown", 1, 0)


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    kind: BlockKind = "paragraph"
    level = 0
    depth = 0
    header: list[str] = []
    cells: list[str] | None = None
    row_place = ""
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
        elif token.type == "tr_open":
            cells, row_place = [], place
        elif token.type == "tr_close" and cells is not None:
            if header:
                yield Block("table_row", _row(header, cells), place=row_place)
            else:
                header = cells
            cells = None
        elif token.type == "table_close":
            header = []
        elif token.type == "inline":
            text = _inline(token)
            if cells is not None:
                cells.append(text)
            elif text:
                yield Block(
                    "list_item" if depth and kind == "paragraph" else kind, text, level or depth, place
                )
        elif token.type in {"fence", "code_block"} and token.content.strip():
            yield Block("paragraph", token.content.rstrip("\n"), place=place)


def _row(header: Sequence[str], cells: Sequence[str]) -> str:
    return "\n".join(
        f"{name}: {cell}" if name else cell for name, cell in zip(header, cells, strict=False) if cell
    )


def _inline(token: Token) -> str:
    """The text a reader sees: no marks, no addresses, line breaks kept."""
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type in {"text", "code_inline", "image"}:
            parts.append(child.content)
    return "".join(parts).strip()
