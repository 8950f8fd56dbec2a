"""Regularised logistic regression by Newton's method, two classes or more, in plain NumPy.

The benches fit small models whose coefficients are shipped; nothing here runs in machi itself.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


STEPS = 50


def fit_binary(
    x: Floats,
    y: Floats,
    penalty: float,
    sample_weights: Floats | None = None,
    expected: Floats | None = None,
) -> tuple[Floats, float]:
    """Coefficients and intercept that minimise weighted log loss + ``penalty``/2 * ||coefficients - expected||².

    ``x`` has shape (samples, features), ``y`` holds 0 or 1. The intercept is not penalised. ``expected``: what the
    coefficients are drawn to where the samples say little; zeros if it is not given.
    """
    importance = np.ones(len(x)) if sample_weights is None else sample_weights
    design = np.c_[x, np.ones(len(x))]
    ridge = np.diag(np.r_[np.full(x.shape[1], penalty), 1e-9])
    towards = np.r_[np.zeros(x.shape[1]) if expected is None else expected, 0.0]
    weights = towards.copy()

    def loss(at: Floats) -> float:
        z = design @ at
        return float(
            importance @ (np.logaddexp(0.0, z) - y * z) + 0.5 * (at - towards) @ ridge @ (at - towards)
        )

    for _ in range(STEPS):
        p = sigmoid(design @ weights)
        gradient = design.T @ (importance * (p - y)) + ridge @ (weights - towards)
        hessian = (design * (importance * p * (1 - p))[:, None]).T @ design + ridge
        step = np.linalg.solve(hessian, gradient)
        # A whole step may overshoot where it starts far off.
        while np.abs(step).max() >= 1e-9 and loss(weights - step) > loss(weights):
            step /= 2
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights[:-1], float(weights[-1])


def sigmoid(z: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(z, -30, 30)))


def auroc(score: Floats, y: Floats) -> float:
    """Probability that a positive scores above a negative, ties counting half (Mann-Whitney)."""
    positive, negative = score[y == 1], score[y == 0]
    above = (positive[:, None] > negative[None, :]).mean()
    return float(above + 0.5 * (positive[:, None] == negative[None, :]).mean())


def calibration_error(probability: Floats, y: Floats, bins: int = 10) -> float:
    """Expected calibration error: mean |share right - mean probability| over bins of equal width, by size."""
    edges = np.clip((probability * bins).astype(int), 0, bins - 1)
    error = 0.0
    for bin_ in range(bins):
        inside = edges == bin_
        if inside.any():
            error += inside.mean() * abs(y[inside].mean() - probability[inside].mean())
    return float(error)
