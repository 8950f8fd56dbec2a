"""A fingerprint of a page by which the same paper scanned twice is found.

All applications on one form look alike from afar, so the usual hash of 64 bits would call them all the same. Here the
page is cut to its ink, brought to a fixed size, and the darkness of ``GRID`` cells is kept in 4 bits each: fine enough
that other handwriting shows, coarse enough that noise does not. ``likeness`` lets one lie a cell off the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

ROWS, COLUMNS = 96, 68
_SHARPER = 2
SAME = 0.9
"""From this likeness on, two pages are shown to a person as perhaps the same paper (measured in the tests)."""


def fingerprint(image: Image.Image) -> str:
    """Hex of ``ROWS`` x ``COLUMNS`` cells of 4 bits; empty for a page without ink."""
    grey = image.convert("L")
    grey.thumbnail((COLUMNS * 8, ROWS * 8))
    paper = np.asarray(grey.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.BoxBlur(8)), dtype=np.float32)
    ink = np.clip(paper - np.asarray(grey, dtype=np.float32) - 24, 0, 200)
    rows, columns = np.nonzero(ink > 40)
    if len(rows) < 20:
        return ""
    top, bottom = (int(v) for v in np.percentile(rows, (0.2, 99.8)))
    left, right = (int(v) for v in np.percentile(columns, (0.2, 99.8)))
    cut = Image.fromarray(ink[top : bottom + 1, left : right + 1].astype(np.uint8))
    cells = np.asarray(cut.resize((COLUMNS, ROWS), Image.Resampling.BOX), dtype=np.float32)
    levels = np.clip(cells / max(float(cells.max()), 1.0) * 15, 0, 15).astype(np.uint8).ravel()
    packed = (levels[0::2] << 4) | levels[1::2]
    return bytes(packed).hex()


def likeness(one: str, other: str) -> float:
    """0 to 1: the correlation of two fingerprints, where one may lie a cell off the other; 0 where one is empty."""
    if not one or not other or len(one) != len(other):
        return 0.0
    first, second = _cells(one), _cells(other)
    best = 0.0
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            a = first[max(0, down) : ROWS + min(0, down), max(0, right) : COLUMNS + min(0, right)]
            b = second[max(0, -down) : ROWS + min(0, -down), max(0, -right) : COLUMNS + min(0, -right)]
            best = max(best, _correlation(a, b))
    return best


def _cells(text: str) -> NDArray[np.float32]:
    packed = np.frombuffer(bytes.fromhex(text), dtype=np.uint8)
    levels = np.stack([packed >> 4, packed & 15], axis=1).ravel()
    return levels.reshape(ROWS, COLUMNS).astype(np.float32)


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale else 0.0
