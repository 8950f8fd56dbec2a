"""Marks by image analysis: boxes ticked, words circled, seals and signatures there or not.

Pages come as darkness: height x width, float32, 0 for the paper and 1 for full ink of this page's print, laid on the
blank form, whose darkness comes beside it. What counts is ink that the blank form does not have there (``added``), so
that printed squares, words and ㊞ are no marks. Every judgement gives the amount seen; ``calibration`` turns amounts
into probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from machi.casework.engine.types import Box

Darkness = NDArray[np.float32]

TICKED = 0.10
"""Added darkness inside a box from which it is marked; a thin tick brings about 0.2, grain and a shifted rule 0.03."""
CIRCLED = 0.5
"""Share of directions in which a stroke goes round the words."""
SEALED = (0.05, 150.0)
"""Share of a seal's place that added ink covers, and of how many square millimetres at most: a seal is no larger in a
wider place."""
SIGNED = (0.012, 900.0)
"""The same of a name."""
_RAYS = 48


@dataclass(frozen=True)
class Mark:
    present: bool
    amount: float
    """What was measured, in units of its threshold: 1 is undecided, 0 nothing."""


def pixels(box: Box, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in whole pixels, inside the image and not empty."""
    height, width = shape[:2]
    left = min(max(0, round(box.left * width)), width - 1)
    top = min(max(0, round(box.top * height)), height - 1)
    right = min(max(left + 1, round(box.right * width)), width)
    bottom = min(max(top + 1, round(box.bottom * height)), height)
    return left, top, right, bottom


def grown(blank: Darkness, slack: int = 3) -> Darkness:
    """The blank form's ink and what lies within ``slack`` pixels of it, a quarter darker."""
    import cv2

    return np.asarray(1.25 * cv2.dilate(blank, np.ones((2 * slack + 1, 2 * slack + 1), np.uint8)), np.float32)


def added(page: Darkness, own: Darkness) -> Darkness:
    """Ink of the page where the blank form has none nearby; ``own`` is the blank form's ink, ``grown``."""
    import cv2

    return np.asarray(np.maximum(cv2.subtract(page, own), 0), np.float32)


def is_square(blank: Darkness, box: Box) -> bool:
    """The place is a printed box with nothing in it (to be ticked), not words (to be circled)."""
    left, top, right, bottom = pixels(box, blank.shape)
    wide, high = right - left, bottom - top
    if not 0.5 < wide / max(1, high) < 2.0:
        return False
    inner = blank[top + high // 4 : bottom - high // 4, left + wide // 4 : right - wide // 4]
    reach = max(2, wide // 6)
    ring = blank[max(0, top - reach) : bottom + reach, max(0, left - reach) : right + reach]
    sides = (ring[:, : 2 * reach + 1], ring[:, -2 * reach - 1 :])
    lines = [float(side.mean(axis=0).max()) for side in sides]
    return bool(inner.size and inner.mean() < 0.12 and min(lines) > 0.3)


def ticked(page: Darkness, blank: Darkness, box: Box) -> Mark:
    """A box (``□``): any stroke, cross or filling in its inside."""
    left, top, right, bottom = pixels(box, page.shape)
    inset_x, inset_y = round((right - left) * 0.2), round((bottom - top) * 0.2)
    inside = (slice(top + inset_y, bottom - inset_y), slice(left + inset_x, right - inset_x))
    if page[inside].size == 0:
        return Mark(False, 0.0)
    amount = float(np.clip(page[inside], 0, 1).mean() - np.clip(blank[inside], 0, 1).mean()) / TICKED
    return Mark(amount > 1, max(0.0, amount))


def circled(extra: Darkness, box: Box, reach: int) -> Mark:
    """Words: a stroke around them. ``extra`` is added ink; ``reach`` how far outside the words it may lie (pixels).

    From the middle, in all directions: the share in which ink is met between nine tenths of the way to the words' edge
    and ``reach`` beyond it. A neighbour's circle is met in a few directions only.
    """
    left, top, right, bottom = pixels(box, extra.shape)
    middle = ((left + right) / 2, (top + bottom) / 2)
    half = ((right - left) / 2, (bottom - top) / 2)
    angles = np.linspace(0, 2 * np.pi, _RAYS, endpoint=False)
    directions = np.column_stack([np.cos(angles), np.sin(angles)])
    steps = np.linspace(0.9, 1.0, 4)[None, :, None] * np.array(half)[None, None, :] * directions[:, None, :]
    beyond = directions[:, None, :] * (np.array(half) + np.linspace(0, reach, 2 * reach)[:, None])[None, :, :]
    places = np.concatenate([steps, beyond], axis=1) + middle
    columns = places[..., 0].round().astype(int).clip(0, extra.shape[1] - 1)
    rows = places[..., 1].round().astype(int).clip(0, extra.shape[0] - 1)
    met = extra[rows, columns].max(axis=1) > 0.3
    amount = float(met.mean()) / CIRCLED
    return Mark(amount > 1, amount)


def covered(extra: Darkness, box: Box, threshold: float) -> Mark:
    """Added ink on more than the share ``threshold`` of the place, specks not counted."""
    import cv2

    left, top, right, bottom = pixels(box, extra.shape)
    part = (extra[top:bottom, left:right] > 0.25).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    large = [int(area) for area in stats[1:count, cv2.CC_STAT_AREA] if area >= 12]
    amount = sum(large) / max(1, part.size) / threshold
    return Mark(amount > 1, amount)


def sealed(extra: Darkness, box: Box, pixels_per_mm: float) -> Mark:
    """A seal, in a place of any size."""
    return _covered_of(extra, box, pixels_per_mm, *SEALED)


def signed(extra: Darkness, box: Box, pixels_per_mm: float) -> Mark:
    """A name written by hand or in print, in a place of any size."""
    return _covered_of(extra, box, pixels_per_mm, *SIGNED)


def _covered_of(extra: Darkness, box: Box, pixels_per_mm: float, share: float, most: float) -> Mark:
    left, top, right, bottom = pixels(box, extra.shape)
    area = (right - left) * (bottom - top) / pixels_per_mm**2
    return covered(extra, box, share * min(1.0, most / area))


def chosen(marks: Sequence[Mark], single: bool) -> list[int]:
    """Which options are marked; of circles (``single``) the clearest where several seem to be."""
    present = [number for number, mark in enumerate(marks) if mark.present]
    if single and len(present) > 1:
        best = max(present, key=lambda number: marks[number].amount)
        return [
            number for number in present if number == best or marks[number].amount > 0.9 * marks[best].amount
        ]
    return present
