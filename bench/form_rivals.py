"""Other recognisers that ``form_reading.py`` reads the same pages with: a page's file to lines with their corners."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

Line = tuple[str, Any]
"""Words and the four corners of their box, in pixels."""


def rivals() -> dict[str, Callable[[Path], list[Line]]]:
    """Those that are installed; what is not is said."""
    found: dict[str, Callable[[Path], list[Line]]] = {}
    for name, make in (("RapidOCR", _rapid), ("faster-paddle small", _paddle), ("Tesseract jpn", _tesseract)):
        try:
            found[name] = make()
        except Exception as error:
            print(f"{name} left out: {error}")
    return found


def _rapid() -> Callable[[Path], list[Line]]:
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "error"})

    def read(path: Path) -> list[Line]:
        found: Any = engine(str(path))
        return [] if found.boxes is None else list(zip(found.txts, np.array(found.boxes), strict=True))

    return read


def _paddle() -> Callable[[Path], list[Line]]:
    from faster_paddle import OcrEngine

    engine = OcrEngine(model_size="small")

    def read(path: Path) -> list[Line]:
        lines = []
        for one in engine.ocr(path.read_bytes())["bounds"].values():
            corners = [one["topLeftCoord"], one["bottomRightCoord"]]
            (left, top), (right, bottom) = (_pair(corner) for corner in corners)
            lines.append(
                (one["text"], np.array([(left, top), (right, top), (right, bottom), (left, bottom)]))
            )
        return lines

    return read


def _pair(corner: Any) -> tuple[float, float]:
    return (corner["x"], corner["y"]) if isinstance(corner, Mapping) else (corner[0], corner[1])


def _tesseract() -> Callable[[Path], list[Line]]:
    import pytesseract
    from PIL import Image

    if "jpn" not in pytesseract.get_languages():
        raise RuntimeError("tesseract-ocr-jpn is not installed")

    def read(path: Path) -> list[Line]:
        with Image.open(path) as image:
            told = pytesseract.image_to_data(image, lang="jpn", output_type=pytesseract.Output.DICT)
        lines = []
        for number, words in enumerate(told["text"]):
            if words.strip():
                left, top, wide, high = (told[key][number] for key in ("left", "top", "width", "height"))
                box = [(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)]
                lines.append((words, np.array(box)))
        return lines

    return read
