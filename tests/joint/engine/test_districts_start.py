"""The grouping to begin with: contiguous, within its sizes, the same each time, better than it was cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.contiguity import pieces
from machi.joint.engine.districts_start import start
from machi.joint.engine.grouping import Grouping, Town, group


def grid(wide, high):
    """Towns on a grid, each touching those beside, above and below; distances in steps."""
    at = [(x, y) for y in range(high) for x in range(wide)]
    around = [{other for other, (p, q) in enumerate(at) if abs(p - x) + abs(q - y) == 1} for x, y in at]
    costs = np.array([[abs(p - x) + abs(q - y) for p, q in at] for x, y in at], dtype=np.int64)
    return costs, around


def blocks_of(centres):
    return [{town for town, one in enumerate(centres) if one == centre} for centre in sorted(set(centres))]


@pytest.mark.long
@given(st.integers(2, 6), st.integers(2, 6), st.integers(1, 4), st.integers(0, 4))
def test_blocks_hang_together_and_keep_their_size(wide, high, fewest, more):
    costs, around = grid(wide, high)
    found = start(costs, around, (fewest, fewest + more))
    if found is None:
        assert more < 4  # with room between the limits there always is one on a grid
        return
    for block in blocks_of(found):
        assert fewest <= len(block) <= fewest + more
        assert len(pieces(block, around)) == 1
    assert all(found[centre] == centre for centre in found)
    assert start(costs, around, (fewest, fewest + more)) == found


def test_number_of_blocks_is_kept():
    costs, around = grid(6, 4)
    found = start(costs, around, (3, 6), blocks=5)
    assert found is not None
    assert len(set(found)) == 5


def test_row_of_towns_is_cut_where_it_is_best():
    costs = np.array([[abs(x - y) for x in range(6)] for y in range(6)], dtype=np.int64)
    around = [{other for other in (at - 1, at + 1) if 0 <= other < 6} for at in range(6)]
    assert start(costs, around, (3, 3)) == [1, 1, 1, 4, 4, 4]


def test_none_where_there_is_none():
    costs, around = grid(1, 5)
    assert start(costs, around, (3, 3)) is None


def test_grouping_out_of_time_is_given_with_its_gap():
    _, around = grid(10, 10)
    towns = [Town(f"{at:03}", 100, (35 + at // 10 / 10, 139 + at % 10 / 10)) for at in range(100)]
    touching = [(f"{at:03}", f"{near:03}") for at, some in enumerate(around) for near in some]
    found = group(towns, touching, (4, 9), seconds=0.2)
    assert isinstance(found, Grouping)
    assert sum(len(block.towns) for block in found.blocks) == 100
    assert 0 < found.gap <= 1
