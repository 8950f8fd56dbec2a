"""The greatest total fit against brute force, with and without hours and budgets."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from machi.joint.engine.matching import deferred_acceptance
from machi.joint.engine.matching_limits import Limits
from machi.joint.engine.matching_optimum import greatest_fit, total_fit
from tests.joint.engine.markets import made, markets, random_market, strict
from tests.joint.engine.test_matching_limits import limited


def feasible(both, limits, entries):
    owner, other = both.experts.owner()[list(entries)], both.experts.other[list(entries)]
    chosen = list(entries)
    return all(
        (np.bincount(who, size, len(most)) <= most).all()
        for who, size, most in (
            (owner, np.ones(len(chosen)), both.expert_quota),
            (other, np.ones(len(chosen)), both.town_quota),
            *(
                [
                    (owner, limits.hours[chosen], limits.expert_hours),
                    (other, limits.cost[chosen], limits.town_budget),
                ]
                if limits
                else []
            ),
        )
    )


def best_by_hand(both, fit, limits=None):
    return max(
        total_fit(fit, np.array(entries, np.int64))
        for size in range(len(fit) + 1)
        for entries in combinations(range(len(fit)), size)
        if feasible(both, limits, entries)
    )


def fits(data, both):
    return np.array([data.draw(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])) for _ in both.experts.other])


@given(markets(most=3), st.data())
def test_total_is_the_greatest_of_all_matchings(nested, data):
    both = made(*nested)
    fit = fits(data, both)
    best = greatest_fit(both, fit)
    assert feasible(both, None, best.matching.entries.tolist())
    assert best.proven
    assert best.total == total_fit(fit, best.matching.entries) == best_by_hand(both, fit)


@settings(max_examples=40)
@given(limited().filter(lambda case: len(made(*case[0]).experts.other) <= 9), st.data())
def test_total_within_hours_and_budgets_is_the_greatest(case, data):
    nested, limits = case
    both = made(*nested)
    fit = fits(data, both)
    best = greatest_fit(both, fit, limits)
    assert feasible(both, limits, best.matching.entries.tolist())
    assert (best.proven, best.total) == (True, best_by_hand(both, fit, limits))


def test_flow_agrees_with_the_assignment_of_scipy():
    generator = np.random.default_rng(3)
    everyone = strict([generator.permutation(30).tolist() for _ in range(50)])
    both = made(everyone, strict([generator.permutation(50).tolist() for _ in range(30)]), [1] * 50, [1] * 30)
    fit = generator.integers(1, 1_000_001, len(both.experts.other)) / 1_000_000
    dense = np.zeros((50, 30))
    dense[both.experts.owner(), both.experts.other] = fit
    assert greatest_fit(both, fit).total == pytest.approx(
        dense[linear_sum_assignment(dense, True)].sum(), abs=1e-9
    )


def test_no_stable_matching_fits_better_than_the_optimum():
    both = made(*random_market(np.random.default_rng(5), 30, 10))
    fit = np.random.default_rng(6).random(len(both.experts.other))
    assert greatest_fit(both, fit).total >= total_fit(fit, deferred_acceptance(both).entries)


def test_pins_and_closed_pairs_hold_and_wrong_input_is_refused():
    both = made(strict([[0, 1], [0, 1]]), strict([[0, 1], [0, 1]]), [1, 1], [1, 1])
    fit = np.array([1.0, 0.1, 0.1, 1.0])
    assert greatest_fit(both, fit).matching.pairs(both) == [(0, 0), (1, 1)]
    assert greatest_fit(both, fit, pinned=[both.entry(0, 1)]).matching.pairs(both) == [(0, 1), (1, 0)]
    assert greatest_fit(both, fit, closed=[both.entry(0, 0)]).matching.pairs(both) == [(1, 1)]
    zero = np.zeros(4, np.int64)
    none = Limits(np.zeros(2, np.int64), np.zeros(2, np.int64), zero + 1, zero)
    assert greatest_fit(both, fit, none).total == 0
    for wrong in ({"pinned": [0, 1]}, {"pinned": [0], "closed": [0]}):
        with pytest.raises(ValueError, match="pinned"):
            greatest_fit(both, fit, **wrong)
    with pytest.raises(ValueError, match="0 to 1"):
        greatest_fit(both, fit * 2)
