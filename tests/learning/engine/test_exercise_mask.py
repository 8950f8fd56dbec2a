import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine import exercise_mask as mask
from tests.learning.exercises import TASKS

TASK = TASKS["mask-callback"]
KEY = mask.key(TASK)["words"]
ALL = [word.number for word in mask.words(TASK) if word.number is not None]


def points(answer):
    return {item.id: item.points for item in mask.score(TASK, {"words": answer}).items}


def test_words_are_the_text_and_numbers_are_whole() -> None:
    shown = mask.words(TASK)
    assert "".join(word.text for word in shown) == TASK["text"]
    texts = [word.text for word in shown if word.number is not None]
    assert {"046-225-2000", "昭和55年6月7日", "山田", "太郎"} <= set(texts)
    assert [word.number for word in shown if word.number is not None] == list(range(len(texts)))


def test_half_of_the_key_scores_half() -> None:
    names = {word.number for word in mask.words(TASK) if word.text in ("山田", "太郎", "046-225-2000")}
    result = mask.score(TASK, {"words": list(names)})
    assert result.percent == 40
    assert points(list(names)) == {
        "name": 1, "birth": 0, "address": 0, "phone": 1, "illness": 0, "office": 1, "matter": 1,
    }  # fmt: skip
    codes = {item.id: [reason.code for reason in item.reasons] for item in result.items}
    assert codes["name"] == ["mask_found", "mask_by_machine"]
    assert codes["illness"] == ["mask_missed", "mask_not_by_machine"]
    assert [reason.code for reason in result.overall] == ["mask_machine_left"]


def test_half_a_name_is_half_found() -> None:
    (surname,) = (word.number for word in mask.words(TASK) if word.text == "山田")
    assert points([surname])["name"] == 0.5


def test_hiding_everything_scores_0_and_half_of_the_rest_too() -> None:
    assert mask.score(TASK, {"words": ALL}).percent == 0
    rest = [number for number in ALL if number not in KEY]
    assert mask.score(TASK, {"words": KEY + rest[: len(rest) * 6 // 10]}).percent < 30


def test_a_trap_hidden_costs() -> None:
    office = [word.number for word in mask.words(TASK) if word.text in ("国保", "年金課")]
    result = mask.score(TASK, {"words": KEY + office})
    assert 50 < result.percent < 80
    assert points(KEY + office)["office"] == 0


@given(st.sets(st.sampled_from(ALL)), st.sampled_from(ALL))
def test_hiding_one_word_more_that_is_not_personal_never_helps(chosen, more) -> None:
    before = mask.score(TASK, {"words": list(chosen)}).percent
    after = mask.score(TASK, {"words": [*chosen, more]}).percent
    assert after >= before if more in KEY else after <= before or not chosen & set(KEY)


@pytest.mark.parametrize("answer", [{"words": ["3"]}, {"words": [True, 10**9, -1]}, {"words": "34"}])
def test_what_are_no_numbers_of_words_hides_nothing(answer) -> None:
    assert mask.score(TASK, answer).percent == 0


def test_what_the_recogniser_finds_must_be_explained() -> None:
    task = copy.deepcopy(TASK)
    task["personal"] = [item for item in task["personal"] if item["id"] != "phone"]
    (problem,) = mask.check(task)
    assert (problem.path, problem.code, problem.value) == ("task.text", "unexplained", "046-225-2000")


def test_items_must_stand_in_the_text_and_not_overlap() -> None:
    task = copy.deepcopy(TASK)
    task["personal"][0]["text"] = "鈴木一郎"
    task["keep"][0]["text"] = "5-2000。\n妻"
    told = {(one.path, one.code) for one in mask.check(task)}
    assert ("task.personal[0].text", "not_in_text") in told
    assert ("task.keep[0].text", "overlaps") in told
    assert ("task.personal[3].text", "overlaps") in told


def test_a_short_name_inside_a_long_one_is_not_another_place() -> None:
    task = copy.deepcopy(TASK)
    task["text"] += "\n山田さんに返す。"
    task["personal"].append({"id": "again", "text": "山田", "kind": "PERSON", "why": "姓だけでも氏名です。"})
    assert mask.check(task) == []
    result = mask.score(task, {"words": mask.key(TASK)["words"]})
    assert {item.id: item.points for item in result.items}["again"] == 0
