"""Cost and benefit: ranges, bounds, break-even, and plan against fact."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.cost_benefit import (
    Compared,
    Deviation,
    Kind,
    Line,
    Plan,
    Range,
    Spread,
    compare,
    sheet,
)


def sure(value):
    return Range(value, value, value)


SURE = Plan(
    (
        Line("導入", Kind.ONE_OFF, sure(6_000_000)),
        Line("利用料", Kind.RUNNING, sure(1_000_000)),
        Line("前", Kind.HOURS_BEFORE, sure(3000)),
        Line("後", Kind.HOURS_AFTER, sure(2000)),
        Line("研修", Kind.HOURS_TO_SET_UP, sure(100)),
        Line("用紙", Kind.OTHER_SAVING, sure(500_000)),
    ),
    wage=sure(3000),
    years=5,
    people=10_000,
)


def all_alike(value):
    return Spread(value, value, value, value, value)


def test_sheet_of_sure_figures_is_plain_arithmetic():
    found = sheet(SURE, samples=10)
    assert found.first_cost == all_alike(6_300_000)
    assert found.hours_saved == all_alike(1000)
    assert found.yearly_saving == all_alike(2_500_000)
    assert found.net == all_alike(6_200_000)
    assert found.net_per_head == all_alike(620)
    assert found.break_even == all_alike(2.52)
    assert found.chance == 1
    assert {value for _, value in found.drivers} == {0}


def test_discount_makes_later_savings_worth_less():
    found = sheet(replace(SURE, discount=0.04), samples=1)
    assert found.net.p50 == pytest.approx(2_500_000 * 4.45182 - 6_300_000, abs=20)


def test_project_that_saves_nothing_never_breaks_even():
    idle = replace(SURE, lines=tuple(line for line in SURE.lines if line.kind is not Kind.HOURS_BEFORE))
    found = sheet(idle, samples=10)
    assert found.break_even == all_alike(math.inf)
    assert found.chance == 0


WIDE = replace(
    SURE,
    lines=(*SURE.lines[1:], Line("導入", Kind.ONE_OFF, Range(2_000_000, 6_000_000, 20_000_000))),
    wage=Range(2500, 3000, 3200),
)


def test_what_varies_most_drives_most_and_costs_pull_down():
    found = sheet(WIDE)
    assert [key for key, _ in found.drivers[:2]] == ["導入", "wage"]
    assert found.drivers[0][1] < -0.9
    assert found.drivers[1][1] > 0
    assert 0 < found.chance < 1


def test_percentiles_of_a_triangular_cost_are_those_of_its_formula():
    only = Plan((Line("導入", Kind.ONE_OFF, Range(0, 50, 100)),), sure(0), 1, 1)
    found = sheet(only, samples=100_000)
    # Symmetric: P(X < x) = x^2 / 5000 below the middle.
    assert found.first_cost.p5 == pytest.approx(math.sqrt(250), rel=0.02)
    assert found.first_cost.p50 == pytest.approx(50, rel=0.01)
    assert (found.first_cost.best, found.first_cost.worst) == (0, 100)
    assert (found.net.best, found.net.worst) == (0, -100)


def test_same_seed_gives_the_same_sheet_and_another_one_nearly():
    assert sheet(WIDE, seed=1) == sheet(WIDE, seed=1)
    assert sheet(WIDE, seed=2).net.p50 == pytest.approx(sheet(WIDE, seed=1).net.p50, rel=0.1)


def test_plan_and_fact_are_compared_line_by_line():
    plan = replace(WIDE, lines=WIDE.lines[-1:])
    amount = plan.lines[0].amount
    assert compare(plan, {"導入": 9_000_000}) == [
        Compared("導入", amount, 9_000_000, Deviation.AS_PLANNED, 0.5)
    ]
    assert compare(plan, {"導入": 30_000_000})[0].deviation is Deviation.ABOVE
    assert compare(plan, {"導入": 1})[0].deviation is Deviation.BELOW
    assert compare(plan, {}) == [Compared("導入", amount, None, Deviation.MISSING, None)]
    with pytest.raises(ValueError, match="planned"):
        compare(plan, {"宴会": 1})


@pytest.mark.parametrize(
    "bad",
    [
        replace(SURE, wage=Range(2, 1, 3)),
        replace(SURE, wage=Range(-1, 1, 3)),
        replace(SURE, wage=Range(1, 1, math.inf)),
        replace(SURE, lines=SURE.lines * 2),
        replace(SURE, lines=(Line("wage", Kind.RUNNING, sure(1)),)),
        replace(SURE, years=0),
        replace(SURE, people=0),
        replace(SURE, discount=-1.0),
    ],
)
def test_what_makes_no_sense_is_refused(bad):
    with pytest.raises(ValueError):
        sheet(bad)


RANGES = st.tuples(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000)).map(
    lambda drawn: Range(*map(float, sorted(drawn)))
)


@given(st.lists(st.tuples(st.sampled_from(Kind), RANGES), max_size=6), RANGES, st.integers(1, 9))
def test_every_draw_lies_within_the_bounds(lines, wage, years):
    plan = Plan(tuple(Line(f"{at}", *line) for at, line in enumerate(lines)), wage, years, 7, 0.02)
    found = sheet(plan, samples=50)
    for gain in (found.yearly_saving, found.hours_saved, found.net, found.net_per_head):
        assert gain.worst - 1e-6 <= gain.p5 <= gain.p50 <= gain.p95 <= gain.best + 1e-6
    for cost in (found.first_cost, found.break_even):
        assert cost.best - 1e-6 <= cost.p5 <= cost.p50 <= cost.p95
        assert cost.p95 <= cost.worst + 1e-6
