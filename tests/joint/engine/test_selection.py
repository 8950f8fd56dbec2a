"""Selection within a budget: the optimum, its reasons, ties, and what cannot be."""

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.joint.engine.selection import (
    Candidate,
    Impossible,
    Reason,
    Rule,
    Selection,
    Verdict,
    chosen,
    select,
)

FOUR = [Candidate("A", 90, 60), Candidate("B", 80, 50), Candidate("C", 70, 50), Candidate("D", 10, 200)]


def best(*arguments, **named) -> Selection:
    found = select(*arguments, **named)
    assert isinstance(found, Selection)
    return found


def reasons(found):
    return {one.key: one for one in found.reasons}


def test_best_total_beats_the_best_single_and_says_what_would_go():
    found = best(FOUR, 100)
    assert (found.selected, found.total, found.cost, found.tied) == (("B", "C"), 150, 100, False)
    why = reasons(found)
    assert why["A"] == Reason("A", Verdict.DISPLACED, 60, ("B", "C"), ())
    assert why["D"].verdict is Verdict.OVER_BUDGET
    assert why["B"] == Reason("B", Verdict.SELECTED, 60, ("A",), ())


def test_rule_that_holds_a_proposal_back_is_named():
    found = best(FOUR, 110, [Rule("神奈川県は1件", frozenset({"A", "B"}), most=1)])
    assert found.selected == ("A", "C")
    assert reasons(found)["B"] == Reason("B", Verdict.DISPLACED, 10, ("A",), ("神奈川県は1件",))


def test_rule_that_forbids_is_named():
    found = best(FOUR, 200, [Rule("辞退", frozenset({"A"}), most=0)])
    assert reasons(found)["A"] == Reason("A", Verdict.RULED_OUT, rules=("辞退",))


def test_rule_that_asks_for_at_least_one_costs_points():
    found = best(FOUR, 200, [Rule("防災から1件", frozenset({"D"}), least=1)])
    assert found.selected == ("D",)
    assert reasons(found)["D"].loss == math.inf


def test_threshold_keeps_out_and_says_so():
    found = best(FOUR, 1000, least_score=20)
    assert found.selected == ("A", "B", "C")
    assert reasons(found)["D"].verdict is Verdict.BELOW_THRESHOLD


def test_tie_goes_to_who_is_given_first_and_is_told():
    equal = [Candidate("A", 50, 10), Candidate("B", 50, 10)]
    for order in (equal, equal[::-1]):
        found = best(order, 10)
        assert found.selected == (order[0].key,)
        assert found.tied
        assert reasons(found)[order[1].key] == Reason(order[1].key, Verdict.TIE, 0, (order[0].key,), ())


def test_order_decides_among_many_equal_sets():
    many = [Candidate(f"P{at:02}", 1, 1) for at in range(90)]
    found = best(many, 45)
    assert found.selected == tuple(one.key for one in many[:45])


def test_impossible_names_the_rules_that_cannot_hold_together():
    rules = [
        Rule("広く", frozenset("ABC"), least=2),
        Rule("観光", frozenset("D"), most=1),
        Rule("一つ", frozenset("ABC"), most=1),
    ]
    assert select(FOUR, 1000, rules) == Impossible(("広く", "一つ"), budget=False)
    assert select(FOUR, 90, rules[:1]) == Impossible(("広く",), budget=True)


def test_nothing_to_choose_from_is_an_empty_selection():
    assert select([], 100) == Selection((), 0, 0, (), tied=False)


@pytest.mark.parametrize(
    ("candidates", "budget", "rules"),
    [
        ([Candidate("A", -1, 1)], 1, []),
        ([Candidate("A", math.nan, 1)], 1, []),
        ([Candidate("A", 1, -1)], 1, []),
        ([Candidate("A", 1, 1)] * 2, 1, []),
        (FOUR, -1, []),
        (FOUR, 1, [Rule("x", frozenset("Z"))]),
        (FOUR, 1, [Rule("x", frozenset("A"), 2, 1)]),
        (FOUR, 1, [Rule("x", frozenset("A"))] * 2),
    ],
)
def test_what_makes_no_sense_is_refused(candidates, budget, rules):
    with pytest.raises(ValueError):
        select(candidates, budget, rules)


CANDIDATES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=6)
RULES = st.lists(st.tuples(st.sets(st.integers(0, 5)), st.integers(0, 2), st.integers(0, 3)), max_size=3)


def subsets(keys):
    return [frozenset(some) for size in range(len(keys) + 1) for some in combinations(keys, size)]


@settings(max_examples=60)
@given(CANDIDATES, st.integers(0, 25), RULES)
def test_selection_and_its_reasons_agree_with_trying_every_set(drawn, budget, bounds):
    candidates = [Candidate(f"P{at}", score, cost) for at, (score, cost) in enumerate(drawn)]
    keys = [one.key for one in candidates]
    rules = [
        Rule(f"R{at}", frozenset(f"P{one}" for one in members if one < len(keys)), least, least + more)
        for at, (members, least, more) in enumerate(bounds)
    ]
    score, cost = {one.key: one.score for one in candidates}, {one.key: one.cost for one in candidates}

    def keeps(some, rules=rules, budget=budget):
        return sum(cost[key] for key in some) <= budget and all(
            rule.least <= len(some & rule.members) <= rule.most for rule in rules
        )

    allowed = [some for some in subsets(keys) if keeps(some)]
    found = select(candidates, budget, rules)
    if not allowed:
        assert isinstance(found, Impossible)
        left = [rule for rule in rules if rule.name in found.rules]
        assert not any(keeps(some, left, budget if found.budget else math.inf) for some in subsets(keys))
        return
    totals = {some: sum(score[key] for key in some) for some in allowed}
    most = max(totals.values())
    optimal = [some for some in allowed if totals[some] == most]
    first = max(optimal, key=lambda some: [key in some for key in keys])
    assert isinstance(found, Selection)
    assert (frozenset(found.selected), found.total) == (first, most)
    assert found.tied == (len(optimal) > 1)
    for one in found.reasons:
        other = [totals[some] for some in allowed if (one.key in some) != (one.key in first)]
        if other:
            assert one.loss == most - max(other)
        else:
            assert one.verdict in {Verdict.SELECTED, Verdict.OVER_BUDGET, Verdict.RULED_OUT}
    assert totals[chosen(score, cost, budget, rules)] == most


def test_chosen_takes_negative_scores_for_nothing_and_the_impossible_for_empty():
    assert chosen({"A": -5, "B": 3}, {"A": 0, "B": 1}, 1) >= {"B"}
    assert chosen({"A": 1}, {"A": 1}, 0, [Rule("x", frozenset("A"), least=1)]) == frozenset()
