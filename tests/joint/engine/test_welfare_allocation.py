"""Allocation of places: stable where that can be, the fewest unmet claims otherwise, and the audit of both."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.joint.engine.welfare import Agreement, Facility, Household, Problem, Together
from machi.joint.engine.welfare_allocation import allocate
from machi.joint.engine.welfare_audit import Fault, ranks, replay, unmet_claims
from machi.joint.engine.welfare_market import compile_market
from machi.joint.engine.welfare_state import Happened, Step
from tests.joint.engine.places import alone, applicant, fewest_unmet, problems, rules, stable_wishes


def where(allocation):
    market = allocation.market
    return {market.applicants[one]: market.facilities[place] for one, place in allocation.place.items()}


@given(problems(joint=False, quotas=False))
def test_without_joint_wishes_and_quotas_the_allocation_is_stable_and_best_for_applicants(problem):
    allocation = allocate(problem, "s")
    market = allocation.market
    assert (allocation.unmet, unmet_claims(market, allocation.wish)) == ({}, {})
    assert replay(market, allocation.trace, allocation.wish) == []
    for other in stable_wishes(market):  # nobody does better in any other stable allocation
        assert all(best(mine) <= best(theirs) for mine, theirs in zip(allocation.wish, other, strict=True))


def best(wish):
    return 99 if wish is None else wish


@settings(max_examples=150)
@given(problems())
def test_unmet_claims_are_as_few_as_can_be_and_the_audit_agrees(problem):
    allocation = allocate(problem, "s")
    market = allocation.market
    assert unmet_claims(market, allocation.wish) == allocation.unmet
    assert replay(market, allocation.trace, allocation.wish) == []
    assert ranks(market)
    assert allocation.proven
    assert len(allocation.unmet) == fewest_unmet(market)


@given(problems(joint=False, quotas=False))
def test_same_problem_in_another_order_gives_the_same_places(problem):
    turned = replace(problem, households=problem.households[::-1], facilities=problem.facilities[::-1])
    assert where(allocate(problem, "s")) == where(allocate(turned, "s"))


@given(problems())
def test_same_problem_and_seed_give_the_same_allocation(problem):
    assert allocate(problem, "s") == allocate(problem, "s")


@pytest.mark.long
@settings(max_examples=60)
@given(problems(people=4, joint=False, quotas=False), st.data())
def test_no_applicant_gains_by_other_wishes(problem, data):
    at = data.draw(st.integers(0, len(problem.households) - 1))
    honest = allocate(problem, "s")
    [member] = problem.households[at].members
    truth = list(member.wishes)
    ids = [one.id for one in problem.facilities]
    got = where(honest).get(member.id)
    for size in range(len(ids) + 1):
        for lie in permutations(ids, size):
            changed = replace(problem.households[at], members=(replace(member, wishes=lie),))
            others = (*problem.households[:at], changed, *problem.households[at + 1 :])
            new = where(allocate(replace(problem, households=others), "s")).get(member.id)
            if new in truth:
                assert got is not None
                assert truth.index(got) <= truth.index(new)


# Klaus and Klijn 2005 after Roth 1984: a couple that wants two hospitals or none, a single who wants either.
COUPLE = Problem(
    (Facility("h1", "A", {"1": 1}), Facility("h2", "A", {"1": 1})),
    (
        Household(
            "couple",
            (
                applicant("s1", ["h1"], facts_at={"h1": {"points": 2}}),
                applicant("s2", ["h2"]),
            ),
            Together.ANY,
        ),
        *alone(applicant("s3", ["h1", "h2"], points=1)),
    ),
    {"A": rules()},
)


def test_couple_without_stable_matching_leaves_the_fewest_unmet_claims_and_says_so():
    # h1 ranks s1 over s3, h2 ranks s3 over s2
    allocation = allocate(COUPLE, "s")
    assert fewest_unmet(allocation.market) == 1
    assert (allocation.stable, len(allocation.unmet), allocation.least, allocation.proven) == (
        False,
        1,
        1,
        True,
    )
    assert replay(allocation.market, allocation.trace, allocation.wish) == []


def test_brother_and_sister_get_the_same_facility_or_nothing():
    facilities = (Facility("a", "A", {"1": 1, "2": 1}), Facility("b", "A", {"1": 1, "2": 1}))
    pair = (applicant("x", ["a", "b"], 1), applicant("y", ["a", "b"], 1, class_="2"))
    rival = applicant("z", ["a"], 5, class_="2")
    same = Problem(facilities, (Household("xy", pair, Together.SAME), *alone(rival)), {"A": rules()})
    assert where(allocate(same, "s")) == {"x": "b", "y": "b", "z": "a"}
    any_ = replace(same, households=(Household("xy", pair, Together.ANY), *alone(rival)))
    assert where(allocate(any_, "s")) == {"x": "a", "y": "b", "z": "a"}
    shut = replace(same, facilities=(facilities[0], replace(facilities[1], seats={"1": 1})))
    assert where(allocate(shut, "s")) == {"z": "a"}
    partly = replace(shut, households=(Household("xy", pair, Together.SAME, partly=True), *alone(rival)))
    assert where(allocate(partly, "s")) == {"x": "a", "z": "a"}
    near = replace(shut, near=frozenset({("a", "b"), ("b", "a")}), facilities=facilities)
    near = replace(near, households=(Household("xy", pair, Together.NEAR), *alone(rival)))
    assert where(allocate(near, "s")) == {"x": "a", "y": "b", "z": "a"}


def test_flexible_seats_go_by_priority_across_classes():
    facility = Facility("a", "A", {"1": 1, "2": 1}, 1, frozenset({"1", "2"}))
    people = [
        applicant(f"{class_}-{points}", ["a"], points, class_=class_)
        for class_, points in (("1", 1), ("1", 3), ("1", 4), ("2", 1), ("2", 2), ("2", 5))
    ]
    problem = Problem((facility,), alone(*people), {"A": rules()})
    assert where(allocate(problem, "s")).keys() == {"1-4", "2-5", "1-3"}
    kept = replace(facility, shared=frozenset({"2"}))
    assert where(allocate(replace(problem, facilities=(kept,)), "s")).keys() == {"1-4", "2-5", "2-2"}


def test_own_town_comes_first_and_the_quota_of_a_town_pair_holds_across_facilities():
    facilities = (Facility("a", "A", {"1": 2}), Facility("b", "A", {"1": 2}))
    guests = [applicant(f"g{at}", ["a", "b"], 9 - at, town="B") for at in range(3)]
    own = applicant("o", ["a"], 0)
    problem = Problem(
        facilities,
        alone(*guests, own),
        {"A": rules(agreements={"B": Agreement(quota=2)})},
    )
    assert where(allocate(problem, "s")) == {"o": "a", "g0": "a", "g1": "b"}
    none = replace(problem, rules={"A": rules()})
    assert where(allocate(none, "s")) == {"o": "a"}


def test_audit_finds_what_was_tampered_with():
    problem = Problem(
        (Facility("a", "A", {"1": 1}),),
        alone(applicant("x", ["a"], 2), applicant("y", ["a"], 1)),
        {"A": rules()},
    )
    allocation = allocate(problem, "s")
    market = allocation.market
    assert where(allocation) == {"x": "a"}
    taken = Step(Happened.TAKEN, 0, 0)
    bribed = [taken, Step(Happened.TAKEN, 1, 0, (0,))]
    assert {one.fault for one in replay(market, bribed, [None, 0])} == {
        Fault.NOT_JUSTIFIED,
        Fault.LOST_WRONGLY,
    }
    assert unmet_claims(market, [None, 0]) == {0: 0}
    full = [taken, Step(Happened.EXCHANGED, 1, 0)]
    assert [one.fault for one in replay(market, full, [0, 0])] == [Fault.OVERFULL]
    assert [one.fault for one in replay(market, [Step(Happened.REFUSED, 0, 0)], [None, None])] == [
        Fault.REFUSED_WRONGLY
    ]
    assert [one.fault for one in replay(market, [taken], [None, None])] == [Fault.OTHER_END]
    assert [one.fault for one in replay(market, [taken, taken], [0, None])] == [Fault.NOT_BETTER]
    with pytest.raises(ValueError, match="more applicants"):
        unmet_claims(market, [0, 0])


def test_problem_that_cannot_be_is_refused():
    facility = Facility("a", "A", {"1": 1})
    for problem, message in (
        (Problem((facility, facility), (), {"A": rules()}), "differ"),
        (Problem((facility,), (), {}), "no rules"),
        (Problem((replace(facility, seats={"1": -1}),), (), {"A": rules()}), "negative"),
        (Problem((facility,), alone(applicant("x", ["b"])), {"A": rules()}), "wishes of x"),
        (Problem((facility,), alone(applicant("x", ["a", "a"])), {"A": rules()}), "wishes of x"),
    ):
        with pytest.raises(ValueError, match=message):
            compile_market(problem, "s")
