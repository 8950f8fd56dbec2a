"""Deadlines of incidents, by rule."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.governance.engine.incidents import (
    Duty,
    Facts,
    Ground,
    Kind,
    first_due,
    grounds,
    obligations,
)

TOKYO = ZoneInfo("Asia/Tokyo")
NOTICED = datetime(2026, 11, 20, 23, 50, tzinfo=TOKYO)
PLAIN = Facts(Kind.WRONG_ANSWER, NOTICED, NOTICED + timedelta(hours=10))
LEAK = replace(PLAIN, kind=Kind.PERSONAL_INFORMATION, leaked=True)


def due(facts):
    return {one.duty: one.due_at for one in obligations(facts, TOKYO)}


def test_every_incident_has_a_first_response_in_24_hours_and_a_lesson_in_20_working_days():
    assert due(PLAIN) == {
        Duty.FIRST_RESPONSE: datetime(2026, 11, 22, 9, 50, tzinfo=TOKYO),
        # From 21 November: 23 November, and 29 December to 3 January, are no working days.
        Duty.LESSON: datetime(2026, 12, 21, 17, 15, tzinfo=TOKYO),
    }


@pytest.mark.parametrize(
    ("known", "ground"),
    [
        ({"sensitive": True}, Ground.SENSITIVE),
        ({"property_damage": True}, Ground.PROPERTY),
        ({"wrongful": True}, Ground.WRONGFUL),
        ({"affected": 101}, Ground.MANY),
        ({"my_number": True}, Ground.MY_NUMBER),
    ],
)
def test_each_case_of_a_leak_must_be_reported(known, ground):
    assert grounds(replace(LEAK, **known)) == (ground,)
    assert grounds(replace(PLAIN, **known)) == ()


@pytest.mark.parametrize("affected", [None, 0, 1, 100])
def test_leak_of_few_people_and_nothing_grave_need_not_be_reported(affected):
    assert grounds(replace(LEAK, affected=affected)) == ()


def test_reports_are_due_on_day_5_and_30_the_day_of_knowing_being_the_first():
    found = due(replace(LEAK, sensitive=True))
    assert found[Duty.PRELIMINARY_REPORT] == datetime(2026, 11, 24, 17, 15, tzinfo=TOKYO)
    assert found[Duty.FINAL_REPORT] == datetime(2026, 12, 19, 17, 15, tzinfo=TOKYO)
    assert found[Duty.TELL_PEOPLE] is None


def test_final_report_has_60_days_where_the_purpose_may_be_wrongful():
    assert due(replace(LEAK, wrongful=True))[Duty.FINAL_REPORT] == datetime(2027, 1, 18, 17, 15, tzinfo=TOKYO)


def test_days_are_those_of_the_zone():
    """14:50 UTC of the 20th is the 20th in Tokyo, 15:10 is the 21st."""
    utc = ZoneInfo("UTC")
    early, late = (datetime(2026, 11, 20, *at, tzinfo=utc) for at in ((14, 50), (15, 10)))
    days = [
        due(replace(LEAK, wrongful=True, noticed_at=at))[Duty.PRELIMINARY_REPORT].day for at in (early, late)
    ]
    assert days == [24, 25]


def test_first_due_is_the_earliest_with_a_date():
    assert first_due([None, NOTICED + timedelta(1), NOTICED]) == NOTICED
    assert first_due([None]) is None


times = st.integers(0, 20_000_000).map(lambda minutes: NOTICED + timedelta(minutes=minutes))


@given(
    st.builds(
        Facts,
        kind=st.sampled_from(Kind),
        noticed_at=times,
        filed_at=times,
        leaked=st.booleans(),
        affected=st.none() | st.integers(0, 10_000),
        sensitive=st.booleans(),
        property_damage=st.booleans(),
        wrongful=st.booleans(),
        my_number=st.booleans(),
    )
)
def test_more_facts_never_take_a_duty_away_nor_shorten_the_law(facts):
    duties = due(facts)
    graver = due(replace(facts, leaked=True, my_number=True))
    assert duties.keys() <= graver.keys()
    assert {Duty.PRELIMINARY_REPORT, Duty.FINAL_REPORT} <= graver.keys()
    assert graver[Duty.PRELIMINARY_REPORT] < graver[Duty.FINAL_REPORT]
    assert len(duties) == len(obligations(facts, TOKYO))
