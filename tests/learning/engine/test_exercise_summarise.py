import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine import exercise_summarise as summarise
from machi.learning.engine.prose import is_said
from tests.learning.exercises import TASKS

TASK = TASKS["summarise-notice"]
SOURCE = TASK["source"]["text"]


def score(text: str):
    return summarise.score(TASK, {"summary": text})


def points(text: str) -> dict[str, float]:
    return {item.id: item.points for item in score(text).items}


def test_the_same_facts_in_other_letters_are_told() -> None:
    text = (
        "新しい予約制度は２０２６年４月１日から。ネットで申込みでき、期限は収集日の７日前まで。"
        "手数料は１点５００円。６５歳以上だけの世帯は免除される。"
    )
    assert points(text) == {"start": 1, "web": 1, "before": 1, "fee": 1, "free": 1}
    assert score(text).percent == 100


def test_half_of_the_facts_score_half() -> None:
    assert score("新制度は4月1日から。手数料は1点500円。").percent == 40


def test_a_number_that_the_source_does_not_have_costs() -> None:
    text = TASK["example"].replace("1点500円", "1点300円")
    result = score(text)
    assert points(text)["fee"] == 0
    assert [one.code for one in result.overall] == ["summary_length", "summary_unsupported"]
    assert "300円" in dict(result.overall[1].values)["missing"]
    assert result.percent == 55


def test_a_month_of_a_date_that_the_source_has_is_no_invention() -> None:
    assert [one.code for one in score("新しい予約制度は令和8年4月から。").overall] == ["summary_length"]
    wrong = [one.code for one in score("新しい予約制度は令和8年5月から。").overall]
    assert wrong == ["summary_length", "summary_unsupported"]


def test_the_opposite_of_what_the_source_says_costs() -> None:
    result = score("手数料は1点500円。パソコンとエアコンは収集します。")
    assert "summary_opposite" in [one.code for one in result.overall]
    assert result.percent == 0


def test_copying_the_source_scores_0() -> None:
    assert score(SOURCE).percent == 0
    assert score(SOURCE * 50).percent == 0
    assert set(points(SOURCE).values()) == {1.0}


def test_a_little_too_long_costs_a_little() -> None:
    text = TASK["example"] + "分からないことは環境課にお問い合わせください。" * 2
    assert 120 < summarise.length(text) < 150
    assert 50 < score(text).percent < 100


@pytest.mark.parametrize(
    "text",
    [
        "令和8年4月1日 7日前 1点 500円 65歳以上 インターネット 予約 手数料 世帯 免除 申込み 収集日 新制度",
        "令和8年4月1日、7日前、1点、500円、65歳以上、インターネット、予約、手数料、世帯、免除、申込み、新制度",
        "令和8年4月1日7日前1点500円65歳以上インターネット予約手数料世帯免除申込み収集日新制度開始",
        "粗大ごみ。予約。インターネット。手数料。世帯。免除。",
    ],
)
def test_a_heap_of_the_sources_words_does_not_pass(text: str) -> None:
    assert score(text).percent == 0, points(text)


@given(st.text(max_size=400))
def test_longer_than_one_and_a_half_times_the_limit_scores_0(text: str) -> None:
    padded = text + "。あ" * 180
    assert score(padded).percent == 0


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("手数料は1点500円", True),
        ("開始日：令和8年4月1日", True),
        ("電子申請の受付を開始する", True),
        ("インターネットでも申し込めます。", True),
        ("ネット申込み可", True),
        ("手数料500円", True),
        ("1点500円", False),
        ("予約", False),
        ("インターネット予約手数料世帯免除申込み開始", False),
        ("予約 手数料 免除 世帯", False),
        ("予約、手数料、免除は世帯", False),
        ("粗大ごみ", False),
    ],
)
def test_what_is_said_and_what_only_stands_there(sentence: str, said: bool) -> None:
    assert is_said(sentence) is said


def test_tasks_that_cannot_be_scored_well_are_refused() -> None:
    task = copy.deepcopy(TASK)
    task["at_most"] = 200
    task["facts"][0]["any"] = ["500"]
    told = {(one.path, one.code) for one in summarise.check(task)}
    assert {("task.at_most", "hardly_shorter"), ("task.facts[0].any[0]", "no_words")} <= told
    task = copy.deepcopy(TASK)
    task["example"] = "手数料は1点500円。"
    (problem,) = summarise.check(task)
    assert (problem.path, problem.code, problem.value) == (
        "task.example",
        "not_full",
        "start, web, before, free",
    )
