"""Pages laid on their blank form from any turn, shift, scale and perspective."""

from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from machi.casework.engine import registration
from machi.casework.engine.pages import darkest, evened
from machi.casework.engine.types import Box


@pytest.fixture(scope="module")
def forms(form_pages: Any) -> dict[str, Any]:
    return {key: form_pages.blank(key) for key in ("subsidy", "residence_by_post")}


@pytest.fixture(scope="module")
def prepared(forms: dict[str, Any]) -> dict[str, registration.Blank]:
    return {key: registration.prepare(image) for key, image in forms.items()}


def laid(image: Any, blank: registration.Blank) -> registration.Laid | None:
    grey = evened(darkest(image))
    return registration.lay(grey, registration.features(grey), blank)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    turn=st.floats(-180, 180),
    scale=st.floats(0.6, 1.0),
    corner=st.lists(st.floats(-0.03, 0.03), min_size=8, max_size=8),
)
def test_page_is_found_wherever_it_lies(
    forms: dict[str, Any],
    prepared: dict[str, registration.Blank],
    turn: float,
    scale: float,
    corner: list[float],
) -> None:
    page = forms["subsidy"]
    height, width = page.shape[:2]
    square = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    bent = cv2.getPerspectiveTransform(
        square, (square + np.array(corner).reshape(4, 2) * width).astype(np.float32)
    )
    side = 2_900
    middle = cv2.getRotationMatrix2D((width / 2, height / 2), turn, scale)
    middle[:, 2] += (side / 2 - width / 2, side / 2 - height / 2)
    truth = np.vstack([middle, [0, 0, 1]]) @ bent
    seen = cv2.warpPerspective(page, truth, (side, side), borderValue=(255, 255, 255))
    found = laid(seen, prepared["subsidy"])
    assert found is not None
    places = np.array([(0.1, 0.1), (0.9, 0.1), (0.5, 0.5), (0.1, 0.85), (0.9, 0.85)])
    expected = registration.moved(truth, places * (width, height))
    millimetre = width / 210 * scale
    assert np.abs(registration.moved(found.matrix, places) - expected).max() < 0.4 * millimetre
    assert found.score > 0.8


def test_another_form_does_not_fit(forms: dict[str, Any], prepared: dict[str, registration.Blank]) -> None:
    found = laid(forms["residence_by_post"], prepared["subsidy"])
    assert found is None or found.score < 0.2


def test_empty_paper_fits_nothing(prepared: dict[str, registration.Blank]) -> None:
    assert laid(np.full((800, 600, 3), 255, np.uint8), prepared["subsidy"]) is None


def test_place_on_the_page_is_the_rectangle_around_it() -> None:
    quarter = np.array([[0, -100, 100], [200, 0, 0], [0, 0, 1.0]])  # a page on its side, 100 x 200 pixels
    box = registration.Laid(quarter, 99, 1.0).on_page(Box(0.1, 0.2, 0.3, 0.4), 100, 200)
    assert np.allclose((box.left, box.top, box.right, box.bottom), (0.6, 0.1, 0.8, 0.3))
