"""Do two cases tell of the same? By their meaning and by their words together.

Meaning alone is too friendly: two towns that both had meetings written down by a machine are near each other although
each is a case of its own. Words alone miss a text written anew. ``likeness`` is the mean of the two, each brought to
0-1 over the range in which pairs of cases were found to lie; ``SAME`` was chosen on the pairs of
``bench/learning_cases.py`` (docs/learning-cases.md gives the figures).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SAME = 0.4
"""Likeness from which a person is asked to look: between 0.26, the likest of the pairs that tell of something else, and
0.57, the least like of those that tell of the same."""
COSINE_RANGE = (0.75, 0.95)
WORDS_RANGE = (0.15, 0.6)
"""Where unrelated cases end and the same text begins."""


@dataclass(frozen=True, slots=True)
class Likeness:
    key: int
    score: float
    """0 to 1."""
    cosine: float
    words: float
    """Share of words in common (weighted Jaccard index of their counts)."""


def words_in_common(one: Sequence[str], other: Sequence[str]) -> float:
    """Weighted Jaccard index (Ruzicka) of two lists of tokens, 0 to 1; 0 where both are empty."""
    left, right = Counter(one), Counter(other)
    either = sum((left | right).values())
    return sum((left & right).values()) / either if either else 0.0


def likeness(key: int, cosine: float, words: float) -> Likeness:
    return Likeness(key, (_within(cosine, COSINE_RANGE) + _within(words, WORDS_RANGE)) / 2, cosine, words)


def duplicates(
    tokens: Sequence[str], others: Mapping[int, tuple[Sequence[str], float]], same: float = SAME
) -> list[Likeness]:
    """Those of ``others`` (key -> tokens, cosine with the case asked about) that may be the same, likest first."""
    found = [
        likeness(key, cosine, words_in_common(tokens, theirs)) for key, (theirs, cosine) in others.items()
    ]
    return sorted((one for one in found if one.score >= same), key=lambda one: (-one.score, one.key))


def _within(value: float, limits: tuple[float, float]) -> float:
    low, high = limits
    return min(1.0, max(0.0, (value - low) / (high - low)))
