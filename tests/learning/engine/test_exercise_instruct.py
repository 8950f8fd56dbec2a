import copy

import pytest

from machi.learning.engine import exercise_instruct as instruct
from machi.learning.engine import instruction
from tests.learning.exercises import TASKS

TASK = TASKS["instruct-notice"]


def score(text: str, task=TASK, **more):
    return instruct.score(task, {"instruction": text, **more})


def points(text: str) -> dict[str, float]:
    return {item.id: item.points for item in score(text).items}


@pytest.mark.parametrize(
    "text",
    [
        "資料をもとに、市民向けの案内文を見出しをつけて300字程度で書いてください。資料にないことは推測しないでください。",
        "目的：住民向け案内文の作成\n出典：粗大ごみの出し方\n形式：箇条書き\n長さ：２００字以内\n対象：市民\n注意：資料にないことは書かない",
        "住民に配るお知らせを、下の文章だけを使って作って。箇条書きで、400字以内にすること。下の文章に書かれていないことは「不明」とすること。",
        "次の資料を読んで、市民に向けた案内文を書いてください。条件：200文字以内、箇条書き。資料に載っていない情報は書かないこと。",
        "以下の資料だけをもとに、市民にも分かるお知らせを作成してください。\n・200字以内\n・箇条書きで\n"
        "・資料にないことは「確認中」と書くこと",
        "# 依頼\n粗大ごみの案内文を作成してください。\n# 対象\n市民\n# 形式\n箇条書き、300字以内\n# 出典\n"
        "資料「粗大ごみの出し方」のみ。資料にないことは書かない。",
        "資料を要約し市民向けのお知らせにしてほしい。表の形で、長さは３００字以内。資料にない内容は含めないでほしい。",
    ],
)
def test_other_ways_of_saying_it_are_right_too(text: str) -> None:
    assert score(text).percent == 100


def test_a_bare_wish_scores_little() -> None:
    assert 0 < score("案内文を作ってください。").percent < 20


def test_half_of_the_criteria_scores_half_and_holds_the_output_back() -> None:
    text = "資料をもとに、市民向けの案内文を書いてください。"
    result = score(text)
    assert 45 <= result.percent <= 55
    assert {name for name, got in points(text).items() if got == 1} == {"purpose", "source", "audience"}
    held = next(item for item in result.items if item.id == "grounded")
    assert held.points == 0.5
    assert [one.code for one in held.reasons] == ["out_grounded", "instruct_held_back"]


@pytest.mark.parametrize(
    "text",
    [
        "案内文 お知らせ 資料 住民 箇条書き 200字以内 書かれていない 推測しない",
        "案内文、資料、住民、箇条書き、200字以内、推測しない",
        "案内文、資料、住民、箇条書き、200字以内、推測しない、ください",
        "案内文。資料。住民。箇条書き。200字以内。推測しない。",
        "私は資料と案内文と住民と箇条書きと200字以内が好きです。",
        TASK["source"]["text"],
        "。" * 4_000,
        "",
    ],
)
def test_keywords_without_an_instruction_score_nothing(text: str) -> None:
    assert score(text).percent <= 20, points(text)


@pytest.mark.parametrize(
    "text",
    [
        "案内文、資料、住民、箇条書き、200字以内、推測しない。よろしくお願いします。",
        "案内文 資料 住民 箇条書き 200字以内。これを書いてください。",
        "次の言葉を見てください。案内文 資料 住民 箇条書き 200字以内 推測しない",
        "お知らせ案内文を資料の住民の箇条書きの200字以内の推測しないでください",
        "目的：案内文\n出典：資料\n対象：住民\n形式：箇条書き\n長さ：200字\n注意：推測しない",
        "案内文を作って。資料に。住民に。箇条書きで。200字で。書かれていないことはしないでください。",
        "形式：箇条書き 表 見出し 資料 住民 200字\n案内文を作ってください",
    ],
)
def test_a_heap_of_keywords_beside_a_wish_does_not_pass(text: str) -> None:
    assert score(text).percent < 50, points(text)


def test_personal_information_in_the_instruction_is_told() -> None:
    text = TASK["example"] + "問い合わせた山田太郎さん（046-225-2000）にも分かるようにしてください。"
    missed = {item.id: item for item in score(text).items if item.points < 1}
    assert set(missed) == {"personal"}
    assert missed["personal"].reasons[0].code == "instruct_personal"


def test_a_length_out_of_bounds_is_worth_half_and_none_nothing() -> None:
    text = TASK["example"]
    assert points(text.replace("200字", "2000字"))["length"] == 0.5
    assert points(text.replace("200字以内の", ""))["length"] == 0


def test_what_came_out_is_judged_as_it_is() -> None:
    invented = "粗大ごみは予約制です。手数料は1点につき300円です。" + "あ" * 400
    missed = {item.id: item for item in score(TASK["example"], output=invented).items if item.points < 1}
    assert {"grounded", "short", "fee"} <= set(missed)
    assert missed["fee"].points == 0
    assert score(TASK["example"], output="").percent < 100


def test_the_example_must_score_100_and_most_criteria_be_the_learners() -> None:
    task = copy.deepcopy(TASK)
    task["example"] = "案内文を作ってください。"
    (problem,) = instruct.check(task)
    assert (problem.path, problem.code) == ("task.example", "not_full")
    task = copy.deepcopy(TASK)
    task["criteria"] = [item for item in task["criteria"] if item["kind"] != "purpose"]
    assert "no_purpose" in {one.code for one in instruct.check(task)}
    task["criteria"] = [
        item for item in TASK["criteria"] if item["kind"] not in ("audience", "format", "length", "unknown")
    ]
    assert "mostly_output" in {one.code for one in instruct.check(task)}
    task = copy.deepcopy(TASK)
    task["criteria"][4] |= {"least": 500}
    assert ("task.criteria[4].most", "out_of_range") in {(p.path, p.code) for p in instruct.check(task)}


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("案内文を書いてください。", True),
        ("案内文を書いて", True),
        ("案内文を書け", True),
        ("案内文を作成", True),
        ("案内文を作成する。", True),
        ("依頼：案内文の作成", True),
        ("案内文を書いてほしい", True),
        ("案内文は便利だ。", False),
        ("案内文", False),
        ("今日は雨が降った。", False),
        ("ください", False),
    ],
)
def test_what_is_an_instruction(text: str, asks: bool) -> None:
    assert instruction.asks(instruction.read(text)) is asks
