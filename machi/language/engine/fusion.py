"""Joining the lexical and the semantic score of the same passages into the one that orders them."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SEMANTIC_WEIGHT = 0.7


def fuse(bm25: Floats, cosine: Floats, semantic_weight: float = SEMANTIC_WEIGHT) -> Floats:
    """Return one score a candidate from its BM25 score and its cosine, both of shape (candidates,).

    Each signal is brought to 0-1 over the candidates, then averaged with weights ``1 - semantic_weight``
    and ``semantic_weight`` (a convex combination: Bruch, Gai, Ingber 2023, "An Analysis of Fusion Functions
    for Hybrid Retrieval"). A candidate without a cosine (NaN: not embedded yet) is given the mean of the
    others, so that it is neither buried nor raised for being new; where none has one, all stand in the middle: words
    alone tell less well which passage is best, and whoever reads the scores' ratios should trust them less.
    """
    unknown = np.isnan(cosine)
    if unknown.all():
        return (1.0 - semantic_weight) * _unit(bm25) + semantic_weight * 0.5
    if unknown.any():
        # Summed in order of size: the mean must not depend on the order of the candidates.
        cosine = np.where(unknown, np.sort(cosine[~unknown]).mean(), cosine)
    return (1.0 - semantic_weight) * _unit(bm25) + semantic_weight * _unit(cosine)


def _unit(values: Floats) -> Floats:
    """Bring ``values`` to 0-1, the least to 0 and the greatest to 1; all 0 where they are equal."""
    if not len(values):
        return values
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if high > low else np.zeros_like(values)
