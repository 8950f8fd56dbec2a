"""Japanese plain text whose structure is in marks: ■ and 第1章 headings, ・ lists, 「日時：」 fields.

Every line of the text is kept, blank ones too, so the blocks joined by newlines are the text again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from machi.language.engine.types import Block

_MARK = re.compile(r"[■□◆◇●○◯◎▼▽▲△★☆▶►《〔＜〈<#](?![/a-zA-Z!])")
_CHAPTER = re.compile(r"第\s?[0-9０-９一二三四五六七八九十]+\s?([編章節款条])")
_NUMBERED = re.compile(r"[0-9０-９]{1,2}(?:[.．、](?![0-9０-９])|[\s\u3000]+)(?=\D)")
_HEADING_LIMIT = 60
_ITEM = re.compile(
    r"\s*(?:[・･•‣*-]\s*|[(（][0-9０-９]{1,2}[)）]|[①-⑳]|[0-9０-９]{1,2}[.．](?![0-9０-９])|[ア-コ][.．、])"
)
_FIELD = re.compile(r"[^\s：:。、「」【】]{1,20}[^：:。、]{0,4}(?<![0-9０-９])[：:](?!//)")
_CONTACT = re.compile(r"(?:お?問い?合わ?せ(?:先)?|連絡先)\s*[：:]")
_FOR_ALL = re.compile(r"いずれも|共通事項|以上、")


@dataclass(slots=True)
class _Outline:
    """The headings open at a line, by their marks; their order of nesting is that of first appearance."""

    marks: list[str]
    seen: dict[str, int]

    def open(self, mark: str) -> int:
        del self.marks[self.marks.index(mark) if mark in self.marks else len(self.marks) :]
        self.marks.append(mark)
        self.seen[mark] = self.seen.get(mark, 0) + 1
        return min(len(self.marks), 6)


def blocks_of(text: str, place: str = "") -> list[Block]:
    """The blocks of ``text`` (line breaks as ``\\n``)."""
    return blocks_of_lines([Block("paragraph", line, place=place) for line in text.split("\n")])


def blocks_of_lines(lines: Sequence[Block], *, wrapped: bool = True) -> list[Block]:
    """Headings, list items and fields found among ``lines``, of which only the paragraphs are looked at.

    With ``wrapped`` a field goes on over the lines below it; without, every line is a paragraph of its own.
    """
    outline = _Outline([], {})
    texts = [line.text.strip() for line in lines]
    closing = _Closing(texts)
    blocks: list[Block] = []
    growing: list[str] = []
    for index, (line, stripped) in enumerate(zip(lines, texts, strict=True)):
        field = bool(_FIELD.match(stripped))
        if line.kind != "paragraph":
            found = line
        elif not stripped:
            level = closing.level(index, outline)
            found = Block("heading" if level else "paragraph", line.text, level, line.place)
        elif mark := _heading_mark(stripped, "".join(texts[index + 1 : index + 2]), closing.is_last(index)):
            found = Block("heading", line.text, outline.open(mark), line.place)
        elif _ITEM.match(line.text):
            found = Block("list_item", line.text, 1, line.place)
        elif growing and not field:
            growing.append(line.text)
            continue
        else:
            found = line
        _close(blocks, growing)
        growing = [line.text] if wrapped and field and found is line else []
        blocks.append(found)
    _close(blocks, growing)
    return blocks


def _close(blocks: list[Block], lines: Sequence[str]) -> None:
    """Gives the last block, a field, the lines below it."""
    if len(lines) > 1:
        blocks[-1] = replace(blocks[-1], text="\n".join(lines))


def first_line(blocks: Sequence[Block]) -> str:
    """What a document is called that has no other title: its first words where they are short and no sentence,
    else its first heading of the highest level."""
    filled = [block for block in blocks if block.text.strip()]
    if (
        filled
        and len(filled[0].text.strip()) <= _HEADING_LIMIT
        and not filled[0].text.rstrip().endswith("。")
    ):
        return filled[0].text.strip()
    headings = [block for block in filled if block.kind == "heading"]
    return min(headings, key=lambda block: block.level).text.strip() if headings else ""


class _Closing:
    """Where headings end without another one, because what follows speaks of all they head."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._next = [""] * len(texts)
        """The next text that is not blank, after each line."""
        following = ""
        for index in range(len(texts) - 1, -1, -1):
            self._next[index] = following
            following = texts[index] or following
        contacts = [index for index, text in enumerate(texts) if _CONTACT.match(text)]
        marks = [index for index, text in enumerate(texts) if _MARK.match(text)]
        self._for_whole = len(contacts) == 1 and contacts[0] > max(marks, default=0)

    def is_last(self, index: int) -> bool:
        return not self._next[index]

    def level(self, index: int, outline: _Outline) -> int:
        """Level of the headings that end at the blank line ``index``; 0 for none."""
        if not outline.marks:
            return 0
        if _FOR_ALL.match(self._next[index]) and (
            len(outline.marks) > 1 or outline.seen[outline.marks[-1]] > 1
        ):
            outline.marks.pop()
            return len(outline.marks) + 1
        if self._for_whole and _CONTACT.match(self._next[index]):
            outline.marks.clear()
            return 1
        return 0


def _heading_mark(line: str, below: str, is_last: bool) -> str:
    """The mark of a short line without a full stop that something other than its like follows, or nothing."""
    if len(line) > _HEADING_LIMIT or "。" in line or is_last:
        return ""
    if _MARK.match(line):
        return "" if _FIELD.match(line[1:]) or below.startswith(line[0]) else line[0]
    if chapter := _CHAPTER.match(line):
        return chapter[1] if len(line) <= 40 else ""
    numbered = _NUMBERED.match(line) and len(line) <= 30 and not _NUMBERED.match(below)
    return "1" if numbered and not line.endswith(("、", "，")) else ""
