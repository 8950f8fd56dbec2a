from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.base.engine.wareki import ERAS, EraYear, era_year, wareki


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2025, 11, 22), "令和7年11月22日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1873, 1, 1), "明治6年1月1日"),
    ],
)
def test_wareki_changes_era_on_the_day(day: date, written: str) -> None:
    assert wareki(day) == written


def test_wareki_with_weekday() -> None:
    assert wareki(date(2025, 11, 22), weekday=True) == "令和7年11月22日（土）"
    assert wareki(date(2025, 11, 24), weekday=True) == "令和7年11月24日（月）"


def test_wareki_refuses_days_before_the_gregorian_calendar() -> None:
    with pytest.raises(ValueError, match="1872-12-31 is before Japan took the Gregorian calendar"):
        wareki(date(1872, 12, 31))


def test_era_year_has_an_english_name() -> None:
    assert era_year(date(2025, 11, 22)) == EraYear("令和", "Reiwa", 7)
    assert str(EraYear("令和", "Reiwa", 1)) == "令和元年"


@given(st.dates(date(1873, 1, 1), date(2100, 12, 31)))
def test_era_year_leads_back_to_the_gregorian_year(day: date) -> None:
    year = era_year(day)
    start = next(first for first, name, _ in ERAS if name == year.era)
    assert start <= day
    assert start.year + year.year - 1 == day.year


@given(st.dates(date(1873, 1, 1), date(2100, 12, 31)))
def test_eras_follow_each_other_without_a_gap(day: date) -> None:
    today, tomorrow = era_year(day), era_year(day + timedelta(days=1))
    new_era = today.era != tomorrow.era
    assert new_era == (day + timedelta(days=1) in {first for first, _, _ in ERAS})
    assert tomorrow.year == (1 if new_era else today.year + ((day + timedelta(days=1)).year - day.year))
