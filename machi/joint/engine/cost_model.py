"""How cost and staff per head fall with a town's size, estimated over all municipalities.

The logarithm of cost (or staff) per head is regressed on a form of the logarithm of the population, with density of
the habitable land, shares of the young and the old, and the kind of municipality beside it:

* ``LINEAR``    the elasticity is the same at every size (Cobb-Douglas)
* ``TRANSLOG``  squares and the product of log population and log density are added (Christensen, Jorgenson & Lau,
                Transcendental Logarithmic Production Frontiers, 1973; as is usual for Japanese municipalities)
* ``SPLINE``    a restricted cubic spline of log population, straight beyond the outer of five knots (Harrell,
                Regression Modeling Strategies, 2nd ed., 2.4.5), so that small and large towns do not bend each other

Ordinary least squares with heteroskedasticity-robust HC3 covariance (MacKinnon & White, Journal of Econometrics 29,
1985): six lines of NumPy, held against its definition by leaving out each town, where importing statsmodels takes
seconds. Prediction for towns of other prefectures is measured by leaving one prefecture out at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)
"""Quantiles at which Harrell puts five knots."""
Z95 = 1.959963984540054


class Form(StrEnum):
    LINEAR = "linear"
    TRANSLOG = "translog"
    SPLINE = "spline"


@dataclass(frozen=True)
class Towns:
    """What explains cost; arrays of one length. Several towns' work done together is a town with their sums."""

    population: NDArray[np.float64]
    """People, > 0."""
    habitable: NDArray[np.float64]
    """Hectares of habitable land, > 0."""
    young: NDArray[np.float64]
    """People under 15."""
    old: NDArray[np.float64]
    """People of 65 and over."""
    kinds: NDArray[np.float64]
    """(towns, kinds): 1 where a town is of a kind with other duties (designated city, special ward), else 0."""


@dataclass(frozen=True)
class Model:
    form: Form
    knots: NDArray[np.float64]
    centre: NDArray[np.float64]
    """Means of log population and log density, from which both are counted."""
    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    """HC3."""
    towns: int
    r2: float
    """Of the logarithm, within the sample."""
    population: tuple[float, float]
    """Least and greatest in the sample."""


@dataclass(frozen=True, slots=True)
class Elasticity:
    """By how many per cent cost per head changes where the population is 1 % greater; below 0: it falls."""

    population: float
    value: float
    low: float
    high: float
    """95 % confidence."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How well a form predicts towns of a prefecture that it has not seen."""

    form: Form
    rmse: float
    """Of the logarithm."""
    r2: float
    """1 - squared error / variance, of the logarithm; of one model over all prefectures left out in turn."""
    median_error: float
    """The median of |predicted / actual - 1|."""
    covered: float
    """Share of towns within their 95 % prediction interval."""


def fit(towns: Towns, cost: NDArray[np.float64], form: Form = Form.SPLINE) -> Model:
    """The model of ``cost`` (any unit, > 0, of whole towns). ValueError for values that have no logarithm."""
    if min(towns.population.min(), towns.habitable.min(), cost.min()) <= 0:
        raise ValueError("population, habitable land and cost must be greater than 0")
    size = np.log(towns.population)
    knots = np.quantile(size, KNOTS)
    centre = np.array([size.mean(), np.log(towns.population / towns.habitable).mean()])
    rows, seen = _design(towns, form, knots, centre), np.log(cost / towns.population)
    coefficients, covariance = least_squares(rows, seen)
    rest = seen - rows @ coefficients
    r2 = 1 - float(rest @ rest) / float(((seen - seen.mean()) ** 2).sum())
    reach = (float(towns.population.min()), float(towns.population.max()))
    return Model(form, knots, centre, coefficients, covariance, len(cost), r2, reach)


def least_squares(
    rows: NDArray[np.float64], seen: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients and their HC3 covariance. A column of zeros gets coefficient and variance 0."""
    solver = np.linalg.pinv(rows)
    coefficients: NDArray[np.float64] = solver @ seen
    free = 1 - np.einsum("ij,ji->i", rows, solver)
    # A town that alone determines a coefficient is fitted exactly and tells nothing of the noise.
    rest = np.divide(seen - rows @ coefficients, free, out=np.zeros_like(seen), where=free > 1e-9)
    covariance: NDArray[np.float64] = (solver * rest**2) @ solver.T
    return coefficients, covariance


def log_per_head(model: Model, towns: Towns) -> NDArray[np.float64]:
    """The expected logarithm of cost per head."""
    expected: NDArray[np.float64] = design(model, towns) @ model.coefficients
    return expected


def design(model: Model, towns: Towns) -> NDArray[np.float64]:
    """(towns, coefficients): the regressors of a model."""
    return _design(towns, model.form, model.knots, model.centre)


def curve(model: Model, towns: Towns, populations: Sequence[float]) -> list[tuple[float, float, float]]:
    """Cost per head with 95 % confidence (value, low, high) by size, all else as in the median of ``towns``.

    It is the geometric mean of what such towns spend.
    """
    rows = design(model, _median_town(towns, populations))
    value, error = rows @ model.coefficients, _errors(model, rows)
    return [
        (float(np.exp(v)), float(np.exp(v - Z95 * e)), float(np.exp(v + Z95 * e)))
        for v, e in zip(value, error, strict=True)
    ]


def elasticities(model: Model, towns: Towns, populations: Sequence[float]) -> list[Elasticity]:
    """The elasticity by size, density held as it is (a town larger in land and people alike)."""
    step = 1e-4
    up = design(model, _median_town(towns, [size * np.exp(step) for size in populations]))
    down = design(model, _median_town(towns, [size * np.exp(-step) for size in populations]))
    slopes = (up - down) / (2 * step)
    value, error = slopes @ model.coefficients, _errors(model, slopes)
    return [
        Elasticity(float(size), float(v), float(v - Z95 * e), float(v + Z95 * e))
        for size, v, e in zip(populations, value, error, strict=True)
    ]


def held_out(
    towns: Towns, cost: NDArray[np.float64], prefectures: Sequence[str], form: Form = Form.SPLINE
) -> HeldOut:
    """Leaves out each prefecture in turn. ValueError as ``fit``, and for fewer than two prefectures."""
    of = np.array(prefectures)
    folds = sorted(set(prefectures))
    if len(folds) < 2:
        raise ValueError("with one prefecture there is none to learn from")
    actual = np.log(cost / towns.population)
    guess, spread = np.empty_like(actual), np.empty_like(actual)
    for fold in folds:
        inside = of != fold
        model = fit(subset(towns, inside), cost[inside], form)
        rows = design(model, subset(towns, ~inside))
        rest = actual[inside] - log_per_head(model, subset(towns, inside))
        noise = float(rest @ rest) / (inside.sum() - len(model.coefficients))
        guess[~inside] = rows @ model.coefficients
        spread[~inside] = np.sqrt(noise + _errors(model, rows) ** 2)
    error = guess - actual
    return HeldOut(
        form,
        float(np.sqrt(np.mean(error**2))),
        float(1 - np.sum(error**2) / np.sum((actual - actual.mean()) ** 2)),
        float(np.median(np.abs(np.exp(error) - 1))),
        float(np.mean(np.abs(error) <= Z95 * spread)),
    )


def subset(towns: Towns, which: NDArray[np.bool_] | NDArray[np.intp]) -> Towns:
    return Towns(
        towns.population[which],
        towns.habitable[which],
        towns.young[which],
        towns.old[which],
        towns.kinds[which],
    )


def _design(
    towns: Towns, form: Form, knots: NDArray[np.float64], centre: NDArray[np.float64]
) -> NDArray[np.float64]:
    size = np.log(towns.population)
    people, dense = size - centre[0], np.log(towns.population / towns.habitable) - centre[1]
    controls = [dense, towns.young / towns.population, towns.old / towns.population, *towns.kinds.T]
    columns = [np.ones_like(people), people, *controls]
    if form is Form.TRANSLOG:
        columns += [people**2 / 2, dense**2 / 2, people * dense]
    if form is Form.SPLINE:
        columns += [*_bends(size, knots), dense**2 / 2]
    return np.column_stack(columns)


def _bends(x: NDArray[np.float64], knots: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The non-linear terms of a restricted cubic spline, divided by the squared distance of the outer knots."""

    def cubed(knot: float) -> NDArray[np.float64]:
        return np.asarray(np.maximum(x - knot, 0.0) ** 3, dtype=np.float64)

    *inner, before, last = knots.tolist()
    unit = (last - knots[0]) ** 2
    return [
        (
            cubed(knot)
            - cubed(before) * (last - knot) / (last - before)
            + cubed(last) * (before - knot) / (last - before)
        )
        / unit
        for knot in inner
    ]


def _errors(model: Model, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    variance: NDArray[np.float64] = np.einsum("ij,jk,ik->i", rows, model.covariance, rows)
    return np.sqrt(variance)


def _median_town(towns: Towns, populations: Sequence[float]) -> Towns:
    size = np.array(populations, dtype=np.float64)
    density = float(np.median(towns.population / towns.habitable))
    return Towns(
        size,
        size / density,
        size * float(np.median(towns.young / towns.population)),
        size * float(np.median(towns.old / towns.population)),
        np.zeros((len(size), towns.kinds.shape[1])),
    )
