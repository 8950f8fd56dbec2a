"""Short free texts grouped by what they speak of, each group named with words of its own texts.

Two texts are alike by their sentence vectors (cosine) and by the content words they share (Jaccard, each word weighted
by its inverse document frequency, so that a word everybody uses joins nobody). Groups are those of average-linkage
clustering (Sokal and Michener 1958) cut at one height; small ones are joined into "of no topic". Nothing is random and
nothing is written: a label is made of words that stand in the texts, as they stand there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SMALLEST = 3
"""Texts of a group that is told as a topic: fewer could tell who wrote them."""
CUT = 0.74
"""Average distance up to which texts are one topic; set by looking at some forty made-up answers, not measured."""
WORDS_WEIGHT = 0.5
"""Of the shared words; the rest is the vectors'."""
_LOW, _HIGH = 0.75, 0.97
"""Cosines of the house's embedder between texts that have nothing to do with each other, and that say the same."""
_LABEL_WORDS = 3


class Word(NamedTuple):
    """A content word: the form by which it is compared, and how it stands in the text."""

    form: str
    surface: str


@dataclass(frozen=True, slots=True)
class Topic:
    """``members``: places of its texts, the nearest to its middle first. ``label``: words of its texts; both empty
    parts of the answer: ``label`` is () for what belongs to no topic."""

    label: tuple[str, ...]
    members: tuple[int, ...]


def topics(
    words: Sequence[Sequence[Word]],
    vectors: NDArray[np.float32],
    *,
    smallest: int = SMALLEST,
    cut: float = CUT,
) -> list[Topic]:
    """The topics of as many texts as there are rows, the largest first, and last what belongs to none (if anything).

    ``vectors``: shape (texts, dimension), rows of unit length. ValueError where the lengths differ.
    """
    if len(words) != len(vectors):
        raise ValueError("a row of words and a vector for each text")
    if not len(words):
        return []
    similar = similarity(words, vectors)
    groups = _groups(similar, cut)
    large = [group for group in groups if len(group) >= smallest]
    rest = sorted(at for group in groups if len(group) < smallest for at in group)
    weights = _weights(words)
    found = [Topic(_label(group, words, weights), _ordered(group, similar)) for group in large]
    # A group whose texts share no word has nothing to be called by.
    rest = sorted([*rest, *(at for one in found if not one.label for at in one.members)])
    found = sorted((one for one in found if one.label), key=lambda one: (-len(one.members), min(one.members)))
    return [*found, Topic((), tuple(rest))] if rest else found


def similarity(words: Sequence[Sequence[Word]], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """How alike texts are, 0 to 1; shape (texts, texts)."""
    weights = _weights(words)
    forms = sorted(weights)
    at = {form: place for place, form in enumerate(forms)}
    has = np.zeros((len(words), len(forms)))
    for row, one in enumerate(words):
        has[row, [at[word.form] for word in one]] = 1.0
    heavy = has * np.array([weights[form] for form in forms])
    shared = heavy @ has.T
    total = heavy.sum(axis=1)
    union = total[:, None] + total[None, :] - shared
    jaccard = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    # Square root: of two sentences a quarter of shared words is much already.
    lexical = np.sqrt(np.clip(jaccard, 0, 1))
    cosine = np.asarray(vectors, np.float64) @ np.asarray(vectors, np.float64).T
    semantic = np.clip((cosine - _LOW) / (_HIGH - _LOW), 0, 1)
    similar: NDArray[np.float64] = WORDS_WEIGHT * lexical + (1 - WORDS_WEIGHT) * semantic
    similar = (similar + similar.T) / 2
    np.fill_diagonal(similar, 1.0)
    return similar


def _weights(words: Sequence[Sequence[Word]]) -> dict[str, float]:
    """Form -> ln((1 + texts) / (1 + texts that have it)) + 0.1: what is in all of them weighs almost nothing."""
    seen = Counter(form for one in words for form in {word.form for word in one})
    return {form: math.log((1 + len(words)) / (1 + count)) + 0.1 for form, count in seen.items()}


def _groups(similar: NDArray[np.float64], cut: float) -> list[list[int]]:
    if len(similar) == 1:
        return [[0]]
    from scipy.cluster.hierarchy import fcluster, linkage  # slow to import: on first use
    from scipy.spatial.distance import squareform

    # Rounded, so that the same texts give the same groups on machines whose last bits differ.
    apart = squareform(np.round(1 - similar, 9), checks=False)
    found: dict[int, list[int]] = {}
    for place, group in enumerate(fcluster(linkage(apart, "average"), cut, "distance")):
        found.setdefault(int(group), []).append(place)
    return sorted(found.values())


def _ordered(group: Sequence[int], similar: NDArray[np.float64]) -> tuple[int, ...]:
    near = {at: float(np.round(similar[at, list(group)].mean(), 9)) for at in group}
    return tuple(sorted(group, key=lambda at: (-near[at], at)))


def _label(
    group: Sequence[int], words: Sequence[Sequence[Word]], weights: dict[str, float]
) -> tuple[str, ...]:
    """Words that at least two of its texts share, those that say most about it first."""
    inside = Counter(form for at in group for form in {word.form for word in words[at]})
    shared = {form: count for form, count in inside.items() if count >= 2}
    best = sorted(shared, key=lambda form: (-shared[form] * weights[form], form))[:_LABEL_WORDS]
    return tuple(_surface(form, group, words) for form in best)


def _surface(form: str, group: Sequence[int], words: Sequence[Sequence[Word]]) -> str:
    """As it stands most often in the group."""
    seen = Counter(word.surface for at in group for word in words[at] if word.form == form)
    return min(seen, key=lambda surface: (-seen[surface], surface))
