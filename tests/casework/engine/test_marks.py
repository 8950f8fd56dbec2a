"""Boxes, circles and seals on drawn pages."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.casework.engine import marks
from machi.casework.engine.types import Box

SIDE = 200


def blank_box() -> np.ndarray:
    page = np.zeros((SIDE, SIDE), np.float32)
    cv2.rectangle(page, (80, 80), (105, 105), 1.0, 2)
    return page


BOX = Box(80 / SIDE, 80 / SIDE, 106 / SIDE, 106 / SIDE)


def test_printed_box_alone_is_no_mark_even_a_little_shifted() -> None:
    blank = blank_box()
    for shift in (0, 1, 2):
        assert not marks.ticked(np.roll(blank, shift, axis=1), blank, BOX).present
    assert marks.is_square(blank, BOX)


@pytest.mark.parametrize("strokes", [[(83, 93), (92, 102), (108, 78)], [(84, 84), (102, 102)]])
def test_stroke_inside_the_box_is_a_mark(strokes: list[tuple[int, int]]) -> None:
    page = blank_box()
    cv2.polylines(page, [np.array(strokes)], False, 0.8, 2)
    assert marks.ticked(page, blank_box(), BOX).present


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 0.06), st.integers(0, 2**16))
def test_grain_is_no_mark(grain: float, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, grain, (SIDE, SIDE)).astype(np.float32)
    assert not marks.ticked(np.clip(blank_box() + noise, 0, 1.3), blank_box(), BOX).present


@settings(max_examples=40, deadline=None)
@given(st.integers(-4, 4), st.integers(-4, 4), st.integers(22, 34), st.integers(14, 24), st.integers(-15, 15))
def test_circle_round_words_marks_them_and_not_their_neighbour(
    across: int, down: int, wide: int, high: int, turn: int
) -> None:
    extra = np.zeros((SIDE, SIDE * 2), np.float32)
    words = Box(80 / 400, 90 / 200, 120 / 400, 110 / 200)
    neighbour = Box(150 / 400, 90 / 200, 190 / 400, 110 / 200)
    cv2.ellipse(extra, (100 + across, 100 + down), (wide, high), turn, 0, 360, 1.0, 3)
    assert marks.circled(extra, words, 20).present
    assert not marks.circled(extra, neighbour, 20).present


def test_words_are_no_square() -> None:
    page = np.zeros((SIDE, SIDE), np.uint8)
    cv2.putText(page, "A", (82, 104), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255,), 3)
    assert not marks.is_square((page / 255).astype(np.float32), BOX)


def test_specks_are_no_seal() -> None:
    extra = np.zeros((SIDE, SIDE), np.float32)
    extra[10:190:12, 10:190:12] = 1
    whole = Box(0, 0, 1, 1)
    assert not marks.covered(extra, whole, 0.004).present
    cv2.circle(extra, (100, 100), 60, 1.0, 3)
    assert marks.covered(extra, whole, 0.004).present


def test_clearest_circle_wins_where_one_answer_is_asked() -> None:
    seen = [marks.Mark(True, 1.1), marks.Mark(True, 1.9), marks.Mark(False, 0.2)]
    assert marks.chosen(seen, single=True) == [1]
    assert marks.chosen(seen, single=False) == [0, 1]


def test_places_beyond_the_page_are_cut_to_it() -> None:
    assert marks.pixels(Box(-0.1, 0.5, 1.2, 0.5), (100, 50)) == (0, 50, 50, 51)


@pytest.mark.parametrize("wide", [90, 180, 400])
def test_a_name_is_one_in_a_place_of_any_width(wide: int) -> None:
    per_mm = 4
    extra = np.zeros((12 * per_mm, wide * per_mm), np.float32)
    assert not marks.signed(extra, Box(0, 0, 1, 1), per_mm).present
    extra[10:26, 10:80:4] = 1
    assert marks.signed(extra, Box(0, 0, 1, 1), per_mm).present


@pytest.mark.parametrize("wide", [12, 40, 90])
def test_a_seal_is_one_in_a_place_of_any_width(wide: int) -> None:
    per_mm = 8
    extra = np.zeros((12 * per_mm, wide * per_mm), np.float32)
    extra[10:16, 10:16] = 1  # a blot of less than a millimetre
    assert not marks.sealed(extra, Box(0, 0, 1, 1), per_mm).present
    cv2.circle(extra, (6 * per_mm, 6 * per_mm), round(4.5 * per_mm), 1.0, round(0.4 * per_mm))
    assert marks.sealed(extra, Box(0, 0, 1, 1), per_mm).present
