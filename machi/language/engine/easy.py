"""Help for readers of easier Japanese: readings above kanji, and explanations of official words.

The cited text is never changed: readings and explanations stand beside it. The principles are those of
「在留支援のためのやさしい日本語ガイドライン」 (出入国在留管理庁・文化庁, 2020): readings on kanji, everyday words
for official ones. Readings come from Sudachi's dictionary; what it cannot know (the reading of a number with
its counter, 1日) is given only where a rule is certain, and left out where it is not.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from machi.language.engine.words import MAX_CHARACTERS, words

_KANJI = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヶ]"
_HAS_KANJI = re.compile(_KANJI)
_RUNS = re.compile(rf"{_KANJI}+|[^\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヶ]+")
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_KANA = re.compile(r"[ぁ-ゖー]+")

# The days of the month whose names are not number + にち.
_DAYS = {
    2: "ふつか",
    3: "みっか",
    4: "よっか",
    5: "いつか",
    6: "むいか",
    7: "なのか",
    8: "ようか",
    9: "ここのか",
    10: "とおか",
    14: "じゅうよっか",
    20: "はつか",
    24: "にじゅうよっか",
}
_USUAL = {"日本": "にほん", "明日": "あした", "私": "わたし", "昨日": "きのう"}
_HARD_MINUTES = frozenset("134680")


@dataclass(frozen=True, slots=True)
class Gloss:
    """``text[start:end]`` is an official word; ``plain`` says it in easier Japanese."""

    start: int
    end: int
    word: str
    plain: str


def readings(text: str) -> list[tuple[str, str]]:
    """``text`` in pieces with the hiragana reading of each, empty where none is needed or none is sure.

    The pieces joined are ``text`` again, whatever the text.
    """
    pieces: list[tuple[str, str]] = []
    number = ""
    before = ""
    position = 0
    for word in words(text, "C"):
        if word.start > position:
            pieces.append((text[position : word.start], ""))
        position = word.start + len(word.surface)
        if number and word.surface.startswith("日"):
            day = _DAYS.get(int(number)) or ("ついたち" if number == "1" and before.endswith("月") else "")
            if day:
                pieces[-1] = (f"{number}日", day)
            else:
                pieces.append(("日", "にち" if number != "1" else ""))
            rest = word.surface[1:]
            pieces += [(rest, "かん" if rest == "間" else "")] if rest else []
        elif number and word.surface == "分":
            pieces.append(("分", "ぷん" if number[-1] in _HARD_MINUTES else "ふん"))
        else:
            pieces += _ruby(word.surface, word.reading.translate(_TO_HIRAGANA))
        is_number = word.surface.isascii() and word.surface.isdigit() and len(word.surface) <= 4
        if is_number:
            number = word.surface
        else:
            before, number = word.surface, ""
    if position < len(text):
        pieces.append((text[position:], ""))
    return _joined(pieces)


def _ruby(surface: str, reading: str) -> list[tuple[str, str]]:
    """The runs of ``surface``, kanji with their share of ``reading``: 申し込み -> 申(もう) し 込(こ) み."""
    if not _HAS_KANJI.search(surface):
        return [(surface, "")]
    reading = _USUAL.get(surface, reading)
    if not _KANA.fullmatch(reading):
        return [(surface, "")]
    runs = _RUNS.findall(surface)
    pattern = "".join(
        "(.+?)" if _HAS_KANJI.search(run) else re.escape(run.translate(_TO_HIRAGANA)) for run in runs
    )
    shares = re.fullmatch(pattern, reading)
    if shares is None:
        return [(surface, reading)]
    groups = iter(shares.groups())
    return [(run, next(groups) if _HAS_KANJI.search(run) else "") for run in runs]


def _joined(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """``pieces`` with neighbours that need no reading made one."""
    joined: list[tuple[str, str]] = []
    for text, reading in pieces:
        if joined and not reading and not joined[-1][1]:
            joined[-1] = (joined[-1][0] + text, "")
        elif text:
            joined.append((text, reading))
    return joined


@lru_cache(maxsize=1)
def _glossary() -> tuple[re.Pattern[str], dict[str, str]]:
    data = json.loads(files("machi.language.engine").joinpath("data/easy_words.json").read_text("utf-8"))
    plain = {word: entry["gloss"] for entry in data["entries"] for word in entry["words"]}
    longest_first = sorted(plain, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first))), plain


def glosses(text: str) -> list[Gloss]:
    """Explanations of the official words in ``text``, in reading order, each word once.

    A word is explained only where it stands as words of its own, not inside another word.
    """
    pattern, plain = _glossary()
    edges = {0, len(text)} | {
        edge for word in words(text) for edge in (word.start, word.start + len(word.surface))
    }
    return list(_first_of_each(pattern, plain, text, edges))


def _first_of_each(
    pattern: re.Pattern[str], plain: dict[str, str], text: str, edges: set[int]
) -> Iterator[Gloss]:
    seen: set[str] = set()
    for found in pattern.finditer(text[:MAX_CHARACTERS]):
        if found.start() in edges and found.end() in edges and plain[found[0]] not in seen:
            seen.add(plain[found[0]])
            yield Gloss(found.start(), found.end(), found[0], plain[found[0]])
