"""Who to work with: towns with like needs, with strengths one lacks, near by, in the same prefecture or not.

Indicators are shares or per-head figures of SSDSE-A. Each becomes a normal score of its rank among all towns (van der
Waerden; Conover, Practical Nonparametric Statistics, 5.10), so that one extreme town does not set the scale and 0 is
the median town, 1 about the 84th in a hundred.

* likeness    100 x exp(-mean squared difference of the needs / 2): 100 for the same needs
* complement  the sum over the strengths, both ways, of how far one is above the median and the other below it,
              whichever is less (``MOST`` at most); 100 for the town of the whole table with the greatest sum
* nearness    100 x 2 ** (-kilometres / ``HALF_KM``) between town halls
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from machi.base.engine.jisx0402 import MunicipalityCode
from machi.joint.engine.boundaries import KM_PER_DEGREE
from machi.joint.engine.indicators import Indicators

HALF_KM = 50.0
MOST = 2.0
NEEDS_SHOWN = STRENGTHS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Ratio:
    """An indicator a head (or whatever ``per`` counts). ``good``: 1 more is a strength, -1 less is; 0 a need only."""

    key: str
    of: tuple[str, ...]
    per: tuple[str, ...]
    good: int = 0


# What a town has to cope with.
NEEDS = (
    Ratio("population", ("A1101",), ()),
    Ratio("density", ("A1101",), ("B1103",)),
    Ratio("old", ("A1303",), ("A1101",)),
    Ratio("young", ("A1301",), ("A1101",)),
    Ratio("old_alone", ("A8301",), ("A7101",)),
    Ratio("foreign", ("A1700",), ("A1101",)),
    Ratio("births", ("A4101",), ("A1101",)),
    Ratio("moving_in", ("A5101",), ("A5102",)),
    Ratio("primary_sector", ("F2201",), ("F1102",)),
    Ratio("unhabitable", ("B1101",), ("B1103",)),
    Ratio("welfare_cost", ("D320303",), ("A1101",)),
    Ratio("works_cost", ("D320308",), ("A1101",)),
)
# What a town may have that another lacks.
STRENGTHS = (
    Ratio("staff", ("D1202",), ("A1101",), 1),
    Ratio("own_revenue", ("D320101",), ("D3201",), 1),
    Ratio("rigidity", ("D2203",), (), -1),
    Ratio("debt_service", ("D2211",), (), -1),
    Ratio("information_industry", ("C220839",), ("A1101",), 1),
    Ratio("experts", ("C220846",), ("A1101",), 1),
    Ratio("doctors", ("I6100",), ("A1101",), 1),
    Ratio("clinics", ("I5102",), ("A1101",), 1),
    Ratio("nurseries", ("J250302",), ("A1301",), 1),
    Ratio("teachers", ("E2401", "E3401"), ("E2501", "E3501"), 1),
    Ratio("libraries", ("G1401",), ("A1101",), 1),
    Ratio("lodging", ("C220847",), ("A1101",), 1),
)


class Why(StrEnum):
    LIKE_NEED = "like_need"
    """Both are far from the median the same way."""
    HAS_WHAT_I_LACK = "has_what_i_lack"
    LACKS_WHAT_I_HAVE = "lacks_what_i_have"
    NEAR = "near"
    SAME_PREFECTURE = "same_prefecture"
    OTHER_PREFECTURE = "other_prefecture"


@dataclass(frozen=True, slots=True)
class Reason:
    why: Why
    key: str = ""
    """The ``Ratio`` it is about."""
    own: float = 0.0
    theirs: float = 0.0
    """The two figures (a share, or per head); for ``NEAR`` the kilometres are in ``theirs``."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    code: MunicipalityCode
    score: float
    """The weighted mean of the three below, 0 to 100."""
    likeness: float
    complement: float
    nearness: float
    kilometres: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """How much each counts (at least 0, not all 0), and who is asked at all."""

    likeness: float = 1.0
    complement: float = 1.0
    nearness: float = 1.0
    same_prefecture: bool | None = None
    """True: only the same, False: only others, None: all."""
    within_km: float | None = None
    left_out: frozenset[str] = frozenset()


def suggest(
    table: Indicators,
    places: Mapping[str, tuple[float, float]],
    code: str,
    wish: Wish | None = None,
    *,
    count: int = 10,
) -> list[Suggestion]:
    """The best partners of one municipality, best first; equals by code.

    ``places`` gives latitude and longitude of every town hall. KeyError for a municipality that is not in both;
    ValueError for weights that are negative or all 0.
    """
    wish = wish or Wish()
    parts = np.array([wish.likeness, wish.complement, wish.nearness])
    if parts.min() < 0 or not parts.sum() > 0:
        raise ValueError("what counts must not be negative, nor all 0")
    (own,) = table.rows([code])
    needs, strengths = figures(table, NEEDS), figures(table, STRENGTHS)
    need, strength = normal_scores(needs), normal_scores(strengths) * [one.good for one in STRENGTHS]
    likeness = 100 * np.exp(-np.mean((need - need[own]) ** 2, axis=1) / 2)
    gets = np.minimum(np.clip(strength, 0, MOST), np.clip(-strength[own], 0, MOST))
    gives = np.minimum(np.clip(-strength, 0, MOST), np.clip(strength[own], 0, MOST))
    both = (gets + gives).sum(axis=1)
    complement = 100 * both / max(float(both.max()), 1e-9)
    kilometres = _kilometres(table, places, int(own))
    nearness = 100 * 2 ** (-kilometres / HALF_KM)
    score = np.column_stack([likeness, complement, nearness]) @ parts / parts.sum()
    asked = _asked(table, int(own), kilometres, wish)
    best = sorted(
        np.flatnonzero(asked).tolist(), key=lambda at: (-round(float(score[at]), 9), table.codes[at])
    )
    return [
        Suggestion(
            table.codes[at],
            float(score[at]),
            float(likeness[at]),
            float(complement[at]),
            float(nearness[at]),
            float(kilometres[at]),
            (
                *_likes(need, needs, int(own), at),
                *_complements(Why.HAS_WHAT_I_LACK, gets[at], strengths, int(own), at),
                *_complements(Why.LACKS_WHAT_I_HAVE, gives[at], strengths, int(own), at),
                *_places(table, int(own), at, float(kilometres[at])),
            ),
        )
        for at in best[:count]
    ]


def figures(table: Indicators, ratios: Sequence[Ratio]) -> NDArray[np.float64]:
    """(towns, ratios), as published units divide; where nothing is counted in ``per`` the median of the others."""
    columns = []
    for one in ratios:
        top = np.sum([table.column(code) for code in one.of], axis=0)
        bottom = np.sum([table.column(code) for code in one.per], axis=0) if one.per else np.ones_like(top)
        ratio = np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)
        columns.append(np.where(np.isnan(ratio), np.nanmedian(ratio), ratio))
    return np.column_stack(columns)


def normal_scores(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each column's ranks (equals in the middle) as quantiles of the normal distribution: rank / (n + 1)."""
    normal = NormalDist()
    scores = np.empty_like(values)
    for at in range(values.shape[1]):
        _, where, times = np.unique(values[:, at], return_inverse=True, return_counts=True)
        middle = np.cumsum(times) - (times - 1) / 2
        quantiles = [normal.inv_cdf(float(rank) / (len(values) + 1)) for rank in middle]
        scores[:, at] = np.array(quantiles)[where]
    return scores


def _kilometres(
    table: Indicators, places: Mapping[str, tuple[float, float]], own: int
) -> NDArray[np.float64]:
    degrees = np.radians([places[code] for code in table.codes])
    half = np.sin((degrees[:, 0] - degrees[own, 0]) / 2) ** 2
    half += (
        np.cos(degrees[:, 0]) * np.cos(degrees[own, 0]) * np.sin((degrees[:, 1] - degrees[own, 1]) / 2) ** 2
    )
    far: NDArray[np.float64] = 2 * np.degrees(np.arcsin(np.sqrt(half))) * KM_PER_DEGREE
    return far


def _asked(table: Indicators, own: int, kilometres: NDArray[np.float64], wish: Wish) -> NDArray[np.bool_]:
    same = np.array([one == table.prefectures[own] for one in table.prefectures])
    asked = np.array([code not in wish.left_out for code in table.codes])
    asked[own] = False
    if wish.same_prefecture is not None:
        asked &= same == wish.same_prefecture
    if wish.within_km is not None:
        asked &= kilometres <= wish.within_km
    return asked


def _likes(scores: NDArray[np.float64], values: NDArray[np.float64], own: int, other: int) -> list[Reason]:
    """The needs that both have more than most towns, or less: those in which the nearer one is farthest out."""
    shared = np.minimum(np.abs(scores[own]), np.abs(scores[other])) * (scores[own] * scores[other] > 0)
    shared -= np.abs(scores[own] - scores[other])
    best = [at for at in np.argsort(-shared, kind="stable").tolist() if shared[at] > 0][:NEEDS_SHOWN]
    return [
        Reason(Why.LIKE_NEED, NEEDS[at].key, float(values[own, at]), float(values[other, at])) for at in best
    ]


def _complements(
    why: Why, gains: NDArray[np.float64], values: NDArray[np.float64], own: int, other: int
) -> list[Reason]:
    best = [at for at in np.argsort(-gains, kind="stable").tolist() if gains[at] > 0.5][:STRENGTHS_SHOWN]
    return [Reason(why, STRENGTHS[at].key, float(values[own, at]), float(values[other, at])) for at in best]


def _places(table: Indicators, own: int, other: int, kilometres: float) -> list[Reason]:
    same = table.prefectures[own] == table.prefectures[other]
    near = [Reason(Why.NEAR, theirs=kilometres)] if kilometres <= HALF_KM else []
    return [*near, Reason(Why.SAME_PREFECTURE if same else Why.OTHER_PREFECTURE)]
