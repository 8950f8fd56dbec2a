"""The parts of a search that are quicker than the plain way must find what the plain way finds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from machi.language.index.snapshot import _distinct, _looked_up, _lower_bound

PLACES = st.lists(st.integers(0, 50), max_size=60).map(lambda found: np.array(found, np.int64))


@given(st.integers(0, 2**32 - 1), st.integers(1, 3_000), st.integers(1, 120), st.booleans())
def test_lower_bound_is_reached_by_as_many_as_are_wanted(seed: int, count: int, wanted: int, ties: bool):
    scores = np.random.default_rng(seed).standard_normal(count).astype(np.float32)
    if ties:
        scores = np.round(scores)
    bound = _lower_bound(scores, wanted)
    assert (scores >= bound).sum() >= min(wanted, count)
    assert bound <= np.sort(scores)[-min(wanted, count)]


@given(PLACES)
def test_distinct_places_are_those_of_numpy(places: np.ndarray):
    assert _distinct(places).tolist() == np.unique(places).tolist()


@given(PLACES, PLACES)
def test_looked_up_values_are_those_of_a_dictionary(places: np.ndarray, known: np.ndarray):
    known = np.random.default_rng(0).permutation(np.unique(known))
    values = known * 1.5
    table = dict(zip(known.tolist(), values.tolist(), strict=True))
    assert _looked_up(places, known, values, -1.0).tolist() == [table.get(i, -1.0) for i in places.tolist()]
