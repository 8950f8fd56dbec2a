"""A page as its blank form sees it: laid on it, light evened, stamps paled, its ink told from the form's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from machi.casework.engine import marks
from machi.casework.engine.crops import rules
from machi.casework.engine.marks import Darkness
from machi.casework.engine.pages import (
    Image,
    Page,
    darkest,
    evened,
    is_grey,
    open_pages,
    without_streaks,
)
from machi.casework.engine.registration import BLANK_SIDE, Blank, Laid, prepare, warp

PIXELS_PER_MM = BLANK_SIDE / 297
"""A4 is taken for granted; other sizes of paper are read as well, their margins are only other millimetres."""


@dataclass(frozen=True)
class Prepared:
    """A blank form's page, made ready once; 13 MB."""

    blank: Blank
    ruled: NDArray[np.uint8]
    """1 on its rules."""
    printed: NDArray[np.uint8]
    """1 on and near any of its print."""

    def ink(self) -> Darkness:
        return np.asarray(1 - self.blank.image.astype(np.float32) / 255, np.float32)


@dataclass(frozen=True)
class Seen:
    """A page as its blank form sees it."""

    number: int
    page: Page
    laid: Laid
    prepared: Prepared
    own: Darkness
    """The blank form's ink."""
    ink: Darkness
    """Print and writing; red seals left out."""
    extra: Darkness
    """What of it the blank form has not."""
    all_extra: Darkness
    """The same with seals."""


@lru_cache(maxsize=64)
def prepared_blank(data: bytes) -> tuple[Prepared, ...]:
    """The pages of a blank form's file. Raises ``pages.CannotOpen``."""
    import cv2

    found = []
    for page in open_pages(data):
        blank = prepare(page.image)
        ink = np.asarray(1 - blank.image.astype(np.float32) / 255, np.float32)
        ruled = rules(ink, PIXELS_PER_MM)
        near = cv2.dilate((ink > 0.25).astype(np.uint8), np.ones((5, 5), np.uint8))
        found.append(Prepared(blank, ruled, np.asarray(cv2.max(near, ruled), np.uint8)))
    return tuple(found)


def see(number: int, page: Page, laid: Laid, prepared: Prepared) -> Seen:
    own = prepared.ink()
    grown = marks.grown(own)
    height, width = own.shape
    mended = without_streaks(page.image)
    if is_grey(mended):
        grey = warp(np.ascontiguousarray(mended[..., 0]), laid.matrix, (width, height), sharp=True)
        ink = _darkness(grey, own)
        extra = marks.added(ink, grown)
        return Seen(number, page, laid, prepared, own, ink, extra, extra)
    flat = warp(mended, laid.matrix, (width, height), sharp=True)
    whole = _darkness(darkest(flat), own)
    all_extra = marks.added(whole, grown)
    ink, extra = whole, all_extra
    if (channel := _without_stamps(flat, all_extra)) is not None:
        ink = _darkness(channel, own)
        extra = marks.added(ink, grown)
    return Seen(number, page, laid, prepared, own, ink, extra, all_extra)


def _without_stamps(flat: Image, extra: Darkness) -> NDArray[np.uint8] | None:
    """The grey in which coloured stamps are palest and the writing is not; None for a page without colour.

    Black writing: the lightest channel, in which ink of any colour pales. Blue writing: red, in which seals vanish.
    """
    import cv2

    small = (
        cv2.resize(flat, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        .reshape(-1, 3)
        .astype(np.float32)
    )
    added = cv2.resize(extra, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA).reshape(-1)
    paper = np.median(small, axis=0)
    colours = np.clip(small[added > 0.25] / np.maximum(paper, 1), 0, 1)
    if not len(colours):
        return None
    vivid = colours.max(axis=1) - colours.min(axis=1)
    if float(np.quantile(vivid, 0.95)) < 0.12:
        return None
    blue = (vivid > 0.15) & (colours[:, 0] > colours[:, 2] + 0.1)
    if float(blue.mean()) > 0.5:
        return np.ascontiguousarray(flat[..., 2])
    # The paper made colourless, not brighter: its lit part must not be washed out by the shadow's measure.
    levels = np.clip(np.arange(256)[:, None] * (paper.max() / np.maximum(paper, 1)), 0, 255).astype(np.uint8)
    first, second, third = (cv2.LUT(one, levels[:, number]) for number, one in enumerate(cv2.split(flat)))
    return np.asarray(cv2.max(cv2.max(first, second), third), np.uint8)


def _darkness(grey: NDArray[np.uint8], blank: Darkness) -> Darkness:
    """0 for paper (with its grain), 1 for ink as dark as this page's print."""
    import cv2

    even = evened(grey)
    printed = even[blank > 0.75]
    strength = 1 - float(np.median(printed)) / 255 if printed.size > 500 else 0.8
    floor = min(0.08, 0.2 * strength)
    table = np.clip((1 - np.arange(256) / 255 - floor) / max(0.1, strength - floor), 0, 1.3).astype(
        np.float32
    )
    return np.asarray(cv2.LUT(even, table), np.float32)
