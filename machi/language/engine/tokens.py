"""Search tokens: the content words of a Japanese text in their normalised dictionary form.

SudachiPy with its core dictionary, shortest units (split mode A): 印鑑登録証明書 becomes 印鑑, 登録, 証明,
書, so that a citizen's word meets the office's compound. The normalised form joins spelling variants (引越,
引っ越し; 手続, 手続き; 子ども, 子供), and katakana is folded to hiragana (ゴミ, ごみ). Particles,
auxiliaries, symbols and function words carry no content and are left out.
"""

import threading
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from machi.language.engine.text import fold_kana, search_form

if TYPE_CHECKING:
    from sudachipy import Dictionary, PosMatcher, Tokenizer

_SKIPPED = ("助詞", "助動詞", "補助記号", "空白", "連体詞", "感動詞", "接続詞", "代名詞")
_LIGHT = frozenset(
    {
        "御", "為る", "有る", "居る", "成る", "出来る", "下さる", "頂く", "呉れる", "貰う",
        "欲しい", "置く", "見る", "来る", "仕舞う", "知る", "教える", "思う", "良い", "事",
        "物", "時", "場合", "等", "どう", "如何", "何",
    }
)  # fmt: skip
"""Words of asking and of grammar: they are in every question and say nothing about what is asked."""
_CHUNK = 8_000
"""Characters handed to Sudachi at once; it refuses more than 49,149 bytes."""

_thread = threading.local()


@cache
def dictionary() -> "Dictionary":
    """Sudachi's core dictionary, one a process, shared by threads (tokenizers made of it are not)."""
    from sudachipy import Dictionary  # a 200 MB memory map: on first use

    return Dictionary(dict="core")


@cache
def _skipped() -> "PosMatcher":
    return dictionary().pos_matcher([(part,) for part in _SKIPPED])


@cache
def analyzer_version() -> str:
    """Name of this analysis. An index built under another name must be tokenised again."""
    return f"sudachi-a-1/{version('sudachipy')}/{version('sudachidict_core')}"


def _tokenizer() -> "Tokenizer":
    # A Sudachi tokenizer keeps state while it works, so each thread has its own; the dictionary is shared.
    tokenizer: Tokenizer | None = getattr(_thread, "tokenizer", None)
    if tokenizer is None:
        tokenizer = _thread.tokenizer = dictionary().tokenizer("A", fields={"pos", "normalized_form"})
    return tokenizer


def _chunks(text: str) -> Iterator[str]:
    """Cut ``text`` at newlines or full stops near ``_CHUNK`` characters, so that no real word is cut."""
    start = 0
    while len(text) - start > _CHUNK:
        end = max(text.rfind(stop, start, start + _CHUNK) for stop in "\n。")
        end = end + 1 if end > start else start + _CHUNK
        yield text[start:end]
        start = end
    yield text[start:]


def _tokens(text: str) -> Iterator[str]:
    tokenizer, skipped = _tokenizer(), _skipped()
    for chunk in _chunks(search_form(text)):
        for morpheme in tokenizer.tokenize(chunk):
            if skipped(morpheme):
                continue
            token = fold_kana("".join(morpheme.normalized_form().split()).casefold())
            if token and token not in _LIGHT:
                yield token


def search_tokens(text: str) -> list[str]:
    """Return the content words of ``text`` in reading order, repeated as often as they occur."""
    return list(_tokens(text))


def query_tokens(query: str, limit: int = 64) -> list[str]:
    """Return the distinct content words of ``query`` in reading order, at most ``limit`` of them.

    Work is bounded whatever is sent: only the first ``_CHUNK`` characters of the query are read.
    """
    return list(dict.fromkeys(_tokens(query[:_CHUNK])))[:limit]
