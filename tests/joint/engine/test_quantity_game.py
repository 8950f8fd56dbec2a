"""Sharing a lot's cost among many towns: the sampled Shapley value against the exact one."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.lots import Demand, Tier, cost_game, form_lots, price
from machi.joint.engine.quantity_game import _cost, sampled, sharing_of
from machi.joint.engine.shapley import shapley
from machi.joint.engine.sharing import Member, Rule

DAY = date(2026, 4, 1)
TIERS = [Tier(1, 1000), Tier(10, 800), Tier(100, 500)]


def lot(quantities):
    (found,) = form_lots(Demand(f"T{at:04}", "机", one, DAY, DAY) for at, one in enumerate(quantities))
    return found


def members(quantities):
    return [Member(f"T{at:04}", 1000 + at, one) for at, one in enumerate(quantities)]


@given(st.lists(st.integers(0, 300), min_size=1, max_size=20), st.integers(0, 10_000))
def test_the_cost_over_an_array_is_the_price_of_each(units, tender):
    found = _cost(np.array(units), TIERS, tender)
    assert found.tolist() == [price(TIERS, one).yen + tender if one else 0 for one in units]


def test_sampled_value_holds_the_exact_one_in_its_interval():
    quantities = [1, 4, 7, 20, 60, 3, 9, 33]
    keys = [f"T{at:04}" for at in range(8)]
    exact = shapley(keys, cost_game(lot(quantities), TIERS, 5000)).values
    found = sampled(keys, quantities, TIERS, 5000, orders=20_000)
    assert sum(found.values.values()) == sum(exact.values())
    for key in keys:
        assert abs(float(found.values[key] - exact[key])) <= 1.5 * found.error[key]


def test_same_seed_gives_the_same_shares():
    one, two = (sampled(["A", "B", "C"], [1, 9, 90], TIERS, 0, seed=3) for _ in range(2))
    assert one == two


def test_few_towns_are_shared_exactly_and_their_core_checked():
    found = {
        one.rule: one
        for one in sharing_of(members([5, 6]), lot([5, 6]), TIERS, 100, equal_part=Fraction(1, 5))
    }
    # alone 5,000 + 100 and 6,000 + 100; together 11 at 800 and one tender
    assert found[Rule.SHAPLEY].pays == {"T0000": 3950, "T0001": 4950}
    assert found[Rule.SHAPLEY].error == {"T0000": 0.0, "T0001": 0.0}
    assert found[Rule.SHAPLEY].checked


def test_all_municipalities_of_japan_are_shared_to_the_yen():
    quantities = [1 + (at * 37) % 200 for at in range(1741)]
    found = sharing_of(members(quantities), lot(quantities), TIERS, 10_000, equal_part=Fraction(1, 5))
    assert {sum(one.pays.values()) for one in found} == {price(TIERS, sum(quantities)).yen + 10_000}
    assert found[-1].rule is Rule.SHAPLEY
    assert not found[-1].checked


def test_an_error_needs_two_pairs():
    with pytest.raises(ValueError, match="two pairs"):
        sampled(["A"], [1], TIERS, 0, orders=2)
