"""Japanese plain text whose structure is in marks: ■ headings, ・ lists, 「日時：」 fields.

Every line of the text is kept, blank ones too, so the blocks joined by newlines are the text again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from machi.language.engine.types import Block

_HEADING = re.compile(r"[■□◆◇●○◯◎▼▽▲△★☆▶►《〔＜〈<#](?![/a-zA-Z!])")
_HEADING_LIMIT = 60
_ITEM = re.compile(
    r"\s*(?:[・･•‣*-]\s*|[(（][0-9０-９]{1,2}[)）]|[①-⑳]|[0-9０-９]{1,2}[.．](?![0-9０-９])|[ア-コ][.．、])"
)
_FIELD = re.compile(r"[^\s：:。、「」【】]{1,20}[^：:。、]{0,4}[：:](?!//|\d\d)")
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
    lines = text.split("\n")
    outline = _Outline([], {})
    one_contact = sum(bool(_CONTACT.match(line.strip())) for line in lines) == 1
    blocks: list[Block] = []
    growing = False
    for index, line in enumerate(lines):
        stripped = line.strip()
        if not stripped:
            level = _closes(lines[index + 1 :], outline, one_contact)
            blocks.append(Block("heading" if level else "paragraph", line, level, place))
            growing = False
        elif _is_heading(stripped, lines[index + 1 :]):
            blocks.append(Block("heading", line, outline.open(stripped[0]), place))
            growing = False
        elif _ITEM.match(line):
            blocks.append(Block("list_item", line, 1, place))
            growing = False
        elif growing and not _FIELD.match(stripped):
            blocks[-1] = Block("paragraph", f"{blocks[-1].text}\n{line}", place=place)
        else:
            blocks.append(Block("paragraph", line, place=place))
            growing = bool(_FIELD.match(stripped))
    return blocks


def _is_heading(line: str, after: Sequence[str]) -> bool:
    """A short marked line without a full stop that something other than its like follows."""
    marked = _HEADING.match(line) and len(line) <= _HEADING_LIMIT and "。" not in line
    if not marked or _FIELD.match(line[1:]) or not any(text.strip() for text in after):
        return False
    return not after[0].strip().startswith(line[0])


def _closes(after: Sequence[str], outline: _Outline, one_contact: bool) -> int:
    """Level of the headings that end at a blank line, what follows speaking of all of them; 0 for none."""
    following = next((text.strip() for text in after if text.strip()), "")
    if not outline.marks:
        return 0
    if _FOR_ALL.match(following) and (len(outline.marks) > 1 or outline.seen[outline.marks[-1]] > 1):
        outline.marks.pop()
        return len(outline.marks) + 1
    if one_contact and _CONTACT.match(following) and not any(_HEADING.match(text.strip()) for text in after):
        outline.marks.clear()
        return 1
    return 0
