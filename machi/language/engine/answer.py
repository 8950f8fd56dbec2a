"""Grounded answers by extraction: the sentences of the sources that answer, and nothing else.

No text is generated. The question's words, the headings above a sentence and the kind of fact asked for
decide which sentences are shown; a calibrated probability decides whether any are. Deterministic: the same
question on the same candidates gives the same answer, byte for byte.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from machi.language.engine.confidence import Calibration, features, shipped_calibration
from machi.language.engine.english import with_japanese
from machi.language.engine.evidence import weigh
from machi.language.engine.question import TIMES, VAGUE, Kind, normalise_question, question_kinds
from machi.language.engine.selection import Chosen, select
from machi.language.engine.terms import question_terms
from machi.language.engine.types import Candidate, CitedSentence, GroundedAnswer, Reason
from machi.language.engine.weights import Weights

READ = 5
"""How many of the hits are read sentence by sentence: those with most of the question's words as written."""
MANY_ALIKE, COVERED = 0.6, 0.8
"""``rivals`` and ``coverage`` from which people are told that the question fits several entries of one list alike."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What was found for a question, before it is decided whether that is an answer."""

    chosen: tuple[Chosen, ...]
    figures: Mapping[str, float]
    """``confidence.FEATURES`` by name; empty where nothing was chosen."""
    reasons: tuple[Reason, ...]


def extract(question: str, candidates: Sequence[Candidate]) -> Extract:
    """The units of ``candidates`` (best hit first) that come nearest to answering ``question``."""
    asked = normalise_question(question)
    kinds = question_kinds(asked)
    weights = Weights(question_terms(with_japanese(asked), english=asked.isascii()))
    passages = [weigh(rank, candidates[rank], weights, kinds) for rank in _worth_reading(candidates, weights)]
    withheld = [str(p.candidate.hit.passage_id) for p in passages if p.withheld]
    flagged = [Reason("instruction_withheld", (("passages", " ".join(withheld)),))] if withheld else []
    best_hit = max((candidate.hit.score for candidate in candidates), default=0.0)
    chosen = select(passages, weights, kinds, best_hit)
    if not chosen:
        return Extract((), {}, (Reason("nothing_found"), *flagged))
    figures = features(chosen, weights, kinds, candidates)
    return Extract(tuple(chosen), figures, (*_reasons(chosen, weights, kinds, figures), *flagged))


def answer(
    question: str,
    candidates: Sequence[Candidate],
    *,
    calibration: Calibration | None = None,
) -> GroundedAnswer:
    """The sentences of ``candidates`` (best hit first) that answer ``question``, and how sure that is.

    At most five sentences of 400 characters together, in source order. ``known`` is False where the
    confidence is below the calibration's threshold; the sentences are then the nearest found, to be shown as
    such or not at all. Never raises, whatever the texts.
    """
    found = extract(question, candidates)
    if not found.chosen:
        return GroundedAnswer((), 0.0, False, found.reasons)
    model = (calibration or shipped_calibration()).model(found.chosen)
    confidence = model.probability(found.figures)
    sentences = tuple(map(_cited, found.chosen))
    return GroundedAnswer(sentences, confidence, confidence >= model.threshold, found.reasons)


def _worth_reading(candidates: Sequence[Candidate], weights: Weights) -> list[int]:
    """The ranks of the ``READ`` candidates worth a closer look, ascending. Analysing a text costs a millisecond."""
    best = max((candidate.hit.score for candidate in candidates), default=0.0)

    def promise(rank: int) -> float:
        candidate = candidates[rank]
        text = "\n".join((candidate.title, *candidate.headings, candidate.text))
        hit = candidate.hit.score / best if best > 0 else 0.0
        return hit + weights.coverage(weights.as_written(text))

    ranks = sorted(range(len(candidates)), key=lambda rank: (-promise(rank), rank))
    return sorted(ranks[:READ])


def _cited(row: Chosen) -> CitedSentence:
    unit = row.found.unit
    return CitedSentence(
        row.passage.candidate.hit.passage_id, unit.start, unit.end, unit.text, round(row.score, 4)
    )


def _reasons(
    chosen: Sequence[Chosen], weights: Weights, kinds: Sequence[Kind], figures: Mapping[str, float]
) -> list[Reason]:
    """Why the answer is as sure as it is, for people: codes that the page translates."""
    reasons = [Reason("words_found", (("share", round(figures["coverage"], 4)),))]
    whole = 0
    for row in chosen:
        whole |= row.passage.whole
    missing = weights.missing(whole)
    if missing:
        reasons.append(Reason("words_missing", (("words", "、".join(term.said for term in missing)),)))
    told: set[str] = set()
    for index, kind in enumerate(kinds):
        name = "time" if kind in TIMES else kind
        if kind not in VAGUE and name not in told:
            told.add(name)
            stated = any(row.found.cues[index] for row in chosen)
            reasons.append(Reason("kind_found" if stated else "kind_missing", (("kind", name),)))
    if figures["rivals"] >= MANY_ALIKE and figures["coverage"] >= COVERED:
        reasons.append(Reason("many_alike"))
    cosine = chosen[0].passage.candidate.hit.cosine
    if cosine is not None:
        reasons.append(Reason("meaning_near", (("cosine", round(cosine, 4)),)))
    return reasons
