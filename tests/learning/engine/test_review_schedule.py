from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine.review_schedule import STEPS, Review, due, next_review

DAY = date(2026, 6, 1)


def on(*days: int, passed: bool = True) -> list[tuple[date, bool]]:
    return [(DAY + timedelta(days=day), passed) for day in days]


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def test_comes_again_after_1_7_and_30_days_and_then_no_more() -> None:
    assert next_review(on(0)) == Review(0, day(1))
    assert next_review(on(0, 1)) == Review(1, day(7))
    assert next_review(on(0, 1, 7)) == Review(2, day(30))
    assert next_review(on(0, 1, 7, 30)) is None
    assert next_review(on(0, 1, 7, 30, 60)) is None


def test_before_the_first_pass_nothing_comes() -> None:
    assert next_review([]) is None
    assert next_review(on(0, 1, 2, passed=False)) is None
    assert next_review([*on(0, passed=False), *on(0)]) == Review(0, day(1))


def test_a_miss_starts_again() -> None:
    assert next_review([*on(0, 1), *on(7, passed=False)]) == Review(0, day(8))
    assert next_review([*on(0, 1), *on(7, passed=False), *on(7)]) == Review(0, day(8))
    assert next_review([*on(0, 1, 7, 30), *on(40, passed=False)]) == Review(0, day(41))


def test_passing_before_the_day_moves_nothing() -> None:
    assert next_review(on(0, 0, 0)) == Review(0, day(1))
    assert next_review(on(0, 1, 3, 5)) == Review(1, day(7))


def test_late_keeps_the_gap() -> None:
    assert next_review(on(0, 10)) == Review(1, day(16))
    assert next_review(on(0, 10, 20)) == Review(2, day(43))


def test_due_from_its_day_on() -> None:
    assert due(on(0), day(0)) is None
    assert due(on(0), day(1)) == Review(0, day(1))
    assert due(on(0), day(100)) == Review(0, day(1))


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=30))
def test_the_next_review_is_after_the_last_that_counted(listed: list[tuple[int, bool]]) -> None:
    attempts = [(day(number), passed) for number, passed in sorted(listed, key=lambda one: one[0])]
    review = next_review(attempts)
    if review is None:
        return
    first = next(at for at, passed in attempts if passed)
    assert review.due > first
    assert 0 <= review.step < len(STEPS)
    done = [at for at, _passed in attempts if at <= review.due]
    assert review.due - max(done) <= timedelta(days=30)
