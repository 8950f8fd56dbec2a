"""Content words of questions and passages, comparable through Sudachi's normalised forms and synonym groups.

申込, 申込み and 申しこみ share one normalised form; 料金 and 費用 share a synonym group. Shortest units are used so
that 粗大ゴミ meets 粗大ごみ収集. Method: SudachiPy's documented fields, nothing learned.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from machi.language.engine.text import fold_kana
from machi.language.engine.words import Word, folded, morphemes, words

_file = files("machi.language.engine").joinpath("data/question_words.json")
_lists = {
    name: frozenset(fold_kana(word) for word in listed)
    for name, listed in json.loads(_file.read_text("utf-8")).items()
    if name != "about"
}
KIND_WORD_WEIGHT = 0.25
"""Words that only name the kind of fact asked for weigh little: the kind is matched by its own cues."""
LATIN_WEIGHT = 0.25
_NUMBER_WEIGHT = 0.6
_HELPER_WEIGHT = 0.3
_WEIGHTS = {"動詞": 0.5, "形容詞": 0.5, "形状詞": 0.6, "副詞": 0.25, "接頭辞": 0.2, "接尾辞": 0.3}
_CONTENT = frozenset({"名詞", *_WEIGHTS})
_NOUNS = frozenset({"名詞", "接尾辞", "接頭辞"})
_CONJUGATED = frozenset({"動詞", "形容詞"})
_MOST_TERMS = 48


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question."""

    form: str
    """Normalised form; a number is joined with its counter (``9月``)."""
    surface: str
    said: str
    """The word as people name it: a verb or an adjective in its dictionary form (取れ: 取れる)."""
    groups: tuple[int, ...]
    """Sudachi synonym groups."""
    weight: float
    """How much it says about the matter, 0-1, before document frequencies."""
    proper: bool
    """A proper noun: a name that an answer may not replace by another."""
    known: bool
    """In Sudachi's dictionary."""
    joined: bool
    """A noun that follows the term before it without a particle: 手当 in 児童手当."""


class Occurrence(NamedTuple):
    """A content word in a passage: where it starts, its normalised form, its synonym groups."""

    start: int
    form: str
    groups: tuple[int, ...]
    end: int


def _joins(pos: tuple[str, ...]) -> bool:
    """Whether a word of this class makes one term with a number before it (9 + 月)."""
    return pos[0] == "接尾辞" or pos[2] == "助数詞可能"


def _content(text: str) -> Iterator[Word]:
    """The content words of ``text``; a number is joined with its counter (9 + 月 = ``9月``)."""
    number: Word | None = None
    for word in words(text):
        if number is not None:
            if _joins(word.pos):
                yield number._replace(surface=number.surface + word.surface, form=number.form + word.form)
                number = None
                continue
            yield number
            number = None
        if word.pos[1] == "数詞":
            number = word._replace(groups=(), known=True)
        elif word.pos[0] in _CONTENT:
            yield word
    if number is not None:
        yield number


def _weight(word: Word) -> float:
    if word.form in _lists["kind"]:
        return KIND_WORD_WEIGHT
    if word.pos[1] == "数詞":
        return _NUMBER_WEIGHT
    if word.pos[1] == "非自立可能":
        return _HELPER_WEIGHT
    return _WEIGHTS.get(word.pos[0], 1.0)


@lru_cache(maxsize=256)
def question_terms(text: str, *, english: bool = False) -> tuple[Term, ...]:
    """The content words of a question, each once, in order, at most 48; words of asking left out.

    With ``english``, words left in Latin letters weigh little: documents hold them only where they are names.
    """
    terms: dict[str, Term] = {}
    end = -1
    for word in _content(text):
        adjoining = word.start == end and word.pos[0] in _NOUNS
        end = -1
        asking = word.form in _lists["asking"] or word.form in _lists["english"]
        if asking or word.form in terms or word.surface.lower() in _lists["english"]:
            continue
        proper = word.pos[1] == "固有名詞"
        weight = LATIN_WEIGHT if english and word.surface.isascii() else _weight(word)
        said = word.form if word.pos[0] in _CONJUGATED else word.surface
        terms[word.form] = Term(
            word.form, word.surface, said, word.groups, weight, proper, word.known, adjoining
        )
        end = word.start + len(word.surface) if word.pos[0] in _NOUNS else -1
        if len(terms) == _MOST_TERMS:
            break
    return tuple(terms.values())


@cache
def _class(pos: tuple[str, ...]) -> tuple[bool, bool, bool]:
    """(is a content word, is a number, joins a number before it), remembered: there are few classes."""
    return pos[0] in _CONTENT, pos[1] == "数詞", _joins(pos)


@lru_cache(maxsize=4096)
def occurrences(text: str) -> tuple[Occurrence, ...]:
    """The content words of a passage with their places, remembered for the next question.

    The same words as of a question, taken with as few calls as can be: this is where an answer's time goes.
    """
    found: list[Occurrence] = []
    after_number = False
    for morpheme in morphemes(text):
        content, is_number, joins = _class(morpheme.part_of_speech())
        if after_number and joins:
            last = found[-1]
            form = last.form + folded(morpheme.normalized_form())
            found[-1] = Occurrence(last.start, form, (), morpheme.end())
            after_number = False
            continue
        after_number = is_number
        if content:
            groups = () if is_number else tuple(morpheme.synonym_group_ids())
            form = folded(morpheme.normalized_form())
            found.append(Occurrence(morpheme.begin(), form, groups, morpheme.end()))
    return tuple(found)
