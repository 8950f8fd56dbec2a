"""Small counts hidden: by the rule of joint.engine.suppression, held against its integer programmes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.joint.engine.suppression import SMALLEST as JOINT_SMALLEST
from machi.joint.engine.suppression import Figure, known
from machi.learning.engine.small_counts import SMALLEST, bounds, hide


def _figures(table: list[list[int]]) -> dict[tuple[int, int], Figure]:
    """Every cell and row total as a figure of the integer programmes, and the column sums, which are public."""
    found = {}
    for at, row in enumerate(table):
        for column, value in enumerate(row):
            found[at, column] = Figure(f"{at},{column}", value, frozenset({(at, column)}))
        members = frozenset((at, column) for column in range(len(row)))
        found[at, len(row)] = Figure(f"{at},all", sum(row), members)
    return found


def _public(table: list[list[int]]) -> list[Figure]:
    return [
        Figure(
            f"sum{column}",
            sum(row[column] for row in table),
            frozenset((at, column) for at in range(len(table))),
        )
        for column in range(len(table[0]))
    ]


TABLES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 12), min_size=columns, max_size=columns), min_size=1, max_size=4
    )
)


def test_the_rule_is_the_houses() -> None:
    assert SMALLEST == JOINT_SMALLEST


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_no_hidden_small_count_can_be_worked_out_by_the_integer_programmes(table: list[list[int]]) -> None:
    shown = hide(table)
    figures = _figures(table)
    hidden = {
        figures[at, column].name
        for at, row in enumerate(shown)
        for column, one in enumerate(row)
        if one is None
    }
    everything = [*figures.values(), *_public(table)]
    for figure in figures.values():
        if 0 < figure.value < SMALLEST:
            assert figure.name in hidden
            low, high = known(everything, hidden, figure)
            whole = all(one is None for row in shown for one in row)
            assert high - low >= SMALLEST - 2 or whole


@settings(max_examples=60, deadline=None)
@given(TABLES, st.data())
def test_bounds_by_flows_are_those_of_the_integer_programmes(
    table: list[list[int]], data: st.DataObject
) -> None:
    figures = _figures(table)
    hidden = data.draw(st.sets(st.sampled_from(sorted(figures)), min_size=1))
    cell = data.draw(st.sampled_from(sorted(hidden)))
    full = [[*row, sum(row)] for row in table]
    names = {figures[one].name for one in hidden}
    assert bounds(full, frozenset(hidden), cell) == known(
        [*figures.values(), *_public(table)], names, figures[cell]
    )


def test_what_is_not_hidden_is_true_and_large_tables_stay_readable() -> None:
    shown = hide([[20, 30, 2], [15, 12, 9]])
    assert shown == [[20, None, None], [15, None, None]] or shown[0][2] is None
    for row, truth in zip(shown, [[20, 30, 2, 52], [15, 12, 9, 36]], strict=True):
        assert all(one is None or one == value for one, value in zip(row, truth, strict=True))


def test_nothing_small_hides_nothing() -> None:
    assert hide([[10, 0], [7, 9]]) == [[10, 0, 10], [7, 9, 16]]


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        hide([[1, 2], [3]])
    with pytest.raises(ValueError, match="below 0"):
        hide([[1, -2]])
