"""Content words of questions and passages, comparable through Sudachi's normalised forms and synonym groups.

申込, 申込み and 申しこみ share one normalised form; 料金 and 費用 share a synonym group. Short units (mode A)
are used so that 粗大ゴミ meets 粗大ごみ収集. Method: SudachiPy's documented fields, nothing learned.
"""

import json
import threading
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from sudachipy import Dictionary, SplitMode, Tokenizer

MAX_CHARACTERS = 8_000
"""What is analysed of one text; Sudachi refuses more than 49,149 bytes."""

_dictionary = Dictionary()
_local = threading.local()

_words_file = files("machi.language.engine").joinpath("data/question_words.json")
_lists: dict[str, list[str]] = json.loads(_words_file.read_text("utf-8"))
_ASKING = frozenset(_lists["asking"])
_KIND_WORDS = frozenset(_lists["kind"])
_ENGLISH = frozenset(_lists["english"])
KIND_WORD_WEIGHT = 0.25
"""Words that only name the kind of fact asked for weigh little: the kind is matched by its own cues."""
_POS_WEIGHT = {
    "動詞": 0.5,
    "形容詞": 0.5,
    "形状詞": 0.6,
    "副詞": 0.25,
    "接頭辞": 0.2,
    "接尾辞": 0.3,
    "代名詞": 0.1,
}
_CONTENT = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞", "接頭辞", "接尾辞", "代名詞"})


class _Word(NamedTuple):
    start: int
    surface: str
    form: str
    groups: tuple[int, ...]
    pos: tuple[str, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question."""

    form: str
    """Normalised form; a number is joined with its counter (``9月``)."""
    surface: str
    groups: tuple[int, ...]
    """Sudachi synonym groups."""
    weight: float
    """How much it says about the matter, 0-1, before document frequencies."""
    proper: bool
    """A proper noun: a name that an answer may not replace by another."""
    known: bool
    """In Sudachi's dictionary."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A content word in a passage: where it starts, its normalised form, its synonym groups."""

    start: int
    form: str
    groups: tuple[int, ...]


def _tokenizer() -> Tokenizer:
    # One a thread: a Sudachi tokenizer may not be used by two threads at once.
    tokenizer: Tokenizer | None = getattr(_local, "tokenizer", None)
    if tokenizer is None:
        tokenizer = _local.tokenizer = _dictionary.tokenizer(mode=SplitMode.A)
    return tokenizer


@lru_cache(maxsize=1024)
def _pos(pos_id: int) -> tuple[str, ...]:
    return tuple(_dictionary.pos_of(pos_id) or ())


def _words(text: str) -> list[_Word]:
    """The content words of ``text``; a number is joined with its counter (9 + 月 = ``9月``)."""
    found: list[_Word] = []
    joins = False
    for morpheme in _tokenizer().tokenize(text[:MAX_CHARACTERS]):
        pos = _pos(morpheme.part_of_speech_id())
        surface, form = morpheme.surface(), morpheme.normalized_form()
        if joins and (pos[0] == "接尾辞" or pos[2] == "助数詞可能"):
            last = found[-1]
            found[-1] = last._replace(surface=last.surface + surface, form=last.form + form)
            joins = False
            continue
        joins = pos[1] == "数詞"
        if pos[0] in _CONTENT:
            groups = () if joins else tuple(morpheme.synonym_group_ids())
            found.append(_Word(morpheme.begin(), surface, form, groups, pos, joins or not morpheme.is_oov()))
    return found


@lru_cache(maxsize=256)
def question_terms(text: str) -> tuple[Term, ...]:
    """The content words of a question, each once, in order; words of asking left out."""
    terms: dict[str, Term] = {}
    for word in _words(text):
        if word.form in _ASKING or word.form in terms or word.surface.lower() in _ENGLISH:
            continue
        if word.form in _KIND_WORDS:
            weight = KIND_WORD_WEIGHT
        elif word.pos[1] == "数詞":
            weight = 0.6
        elif word.pos[1] == "非自立可能":
            weight = 0.3
        else:
            weight = _POS_WEIGHT.get(word.pos[0], 1.0)
        proper = word.pos[1] == "固有名詞"
        terms[word.form] = Term(word.form, word.surface, word.groups, weight, proper, word.known)
    return tuple(terms.values())


@lru_cache(maxsize=4096)
def occurrences(text: str) -> tuple[Occurrence, ...]:
    """The content words of a passage with their places, remembered for the next question."""
    return tuple(Occurrence(word.start, word.form, word.groups) for word in _words(text))
