"""Files to pages: PDF by PDFium, pictures by Pillow, every page of a TIFF; and pages made straight.

Images are arrays of height x width x 3, uint8, blue-green-red, as OpenCV has them. A page of a born-digital PDF also
carries its letters and where each stands; a scan inside a PDF does not, whatever text somebody laid behind it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machi.casework.engine.types import Box

Image = NDArray[np.uint8]
Matrix = NDArray[np.float64]

DPI = 200
"""Of rendered PDF pages: 10.5 point text is then 29 pixels high, as the recogniser likes it."""
LONGEST = 4_500
"""Pixels of the longer side that are kept: a telephone's 12 million are enough for any form."""
PAGES = 500


class CannotOpen(ValueError):
    """The bytes are no picture and no PDF that can be opened."""


@dataclass(frozen=True)
class Letter:
    text: str
    box: Box


@dataclass(frozen=True)
class Page:
    image: Image
    letters: Sequence[Letter] = ()
    """Of a born-digital PDF, in the file's order; empty where the page is a picture."""


@dataclass(frozen=True)
class Straightened:
    """A page made upright. ``matrix`` (3 x 3) takes a pixel of the page as given to its pixel here."""

    image: Image
    matrix: Matrix
    quarter_turns: int
    """Clockwise, that were needed."""
    skew: float
    """Degrees clockwise that were needed."""
    paper_found: bool
    """The paper's edges were seen before another ground, and its perspective was mended."""


def open_pages(data: bytes, pages: int = PAGES) -> list[Page]:
    """The pages of a PDF or picture, at most ``pages``. Raises ``CannotOpen``."""
    return list(
        _pdf_pages(data, pages) if data[:1024].lstrip().startswith(b"%PDF") else _pictures(data, pages)
    )


def _pictures(data: bytes, pages: int) -> Iterator[Page]:
    from PIL import Image as Pictures
    from PIL import ImageOps, ImageSequence

    try:
        with Pictures.open(io.BytesIO(data)) as file:
            for number, frame in enumerate(ImageSequence.Iterator(file)):
                if number >= pages:
                    return
                upright = ImageOps.exif_transpose(frame) or frame
                if upright.mode == "1" and (dots := upright.info.get("dpi")) and dots[0] > 1.5 * dots[1] > 0:
                    # A fax of coarse lines: 204 x 98 dots an inch.
                    upright = upright.convert("L").resize(
                        (upright.width, round(upright.height * dots[0] / dots[1]))
                    )
                if "A" in upright.mode or "transparency" in upright.info:
                    ground = Pictures.new("RGBA", upright.size, "white")
                    upright = Pictures.alpha_composite(ground, upright.convert("RGBA"))
                colour = np.asarray(upright.convert("RGB"))
                yield Page(_bounded(np.ascontiguousarray(colour[..., ::-1])))
    except (OSError, SyntaxError, ValueError, Pictures.DecompressionBombError) as error:
        raise CannotOpen("the picture cannot be opened") from error


def _pdf_pages(data: bytes, pages: int) -> Iterator[Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        document.init_forms()
        for number in range(min(len(document), pages)):
            page = document[number]
            scan = _scan(page)
            image = page.render(scale=DPI / 72, may_draw_forms=True).to_numpy()
            if image.ndim == 2 or image.shape[2] == 1:
                image = np.repeat(image.reshape(*image.shape[:2], 1), 3, axis=2)
            letters = () if scan else tuple(_letters(page))
            yield Page(_bounded(np.ascontiguousarray(image[..., :3])), letters)
    except pypdfium2.PdfiumError as error:
        raise CannotOpen("the PDF cannot be opened") from error


def _scan(page: Any) -> bool:
    """One picture covers most of the page."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        try:
            left, bottom, right, top = thing.get_bounds()
        except pypdfium2.PdfiumError:
            continue
        if (right - left) * (top - bottom) > 0.6 * width * height:
            return True
    return False


def _letters(page: Any) -> Iterator[Letter]:
    import pypdfium2.raw as pdfium

    # What was typed into the fields of an interactive form becomes part of the page.
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    text = page.get_textpage()
    width, height = page.get_size()
    if not (width and height):
        return
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code < 32 or pdfium.FPDFText_IsGenerated(text, index):
            continue
        left, bottom, right, top = text.get_charbox(index, loose=True)
        if right >= left and top >= bottom:
            yield Letter(chr(code), Box(left / width, 1 - top / height, right / width, 1 - bottom / height))


def _bounded(image: Image) -> Image:
    import cv2

    longest = max(image.shape[:2])
    if longest <= LONGEST:
        return image
    scale = LONGEST / longest
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def darkest(image: Image) -> NDArray[np.uint8]:
    """Grey by the darkest of the three colours: ink and seals of any colour are dark."""
    import cv2

    blue, green, red = cv2.split(image)
    return np.asarray(cv2.min(cv2.min(blue, green), red), np.uint8)


def is_grey(image: Image) -> bool:
    """No pixel of a tenth of the rows has a colour: a fax, a copy, a scan in black and white."""
    some = image[::10]
    return bool(np.array_equal(some[..., 0], some[..., 1]) and np.array_equal(some[..., 1], some[..., 2]))


def evened(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Shadows and slopes of light taken out: the ground becomes white (255), ink keeps its share of darkness.

    The ground is what is left when ink is closed away at an eighth of the size (print is narrower than 4 mm of it).
    """
    import cv2

    height, width = grey.shape
    small = cv2.resize(grey, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    ground = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    ground = cv2.GaussianBlur(ground, (0, 0), 3)
    large = cv2.resize(ground, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, np.maximum(large, 1), scale=255), np.uint8)


def without_streaks(image: Image) -> Image:
    """Lines across the whole scan (dirt on the glass, a fax's bad row) mended from their neighbours.

    A column or row of which nine tenths are darker than three pixels to both sides is none of the page's own.
    """
    for axis in (0, 1):
        grey = darkest(image).astype(np.int16)
        if axis:
            grey = grey.T
        darker = np.zeros(grey.shape[1])
        step = 4
        sides = np.minimum(grey[:, : -2 * step], grey[:, 2 * step :])
        darker[step:-step] = (grey[:, step:-step] < sides - 12).mean(axis=0)
        found = np.flatnonzero(darker > 0.8)
        if not 0 < len(found) < 40:
            continue
        image = image.copy()
        view = image.swapaxes(0, 1) if axis == 0 else image
        for line in found.tolist():
            view[line] = np.maximum(view[line], np.minimum(view[line - step], view[line + step]))
    return image


def straighten(image: Image) -> Straightened:
    """Perspective of a photographed paper, skew, and turns by quarters, mended in this order."""
    import cv2

    matrix: Matrix = np.eye(3)
    corners = paper(image)
    if corners is not None:
        top, right, bottom, left = (
            float(np.linalg.norm(corners[a] - corners[b])) for a, b in ((0, 1), (1, 2), (2, 3), (3, 0))
        )
        wide, high = round(max(top, bottom)), round(max(left, right))
        goal = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
        matrix = np.asarray(cv2.getPerspectiveTransform(corners.astype(np.float32), goal), np.float64)
        size = (wide, high)
    else:
        size = (image.shape[1], image.shape[0])
    flat = _warped(image, matrix, size)
    angle = skew(flat)
    turn, size = _turning(size, angle)
    matrix = turn @ matrix
    flat = _warped(image, matrix, size)
    quarters = quarter_turns(flat)
    quarter, size = _quarter(size, quarters)
    matrix = quarter @ matrix
    return Straightened(
        np.ascontiguousarray(np.rot90(flat, -quarters)), matrix, quarters, angle, corners is not None
    )


def _warped(image: Image, matrix: Matrix, size: tuple[int, int]) -> Image:
    import cv2

    if np.allclose(matrix, np.eye(3)):
        return image
    return np.asarray(cv2.warpPerspective(image, matrix, size, borderValue=(255, 255, 255)), np.uint8)


def _turning(size: tuple[int, int], degrees: float) -> tuple[Matrix, tuple[int, int]]:
    """The turn clockwise by ``degrees`` that keeps the whole page, and the new size."""
    width, height = size
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    wide = round(abs(width * cos) + abs(height * sin))
    high = round(abs(width * sin) + abs(height * cos))
    middle = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1.0]])
    turn = np.array([[cos, -sin, wide / 2], [sin, cos, high / 2], [0, 0, 1.0]])
    return turn @ middle, (wide, high)


def _quarter(size: tuple[int, int], quarters: int) -> tuple[Matrix, tuple[int, int]]:
    width, height = size
    matrices = (
        np.eye(3),
        np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1.0]]),
        np.array([[-1, 0, width - 1], [0, -1, height - 1], [0, 0, 1.0]]),
        np.array([[0, 1, 0], [-1, 0, width - 1], [0, 0, 1.0]]),
    )
    return matrices[quarters], size if quarters % 2 == 0 else (height, width)


def paper(image: Image) -> Matrix | None:
    """The corners (4 x 2: top left, top right, bottom right, bottom left) of a paper on another ground, or None."""
    import cv2

    height, width = image.shape[:2]
    scale = 500 / max(height, width)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    light = cv2.morphologyEx(small.max(axis=2), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    # Paper is pale: dark grounds differ in light, coloured ones in colour.
    _, lit = cv2.threshold(light, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    edges = cv2.dilate(cv2.Canny(cv2.GaussianBlur(light, (5, 5), 0), 20, 60), np.ones((3, 3), np.uint8))
    frame = 0.02 * max(small.shape[:2])
    for mask in (lit, cv2.bitwise_not(edges)):
        outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:2]:
            hull = cv2.convexHull(outline)
            four = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True)
            share = cv2.contourArea(hull) / (small.shape[0] * small.shape[1])
            if len(four) != 4 or not 0.3 < share < 0.97:
                continue
            points = four.reshape(4, 2).astype(np.float64)
            bounds = np.array([small.shape[1] - 1, small.shape[0] - 1])
            if np.sum((points < frame) | (points > bounds - frame)) > 4:
                continue  # the picture's own frame
            return np.asarray(_ordered(points) / scale, np.float64)
    return None


def _ordered(points: Matrix) -> Matrix:
    sums, differences = points.sum(axis=1), points[:, 1] - points[:, 0]
    return points[[sums.argmin(), differences.argmin(), sums.argmax(), differences.argmax()]]


def skew(image: Image) -> float:
    """Degrees clockwise (-15 to 15) by which the page must be turned for its lines to lie level.

    The angle at which the profile of ink along rows, or along columns, is sharpest; in three finer and finer steps.
    """
    import cv2

    scale = 800 / max(image.shape[:2])
    small = cv2.resize(darkest(image), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = (evened(np.asarray(small, np.uint8)) < 170).astype(np.uint8) * 255
    height, width = ink.shape

    def sharpness(degrees: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
        turned = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR).astype(np.float64)
        return max(float(np.sum(np.diff(turned.sum(axis=axis)) ** 2)) for axis in (0, 1))

    best, step = 0.0, 2.0
    angles = np.arange(-14, 14.1, step)
    for _ in range(4):
        best = float(max(angles, key=sharpness))
        step /= 4
        angles = best + step * np.arange(-4, 5)
    return best


def quarter_turns(image: Image) -> int:
    """Quarter turns clockwise (0 to 3) after which a level page can be read: what the recogniser believes most."""
    from machi.casework.engine.ocr import engine

    return engine().upright(image)
