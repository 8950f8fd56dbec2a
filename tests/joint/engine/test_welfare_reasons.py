"""Each household is told why, in figures that name nobody; and each town what share it had."""

from dataclasses import replace

import pytest
from hypothesis import given

from machi.joint.engine.welfare import Agreement, Applicant, Facility, Household, Problem, TieRule, Together
from machi.joint.engine.welfare_allocation import allocate
from machi.joint.engine.welfare_fairness import by_town, wilson
from machi.joint.engine.welfare_reasons import Explainer, Why
from tests.joint.engine.places import alone, applicant, problems, rules
from tests.joint.engine.test_welfare_allocation import COUPLE

A, B = Facility("a", "A", {"1": 1}), Facility("b", "A", {"1": 9})


def told(problem, id_):
    allocation = allocate(problem, "s")
    return Explainer(problem, allocation).reasons(allocation.market.applicants.index(id_))


def test_points_of_the_last_admitted_are_told_beside_ones_own():
    problem = Problem(
        (A, B), alone(applicant("x", ["a", "b"], 5), applicant("y", ["a", "b"], 3)), {"A": rules()}
    )
    first, second = told(problem, "y")
    assert (first.why, first.facility, first.rank, first.points, first.last_points) == (
        Why.POINTS,
        "a",
        1,
        3,
        5,
    )
    assert (first.ahead, first.places) == (1, 1)
    assert (second.why, second.facility, second.rank) == (Why.PLACED, "b", 2)
    assert "x" not in {str(value) for value in vars_of(first).values()}


def vars_of(reason):
    return {name: getattr(reason, name) for name in reason.__slots__}


def test_tie_rule_and_lot_are_told_in_this_order():
    people = [
        Applicant(name, "A", "1", ("a",), {"points": 3, "income": income})
        for name, income in (("x", 1), ("y", 2), ("z", 2))
    ]
    problem = Problem((A,), alone(*people[:2]), {"A": rules(ties=(TieRule("income", higher_first=False),))})
    [reason] = told(problem, "y")
    assert (reason.why, reason.rule, reason.value, reason.last_value) == (Why.TIE_RULE, "income", 2, 1)
    level = replace(problem, households=alone(*people[1:]))
    assert sorted(told(level, name)[0].why for name in ("y", "z")) == [Why.LOT, Why.PLACED]


def test_band_quota_agreement_and_class_are_told():
    guests = [applicant(f"g{at}", ["a", "b"], 9 - at, town="B") for at in range(2)]
    problem = Problem(
        (A, B), alone(*guests, applicant("o", ["a"])), {"A": rules(agreements={"B": Agreement(1, 1)})}
    )
    first, second = told(problem, "g1")
    assert (first.why, first.band, first.last_band) == (Why.BAND, 1, 0)
    assert (second.why, second.quota, second.ahead) == (Why.QUOTA, 1, 1)
    assert [one.why for one in told(replace(problem, rules={"A": rules()}), "g0")] == [Why.NO_AGREEMENT] * 2
    other = alone(applicant("c", ["a"], class_="2"))
    assert told(replace(problem, households=other), "c")[0].why is Why.NO_CLASS


def test_sibling_who_alone_would_be_admitted_is_told_so_and_an_unmet_claim_openly():
    pair = applicant("x", ["a", "b"], 1), applicant("y", ["a", "b"], 1)
    problem = Problem((A, B), (Household("xy", pair, Together.SAME),), {"A": rules()})
    assert [one.why for one in told(problem, "x")] == [Why.TOGETHER, Why.PLACED]
    allocation = allocate(COUPLE, "s")
    explainer = Explainer(COUPLE, allocation)
    everything = [explainer.reasons(one) for one in range(3)]
    assert any(one.why is Why.UNMET for reasons in everything for one in reasons)


@given(problems())
def test_every_wish_above_the_place_has_a_reason_and_claims_of_those_alone_are_unmet_only_where_counted(
    problem,
):
    allocation = allocate(problem, "s")
    market = allocation.market
    explainer = Explainer(problem, allocation)
    wishes = {one.id: one.wishes for household in problem.households for one in household.members}
    for one, name in enumerate(market.applicants):
        reasons = explainer.reasons(one)
        has = allocation.place.get(one)
        upto = len(wishes[name]) if has is None else wishes[name].index(market.facilities[has]) + 1
        assert [reason.facility for reason in reasons] == list(wishes[name][:upto])
        assert [reason.why is Why.PLACED for reason in reasons] == [False] * (upto - (has is not None)) + [
            True
        ] * (has is not None)
        if len(market.units[market.unit_of[one]].members) == 1:
            blocks = market.unit_of[one] in allocation.unmet
            assert any(reason.why is Why.UNMET for reason in reasons) == blocks
        for reason in reasons:
            if reason.why is Why.POINTS:
                assert (reason.last_points or 0) > (reason.points or 0)
            if reason.why is Why.BAND:
                assert (reason.last_band or 0) < (reason.band or 0)


def test_towns_are_told_their_rate_and_rank_with_intervals():
    people = [applicant(f"p{at}", ["a", "b"], at) for at in range(3)]
    guest = applicant("g", ["b"], town="B")
    problem = Problem(
        (A, replace(B, seats={"1": 2})), alone(*people, guest), {"A": rules(agreements={"B": Agreement()})}
    )
    own, other = by_town(allocate(problem, "s"))
    assert (own.town, own.applicants, own.placed, own.first_wish, own.away, own.guests) == (
        "A",
        3,
        3,
        1,
        0,
        0,
    )
    assert own.mean_rank is not None
    assert (own.mean_rank.value, own.rate.value, own.rate.high) == (5 / 3, 1, 1)
    assert own.mean_rank.value - own.mean_rank.low == pytest.approx(
        4.302653 / 3, abs=1e-6
    )  # t of 2 degrees of freedom
    assert (other.town, other.placed, other.mean_rank) == ("B", 0, None)


def test_interval_of_a_share_is_that_of_wilson():
    # Newcombe 1998, table I: 81 of 263
    one = wilson(81, 263)
    assert (round(one.low, 4), round(one.high, 4)) == (0.2553, 0.3662)
    with pytest.raises(ValueError, match="nothing"):
        wilson(0, 0)
