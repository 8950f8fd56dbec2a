"""An allocation's record, written and checked again."""

import json

import pytest
from hypothesis import given

from machi.joint.engine.welfare import Agreement, Facility, Problem
from machi.joint.engine.welfare_allocation import allocate
from machi.joint.engine.welfare_market import Closed
from machi.joint.engine.welfare_record import check, plain
from tests.joint.engine.places import alone, applicant, problems, rules


def kept(problem):
    return json.loads(json.dumps(plain(allocate(problem, "seed"))))


@given(problems())
def test_a_record_read_again_is_sound_and_counts_the_same_claims(problem):
    found = allocate(problem, "seed")
    checked = check(kept(problem))
    assert checked.sound
    assert checked.unmet == len(found.unmet)


def two_for_one_place():
    return Problem(
        (Facility("f", "A", {"1": 1}),),
        alone(applicant("a", ["f"], 2), applicant("b", ["f"], 1)),
        {"A": rules()},
    )


def test_a_record_with_another_outcome_does_not_hold():
    record = kept(two_for_one_place())
    record["wish"] = record["wish"][::-1]
    checked = check(record)
    assert checked.faults
    assert not checked.agrees
    assert not checked.sound


def test_a_record_with_other_ranks_does_not_hold():
    record = kept(two_for_one_place())
    record["rank"] = record["rank"][::-1]
    assert not check(record).ranks_follow


def test_a_record_of_another_form_is_refused():
    with pytest.raises(ValueError, match="form"):
        check({**kept(two_for_one_place()), "form": 0})


def test_a_facility_for_its_own_town_takes_no_guests_whatever_is_agreed():
    problem = Problem(
        (Facility("f", "A", {"1": 2}, own_only=True),),
        alone(applicant("a", ["f"]), applicant("b", ["f"], town="B")),
        {"A": rules(agreements={"B": Agreement()})},
    )
    found = allocate(problem, "seed")
    assert found.place == {0: 0}
    assert found.market.closed[1] == {"f": Closed.NO_AGREEMENT}
