"""The fit in arrays is the fit of each pair."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.matching_fit import Bar, Need, Profile, Skill, fit
from machi.joint.engine.matching_fit_table import NeedTable, fit_all

DAY = date(2027, 4, 1)
places = st.tuples(st.floats(30, 45), st.floats(130, 145))
levels = st.dictionaries(st.sampled_from(list(Skill)), st.integers(1, 3), max_size=4)


def days(draw):
    first = DAY + timedelta(days=draw(st.integers(0, 300)))
    return first, first + timedelta(days=draw(st.integers(0, 400)))


@st.composite
def needs(draw):
    first, last = days(draw)
    skills = draw(levels.filter(bool))
    numbers = draw(st.integers(1, 80)), draw(st.integers(0, 6)), draw(st.integers(0, 10**6))
    return Need(skills, numbers[0], numbers[1], draw(places), first, last, numbers[2])


@st.composite
def profiles(draw):
    first, last = days(draw)
    numbers = [draw(st.integers(0, most)) for most in (80, 6, 1500, 20_000)]
    return Profile(draw(levels), numbers[0], numbers[1], draw(places), numbers[2], first, last, numbers[3])


@given(st.lists(needs(), min_size=1, max_size=6), profiles(), st.data())
def test_every_posting_has_the_fit_and_the_bars_of_its_pair(asked, profile, data):
    conflict = [data.draw(st.booleans()) for _ in asked]
    whole, bars = fit_all(NeedTable(asked), profile, np.array(conflict))
    for at, one in enumerate(asked):
        expected = fit(one, profile, conflict=conflict[at])
        assert whole[at] == pytest.approx(expected.total, abs=1e-9)
        assert {bar for bar in Bar if bars[bar][at]} == set(expected.bars)


def test_a_posting_without_skills_is_refused():
    with pytest.raises(ValueError, match="asks for a skill"):
        NeedTable([Need({}, 1, 0, (35, 139), DAY, DAY, 0)])
