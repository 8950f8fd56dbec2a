"""Where things go in a chart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.charts import Mark, line_chart, range_bar, ticks


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        (0, 100, [0, 50, 100]),
        (0, 7, [0, 2, 4, 6, 8]),
        (-3, 12, [-5, 0, 5, 10, 15]),
        (5, 5, [4, 6]),
        (0, 0, [0, 0.5]),
        (0, 2_300_000, [0, 1_000_000, 2_000_000, 3_000_000]),
    ],
)
def test_ticks_are_round(low, high, values):
    found = ticks(low, high)
    assert found[0] <= low
    assert found[-1] >= high
    if (low, high) not in ((5, 5), (0, 0)):
        assert found == values


def test_axis_that_is_none_is_refused():
    for low, high in ((1, 0), (0, float("inf"))):
        with pytest.raises(ValueError, match="axis"):
            ticks(low, high)


@given(st.integers(-(10**11), 10**11), st.integers(0, 10**11))
def test_ticks_hold_what_is_drawn(low, span):
    """Figures have two decimals."""
    found = ticks(low / 100, (low + span) / 100)
    slack = (found[1] - found[0]) * 1e-6
    assert found[0] <= low / 100 + slack
    assert found[-1] >= (low + span) / 100 - slack
    assert 2 <= len(found) <= 8


def test_line_chart_parts_facts_where_one_is_missing():
    chart = line_chart([0, 50, 100], [0, None, 100], width=168, height=142)
    assert chart.plan == "68,112 111,62 154,12"
    assert chart.facts == ()
    assert chart.marks == (Mark(68, 112), Mark(154, 12))
    assert line_chart([0, 50, 100], [0, 25, None], width=168, height=142).facts == ("68,112 111,87",)


def test_line_chart_needs_two_steps_of_both():
    for plan, facts in (([1], [1]), ([1, 2], [1])):
        with pytest.raises(ValueError, match="steps"):
            line_chart(plan, facts)


def test_range_bar_has_zero_and_both_ends_on_its_axis():
    bar = range_bar(-50, (0, 25, 50), 100, width=260)
    assert [tick.value for tick in bar.ticks] == [-50, 0, 50, 100]
    assert (bar.whole_x, bar.whole_width) == (30, 200)
    assert (bar.likely_x, bar.likely_width, bar.zero) == (96.7, 66.6, 96.7)
    assert bar.middle == 130
    turned = range_bar(100, (0, 25, 50), -50, width=260)
    assert (turned.whole_x, turned.whole_width) == (30, 200)


def test_two_bars_share_an_axis():
    wide = range_bar(0, (10, 20, 30), 40, axis=(0, 100))
    assert wide.ticks == range_bar(0, (50, 60, 70), 100).ticks
    sure = range_bar(5, (5, 5, 5), 5)
    assert (sure.whole_width, sure.likely_width) == (1, 1)
