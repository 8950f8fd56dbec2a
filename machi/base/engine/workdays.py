"""Working days of Japanese public offices: no weekends, national holidays, nor 29 December to 3 January.

The office's own holidays (地方自治法第4条の2) are these in nearly every municipality. Holidays are jpholiday's.
"""

from __future__ import annotations

from datetime import date, timedelta

import jpholiday


def is_working_day(day: date) -> bool:
    year_end = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not year_end and not jpholiday.is_holiday(day)


def after_working_days(start: date, days: int) -> date:
    """The last of ``days`` working days after ``start``, which itself does not count; ``start`` for 0."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day
