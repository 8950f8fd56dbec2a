import copy
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine import exercise_quiz as quiz
from machi.learning.engine.quiz_places import shown_order, tau
from tests.learning.exercises import TASKS

TASK, RULES = TASKS["quiz-basics"], TASKS["quiz-rules"]
ORDER = next(item for item in TASK["items"] if item["id"] == "order")


def points(task=TASK, **items):
    return {item.id: item.points for item in quiz.score(task, {"items": items}).items}


def codes(task=TASK, **items):
    return {item.id: [one.code for one in item.reasons] for item in quiz.score(task, {"items": items}).items}


def test_single_is_right_or_not() -> None:
    assert points(what="next")["what"] == 1
    assert points(what="db")["what"] == 0
    assert codes(what="db")["what"] == ["choice_wrong", "author"]
    assert points(what=["next"])["what"] == 0


def test_multiple_gives_part_and_takes_for_wrong_ticks() -> None:
    assert points(never=["name"])["never"] == 0.5
    assert points(never=["name", "tax", "law"])["never"] == 0.5
    assert points(never=["name", "law"])["never"] == 0
    assert codes(never=["name", "law"])["never"] == ["multiple_missed", "multiple_over", "author"]


def test_ticking_all_scores_0() -> None:
    assert points(never=["name", "law", "tax", "press"])["never"] == 0


def test_order_counts_pairs_and_the_order_shown_is_worth_nothing() -> None:
    key = ORDER["key"]
    swapped = [key[1], key[0], *key[2:]]
    assert points(order=swapped)["order"] == pytest.approx(4 / 6)
    assert points(order=key[::-1])["order"] == 0
    assert points(order=shown_order(ORDER))["order"] == 0
    assert points(order=[key[0]] * 4)["order"] == 0
    assert codes(order=key[:2])["order"] == ["order_incomplete"]


@given(st.permutations(list("abcdef")), st.text(max_size=5))
def test_no_order_is_shown_that_scores(key: list[str], name: str) -> None:
    item = {"id": name, "key": key}
    shown = shown_order(item)
    assert sorted(shown) == sorted(key)
    assert tau(shown, key) <= 0


def test_tau_averages_to_nothing_over_all_orders() -> None:
    assert sum(tau(order, "abcd") for order in permutations("abcd")) == pytest.approx(0)


def test_match_gives_part_and_nothing_for_the_same_everywhere() -> None:
    right = {"hallucination": "false", "prompt": "source", "grounding": "instruction"}
    assert points(match=right)["match"] == pytest.approx(1 / 3)
    assert points(match=dict.fromkeys(right, "false"))["match"] == 0
    assert codes(match=dict.fromkeys(right, "false"))["match"][-1] == "match_too_often"


def test_number_and_text_accept_what_is_meant() -> None:
    for typed in ("12", "１２桁", "12けた", "約12"):
        assert points(RULES, digits=typed)["digits"] == (0.5 if "けた" in typed else 1)
    for typed in ("ハルシネーション", "ﾊﾙｼﾈｰｼｮﾝ", "はるしねーしょん", "「ハルシネーション」です。"):
        assert points(RULES, word=typed)["word"] == 1
    assert points(RULES, word="ハルシネーション、プロンプト、学習、推論")["word"] == 0


def test_half_right_scores_half() -> None:
    key = quiz.key(RULES)["items"]
    assert quiz.score(RULES, {"items": {one: key[one] for one in ("digits", "word")}}).percent == 50


def test_ticking_all_and_the_same_everywhere_does_not_pass() -> None:
    everything = {
        "what": "db",
        "never": ["name", "law", "tax", "press"],
        "order": shown_order(ORDER),
        "match": {"hallucination": "false", "prompt": "false", "grounding": "false"},
    }
    assert quiz.score(TASK, {"items": everything}).percent == 0


def test_the_right_option_may_not_always_stand_in_the_same_place() -> None:
    item = TASK["items"][0]
    task = {"question": "?", "items": [{**copy.deepcopy(item), "id": f"q{n}"} for n in range(4)]}
    assert [one.code for one in quiz.check(task)] == ["same_place"]
    for one in task["items"][:2]:
        one["options"].insert(0, one["options"].pop(1))
    assert quiz.check(task) == []


@pytest.mark.parametrize(
    ("number", "change", "problem"),
    [
        (1, {"key": ["name", "law", "tax", "press"]}, ("key", "all_right")),
        (1, {"key": ["name", "x"]}, ("key[1]", "not_choice")),
        (2, {"key": ["mask", "ask", "check"]}, ("key", "not_all")),
        (
            3,
            {"key": {"hallucination": "false", "prompt": "false", "grounding": "false"}},
            ("key", "all_same"),
        ),
        (
            3,
            {"key": {"hallucination": "false", "prompt": "x", "grounding": "source"}},
            ("key.prompt", "not_choice"),
        ),
        (0, {"options": [{"id": "next", "text": "1つだけ"}]}, ("options", "how_many")),
        (0, {"kind": "essay"}, ("kind", "not_choice")),
    ],
)
def test_what_is_wrong_is_named(number: int, change: dict[str, object], problem: tuple[str, str]) -> None:
    task = copy.deepcopy(TASK)
    task["items"][number] |= change
    told = {(one.path, one.code) for one in quiz.check(task)}
    assert (f"task.items[{number}].{problem[0]}", problem[1]) in told
