"""Expected savings where prices are ranges."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.lots import Demand, Tier, form_lots, saving
from machi.joint.engine.lots_ranges import Expected, Range, RangeTier, expected

DAY = date(2026, 4, 1)


def lot(*quantities):
    (found,) = form_lots(Demand(f"T{at}", "机", one, DAY, DAY) for at, one in enumerate(quantities))
    return found


def test_saving_is_told_from_the_least_to_the_most():
    tiers = [RangeTier(1, 900, 1000), RangeTier(10, 700, 800)]
    # alone 5 x 900..1000 each; together 10 x 700..800; the greatest where alone is dear and together cheap
    assert expected(lot(5, 5), tiers, tender=300) == Expected(
        alone=Range(9600, 10_600),
        together=Range(7300, 8300),
        saves=Range(1300, 3300),
        by_price=Range(1000, 3000),
        by_tenders=300,
        bought=Range(10, 10),
    )


def test_where_no_better_tier_is_reached_the_saving_is_certain_though_the_price_is_not():
    found = expected(lot(2, 3), [RangeTier(1, 500, 900)], tender=1000)
    assert found.saves == Range(1000, 1000)
    assert found.together == Range(3500, 5500)


def test_corners_in_which_more_costs_more_a_unit_are_left_out():
    # 800 for the first tier and 900 for the second cannot be: that would save less than nothing
    found = expected(lot(1, 1), [RangeTier(1, 800, 1000), RangeTier(2, 700, 900)])
    assert found.by_price == Range(200, 600)


@pytest.mark.parametrize(
    "tiers",
    [
        [],
        [RangeTier(2, 1, 1)],
        [RangeTier(1, 5, 4)],
        [RangeTier(1, 0, 4)],
        [RangeTier(1, 5, 9), RangeTier(1, 5, 9)],
        [RangeTier(1, 5, 9), RangeTier(10, 6, 9)],
        [RangeTier(1 + 10 * at, 5, 9) for at in range(9)],
    ],
)
def test_tiers_that_make_no_sense_are_refused(tiers):
    with pytest.raises(ValueError, match=r"tiers|price range|greater quantity"):
        expected(lot(1), tiers)


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=4),
    st.lists(st.integers(1, 100), min_size=3, max_size=3),
    st.lists(st.integers(0, 30), min_size=3, max_size=3),
)
def test_all_prices_at_one_end_save_within_the_range(quantities, base, widths):
    least = sorted((50 + one for one in base), reverse=True)
    most = sorted((a + w for a, w in zip(least, widths, strict=True)), reverse=True)
    most = [max(a, b) for a, b in zip(most, least, strict=True)]
    tiers = [RangeTier(q, a, b) for q, a, b in zip((1, 10, 60), least, most, strict=True)]
    found = expected(lot(*quantities), tiers)
    for end in ("least", "most"):
        corner = [Tier(one.quantity, getattr(one, end)) for one in tiers]
        told = saving(lot(*quantities), corner)
        assert found.by_price.least <= told.by_price <= found.by_price.most
        assert found.together.least <= told.together <= found.together.most
