"""Claims check: each sentence of a generated text is supported by a passage, or it is dropped and said to be.

Supported means, in one passage: nearly all content words are said (``claim_said``), every date, time, figure with unit
and bound, weekday, name and code occurs as the same value (``claim_facts``), and nothing is said the other way round
(``claim_conflicts``, ``claim_relations``). Deterministic; no model judges. It errs towards dropping: a true sentence in
wholly other words is dropped, and a person sees that it was. docs/bench/claims.md says how often.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from machi.language.engine import claim_conflicts as conflicts
from machi.language.engine import claim_relations as relations
from machi.language.engine.claim_facts import stands
from machi.language.engine.claim_reading import Sentence, read
from machi.language.engine.claim_support import Passage, Support, passage_of, support_for
from machi.language.engine.sentences import sentence_ends

COVERAGE = 0.8
"""Share of a sentence's content words (by weight) and facts that must be said in what supports it."""
TOGETHER = 0.8
"""Share that must be said in one place (with its headings). What is said here and there may belong to two matters."""
TOGETHER_MERGED = 0.5
"""The same where the claim states figures or has several clauses: these merge several lines of a notice."""

Why = Literal["supported", "words", "facts", "denied", "opposite", "relation", "nothing_said"]


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that may support a claim. ``context``: title and headings above it, whose words count as said."""

    id: int
    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence and what became of it. ``why`` is ``supported`` exactly where it is kept."""

    text: str
    why: Why
    source: int | None = None
    """Of the passage that supports it, or else comes nearest."""
    start: int = 0
    end: int = 0
    """``passage.text[start:end]``: the unit that says most of it."""
    missing: tuple[str, ...] = ()
    """What of it the nearest passage does not say."""

    @property
    def kept(self) -> bool:
        return self.why == "supported"


@dataclass(frozen=True, slots=True)
class _Judged:
    rank: tuple[int, float]
    why: Why
    start: int
    end: int
    missing: tuple[str, ...]


def check(text: str, sources: Sequence[Source]) -> tuple[CheckedSentence, ...]:
    """Every sentence of ``text``, in order, judged against ``sources``. Never raises, whatever the texts."""
    checked = []
    start = 0
    for end in sentence_ends(text):
        sentence = text[start:end].strip()
        start = end
        if sentence:
            checked.append(_check(sentence, sources))
    return tuple(checked)


def _check(sentence: str, sources: Sequence[Source]) -> CheckedSentence:
    claim = read(sentence)
    if not claim.words and not claim.facts:
        return CheckedSentence(sentence, "nothing_said")
    judged = [(_judge(claim, source), source) for source in sources]
    if not judged:
        return CheckedSentence(sentence, "words", missing=_said(claim))
    best, source = max(judged, key=lambda pair: pair[0].rank)
    return CheckedSentence(sentence, best.why, source.id, best.start, best.end, best.missing)


def _judge(claim: Sentence, source: Source) -> _Judged:
    passage = passage_of(source.text, source.context)
    if not passage.units:
        return _Judged((0, 0.0), "words", 0, 0, _said(claim))
    support = support_for(claim, passage)
    first = passage.units[support.places[0]]
    unsaid = sorted(fact for fact in claim.facts if not stands(fact, support.told))
    why = "facts" if unsaid else _why(claim, support, passage)
    if why == "supported":
        return _Judged((1, support.share), why, first.start, first.end, ())
    absent = dict.fromkeys(word.stem for word in claim.words if support.said.by(word) is None)
    missing = (*(" ".join(filter(None, fact[1:])) for fact in unsaid), *absent)
    return _Judged((0, support.share - len(unsaid)), why, first.start, first.end, missing)


def _why(claim: Sentence, support: Support, passage: Passage) -> Why:
    """Of a claim whose facts are all told: why it is dropped, or that it is supported."""
    sentences = [passage.read[at] for at in support.places]
    words = support.said.words_of(claim.words)
    merged = bool(claim.facts) or any(word.clause for word in claim.words)
    if conflicts.figure_of_another(claim, [line for at in support.places for line in passage.lines[at]]):
        return "facts"
    if support.share < COVERAGE or support.together < (TOGETHER_MERGED if merged else TOGETHER):
        return "words"
    if conflicts.new_thing(words, support.said.stems | support.visible_stems):
        return "words"
    if conflicts.denied(words, sentences):
        return "denied"
    pairs = list(zip(claim.words, words, strict=True))
    if conflicts.opposite(pairs, support.visible_stems, passage.stems, sentences):
        return "opposite"
    if (
        conflicts.wider(claim, [*sentences, passage.context])
        or relations.ends_turned(claim, sentences)
        or relations.related_otherwise(words, sentences)
    ):
        return "relation"
    return "supported"


def _said(claim: Sentence) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.stem for word in claim.words))


def kept(checked: Sequence[CheckedSentence]) -> str:
    """The text that is left."""
    return "\n".join(one.text for one in checked if one.kept)


def counts(checked: Sequence[CheckedSentence]) -> Mapping[str, int]:
    """How many sentences went which way."""
    return {why: sum(one.why == why for one in checked) for why in dict.fromkeys(one.why for one in checked)}
