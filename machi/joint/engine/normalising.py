"""Reviewers are strict or mild: what a proposal's score would be without that.

``marks`` hold the total of one reviewer for one proposal. Four methods, all giving values on the scale of the marks
except ``RANK``:

* ``RAW``       the mean of a proposal's marks
* ``Z_SCORE``   each reviewer's marks moved and stretched to the mean and spread of all marks. A reviewer's own mean
                and variance are drawn towards those of all by ``PRIOR`` marks' worth, so that one or two marks, or
                marks all alike, are safe
* ``RANK``      each reviewer's ranks, from 0 (worst) to 1 (best), ties in the middle, one mark alone 0.5
* ``ADDITIVE``  mark = proposal + reviewer + rest, by least squares with a ridge of ``PRIOR`` on the reviewers: who
                gave few marks is taken for nearly neutral. This is the mixed model in which reviewers vary as much
                as the rest does (Searle, Casella & McCulloch, Variance Components, 1992, ch. 7); unlike the z-score
                it does not punish who happened to be given the weak proposals

Where reviewers and proposals fall into groups that share no mark (``groups`` > 1), nothing tells a group of strict
reviewers from a group of weak proposals; every method then takes the groups for equally strict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

PRIOR = 1.0


class Method(StrEnum):
    RAW = "raw"
    Z_SCORE = "z_score"
    RANK = "rank"
    ADDITIVE = "additive"


@dataclass(frozen=True, slots=True)
class Normalised:
    scores: dict[str, float]
    """By proposal, in the order first marked."""
    severity: dict[str, float]
    """By reviewer: how far their marks lie above (+, mild) or below (-, strict) those of others on the same
    proposals, as the method sees it; 0 for RAW and RANK."""
    marks: dict[str, int]
    """How many marks a proposal has."""
    groups: int


def normalise(marks: Mapping[tuple[str, str], float], method: Method = Method.ADDITIVE) -> Normalised:
    """Scores of proposals from marks by (proposal, reviewer). ValueError for marks that are not finite numbers."""
    proposals, reviewers = names(marks)
    table = matrix(marks, proposals, reviewers)
    if not np.isfinite([*marks.values()]).all():
        raise ValueError("a mark is not a number")
    scores, severity = solve(table, method, np.ones(len(reviewers)))
    return Normalised(
        dict(zip(proposals, scores.tolist(), strict=True)),
        dict(zip(reviewers, severity.tolist(), strict=True)),
        dict(zip(proposals, np.sum(~np.isnan(table), axis=1).tolist(), strict=True)),
        _groups(table),
    )


def names(marks: Mapping[tuple[str, str], float]) -> tuple[list[str], list[str]]:
    """Proposals and reviewers, in the order first met."""
    return list(dict.fromkeys(one for one, _ in marks)), list(dict.fromkeys(one for _, one in marks))


def matrix(
    marks: Mapping[tuple[str, str], float], proposals: Sequence[str], reviewers: Sequence[str]
) -> NDArray[np.float64]:
    """(proposals, reviewers); NaN where there is no mark."""
    table = np.full((len(proposals), len(reviewers)), np.nan)
    row, column = {key: at for at, key in enumerate(proposals)}, {key: at for at, key in enumerate(reviewers)}
    for (proposal, reviewer), value in marks.items():
        table[row[proposal], column[reviewer]] = value
    return table


def solve(
    table: NDArray[np.float64], method: Method, weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scores of the rows and severities of the columns of ``matrix``; ``weights`` > 0 say how much a reviewer counts.

    Every row and column needs at least one mark.
    """
    given = ~np.isnan(table)
    counts = np.where(given, weights, 0.0)
    neutral = np.zeros(table.shape[1])
    if not table.size:
        return np.zeros(table.shape[0]), neutral
    if method is Method.RAW:
        return _means(table, counts), neutral
    if method is Method.RANK:
        return _means(_ranks(table), counts), neutral
    if method is Method.Z_SCORE:
        return _z_scores(table, given, counts)
    return _additive(np.where(given, table, 0.0), counts)


def _means(table: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    means: NDArray[np.float64] = np.where(counts > 0, table, 0.0).__mul__(counts).sum(axis=1) / counts.sum(
        axis=1
    )
    return means


def _ranks(table: NDArray[np.float64]) -> NDArray[np.float64]:
    ranks = np.full(table.shape, np.nan)
    for column in range(table.shape[1]):
        at = np.flatnonzero(~np.isnan(table[:, column]))
        own = table[at, column]
        below = (own[:, None] > own[None, :]).sum(axis=1) + (
            (own[:, None] == own[None, :]).sum(axis=1) - 1
        ) / 2
        ranks[at, column] = below / (len(at) - 1) if len(at) > 1 else 0.5
    return ranks


def _z_scores(
    table: NDArray[np.float64], given: NDArray[np.bool_], counts: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mean, variance = float(table[given].mean()), float(table[given].var())
    number = given.sum(axis=0)
    own = (np.nansum(table, axis=0) + PRIOR * mean) / (number + PRIOR)
    squares = np.nansum((table - own) ** 2, axis=0)
    spread = np.sqrt((squares + PRIOR * variance) / (number + PRIOR))
    stretch = np.divide(np.sqrt(variance), spread, out=np.ones_like(spread), where=spread > 0)
    return _means(mean + (table - own) * stretch, counts), own - mean


def _additive(
    filled: NDArray[np.float64], counts: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weighted least squares with a ridge on the columns, by eliminating the rows (Schur's complement)."""
    total = counts.sum(axis=1)
    sums = (counts * filled).sum(axis=1)
    share = counts / total[:, None]
    left = np.diag(counts.sum(axis=0) + PRIOR) - counts.T @ share
    right = (counts * filled).sum(axis=0) - share.T @ sums
    severity = np.linalg.solve(left, right)
    return sums / total - share @ severity, severity


def _groups(table: NDArray[np.float64]) -> int:
    given = ~np.isnan(table)
    left, groups = np.ones(len(table), dtype=np.bool_), 0
    while left.any():
        reached = np.zeros_like(left)
        reached[np.argmax(left)] = True
        while True:
            further = given[:, given[reached].any(axis=0)].any(axis=1)
            if not (further & ~reached).any():
                break
            reached |= further
        left &= ~reached
        groups += 1
    return groups
