"""Vendors' answers side by side: the formulas, who is out, ties, and what always holds of a ranking."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.governance.engine.scoring import (
    Bid,
    Criterion,
    Formula,
    Method,
    Out,
    Reason,
    evaluate,
    missing_weight,
)

HALVES = [Criterion("a", Decimal(60)), Criterion("b", Decimal(40))]
ADDITIVE = Formula(Method.ADDITIVE, Decimal(200), Decimal(100), ceiling=10_000_000)
DIVISION = Formula(Method.DIVISION, Decimal(100), base_points=Decimal(100), ceiling=10_000_000)


def values(result) -> dict[str, Any]:
    return {one.vendor: one.value for one in result.scores}


def test_additive_adds_quality_and_price_points():
    result = evaluate(HALVES, ADDITIVE, [Bid("甲", {"a": 4, "b": 2}, 8_000_000)])
    score: Any = result.scores[0]
    assert score.parts == {"a": 120, "b": 40}
    assert (score.quality, score.price, score.value, score.rank) == (160, 20, 180, 1)


def test_division_divides_base_and_quality_points_by_the_bid():
    result = evaluate(HALVES, DIVISION, [Bid("甲", {"a": 4, "b": 2}, 8_000_000)])
    assert values(result) == {"甲": Fraction(180, 8)}
    assert result.scores[0].price is None


def test_methods_may_choose_different_winners():
    cheap = Bid("安い", {"a": 2, "b": 2}, 4_000_000)
    good = Bid("良い", {"a": 4, "b": 4}, 9_000_000)
    assert evaluate(HALVES, ADDITIVE, [cheap, good]).winners == ("良い",)
    assert evaluate(HALVES, DIVISION, [cheap, good]).winners == ("安い",)


def test_who_fails_a_must_is_out_with_the_reason_and_takes_no_rank():
    criteria = [Criterion("a", Decimal(60), must=True), Criterion("b", Decimal(40))]
    result = evaluate(
        criteria, ADDITIVE, [Bid("甲", {"a": 0, "b": 4}, 1), Bid("乙", {"a": 1, "b": 0}, 9_999_999)]
    )
    assert result.scores[0].out == (Reason(Out.MUST, "a"),)
    assert [one.rank for one in result.scores] == [None, 1]
    assert result.winners == ("乙",)


def test_zero_points_where_nothing_must_be_met_is_a_score_like_others():
    result = evaluate(HALVES, ADDITIVE, [Bid("甲", {"a": 0, "b": 0}, 10_000_000)])
    assert values(result) == {"甲": 0}


def test_who_is_over_the_ceiling_or_not_complete_is_out():
    bids = [
        Bid("高い", {"a": 4, "b": 4}, 10_000_001),
        Bid("途中", {"a": 4}, 1),
        Bid("価格なし", {"a": 4, "b": 4}),
    ]
    result = evaluate(HALVES, ADDITIVE, bids)
    assert [one.out for one in result.scores] == [
        (Reason(Out.OVER_CEILING),),
        (Reason(Out.NOT_MARKED, "b"),),
        (Reason(Out.NO_PRICE),),
    ]
    assert result.winners == ()


def test_price_may_count_for_nothing():
    result = evaluate(HALVES, Formula(), [Bid("甲", {"a": 4, "b": 0}), Bid("乙", {"a": 0, "b": 4})])
    assert values(result) == {"甲": 60, "乙": 40}


def test_equal_values_share_a_rank_and_the_next_is_third():
    criteria = [Criterion(key, Decimal("33.3")) for key in "ab"] + [Criterion("c", Decimal("33.4"))]
    bids = [
        Bid("甲", {"a": 1, "b": 4, "c": 2}),
        Bid("乙", {"a": 4, "b": 1, "c": 2}),
        Bid("丙", {"a": 1, "b": 1, "c": 2}),
    ]
    result = evaluate(criteria, Formula(), bids)
    assert [one.rank for one in result.scores] == [1, 1, 3]
    assert result.winners == ("甲", "乙")


@pytest.mark.parametrize(
    ("weights", "missing"), [(["60", "40"], "0"), (["60", "30.5"], "9.5"), (["60", "41"], "-1"), ([], "100")]
)
def test_missing_weight_is_the_difference_to_the_whole(weights, missing):
    criteria = [Criterion(str(at), Decimal(weight)) for at, weight in enumerate(weights)]
    assert missing_weight(criteria) == Decimal(missing)


@pytest.mark.parametrize(
    ("criteria", "formula", "bids"),
    [
        ([Criterion("a", Decimal(99))], Formula(), []),
        ([Criterion("a", Decimal(101)), Criterion("b", Decimal(-1))], Formula(), []),
        ([Criterion("a", Decimal(50)), Criterion("a", Decimal(50))], Formula(), []),
        (HALVES, Formula(price_points=Decimal(50)), []),
        (HALVES, Formula(quality_points=Decimal(0)), []),
        (HALVES, Formula(ceiling=0), []),
        (HALVES, Formula(), [Bid("甲", {"a": 5, "b": 0})]),
        (HALVES, Formula(), [Bid("甲", {"z": 1})]),
        (HALVES, Formula(), [Bid("甲", {}, 0)]),
        (HALVES, Formula(), [Bid("甲", {}), Bid("甲", {})]),
    ],
)
def test_what_cannot_be_scored_is_refused(criteria, formula, bids):
    with pytest.raises(ValueError):
        evaluate(criteria, formula, bids)


@st.composite
def tenders(draw):
    """Weights in tenths that add up to 100, two to five vendors complete and below the ceiling."""
    count = draw(st.integers(1, 5))
    cuts = sorted(draw(st.lists(st.integers(0, 1000), min_size=count - 1, max_size=count - 1)))
    tenths = [high - low for low, high in zip([0, *cuts], [*cuts, 1000], strict=True)]
    criteria = [Criterion(str(at), Decimal(weight) / 10) for at, weight in enumerate(tenths)]
    formula = draw(st.sampled_from([ADDITIVE, DIVISION]))
    bids = [
        Bid(
            f"v{number}",
            {one.key: draw(st.integers(0, 4)) for one in criteria},
            draw(st.integers(1, 10_000_000)),
        )
        for number in range(draw(st.integers(2, 5)))
    ]
    return criteria, formula, bids


@given(tenders())
def test_ranks_follow_the_values(tender):
    result = evaluate(*tender)
    reached = values(result)
    for one in result.scores:
        assert one.rank == 1 + sum(value > reached[one.vendor] for value in reached.values())
    assert result.winners


@given(tenders())
def test_order_of_vendors_and_criteria_does_not_matter(tender):
    criteria, formula, bids = tender
    turned = evaluate(criteria[::-1], formula, bids[::-1])
    assert values(turned) == values(evaluate(*tender))
    assert set(turned.winners) == set(evaluate(*tender).winners)


@given(tenders(), st.integers(1, 7))
def test_scaling_all_points_of_the_formula_keeps_the_ranks(tender, factor):
    criteria, formula, bids = tender
    scaled = Formula(
        formula.method,
        formula.quality_points * factor,
        formula.price_points * factor,
        formula.base_points * factor,
        formula.ceiling,
    )
    before, after = evaluate(criteria, formula, bids), evaluate(criteria, scaled, bids)
    assert [one.rank for one in before.scores] == [one.rank for one in after.scores]


@given(tenders(), st.data())
def test_a_better_and_cheaper_vendor_is_never_behind(tender, data):
    criteria, formula, bids = tender
    worse = data.draw(st.sampled_from(bids))
    better = Bid(
        "better",
        {key: data.draw(st.integers(points, 4)) for key, points in worse.points.items()},
        data.draw(st.integers(1, worse.price)),
    )
    result = evaluate(criteria, formula, [*bids, better])
    reached = values(result)
    assert reached["better"] >= reached[worse.vendor]
    assert better.price is not None
    assert worse.price is not None
    if better.price < worse.price:  # dominated in something that counts: it never wins
        counts = formula.method is Method.ADDITIVE or reached[worse.vendor] > 0
        assert not counts or worse.vendor not in result.winners


@given(tenders())
def test_a_further_vendor_never_changes_the_order_of_the_others(tender):
    criteria, formula, bids = tender
    fewer = values(evaluate(criteria, formula, bids[:-1]))
    more = values(evaluate(criteria, formula, bids))
    assert {vendor: more[vendor] for vendor in fewer} == fewer
