"""The cues of a sentence: what shows that it asks, promises, proposes, agrees, settles, puts off or tells.

The table is data (``data/minutes_cues.json``): by name of the cue the act it speaks for and a pattern over the notation
of ``minutes_words`` (or, where ``said`` stands behind it, over the sentence itself).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from machi.casework.engine.minutes_words import words_of

_END = 400
"""Characters of either end of a long sentence."""
_MOST = 3


@dataclass(frozen=True, slots=True)
class Cue:
    name: str
    act: str
    words: str
    """As they stand in the sentence."""


@cache
def _table() -> tuple[tuple[str, str, re.Pattern[str], bool], ...]:
    read = json.loads(files("machi.casework").joinpath("data/minutes_cues.json").read_text("utf-8"))
    found = []
    for name, (act, pattern, *over) in read["cues"].items():
        for part, stands_for in read["parts"].items():
            pattern = pattern.replace(f"<{part}>", stands_for)
        found.append((name, act, re.compile(pattern), over == ["said"]))
    return tuple(found)


@lru_cache(maxsize=4_096)
def cues(sentence: str) -> Mapping[str, Cue]:
    """By name. Never raises."""
    words = words_of(sentence)
    # A sentence as long as a page says at its two ends what it wants.
    ends = sentence if len(sentence) <= 2 * _END else sentence[:_END] + sentence[-_END:]
    found = {}
    for name, act, pattern, over_said in _table():
        if one := pattern.search(ends if over_said else words.notation):
            start, end = (0, 0) if over_said else words.said(*one.span())
            shown = one[0] if over_said else sentence[start:end]
            found[name] = Cue(name, act, shown.strip(" 　、。"))
    return found


def shown_by(sentences: Iterable[Mapping[str, Cue]], acts: Set[str]) -> tuple[str, ...]:
    """The words that show it, in the order in which they are said; at most three."""
    words = (cue.words for cues_of in sentences for cue in cues_of.values() if cue.act in acts)
    return tuple(dict.fromkeys(word for word in words if word))[:_MOST]
