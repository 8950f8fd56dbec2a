"""How much each feature of a sentence speaks for an item, a decision or a task: logistic regression, weights as data.

``data/minutes_weights.json`` is written by ``bench/fit_minutes.py``; the sum of the weights of a sentence's features is
turned into a probability, and the cues that weigh most for it are why it was found.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

TARGETS = ("items", "decisions", "tasks")


@dataclass(frozen=True, slots=True)
class Model:
    bias: float
    weights: Mapping[str, float]
    sure: float
    """Probability from which a finding is told as such."""
    doubtful: float
    """Probability from which it is told as one to look at."""

    def probability(self, features: Set[str]) -> float:
        # Sorted: sums of floats depend on the order, and a set has none.
        total = self.bias + sum(self.weights.get(name, 0.0) for name in sorted(features))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Weights:
    models: Mapping[str, Model]
    """By target."""

    def as_json(self) -> dict[str, Any]:
        return {
            name: {"bias": one.bias, "sure": one.sure, "doubtful": one.doubtful, "weights": dict(one.weights)}
            for name, one in self.models.items()
        }


@cache
def shipped() -> Weights:
    read = json.loads(files("machi.casework").joinpath("data/minutes_weights.json").read_text("utf-8"))
    return Weights({name: Model(**read[name]) for name in TARGETS})
