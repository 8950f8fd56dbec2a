"""Lots and price tiers."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.lots import Demand, Lot, Price, Saving, Tier, cost_game, form_lots, price, saving
from machi.joint.engine.sharing import Member, Rule, share

DAY = date(2026, 4, 1)
TIERS = [Tier(1, 1000), Tier(10, 800), Tier(100, 500)]


def demand(town, quantity, first, last, item="タブレット"):
    return Demand(town, item, quantity, DAY + timedelta(first), DAY + timedelta(last))


def test_towns_whose_windows_meet_are_one_lot_at_the_last_day_that_suits_all():
    lots = form_lots([demand("A", 5, 0, 30), demand("B", 3, 20, 60), demand("C", 2, 50, 90)])
    assert [(lot.on, [one.town for one in lot.demands], lot.quantity) for lot in lots] == [
        (DAY + timedelta(30), ["A", "B"], 8),
        (DAY + timedelta(90), ["C"], 2),
    ]


def test_items_are_never_mixed():
    lots = form_lots([demand("A", 1, 0, 9), demand("B", 1, 0, 9, "議事録AI")])
    assert [lot.item for lot in lots] == ["タブレット", "議事録AI"]


@pytest.mark.parametrize("bad", [demand("A", 0, 0, 1), demand("A", 1, 2, 1)])
def test_demand_without_quantity_or_window_is_refused(bad):
    with pytest.raises(ValueError, match="A"):
        form_lots([bad])


def test_price_takes_the_next_tier_where_more_is_cheaper():
    assert price(TIERS, 5) == Price(5000, 1000, 5)
    assert price(TIERS, 9) == Price(8000, 800, 10)
    assert price(TIERS, 20) == Price(16_000, 800, 20)
    assert price(TIERS, 80) == Price(50_000, 500, 100)
    assert price(TIERS, 0) == Price(0, 0, 0)


@pytest.mark.parametrize("tiers", [[], [Tier(2, 5)], [Tier(1, 5), Tier(1, 4)], [Tier(1, -5)]])
def test_tiers_that_make_no_sense_are_refused(tiers):
    with pytest.raises(ValueError, match="tiers"):
        price(tiers, 3)


def test_negative_quantity_is_refused():
    with pytest.raises(ValueError, match="negative"):
        price(TIERS, -1)


def test_saving_is_told_by_price_and_by_tenders():
    (lot,) = form_lots([demand("A", 5, 0, 30), demand("B", 6, 0, 30)])
    assert saving(lot, TIERS, 300) == Saving({"A": 5300, "B": 6300}, 9100, 2200, 300, Price(8800, 800, 11))


def test_cost_game_of_a_lot_can_be_shared():
    (lot,) = form_lots([demand("A", 5, 0, 30), demand("B", 6, 0, 30), demand("A", 1, 0, 30)])
    game = cost_game(lot, TIERS, 300)
    assert game(frozenset()) == 0
    assert game(frozenset("A")) == 6300
    found = {one.rule: one for one in share([Member("A", 10, 6), Member("B", 30, 6)], game)}
    assert found[Rule.SHAPLEY].pays == {"A": 4950, "B": 4950}
    assert found[Rule.USE].in_core


DEMANDS = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 20), st.integers(0, 8)), min_size=1, max_size=7
).map(lambda drawn: [demand(f"T{at}", q, first, first + more) for at, (q, first, more) in enumerate(drawn)])


@given(DEMANDS)
def test_lots_serve_everybody_once_within_their_window_and_are_the_fewest(demands):
    lots = form_lots(demands)
    assert sorted(one.town for lot in lots for one in lot.demands) == sorted(one.town for one in demands)
    assert all(one.earliest <= lot.on <= one.latest for lot in lots for one in lot.demands)
    ends = {one.latest for one in demands}
    for fewer in combinations(ends, len(lots) - 1):
        assert not all(any(one.earliest <= day <= one.latest for day in fewer) for one in demands)


TIER_LISTS = st.dictionaries(st.integers(2, 50), st.integers(1, 1000), max_size=4).map(
    lambda more: [Tier(1, 1000), *(Tier(start, more[start]) for start in sorted(more))]
)


@given(TIER_LISTS, st.integers(1, 60), st.integers(1, 60))
def test_price_never_falls_with_quantity_and_buys_enough(tiers, one, other):
    less, more = sorted((one, other))
    assert price(tiers, less).yen <= price(tiers, more).yen
    found = price(tiers, less)
    assert found.bought >= less
    assert found.yen == found.bought * found.unit_price


@given(DEMANDS, TIER_LISTS, st.integers(0, 100))
def test_buying_together_at_falling_prices_never_costs_more(demands, tiers, tender):
    falling: list[Tier] = []
    for tier in tiers:
        falling.append(Tier(tier.quantity, min([tier.unit_price, *(one.unit_price for one in falling)])))
    lot = Lot("タブレット", DAY, tuple(demands))
    found = saving(lot, falling, tender)
    assert found.by_price >= 0
    assert sum(found.alone.values()) - found.together == found.by_price + found.by_tenders
