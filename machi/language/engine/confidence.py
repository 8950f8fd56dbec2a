"""How likely it is that the chosen sentences answer the question: a calibrated probability.

A plain logistic regression on a few figures that a clerk can follow (how much of the question the passage
covers, how near its meaning is, whether a fact of the kind asked for stands there). The coefficients come
from ``bench/fit_confidence.py`` and are shipped as ``data/confidence.json``.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from machi.language.engine.cues import LABELLED
from machi.language.engine.question import Kind
from machi.language.engine.selection import Chosen
from machi.language.engine.types import Candidate
from machi.language.engine.weights import Weights

FEATURES = (
    "coverage",
    "coverage_answer",
    "focus",
    "missing_name",
    "kind_labelled",
    "kind_missing",
    "kind_asked",
    "hit_share",
    "few_words",
    "rivals",
    "cosine",
    "cosine_margin",
)


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients of a regression on ``FEATURES``, and the probability from which an answer is given."""

    intercept: float
    weights: Mapping[str, float]
    threshold: float

    def probability(self, figures: Mapping[str, float]) -> float:
        """``figures`` has every name in ``weights``; the result is in (0, 1), rounded to 4 places."""
        logit = self.intercept + sum(weight * figures[name] for name, weight in self.weights.items())
        logit = max(-30.0, min(30.0, logit))
        return round(1.0 / (1.0 + math.exp(-logit)), 4)


@dataclass(frozen=True, slots=True)
class Calibration:
    """One model where the answer's passage is embedded, one for the hours in which it is not yet."""

    meaning: Model
    words: Model

    def model(self, chosen: Sequence[Chosen]) -> Model:
        """The model for ``chosen`` (not empty)."""
        return self.words if chosen[0].passage.candidate.hit.cosine is None else self.meaning


@lru_cache(maxsize=1)
def shipped_calibration() -> Calibration:
    """The calibration that comes with machi."""
    data = json.loads(files("machi.language.engine").joinpath("data/confidence.json").read_text("utf-8"))
    meaning, words = (
        Model(float(entry["intercept"]), dict(entry["weights"]), float(entry["threshold"]))
        for entry in (data["meaning"], data["words"])
    )
    return Calibration(meaning, words)


def features(
    chosen: Sequence[Chosen], weights: Weights, kinds: Sequence[Kind], candidates: Sequence[Candidate]
) -> dict[str, float]:
    """The figures behind the confidence in ``chosen`` (not empty; its first passage is the answer's)."""
    whole = answered = 0
    for row in chosen:
        whole |= row.passage.whole
        answered |= row.found.mask | row.found.context
    passage = chosen[0].passage
    missing = weights.missing(whole)
    stated = [max(row.found.cues[index] for row in chosen) for index in range(len(kinds))]
    hit = passage.candidate.hit
    best = max(c.hit.score for c in candidates)
    cosines = sorted(c.hit.cosine for c in candidates if c.hit.cosine is not None)
    low = cosines[: max(1, len(cosines) // 2)]
    return {
        "coverage": weights.coverage(whole),
        "coverage_answer": weights.coverage(answered),
        "focus": max(row.found.focus for row in chosen),
        "missing_name": float(any(term.proper for term in missing)),
        "kind_labelled": sum(strength >= LABELLED for strength in stated) / len(kinds) if kinds else 0.0,
        "kind_missing": sum(not strength for strength in stated) / len(kinds) if kinds else 0.0,
        "kind_asked": float(bool(kinds)),
        "cosine": hit.cosine if hit.cosine is not None else 0.0,
        "cosine_margin": hit.cosine - sum(low) / len(low) if hit.cosine is not None else 0.0,
        "hit_share": hit.score / best if best > 0 else 1.0,  # a passage found alone scores 0
        "few_words": 1.0 / (1.0 + len(weights.terms)),
        "rivals": _rivals(chosen, candidates, weights),
    }


def _rivals(chosen: Sequence[Chosen], candidates: Sequence[Candidate], weights: Weights) -> float:
    """How far the answer is one of many alike, 0-1: rows of one list that the question does not tell apart.

    「AEDはどこ」 finds every building that has one; to show the first would be chance. Rows that say the same
    are no rivals.
    """

    def covered(candidate: Candidate) -> float:
        text = "\n".join((candidate.title, *candidate.headings, candidate.text))
        return weights.coverage(weights.as_written(text))

    own = chosen[0].passage.candidate
    alike = sum(
        other.title == own.title
        and other.headings != own.headings
        and chosen[-1].found.unit.text not in other.text
        and covered(other) >= covered(own)
        for other in candidates
    )
    return min(1.0, alike / 5)
