"""Working days: weekends, holidays and the turn of the year do not count."""

from datetime import date

import pytest

from machi.base.engine.workdays import after_working_days, is_working_day


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 20), True),  # Friday
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), False),  # Labour Thanksgiving Day
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 4), True),
    ],
)
def test_working_day_is_no_weekend_holiday_or_turn_of_the_year(day, working):
    assert is_working_day(day) is working


def test_after_working_days_leaves_out_what_is_none():
    assert after_working_days(date(2026, 11, 20), 0) == date(2026, 11, 20)
    assert after_working_days(date(2026, 11, 20), 1) == date(2026, 11, 24)
    assert after_working_days(date(2026, 12, 28), 1) == date(2027, 1, 4)
