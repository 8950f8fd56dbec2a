"""The fit of an expert and a posting, part by part."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.boundaries import distance_km
from machi.joint.engine.matching_fit import (
    WEIGHTS,
    Bar,
    Need,
    Part,
    Profile,
    Skill,
    fit,
    preferences,
    tiers,
)

ATSUGI, TOKYO = (35.4431, 139.3625), (35.6812, 139.7671)
NEED = Need(
    {Skill.CLOUD: 2, Skill.CYBERSECURITY: 2}, 40, 4, ATSUGI, date(2026, 4, 1), date(2027, 3, 31), 400_000
)
PROFILE = Profile(
    {Skill.CLOUD: 3, Skill.CYBERSECURITY: 1}, 30, 2, ATSUGI, 100, date(2026, 1, 1), date(2026, 9, 30), 12_500
)


def scores(one):
    return {part.part: part.score for part in one.parts}


def test_parts_are_shares_of_what_is_asked():
    one = fit(NEED, PROFILE)
    assert scores(one) == {
        Part.SKILLS: 0.75,
        Part.HOURS: 0.75,
        Part.PLACE: 0.5,
        Part.PERIOD: 183 / 365,
        Part.FEE: 0.8,
    }
    assert one.missing == (Skill.CYBERSECURITY,)
    assert one.bars == ()
    assert one.total == pytest.approx((0.75 * 50 + 0.75 * 15 + 0.5 * 15 + 183 / 365 * 10 + 0.8 * 10) / 100)


def test_distance_counts_only_where_days_on_site_are_asked():
    assert distance_km(ATSUGI, TOKYO) == pytest.approx(45.2, abs=0.5)
    away = replace(PROFILE, place=TOKYO, travels=60, on_site=4)
    assert scores(fit(NEED, away))[Part.PLACE] == pytest.approx(
        1 - 0.5 * (distance_km(ATSUGI, TOKYO) - 30) / 30
    )
    assert scores(fit(replace(NEED, on_site=0), replace(away, travels=1)))[Part.PLACE] == 1


@pytest.mark.parametrize(
    ("changed", "bar"),
    [
        ({"skills": {Skill.DATA_ANALYSIS: 3}}, Bar.NO_SKILL),
        ({"place": TOKYO, "travels": 10}, Bar.FAR),
        ({"on_site": 0}, Bar.FAR),
        ({"last": date(2026, 3, 31)}, Bar.PERIOD),
    ],
)
def test_what_cannot_work_is_barred_and_fits_nothing(changed, bar):
    one = fit(NEED, replace(PROFILE, **changed))
    assert (one.total, one.bars) == (0, (bar,))


def test_conflict_of_interest_bars_the_best():
    best = replace(PROFILE, skills=NEED.skills, hours=40, on_site=4, last=NEED.last, fee=0)
    assert fit(NEED, best).total == 1
    assert fit(NEED, best, conflict=True).bars == (Bar.CONFLICT,)


@given(st.integers(0, 80), st.integers(0, 80), st.integers(0, 30_000), st.integers(0, 30_000))
def test_more_hours_and_a_lower_fee_never_fit_worse(hours, more, fee, less):
    one = fit(NEED, replace(PROFILE, hours=hours, fee=max(fee, less)))
    other = fit(NEED, replace(PROFILE, hours=hours + more, fee=min(fee, less)))
    assert 0 <= one.total <= other.total <= 1


def test_preferences_keep_ties_and_leave_out_what_does_not_fit():
    assert tiers({0: 0.5, 1: 0.904, 2: 0.0, 3: 0.896}) == [[1, 3], [0]]
    assert preferences([{0: 0.5, 1: 0.9}, {0: 0.5}], 2) == ([[[1], [0]], [[0]]], [[[0, 1]], [[0]]])


def test_postings_and_weights_that_say_nothing_are_refused():
    for need in (replace(NEED, skills={}), replace(NEED, hours=0), replace(NEED, last=date(2026, 3, 31))):
        with pytest.raises(ValueError, match="asks for"):
            fit(need, PROFILE)
    for weights in ({**WEIGHTS, Part.FEE: -1}, dict.fromkeys(Part, 0)):
        with pytest.raises(ValueError, match="weights"):
            fit(NEED, PROFILE, weights=weights)
