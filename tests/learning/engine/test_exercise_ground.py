import copy

import pytest

from machi.learning.engine import exercise_ground as ground
from tests.learning.exercises import TASKS

TASK = TASKS["ground-bulky"]
IDS = [item["id"] for item in TASK["claims"]]


@pytest.mark.parametrize("said", ground.KEYS)
@pytest.mark.parametrize("slug", ["ground-bulky", "ground-minutes"])
def test_the_same_answer_to_all_scores_0(slug: str, said: str) -> None:
    task = TASKS[slug]
    result = ground.score(task, {"claims": {item["id"]: said for item in task["claims"]}})
    assert result.percent == 0
    assert [one.code for one in result.overall] == ["ground_all_same"]


def test_half_right_scores_by_kinds_less_chance() -> None:
    """One of two right in each of three kinds: (1/2 - 1/3) / (2/3) = 25 %."""
    answer = {**ground.key(TASK)["claims"], "old": "absent", "aircon": "absent", "shop": "supported"}
    assert ground.score(TASK, {"claims": answer}).percent == 25


def test_one_wrong_of_six_still_passes_and_says_why() -> None:
    answer = {**ground.key(TASK)["claims"], "weekday": "supported"}
    result = ground.score(TASK, {"claims": answer})
    assert result.percent == 75
    wrong = next(item for item in result.items if item.id == "weekday")
    assert (wrong.points, wrong.reasons[0].code) == (0, "ground_wrong")
    assert dict(wrong.reasons[0].values) == {"said": "supported", "key": "absent"}


def test_wrong_half_to_game_a_skewed_task_gains_nothing() -> None:
    """Five of six supported: calling all supported would be 83 % right, and is worth nothing."""
    task = copy.deepcopy(TASK)
    for item in task["claims"][:5]:
        item |= {"key": "supported", "quote": "粗大ごみは予約制です。"}
    assert ground.check(task) == []
    assert ground.score(task, {"claims": dict.fromkeys(IDS, "supported")}).percent == 0


def test_quotes_stand_in_the_source_and_what_is_absent_has_none() -> None:
    task = copy.deepcopy(TASK)
    task["claims"][0]["quote"] = "予約は要りません。"
    task["claims"][1].pop("quote")
    task["claims"][4]["quote"] = "粗大ごみは予約制です。"
    assert {(one.path, one.code) for one in ground.check(task)} == {
        ("task.claims[0].quote", "not_in_source"),
        ("task.claims[1].quote", "missing"),
        ("task.claims[4].quote", "quote_of_absent"),
    }


def test_a_task_with_one_answer_is_none() -> None:
    task = copy.deepcopy(TASK)
    task["claims"] = [item for item in task["claims"] if item["key"] == "absent"] * 2
    for number, item in enumerate(task["claims"]):
        task["claims"][number] = {**item, "id": f"c{number}"}
    assert [one.code for one in ground.check(task)] == ["one_key"]
