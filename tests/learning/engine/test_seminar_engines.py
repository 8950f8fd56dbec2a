"""Small engines of seminars: answers that fit, charts, calendars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine.bar_chart import Bar, bar_chart
from machi.learning.engine.seminar_answers import AnswerError, Asked, clean
from machi.learning.engine.seminar_calendar import Entry, calendar

ASKED = [
    Asked("1", "line", required=True),
    Asked("2", "some", choices=("a", "b", "c")),
    Asked("3", "one", choices=("x", "y")),
    Asked("4", "number"),
    Asked("5", "yes"),
    Asked("6", "text"),
]


def test_answers_are_kept_as_they_fit():
    given_ = {"1": " はい ", "2": ["c", "a"], "3": "y", "4": "1e2", "5": True, "6": ""}
    assert clean(ASKED, given_) == {"1": "はい", "2": ["a", "c"], "3": "y", "4": "100", "5": True}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"1": ""}, {"1": "missing"}),
        ({"1": "x" * 201}, {"1": "too_long"}),
        ({"1": "x", "2": ["d"]}, {"2": "not_a_choice"}),
        ({"1": "x", "2": "a"}, {"2": "not_a_choice"}),
        ({"1": "x", "3": "z"}, {"3": "not_a_choice"}),
        ({"1": "x", "4": "たくさん"}, {"4": "not_a_number"}),
        ({"1": "x", "4": "NaN"}, {"4": "not_a_number"}),
        ({"1": "x", "5": "yes"}, {"5": "not_a_choice"}),
        ({"1": "x", "9": "y"}, {"9": "unknown"}),
    ],
)
def test_answers_that_do_not_fit_are_all_named(wrong, code):
    with pytest.raises(AnswerError) as error:
        clean(ASKED, wrong)
    assert error.value.problems == code


@given(
    st.dictionaries(st.sampled_from("123456789"), st.text() | st.booleans() | st.none() | st.lists(st.text()))
)
def test_whatever_is_kept_fits_and_nothing_breaks(sent):
    try:
        kept = clean(ASKED, sent)
    except AnswerError:
        return
    assert clean(ASKED, kept) == kept


@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.none() | st.integers(0, 10**6), st.text(max_size=20)),
        min_size=1,
        max_size=9,
    ),
    st.text(max_size=40),
)
def test_chart_is_a_drawing_whatever_the_words(bars, title):
    root = ElementTree.fromstring(bar_chart([Bar(*bar) for bar in bars], title=title))
    rects = root.findall("{http://www.w3.org/2000/svg}rect")
    assert len(rects) == len(bars) + sum(bool(value) for _label, value, _figure in bars)
    width = float(root.attrib["width"])
    assert all(float(one.attrib["x"]) + float(one.attrib["width"]) <= width for one in rects)
    assert "style" not in root.attrib


def test_chart_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="at least one"):
        bar_chart([], title="")
    with pytest.raises(ValueError, match="below 0"):
        bar_chart([Bar("a", -1, "")], title="")


def test_hidden_value_has_no_bar():
    assert bar_chart([Bar("a", None, "5人未満")], title="t").count("<rect") == 1


def an_entry(**changes: object) -> Entry:
    start = datetime(2026, 12, 20, 4, 0, tzinfo=UTC)
    fields: dict[str, Any] = {
        "uid": "seminar-1@machi",
        "title": "セミナー、その1",
        "starts": start,
        "ends": start + timedelta(hours=2),
        "changed": start - timedelta(days=9),
        "place": "会場; 1階",
        "remind": timedelta(days=1),
    }
    return Entry(**{**fields, **changes})


def test_calendar_reads_back_in_japanese_time():
    (event,) = icalendar.Calendar.from_ical(calendar([an_entry()])).walk("VEVENT")
    assert str(event["SUMMARY"]) == "セミナー、その1"
    assert event.decoded("DTSTART").hour == 13
    assert event["STATUS"] == "CONFIRMED"
    assert len(event.walk("VALARM")) == 1
    assert calendar([an_entry()]) == calendar([an_entry()])


def test_cancelled_seminar_says_so_and_rings_no_more():
    (event,) = icalendar.Calendar.from_ical(calendar([an_entry(cancelled=True)])).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"
    assert event.walk("VALARM") == []


def test_times_without_a_zone_are_refused():
    with pytest.raises(ValueError, match="zone"):
        calendar([an_entry(starts=datetime(2026, 1, 1))])  # noqa: DTZ001
