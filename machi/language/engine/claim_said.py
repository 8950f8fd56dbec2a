"""Whether a word of a claim is said among the words of a passage, though perhaps otherwise.

The same stem; a synonym group of Sudachi in common, or a row of the check's own list; the kanji of a one-kanji word
inside a longer one (住む in 居住, 席 in 座席); the first kanji of two words (健診 for 健康診査); or, for an official
word, a word of its explanation in easier Japanese (転出 and 引っ越す).
"""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files

from machi.language.engine.claim_tokens import stem, tokens_of, word_lists
from machi.language.engine.claim_words import Word, words_of
from machi.language.engine.text import search_form

_KANJI = re.compile(r"[\u3400-\u9fff々]")
_CALENDAR = frozenset("日月火水木金土年時分人市町県国円")
_MOST_GLOSS = 4
"""Content words of an explanation that may still stand for the word explained."""


@cache
def amounts() -> frozenset[str]:
    """Stems that are said wherever an amount of yen, or 無料, is."""
    return frozenset(map(stem, word_lists()["amount"]))


@cache
def _same() -> dict[str, frozenset[str]]:
    """Stems that may stand for one another, beyond Sudachi's groups."""
    found: dict[str, frozenset[str]] = {}
    for row in word_lists()["same"]:
        stems = frozenset(map(stem, row))
        for one in stems:
            found[one] = found.get(one, frozenset()) | (stems - {one})
    return found


def same_as(one: str) -> frozenset[str]:
    """The stems that may stand for a stem, by the check's own list."""
    return _same().get(one, frozenset())


@cache
def _explained() -> dict[str, frozenset[str]]:
    file = files("machi.language.engine").joinpath("data/easy_words.json")
    found: dict[str, frozenset[str]] = {}
    for entry in json.loads(file.read_text("utf-8"))["entries"]:
        gloss = frozenset(word.stem for word in words_of(tokens_of(search_form(entry["gloss"]))))
        if len(gloss) <= _MOST_GLOSS:
            for official in entry["words"]:
                tokens = words_of(tokens_of(search_form(official)))
                if len(tokens) == 1:
                    found[tokens[0].stem] = gloss
    return found


class Said:
    """The words of a passage, asked for by those of a claim."""

    def __init__(self, words: Iterable[Word], priced: bool = False) -> None:
        """``priced``: an amount of yen stands there, so that 料金 and 費用 are said."""
        self.stems: set[str] = set()
        self._amounts = amounts() if priced else frozenset[str]()
        self._of_group: dict[int, str] = {}
        self._of_kanji: dict[str, str] = {}
        self._verbs: set[str] = set()
        self._glossed: dict[str, str] = {}
        self._short: dict[str, str] = {}
        before: list[str] = []
        for word in words:
            for one in before[-2:]:
                self._short.setdefault(one[0] + word.stem[0], word.stem)
            before.append(word.stem)
            if word.stem in self.stems:
                continue
            self.stems.add(word.stem)
            for group in word.groups:
                self._of_group.setdefault(group, word.stem)
            if len(word.stem) == 1 and word.is_verb:
                self._verbs.add(word.stem)
            elif _KANJI.match(word.stem) and _KANJI.match(word.stem[-1]):
                self._of_kanji.setdefault(word.stem[0], word.stem)
                self._of_kanji.setdefault(word.stem[-1], word.stem)
            if word.stem == "無料":
                self._amounts |= amounts() - {"有料"}
            for plain in _explained().get(word.stem, ()):
                self._glossed.setdefault(plain, word.stem)

    def by(self, word: Word) -> str | None:
        """The stem that says ``word`` here, or None."""
        if word.stem in self.stems:
            return word.stem
        for group in word.groups:
            if group in self._of_group:
                return self._of_group[group]
        if word.stem in self._glossed:
            return self._glossed[word.stem]
        for same in sorted(same_as(word.stem)):
            if same in self.stems:
                return same
        if word.stem in self._amounts:
            return word.stem
        if 0 < word.weight < 0.6 or word.stem in _CALENDAR:  # an affix's kanji stands in too many words
            return None
        if len(word.stem) == 1 and _KANJI.match(word.stem):
            return self._of_kanji.get(word.stem)
        if len(word.stem) == 2 and word.stem[-1] in self._verbs:
            return word.stem[-1]
        if len(word.stem) == 2 and _KANJI.match(word.stem) and _KANJI.match(word.stem[-1]):
            return self._short.get(word.stem)  # 健診 for 健康診査
        return None

    def words_of(self, words: Iterable[Word]) -> list[Word]:
        """The words under the stems that say them here; those that are not said, as they are."""
        return [replace(word, stem=self.by(word) or word.stem) for word in words]
