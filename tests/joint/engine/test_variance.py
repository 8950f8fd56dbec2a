"""Plan against fact of a promised figure."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.variance import (
    Combined,
    Course,
    Standing,
    Together,
    Variance,
    check,
    combined,
    planned,
    variance,
)

UP = Course(Decimal(100), Decimal(200), date(2026, 1, 1), date(2026, 1, 11))
DOWN = Course(Decimal(200), Decimal(100), date(2026, 1, 1), date(2026, 1, 11), rising=False)


def test_plan_is_the_straight_line_and_level_outside():
    days = (date(2025, 12, 1), date(2026, 1, 1), date(2026, 1, 6), date(2026, 1, 11), date(2027, 1, 1))
    assert [planned(UP, day) for day in days] == [100, 100, 150, 200, 200]


def test_fact_is_compared_with_the_plan_of_its_day():
    assert variance(UP, date(2026, 1, 6), Decimal(130)) == Variance(
        Decimal(150), Decimal(130), Decimal(-20), Decimal("0.3"), Standing.BEHIND
    )
    assert variance(UP, date(2026, 1, 6), None) == Variance(Decimal(150), None, None, None, Standing.UNKNOWN)


@pytest.mark.parametrize(
    ("course", "fact", "standing"),
    [
        (UP, 139, Standing.BEHIND),
        (UP, 140, Standing.ON_TRACK),
        (UP, 160, Standing.ON_TRACK),
        (UP, 161, Standing.AHEAD),
        (DOWN, 161, Standing.BEHIND),
        (DOWN, 160, Standing.ON_TRACK),
        (DOWN, 139, Standing.AHEAD),
    ],
)
def test_a_tenth_of_the_way_is_tolerance_in_the_good_direction(course, fact, standing):
    assert variance(course, date(2026, 1, 6), Decimal(fact)).standing is standing


def test_figure_to_be_kept_has_no_way_to_go():
    kept = replace(UP, target=Decimal(100))
    found = variance(kept, date(2026, 1, 6), Decimal(89))
    assert (found.reached, found.standing) == (None, Standing.BEHIND)
    assert variance(kept, date(2026, 1, 6), Decimal(90)).standing is Standing.ON_TRACK


def test_course_that_makes_no_sense_is_refused():
    for wrong in (replace(UP, ends=date(2026, 1, 1)), replace(UP, rising=False)):
        with pytest.raises(ValueError, match=r"before|direction"):
            check(wrong)


def test_towns_figures_together():
    told = {"a": Decimal(10), "b": Decimal(20), "z": Decimal(99)}
    assert combined(Together.SUM, told, {"a", "b", "c"}, "a") == Combined(Decimal(30), 2, 3)
    assert combined(Together.MEAN, told, {"a", "b"}, "a") == Combined(Decimal(15), 2, 2)
    assert combined(Together.LEAD, told, {"a", "b", "c"}, "b") == Combined(Decimal(20), 1, 1)
    assert combined(Together.LEAD, told, {"a", "c"}, "c") == Combined(None, 0, 1)
    assert not combined(Together.SUM, told, {"a", "b", "c"}, "a").complete


@given(st.integers(-1000, 1000), st.integers(0, 10))
def test_up_and_down_are_mirror_images(fact, day):
    on = date(2026, 1, 1 + day)
    mirrored = Course(-UP.baseline, -UP.target, UP.starts, UP.ends, rising=False)
    assert variance(UP, on, Decimal(fact)).standing is variance(mirrored, on, Decimal(-fact)).standing
