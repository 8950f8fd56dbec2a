"""Names that do not cover each other; fills by which neighbours differ."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.map_labels import fills, labels, text_width

MIDDLES = st.tuples(st.floats(0, 480), st.floats(0, 300))


def test_first_come_is_first_served():
    found = labels(
        [("厚木市", (100, 100)), ("愛川町", (110, 104)), ("清川村", (100, 130))],
        size=12,
        width=480,
        height=300,
    )
    assert [one.text for one in found] == ["厚木市", "清川村"]


def test_name_at_the_edge_is_moved_inside():
    (one,) = labels([("三浦市", (2, 299))], size=12, width=480, height=300)
    assert (one.x, one.y) == (19, 293)


@given(st.lists(st.tuples(st.sampled_from(["市", "さいたま市", "Yaizu City"]), MIDDLES), max_size=30))
def test_no_two_names_overlap_and_all_are_on_the_map(wanted):
    found = labels(wanted, size=12, width=480, height=300)
    assert bool(found) == bool(wanted)
    for one, other in combinations(found, 2):
        apart = (text_width(one.text, 12) + text_width(other.text, 12)) / 2
        assert abs(one.x - other.x) >= apart - 0.2 or abs(one.y - other.y) >= 12 - 0.2
    for one in found:
        half = text_width(one.text, 12) / 2
        assert half <= one.x <= 480 - half


def test_wide_letters_take_more_room():
    assert text_width("市", 10) == 10
    assert text_width("a", 10) == pytest.approx(5.6)


@given(st.integers(1, 12), st.data())
def test_groups_that_touch_differ(count, data):
    codes = [str(at) for at in range(count * 2)]
    groups = [codes[at * 2 : at * 2 + 2] for at in range(count)]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(codes), st.sampled_from(codes)), max_size=40))
    found = fills(groups, pairs)
    where = {code: at for at, group in enumerate(groups) for code in group}
    for one, other in pairs:
        if where[one] != where[other]:
            assert found[where[one]] != found[where[other]]
    assert len(found) == count


def test_towns_of_no_group_are_passed_over():
    assert fills([["A"], ["B"]], [("A", "C"), ("A", "B")]) == [0, 1]
