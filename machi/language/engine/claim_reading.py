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
    )
