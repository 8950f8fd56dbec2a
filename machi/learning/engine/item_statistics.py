"""What an exercise's items tell of themselves, from the points that a group of learners got on them.

Classical test theory: *difficulty* p is the mean of an item's points; *discrimination* the Pearson correlation of its
points with the sum of the exercise's other items (corrected item-total correlation; point-biserial where points are
0 or 1). Below ``SMALLEST`` learners nothing is told, so that no answer can be read off. Bounds of the words: Ebel
and Frisbie, "Essentials of Educational Measurement" (1991): below 0.2 an item needs a look, below 0 its key does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from machi.joint.engine.suppression import SMALLEST

EASY, HARD = 0.9, 0.3
LITTLE, WRONG = 0.2, 0.0


class Word(StrEnum):
    FEW = "few"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    CHECK_KEY = "check_key"
    NOT_DISCRIMINATING = "not_discriminating"
    UNCLEAR = "unclear"
    """Too few learners to tell whether it discriminates."""
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """``number``, ``difficulty`` and ``discrimination`` None: too few learners. ``discrimination`` alone None: the
    exercise has one item, or all got the same."""

    item: str
    number: int | None
    difficulty: float | None
    discrimination: float | None
    words: tuple[Word, ...]


def item_statistics(answers: Sequence[Mapping[str, float]], items: Sequence[str]) -> list[ItemStatistics]:
    """``answers``: for each learner, item -> points 0 to 1 (an item not there: 0); ``items`` in order."""
    if len(answers) < SMALLEST:
        return [ItemStatistics(item, None, None, None, (Word.FEW,)) for item in items]
    points = np.array([[float(one.get(item, 0.0)) for item in items] for one in answers]).clip(0, 1)
    total = points.sum(axis=1)
    found = []
    for at, item in enumerate(items):
        difficulty = float(points[:, at].mean())
        discrimination = _correlation(points[:, at], total - points[:, at]) if len(items) > 1 else None
        found.append(
            ItemStatistics(
                item,
                len(answers),
                difficulty,
                discrimination,
                _words(difficulty, discrimination, len(answers)),
            )
        )
    return found


def _correlation(
    one: "np.ndarray[tuple[int], np.dtype[np.float64]]", other: "np.ndarray[tuple[int], np.dtype[np.float64]]"
) -> float | None:
    if np.ptp(one) < 1e-12 or np.ptp(other) < 1e-12:
        return None
    return float(np.clip(np.corrcoef(one, other)[0, 1], -1, 1))


def _words(difficulty: float, discrimination: float | None, number: int) -> tuple[Word, ...]:
    said = []
    if discrimination is not None and discrimination < LITTLE and difficulty <= EASY:
        said.append(_of_discrimination(discrimination, number))
    if difficulty > EASY:
        said.append(Word.TOO_EASY)
    elif difficulty < HARD:
        said.append(Word.TOO_HARD)
    return tuple(said) or (Word.GOOD,)


def _of_discrimination(discrimination: float, number: int) -> Word:
    """A low correlation of few learners may be chance: it is held against an item only where the upper end of its
    95 % interval (Fisher's transformation) is low too."""
    upper = np.tanh(np.arctanh(max(discrimination, -0.999_999)) + 1.96 / np.sqrt(max(number - 3, 1)))
    if upper >= LITTLE:
        return Word.UNCLEAR
    return Word.CHECK_KEY if discrimination < WRONG else Word.NOT_DISCRIMINATING
