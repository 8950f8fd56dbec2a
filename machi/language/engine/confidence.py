"""How likely it is that the chosen sentences answer the question: a calibrated probability.

A plain logistic regression on a few figures that a clerk can follow (how much of the question the passage
covers, how near its meaning is, whether a fact of the kind asked for stands there). The coefficients come
from ``bench/fit_confidence.py`` and are shipped as ``data/confidence.json``.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

FEATURES = (
    "coverage",
    "coverage_answer",
    "coverage_title",
    "missing_heaviest",
    "missing_name",
    "unknown_share",
    "kind_found",
    "kind_missing",
    "cosine",
    "cosine_margin",
    "cosine_absent",
    "agreement",
    "few_words",
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of the regression on ``FEATURES``, and the probability from which an answer is given."""

    intercept: float
    weights: Mapping[str, float]
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """``features`` has every name of ``FEATURES``; the result is in (0, 1), rounded to 4 places."""
        logit = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        logit = max(-30.0, min(30.0, logit))
        return round(1.0 / (1.0 + math.exp(-logit)), 4)


@lru_cache(maxsize=1)
def shipped_calibration() -> Calibration:
    """The calibration that comes with machi."""
    data = json.loads(files("machi.language.engine").joinpath("data/confidence.json").read_text("utf-8"))
    return Calibration(float(data["intercept"]), dict(data["weights"]), float(data["threshold"]))
