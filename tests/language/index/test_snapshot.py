"""The parts of a search that are quicker than the plain way must find what the plain way finds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from machi.language.index.snapshot import _lower_bound
from machi.language.index.vectors import dots


@given(st.integers(0, 2**32 - 1), st.integers(1, 3_000), st.integers(1, 120), st.booleans())
def test_lower_bound_is_reached_by_as_many_as_are_wanted(seed: int, count: int, wanted: int, ties: bool):
    scores = np.random.default_rng(seed).standard_normal(count)
    if ties:
        scores = np.round(scores)
    bound = _lower_bound(scores, wanted)
    assert (scores >= bound).sum() >= min(wanted, count)
    assert bound <= np.sort(scores)[-min(wanted, count)]


@given(st.integers(0, 2**32 - 1), st.integers(0, 60))
def test_dots_of_integers_are_exact(seed: int, count: int):
    chance = np.random.default_rng(seed)
    vector, rows = (chance.integers(-127, 128, shape, np.int8) for shape in (128, (count, 128)))
    assert dots(vector, rows).tolist() == (rows.astype(int) @ vector.astype(int)).tolist()


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_dot_of_a_row_is_the_same_wherever_it_stands(seed: int, count: int):
    chance = np.random.default_rng(seed)
    vector, rows = (chance.standard_normal(shape).astype(np.float32) for shape in (896, (count, 896)))
    order = chance.permutation(count)
    assert dots(vector, rows[order]).tolist() == dots(vector, rows)[order].tolist()
    assert dots(vector, rows[:1]).tolist() == dots(vector, rows)[:1].tolist()
