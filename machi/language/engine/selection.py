"""Which units of the weighed passages make the answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from machi.language.engine.cues import LABELLED
from machi.language.engine.evidence import PassageEvidence, UnitEvidence
from machi.language.engine.question import Kind
from machi.language.engine.weights import Weights

MAX_SENTENCES = 5
MAX_CHARACTERS = 400
WHOLE_LIMIT = 260
"""A FAQ answer, or a passage that does not label its facts, is given whole up to this length."""
COMPANION = 0.7
"""A unit of the same section with this share of the best one's own merit is shown with it."""
FILL = 160
"""Where no label names the fact asked for, its neighbours are added up to this many characters."""

_IS_QUESTION = re.compile(
    r"[?？]\s*$|(ですか|ますか|せんか|でしょうか|知りたい|教えて(ください|ほしい|欲しい)?)[。]?\s*$"
)


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """How much each kind of evidence counts. Tuned on the tune half of ``bench/data/questions.jsonl``."""

    hit: float = 0.6
    section: float = 1.2
    context: float = 0.4
    own: float = 0.8
    focus: float = 0.6
    cue: float = 0.7
    section_cue: float = 0.4


SCORE_WEIGHTS = ScoreWeights()


@dataclass(frozen=True, slots=True)
class Chosen:
    passage: PassageEvidence
    found: UnitEvidence
    score: float
    merit: float
    """The part of the score that is the unit's own, not its section's."""


def scored(
    passage: PassageEvidence,
    found: UnitEvidence,
    weights: Weights,
    best_hit: float,
    by: ScoreWeights = SCORE_WEIGHTS,
) -> Chosen:
    """One unit with how well it answers; ``best_hit`` is the highest score among the hits."""
    hit = passage.candidate.hit.score / best_hit if best_hit > 0 else 0.0
    asked = max(1, len(found.cues))
    merit = by.own * weights.coverage(found.mask) + by.cue * sum(found.cues) / asked
    place = (
        by.hit * hit
        + by.section * weights.coverage(found.section | found.context)
        + by.context * weights.coverage(found.context)
        + by.focus * found.focus
        + by.section_cue * sum(found.section_cues) / asked
    )
    return Chosen(passage, found, place + merit, merit)


def select(
    passages: Sequence[PassageEvidence], weights: Weights, kinds: Sequence[Kind], best_hit: float
) -> list[Chosen]:
    """The units of the answer, at most ``MAX_SENTENCES`` of ``MAX_CHARACTERS`` characters together.

    The best unit's passage first, in source order; then, from other passages of the same document, a fact of
    a kind asked for that it does not state. Empty where there is nothing to choose from.
    """
    rows = [
        scored(passage, found, weights, best_hit)
        for passage in passages
        for found in passage.units
        if not found.unit.is_heading
    ]
    if not rows:
        return []
    best = max(rows, key=_order)
    own = [row for row in rows if row.passage is best.passage]
    kept = _kept(_wanted(best, own, kinds))
    title = best.passage.candidate.title
    siblings = [
        row for row in rows if row.passage is not best.passage and row.passage.candidate.title == title
    ]
    extra: list[Chosen] = []
    for index in range(len(kinds)):
        if any(row.found.cues[index] for row in kept):
            continue
        stating = [row for row in siblings if row.found.cues[index]]
        extra += [max(stating, key=lambda row: (row.found.cues[index], *_order(row)))] if stating else []
    return kept + _within(extra, kept)


def _order(row: Chosen) -> tuple[float, int, int]:
    """Higher first: the score, then the earlier hit, then the earlier place."""
    return row.score, -row.passage.rank, -row.found.unit.start


def _wanted(best: Chosen, own: Sequence[Chosen], kinds: Sequence[Kind]) -> list[Chosen]:
    """``best`` and what belongs to it in its passage, the most wanted first."""
    candidate = best.passage.candidate
    whole = len(candidate.text) <= WHOLE_LIMIT
    asked = (candidate.title, *candidate.headings[-1:])
    if whole and any(_IS_QUESTION.search(text) for text in asked):
        return [best, *own]
    path = best.found.unit.path
    section = [row for row in own if row.found.unit.path == path]
    rest = [row for row in own if row.found.unit.path != path]
    wanted = [best, *_heading(best)]
    plain = bool(kinds)
    for index in range(len(kinds)):
        pool = section if any(row.found.cues[index] for row in section) else rest
        stating = [row for row in pool if row.found.cues[index]]
        stating.sort(key=lambda row: (row.found.cues[index], *_order(row)), reverse=True)
        wanted += stating[:2]
        plain = plain and bool(stating) and stating[0].found.cues[index] == LABELLED
    by_score = sorted(section, key=_order, reverse=True)
    wanted += [row for row in by_score if row.merit >= COMPANION * best.merit > 0]
    if not plain:
        length = 0
        for row in by_score:
            length += len(row.found.unit.text)
            if length > FILL:
                break
            wanted.append(row)
    return wanted


def _heading(best: Chosen) -> list[Chosen]:
    """The heading inside the passage under which ``best`` stands, where it may be offered."""
    path = best.found.unit.path
    above = [
        found
        for found in best.passage.units
        if found.unit.is_heading and found.unit.start < best.found.unit.start and found.unit.path == path[:-1]
    ]
    return [Chosen(best.passage, above[-1], best.score, 0.0)] if path and above else []


def _kept(wanted: Sequence[Chosen]) -> list[Chosen]:
    """As many of ``wanted`` as the limits allow, in source order."""
    return sorted(_within(wanted, []), key=lambda row: row.found.unit.start)


def _within(wanted: Sequence[Chosen], taken: Sequence[Chosen]) -> list[Chosen]:
    """Those of ``wanted`` that fit beside what is ``taken``; the very first always fits."""
    kept: list[Chosen] = []
    length = sum(len(row.found.unit.text) for row in taken)
    for row in wanted:
        if len(kept) + len(taken) == MAX_SENTENCES:
            break
        size = len(row.found.unit.text)
        if any(row.found is other.found for other in kept) or (
            (kept or taken) and length + size > MAX_CHARACTERS
        ):
            continue
        kept.append(row)
        length += size
    return kept
