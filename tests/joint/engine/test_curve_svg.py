"""A curve on logarithmic axes: in its frame, in its order, with round ticks."""

import numpy as np
import pytest

from machi.joint.engine.curve_svg import chart, ticks

POINTS = np.array([[1_000, 10.0], [10_000, 5.0], [100_000, 4.0], [1_000_000, 4.5]])
CURVE = [(1_000, 9.0, 8.0, 10.0), (31_623, 5.0, 4.5, 5.5), (1_000_000, 4.2, 3.9, 4.6)]


def numbers(path):
    return [
        tuple(float(one) for one in pair.split(","))
        for pair in path.replace("z", "").replace("h0", "").lstrip("M").replace("M", "L").split("L")
    ]


def test_sizes_are_spaced_by_their_logarithm_and_more_is_higher():
    drawn = chart(POINTS, CURVE, {"A": (10_000, 5.0)})
    left, middle, right = numbers(drawn.line)
    assert (left[0], right[0]) == (drawn.left, drawn.right)
    assert middle[0] == pytest.approx((drawn.left + drawn.right) / 2, abs=0.1)
    assert left[1] < middle[1] < right[1]
    (mark,) = drawn.marks
    assert mark.key == "A"
    assert (mark.x, mark.y) in [pytest.approx(one, abs=0.1) for one in numbers(drawn.dots)]


def test_everything_is_in_the_frame_and_what_is_not_is_counted():
    points = np.concatenate([np.tile(POINTS, (300, 1)), [[50_000, 900.0]]])
    drawn = chart(points, CURVE, {})
    assert drawn.unseen == 1
    assert len(numbers(drawn.dots)) == 1200
    for x, y in [*numbers(drawn.dots), *numbers(drawn.band)]:
        assert drawn.left - 0.1 <= x <= drawn.right + 0.1
        assert drawn.top - 0.1 <= y <= drawn.bottom + 0.1


def test_band_goes_there_above_and_back_below():
    drawn = chart(POINTS, CURVE, {})
    band = numbers(drawn.band)
    assert len(band) == 6
    for over, under in zip(band[:3], band[:2:-1], strict=True):
        assert over[0] == under[0]
        assert over[1] < under[1]


def test_marked_towns_widen_the_axes():
    drawn = chart(POINTS, CURVE, {"far": (3_000_000, 80.0)})
    (mark,) = drawn.marks
    assert (mark.x, mark.y) == (drawn.right, drawn.top)


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (3, 60, 8, [5, 10, 20, 50]),
        (150, 4_000_000, 7, [1_000, 10_000, 100_000, 1_000_000]),
        (900, 2_000_000, 7, [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000][:7]),
    ],
)
def test_ticks_are_round_and_few(low, high, most, expected):
    assert ticks(low, high, most=most) == pytest.approx(expected)


def test_nothing_without_a_logarithm_is_drawn():
    with pytest.raises(ValueError, match="above 0"):
        chart(np.array([[0.0, 1.0]]), CURVE, {})
