"""What happens to a page between the printer and the reader: scanner, photocopier, fax, telephone's camera.

Every function takes an image (height x width x 3, uint8, BGR) and a source of chance and gives the worn image together
with the 3 x 3 matrix that takes a pixel of the whole page to where it went, so that the truth keeps its places.
"""

from __future__ import annotations

import random
from typing import Any

import cv2
import numpy as np

Image = np.ndarray[Any, Any]
Worn = tuple[Image, Image]
WEARS = ("photo", "fax", "copy", "dim")


def _jpeg(image: Image, quality: int) -> Image:
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))


def _noise(image: Image, chance: random.Random, sigma: float) -> Image:
    source = np.random.default_rng(chance.getrandbits(32))
    grain = source.normal(0, sigma, image.shape[:2]).astype(np.float32)[..., None]
    noisy: Image = np.clip(image.astype(np.float32) + grain, 0, 255).astype(np.uint8)
    return noisy


def _blur(image: Image, sigma: float) -> Image:
    return cv2.GaussianBlur(image, (0, 0), sigma) if sigma > 0.2 else image


def _specks(image: Image, chance: random.Random, count: int) -> Image:
    image = image.copy()
    height, width = image.shape[:2]
    for _ in range(count):
        at = (chance.randrange(width), chance.randrange(height))
        cv2.circle(image, at, chance.choice((0, 1, 1, 2)), (chance.randint(0, 90),) * 3, -1)
    return image


def _similar(image: Image, degrees: float, scale: float, shift: tuple[float, float]) -> Worn:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    matrix[:, 2] += (shift[0] * width, shift[1] * height)
    whole = np.vstack([matrix, [0, 0, 1]])
    return cv2.warpPerspective(image, whole, (width, height), borderValue=(255, 255, 255)), whole


def _turned(image: Image, quarter: int) -> Worn:
    """By ``quarter`` times 90 degrees clockwise."""
    height, width = image.shape[:2]
    matrices = {
        0: np.eye(3),
        1: np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1.0]]),
        2: np.array([[-1, 0, width - 1], [0, -1, height - 1], [0, 0, 1.0]]),
        3: np.array([[0, 1, 0], [-1, 0, width - 1], [0, 0, 1.0]]),
    }
    return np.ascontiguousarray(np.rot90(image, -quarter)), matrices[quarter]


def scanned(image: Image, chance: random.Random) -> Worn:
    """A flat-bed or feeder scan of an office: a little askew, shifted, grainy, JPEG; some upside down."""
    image, matrix = _similar(
        image,
        chance.uniform(-2.5, 2.5),
        chance.uniform(0.96, 1.02),
        (chance.uniform(-0.015, 0.015), chance.uniform(-0.015, 0.015)),
    )
    image = _blur(image, chance.uniform(0.0, 0.9))
    gain, lift = chance.uniform(0.85, 1.0), chance.uniform(0, 18)
    image = np.clip(image.astype(np.float32) * gain + lift, 0, 255).astype(np.uint8)
    image = _specks(_noise(image, chance, chance.uniform(2, 8)), chance, chance.randint(0, 60))
    if chance.random() < 0.4:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    image, turned = _turned(image, chance.choices((0, 2, 1, 3), (85, 7, 4, 4))[0])
    return _jpeg(image, chance.randint(60, 92)), turned @ matrix


def photo(image: Image, chance: random.Random) -> Worn:
    """A telephone's photograph of the page on a table: perspective, shadow, uneven light, blur, JPEG."""
    height, width = image.shape[:2]
    high = 2600
    wide = int(high * 0.75)
    margin = chance.uniform(0.02, 0.07)
    scale = min(wide * (1 - 2 * margin) / width, high * (1 - 2 * margin) / height)
    w, h = width * scale, height * scale
    left, top = (wide - w) / 2, (high - h) / 2
    lean = 0.045
    goal = [
        (x + chance.uniform(-lean, lean) * w * 0.6, y + chance.uniform(-lean, lean) * h * 0.5)
        for x, y in ((left, top), (left + w, top), (left + w, top + h), (left, top + h))
    ]
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(goal, np.float32))
    spin = np.vstack([cv2.getRotationMatrix2D((wide / 2, high / 2), chance.uniform(-4, 4), 1.0), [0, 0, 1]])
    matrix = spin @ matrix
    grain = np.random.default_rng(chance.getrandbits(32))
    base = np.array([chance.randint(40, 130) for _ in range(3)], np.float32)
    strips = cv2.resize(grain.normal(0, 14, (high // 8, 6)).astype(np.float32), (wide, high))
    table = np.clip(base + strips[..., None], 0, 255).astype(np.uint8)
    paper = cv2.warpPerspective(image, matrix, (wide, high), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, (wide, high))
    share = (mask.astype(np.float32) / 255)[..., None]
    mixed = paper.astype(np.float32) * share + table.astype(np.float32) * (1 - share)
    light = _light(wide, high, chance)
    tint = np.array([chance.uniform(0.85, 1.0), chance.uniform(0.93, 1.0), 1.0], np.float32)
    lit = np.clip(mixed * light[..., None] * tint, 0, 255).astype(np.uint8)
    lit = _noise(_blur(lit, chance.uniform(0.3, 1.1)), chance, chance.uniform(2, 7))
    return _jpeg(lit, chance.randint(60, 90)), matrix


def _light(wide: int, high: int, chance: random.Random) -> Image:
    """A slope of light and the soft-edged shadow of a hand or the telephone."""
    x, y = np.meshgrid(np.linspace(-1, 1, wide // 4), np.linspace(-1, 1, high // 4))
    angle = chance.uniform(0, 6.3)
    slope = 0.86 + chance.uniform(0.04, 0.16) * (x * np.cos(angle) + y * np.sin(angle))
    turn, at = chance.uniform(0, 6.3), chance.uniform(-0.3, 0.5)
    side = x * np.cos(turn) + y * np.sin(turn) - at
    shadow = 1 - chance.uniform(0.15, 0.5) / (1 + np.exp(-side * chance.uniform(6, 40)))
    return np.asarray(cv2.resize((slope * shadow).astype(np.float32), (wide, high)))


def fax(image: Image, chance: random.Random) -> Worn:
    """G3 fine mode: 204 x 196 dots an inch in black and white, a little askew, with specks and a lost line."""
    image, matrix = _similar(
        image, chance.uniform(-1.5, 1.5), chance.uniform(0.95, 1.0), (0.0, chance.uniform(-0.01, 0.02))
    )
    height, width = image.shape[:2]
    w, h = 1728, round(297 / 25.4 * 196)
    small = cv2.resize(
        cv2.cvtColor(_blur(image, 0.6), cv2.COLOR_BGR2GRAY), (w, h), interpolation=cv2.INTER_AREA
    )
    scale = np.diag([w / width, h / height, 1.0])
    small = _noise(small[..., None].repeat(3, 2), chance, 16)[..., 0]
    _, black = cv2.threshold(small, chance.randint(125, 185), 255, cv2.THRESH_BINARY)
    flips = np.random.default_rng(chance.getrandbits(32)).random(black.shape)
    black[flips < 0.0006] = 0
    black[flips > 0.9994] = 255
    for _ in range(chance.randint(0, 2)):
        row = chance.randrange(h)
        black[row : row + 1] = 255
    return black[..., None].repeat(3, 2), scale @ matrix


def copy(image: Image, chance: random.Random) -> Worn:
    """A copy of a copy, scanned at 150 dots an inch: thickened or thinned strokes, dirt, a streak, grey ground."""
    image, matrix = _similar(
        image, chance.uniform(-3, 3), chance.uniform(0.93, 1.0), (chance.uniform(-0.02, 0.02), 0.0)
    )
    width = image.shape[1]
    scale = 150 / 25.4 * 210 / width
    image = cv2.resize(_blur(image, 0.7), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32)
    steep, middle = chance.uniform(1.2, 1.9), chance.uniform(120, 175)
    grey = np.clip((grey - middle) * steep + middle + chance.uniform(-10, 10), 0, 245)
    image = _specks(
        _noise(grey.astype(np.uint8)[..., None].repeat(3, 2), chance, 9), chance, chance.randint(80, 300)
    )
    column = chance.randrange(image.shape[1])
    image[:, column : column + 1] = np.minimum(image[:, column : column + 1], 150)
    return _jpeg(image, chance.randint(45, 80)), np.diag([scale, scale, 1.0]) @ matrix


def dim(image: Image, chance: random.Random) -> Worn:
    """A scan of pale print on dark paper, soft and grainy, perhaps on its side."""
    image, matrix = _similar(image, chance.uniform(-4, 4), chance.uniform(0.92, 1.0), (0.0, 0.0))
    ground = chance.uniform(150, 200)
    weak = chance.uniform(0.35, 0.6)
    image = np.clip(ground - (255 - image.astype(np.float32)) * weak, 0, 255).astype(np.uint8)
    image = _noise(_blur(image, chance.uniform(0.5, 1.2)), chance, chance.uniform(5, 9))
    image, turned = _turned(image, chance.choices((0, 1, 2, 3), (6, 1, 2, 1))[0])
    return _jpeg(image, chance.randint(50, 80)), turned @ matrix


def worn(image: Image, level: str, chance: random.Random, wear: str = "") -> tuple[Image, Image, str]:
    """The page at ``level`` (clean, scanned, hard), its matrix and the name of what happened to it."""
    if level == "clean":
        return image, np.eye(3), "clean"
    if level == "scanned":
        return *scanned(image, chance), "scanned"
    wear = wear or chance.choice(WEARS)
    return *{"photo": photo, "fax": fax, "copy": copy, "dim": dim}[wear](image, chance), wear
