"""Small figures are hidden, and totals do not give them away."""

from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.visit_gains import COUNTED, SMALLEST, Gain, Shown, table, totals


def a_gain(code: str, *counts: int) -> Gain:
    return Gain(code, 3, *counts)


def test_small_figures_are_hidden_and_none_is_told() -> None:
    cells = table([a_gain("142123", 4, 12, 0, 0, 0)])["142123"]
    assert [cells[name] for name in COUNTED] == [Shown(None), Shown(12), Shown(0), Shown(0), Shown(0)]


def test_people_of_few_accepted_requests_are_hidden_too() -> None:
    cells = table([a_gain("142123", 9, 9, 9, 2, 30)])["142123"]
    assert cells["people"] == Shown(None)


def test_total_is_exact_only_where_nothing_is_hidden() -> None:
    gains = [a_gain("142123", 12, 20, 5, 5, 10), a_gain("222127", 3, 7, 6, 5, 9)]
    sums = totals(gains)
    assert sums["visits"] == Shown(27)
    assert sums["plans"] == Shown(10, about=True)


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 5), min_size=1, max_size=6))
def test_no_shown_figure_is_small(counts: list[tuple[int, ...]]) -> None:
    gains = [a_gain(str(number), *row) for number, row in enumerate(counts)]
    for row in table(gains).values():
        assert all(cell.value is None or cell.value == 0 or cell.value >= SMALLEST for cell in row.values())
