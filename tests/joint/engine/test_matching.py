"""Deferred acceptance: textbook instances, the independent checker, and what must hold of any market."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine import matching_rounds
from machi.joint.engine.matching import Lists, Side, deferred_acceptance, lists, lots, market
from machi.joint.engine.stability import blocking_pairs
from tests.joint.engine.markets import made, markets, random_market, strict, tiers_of


def solved(nested, side=Side.EXPERTS, **more):
    both = made(*nested)
    return deferred_acceptance(both, side, **more).pairs(both)


def blocking(nested, pairs):
    experts, towns, expert_quota, town_quota = nested
    return blocking_pairs(tiers_of(experts), tiers_of(towns), expert_quota, town_quota, pairs)


def stable_matchings(nested):
    """All of them, by trying every set of pairs."""
    experts, towns, *_ = nested
    theirs = tiers_of(towns)
    allowed = [(i, j) for i, row in enumerate(tiers_of(experts)) for j in row if i in theirs[j]]
    for size in range(len(allowed) + 1):
        for pairs in combinations(allowed, size):
            try:
                if not blocking(nested, pairs):
                    yield sorted(pairs)
            except ValueError:
                continue


# Gale and Shapley 1962, example 1: three men and women, three stable matchings.
GALE_SHAPLEY = (
    strict([[0, 1, 2], [1, 2, 0], [2, 0, 1]]),
    strict([[1, 2, 0], [2, 0, 1], [0, 1, 2]]),
    [1, 1, 1],
    [1, 1, 1],
)


def test_gale_and_shapley_example_gives_each_proposing_side_its_best():
    assert solved(GALE_SHAPLEY) == [(0, 0), (1, 1), (2, 2)]
    assert solved(GALE_SHAPLEY, Side.TOWNS) == [(0, 2), (1, 0), (2, 1)]
    assert len(list(stable_matchings(GALE_SHAPLEY))) == 3


def test_rural_hospital_stays_short_from_either_side():
    # Roth 1986: who is short of its quota is so in every stable matching, and gets the same people.
    nested = (strict([[0, 1], [0, 1], [0]]), strict([[0, 1, 2], [1]]), [1, 1, 1], [2, 2])
    assert solved(nested) == solved(nested, Side.TOWNS) == [(0, 0), (1, 0)]


@given(markets(), st.sampled_from(Side))
def test_matching_of_any_market_with_ties_and_quotas_is_stable(nested, side):
    assert blocking(nested, solved(nested, side)) == []


@given(markets(most=3, quota=2, ties=False))
def test_proposing_side_gets_the_best_of_all_stable_matchings(nested):
    # strict lists: each expert weakly prefers its partners to those of any stable matching, place by place
    experts = tiers_of(nested[0])
    ours = solved(nested)
    for other in stable_matchings(nested):
        for expert, rank in enumerate(experts):
            got, theirs = (sorted(rank[j] for i, j in pairs if i == expert) for pairs in (ours, other))
            assert len(got) == len(theirs)  # the rural hospitals theorem
            assert all(a <= b for a, b in zip(got, theirs, strict=True))


@given(st.data())
def test_expert_with_one_place_gains_nothing_by_another_list(data):
    experts, towns, _, town_quota = data.draw(markets(most=3, quota=2, ties=False))
    quotas = [1] * len(experts), town_quota
    liar = data.draw(st.integers(0, len(experts) - 1))
    truth = tiers_of(experts)[liar]
    worst = len(truth)
    honest = [truth[j] for i, j in solved((experts, towns, *quotas)) if i == liar] or [worst]
    for size in range(len(towns) + 1):
        for lie in permutations(range(len(towns)), size):
            changed = [*experts[:liar], [[one] for one in lie], *experts[liar + 1 :]]
            got = [truth.get(j, worst) for i, j in solved((changed, towns, *quotas)) if i == liar] or [worst]
            assert got >= honest


@given(markets(), st.randoms(use_true_random=False), st.sampled_from(Side))
def test_order_of_the_input_changes_nothing_where_lots_hang_on_names(nested, random, side):
    experts, towns, expert_quota, town_quota = nested
    names = [f"e{i}" for i in range(len(experts))], [f"t{j}" for j in range(len(towns))]
    e_new, t_new = (random.sample(range(len(one)), len(one)) for one in names)  # new number -> old
    e_at, t_at = ({old: new for new, old in enumerate(one)} for one in (e_new, t_new))

    def run(experts, towns, expert_quota, town_quota, e_names, t_names):
        drawn = {"expert_lot": lots(e_names, "s"), "town_lot": lots(t_names, "s")}
        both = made(experts, towns, expert_quota, town_quota, **drawn)
        return {(e_names[i], t_names[j]) for i, j in deferred_acceptance(both, side).pairs(both)}

    moved = run(
        [[[t_at[j] for j in reversed(group)] for group in experts[old]] for old in e_new],
        [[[e_at[i] for i in reversed(group)] for group in towns[old]] for old in t_new],
        [expert_quota[old] for old in e_new],
        [town_quota[old] for old in t_new],
        [names[0][old] for old in e_new],
        [names[1][old] for old in t_new],
    )
    assert moved == run(experts, towns, expert_quota, town_quota, *names)


@pytest.mark.parametrize("waste", [0, 1, 10_000])
@pytest.mark.parametrize("few", [0, 5, 10_000])
def test_rounds_alone_and_one_by_one_alone_agree_however_often_lists_are_shortened(few, waste, monkeypatch):
    generator = np.random.default_rng(7)
    for _ in range(20):
        nested = random_market(generator, 40, 12)
        expected = solved(nested), solved(nested, Side.TOWNS)
        with monkeypatch.context() as patched:
            patched.setattr(matching_rounds, "FEW", max(few, 1))
            patched.setattr(matching_rounds, "WASTE", waste)
            assert (solved(nested), solved(nested, Side.TOWNS)) == expected


def test_pinned_pairs_take_their_places_and_closed_ones_are_not_made():
    both = made(*GALE_SHAPLEY)
    pin, shut = both.entry(0, 2), both.entry(1, 1)
    pairs = deferred_acceptance(both, pinned=[pin], closed=[shut]).pairs(both)
    assert pairs == [(0, 2), (1, 0), (2, 1)]
    with pytest.raises(ValueError, match="both pinned and forbidden"):
        deferred_acceptance(both, pinned=[pin], closed=[pin])
    with pytest.raises(ValueError, match="exceed a quota"):
        deferred_acceptance(both, pinned=[pin, both.entry(0, 1)])


def test_wishes_that_are_not_returned_are_counted_and_are_no_pairs():
    both = made([[[0], [1]], [[1]]], [[[0]], []], [1, 1], [1, 1])
    assert (both.experts_unreturned.tolist(), both.towns_unreturned.tolist()) == ([1, 1], [0, 0])
    assert (both.entry(0, 0), both.entry(0, 1)) == (0, None)


def test_lists_that_cannot_be_are_refused():
    for tiers, message in (([[[0, 0]]], "twice"), ([[[1]]], "does not exist")):
        with pytest.raises(ValueError, match=message):
            market(lists(tiers), lists([[[0]]]), [1], [1])
    with pytest.raises(ValueError, match="ascend"):
        market(Lists(*map(np.array, ([0, 2], [0, 1], [1, 0]))), lists([[], []]), [1], [1, 1])
    with pytest.raises(ValueError, match="none negative"):
        market(lists([[]]), lists([[]]), [-1], [1])
    with pytest.raises(ValueError, match="differ"):
        lots(["a", "a"], "s")


def test_market_of_nobody_has_no_pairs():
    assert solved(([], [], [], [])) == []
    assert solved(([[]], [], [1], [])) == []


def test_checker_finds_the_pair_that_blocks_and_refuses_what_is_no_matching():
    assert blocking(GALE_SHAPLEY, [(0, 1), (1, 0), (2, 2)]) == [(1, 2)]
    with pytest.raises(ValueError, match="more than it can"):
        blocking(GALE_SHAPLEY, [(0, 0), (0, 1)])
    with pytest.raises(ValueError, match="not both listed"):
        blocking((strict([[0]]), [[]], [1], [1]), [(0, 0)])
    with pytest.raises(ValueError, match="twice"):
        blocking(GALE_SHAPLEY, [(0, 0), (0, 0)])
