"""Words as lines that a person corrects, and back: ``[00:12:34] what was said 〔要確認：doubtful、words〕``.

A line is a sentence, or what was said between two pauses. The mark stands at the end, so that a speaker's name can be
put behind the time (``[00:12:34] 山本課長：…``), as ``minutes_transcript`` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from machi.casework.engine.speech_types import Line, Word

DOUBTFUL = 0.5
"""Below this probability of its own a word is marked."""
PAUSE = 1.0
"""Seconds without a word after which a new line begins."""
LONGEST = 200
"""Characters after which a line ends with the next word."""
_ENDS = ("。", "！", "？", ".", "!", "?")
_NO_ENDS = frozenset({"Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "St.", "No."})
_MARK = re.compile(r"\s*〔要確認：?([^〔〕]*)〕")
_AT = re.compile(r"\[(\d{2}):(\d{2}):(\d{2})\]")


def lines(words: Iterable[Word]) -> Iterator[Line]:
    """In the order of ``words``; each word in one line."""
    held: list[Word] = []
    for word in words:
        if held and _ended(held, word):
            yield _line(held)
            held = []
        held.append(word)
    if held:
        yield _line(held)


def written(line: Line) -> str:
    """As text."""
    mark = f" 〔要確認：{'、'.join(line.unsure)}〕" if line.unsure else ""
    return f"[{clock(line.start)}] {line.text}{mark}"


def clock(seconds: float) -> str:
    """00:12:34"""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def is_marked(text: str) -> bool:
    """Does the text still carry the mark of doubt?"""
    return _MARK.search(text) is not None


def without_marks(text: str) -> str:
    return _MARK.sub("", text)


def time_of(text: str) -> str:
    """The time in front of a line, as it stands there; empty where there is none."""
    found = _AT.match(text)
    return found[0] if found else ""


def parts(text: str) -> tuple[str, str, str]:
    """A written line as its time (without brackets; empty where it has none), its words, and the words in doubt."""
    at = time_of(text)
    doubtful = "、".join(one for one in _MARK.findall(text) if one)
    return (
        at.strip("[]"),
        without_marks(text[len(at) :]).strip(),
        doubtful or ("…" if is_marked(text) else ""),
    )


def _ended(held: list[Word], following: Word) -> bool:
    last = held[-1].text.strip()
    if following.start - held[-1].end >= PAUSE or (last.endswith(_ENDS) and last not in _NO_ENDS):
        return True
    return sum(len(one.text) for one in held) >= LONGEST


def _line(held: list[Word]) -> Line:
    doubted = (one.text.strip(" 　.,!?。、！？") for one in held if one.sure < DOUBTFUL)
    return Line(
        held[0].start,
        held[-1].end,
        "".join(one.text for one in held).strip(),
        tuple(dict.fromkeys(one for one in doubted if one)),
    )
