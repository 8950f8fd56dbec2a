"""Recognition by PP-OCRv6 (small), whose models sit in RapidOCR's wheel.

The recogniser knows 18,708 letters of many scripts. Each field lets it choose among those that its kind can hold
(``ALPHABETS``): Chinese variants that no Japanese encoding has (查 for 査, 别 for 別) can then not come out, and a
postal code holds digits. A letter's confidence stays the probability it had among all letters, so that a forced choice
is a doubtful one.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machi.casework.engine.lattices import Lattice
from machi.casework.engine.pages import Image

THREADS = 2
"""Crops that are read side by side, each in one thread: measured a third cheaper than two threads inside one operation,
which wait for each other, and than batches, whose padding is computed for nothing."""
HEIGHT = 48
"""Pixels of a line as the recogniser wants it."""
NARROWEST = 48
WIDEST = 2_400

_KANA = (
    "".join(map(chr, range(0x3041, 0x3097))) + "".join(map(chr, range(0x30A1, 0x30FB))) + "ー・ 　ゝゞヽヾ"
)
_DIGITS = string.digits
_KANJI_DIGITS = "〇一二三四五六七八九十百千万億元"
ALPHABETS: dict[str, str] = {
    "digits": _DIGITS,
    "postal_code": _DIGITS + "-ー－〒",
    "telephone": _DIGITS + "-ー－()（）+ ",
    "kana": _KANA + "()（）.．",
    "date": _DIGITS
    + _KANJI_DIGITS
    + "明治大正昭和平成令年月日時分午前後火水木金土曜祝MTSHRmtshr.．/・-ー－～〜:：()（） 頃ごろから",
    "number": _DIGITS + _KANJI_DIGITS + ",，.．-ー－ 人名通枚個台件口冊部本回約第号㎡平方メートルmkgm²",
    "yen": _DIGITS + _KANJI_DIGITS + ",，.．-ー－ ¥￥円金也税込抜約()（）",
    "email": string.ascii_letters + string.digits + "@.-_+",
}
"""``japanese`` and ``person`` are every letter of Windows-31J but Greek, Cyrillic, lines and shapes."""


@dataclass(frozen=True)
class Text:
    text: str
    confidence: float
    """The least sure letter's probability, not calibrated; 0 for no letter."""
    mean: float
    """The letters' mean probability."""
    lattice: Lattice | None = field(default=None, compare=False, repr=False)
    """The chances of all steps, for whoever weighs whole texts; None for no letter."""


RARE = 0.25
"""Letters outside the first level of JIS X 0208 (卷 beside 巻) must be so much likelier than common ones."""
OLD_FORM = 0.05
"""The same for old forms of letters in use: blurred, 徳 looks like 德. Where the print is clear they still win."""
OLD = frozenset(
    "亞惡壓圍爲醫壹隱榮營衞驛圓緣艷鹽奧應橫歐毆黃溫穩假價畫會壞懷繪擴殼覺學嶽樂勸卷寬歡罐觀關陷巖顏歸氣龜僞戲犧舊據擧虛"
    "峽挾狹鄕曉區驅勳薰羣徑惠揭攜溪經繼莖螢輕鷄藝擊缺儉劍圈檢權獻縣硏險顯驗嚴廣恆鑛號國黑濟碎齋劑櫻册雜參慘棧蠶贊殘絲齒"
    "兒辭濕實舍寫釋壽收從澁獸縱肅處緖敍獎將燒稱證乘剩壤孃條淨疊穰讓釀囑觸寢愼晉眞盡圖粹醉隨髓數樞聲靜齊攝竊專戰淺潛纖踐"
    "錢禪雙壯搜插爭總聰莊裝騷增藏臟卽屬續墮體對帶滯臺瀧擇澤單擔膽團彈斷癡遲晝蟲鑄廳聽敕鎭遞鐵轉點傳黨盜燈當鬭德獨讀屆繩"
    "貳惱腦霸廢拜賣麥發髮拔蠻祕濱甁拂佛竝變邊辨瓣辯舖穗寶襃豐沒飜萬滿默藥譯豫餘與譽搖樣謠來賴亂覽兩獵綠淚壘勵禮隸靈齡戀"
    "爐勞樓錄灣"
)
"""Old forms of letters in use."""
_OLD_IN_PLACES = frozenset("條澤濱嶽廣國櫻壽惠德榮齋邊與藏龜眞寶豐圓鐵樂禮顯")
"""Old forms that names of places and firms still have; the others come out in persons' names only."""
_SHAPES = "★☆◆◇■□▲△▼▽●◎♪♂♀〒"

NOWHERE = 1e-5
"""A letter less likely than this in every step is left out of a lattice."""
NOTHING = Text("", 0.0, 0.0)


class Engine:
    """The two models, loaded when first needed. One per process: ``engine()``."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._session = _session("PP-OCRv6_rec_small.onnx")
        self._input = self._session.get_inputs()[0].name
        told = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._letters = np.array(["", *told, " "], dtype=object)
        self._weights = np.array([_weight(letter) for letter in self._letters], np.float32)
        self._allowed: dict[str, NDArray[np.intp]] = {}
        self._workers = ThreadPoolExecutor(threads, thread_name_prefix="ocr")

    def alphabet(self, name: str) -> NDArray[np.intp]:
        """Indices of the letters that a field of this kind can hold; the first is the blank."""
        if name not in self._allowed:
            wanted = ALPHABETS.get(name)
            chosen = [
                number
                for number, letter in enumerate(self._letters)
                if number == 0
                or (letter in wanted if wanted is not None else _japanese(letter, name == "person"))
            ]
            self._allowed[name] = np.array(chosen, dtype=np.intp)
        return self._allowed[name]

    def read(self, crops: Sequence[Image], alphabets: Sequence[str]) -> list[Text]:
        """One line of text each; ``alphabets`` are names of ``ALPHABETS``, ``japanese`` or ``person``."""
        return list(self._workers.map(self._read_one, crops, alphabets))

    def _read_one(self, crop: Image, alphabet: str) -> Text:
        width = _width(crop)
        scores = self._session.run(None, {self._input: _line(crop, width)[None]})[0][0]
        return self._decoded(scores, alphabet)

    def _decoded(self, scores: NDArray[np.float32], alphabet: str) -> Text:
        """Steps x letters to text: the best allowed letter a step, repeats joined, blanks dropped (CTC, greedy)."""
        allowed = self.alphabet(alphabet)
        weighed = scores[:, allowed] * self._weights[allowed]
        if alphabet == "date":
            # Where a letter stands that no date holds (合 for 令), it is the likeliest that one does: not none.
            likeliest = scores.argmax(axis=1)
            blank_between = likeliest == len(self._letters) - 1
            weighed[~np.isin(likeliest, allowed) & ~blank_between, 0] = 0
        best = allowed[weighed.argmax(axis=1)]
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
        lattice = self._lattice(scores, weighed, allowed)
        return Text("".join(letters).strip(), float(min(told)), float(np.mean(told)), lattice)

    def _lattice(
        self, scores: NDArray[np.float32], weighed: NDArray[np.float32], allowed: NDArray[np.intp]
    ) -> Lattice:
        """The chance of a blank as it was, the rest shared out among the letters allowed."""
        written = weighed.copy()
        written[:, 0] = 0
        written *= ((1 - scores[:, 0]) / np.maximum(written.sum(axis=1), 1e-9))[:, None]
        written[:, 0] = scores[:, 0]
        kept = np.flatnonzero(written.max(axis=0) > NOWHERE)
        if not len(kept) or kept[0]:
            kept = np.concatenate([[0], kept])
        return Lattice(np.ascontiguousarray(written[:, kept]), self._letters[allowed[kept]].tolist())

    def lines(self, image: Image) -> list[NDArray[np.float32]]:
        """Where lines of text stand: corners (4 x 2, pixels, clockwise from the top left) in no promised order."""
        found: Any = self._detector(image, use_det=True, use_cls=False, use_rec=False)
        return [] if found.boxes is None else [np.asarray(box, np.float32) for box in found.boxes]

    @cached_property
    def _detector(self) -> Any:
        from rapidocr import RapidOCR

        return RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": self._threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def upright(self, image: Image) -> int:
        """Quarter turns clockwise (0 to 3) that make a level page readable.

        Lines are found once; the longest are read each way up, and the way that is believed most wins.
        """
        import cv2

        scale = min(1.0, 1_600 / max(image.shape[:2]))
        small = np.asarray(
            cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
        crops = sorted(
            (cut_out(small, corners) for corners in self.lines(small)),
            key=lambda crop: max(crop.shape),
            reverse=True,
        )[2:10]
        if not crops:
            return 0
        standing = sum(crop.shape[0] > 1.5 * crop.shape[1] for crop in crops) > len(crops) / 2
        ways = (1, 3) if standing else (0, 2)
        belief = {
            way: sum(
                text.mean * len(text.text)
                for text in self.read(
                    [np.ascontiguousarray(np.rot90(crop, -way)) for crop in crops], ["japanese"] * len(crops)
                )
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

    wide = max(
        2, round(float(max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[3] - corners[2]))))
    )
    high = max(
        2, round(float(max(np.linalg.norm(corners[0] - corners[3]), np.linalg.norm(corners[1] - corners[2]))))
    )
    goal = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, goal)
    return np.asarray(
        cv2.warpPerspective(image, matrix, (wide, high), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _width(crop: Image) -> int:
    height, width = crop.shape[:2]
    wide = -(-width * HEIGHT // max(1, height))
    return int(min(WIDEST, max(NARROWEST, -(-wide // 8) * 8)))


def _line(crop: Image, width: int) -> NDArray[np.float32]:
    """3 x 48 x ``width``, -1 to 1, as PP-OCR was trained."""
    import cv2

    colour = crop if crop.ndim == 3 else np.repeat(crop[..., None], 3, axis=2)
    shrinking = colour.shape[0] > HEIGHT
    resized = cv2.resize(
        colour, (width, HEIGHT), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC
    )
    return np.ascontiguousarray(resized.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1)


def _session(model: str) -> Any:
    """A model of RapidOCR's wheel in one thread that does not spin while it waits."""
    import onnxruntime

    (folder,) = (Path(place) for place in find_spec("rapidocr").submodule_search_locations)  # type: ignore[union-attr]
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(folder / "models" / model), options, ["CPUExecutionProvider"])


def _weight(letter: str) -> float:
    """What a letter's probability is weighed with when the likeliest is chosen."""
    if len(letter) != 1 or ord(letter) < 0x3400:
        return 1.0
    try:
        code = letter.encode("cp932")
    except UnicodeEncodeError:
        return RARE
    if code < b"\x98\x9f":  # the first level's last row
        return 1.0
    return OLD_FORM if letter in OLD else RARE


def _japanese(letter: str, of_person: bool) -> bool:
    if letter == " ":
        return True
    if letter in _SHAPES or (not of_person and letter in OLD - _OLD_IN_PLACES):
        return False
    if len(letter) != 1 or 0x370 <= ord(letter) < 0x530 or 0x2500 <= ord(letter) < 0x2580:
        return False
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return letter in "¥〜−"
    return True
