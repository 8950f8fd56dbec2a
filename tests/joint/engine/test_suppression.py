"""Small counts stay hidden even from a reader who tries every table that fits what is shown."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.suppression import Figure, known, suppress


def table(cells):
    """A row of counts with its total."""
    one = [Figure(f"c{at}", value, frozenset([at])) for at, value in enumerate(cells)]
    return [*one, Figure("total", sum(cells), frozenset(range(len(cells))))]


def square(rows):
    """A two-way table with its margins."""
    size = range(len(rows)), range(len(rows[0]))
    cells = [Figure(f"{i}{j}", rows[i][j], frozenset([(i, j)])) for i in size[0] for j in size[1]]
    of_row = [Figure(f"r{i}", sum(rows[i]), frozenset((i, j) for j in size[1])) for i in size[0]]
    of_column = [
        Figure(f"k{j}", sum(row[j] for row in rows), frozenset((i, j) for i in size[0])) for j in size[1]
    ]
    whole = Figure("all", sum(map(sum, rows)), frozenset(product(*size)))
    return [*cells, *of_row, *of_column, whole]


def test_large_counts_and_zeros_are_shown():
    assert suppress(table([7, 0, 12])) == {"c0": 7, "c1": 0, "c2": 12, "total": 19}


def test_one_small_count_takes_the_next_smallest_with_it():
    assert suppress(table([3, 9, 12])) == {"c0": None, "c1": None, "c2": 12, "total": 24}


def test_total_is_hidden_where_nothing_else_can_hide_a_count():
    assert suppress(table([3, 0])) == {"c0": None, "c1": 0, "total": None}


def test_two_small_counts_with_one_possible_sum_take_a_third():
    """1 + 1 = 2 under a shown total leaves 0, 1, 2: three values, and four are asked for."""
    assert suppress(table([1, 1, 20])) == {"c0": None, "c1": None, "c2": None, "total": 22}


def test_two_way_table_cannot_be_solved_from_its_margins():
    shown = suppress(square([[3, 20, 30], [40, 50, 60], [70, 80, 90]]))
    assert shown["00"] is None
    assert sum(value is None for value in shown.values()) >= 4


def test_what_a_reader_knows_is_exact():
    figures = table([2, 9, 30])
    assert known(figures, {"c0"}, figures[0]) == (2, 2)
    assert known(figures, {"c0", "c1"}, figures[0]) == (0, 11)


def test_figures_that_contradict_each_other_are_refused():
    figures = [Figure("a", 7, frozenset([0])), Figure("b", 9, frozenset([0]))]
    with pytest.raises(ValueError, match="contradict"):
        known(figures, set(), Figure("c", 1, frozenset([0])))


@pytest.mark.long
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_brute_force_finds_four_values_of_every_small_count(cells):
    figures = table(cells)
    shown = suppress(figures)
    if shown["total"] is None:
        return  # then nothing bounds a hidden count from above
    most = sum(cells)
    possible = [
        numbers
        for numbers in product(range(most + 1), repeat=len(cells))
        if sum(numbers) == most
        and all(shown[f"c{at}"] in (None, number) for at, number in enumerate(numbers))
    ]
    for at, value in enumerate(cells):
        if 0 < value < 5:
            assert len({numbers[at] for numbers in possible}) >= 4
