"""Check-ins' days; counts that tell of nobody; the panel and what is described of it; lines of a chart."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine import check_in as engine
from machi.learning.engine.check_in import DAYS, State, ask_for_plan, schedule, to_remind
from machi.learning.engine.effect import Panel, long_rows, next_month, start_groups
from machi.learning.engine.lines_chart import lines_chart
from machi.learning.engine.real_use import SMALLEST, Use, per_month, shown, windows

MADE = date(2026, 1, 31)


def states(after, answered=()):
    return [one.state for one in schedule(MADE, MADE + timedelta(days=after), answered)]


def test_check_ins_open_on_their_day_and_never_both_at_once():
    assert states(29) == [State.WAITING, State.WAITING]
    assert states(30) == [State.OPEN, State.WAITING]
    assert states(89) == [State.OPEN, State.WAITING]
    assert states(90) == [State.MISSED, State.OPEN]
    assert states(149) == [State.MISSED, State.OPEN]
    assert states(150) == [State.MISSED, State.MISSED]
    assert states(90, {30}) == [State.ANSWERED, State.OPEN]


@given(after=st.integers(0, 400), answered=st.sets(st.sampled_from(DAYS)))
def test_a_mail_is_due_only_for_what_can_be_told_and_soon_after_its_day(after, answered):
    today = MADE + timedelta(days=after)
    days = to_remind(MADE, today, answered)
    if days is None:
        assert not any(
            one.state == State.OPEN and (today - one.due).days < engine.REMIND_FOR
            for one in schedule(MADE, today, answered)
        )
    else:
        assert days not in answered
        assert days <= after < days + engine.REMIND_FOR


def test_whoever_has_no_plan_is_asked_after_three_days_and_not_for_ever():
    asked = [day for day in range(40) if ask_for_plan(MADE, MADE + timedelta(days=day))]
    assert asked == list(range(3, 17))


def test_windows_are_of_whole_days_and_grow_after_the_course():
    start, end = date(2026, 4, 1), date(2026, 6, 30)
    early, late = windows(start, end, date(2026, 7, 11)), windows(start, end, date(2027, 1, 1))
    assert (early.before_from, early.before_until) == (date(2026, 1, 1), start)
    assert (early.after_from, early.after_until, early.after_days) == (
        date(2026, 7, 1),
        date(2026, 7, 11),
        10,
    )
    assert late.after_days == 90
    assert windows(start, end, date(2026, 5, 1)).after_days == 0
    with pytest.raises(ValueError, match="ends"):
        windows(end, start, end)


def uses(**people):
    """system -> results of each person."""
    return [
        Use(system, f"person:{at}", count)
        for system, counts in people.items()
        for at, count in enumerate(counts)
        if count
    ]


def test_counts_of_few_people_are_hidden_and_cannot_be_subtracted():
    found = shown(uses(many=[1] * 6, few=[9, 9]), 6)
    assert found.systems == {"few": None, "many": 6}
    assert found.total is None  # 24 - 6 would tell of two people
    assert found.users == 6
    found = shown(uses(many=[1] * 6, few=[9, 9], other=[0, 0, 2, 2, 2]), 6)
    assert found.systems == {"few": None, "many": 6, "other": None}
    assert found.total == 6 + 18 + 6  # five people stand behind what is hidden


def test_a_small_group_and_few_users_show_nothing():
    assert shown(uses(a=[1] * 4), 4) == shown(uses(a=[7, 1, 1, 1]), 4)
    assert shown(uses(a=[3] * 3), 20).users is None
    assert (shown([], 20).total, shown([], 20).users) == (0, 0)


@given(
    st.dictionaries(st.sampled_from("abcd"), st.lists(st.integers(0, 9), max_size=9), max_size=4),
    st.integers(0, 12),
)
def test_nothing_shown_tells_of_fewer_than_five(people, group):
    given_uses = uses(**people)
    found = shown(given_uses, group)
    behind = {name: {one.who for one in given_uses if one.system == name} for name in found.systems}
    for name, value in found.systems.items():
        assert value is None or (len(behind[name]) >= SMALLEST and group >= SMALLEST)
    if found.total is not None:
        rest = set().union(*(behind[name] for name, value in found.systems.items() if value is None))
        assert not rest or len(rest) >= SMALLEST
        assert found.total == sum(one.results for one in given_uses)


def test_windows_of_unlike_length_are_compared_by_thirty_days():
    assert per_month(9, 90) == 3
    assert per_month(None, 90) is None
    assert per_month(0, 0) is None


MONTHS = (date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))


def a_panel():
    return Panel(
        "results",
        MONTHS,
        {"a": date(2026, 1, 1), "b": date(2026, 1, 1), "c": None, "d": date(2025, 5, 1)},
        {
            "a": (1.0, 3.0, 10.0, 12.0),
            "b": (3.0, None, 20.0, None),
            "c": (5.0, 5.0, 6.0, 8.0),
            "d": (0.0, 0.0, 0.0, 0.0),
        },
    )


def test_towns_are_described_by_start_beside_those_not_begun():
    early, group, idle = start_groups(a_panel())
    assert (early.start, early.before, early.after) == (date(2025, 5, 1), None, 0.0)
    assert group.units == ("a", "b")
    assert group.means == (2.0, 3.0, 15.0, 12.0)
    assert (group.before, group.after) == (2.5, 13.5)
    assert (group.others_before, group.others_after) == (5.0, 7.0)
    assert (idle.start, idle.before, idle.after) == (None, None, None)


def test_means_of_too_few_towns_are_not_told():
    _early, group, idle = start_groups(a_panel(), fewest=2)
    assert group.means == (2.0, None, 15.0, None)
    assert idle.means == (None,) * 4
    assert group.others_before is None


def test_the_panel_comes_out_as_estimators_take_it():
    rows = list(long_rows(a_panel()))
    assert len(rows) == 16
    assert rows[2] == ("a", "2026-01", 3, "2026-01", 3, 10.0)
    assert rows[5] == ("b", "2025-12", 2, "2026-01", 3, None)
    assert {row[3:5] for row in rows if row[0] == "c"} == {("", 0)}
    assert {row[4] for row in rows if row[0] == "d"} == {1}  # begun before: treated from the first, not never


def test_a_panel_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="same units"):
        Panel("results", MONTHS, {"a": None}, {})
    with pytest.raises(ValueError, match="each period"):
        Panel("results", MONTHS, {"a": None}, {"a": (1.0,)})
    with pytest.raises(ValueError, match="consecutive"):
        Panel("results", (MONTHS[0], MONTHS[2]), {}, {})


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_next_month_is_the_next(day):
    found = next_month(day)
    assert found.day == 1
    assert 1 <= (found - day).days <= 31


@given(st.lists(st.none() | st.floats(0, 1e6), min_size=2, max_size=30), st.integers(0, 1))
def test_lines_stay_in_the_frame_and_gaps_stay_gaps(values, start):
    chart = lines_chart([(values, start)])
    known = [one for one in values if one is not None]
    if not known:
        assert chart is None
        return
    assert chart is not None
    (line,) = chart.lines
    assert len(line.marks) == len(known)
    assert all(
        chart.left <= one.x <= chart.right and chart.top <= one.y <= chart.bottom for one in line.marks
    )
    assert line.start == chart.steps[start]
    with pytest.raises(ValueError, match="same steps"):
        lines_chart([(values, None), ([1.0], None)])
