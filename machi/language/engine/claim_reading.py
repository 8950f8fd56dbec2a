"""What the claims check reads of a sentence or a passage: its content words, its facts, and what they imply."""

import re
from dataclasses import dataclass

from machi.language.engine.claim_edges import Edge, edges_of
from machi.language.engine.claim_facts import Fact, facts_of, written
from machi.language.engine.claim_implied import converted, implied_by
from machi.language.engine.claim_tokens import tokens_of
from machi.language.engine.claim_words import Word, words_of
from machi.language.engine.text import search_form

_FREE = re.compile(
    r"(料|料金|費|費用|代金|お金)(?:[はがも]|は一切|が一切)?(?:(?:かか|掛か|い|要)(?:りません|らない|らず)|必要ありません|必要なく|不要)"
)
_COSTS = re.compile(r"(料|料金|費|費用|代金|お金)(?:[はがも])?(?:かか|掛か|い|要)(?:ります|る)")
_EVERY = re.compile(r"(?:すべ|全)て|全[員部額]|(?:誰|だれ|どなた|いつ|どこ|何[回度人個])でも")
_EVERY_ONE = re.compile(rf"{_EVERY.pattern}|[全各毎皆完]|いずれ|無制限|一切|自由|常時")


@dataclass(frozen=True, slots=True)
class Sentence:
    words: tuple[Word, ...]
    facts: frozenset[Fact]
    """What it states: of a claim, what must be said."""
    implied: frozenset[Fact]
    """What it says without stating it: of a passage, what counts as said."""
    edges: tuple[frozenset[Edge], ...]
    """Line by line."""
    stems: frozenset[str]
    """Of its words."""
    every: bool
    """It says 全て, 誰でも or the like."""
    every_one: bool
    """It says so, or 各, 無制限 and the like, from which one may say 全て."""

    @property
    def told(self) -> frozenset[Fact]:
        return self.facts | self.implied


def read(text: str) -> Sentence:
    """The content words and facts of a sentence or a passage."""
    text = _COSTS.sub(r"\1は有料", _FREE.sub(r"\1は無料", search_form(text)))
    tokens = tokens_of(text)
    words, facts, plain = words_of(tokens), facts_of(tokens), written(tokens)
    return Sentence(
        words,
        facts,
        frozenset((*implied_by(plain), *converted(facts))),
        edges_of(plain),
        frozenset(word.stem for word in words),
        _EVERY.search(plain) is not None,
        _EVERY_ONE.search(plain) is not None,
    )
