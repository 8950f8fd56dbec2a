"""The words of a text with their places, as Sudachi sees them: what ``tokens`` drops and answers need."""

import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from machi.language.engine.text import fold_kana
from machi.language.engine.tokens import dictionary

if TYPE_CHECKING:
    from sudachipy import MorphemeList, Tokenizer

Mode = Literal["A", "C"]
MAX_CHARACTERS = 8_000
"""What is analysed of one text; Sudachi refuses more than 49,149 bytes."""

_thread = threading.local()


class Word(NamedTuple):
    start: int
    surface: str
    form: str
    """Normalised dictionary form, folded as search tokens are."""
    groups: tuple[int, ...]
    """Sudachi synonym groups: 料金 and 費用 share one."""
    reading: str
    """Katakana."""
    pos: tuple[str, ...]
    """Part of speech, coarse to fine, in Sudachi's six Japanese terms."""
    known: bool
    """In Sudachi's dictionary."""


@lru_cache(maxsize=65_536)
def folded(form: str) -> str:
    """``form`` as search tokens are folded: lower case, katakana as hiragana."""
    return fold_kana(form.casefold())


def morphemes(text: str, mode: Mode = "A") -> "MorphemeList":
    """Sudachi's morphemes of the first ``MAX_CHARACTERS`` of ``text``."""
    # One a thread and mode: a Sudachi tokenizer may not be used by two threads at once.
    tokenizer: Tokenizer | None = getattr(_thread, mode, None)
    if tokenizer is None:
        tokenizer = dictionary().tokenizer(mode)
        setattr(_thread, mode, tokenizer)
    return tokenizer.tokenize(text[:MAX_CHARACTERS])


def words(text: str, mode: Mode = "A") -> list[Word]:
    """The words of the first ``MAX_CHARACTERS`` of ``text``: shortest units (mode A) or named things (C)."""
    return [
        Word(
            morpheme.begin(),
            morpheme.surface(),
            folded(morpheme.normalized_form()),
            tuple(morpheme.synonym_group_ids()),
            morpheme.reading_form(),
            morpheme.part_of_speech(),
            not morpheme.is_oov(),
        )
        for morpheme in morphemes(text, mode)
    ]
