"""How far a learner is and should be; every figure here was worked out by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine.pace import IDLE_DAYS, Why, Work, due_dates, expected_share, standing

STARTS, ENDS = date(2026, 6, 1), date(2026, 6, 30)  # 30 days


def work(
    read: int, passed: int = 0, last: date | None = date(2026, 6, 15), *, of: int = 8, exercises: int = 2
):
    return Work(of, read, exercises, passed, last)


@pytest.mark.parametrize(
    ("today", "share"),
    [
        (date(2026, 5, 1), 0.0),
        (date(2026, 6, 1), 0.0),
        (date(2026, 6, 16), 0.5),
        (date(2026, 6, 30), 29 / 30),
        (date(2026, 7, 1), 1.0),
        (date(2027, 7, 1), 1.0),
    ],
)
def test_expected_share_is_that_of_the_days_over(today: date, share: float) -> None:
    assert expected_share(STARTS, ENDS, today) == pytest.approx(share)


def test_a_cohort_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends"):
        expected_share(ENDS, STARTS, STARTS)
    with pytest.raises(ValueError, match="ends"):
        due_dates([1], ENDS, STARTS)


def test_on_time_there_is_no_reason() -> None:
    assert standing(work(5), STARTS, ENDS, date(2026, 6, 16)).reasons == ()


def test_slack_is_one_fifth_and_no_more() -> None:
    # On 16 June half is over. 3 of 10 are 20 points behind: told to nobody; 2 of 10 are 30.
    assert standing(work(3), STARTS, ENDS, date(2026, 6, 16)).reasons == ()
    assert standing(work(2), STARTS, ENDS, date(2026, 6, 16)).reasons == (Why.BEHIND,)


def test_never_begun_is_told_as_such_and_not_before_it_is_late() -> None:
    fresh = work(0, last=None)
    assert standing(fresh, STARTS, ENDS, date(2026, 6, 7)).reasons == ()
    assert standing(fresh, STARTS, ENDS, date(2026, 6, 8)).reasons == (Why.NOT_BEGUN,)


def test_idle_after_a_fortnight_even_when_ahead() -> None:
    ahead = work(7, last=date(2026, 6, 2))
    assert standing(ahead, STARTS, ENDS, date(2026, 6, 15)).reasons == ()
    found = standing(ahead, STARTS, ENDS, date(2026, 6, 16))
    assert found.reasons == (Why.IDLE,)
    assert found.idle_days == IDLE_DAYS


def test_all_read_but_exercises_open() -> None:
    found = standing(work(4, of=4, exercises=6), STARTS, ENDS, date(2026, 6, 26))
    assert found.reasons == (Why.EXERCISES_LEFT,)
    assert found.share == pytest.approx(0.4)


def test_after_the_end_everybody_who_is_not_through_is_told_and_nobody_who_is() -> None:
    assert standing(work(8, 1), STARTS, ENDS, date(2026, 7, 1)).reasons == (Why.OVER,)
    through = work(8, 2, last=STARTS)
    assert standing(through, STARTS, ENDS, date(2027, 7, 1)).reasons == ()
    assert through.complete


def test_a_course_without_lessons_is_never_complete() -> None:
    empty = Work(0, 0, 0, 0, None)
    assert not empty.complete
    assert empty.share == 0.0


def test_more_done_than_there_is_is_a_fault() -> None:
    with pytest.raises(ValueError, match="more done"):
        Work(3, 4, 0, 0, None)


@given(
    st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    st.none() | st.integers(0, 60),
    st.integers(-10, 90),
)
def test_who_has_done_more_never_gets_more_reasons_of_lateness(lessons, exercises, last, day) -> None:
    today = STARTS + timedelta(days=day)
    seen = None if last is None else min(today, STARTS + timedelta(days=last))
    less = standing(Work(lessons[0], lessons[1], exercises[0], exercises[1], seen), STARTS, ENDS, today)
    all_read = standing(Work(lessons[0], lessons[0], exercises[0], exercises[0], seen), STARTS, ENDS, today)
    assert 0 <= less.share <= all_read.share <= 1
    assert not set(all_read.reasons) - {Why.IDLE} or lessons[0] == 0
    late = {Why.BEHIND, Why.NOT_BEGUN, Why.EXERCISES_LEFT}
    assert len(late & set(less.reasons)) <= 1


def test_days_are_shared_out_by_minutes() -> None:
    assert due_dates([10, 20, 30], STARTS, date(2026, 7, 1)) == [
        date(2026, 6, 6),
        date(2026, 6, 16),
        date(2026, 7, 1),
    ]
    assert due_dates([0, 0], STARTS, ENDS) == [ENDS, ENDS]
    assert due_dates([], STARTS, ENDS) == []


@given(st.lists(st.integers(0, 500), max_size=12), st.integers(0, 400))
def test_due_dates_go_on_and_end_with_the_cohort(minutes: list[int], days: int) -> None:
    ends = STARTS + timedelta(days=days)
    found = due_dates(minutes, STARTS, ends)
    assert found == sorted(found)
    assert not found or found[-1] == ends
