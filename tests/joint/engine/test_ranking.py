"""Ranking, and how far it hangs on weights and reviewers."""

import math
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.normalising import Method
from machi.joint.engine.ranking import Mark, Place, rank, sensitivity, top
from machi.joint.engine.selection import chosen

WEIGHTS = {"効果": 60, "実現性": 40}


def mark(proposal, reviewer, effect, feasibility):
    return Mark(proposal, reviewer, {"効果": effect, "実現性": feasibility})


CLEAR = [
    mark(proposal, reviewer, effect, feasibility)
    for reviewer in ("R1", "R2", "R3")
    for proposal, effect, feasibility in (("A", 90, 90), ("B", 50, 70), ("C", 70, 40), ("D", 10, 10))
]


def test_rank_weighs_criteria_and_orders_by_score():
    found = rank(CLEAR, WEIGHTS, Method.RAW)
    assert found.places == (
        Place("A", 1, 90, 90, 3),
        Place("B", 2, 58, 58, 3),
        Place("C", 2, 58, 58, 3),
        Place("D", 4, 10, 10, 3),
    )


def test_rank_shows_the_raw_mean_beside_the_evened_score():
    marks = [
        mark("A", "R1", 80, 80),
        mark("A", "R2", 60, 60),
        mark("B", "R1", 80, 80),
        mark("C", "R2", 60, 60),
    ]
    places = {one.proposal: one for one in rank(marks, WEIGHTS).places}
    assert (places["B"].raw, places["C"].raw) == (80, 60)
    assert places["B"].score - places["C"].score < 20


def test_clear_cases_are_always_or_never_selected_and_close_ones_sometimes():
    found = sensitivity(CLEAR, WEIGHTS, partial(top, count=2), samples=400)
    steady = {one.proposal: one for one in found.steadiness}
    assert (steady["A"].both, steady["D"].both) == (1, 0)
    assert steady["A"].selected
    assert steady["A"].ranks == (1, 1)
    assert 0.3 < steady["B"].weights < 0.7
    assert steady["B"].weights + steady["C"].weights == 1
    assert steady["B"].reviewers in (0, 1)  # all reviewers say the same
    assert found.error == 0.025


def test_reviewers_who_disagree_make_a_selection_unsteady():
    marks = [
        mark("A", "R1", 90, 90),
        mark("B", "R1", 50, 50),
        mark("A", "R2", 50, 50),
        mark("B", "R2", 85, 85),
    ]
    found = sensitivity(marks, WEIGHTS, partial(top, count=1), samples=400)
    steady = {one.proposal: one for one in found.steadiness}
    assert 0.3 < steady["A"].reviewers < 0.8
    assert steady["A"].weights == 1
    assert steady["A"].ranks == (1, 2)


def test_selection_within_a_budget_can_be_shaken_too():
    costs = {"A": 60, "B": 50, "C": 50, "D": 10}
    found = sensitivity(CLEAR, WEIGHTS, partial(chosen, costs=costs, budget=110), samples=50)
    steady = {one.proposal: one for one in found.steadiness}
    assert steady["A"].both == 1
    assert steady["B"].both + steady["C"].both == 1


def test_same_seed_gives_the_same_answer():
    runs = [sensitivity(CLEAR, WEIGHTS, partial(top, count=2), samples=50, seed=3) for _ in range(2)]
    assert runs[0] == runs[1]


def test_criterion_of_no_weight_stays_out():
    marks = [mark("A", "R1", 1, 0), mark("B", "R1", 0, 100)]
    found = sensitivity(marks, {"効果": 1, "実現性": 0}, partial(top, count=1), samples=50)
    assert [one.both for one in found.steadiness] == [1, 0]


@pytest.mark.parametrize(
    ("marks", "weights"),
    [
        ([*CLEAR, CLEAR[0]], WEIGHTS),
        (CLEAR, {"効果": 60}),
        (CLEAR, {**WEIGHTS, "費用": 1}),
        (CLEAR, {"効果": 60, "実現性": -1}),
        (CLEAR, {"効果": 0, "実現性": 0}),
        ([mark("A", "R1", math.nan, 1)], WEIGHTS),
    ],
)
def test_what_makes_no_sense_is_refused(marks, weights):
    with pytest.raises(ValueError):
        rank(marks, weights)


def test_no_samples_are_refused_and_no_marks_are_no_places():
    with pytest.raises(ValueError, match="positive"):
        sensitivity(CLEAR, WEIGHTS, partial(top, count=1), samples=0)
    assert rank([], WEIGHTS).places == ()


POINTS = st.dictionaries(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from(["R1", "R2", "R3"])),
    st.tuples(st.integers(0, 100), st.integers(0, 100)),
    min_size=1,
)


@given(POINTS, st.sampled_from(Method))
def test_ranks_follow_scores(points, method):
    places = rank([mark(*who, *given) for who, given in points.items()], WEIGHTS, method).places
    assert [one.rank for one in places] == [
        1 + sum(round(other.score, 9) > round(one.score, 9) for other in places) for one in places
    ]
    assert [one.rank for one in places] == sorted(one.rank for one in places)
