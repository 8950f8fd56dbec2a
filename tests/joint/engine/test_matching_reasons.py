"""Reasons: every wish has one, each says what is so, and what-ifs tell who gains and who loses."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.matching import Side, deferred_acceptance
from machi.joint.engine.matching_limits import Limits, accept_within_limits, blocking, no_limits
from machi.joint.engine.matching_reasons import Explainer, Reason, Why
from machi.joint.engine.matching_whatif import change, standing
from tests.joint.engine.markets import made, markets, strict
from tests.joint.engine.test_matching_limits import limited


def whys(reasons):
    return [reason.why for reason in reasons]


def test_three_towns_ranked_others_higher():
    # experts 0..2 take the one place of each town; expert 3 is everybody's last
    nested = (
        strict([[0], [1], [2], [0, 1, 2]]),
        strict([[0, 3], [1, 3], [2, 3]]),
        [1, 1, 1, 2],
        [1, 1, 1],
    )
    both = made(*nested)
    told = Explainer(both, deferred_acceptance(both).entries)
    assert told.summary(Side.EXPERTS, 3) == {Why.OUTRANKED: 3}
    first = told.wishes(Side.EXPERTS, 3)[0]
    entry = both.entry(3, 0)
    assert first == Reason(Why.OUTRANKED, entry, 0, rank=1, rank_there=2, places=1, ahead=1, level=0)
    assert whys(told.wishes(Side.TOWNS, 0)) == [Why.MATCHED, Why.CONTENT]


def test_ties_at_the_margin_are_told_as_a_lot_and_unreturned_wishes_are_counted():
    both = made([[[0]], [[0], [1]]], [[[0, 1]], []], [1, 1], [1, 1])
    told = Explainer(both, deferred_acceptance(both).entries)
    assert told.wishes(Side.EXPERTS, 1)[0].why is Why.LOT
    assert told.wishes(Side.EXPERTS, 1)[0].level == 1
    assert told.summary(Side.EXPERTS, 1) == {Why.LOT: 1, Why.NOT_RETURNED: 1}


def test_pins_bars_and_the_pair_that_blocks_because_of_them():
    both = made(strict([[0, 1], [0, 1]]), strict([[0, 1], [0, 1]]), [1, 1], [1, 1])
    pin, conflict = both.entry(1, 0), both.entry(1, 1)
    matching = deferred_acceptance(both, pinned=[pin], closed=[conflict])
    told = Explainer(both, matching.entries, pinned=[pin], barred={conflict: Why.CONFLICT})
    assert whys(told.wishes(Side.EXPERTS, 0)) == [Why.BLOCKS, Why.MATCHED]
    assert whys(told.wishes(Side.EXPERTS, 1)) == [Why.PINNED, Why.CONFLICT]


def test_hours_and_money_are_told_with_what_is_needed_and_what_is_left():
    both = made(strict([[0], [0], [0]]), strict([[0, 1, 2]]), [1, 1, 1], [3])
    limits = Limits(np.array([9, 9, 3]), np.array([100]), np.array([4, 4, 4]), np.array([70, 40, 10]))
    told = Explainer(both, accept_within_limits(both, limits).matching.entries, limits)
    money, hours = told.wishes(Side.EXPERTS, 1)[0], told.wishes(Side.EXPERTS, 2)[0]
    assert (money.why, money.needs, money.left) == (Why.COST_OTHER, 40, 30)
    assert (hours.why, hours.needs, hours.left) == (Why.HOURS_ALONE, 4, 3)


@given(limited(), st.sampled_from(Side))
def test_wishes_that_block_are_told_as_such_and_no_others(case, side):
    nested, limits = case
    both = made(*nested)
    matching = accept_within_limits(both, limits, side).matching
    told = Explainer(both, matching.entries, limits)
    blocked = set(blocking(both, matching.entries, limits).tolist())
    for asked, size in ((Side.EXPERTS, len(nested[0])), (Side.TOWNS, len(nested[1]))):
        reasons = [reason for who in range(size) for reason in told.wishes(asked, who)]
        assert {reason.entry for reason in reasons} == set(range(len(both.experts.other)))
        assert {reason.entry for reason in reasons if reason.why is Why.BLOCKS} == blocked
        assert {r.entry for r in reasons if r.why is Why.MATCHED} == set(matching.entries.tolist())


@given(markets())
def test_experts_proposing_do_no_worse_than_towns_proposing(nested):
    experts, towns, *quotas = nested
    both = made(
        [[[one] for group in row for one in group] for row in experts],
        [[[one] for group in row for one in group] for row in towns],
        *quotas,
    )
    ours, theirs = deferred_acceptance(both).entries, deferred_acceptance(both, Side.TOWNS).entries
    moved = change(both, theirs, ours)
    assert (moved.experts_lose, moved.towns_gain) == ((), ())
    assert standing(both, ours).pairs == standing(both, theirs).pairs


def test_pinning_a_pair_says_who_gains_who_loses_and_what_blocks():
    both = made(strict([[0, 1], [0, 1]]), strict([[0, 1], [0, 1]]), [1, 1], [1, 1])
    fit = np.array([1.0, 0.5, 0.5, 0.25])
    before = deferred_acceptance(both).entries
    pin = both.entry(1, 0)
    after = deferred_acceptance(both, pinned=[pin]).entries
    moved = change(both, before, after)
    assert (moved.made, moved.undone) == ((both.entry(0, 1), pin), (both.entry(0, 0), both.entry(1, 1)))
    assert (moved.experts_gain, moved.experts_lose, moved.towns_gain, moved.towns_lose) == (
        (1,),
        (0,),
        (1,),
        (0,),
    )
    told = standing(both, after, fit, no_limits(both))
    assert (told.pairs, told.fit, told.blocking, told.experts_without) == (2, 1.0, 1, 0)
    assert (told.expert_ranks, told.town_ranks) == ((1, 1), (1, 1))
