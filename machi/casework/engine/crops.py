"""The lines of writing in a field, cut out for the recogniser: rules taken away, wide gaps closed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from machi.casework.engine.marks import Darkness, pixels
from machi.casework.engine.types import Box

ROUND_DIRT = 1.6
"""Millimetres below which a blot that is about as long as wide is writing only next to other writing."""


@dataclass(frozen=True)
class Line:
    """``image`` is grey, 255 for paper; ``box`` lies on the blank form."""

    image: NDArray[np.uint8]
    box: Box


def rules(blank: Darkness, pixels_per_mm: float) -> NDArray[np.uint8]:
    """1 where the blank form has long straight lines (tables, digit boxes), a little widened; else 0."""
    import cv2

    ink = (blank > 0.3).astype(np.uint8)
    length = max(9, round(4.5 * pixels_per_mm))
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    slack = max(3, 2 * round(0.25 * pixels_per_mm) + 1)
    return np.asarray(cv2.dilate(cv2.max(level, upright), np.ones((slack, slack), np.uint8)), np.uint8)


def dirt(extra: Darkness, box: Box, pixels_per_mm: float) -> float:
    """Square millimetres of ink in ``box`` that the form has not: how bare a field is that was taken for empty."""
    left, top, right, bottom = pixels(box, extra.shape)
    return float(_inked(extra[top:bottom, left:right]).sum()) / pixels_per_mm**2


def _inked(extra: Darkness) -> NDArray[np.uint8]:
    """1 where there is ink. Grain averages out over nine pixels; the thin level strokes of a pale Mincho do not."""
    import cv2

    return np.asarray(cv2.blur(np.ascontiguousarray(extra), (3, 3)) > 0.18, np.uint8)


def lines(
    page: Darkness,
    extra: Darkness,
    erased: NDArray[np.uint8],
    box: Box,
    pixels_per_mm: float,
    *,
    floor: float = 0.0,
    inside: bool = False,
) -> list[Line]:
    """Lines of writing in ``box`` from top to bottom; none where nobody wrote.

    ``extra`` is ink that the form has not; ``erased`` is 1 where print of the form is not to be read. For a second
    look: ``floor`` leaves out ink that is paler (stamps), ``inside`` strokes that come from outside of the box.
    """
    import cv2

    left, top, right, bottom = pixels(box, page.shape)
    part = np.where(erased[top:bottom, left:right] > 0, 0, page[top:bottom, left:right]).astype(np.float32)
    written = _without_specks(_inked(extra[top:bottom, left:right]), pixels_per_mm)
    if written.sum() < 0.4 * pixels_per_mm**2:
        return []
    every = (cv2.blur(part, (3, 3)) > 0.16).astype(np.uint8)
    ink = _without_specks(every, pixels_per_mm)
    if inside:
        ink = _without_guests(ink)
    if floor:
        part = np.clip((part - floor) / (1 - floor), 0, 1.3)
        ink = _without_specks((part > 0.2).astype(np.uint8) & ink, pixels_per_mm)
    # What was taken out is wiped with its soft edges; pale strokes of what stays keep theirs.
    gone = cv2.dilate(np.asarray(every & (1 - ink), np.uint8), np.ones((5, 5), np.uint8))
    near = cv2.dilate(ink, np.ones((2 * round(pixels_per_mm) + 1,) * 2, np.uint8))
    part = np.where((gone > 0) & (near == 0), 0, part).astype(np.float32)
    written &= ink
    found = []
    for first, last in _rows(ink, written, pixels_per_mm):
        columns = np.flatnonzero(ink[first:last].any(axis=0))
        if not len(columns):
            continue
        pad = max(2, round(0.12 * (last - first)))
        # Half a letter more: the recogniser wants a margin, and a pale first stroke may have been missed.
        side = round(0.4 * (last - first))
        start, end = max(0, columns[0] - side), min(part.shape[1], columns[-1] + 1 + side)
        high, low = max(0, first - pad), min(part.shape[0], last + pad)
        grey = (255 * (1 - np.clip(part[high:low, start:end], 0, 1))).astype(np.uint8)
        grey = _closed_up(grey, ink[first:last, start:end], last - first)
        height, width = page.shape
        where = Box((left + start) / width, (top + high) / height, (left + end) / width, (top + low) / height)
        found.append(Line(grey, where))
    return found


def _without_specks(ink: NDArray[np.uint8], pixels_per_mm: float) -> NDArray[np.uint8]:
    """Dots taken out that stand alone: strokes less than half a millimetre apart belong together, and a group as small
    as a full stop stays only where larger ones are near, or beside it on its line."""
    import cv2

    reach = 2 * round(0.25 * pixels_per_mm) + 1
    near = cv2.dilate(ink, np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    if count == 1:
        return ink
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] - reach + 1
    longest, shortest = sides.max(axis=1), sides.min(axis=1)
    areas = np.bincount(labels[ink > 0], minlength=count)
    # A copier's dirt is as long as wide; the least that is written by itself (一, 1, a dash) is long or larger.
    keep = (longest >= 1.0 * pixels_per_mm) & (areas >= 0.15 * pixels_per_mm**2)
    keep &= (longest >= ROUND_DIRT * pixels_per_mm) | (longest > 2 * shortest)
    keep[0] = False
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    large = np.flatnonzero(keep)
    for number in np.flatnonzero(~keep & (areas >= 0.05 * pixels_per_mm**2)):
        if number and len(large):
            across = np.maximum(left[large] - right[number], left[number] - right[large])
            down = np.maximum(top[large] - bottom[number], top[number] - bottom[large])
            # Boxes are half a millimetre larger than their ink.
            near_one = bool(np.maximum(across, down).min() < 0.45 * pixels_per_mm)
            # A broken letter (こ, ら, ハ of a fax) has a whole one beside it on its line, or before and behind it.
            level = down < -0.5 * (bottom[number] - top[number])
            gap = 4 * pixels_per_mm
            before = level & (right[large] <= left[number]) & (left[number] - right[large] < gap)
            behind = level & (left[large] >= right[number]) & (left[large] - right[number] < gap)
            beside = level & (across < 1.3 * pixels_per_mm)
            keep[number] = near_one or bool(beside.any() or (before.any() and behind.any()))
    return np.asarray(keep[labels] & (ink > 0), np.uint8)


def _without_guests(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Strokes that touch the top, bottom, left or right of the box taken out."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    height, width = ink.shape
    rim = 5
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    keep = (left > rim) & (top > rim) & (right < width - rim) & (bottom < height - rim)
    keep[0] = False
    return np.asarray(keep[labels], np.uint8) if count > 1 else ink


def _rows(ink: NDArray[np.uint8], written: NDArray[np.uint8], pixels_per_mm: float) -> list[tuple[int, int]]:
    """First and last row (exclusive) of each line that holds writing."""
    filled = ink.sum(axis=1) > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], filled.astype(int), [0]])))
    runs = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    low = 1.3 * pixels_per_mm
    joined: list[tuple[int, int]] = []
    for run in runs:
        # Parts of letters (the dot of a dakuten, the strokes of 二) belong to the line they stand next to.
        if joined and (
            run[0] - joined[-1][1] < 0.35 * pixels_per_mm
            or (
                (run[1] - run[0] < low or joined[-1][1] - joined[-1][0] < low)
                and run[0] - joined[-1][1] < 1.1 * pixels_per_mm
            )
        ):
            joined[-1] = (joined[-1][0], run[1])
        else:
            joined.append(run)
    return [(a, b) for a, b in joined if written[a:b].sum() >= 0.25 * pixels_per_mm**2]


def _closed_up(grey: NDArray[np.uint8], ink: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    """Gaps wider than a letter made as wide as one, so that boxes of digits become words."""
    empty = ink.max(axis=0) == 0
    limit = max(4, round(0.75 * height))
    keep = np.full(empty.shape[0], True)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(empty, np.int8), [0]])))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start > limit and start > 0 and end < empty.shape[0]:
            keep[start + limit // 2 : end - (limit - limit // 2)] = False
    return np.ascontiguousarray(grey[:, keep])
