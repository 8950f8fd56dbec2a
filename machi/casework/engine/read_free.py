"""Pages without a blank form: all their lines read, their form told by its words, their fields by their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from machi.casework.engine.layout import Value, Words, form_of, values
from machi.casework.engine.ocr import cut_out, engine
from machi.casework.engine.pages import Matrix, Page, straighten
from machi.casework.engine.pdf_lines import rows
from machi.casework.engine.registration import moved
from machi.casework.engine.types import Box, EngineName, FormDefinition


@dataclass(frozen=True)
class Free:
    form: FormDefinition
    values: Mapping[str, Value]
    """By the field's key; boxes lie on the page as given."""
    engine: EngineName


def read_free(page: Page, forms: Sequence[FormDefinition]) -> Free | None:
    """The form among ``forms`` whose words stand on the page, and its values; None where none's do."""
    words, back = lines_of(page)
    form = form_of(words, forms)
    if form is None:
        return None
    found = {
        key: replace(value, box=_through(back, value.box))
        for key, value in values(words, form.fields).items()
    }
    return Free(form, found, "pdf" if page.letters else "rapidocr")


def lines_of(page: Page) -> tuple[list[Words], Matrix]:
    """Every line of the page made straight, and the homography of shares of it to shares of the page as given."""
    if page.letters:
        boxed = [
            (text, np.array([(b.left, b.top, b.right, b.bottom) for b in (one.box for one in row)]))
            for text, row in rows(page.letters)
        ]
        return [
            Words(text, Box(*at[:, :2].min(axis=0).tolist(), *at[:, 2:].max(axis=0).tolist()))
            for text, at in boxed
        ], np.eye(3)
    level = straighten(page.image)
    height, width = level.image.shape[:2]
    corners = engine().lines(level.image)
    texts = engine().read([cut_out(level.image, one) for one in corners], ["japanese"] * len(corners))
    words = []
    for one, text in zip(corners, texts, strict=True):
        shares = (one / (width, height)).clip(0, 1)
        if text.text:
            words.append(
                Words(
                    text.text,
                    Box(*shares.min(axis=0).tolist(), *shares.max(axis=0).tolist()),
                    text.confidence,
                )
            )
    high, wide = page.image.shape[:2]
    back = np.diag([1 / wide, 1 / high, 1.0]) @ np.linalg.inv(level.matrix) @ np.diag([width, height, 1.0])
    return words, back


def _through(matrix: Matrix, box: Box) -> Box:
    """The upright rectangle around a box seen through a homography."""
    corners = np.array(
        [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    )
    points = moved(matrix, corners).clip(0, 1)
    return Box(*points.min(axis=0).tolist(), *points.max(axis=0).tolist())
