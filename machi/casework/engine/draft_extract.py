"""The sentences of sources that a draft can be made of, word for word: what is written where no language model may be.

First the sentences by which the front desk would answer (``machi.language.engine.answer``); where the draft may be
longer, further ones that share the most words with what is asked, the best passages first. Nothing is generated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from machi.language.engine.answer import answer
from machi.language.engine.guard import is_instruction
from machi.language.engine.terms import question_terms
from machi.language.engine.types import Candidate, Hit
from machi.language.engine.units import cached_units
from machi.language.engine.weights import Weights

LEAST_SHARE = 0.34
"""Of the asked words' weight that a further sentence must hold, with the headings above it."""
LONGEST = 300
"""A longer unit is a whole table or list: no sentence of a letter."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What was found. ``start``: where its text begins in the document."""

    id: int
    title: str
    headings: tuple[str, ...]
    text: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Extracted:
    passage: int
    start: int
    end: int
    """In the passage's text."""
    text: str


def extracted(asked: str, passages: Sequence[Passage], most: int) -> list[Extracted]:
    """At most ``most`` sentences, best passage first and in source order within one; [] where nothing fits."""
    candidates = [
        Candidate(
            Hit(one.id, float(len(passages) - rank), float(len(passages) - rank), None),
            one.title,
            one.headings,
            one.text,
        )
        for rank, one in enumerate(passages)
    ]
    chosen = {
        (one.passage_id, one.start): Extracted(one.passage_id, one.start, one.end, one.text)
        for one in answer(asked, candidates).sentences
    }
    if len(chosen) < most:
        for one in _further(asked, passages):
            if len(chosen) >= most:
                break
            if all(one.text != other.text for other in chosen.values()):
                chosen.setdefault((one.passage, one.start), one)
    rank = {one.id: number for number, one in enumerate(passages)}
    return sorted(list(chosen.values())[:most], key=lambda one: (rank[one.passage], one.start))


def _further(asked: str, passages: Sequence[Passage]) -> list[Extracted]:
    weights = Weights(question_terms(asked))
    rows: list[tuple[float, int, Extracted]] = []
    for rank, passage in enumerate(passages):
        units = cached_units(passage.text)
        above = weights.as_written("\n".join((passage.title, *passage.headings)))
        for unit in units:
            if unit.is_heading or len(unit.text) > LONGEST or is_instruction(unit.text):
                continue
            own = weights.as_written(unit.text)
            under = above
            for heading in unit.path:
                under |= weights.as_written(units[heading].text)
            share = weights.coverage(own | under)
            if own and share >= LEAST_SHARE:
                merit = share + weights.coverage(own)
                rows.append((merit, rank, Extracted(passage.id, unit.start, unit.end, unit.text)))
    rows.sort(key=lambda row: (-row[0], row[1], row[2].start))
    return [row[2] for row in rows]
