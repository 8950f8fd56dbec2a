"""A page laid on its blank form: features (SIFT), a homography, then a fine fit on patches of print.

Features stand any turn, shift, scale and perspective, so pages need not be straightened first. What is filled in has
no counterpart on the blank form and falls out as outliers. The fine fit warps the page by the first homography and
looks for patches of the form's print nearby (normalised correlation): where they are found gives a second homography,
right to a fraction of a pixel, and the share of them that is found says how well the page lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machi.casework.engine.pages import Image, Matrix, darkest, evened
from machi.casework.engine.types import Box

FEATURE_SIDE = 720
"""Pixels of the longer side of the page on which features are looked for."""
FEATURES = 1_000
NEEDED = 18
"""Features that agree, below which a page does not belong to the form."""
BLANK_SIDE = 2_339
"""Pixels of the longer side in which forms are read: A4 at 200 dots an inch."""
FINE_WIDTH = 900
"""Pixels of width of the blank on which patches are fitted."""
PATCH = 44
REACH = (16, 6)
"""How far patches are looked for, in pixels of the fine blank, first and second time."""


@dataclass(frozen=True)
class Features:
    points: NDArray[np.float32]
    """n x 2, in shares of the page's width and height."""
    descriptors: NDArray[np.float32]
    sides: tuple[int, int]
    """Width and height of the page in pixels."""


@dataclass(frozen=True)
class Blank:
    features: Features
    image: NDArray[np.uint8]
    """Evened grey, ``BLANK_SIDE`` pixels on the longer side."""
    fine: NDArray[np.uint8]
    """Evened grey, ``FINE_WIDTH`` wide."""
    patches: Sequence[tuple[int, int]]
    """Left and top of patches of print on ``fine``."""


@dataclass(frozen=True)
class Laid:
    """``matrix`` (3 x 3) takes shares of the blank form to pixels of the page."""

    matrix: Matrix
    agreeing: int
    """Features that agree."""
    score: float
    """The share of patches of print found in their places, 0 to 1."""

    def on_page(self, box: Box, width: int, height: int) -> Box:
        """The upright rectangle, in shares of the page, around where a box of the blank form lies on it."""
        corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
        points = moved(self.matrix, np.array(corners)) / (width, height)
        (left, top), (right, bottom) = points.min(axis=0).clip(0, 1), points.max(axis=0).clip(0, 1)
        return Box(float(left), float(top), float(right), float(bottom))


def moved(matrix: NDArray[Any], points: NDArray[Any]) -> NDArray[np.float64]:
    """n x 2 points through a homography."""
    ends = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(ends[:, :2] / ends[:, 2:], np.float64)


def features(grey: NDArray[np.uint8]) -> Features:
    """Of an evened grey page."""
    import cv2

    height, width = grey.shape
    scale = FEATURE_SIDE / max(height, width)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    finder = cv2.SIFT.create(nfeatures=FEATURES, contrastThreshold=0.03)
    points, descriptors = finder.detectAndCompute(small, None)
    if not len(points):
        return Features(np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32), (width, height))
    places = np.array([point.pt for point in points], np.float32) / (small.shape[1], small.shape[0])
    # RootSIFT (Arandjelovic and Zisserman 2012): Hellinger's distance between histograms of directions.
    rooted = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-7))
    return Features(places.astype(np.float32), rooted.astype(np.float32), (width, height))


def prepare(image: Image) -> Blank:
    """A blank form's page, made ready once."""
    import cv2

    scale = BLANK_SIDE / max(image.shape[:2])
    sized = cv2.resize(
        image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    )
    grey = evened(darkest(np.asarray(sized, np.uint8)))
    scale = FINE_WIDTH / grey.shape[1]
    fine = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return Blank(features(grey), grey, fine, _patches(fine))


def _patches(fine: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """The patch with the most corners in each cell of a grid, where there is print enough."""
    import cv2

    corners = cv2.blur(cv2.cornerMinEigenVal(fine, 5), (PATCH // 2, PATCH // 2))
    height, width = fine.shape
    found = []
    cell = 75
    strong = float(corners.max()) * 0.15
    for top in range(0, height - cell, cell):
        for left in range(0, width - cell, cell):
            part = corners[top : top + cell, left : left + cell]
            row, column = np.unravel_index(int(part.argmax()), part.shape)
            if part[row, column] < strong:
                continue
            x = min(max(0, left + int(column) - PATCH // 2), width - PATCH)
            y = min(max(0, top + int(row) - PATCH // 2), height - PATCH)
            found.append((x, y))
    return found


def lay(grey: NDArray[np.uint8], page: Features, blank: Blank) -> Laid | None:
    """Where the blank form lies on the page (evened grey, with its features), or None where it does not."""
    import cv2

    if min(len(page.points), len(blank.features.points)) < NEEDED:
        return None
    near = blank.features.descriptors @ page.descriptors.T
    best = near.argmax(axis=1)
    rows = np.arange(len(best))
    first = near[rows, best]
    near[rows, best] = -1
    second = near.max(axis=1)
    good = np.flatnonzero((2 - 2 * first) < 0.85**2 * (2 - 2 * second))
    if len(good) < NEEDED:
        return None
    source = blank.features.points[good] * blank.features.sides
    goal = page.points[best[good]] * page.sides
    matrix, mask = cv2.findHomography(
        source, goal, cv2.USAC_MAGSAC, 6.0 * max(page.sides) / 2_400, maxIters=4_000
    )
    if matrix is None or mask is None or int(mask.sum()) < NEEDED:
        return None
    whole = np.asarray(matrix @ np.diag([*blank.features.sides, 1.0]), np.float64)
    if not _possible(whole, page.sides):
        return None
    fitted, score = whole, 0.0
    for reach in REACH:
        fitted, score = _fitted(grey, fitted, blank, reach)
    return Laid(fitted, int(mask.sum()), score)


def _possible(matrix: Matrix, sides: tuple[int, int]) -> bool:
    """The paper's corners make a convex quadrilateral, not mirrored, of a size that a page can have."""
    corners = moved(matrix, np.array([(0, 0), (1, 0), (1, 1), (0, 1.0)]))
    edges = np.roll(corners, -1, axis=0) - corners
    turns = edges[:, 0] * np.roll(edges, -1, axis=0)[:, 1] - edges[:, 1] * np.roll(edges, -1, axis=0)[:, 0]
    area = 0.5 * abs(
        float(np.sum(corners[:, 0] * np.roll(corners[:, 1], -1) - corners[:, 1] * np.roll(corners[:, 0], -1)))
    )
    lengths = np.linalg.norm(edges, axis=1)
    return bool((turns > 0).all() and area > 0.12 * sides[0] * sides[1] and lengths.max() < 4 * lengths.min())


def _fitted(grey: NDArray[np.uint8], matrix: Matrix, blank: Blank, reach: int) -> tuple[Matrix, float]:
    import cv2

    height, width = blank.fine.shape
    to_fine = np.diag([width, height, 1.0])
    warped = warp(grey, matrix, (width, height))
    source, goal = [], []
    for x, y in blank.patches:
        left, top = max(0, x - reach), max(0, y - reach)
        window = warped[top : y + PATCH + reach, left : x + PATCH + reach]
        found = cv2.matchTemplate(window, blank.fine[y : y + PATCH, x : x + PATCH], cv2.TM_CCOEFF_NORMED)
        _, peak, _, (column, row) = cv2.minMaxLoc(found)
        if peak < 0.55:
            continue
        middle = PATCH / 2
        source.append((x + middle, y + middle))
        goal.append((left + _peak(found[row], column) + middle, top + _peak(found[:, column], row) + middle))
    if len(source) < 8:
        return matrix, 0.0
    start, end = np.array(source, np.float64), np.array(goal, np.float64)
    change, mask = cv2.findHomography(start, end, cv2.RANSAC, 1.5)
    if change is None or int(mask.sum()) < 8:
        return matrix, 0.0
    better = matrix @ np.linalg.inv(to_fine) @ change @ to_fine
    return np.asarray(better, np.float64), float(mask.sum()) / max(1, len(blank.patches))


def _peak(values: NDArray[Any], at: int) -> float:
    """The top of the parabola through a maximum and its neighbours."""
    if not 0 < at < len(values) - 1:
        return float(at)
    before, here, after = (float(values[at + step]) for step in (-1, 0, 1))
    bend = before - 2 * here + after
    return at + (0.5 * (before - after) / bend if bend < 0 else 0.0)


def warp(image: Image, matrix: Matrix, size: tuple[int, int], sharp: bool = False) -> Image:
    """The page as the blank form sees it, ``size`` (width, height) in pixels; ``sharp`` costs twice as much."""
    import cv2

    width, height = size
    whole = matrix @ np.diag([1 / width, 1 / height, 1.0])
    return np.asarray(
        cv2.warpPerspective(
            image,
            whole,
            size,
            flags=(cv2.INTER_CUBIC if sharp else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )
