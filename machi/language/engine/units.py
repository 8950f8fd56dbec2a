"""The structure inside a passage that an answer is cut from: headings, labelled fields, sentences.

Municipal writing is half prose, half form. A line such as 「費用：500円」 or a heading such as
「■天体観望会」 carries more than its sentence: the label says what kind of fact follows, the heading what it
is about. Both are kept with every unit, and every unit keeps its exact offsets in the passage.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from machi.language.engine.sentences import sentence_ends

FIELD_LIMIT = 240
"""Longest field, in characters, that is kept as one unit; a longer one is cut into its lines."""

_MARKS = "■□◆◇●○◎▼▽▲△★☆▶《〔＜<#"
_NOT_HEADINGS = re.compile(r"^<\s*/?\s*[a-zA-Z!]")
_HEADING_LIMIT = 60
# A label is short, holds no sentence marks and is not the colon of a time (10:30) or an address (https:).
_LABEL = re.compile(
    r"^\s*[・※*-]?\s*([^\s：:。、.,!?！？\d【】「」][^：:。、!！?？【】「」\n]{0,19}?)\s*[：:](?!//)"
)
_BRACKET_LABEL = re.compile(r"^\s*【([^】\n]{1,12})】")
_SENTENCE_END = re.compile(r"[。．！？]")


@dataclass(frozen=True, slots=True)
class Unit:
    """``text == passage[start:end]``: a heading line, a labelled field, or a sentence."""

    start: int
    end: int
    text: str
    is_heading: bool
    label: str
    """「費用」 for 「費用：500円」, and for each line of one too long to stay whole; else empty."""
    path: tuple[int, ...]
    """Indexes, in the list of units, of the headings it stands under, outermost first."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        lead = start + (len(raw) - len(raw.lstrip()))
        yield _Line(lead, lead + len(stripped), stripped)
        start += len(raw) + 1


def _heading_mark(line: str) -> str:
    """The mark that makes ``line`` a heading, or an empty string."""
    mark = line[0]
    if mark not in _MARKS or len(line) > _HEADING_LIMIT or _NOT_HEADINGS.match(line):
        return ""
    return "" if _SENTENCE_END.search(line) or _label(line[1:]) else mark


def _label(line: str) -> str:
    found = _LABEL.match(line)
    return found[1] if found else ""


def _spans(text: str, line: _Line) -> Iterator[tuple[int, int]]:
    start = line.start
    for length in sentence_ends(line.text):
        end = line.start + length
        sentence = text[start:end]
        blank = len(sentence) - len(sentence.lstrip())
        if sentence.strip():
            yield start + blank, start + len(sentence.rstrip())
        start = end


def split_units(text: str) -> tuple[Unit, ...]:
    """The units of ``text`` in order.

    Units never overlap. Blank stretches belong to none. Headings nest by the order in which their marks
    first appear (■ over ◇ in one bulletin, ◇ over ■ in another).
    """
    units: list[Unit] = []
    stack: list[tuple[str, int]] = []
    field: list[_Line] = []
    field_label = ""

    def path() -> tuple[int, ...]:
        return tuple(index for _, index in stack)

    def add(start: int, end: int, label: str = "", is_heading: bool = False) -> None:
        units.append(Unit(start, end, text[start:end], is_heading, label, path()))

    def close_field() -> None:
        nonlocal field_label
        if field:
            if field[-1].end - field[0].start <= FIELD_LIMIT:
                add(field[0].start, field[-1].end, field_label)
            else:
                for part in field:
                    for start, end in _spans(text, part):
                        add(start, end, field_label)
        field.clear()
        field_label = ""

    for line in _lines(text):
        if not line.text:
            close_field()
            continue
        mark = _heading_mark(line.text)
        if mark:
            close_field()
            marks = [m for m, _ in stack]
            del stack[marks.index(mark) if mark in marks else len(stack) :]
            add(line.start, line.end, is_heading=True)
            stack.append((mark, len(units) - 1))
            continue
        label = _label(line.text)
        if label and not (field and line.text[0] in "・※"):
            close_field()
            field.append(line)
            field_label = label
        elif field:
            field.append(line)
        else:
            bracket = _BRACKET_LABEL.match(line.text)
            for start, end in _spans(text, line):
                add(start, end, bracket[1] if bracket else "")
    close_field()
    return tuple(units)


@lru_cache(maxsize=2048)
def cached_units(text: str) -> tuple[Unit, ...]:
    """``split_units``, remembered: the same passages are asked about again and again."""
    return split_units(text)
