"""Recognition by PP-OCRv6 (small), whose models sit in RapidOCR's wheel.

The recogniser knows 18,708 letters of many scripts. Each field lets it choose among those that its kind can hold
(``ALPHABETS``): Chinese variants that no Japanese encoding has (查 for 査, 别 for 別) can then not come out, and a
postal code holds digits. A letter's confidence stays the probability it had among all letters, so that a forced choice
is a doubtful one. Crops are sorted by width and read in batches; threads are set on purpose (``THREADS``).
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machi.casework.engine.pages import Image

THREADS = 2
"""Of onnxruntime inside one operation. A worker process reads one page at a time; more than the cores only wait."""
HEIGHT = 48
"""Pixels of a line as the recogniser wants it."""
NARROWEST = 48
WIDEST = 2_400
BATCH = 8

_KANA = "".join(map(chr, range(0x3041, 0x3097))) + "".join(map(chr, range(0x30A1, 0x30FB))) + "ー・ 　ゝゞヽヾ"
_DIGITS = string.digits
_KANJI_DIGITS = "〇一二三四五六七八九十百千万億元"
ALPHABETS: dict[str, str] = {
    "digits": _DIGITS,
    "postal_code": _DIGITS + "-ー－〒",
    "telephone": _DIGITS + "-ー－()（）+ ",
    "kana": _KANA + "()（）.．",
    "date": _DIGITS + _KANJI_DIGITS + "明治大正昭和平成令年月日時分午前後火水木金土曜祝MTSHRmtshr.．/・-ー－～〜:：()（） 頃ごろから",
    "number": _DIGITS + _KANJI_DIGITS + ",，.．-ー－ 人名通枚個台件口冊部本回約第号㎡平方メートルmkgm²",
    "yen": _DIGITS + _KANJI_DIGITS + ",，.．-ー－ ¥￥円金也税込抜約()（）",
    "email": string.ascii_letters + string.digits + "@.-_+",
}
"""Anything else is ``japanese``: every letter of Windows-31J but Greek, Cyrillic and lines."""


@dataclass(frozen=True)
class Text:
    text: str
    confidence: float
    """The least sure letter's probability, not calibrated; 0 for no letter."""
    mean: float
    """The letters' mean probability."""


RARE = 0.25
"""Letters outside the first level of JIS X 0208 (卷 beside 巻, 穗 beside 穂) must be so much likelier than common ones."""
_SHAPES = "★☆◆◇■□▲△▼▽●◎♪♂♀〒"

NOTHING = Text("", 0.0, 0.0)


class Engine:
    """The two models, loaded when first needed. One per process: ``engine()``."""

    def __init__(self, threads: int = THREADS) -> None:
        from rapidocr import RapidOCR

        self._rapid: Any = RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Det.limit_side_len": 1280,
                "Det.limit_type": "max",
            }
        )
        self._recogniser: Any = self._rapid._load_rec_model()
        self._letters = np.array(self._recogniser.postprocess_op.character, dtype=object)
        self._allowed: dict[str, NDArray[np.intp]] = {}
        self._weights = np.array([_weight(letter) for letter in self._letters], np.float32)

    def alphabet(self, name: str) -> NDArray[np.intp]:
        """Indices of the letters that a field of this kind can hold; the first is the blank."""
        if name not in self._allowed:
            wanted = ALPHABETS.get(name)
            chosen = [
                number
                for number, letter in enumerate(self._letters)
                if number == 0 or (letter in wanted if wanted is not None else _japanese(letter))
            ]
            self._allowed[name] = np.array(chosen, dtype=np.intp)
        return self._allowed[name]

    def read(self, crops: Sequence[Image], alphabets: Sequence[str]) -> list[Text]:
        """One line of text each; ``alphabets`` are kinds of ``ALPHABETS`` or ``japanese``."""
        results = [NOTHING] * len(crops)
        widths = [_width(crop) for crop in crops]
        order = sorted(range(len(crops)), key=widths.__getitem__)
        start = 0
        while start < len(order):
            batch = order[start : start + BATCH]
            # Padding is computed for nothing: a batch holds lines of about one width.
            limit = max(widths[batch[0]] * 1.3, widths[batch[0]] + 48)
            batch = [number for number in batch if widths[number] <= limit]
            wide = -(-widths[batch[-1]] // 8) * 8
            block = np.stack([_line(crops[number], widths[number], wide) for number in batch])
            scores: NDArray[np.float32] = self._recogniser.session(block)
            for number, score in zip(batch, scores, strict=True):
                results[number] = self._decoded(score, alphabets[number])
            start += len(batch)
        return results

    def _decoded(self, scores: NDArray[np.float32], alphabet: str) -> Text:
        """Steps x letters to text: the best allowed letter a step, repeats joined, blanks dropped (CTC, greedy)."""
        allowed = self.alphabet(alphabet)
        best = allowed[(scores[:, allowed] * self._weights[allowed]).argmax(axis=1)]
        sure = scores[np.arange(len(best)), best]
        letters: list[str] = []
        chances: list[float] = []
        before = 0
        for letter, chance in zip(best.tolist(), sure.tolist(), strict=True):
            if letter == 0:
                before = 0
            elif letter == before:
                chances[-1] = max(chances[-1], chance)
            else:
                letters.append(str(self._letters[letter]))
                chances.append(chance)
                before = letter
        told = [chance for letter, chance in zip(letters, chances, strict=True) if not letter.isspace()]
        if not told:
            return NOTHING
        return Text("".join(letters).strip(), float(min(told)), float(np.mean(told)))

    def lines(self, image: Image) -> list[NDArray[np.float32]]:
        """Where lines of text stand: corners (4 x 2, pixels, clockwise from the top left) in no promised order."""
        found = self._rapid._load_det_model()(image)
        return [] if found.boxes is None else [np.asarray(box, np.float32) for box in found.boxes]

    def upright(self, image: Image) -> int:
        """Quarter turns clockwise (0 to 3) that make a level page readable.

        Lines are found once; the longest are read each way up, and the way that is believed most wins.
        """
        import cv2

        scale = min(1.0, 1_600 / max(image.shape[:2]))
        small = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        crops = sorted(
            (cut_out(small, corners) for corners in self.lines(small)), key=lambda crop: max(crop.shape), reverse=True
        )[2:10]
        if not crops:
            return 0
        standing = sum(crop.shape[0] > 1.5 * crop.shape[1] for crop in crops) > len(crops) / 2
        ways = (1, 3) if standing else (0, 2)
        belief = {
            way: sum(
                text.mean * len(text.text)
                for text in self.read([np.ascontiguousarray(np.rot90(crop, -way)) for crop in crops], ["japanese"] * len(crops))
            )
            for way in ways
        }
        return max(ways, key=belief.__getitem__)


@cache
def engine() -> Engine:
    return Engine()


def cut_out(image: Image, corners: NDArray[np.float32]) -> Image:
    """The quadrilateral laid flat; standing lines stay standing."""
    import cv2

    wide = max(2, round(float(max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[3] - corners[2])))))
    high = max(2, round(float(max(np.linalg.norm(corners[0] - corners[3]), np.linalg.norm(corners[1] - corners[2])))))
    goal = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, goal)
    return np.asarray(cv2.warpPerspective(image, matrix, (wide, high), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _width(crop: Image) -> int:
    height, width = crop.shape[:2]
    return int(min(WIDEST, max(NARROWEST, -(-width * HEIGHT // max(1, height)))))


def _line(crop: Image, width: int, padded: int) -> NDArray[np.float32]:
    """3 x 48 x ``padded``, -1 to 1, as PP-OCR was trained: padding is 0."""
    import cv2

    colour = crop if crop.ndim == 3 else np.repeat(crop[..., None], 3, axis=2)
    shrinking = colour.shape[0] > HEIGHT
    resized = cv2.resize(colour, (width, HEIGHT), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC)
    block = np.zeros((3, HEIGHT, padded), np.float32)
    block[:, :, :width] = resized.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1
    return block


def _weight(letter: str) -> float:
    """What a letter's probability is weighed with when the likeliest is chosen."""
    if len(letter) != 1 or ord(letter) < 0x3400:
        return 1.0
    try:
        code = letter.encode("cp932")
    except UnicodeEncodeError:
        return RARE
    return 1.0 if code[0] < 0x98 or code < b"\x98\x9f" or len(code) == 1 else RARE


def _japanese(letter: str) -> bool:
    if letter == " ":
        return True
    if letter in _SHAPES:
        return False
    if len(letter) != 1 or 0x370 <= ord(letter) < 0x530 or 0x2500 <= ord(letter) < 0x2580:
        return False
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return letter in "¥〜−"
    return True
