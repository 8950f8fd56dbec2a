"""The words and persons that the language model sees in a text, as the recogniser of names takes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from machi.language.engine.personal.lexicon import is_surname

_IS_KANJI = re.compile("[一-鿿々〆ヶヵ𠀀-𯿿]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word and its part of speech in the tags of UniDic: 名詞-固有名詞-人名-姓."""

    text: str
    start: int
    tag: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def is_name(self) -> bool:
        return "人名" in self.tag

    @property
    def is_noun(self) -> bool:
        return self.tag.startswith(("名詞", "接尾辞", "接頭辞"))

    @property
    def is_grammar(self) -> bool:
        # 乃 in a name is taken for the particle の; no particle is written in kanji today.
        return self.tag.startswith(("助詞", "助動詞", "補助記号", "空白")) and not _IS_KANJI.match(self.text)

    def may_be_surname(self) -> bool:
        return self.tag.endswith("人名-姓") or is_surname(self.text)


Labelled = tuple[int, int, str]
"""A stretch that the language model names, and the kind it gives: Person, City, Company ..."""


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch that the language model takes for a person."""

    start: int
    end: int


def without_reading(token: Token) -> Iterator[Token]:
    """Sudachi takes 太郎（たろう） for one word with its reading; what stands in the brackets may be anything."""
    at = token.text.find("(")
    if at < 1:
        yield token
        return
    yield Token(token.text[:at], token.start, token.tag)
    yield Token("(", token.start + at, "補助記号-括弧開")
    yield Token(token.text[at + 1 :], token.start + at + 1, "補助記号-一般")
