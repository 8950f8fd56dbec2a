"""Plain text."""

from pathlib import PurePath

from machi.frontdesk.engine.reading.marked_text import blocks_of_lines, first_line
from machi.frontdesk.engine.reading.types import ReadDocument, ReadResult, title_of
from machi.language.engine.types import Block


def read_text(name: str, text: str) -> ReadResult:
    """One document; its title is its first line or heading, else the file's name."""
    lines = [Block("paragraph", line, place=f"{n}行目") for n, line in enumerate(text.split("\n"), start=1)]
    blocks = blocks_of_lines(lines)
    title = title_of(first_line(blocks)) or PurePath(name).stem
    return ReadResult((ReadDocument(title, tuple(blocks)),), (), "text", 1, 0)
