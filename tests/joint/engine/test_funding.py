"""Subsidies: who may have them, why not, and how much to the yen."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.funding import Amount, Applicant, Condition, Plan, Programme, Reason, amount, match

TODAY = date(2026, 4, 10)
ATSUGI = Applicant("142123", "city", "140007", 223_705)
YAMAKITA = Applicant("143642", "town", "140007", 9_761, frozenset({"過疎"}))
PLAN = Plan(frozenset({"防災", "AI"}), {"導入": 10_000_500, "運用": 3_000_000})
OPEN = Programme("交付金", frozenset({"AI"}), Fraction(1, 2))


def only(programme, *towns, plan=PLAN, today=TODAY):
    (found,) = match([programme], towns or [ATSUGI], plan, today)
    return found


def reason(found, condition):
    (one,) = [one for one in found.reasons if one.condition is condition]
    return one


def test_amount_is_rate_ceiling_unit_and_floor():
    assert amount(OPEN, PLAN.costs) == Amount(13_000_500, 6_500_000, 6_500_500, capped=False)
    only_setup = replace(OPEN, costs=frozenset({"導入"}))
    assert amount(only_setup, PLAN.costs) == Amount(10_000_500, 5_000_000, 8_000_500, capped=False)
    capped = replace(OPEN, ceiling=2_000_999)
    assert amount(capped, PLAN.costs) == Amount(13_000_500, 2_000_000, 11_000_500, capped=True)
    assert amount(replace(OPEN, floor=7_000_000), PLAN.costs).granted == 0
    assert amount(replace(OPEN, rate=Fraction(2, 3), unit=1), {"x": 10}).granted == 6


def test_programme_that_fits_says_by_what():
    found = only(replace(OPEN, opens=TODAY, deadline=TODAY))
    assert found.fits
    assert found.days_left == 0
    assert reason(found, Condition.PURPOSE) == Reason(Condition.PURPOSE, True, ("AI",))
    assert reason(found, Condition.COSTS).about == ("導入", "運用")


@pytest.mark.parametrize(
    ("programme", "condition", "about"),
    [
        (replace(OPEN, purposes=frozenset({"観光"})), Condition.PURPOSE, ("観光",)),
        (replace(OPEN, kinds=frozenset({"town", "village"})), Condition.KIND, ("142123",)),
        (replace(OPEN, prefectures=frozenset({"220001"})), Condition.PREFECTURE, ("142123", "143642")),
        (replace(OPEN, population=(None, 50_000)), Condition.POPULATION, ("142123",)),
        (replace(OPEN, population=(10_000, None)), Condition.POPULATION, ("143642",)),
        (replace(OPEN, members=(3, None)), Condition.MEMBERS, ("2",)),
        (replace(OPEN, flags=frozenset({"過疎"})), Condition.FLAGS, ("142123",)),
        (replace(OPEN, opens=date(2026, 5, 1)), Condition.OPEN, ("2026-05-01",)),
        (replace(OPEN, deadline=date(2026, 4, 9)), Condition.DEADLINE, ("2026-04-09",)),
        (replace(OPEN, costs=frozenset({"人件費"})), Condition.COSTS, ("人件費",)),
        (replace(OPEN, floor=9_000_000), Condition.FLOOR, ("9000000",)),
    ],
)
def test_programme_that_does_not_fit_says_why(programme, condition, about):
    found = only(programme, ATSUGI, YAMAKITA)
    assert not found.fits
    assert reason(found, condition) == Reason(condition, False, about)
    assert all(one.met for one in found.reasons if one.condition is not condition)


def test_programmes_that_fit_come_first_then_the_greater_grant_then_the_nearer_deadline():
    programmes = [
        replace(OPEN, key="a", purposes=frozenset({"観光"}), rate=Fraction(1)),
        replace(OPEN, key="b", rate=Fraction(1, 3)),
        replace(OPEN, key="c"),
        replace(OPEN, key="d", deadline=TODAY + timedelta(3)),
    ]
    assert [one.programme for one in match(programmes, [ATSUGI], PLAN, TODAY)] == ["d", "c", "b", "a"]


@pytest.mark.parametrize(
    "bad",
    [
        replace(OPEN, rate=Fraction(0)),
        replace(OPEN, rate=Fraction(3, 2)),
        replace(OPEN, unit=0),
        replace(OPEN, floor=-1),
        replace(OPEN, floor=5, ceiling=4),
        replace(OPEN, opens=TODAY, deadline=TODAY - timedelta(1)),
        replace(OPEN, members=(3, 2)),
    ],
)
def test_programme_that_makes_no_sense_is_refused(bad):
    with pytest.raises(ValueError, match="交付金"):
        only(bad)


@pytest.mark.parametrize(
    ("towns", "plan"),
    [([], PLAN), ([ATSUGI, ATSUGI], PLAN), ([ATSUGI], Plan(frozenset({"AI"}), {"導入": -1}))],
)
def test_application_that_makes_no_sense_is_refused(towns, plan):
    with pytest.raises(ValueError):
        match([OPEN], towns, plan, TODAY)


@given(
    st.fractions(Fraction(1, 100), 1),
    st.integers(0, 10**12),
    st.none() | st.integers(0, 10**10),
    st.sampled_from([1, 1000, 10_000]),
)
def test_grant_is_the_greatest_multiple_of_the_unit_within_rate_and_ceiling(rate, cost, ceiling, unit):
    found = amount(replace(OPEN, rate=rate, ceiling=ceiling, unit=unit), {"x": cost})
    limit = cost * rate if ceiling is None else min(cost * rate, ceiling)
    assert found.granted % unit == 0
    assert found.granted <= limit < found.granted + unit
    assert found.granted + found.own == cost
