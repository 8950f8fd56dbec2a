"""Grounded answers by extraction: the sentences of the sources that answer, and nothing else.

No text is generated. The question's words, the headings above a sentence and the kind of fact asked for
decide which sentences are shown; a calibrated probability decides whether any are. Deterministic: the same
question on the same candidates gives the same answer, byte for byte.
"""

from collections.abc import Sequence

from machi.language.engine.confidence import Calibration, features, shipped_calibration
from machi.language.engine.evidence import Rarity, Weights, weigh
from machi.language.engine.question import TIMES, VAGUE, Kind, normalise_question, question_kinds
from machi.language.engine.selection import Chosen, select
from machi.language.engine.terms import question_terms
from machi.language.engine.types import Candidate, CitedSentence, GroundedAnswer, Reason

READ = 5
"""How many of the hits are read sentence by sentence: those with most of the question's words as written."""


def answer(
    question: str,
    candidates: Sequence[Candidate],
    *,
    rarity: Rarity | None = None,
    calibration: Calibration | None = None,
) -> GroundedAnswer:
    """The sentences of ``candidates`` (best hit first) that answer ``question``, and how sure that is.

    At most five sentences of 400 characters together, in source order. ``known`` is False where the
    confidence is below the calibration's threshold; the sentences are then the nearest found, to be shown as
    such or not at all. ``rarity`` weighs the question's words by how rare they are in the municipality's
    documents. Never raises, whatever the texts.
    """
    asked = normalise_question(question)
    kinds = question_kinds(asked)
    weights = Weights(question_terms(asked), rarity)
    passages = [weigh(rank, candidates[rank], weights, kinds) for rank in _worth_reading(candidates, weights)]
    withheld = [str(p.candidate.hit.passage_id) for p in passages if p.withheld]
    flagged = [Reason("instruction_withheld", (("passages", " ".join(withheld)),))] if withheld else []
    best_hit = max((candidate.hit.score for candidate in candidates), default=0.0)
    chosen = select(passages, weights, kinds, best_hit)
    if not chosen:
        return GroundedAnswer((), 0.0, False, (Reason("nothing_found"), *flagged))
    figures = features(chosen, weights, kinds, candidates)
    confidence = (calibration or shipped_calibration()).probability(figures)
    known = confidence >= (calibration or shipped_calibration()).threshold
    reasons = (*_reasons(chosen, weights, kinds, figures), *flagged)
    return GroundedAnswer(tuple(map(_cited, chosen)), confidence, known, reasons)


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
    chosen: Sequence[Chosen], weights: Weights, kinds: Sequence[Kind], figures: dict[str, float]
) -> list[Reason]:
    """Why the answer is as sure as it is, for people: codes that the page translates."""
    reasons = [Reason("words_found", (("share", round(figures["coverage"], 4)),))]
    whole = 0
    for row in chosen:
        whole |= row.passage.whole
    missing = weights.missing(whole)
    if missing:
        reasons.append(Reason("words_missing", (("words", "、".join(term.surface for term in missing)),)))
    told: set[str] = set()
    for index, kind in enumerate(kinds):
        name = "time" if kind in TIMES else kind
        if kind not in VAGUE and name not in told:
            told.add(name)
            stated = any(row.found.cues[index] for row in chosen)
            reasons.append(Reason("kind_found" if stated else "kind_missing", (("kind", name),)))
    cosine = chosen[0].passage.candidate.hit.cosine
    if cosine is not None:
        reasons.append(Reason("meaning_near", (("cosine", round(cosine, 4)),)))
    return reasons
