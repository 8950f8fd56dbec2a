"""The part of a page on which a value stands, cut out with a little of what is around it."""

from __future__ import annotations

import io

from machi.casework.engine.types import Box

MARGIN = 0.012
"""Around the box, as a share of the page's width."""
_WIDEST = 1400


def crop(page: bytes, box: Box, *, margin: float = MARGIN) -> bytes:
    """PNG of ``box`` on the page image (PNG or JPEG bytes); a box of no size shows at least a strip. At most 1,400
    pixels wide. ValueError where the page cannot be opened."""
    from PIL import Image, UnidentifiedImageError  # on first use

    try:
        image = Image.open(io.BytesIO(page))
        image.load()
    except (UnidentifiedImageError, OSError) as error:
        raise ValueError("the page is no picture") from error
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
    if cut.width > _WIDEST:
        cut = cut.resize((_WIDEST, max(1, round(cut.height * _WIDEST / cut.width))))
    out = io.BytesIO()
    cut.convert("RGB").save(out, "PNG")
    return out.getvalue()
