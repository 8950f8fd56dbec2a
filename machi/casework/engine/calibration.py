"""Confidence as a probability: what share of values with this score were right on pages with known truth.

``bench/form_reading.py --fit`` fits one increasing curve a group of fields (isotonic regression, pool adjacent
violators) on pages that are not measured on, and writes ``data/calibration.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    pools: list[_Pool] = []
    for value, count, rightly in zip(values.tolist(), counts.tolist(), good.tolist(), strict=True):
        pools.append(_Pool(rightly, count, value, value))
        while len(pools) > 1 and (pools[-2].count < least or pools[-2].share >= pools[-1].share):
            last = pools.pop()
            pools[-1] = pools[-1].with_next(last)
    if len(pools) > 1 and pools[-1].count < least:
        last = pools.pop()
        pools[-1] = pools[-1].with_next(last)
    rising: list[tuple[float, float]] = []
    chance = 0.0
    for pool in pools:
        chance = max(chance, (pool.right + 0.5) / (pool.count + 1))
        # A pool's chance holds from its first to its last score, not at its middle alone.
        rising += [(score, chance) for score in sorted({pool.first, pool.last})]
    return rising


@dataclass(frozen=True)
class _Pool:
    """Values of neighbouring scores that are taken as equally sure."""

    right: float
    count: float
    first: float
    last: float

    @property
    def share(self) -> float:
        return self.right / self.count

    def with_next(self, other: _Pool) -> _Pool:
        return _Pool(self.right + other.right, self.count + other.count, self.first, other.last)
