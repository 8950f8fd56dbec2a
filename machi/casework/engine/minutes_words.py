"""A sentence of a meeting in a short notation of its words, over which the cues of ``minutes_cues`` are written.

SudachiPy's morphemes, one space before and after each: a verb as ``V:出す`` (dictionary form), a noun that する makes
a verb of as ``N:確認``, verbs that only carry grammar (する, くれる, もらう, おく ...) and auxiliaries in their
dictionary form, everything else as it stands; ``!`` behind an imperative, ``+う`` behind a volitional form, ``+ば``
behind a conditional one.
What people say to gain time (えー, あの) is left out. 13日までに出して。 is ``13 日 まで に V:出す て 。``
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from machi.language.engine.words import morphemes

_GRAMMAR = frozenset(
    {
        *(
            "する",
            "いたす",
            "致す",
            "なさる",
            "くれる",
            "くださる",
            "下さる",
            "呉れる",
            "もらう",
            "もらえる",
            "貰う",
        ),
        *(
            "いただく",
            "いただける",
            "頂く",
            "頂ける",
            "おく",
            "置く",
            "いく",
            "行く",
            "くる",
            "来る",
            "まいる",
            "参る",
        ),
        *(
            "いる",
            "おる",
            "居る",
            "ある",
            "なる",
            "しまう",
            "仕舞う",
            "ござる",
            "ほしい",
            "欲しい",
            "あげる",
            "やる",
        ),
        *("おっしゃる", "られる"),
    }
)
_ENDINGS = {"命令形": "!", "意志推量形": "+う", "仮定形": "+ば"}
_FILLERS = frozenset(["まあ", "えー", "えーと", "あの", "あのー", "えっと", "ええと", "うーん", "ま"])
_LONE = re.compile("[\ud800-\udfff]")
"""Half of a pair: no text, and Sudachi refuses it."""
_LONGEST = 400
"""Characters of a sentence that are looked at: nobody says more in one breath."""


@dataclass(frozen=True, slots=True)
class Words:
    notation: str
    places: tuple[tuple[int, int, int], ...]
    """Of each word: where it begins in the notation, and its start and end in the sentence."""

    def said(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the sentence that ``notation[start:end]`` stands for."""
        inside = [place for place in self.places if start <= place[0] < end]
        return (inside[0][1], inside[-1][2]) if inside else (0, 0)


@lru_cache(maxsize=4_096)
def words_of(sentence: str) -> Words:
    """Never raises; of a sentence of more than 400 characters the last 400 are read, where it says what it wants."""
    from_ = max(0, len(sentence) - _LONGEST)
    parts, places, at = [""], [], 1
    for one in morphemes(_LONE.sub("\ufffd", sentence[from_:])):
        word = _word(one.surface(), one.dictionary_form(), one.part_of_speech())
        if not word:
            continue
        parts.append(word)
        places.append((at, from_ + one.begin(), from_ + one.end()))
        at += len(word) + 1
    return Words(" ".join(parts) + " ", tuple(places))


def _word(surface: str, base: str, pos: tuple[str, ...]) -> str:
    kind = pos[0]
    if pos[1] == "フィラー" or surface in _FILLERS or kind == "空白":
        return ""
    if kind == "補助記号":
        return "？" if surface in "?？" else "" if surface in "…―・" else surface
    if kind == "動詞":
        form = next((mark for name, mark in _ENDINGS.items() if pos[5].startswith(name)), "")
        return (base if base in _GRAMMAR else f"V:{base}") + form
    if kind == "助動詞":
        if base == "だ" and pos[5].startswith("連用形"):
            return surface
        form = next((mark for name, mark in _ENDINGS.items() if pos[5].startswith(name)), "")
        return base + form
    if kind == "名詞" and pos[2] == "サ変可能":
        return f"N:{surface}"
    if kind == "形容詞":
        return base
    return surface


_THING = re.compile(r"(?:N:)?[一-龥ァ-ヶーA-Za-z]{2,}|[1-9]\d*")


@lru_cache(maxsize=4_096)
def things_in(sentence: str) -> frozenset[str]:
    """Nouns and numbers by which two sentences can be told to speak of the same."""
    words = words_of(sentence).notation.split()
    return frozenset(word.removeprefix("N:") for word in words if _THING.fullmatch(word))
