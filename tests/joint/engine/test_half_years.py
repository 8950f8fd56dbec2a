"""Half-years of a fiscal year, and when their reports are due."""

from datetime import date

import pytest

from machi.joint.engine.half_years import HalfYear, half_year_of, half_years, read_half_year


@pytest.mark.parametrize(
    ("day", "half", "starts", "ends", "due"),
    [
        (date(2026, 4, 1), HalfYear(2026, 1), date(2026, 4, 1), date(2026, 9, 30), date(2026, 10, 31)),
        (date(2026, 9, 30), HalfYear(2026, 1), date(2026, 4, 1), date(2026, 9, 30), date(2026, 10, 31)),
        (date(2026, 10, 1), HalfYear(2026, 2), date(2026, 10, 1), date(2027, 3, 31), date(2027, 4, 30)),
        (date(2027, 3, 31), HalfYear(2026, 2), date(2026, 10, 1), date(2027, 3, 31), date(2027, 4, 30)),
    ],
)
def test_half_year_of_a_day(day, half, starts, ends, due):
    found = half_year_of(day)
    assert (found, found.starts, found.ends, found.due) == (half, starts, ends, due)


def test_half_years_of_a_project_are_those_it_touches():
    found = half_years(date(2026, 9, 30), date(2027, 10, 1))
    assert [str(one) for one in found] == ["2026-1", "2026-2", "2027-1", "2027-2"]
    assert half_years(date(2026, 5, 1), date(2026, 6, 1)) == [HalfYear(2026, 1)]


def test_written_half_year_is_read_again():
    assert read_half_year(str(HalfYear(2026, 2))) == HalfYear(2026, 2)
    for text in ("2026-3", "26-1", "2026", "x", "2026-12", "²026-1"):
        with pytest.raises(ValueError, match="not a half-year"):
            read_half_year(text)
