"""Markets as CSV: what is written is read again, and a small instance runs from file to file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.matching import deferred_acceptance
from machi.joint.engine.matching_csv import Participants, read_side, to_market, write_pairs, write_side

RESIDENTS = "name,quota,choices\nr1,1,h1 h2\nr2,1,(h1 h2)\nr3,1,h1\n"
HOSPITALS = "name,quota,choices\nh1,1,r3 r1 r2\nh2,2,(r1 r2)\n"


def test_instance_runs_from_file_to_file():
    experts, towns = read_side(RESIDENTS), read_side("\ufeff" + HOSPITALS)
    both = to_market(experts, towns, "2026")
    assert write_pairs(both, deferred_acceptance(both), experts.names, towns.names) == (
        "expert,town,expert_rank,town_rank\nr1,h2,2,1\nr2,h2,1,1\nr3,h1,1,1\n"
    )


names = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="()"), min_size=1, max_size=4)
sides = st.lists(
    st.tuples(
        names, st.integers(0, 9), st.lists(st.lists(names, min_size=1, max_size=3).map(tuple)).map(tuple)
    )
).map(
    lambda rows: (
        Participants(*(tuple(column) for column in zip(*rows, strict=True)))
        if rows
        else Participants((), (), ())
    )
)


@given(sides)
def test_side_written_is_read_again(side):
    assert read_side(write_side(side)) == side


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,choices\n", "columns must be"),
        ("name,quota,choices\nr1,one,h1\n", "line 2"),
        ("name,quota,choices\nr1,1,(h1\n", "line 2: a bracket that does not close"),
        ("name,quota,choices\nr1,1,h1)\n", "closes nothing"),
        ("name,quota,choices\nr1,1,((h1))\n", "within"),
        ("name,quota,choices\nr 1,1,h1\n", "no name"),
        ("name,quota,choices\nr1,1\n", "line 2"),
    ],
)
def test_file_that_cannot_be_read_says_where(text, message):
    with pytest.raises(ValueError, match=message):
        read_side(text)


def test_name_that_does_not_exist_is_told():
    with pytest.raises(ValueError, match="h9"):
        to_market(read_side("name,quota,choices\nr1,1,h9\n"), read_side(HOSPITALS.replace("r1", "r9")), "s")
