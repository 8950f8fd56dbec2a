"""Maps: fitted to the towns, neighbours that fit, points for towns without a shape."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from machi.joint.engine.boundaries import decode
from machi.joint.engine.map_svg import draw, ring_area, simplified
from tests.joint.engine.test_boundaries import ATSUGI, ISEHARA, YAIZU, YAMATO, topology


def absolute(path):
    """The rings of a path, in pixels."""
    rings = []
    for ring in path.rstrip("z").split("z"):
        start, moves = ring.removeprefix("M").split("l")
        steps = [tuple(map(float, one.split(","))) for one in [start, *moves.split()]]
        rings.append(np.cumsum(np.array(steps), axis=0))
    return rings


def test_map_fits_its_width_and_puts_north_up():
    plan = draw(decode(topology()), [ATSUGI, YAMATO, ISEHARA], width=300)
    assert (plan.width, plan.height) == (300, 100)
    (square,) = absolute(plan.shapes[0].path)
    assert sorted(map(tuple, square.round(1).tolist())) == [(0, 0), (0, 100), (100, 0), (100, 100)]
    assert [shape.code for shape in plan.shapes] == [ATSUGI, YAMATO, ISEHARA]
    assert plan.shapes[1].middle == (150, 50)


def test_neighbours_share_the_corners_between_them():
    first, second, third = draw(decode(topology()), [ATSUGI, YAMATO, ISEHARA], width=313).shapes
    corners = [
        {tuple(point) for ring in absolute(one.path) for point in ring.round(1).tolist()}
        for one in (first, second, third)
    ]
    assert len(corners[0] & corners[1]) == len(corners[1] & corners[2]) == 2


def test_town_without_a_shape_is_a_point_and_one_without_anything_an_error():
    plan = draw(decode(topology()), [ATSUGI, "313840"], points={"313840": (0.5, 0.25)}, width=100)
    assert plan.shapes[1].path == ""
    assert plan.shapes[1].middle == (25.0, 50.0)
    with pytest.raises(ValueError, match="313840"):
        draw(decode(topology()), [ATSUGI, "313840"])
    with pytest.raises(ValueError, match="no municipality"):
        draw(decode(topology()), [])


def test_one_point_alone_can_be_drawn():
    plan = draw(decode(topology()), ["313840"], points={"313840": (35.4, 133.4)})
    assert plan.shapes[0].middle == (0.0, 0.0)
    assert plan.height == 1


def test_small_rings_are_left_out_but_never_the_largest():
    plan = draw(decode(topology()), [YAIZU, ATSUGI], width=2)
    assert re.fullmatch(r"M.*z", plan.shapes[0].path)


LINES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(2, 30), st.just(2)),
    elements=st.integers(0, 100).map(float),
)


@given(LINES, st.floats(0, 500))
def test_simplified_keeps_ends_and_order_and_takes_only_what_is_small(line, least):
    kept = simplified(line, least)
    assert kept[0].tolist() == line[0].tolist()
    assert kept[-1].tolist() == line[-1].tolist()
    rest = iter(line.tolist())
    assert all(point in rest for point in kept.tolist())  # a subsequence
    for at in range(1, len(kept) - 1):
        assert ring_area(kept[at - 1 : at + 2]) >= least - 1e-9


@given(LINES)
def test_simplified_by_nothing_is_the_line_itself(line):
    assert simplified(line, 0).tolist() == line.tolist()
