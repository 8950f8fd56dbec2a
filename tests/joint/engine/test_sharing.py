"""Who pays what: sums exact to the yen, the axioms of the Shapley value, and who has reason to leave."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.apportioning import apportion, rounded
from machi.joint.engine.shapley import Complaint, coalitions, complaint, shapley
from machi.joint.engine.sharing import Member, Rule, share

# Littlechild & Owen's airport: whoever needs the longest runway sets the cost.
RUNWAY = {"A": 12, "B": 20, "C": 33}


def airport(members):
    return max((RUNWAY[key] for key in members), default=0)


def test_apportion_gives_what_is_left_to_the_largest_remainders():
    assert apportion(100, {"a": 1, "b": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert apportion(10, {"a": 55, "b": 25, "c": 20}) == {"a": 6, "b": 2, "c": 2}
    assert apportion(-10, {"a": 1, "b": 2}) == {"a": -3, "b": -7}
    assert apportion(0, {"a": 1}) == {"a": 0}


@pytest.mark.parametrize("shares", [{}, {"a": 0}, {"a": 2, "b": -1}])
def test_apportion_refuses_shares_that_say_nothing(shares):
    with pytest.raises(ValueError, match="shares"):
        apportion(10, shares)


def test_rounded_refuses_parts_that_are_not_whole_together():
    with pytest.raises(ValueError, match="whole"):
        rounded({"a": Fraction(1, 2)})


SHARES = st.dictionaries(st.text(max_size=3), st.fractions(0, 1000), min_size=1).filter(
    lambda one: any(one.values())
)


@given(st.integers(-(10**15), 10**15), SHARES)
def test_apportion_adds_up_and_stays_within_a_yen_of_the_quota(total, shares):
    parts = apportion(total, shares)
    whole = sum(shares.values())
    assert sum(parts.values()) == total
    assert all(abs(parts[key] - total * shares[key] / whole) < 1 for key in shares)


def test_shapley_of_the_airport_is_what_its_formula_says():
    found = shapley(list(RUNWAY), airport)
    assert found.values == {"A": 4, "B": 4 + 4, "C": 4 + 4 + 13}  # 12/3, + 8/2, + 13
    assert found.exact
    assert set(found.error.values()) == {0}


def games(players="ABCD"):
    keys = [frozenset(one) for one in [*coalitions(list(players)), players]]
    return st.lists(st.integers(0, 1000), min_size=len(keys), max_size=len(keys)).map(
        lambda costs: dict(zip([frozenset(), *keys], [0, *costs], strict=True))
    )


@given(games())
def test_shapley_is_the_mean_over_all_orders_of_joining(game):
    found = shapley(list("ABCD"), game.__getitem__)
    means = dict.fromkeys("ABCD", Fraction(0))
    for order in permutations("ABCD"):
        for at, key in enumerate(order):
            means[key] += Fraction(game[frozenset(order[: at + 1])] - game[frozenset(order[:at])], 24)
    assert found.values == means


@given(games())
def test_shapley_is_efficient_symmetric_and_gives_dummies_nothing(game):
    found = shapley(list("ABCD"), game.__getitem__)
    assert sum(found.values.values()) == game[frozenset("ABCD")]

    def with_a_dummy(members):
        return game[members - {"D"}]

    assert shapley(list("ABCD"), with_a_dummy).values["D"] == 0

    def alike(members):  # A and B are interchangeable
        swapped = frozenset({"A": "B", "B": "A"}.get(key, key) for key in members)
        return game[members] + game[swapped]

    values = shapley(list("ABCD"), alike).values
    assert values["A"] == values["B"]


def big(members):
    return max((int(key[1:]) for key in members), default=0) * 1000


def test_sampled_shapley_adds_up_exactly_and_holds_the_truth_within_its_error():
    towns = [f"T{at}" for at in range(1, 21)]
    found = shapley(towns, big, orders=1000, seed=1)
    assert not found.exact
    assert sum(found.values.values()) == 20_000
    truth, before = {}, 0.0
    for at in range(1, 21):  # the airport's formula
        before += 1000 / (21 - at)
        truth[f"T{at}"] = before
    inside = sum(abs(float(found.values[key]) - truth[key]) <= found.error[key] for key in towns)
    assert inside >= 17  # 19 expected
    assert shapley(towns, big, orders=1000, seed=1) == found
    wide = shapley(towns, big, orders=100, seed=1)
    assert sum(wide.error.values()) > 2 * sum(found.error.values())


def test_games_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="differ"):
        shapley(["A", "A"], airport)
    with pytest.raises(ValueError, match="nobody"):
        shapley(["A"], lambda members: 5)
    with pytest.raises(ValueError, match="orders"):
        shapley([f"T{at}" for at in range(20)], big, orders=2)
    with pytest.raises(ValueError, match="15"):
        complaint([f"T{at}" for at in range(20)], big, {})


def test_complaint_finds_the_group_with_most_reason_to_leave():
    assert complaint(list("ABC"), airport, {"A": 11, "B": 11, "C": 11}) == Complaint(frozenset("AB"), 22, 20)
    assert complaint(list("ABC"), airport, {"A": 4, "B": 8, "C": 21}) is None


MEMBERS = [Member("A", 5_000, 10), Member("B", 15_000, 0), Member("C", 80_000, 30)]


def test_rules_stand_side_by_side():
    found = {one.rule: one for one in share(MEMBERS, airport)}
    assert set(found) == set(Rule)
    assert found[Rule.EQUAL].pays == {"A": 11, "B": 11, "C": 11}
    assert found[Rule.EQUAL].in_core is False
    assert found[Rule.USE].pays == {"A": 8, "B": 0, "C": 25}
    assert found[Rule.POPULATION].pays == {"A": 2, "B": 5, "C": 26}
    assert found[Rule.EQUAL_AND_POPULATION].pays == {"A": 4, "B": 6, "C": 23}
    assert found[Rule.ALONE].pays == {"A": 6, "B": 10, "C": 17}
    assert found[Rule.SHAPLEY].pays == {"A": 4, "B": 8, "C": 21}
    assert found[Rule.SHAPLEY].saves == {"A": 8, "B": 12, "C": 12}
    assert found[Rule.SHAPLEY].in_core is True


def test_rule_without_anything_to_go_by_is_left_out():
    idle = [Member("A", 1, 0), Member("B", 1, 0)]
    assert Rule.USE not in {one.rule for one in share(idle, airport)}


def test_a_town_in_which_nobody_lives_pays_nothing_by_population():
    """双葉町 in the census of 2020."""
    found = {one.rule: one for one in share([Member("A", 0, 10), *MEMBERS[1:]], airport)}
    assert found[Rule.POPULATION].pays == {"A": 0, "B": 5, "C": 28}
    assert found[Rule.EQUAL_AND_POPULATION].pays == {"A": 2, "B": 6, "C": 25}
    nobody = {one.rule for one in share([Member("A", 0, 1), Member("B", 0, 1)], airport)}
    assert nobody == set(Rule) - {Rule.POPULATION, Rule.EQUAL_AND_POPULATION}


def test_core_of_many_towns_is_not_claimed():
    towns = [Member(f"T{at}", at, at) for at in range(1, 21)]
    assert {one.in_core for one in share(towns, big, orders=20)} == {None}


@pytest.mark.parametrize(
    ("members", "part"),
    [
        ([], Fraction(0)),
        ([MEMBERS[0]] * 2, Fraction(0)),
        ([Member("A", -1, 1)], Fraction(0)),
        ([Member("A", 1, -1)], Fraction(0)),
        (MEMBERS, Fraction(2)),
    ],
)
def test_what_makes_no_sense_is_refused(members, part):
    with pytest.raises(ValueError):
        share(members, airport, equal_part=part)


@given(games("ABC"), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 99)), min_size=3, max_size=3))
def test_every_rule_adds_up_to_the_yen_and_its_core_claim_is_true(game, sizes):
    members = [Member(key, *size) for key, size in zip("ABC", sizes, strict=True)]
    for one in share(members, game.__getitem__):
        assert sum(one.pays.values()) == game[frozenset("ABC")]
        leaves = [some for some in coalitions(list("ABC")) if sum(one.pays[key] for key in some) > game[some]]
        assert one.in_core == (not leaves)
