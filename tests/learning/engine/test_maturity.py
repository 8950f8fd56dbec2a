"""Levels of a self-assessment: the lowest answer decides, reasons are told, next steps named."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine.maturity import (
    TOP,
    Dimension,
    Scoring,
    check_scoring,
    dump_scoring,
    first_steps,
    overall,
    parse_scoring,
    score,
)
from machi.learning.engine.questionnaire import parse

SHIPPED = json.loads((files("machi.learning") / "data" / "surveys" / "ai-maturity.json").read_text())
FORM, SCORING = parse(SHIPPED["form"]), parse_scoring(SHIPPED["scoring"])
SCORED = [name for one in SCORING.dimensions for name in one.scores]


def _all(level: int, **other: str) -> dict[str, str]:
    return dict.fromkeys(SCORED, f"l{level}") | other


def test_what_ships_is_whole_in_both_languages() -> None:
    assert check_scoring(FORM, SCORING) == []
    assert parse_scoring(dump_scoring(SCORING)) == SCORING
    for one in SCORING.dimensions:
        assert [step.level for step in one.steps] == [1, 2, 3, 4]
        words = [one.words, *one.levels, *(step.words for step in one.steps)]
        assert all(each.get("ja") and each.get("en") for each in words)
        assert all(step.lessons and step.cases and step.skills for step in one.steps)


def test_the_lowest_answer_decides_and_is_named_as_the_reason() -> None:
    found = score(FORM, SCORING, _all(3, gov_rules="l1"))[0]
    assert (found.level, found.mean) == (1, 2.0)
    assert [one.question for one in found.holding_back] == ["gov_rules"]
    assert found.next is not None
    assert found.next.level == 2


def test_what_is_not_answered_is_not_scored() -> None:
    found = score(FORM, SCORING, {"gov_rules": "l2"})
    assert (found[0].level, found[0].unanswered) == (2, ("gov_review",))
    assert found[1].level is None
    assert overall(found) is None


def test_first_steps_are_where_it_stands_lowest() -> None:
    scores = score(
        FORM, SCORING, _all(3, use_work="l0", data_order="l1", people_lead="l1", people_training="l1")
    )
    assert [one.dimension.id for one in first_steps(scores)] == ["use", "people", "data"]
    assert first_steps(score(FORM, SCORING, _all(TOP))) == []


@given(st.dictionaries(st.sampled_from(SCORED), st.integers(0, TOP - 1), min_size=1), st.data())
def test_a_higher_answer_never_lowers_a_level(levels: dict[str, int], data: st.DataObject) -> None:
    lifted = data.draw(st.sampled_from(sorted(levels)))
    before = score(FORM, SCORING, {name: f"l{one}" for name, one in levels.items()})
    after = score(FORM, SCORING, {name: f"l{one + (name == lifted)}" for name, one in levels.items()})
    for one, other in zip(before, after, strict=True):
        assert (one.level is None) == (other.level is None)
        assert one.level is None or other.level is None or other.level >= one.level
        assert one.mean is None or one.level is None or one.level <= one.mean


def test_a_scoring_that_does_not_fit_says_where() -> None:
    words = {"ja": "x"}
    wrong = Dimension("d", words, (words,), {"gov_rules": {"l0": 9}, "nobody": {}, "note": {}})
    places = check_scoring(FORM, Scoring((wrong,)))
    assert "d" in places
    assert {"d/nobody", "d/note", "d/gov_rules/l1", "d/gov_rules/l0"} <= set(places)
    assert check_scoring(FORM, Scoring()) == ["-"]
    with pytest.raises(ValueError, match="not a scoring"):
        parse_scoring({"dimensions": [{"id": "d"}]})
