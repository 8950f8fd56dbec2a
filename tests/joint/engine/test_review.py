"""Reviewers: no conflict, even loads, and why it cannot be done."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.review import Assignment, Conflict, Proposal, Reviewer, Shortage, assign, conflict

TOWNS = ["142123", "332020", "222127"]


def proposal(key, *parties, area=""):
    return Proposal(key, frozenset(parties), area)


def reviewer(key, *ties, most=None, areas=(), declared=()):
    return Reviewer(key, frozenset(ties), frozenset(areas), frozenset(declared), most)


def test_conflicts_are_of_ties_and_of_what_was_declared():
    assert conflict(reviewer("佐藤", "142123"), proposal("P1", "142123", "332020")) is Conflict.TIED
    assert conflict(reviewer("佐藤", declared=["P1"]), proposal("P1", "142123")) is Conflict.DECLARED
    assert conflict(reviewer("佐藤", "222127"), proposal("P1", "142123")) is None


def test_loads_are_even_and_nobody_judges_their_own():
    jobs = [proposal(f"P{at}", TOWNS[at % 3]) for at in range(6)]
    people = [reviewer(f"R{at}", TOWNS[at % 3]) for at in range(4)]
    found = assign(jobs, people, 2)
    assert isinstance(found, Assignment)
    assert set(found.loads.values()) == {3}
    towns = {job.key: job.parties for job in jobs}
    ties = {one.key: one.ties for one in people}
    assert not any(towns[job] & ties[person] for job, person in found.pairs)


def test_among_even_assignments_those_who_know_the_area_are_chosen():
    jobs = [proposal("P1", area="防災"), proposal("P2", area="観光")]
    people = [reviewer("R1", areas=["観光"]), reviewer("R2", areas=["防災"])]
    found = assign(jobs, people, 1)
    assert found == Assignment((("P1", "R2"), ("P2", "R1")), {"R1": 1, "R2": 1}, ())


def test_evenness_goes_before_knowledge_and_lacking_knowledge_is_told():
    jobs = [proposal("P1", area="防災"), proposal("P2", area="防災")]
    people = [reviewer("R1", areas=["防災"]), reviewer("R2")]
    found = assign(jobs, people, 1)
    assert isinstance(found, Assignment)
    assert found.loads == {"R1": 1, "R2": 1}
    assert len(found.without_knowledge) == 1


def test_order_of_arguments_does_not_matter():
    jobs = [proposal(f"P{at}", TOWNS[at % 3]) for at in range(5)]
    people = [reviewer(f"R{at}", TOWNS[at % 3]) for at in range(6)]
    assert assign(jobs, people, 2) == assign(jobs[::-1], people[::-1], 2)


def test_kept_pairs_stay_and_count_as_load():
    jobs = [proposal("P1"), proposal("P2"), proposal("P3")]
    people = [reviewer("R1"), reviewer("R2"), reviewer("R3")]
    found = assign(jobs, people, 1, kept=[("P1", "R2")])
    assert isinstance(found, Assignment)
    assert ("P1", "R2") in found.pairs
    assert set(found.loads.values()) == {1}


def test_shortage_names_the_proposals_that_lack_reviewers():
    jobs = [proposal("P1", "142123"), proposal("P2", "142123"), proposal("P3", "332020")]
    people = [reviewer("R1", "142123"), reviewer("R2", "142123"), reviewer("R3", "222127", most=1)]
    assert assign(jobs, people, 1) == Shortage(("P1", "P2"), ("R3",), 2, 1)


def test_shortage_when_there_is_nobody_at_all():
    assert assign([proposal("P1")], [], 2) == Shortage(("P1",), (), 2, 0)
    assert assign([], [], 2) == Assignment((), {}, ())


@pytest.mark.parametrize(
    ("each", "kept"),
    [
        (0, []),
        (1, [("P1", "R1")]),  # a conflict
        (1, [("P9", "R2")]),
        (1, [("P1", "R2"), ("P1", "R2")]),
        (1, [("P1", "R2"), ("P1", "R3")]),
        (1, [("P1", "R2"), ("P2", "R2")]),  # R2 takes one only
    ],
)
def test_what_makes_no_sense_is_refused(each, kept):
    jobs = [proposal("P1", "142123"), proposal("P2")]
    people = [reviewer("R1", "142123"), reviewer("R2", most=1), reviewer("R3")]
    with pytest.raises(ValueError):
        assign(jobs, people, each, kept)


def test_keys_given_twice_are_refused():
    with pytest.raises(ValueError, match="differ"):
        assign([proposal("P1"), proposal("P1")], [reviewer("R1")], 1)


SMALL = st.tuples(
    st.lists(st.sampled_from(TOWNS), min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from([*TOWNS, ""]), st.integers(0, 3)), max_size=4),
    st.integers(1, 2),
)


@given(SMALL)
def test_assignment_is_the_most_even_one_or_there_is_none(drawn):
    towns, members, each = drawn
    jobs = [proposal(f"P{at}", town) for at, town in enumerate(towns)]
    people = [
        reviewer(f"R{at}", *([tie] if tie else []), most=most) for at, (tie, most) in enumerate(members)
    ]
    choices = [
        list(combinations([one.key for one in people if conflict(one, job) is None], each)) for job in jobs
    ]
    squares = []
    for picked in product(*choices):
        loads = Counter(person for group in picked for person in group)
        if all(loads[one.key] <= one.most for one in people):
            squares.append(sum(load**2 for load in loads.values()))
    found = assign(jobs, people, each)
    if not squares:
        assert isinstance(found, Shortage)
        assert found.places < found.needed
        return
    assert isinstance(found, Assignment)
    assert Counter(job for job, _ in found.pairs) == {job.key: each for job in jobs}
    assert sum(load**2 for load in found.loads.values()) == min(squares)
