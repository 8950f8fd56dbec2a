"""Grounded answers by extraction: the sentences of the sources that answer, and nothing else.

No text is generated. The question's words, the headings above a sentence and the kind of fact asked for
decide which sentences are shown; a calibrated probability decides whether any are. Deterministic: the same
question on the same candidates gives the same answer, byte for byte.
"""

import re
from collections.abc import Sequence

from machi.language.engine.confidence import Calibration, shipped_calibration
from machi.language.engine.evidence import PassageEvidence, Rarity, UnitEvidence, Weights, weigh
from machi.language.engine.question import Kind, normalise_question, question_kinds
from machi.language.engine.terms import question_terms
from machi.language.engine.types import Candidate, CitedSentence, GroundedAnswer, Reason

CONSIDERED = 6
"""How many of the best hits are read sentence by sentence."""
MAX_SENTENCES = 5
MAX_CHARACTERS = 400
WHOLE_LIMIT = 260
"""A FAQ answer up to this length is given whole."""

_IS_QUESTION = re.compile(
    r"[?？]\s*$|(ですか|ますか|せんか|でしょうか|知りたい|教えて(ください|ほしい|欲しい)?)[。]?\s*$"
)


def _unit_score(passage: PassageEvidence, found: UnitEvidence, weights: Weights, best_hit: float) -> float:
    prior = passage.candidate.hit.score / best_hit if best_hit > 0 else 0.0
    cue = sum(found.cues) / len(found.cues) if found.cues else 0.0
    section = weights.coverage(found.section | found.context)
    return (
        0.6 * prior
        + 0.8 * section
        + 0.4 * weights.coverage(found.context)
        + 0.6 * weights.coverage(found.mask)
        + 0.6 * cue
    )


def answer(
    question: str,
    candidates: Sequence[Candidate],
    *,
    rarity: Rarity | None = None,
    calibration: Calibration | None = None,
) -> GroundedAnswer:
    """The sentences of ``candidates`` (best hit first) that answer ``question``, and how sure that is.

    At most ``MAX_SENTENCES`` sentences of ``MAX_CHARACTERS`` characters together, in source order.
    ``known`` is False where the confidence is below the calibration's threshold; the sentences are then the
    nearest found, to be shown as such or not at all. ``rarity`` weighs the question's words by how rare they
    are in the municipality's documents. Never raises, whatever the texts.
    """
    calibration = calibration or shipped_calibration()
    question = normalise_question(question)
    kinds = question_kinds(question)
    weights = Weights(question_terms(question), rarity)
    passages = [
        weigh(rank, candidate, weights, kinds) for rank, candidate in enumerate(candidates[:CONSIDERED])
    ]
    best_hit = max((c.hit.score for c in candidates), default=0.0)
    scored = [
        (_unit_score(passage, found, weights, best_hit), -passage.rank, -index, passage, found)
        for passage in passages
        for index, found in enumerate(passage.units)
        if not found.unit.is_heading
    ]
    if not scored:
        return GroundedAnswer((), 0.0, False, (Reason("nothing_found"),))
    _, _, _, passage, best = max(scored, key=lambda row: row[:3])
    scores = {row[4].unit.start: row[0] for row in scored if row[3] is passage}
    chosen = _choose(passage, best, scores, kinds)
    sentences = tuple(
        CitedSentence(
            passage.candidate.hit.passage_id,
            found.unit.start,
            found.unit.end,
            found.unit.text,
            round(scores.get(found.unit.start, scores[best.unit.start]), 4),
        )
        for found in chosen
    )
    features, reasons = _judge(passage, chosen, weights, kinds, candidates)
    confidence = calibration.probability(features)
    return GroundedAnswer(sentences, confidence, confidence >= calibration.threshold, reasons)


def _choose(
    passage: PassageEvidence, best: UnitEvidence, scores: dict[int, float], kinds: Sequence[Kind]
) -> list[UnitEvidence]:
    """``best`` and what belongs to it, in source order, within the limits."""
    candidate = passage.candidate
    asked = (candidate.title, *candidate.headings[-1:])
    offered = [found for found in passage.units if not found.unit.is_heading]
    if len(candidate.text) <= WHOLE_LIMIT and any(_IS_QUESTION.search(text) for text in asked):
        wanted = offered
    else:
        section = [found for found in offered if found.unit.path == best.unit.path]
        rest = [found for found in offered if found.unit.path != best.unit.path]
        wanted = [best]
        for index in range(len(kinds)):
            pool = section if any(found.cues[index] for found in section) else rest
            # A stronger cue first, then the higher score, then the earlier place.
            pool = sorted(pool, key=lambda f: (-f.cues[index], -scores[f.unit.start], f.unit.start))
            wanted += [found for found in pool if found.cues[index]][:2]
        floor = 0.8 * scores[best.unit.start]
        wanted += sorted(
            (found for found in section if scores[found.unit.start] >= floor),
            key=lambda found: (-scores[found.unit.start], found.unit.start),
        )
    headings = [f for f in passage.units if f.unit.is_heading and f.unit.path == best.unit.path[:-1]]
    wanted = [
        *wanted[:1],
        *(f for f in headings if best.unit.path and f is _heading_of(passage, best)),
        *wanted[1:],
    ]
    kept: dict[int, UnitEvidence] = {}
    length = 0
    for found in wanted:
        size = len(found.unit.text)
        if found.unit.start in kept or (kept and length + size > MAX_CHARACTERS):
            continue
        kept[found.unit.start] = found
        length += size
        if len(kept) == MAX_SENTENCES:
            break
    return [kept[start] for start in sorted(kept)]


def _heading_of(passage: PassageEvidence, found: UnitEvidence) -> UnitEvidence | None:
    """The innermost heading above ``found``, if it may be offered."""
    above = [f for f in passage.units if f.unit.is_heading and f.unit.start < found.unit.start]
    inner = [f for f in above if f.unit.path == found.unit.path[:-1]]
    return inner[-1] if inner and found.unit.path else None


def _judge(
    passage: PassageEvidence,
    chosen: Sequence[UnitEvidence],
    weights: Weights,
    kinds: Sequence[Kind],
    candidates: Sequence[Candidate],
) -> tuple[dict[str, float], tuple[Reason, ...]]:
    """The figures behind the confidence, and the same as reasons for people."""
    answered = 0
    for found in chosen:
        answered |= found.mask | found.context
    missing = weights.missing(passage.whole)
    heaviest = max(weights.values, default=0.0)
    by_form = dict(zip((term.form for term in weights.terms), weights.values, strict=True))
    kind_found = [max((found.cues[i] for found in chosen), default=0.0) for i in range(len(kinds))]
    cosines = [c.hit.cosine for c in candidates if c.hit.cosine is not None]
    cosine = passage.candidate.hit.cosine
    others = sorted(cosines)[: max(1, len(cosines) // 2)]
    top_bm25 = max((c.hit.bm25 for c in candidates), default=0.0)
    agrees = cosine is not None and cosine >= max(cosines) and passage.candidate.hit.bm25 >= top_bm25 > 0
    features = {
        "coverage": weights.coverage(passage.whole),
        "coverage_answer": weights.coverage(answered),
        "coverage_title": weights.coverage(passage.header),
        "missing_heaviest": float(any(by_form[t.form] == heaviest for t in missing)),
        "missing_name": float(any(t.proper for t in missing)),
        "unknown_share": sum(not t.known for t in missing) / max(1, len(weights.terms)),
        "kind_found": sum(kind_found) / len(kinds) if kinds else 0.0,
        "kind_missing": sum(not strength for strength in kind_found) / len(kinds) if kinds else 0.0,
        "cosine": cosine if cosine is not None else 0.0,
        "cosine_margin": cosine - sum(others) / len(others) if cosine is not None else 0.0,
        "cosine_absent": float(cosine is None),
        "agreement": float(agrees),
        "few_words": 1.0 / (1.0 + len(weights.terms)),
    }
    reasons = [Reason("words_found", (("share", round(features["coverage"], 4)),))]
    if missing:
        reasons.append(Reason("words_missing", (("words", "、".join(t.surface for t in missing)),)))
    for kind, strength in zip(kinds, kind_found, strict=True):
        reasons.append(Reason("kind_found" if strength else "kind_missing", (("kind", kind),)))
    if cosine is not None:
        reasons.append(Reason("meaning_near", (("cosine", round(cosine, 4)),)))
    if passage.withheld:
        reasons.append(Reason("instruction_withheld", (("passage", str(passage.candidate.hit.passage_id)),)))
    return features, tuple(reasons)
