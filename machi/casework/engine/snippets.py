"""The part of a page on which a value stands, cut out with a little of what is around it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from machi.casework.engine.office_pages import HEAD_HEIGHT, HEAD_WIDTH
from machi.casework.engine.types import Box

if TYPE_CHECKING:
    from PIL.Image import Image

MARGIN = 0.012
"""Around the box, as a share of the page's width."""
_WIDEST = 1400
_NEAR, _MARGIN, _ROW = 24, 60, 44
"""Pixels of a drawn page that are shown at the sides of an excerpt, of a document's margin with the numbers of rows,
and above and below: a row more."""
_BEHIND, _LEAST = 96, 400
"""Pixels that are shown of a cell behind its text, and at least of the whole."""
_DARK = [255 * (level < 160) for level in range(256)]
_MARK, _TINT = "#0017c1", "#fff3c4"


def crop(page: bytes, box: Box, *, margin: float = MARGIN) -> bytes:
    """PNG of ``box`` on the page image (PNG or JPEG bytes); a box of no size shows at least a strip. At most 1,400
    pixels wide. ValueError where the page cannot be opened."""
    image = _opened(page)
    width, height = image.size
    around = margin * width
    left, right = box.left * width - around, box.right * width + around
    top, bottom = box.top * height - around, box.bottom * height + around
    cut = image.crop(
        (
            max(0, round(left)),
            max(0, round(top)),
            min(width, max(round(right), round(left) + 8)),
            min(height, max(round(bottom), round(top) + 8)),
        )
    )
    return _png(cut)


def excerpt(page: bytes, box: Box, around: Box, *, headed: bool, margin: float = 0.0) -> bytes:
    """PNG of ``around`` on a page that ``office_pages`` drew, ``box`` marked in it: label and value with a row above
    and below. ``headed``: of a sheet, with the letters of its columns and the numbers of its rows. ``margin`` widens
    it, as a share of the page's width. ValueError where the page cannot be opened."""
    from PIL import Image, ImageChops, ImageDraw

    image = _opened(page).convert("RGB")
    width, height = image.size
    more = round(margin * width)
    left, top = (HEAD_WIDTH, HEAD_HEIGHT) if headed else (0, 0)
    region = (
        max(left, round(around.left * width) - (_NEAR if headed else _MARGIN) - more),
        max(top, round(around.top * height) - _ROW - more),
        min(width, round(around.right * width) + _NEAR + more),
        min(height, round(around.bottom * height) + _ROW + more),
    )
    place = (
        round(box.left * width),
        round(box.top * height),
        round(box.right * width),
        round(box.bottom * height),
    )
    # A cell is often much wider than what stands in it; so shown, its letters stay large enough to be read.
    ink = (
        image.crop((place[0] + 4, place[1] + 4, place[2] - 4, place[3] - 4))
        .convert("L")
        .point(_DARK)
        .getbbox()
    )
    needed = place[0] + (ink[2] if ink else 0) + _BEHIND
    if round(around.right * width) <= place[2] + 2:
        region = (*region[:2], min(region[2], max(needed + more, region[0] + _LEAST)), region[3])
    tinted = image.crop(place)
    image.paste(ImageChops.multiply(tinted, Image.new("RGB", tinted.size, _TINT)), place)
    ImageDraw.Draw(image).rectangle(place, outline=_MARK, width=4)
    cut = Image.new("RGB", (region[2] - region[0] + left, region[3] - region[1] + top), "white")
    cut.paste(image.crop(region), (left, top))
    if headed:
        cut.paste(image.crop((region[0], 0, region[2], top)), (left, 0))
        cut.paste(image.crop((0, region[1], left, region[3])), (0, top))
        cut.paste(image.crop((0, 0, left, top)), (0, 0))
    return _png(cut)


def _opened(page: bytes) -> Image:
    from PIL import Image, UnidentifiedImageError  # on first use

    try:
        image = Image.open(io.BytesIO(page))
        image.load()
    except (UnidentifiedImageError, OSError) as error:
        raise ValueError("the page is no picture") from error
    return image


def _png(cut: Image) -> bytes:
    if cut.width > _WIDEST:
        cut = cut.resize((_WIDEST, max(1, round(cut.height * _WIDEST / cut.width))))
    out = io.BytesIO()
    cut.convert("RGB").save(out, "PNG")
    return out.getvalue()
