from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.language.engine.dates import find_dates, parse_date
from machi.language.engine.eras import era_on, number, western_year

SPRING = date(2025, 4, 15)


def found(text: str, reference: date | None = SPRING) -> list[tuple[str, date | None, date | None]]:
    return [(text[span.start : span.end], span.first, span.last) for span in find_dates(text, reference)]


def days(text: str, reference: date | None = SPRING) -> list[tuple[str | None, str | None]]:
    def iso(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return [(iso(span.first), iso(span.last)) for span in find_dates(text, reference)]


@pytest.mark.parametrize(
    "text",
    [
        "2025年4月1日",
        "令和7年4月1日",
        "令和７年４月１日（火）",
        "令和七年四月一日",
        "㋿7年4月1日",
        "R7.4.1",
        "Ｒ７．４．１",
        "R7/4/1",
        "2025.04.01",
        "2025/4/1",
        "2025-04-01",
        "2025年（令和7年）4月1日",
    ],
)
def test_one_day_in_many_spellings(text: str) -> None:
    assert found(text, None) == [(text, date(2025, 4, 1), date(2025, 4, 1))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("平成31年4月30日", "2019-04-30"),
        ("令和元年5月1日", "2019-05-01"),
        ("昭和56年5月31日", "1981-05-31"),
        ("平成十二年四月一日", "2000-04-01"),
        ("H31.4.30", "2019-04-30"),
    ],
)
def test_eras(text: str, expected: str) -> None:
    assert days(text, None) == [(expected, expected)]


def test_a_date_without_a_year_is_the_nearest_to_the_reference() -> None:
    assert days("6月15日と12月14日") == [("2025-06-15", "2025-06-15"), ("2025-12-14", "2025-12-14")]
    assert days("3月1日") == [("2025-03-01", "2025-03-01")]
    assert days("1月10日", date(2024, 12, 1)) == [("2025-01-10", "2025-01-10")]


def test_the_weekday_decides_the_year() -> None:
    assert days("4月1日(月)") == [("2024-04-01", "2024-04-01")]
    assert days("4月1日（水曜日）") == [("2026-04-01", "2026-04-01")]


def test_without_reference_or_year_nothing_is_found() -> None:
    assert days("4月1日", None) == []
    assert days("2025年9月6日から。9月8日（月）", None) == [
        ("2025-09-06", None),
        ("2025-09-08", "2025-09-08"),
    ]


@pytest.mark.parametrize("joint", ["～", "〜", "~", "－", "-", "から", "?", "？"])
def test_ranges(joint: str) -> None:
    assert days(f"4月1日{joint}5月10日") == [("2025-04-01", "2025-05-10")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5月1?14日", [("2025-05-01", "2025-05-14")]),
        ("2025年9月6日（土曜日）～19日（金曜日）", [("2025-09-06", "2025-09-19")]),
        ("12月29日から翌年１月３日まで", [("2024-12-29", "2025-01-03")]),
        ("4月25日～翌月10日", [("2025-04-25", "2025-05-10")]),
        ("4月25日～3日", [("2025-04-25", "2025-05-03")]),
        ("7月25日(金)18時～27日(日)", [("2025-07-25", "2025-07-27")]),
        ("6月?10月", [("2025-06-01", "2025-10-31")]),
        ("6?12月の土曜", [("2025-06-01", "2025-12-31")]),
        ("4月26・27日", [("2025-04-26", "2025-04-26"), ("2025-04-27", "2025-04-27")]),
        ("5月1日(木)、2日(金)", [("2025-05-01", "2025-05-01"), ("2025-05-02", "2025-05-02")]),
        ("5月上旬", [("2025-05-01", "2025-05-10")]),
        ("2月末", [("2025-02-28", "2025-02-28")]),
    ],
)
def test_ranges_and_lists_share_month_and_year(text: str, expected: list[tuple[str, str]]) -> None:
    assert days(text) == expected


@pytest.mark.parametrize("after", ["まで", "までに", "(必着)", "（消印有効）", "締切", "17時まで", "必着"])
def test_deadlines_have_no_first_day(after: str) -> None:
    assert days(f"5月10日{after}") == [(None, "2025-05-10")]


@pytest.mark.parametrize("after", ["から", "より", "以降", "に開始", "9時から電話で受け付け"])
def test_beginnings_have_no_last_day(after: str) -> None:
    assert days(f"5月10日{after}") == [("2025-05-10", None)]


def test_a_day_and_its_weekday_tell_the_month() -> None:
    assert days("水島7日(火)9時", date(2024, 5, 1)) == [("2024-05-07", "2024-05-07")]


def test_short_years_are_those_of_the_era() -> None:
    assert days("6年12月に始まり、7年3月末に終わる") == [
        ("2024-12-01", "2024-12-31"),
        ("2025-03-31", "2025-03-31"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "第3月曜",
        "3か月",
        "5月号",
        "2月30日",
        "9/3",
        "1.2.3",
        "3月分",
        "20250401",
        "10日間",
        "4月31日",
        "3?34歳",
        "３０日以内",
    ],
)
def test_what_is_no_date_is_not_found(text: str) -> None:
    assert days(text) == []


def test_a_slash_date_needs_its_weekday() -> None:
    assert days("5/4(祝)") == [("2025-05-04", "2025-05-04")]


@settings(deadline=None)
@given(st.dates(date(1868, 2, 1), date(2099, 12, 31)))
def test_every_day_is_found_in_its_era(day: date) -> None:
    era = era_on(day)
    year = day.year - western_year(era, 1) + 1
    text = f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    assert found(f"受付は{text}です", None) == [(text, day, day)]


@settings(deadline=None)
@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y.%m.%d}"]),
)
def test_every_day_is_found_in_figures(day: date, form: str) -> None:
    assert parse_date(form.format(day)) == day


@settings(deadline=None)
@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.dates(date(2001, 1, 1), date(2090, 1, 1)))
def test_a_date_without_year_keeps_month_and_day(day: date, reference: date) -> None:
    [(first, last)] = [(span.first, span.last) for span in find_dates(f"{day.month}月{day.day}日", reference)]
    assert first == last is not None
    assert (last.month, last.day) == (day.month, day.day)
    limit = 366 if (day.month, day.day) != (2, 29) else 366 * 4
    assert abs((last - reference).days) <= limit


@settings(deadline=None)
@given(
    st.text(alphabet="令和平成0123456789０１年月日（火）()～?・、まで元十/-. RH末翌", max_size=40),
    st.dates(date(1990, 1, 1)),
)
def test_any_text_gives_ordered_spans_within_it(text: str, reference: date) -> None:
    end = 0
    for span in find_dates(text, reference):
        assert end <= span.start < span.end <= len(text)
        assert span.first is not None or span.last is not None
        assert span.first is None or span.last is None or span.first <= span.last
        end = span.end


def test_parse_date_takes_a_month_for_its_first_day() -> None:
    assert parse_date("2025年6月") == date(2025, 6, 1)
    assert parse_date("未定") is None


def test_numbers_in_kanji() -> None:
    assert [number(text) for text in ("元", "七", "十", "二十三", "二〇二五", "12")] == [
        1,
        7,
        10,
        23,
        2025,
        12,
    ]
    with pytest.raises(ValueError, match="百"):
        number("百")
