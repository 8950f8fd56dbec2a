"""A linear-chain conditional random field over features that are there or not: labels for a sequence, and how sure.

Fitted elsewhere (``bench/fit_personal.py``, by CRFsuite) and shipped as a table of weights; here is only what is
needed to use it. Method: Lafferty, McCallum, Pereira 2001; forward-backward and Viterbi as in Sutton, McCallum 2012.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Features = Sequence[str]
"""Names of what is there at one place of the sequence."""


@dataclass(frozen=True, slots=True)
class Chain:
    """``weights[rows[feature], k]`` is what ``feature`` says for label k; ``steps[j, k]`` what j says for k next."""

    labels: tuple[str, ...]
    rows: Mapping[str, int]
    weights: Floats
    steps: Floats

    def scores(self, sequence: Sequence[Features]) -> Floats:
        """Of shape (places, labels). Features that the fit has not seen say nothing."""
        rows, weights = self.rows, self.weights
        scores = np.zeros((len(sequence), len(self.labels)))
        for at, features in enumerate(sequence):
            known = [rows[feature] for feature in features if feature in rows]
            if known:
                scores[at] = weights[known].sum(axis=0)
        return scores

    def best(self, scores: Floats) -> list[int]:
        """The likeliest sequence of labels (their indices), by Viterbi's algorithm."""
        if not len(scores):
            return []
        backs = np.zeros(scores.shape, dtype=np.intp)
        reached = scores[0]
        for at in range(1, len(scores)):
            ways = reached[:, None] + self.steps
            backs[at] = ways.argmax(axis=0)
            reached = ways.max(axis=0) + scores[at]
        path = [int(reached.argmax())]
        for at in range(len(scores) - 1, 0, -1):
            path.append(int(backs[at, path[-1]]))
        return path[::-1]

    def probabilities(self, scores: Floats) -> Floats:
        """How likely each label is at each place, of the shape of ``scores``; rows sum to 1."""
        if not len(scores):
            return scores
        steps = np.exp(self.steps)
        local = np.exp(scores - scores.max(axis=1, keepdims=True))
        forward, backward = np.empty_like(local), np.ones_like(local)
        forward[0] = local[0] / local[0].sum()
        for at in range(1, len(local)):
            reached = (forward[at - 1] @ steps) * local[at]
            forward[at] = reached / reached.sum()
        for at in range(len(local) - 2, -1, -1):
            back = steps @ (local[at + 1] * backward[at + 1])
            backward[at] = back / back.sum()
        both = forward * backward
        result: Floats = both / both.sum(axis=1, keepdims=True)
        return result


def chain(data: Mapping[str, Any]) -> Chain:
    """From ``{"scale": s, "labels": [...], "steps": [[...]], "features": {name: [whole numbers]}}``, weights in 1/s."""
    scale = float(data["scale"])
    features: Mapping[str, Sequence[int]] = data["features"]
    return Chain(
        tuple(data["labels"]),
        {name: row for row, name in enumerate(features)},
        np.array(list(features.values()), dtype=np.float64).reshape(len(features), -1) / scale,
        np.array(data["steps"], dtype=np.float64) / scale,
    )


def shipped(name: str) -> dict[str, Any]:
    """What ``bench/fit_personal.py`` wrote to ``machi/language/engine/data``."""
    packed = files("machi.language.engine").joinpath("data", name).read_bytes()
    data: dict[str, Any] = json.loads(gzip.decompress(packed))
    return data
