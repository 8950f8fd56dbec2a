"""Confidence as a probability: what share of values with this score were right on pages with known truth.

``bench/form_reading.py --fit`` fits one increasing curve a group of fields (isotonic regression, pool adjacent
violators) on pages that are not measured on, and writes ``data/calibration.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

Curve = Sequence[tuple[float, float]]
"""(score, probability), both rising."""
CEILING = 0.999
"""No machine is surer than this."""


@cache
def curves() -> Mapping[str, Curve]:
    source = files("machi.casework") / "data" / "calibration.json"
    if not source.is_file():
        return {}
    return {
        group: [(float(s), float(p)) for s, p in curve]
        for group, curve in json.loads(source.read_text()).items()
    }


def probability(group: str, score: float, known: Mapping[str, Curve] | None = None) -> float:
    """The chance that a value of ``group`` with ``score`` is right; the score itself where nothing was fitted."""
    curve = (curves() if known is None else known).get(group)
    if not curve:
        return min(CEILING, max(0.0, score))
    scores, chances = zip(*curve, strict=True)
    return float(min(CEILING, np.interp(score, scores, chances)))


def fitted(scores: Sequence[float], right: Sequence[bool], least: int = 25) -> list[tuple[float, float]]:
    """Isotonic regression by pooling adjacent violators, in bins of at least ``least`` values.

    A bin's probability is that of (right + 0.5) / (count + 1): a hundred right of a hundred are not certainty.
    """
    values, places = np.unique(np.asarray(scores, np.float64), return_inverse=True)
    counts = np.bincount(places)
    good = np.bincount(places, weights=np.asarray(right, np.float64))
    pools: list[list[float]] = []  # right, count, sum of scores
    for value, count, rightly in zip(values.tolist(), counts.tolist(), good.tolist(), strict=True):
        pools.append([rightly, count, value * count])
        while len(pools) > 1 and (
            pools[-2][1] < least or pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]
        ):
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    if len(pools) > 1 and pools[-1][1] < least:
        last = pools.pop()
        pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    curve = [(total / count, (rightly + 0.5) / (count + 1)) for rightly, count, total in pools]
    rising: list[tuple[float, float]] = []
    for score, chance in curve:
        rising.append((score, max(chance, rising[-1][1] if rising else 0.0)))
    return rising
