"""The tokens that the claims check reads: SudachiPy's shortest units of the search form, whose number words (三千,
1万5千) come as digits; and its lists of words."""

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from machi.language.engine.text import fold_kana
from machi.language.engine.tokens import dictionary

if TYPE_CHECKING:
    from sudachipy import Tokenizer

_PLACES = frozenset("市県国町村区屋室館校園")
_FINEST = frozenset({"サ変可能", "助数詞", "助数詞可能"})

_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Token:
    surface: str
    normal: str
    part: str
    """Part of speech, as Sudachi names it in Japanese."""
    kind: str
    """The finer part of speech."""
    groups: tuple[int, ...] = ()
    """Sudachi synonym groups."""


@cache
def word_lists() -> dict[str, Any]:
    """The lists of ``data/claim_words.json``."""
    file = files("machi.language.engine").joinpath("data/claim_words.json")
    lists: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return lists


@cache
def listed(name: str) -> frozenset[str]:
    """One list, as normalised forms."""
    return frozenset(word_lists()[name])


@cache
def stems_of(name: str) -> frozenset[str]:
    """One list, as stems."""
    return frozenset(map(stem, word_lists()[name]))


@lru_cache(maxsize=65_536)
def stem(normal: str) -> str:
    """Without the kana ending where kanji stand before it; katakana as hiragana."""
    folded = fold_kana(normal.casefold())
    short = re.sub(r"(?<=[\u3400-\u9fff々])[ぁ-ん]+$", "", folded)
    return short or folded


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text in search form; verbs written as two (申し込む, 受け付ける) are one, so that they meet their
    noun (申込み, 受付), and so are 市内 and 市外."""
    return list(_joined(_tokens(text)))


def _tokens(text: str) -> Iterator[Token]:
    tokenizer: Tokenizer | None = getattr(_thread, "tokenizer", None)
    if tokenizer is None:
        tokenizer = _thread.tokenizer = dictionary().tokenizer("A")
    text = re.sub(r"\.{2,}", ":", re.sub(r"(?<=\d),(?=\d{3})", "", text))  # … in search form
    for line in text.splitlines():
        for start in range(0, len(line), 8_000):
            for morpheme in tokenizer.tokenize(line[start : start + 8_000]):
                part = morpheme.part_of_speech()
                yield Token(
                    morpheme.surface(),
                    morpheme.normalized_form(),
                    part[0],
                    part[2] if part[2] in _FINEST else part[1],
                    tuple(morpheme.synonym_group_ids()),
                )
        yield Token("\n", "\n", "空白", "*")


def _joined(tokens: Iterator[Token]) -> Iterator[Token]:
    held: Token | None = None
    for token in tokens:
        verbs = held is not None and held.part == token.part == "動詞" and token.normal not in listed("empty")
        if held is not None and (verbs or (token.surface in ("内", "外") and held.surface in _PLACES)):
            token = Token(held.surface + token.surface, held.surface + token.normal, held.part, "一般")
        elif held is not None:
            yield held
        held = token if token.part == "動詞" or token.surface in _PLACES else None
        if held is None:
            yield token
    if held is not None:
        yield held
