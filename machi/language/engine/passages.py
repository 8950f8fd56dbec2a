"""Cutting a document's blocks into the passages that are searched and cited.

A passage never crosses a heading, keeps a question with its answer and the sentence that announces a list
with its first items, and never cuts a sentence that fits. Passages do not overlap; every character of the
document's text that is not blank stands in exactly one passage or in a heading above one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from machi.language.engine.sentences import cut_points, sentence_ends
from machi.language.engine.types import Block, Passage

LIMIT = 400
"""Longest passage in characters: about 250 tokens of the embedding models, half of what they take."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch that is not cut any further, and whether it belongs with what follows."""

    start: int
    end: int
    place: str
    leads: bool


@dataclass(frozen=True, slots=True)
class _Section:
    """Blocks under the same headings. ``question`` heads the later passages of a long answer."""

    headings: tuple[str, ...]
    members: tuple[tuple[int, Block], ...]
    question: str = ""


def document_text(blocks: Sequence[Block]) -> str:
    """The text that passages' offsets count in."""
    return "\n".join(block.text for block in blocks)


def split(title: str, blocks: Sequence[Block], *, limit: int = LIMIT) -> tuple[str, list[Passage]]:
    """The document's text and its passages in order, each ``text[passage.start:passage.end]``.

    ``limit`` is the longest passage in characters (at least 2). ``title`` is dropped from the headings where
    the document repeats it as its first heading. A heading block with empty text closes the headings of its
    level and below: what follows belongs to the section around them.
    """
    if limit < 2:
        raise ValueError("limit must be at least 2")
    text = document_text(blocks)
    passages: list[Passage] = []
    for section in _sections(blocks):
        if [block.text.strip() for _, block in section.members if block.kind == "heading"] == [title]:
            continue  # the title once more, with nothing under it
        headings = section.headings[1:] if section.headings[:1] == (title,) else section.headings
        pieces = [piece for member in _with_next(section) for piece in _pieces(*member, limit)]
        for number, packed in enumerate(_pack(pieces, limit)):
            start, end = _trim(text, packed[0].start, packed[-1].end)
            if start >= end:
                continue
            above = (*headings, section.question) if number and section.question else headings
            place = _place(packed[0].place, packed[-1].place)
            passages.append(Passage(len(passages), start, end, above, text[start:end], place))
    return text, passages


def _sections(blocks: Sequence[Block]) -> Iterator[_Section]:
    stack: list[tuple[int, str]] = []
    members: list[tuple[int, Block]] = []
    bare: tuple[int, Block] | None = None  # a heading with nothing under it yet
    question = ""
    offset = 0

    def close() -> Iterator[_Section]:
        nonlocal members, question
        if members:
            yield _Section(tuple(name for _, name in stack), tuple(members), question)
        members, question = [], ""

    def close_bare(level: int) -> Iterator[_Section]:
        """A heading that heads nothing is content itself: nobody may lose 「■本日休館」."""
        nonlocal bare
        if bare and level <= bare[1].level:
            yield _Section(tuple(name for _, name in stack[:-1]), (bare,))
            bare = None

    for block in blocks:
        if block.kind == "heading":
            yield from close()
            yield from close_bare(block.level)
            while stack and stack[-1][0] >= block.level:
                stack.pop()
            if block.text.strip():
                stack.append((block.level, block.text.strip()))
                bare = (offset, block)
        elif block.text.strip():
            bare = None
            if block.kind == "question":
                yield from close()
                question = block.text.strip()
            members.append((offset, block))
        offset += len(block.text) + 1
    yield from close()
    yield from close_bare(0)


def _with_next(section: _Section) -> Iterator[tuple[int, Block, Block | None]]:
    following = [block for _, block in section.members[1:]]
    for (offset, block), after in zip(section.members, [*following, None], strict=True):
        yield offset, block, after


def _pieces(offset: int, block: Block, after: Block | None, limit: int) -> Iterator[_Piece]:
    leads = after is not None and (
        block.kind == "question"
        or block.text.rstrip().endswith(("：", ":"))
        or (after.kind == "list_item" and block.kind == "paragraph")
    )
    if len(block.text) <= limit:
        yield _Piece(offset, offset + len(block.text), block.place, leads)
        return
    start = sentence = 0
    for end in sentence_ends(block.text):
        for cut in cut_points(block.text[sentence:end], limit):
            yield _Piece(offset + start, offset + sentence + cut, block.place, False)
            start = sentence + cut
        sentence = end


def _pack(pieces: Sequence[_Piece], limit: int) -> Iterator[list[_Piece]]:
    """Pieces in passages of about equal length, none over ``limit``."""
    if not pieces:
        return
    whole = pieces[-1].end - pieces[0].start
    target = -(-whole // -(-whole // limit))
    packed: list[_Piece] = []
    for piece in pieces:
        full = packed and (piece.end - packed[0].start > limit or packed[-1].end - packed[0].start >= target)
        if full:
            carried = [packed.pop()] if len(packed) > 1 and packed[-1].leads else []
            if carried and piece.end - carried[0].start > limit:
                packed, carried = packed + carried, []
            yield packed
            packed = carried
        packed.append(piece)
    yield packed


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())


def _place(first: str, last: str) -> str:
    return first if first == last or not last else f"{first}〜{last}"
