"""Files opened to pages, and pages made straight."""

import io
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from machi.casework.engine import pages
from machi.casework.engine.registration import moved


def encoded(image: np.ndarray, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image[..., ::-1])).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def page(form_pages: Any) -> Any:
    """A filled page, half the size."""
    (drawn,) = form_pages.drawn("dev", 1, {"clean": 1}, ["residence_by_post"])
    return cv2.resize(drawn.image, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)


def test_picture_is_one_page_of_blue_green_red() -> None:
    image = np.zeros((20, 30, 3), np.uint8)
    image[..., 0] = 200
    (opened,) = pages.open_pages(encoded(image, "PNG"))
    assert opened.image.shape == (20, 30, 3)
    assert opened.image[0, 0].tolist() == [200, 0, 0]
    assert opened.letters == ()


def test_every_page_of_a_tiff_is_opened() -> None:
    frames = [Image.new("L", (40, 20 + number), 255) for number in range(3)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    assert [page.image.shape[0] for page in pages.open_pages(buffer.getvalue())] == [20, 21, 22]
    assert len(pages.open_pages(buffer.getvalue(), pages=2)) == 2


def test_coarse_fax_gets_its_height_back() -> None:
    buffer = io.BytesIO()
    Image.new("1", (204, 98), 1).save(buffer, "TIFF", dpi=(204, 98))
    assert pages.open_pages(buffer.getvalue())[0].image.shape[:2] == (204, 204)


def test_glass_is_laid_on_white() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(buffer, "PNG")
    assert pages.open_pages(buffer.getvalue())[0].image.min() == 255


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_cannot_be_opened_is_said(data: bytes) -> None:
    with pytest.raises(pages.CannotOpen):
        pages.open_pages(data)


def test_born_digital_pdf_keeps_its_letters_and_a_scan_in_a_pdf_has_none(form_pages: Any) -> None:
    (drawn,) = form_pages.drawn("dev", 1, {"pdf": 1}, ["subsidy"])
    (born,) = pages.open_pages(drawn.pdf)
    told = "".join(letter.text for letter in born.letters)
    assert "地域活動補助金交付申請書" in told
    assert all(0 <= letter.box.left <= letter.box.right <= 1 for letter in born.letters)
    (scan,) = pages.open_pages(encoded(born.image, "PDF", resolution=200))
    assert scan.letters == ()
    assert abs(scan.image.shape[0] - born.image.shape[0]) <= 2


def test_huge_picture_is_made_smaller() -> None:
    (opened,) = pages.open_pages(encoded(np.full((100, 9_000, 3), 255, np.uint8), "PNG"))
    assert opened.image.shape[:2] == (50, pages.LONGEST)


def test_shadow_is_evened_out_and_ink_stays() -> None:
    slope = np.tile(np.linspace(90, 250, 800), (400, 1))
    grey = slope.astype(np.uint8)
    grey[200:204, 100:700] = (slope[200:204, 100:700] * 0.2).astype(np.uint8)
    even = pages.evened(grey)
    assert even[50:150, 20:780].min() > 235
    assert even[201:203, 110:690].max() < 90


def test_streak_of_the_scanner_is_mended_and_a_table_stays() -> None:
    image = np.full((600, 400, 3), 240, np.uint8)
    image[50:400, 200:202] = 0
    with_streak = image.copy()
    with_streak[:, 300] = 120
    mended = pages.without_streaks(with_streak)
    assert mended[:, 300].min() == 240
    assert np.array_equal(mended[:, :290], image[:, :290])
    assert np.array_equal(pages.without_streaks(image), image)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(degrees=st.floats(-10, 10))
def test_skew_is_found_to_a_third_of_a_degree(page: Any, degrees: float) -> None:
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)  # clockwise
    askew = cv2.warpAffine(page, turn, (width, height), borderValue=(255, 255, 255))
    assert pages.skew(askew) == pytest.approx(-degrees, abs=0.35)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_page_lying_on_its_side_is_put_upright(page: Any, quarters: int) -> None:
    lying = np.ascontiguousarray(np.rot90(page, quarters))  # anticlockwise
    straight = pages.straighten(lying)
    assert straight.quarter_turns == quarters
    height, width = straight.image.shape[:2]
    assert height > width
    corner = {0: (0, 0), 1: (0, lying.shape[0]), 2: (lying.shape[1], lying.shape[0]), 3: (lying.shape[1], 0)}[
        quarters
    ]
    ((x, y),) = moved(straight.matrix, np.array([corner], np.float64))
    assert abs(x) < 0.02 * width
    assert abs(y) < 0.02 * height


def test_papers_corners_are_found_on_a_table() -> None:
    scene = np.full((900, 700, 3), (60, 70, 90), np.uint8)
    corners = np.array([(80, 60), (610, 100), (640, 820), (50, 790)], np.int32)
    cv2.fillPoly(scene, [corners], (235, 238, 240))
    found = pages.paper(scene)
    assert found is not None
    assert np.abs(found - corners).max() < 8
    straight = pages.straighten(scene)
    assert straight.paper_found
    assert pages.paper(np.full((900, 700, 3), 250, np.uint8)) is None


def test_colour_is_noticed_and_grey_is_not_taken_for_one() -> None:
    grey = np.repeat(np.random.default_rng(1).integers(0, 256, (200, 100, 1), np.uint8), 3, axis=2)
    assert pages.is_grey(grey)
    grey[100:115, 20:60, 2] = 255
    assert not pages.is_grey(grey)
