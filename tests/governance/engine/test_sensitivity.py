"""How far a ranking hangs on its weights."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from machi.governance.engine.scoring import Bid, Criterion, Formula, Method, evaluate, gains
from machi.governance.engine.sensitivity import robustness, smallest_flip
from tests.governance.engine.test_scoring import DIVISION, HALVES, tenders


def moved(criteria, flip):
    """The criteria with the weights that ``flip`` tells to move; Fractions, so nothing is lost."""
    taken = dict(flip.taken)
    return [
        replace(
            one,
            weight=Fraction(one.weight)
            - taken.get(one.key, 0)
            + (flip.moved if one.key == flip.given_to else 0),
        )
        for one in criteria
    ]


def value(criteria, formula, bid):
    each, rest = gains(criteria, formula, bid)
    return sum((Fraction(c.weight) * gain for c, gain in zip(criteria, each, strict=True)), rest)


def test_flip_of_two_vendors_by_hand():
    # 60 x 1 against 40 x 1: level at 50 each, so 10 weights move from a to b.
    bids = [Bid("甲", {"a": 4, "b": 0}), Bid("乙", {"a": 0, "b": 4})]
    flip = smallest_flip(HALVES, Formula(), bids)
    assert flip is not None
    assert (flip.rival, flip.moved, flip.taken, flip.given_to) == (
        "乙",
        Fraction(10),
        (("a", Fraction(10)),),
        "b",
    )


def test_no_weights_flip_a_vendor_that_is_better_everywhere():
    bids = [Bid("甲", {"a": 4, "b": 3}), Bid("乙", {"a": 3, "b": 2})]
    assert smallest_flip(HALVES, Formula(), bids) is None
    [first, second] = robustness(HALVES, Formula(), bids, samples=500)
    assert (first.near, first.anywhere, second.near, second.anywhere) == (1, 1, 0, 0)


def test_tie_needs_no_flip_and_is_shared():
    bids = [Bid("甲", {"a": 2, "b": 2}), Bid("乙", {"a": 2, "b": 2})]
    assert smallest_flip(HALVES, Formula(), bids) is None
    assert [(one.near, one.anywhere) for one in robustness(HALVES, Formula(), bids, samples=200)] == [
        (0.5, 0.5),
        (0.5, 0.5),
    ]


def test_who_is_out_takes_no_part():
    bids = [Bid("甲", {"a": 4, "b": 0}, 5_000_000), Bid("高い", {"a": 4, "b": 4}, 10_000_001)]
    assert smallest_flip(HALVES, DIVISION, bids) is None
    assert [one.vendor for one in robustness(HALVES, DIVISION, bids, samples=10)] == ["甲"]
    assert robustness(HALVES, DIVISION, [], samples=10) == []


def test_uniform_share_of_a_half_is_a_half_and_the_same_each_time():
    bids = [Bid("甲", {"a": 4, "b": 0}), Bid("乙", {"a": 0, "b": 4})]
    once, again = (robustness(HALVES, Formula(), bids, seed=7) for _ in range(2))
    assert once == again
    assert once[0].anywhere == pytest.approx(0.5, abs=0.02)
    assert once[0].near > 0.9  # Dirichlet(60, 40): its a is above a half in 97.7 % of all draws
    assert once != robustness(HALVES, Formula(), bids, seed=8)


@given(tenders())
def test_shares_add_up_to_one(tender):
    found = robustness(*tender, samples=50)
    assert sum(one.near for one in found) == pytest.approx(1)
    assert sum(one.anywhere for one in found) == pytest.approx(1)


@given(tenders())
def test_flip_makes_winner_and_rival_level_and_moves_only_what_is_there(tender):
    criteria, formula, bids = tender
    flip = smallest_flip(criteria, formula, bids)
    assume(flip is not None)
    assert flip is not None
    after = moved(criteria, flip)
    assert sum(one.weight for one in after) == 100
    assert all(one.weight >= 0 for one in after)
    [winner] = evaluate(criteria, formula, bids).winners
    by_name = {bid.vendor: bid for bid in bids}
    assert value(after, formula, by_name[winner]) == value(after, formula, by_name[flip.rival])


@given(tenders())
def test_no_single_move_smaller_than_the_flip_ends_the_lead(tender):
    """Against trying: every move between two criteria of a little less than the flip leaves the winner ahead."""
    criteria, formula, bids = tender
    [winner, *others] = evaluate(criteria, formula, bids).winners
    assume(not others)
    flip = smallest_flip(criteria, formula, bids)
    by_name = {bid.vendor: bid for bid in bids}
    for one, other in combinations(range(len(criteria)), 2):
        for giver, taker in ((one, other), (other, one)):
            most = Fraction(criteria[giver].weight)
            amount = min(most, flip.moved * Fraction(999, 1000)) if flip else most
            changed = list(criteria)
            changed[giver] = replace(criteria[giver], weight=most - amount)
            changed[taker] = replace(criteria[taker], weight=Fraction(criteria[taker].weight) + amount)
            best = value(changed, formula, by_name[winner])
            assert all(best > value(changed, formula, bid) for name, bid in by_name.items() if name != winner)


def test_flip_takes_from_several_where_one_is_not_enough():
    criteria = [Criterion("a", Decimal(40)), Criterion("b", Decimal(50)), Criterion("c", Decimal(10))]
    bids = [Bid("甲", {"a": 4, "b": 4, "c": 3}), Bid("乙", {"a": 0, "b": 1, "c": 4})]
    flip = smallest_flip(criteria, Formula(Method.ADDITIVE), bids)
    assert flip is not None
    # Lead 40 + 37.5 - 2.5 = 75; a loses 1.25 a weight (40 -> 50), b 1.0: 25 more.
    assert flip.taken == (("a", Fraction(40)), ("b", Fraction(25)))
    assert (flip.moved, flip.given_to) == (Fraction(65), "c")


@given(tenders(), st.data())
def test_no_weights_nearer_than_the_flip_end_the_lead(tender, data):
    """In any direction: on the way to any other weights, the winner stays ahead until that much has moved."""
    criteria, formula, bids = tender
    [winner, *others] = evaluate(criteria, formula, bids).winners
    assume(not others)
    drawn = [data.draw(st.integers(0, 20)) for _one in criteria]
    assume(sum(drawn))
    now = [Fraction(one.weight) for one in criteria]
    target = [Fraction(100 * one, sum(drawn)) for one in drawn]
    distance = sum((max(Fraction(0), a - b) for a, b in zip(now, target, strict=True)), Fraction(0))
    flip = smallest_flip(criteria, formula, bids)
    assume(distance)
    step = min(Fraction(1), flip.moved * Fraction(999, 1000) / distance) if flip else Fraction(1)
    changed = [
        replace(one, weight=a + step * (b - a)) for one, a, b in zip(criteria, now, target, strict=True)
    ]
    by_name = {bid.vendor: bid for bid in bids}
    best = value(changed, formula, by_name[winner])
    assert all(best > value(changed, formula, bid) for name, bid in by_name.items() if name != winner)
