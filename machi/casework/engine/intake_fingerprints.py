"""A fingerprint of a page by which the same paper scanned twice is found.

All applications on one form look alike from afar, so the usual hash of 64 bits would call them all the same. Here the
page is set straight, cut to its ink and brought to a fixed size, and the darkness of its cells is kept in 4 bits each.
``likeness`` compares tile by tile, each free to lie a little off, and takes a low quantile of the tiles: the printed
lines of a form agree everywhere, another's handwriting only disagrees in some places.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

ROWS, COLUMNS = 96, 66
_TILES_DOWN, _TILES_ACROSS = 8, 6
_OFF = 2
"""Cells by which a tile may lie off its place."""
_QUANTILE = 0.2
SAME = 0.84
"""From this likeness on, two pages are shown to a person as perhaps the same paper. Measured on 18 filled forms of
three kinds, each scanned three times (turned by up to 0.8 degrees, shifted, scaled, noise, JPEG): the same paper 0.85
and more, other papers on the same form 0.83 and less. A paper filled in again in the same words counts as one."""
_DRAWN = (COLUMNS * 8, ROWS * 8)
_TURNS = np.arange(-1.6, 1.61, 0.2)
"""Degrees."""

Cells = NDArray[np.float32]


def fingerprint(image: Image.Image) -> str:
    """Hex of ``ROWS`` x ``COLUMNS`` cells of 4 bits; empty for a page with hardly any ink."""
    grey = image.convert("L")
    grey.thumbnail(_DRAWN)
    ink = _straight(_ink(grey))
    rows, columns = np.nonzero(ink > 40)
    if len(rows) < 20:
        return ""
    top, bottom = (int(v) for v in np.percentile(rows, (0.2, 99.8)))
    left, right = (int(v) for v in np.percentile(columns, (0.2, 99.8)))
    cut = Image.fromarray(ink[top : bottom + 1, left : right + 1])
    cells = np.asarray(cut.resize((COLUMNS, ROWS), Image.Resampling.BOX), dtype=np.float32)
    levels = np.rint(np.clip(cells / max(float(cells.max()), 1.0) * 15, 0, 15)).astype(np.uint8).ravel()
    return bytes((levels[0::2] << 4) | levels[1::2]).hex()


def _ink(grey: Image.Image) -> NDArray[np.uint8]:
    """How much darker than the paper around it, so that shadows and yellow paper go."""
    coarse = grey.reduce(4) if min(grey.size) >= 4 else grey
    light = coarse.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.BoxBlur(2))
    paper = np.asarray(light.resize(grey.size, Image.Resampling.BILINEAR), dtype=np.float32)
    return np.clip(paper - np.asarray(grey, dtype=np.float32) - 24, 0, 200).astype(np.uint8)


def _straight(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turned so that its lines lie level: the sharpest profile of rows wins."""
    image = Image.fromarray(ink)
    small = image.resize((max(1, image.width // 2), max(1, image.height // 2)), Image.Resampling.BOX)

    def sharpness(turn: float) -> float:
        rows = np.asarray(small.rotate(turn, resample=Image.Resampling.BILINEAR), dtype=np.float32).sum(
            axis=1
        )
        return float(np.square(np.diff(rows)).sum())

    best = max((float(turn) for turn in _TURNS), key=lambda turn: (sharpness(turn), -abs(turn)))
    return np.asarray(image.rotate(best, resample=Image.Resampling.BILINEAR))


def likeness(one: str, other: str) -> float:
    """-1 to 1, ``SAME`` and more for what may be the same paper; 0 where a fingerprint is empty. Takes 1 to 3 ms."""
    if not one or not other or len(one) != len(other):
        return 0.0
    first, second = _cells(one), np.pad(_cells(other), _OFF)
    mine = _tiles(first)
    inked = mine.std(axis=1) > 0.5
    best = np.full(len(mine), -1.0, dtype=np.float32)
    for down in range(2 * _OFF + 1):
        for right in range(2 * _OFF + 1):
            theirs = _tiles(second[down : down + ROWS, right : right + COLUMNS])
            best = np.maximum(best, _correlations(mine, theirs))
    return float(np.quantile(best[inked], _QUANTILE)) if inked.any() else 0.0


def _cells(text: str) -> Cells:
    packed = np.frombuffer(bytes.fromhex(text), dtype=np.uint8)
    return np.stack([packed >> 4, packed & 15], axis=1).reshape(ROWS, COLUMNS).astype(np.float32)


def _tiles(cells: Cells) -> Cells:
    """(tiles, cells of each)"""
    high, wide = ROWS // _TILES_DOWN, COLUMNS // _TILES_ACROSS
    parts = cells.reshape(_TILES_DOWN, high, _TILES_ACROSS, wide).swapaxes(1, 2)
    return parts.reshape(_TILES_DOWN * _TILES_ACROSS, high * wide)


def _correlations(mine: Cells, theirs: Cells) -> Cells:
    """Of each tile with its fellow; 0 where one of them is of one darkness."""
    a = mine - mine.mean(axis=1, keepdims=True)
    b = theirs - theirs.mean(axis=1, keepdims=True)
    scale = np.sqrt(np.square(a).sum(axis=1) * np.square(b).sum(axis=1))
    products: Cells = (a * b).sum(axis=1)
    found: Cells = np.divide(products, scale, out=np.zeros_like(products), where=scale > 1e-6)
    return found
