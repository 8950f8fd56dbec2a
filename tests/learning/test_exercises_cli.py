"""Exercises from the command line: files alone, no database."""

import json

import pytest
from click.testing import CliRunner

from machi.learning.cli import learning
from machi.learning.engine import exercises as engine
from tests.learning.exercises import KINDS, TASKS


def run(*arguments, status=0):
    result = CliRunner().invoke(learning, [str(one) for one in arguments])
    assert result.exit_code == status, result.output
    return result.output


@pytest.fixture
def file(tmp_path):
    listed = [
        {"slug": s, "kind": KINDS[s], "title": s, "task": TASKS[s]} for s in ("quiz-rules", "ground-bulky")
    ]
    path = tmp_path / "lesson.exercises.json"
    path.write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_right_file_has_no_problems(file):
    assert run("check-exercises", file) == "exercises: 2, no problems\n"


def test_problems_are_named_by_path_and_end_the_command(file):
    listed = json.loads(file.read_text())
    listed[1]["task"]["claims"][0]["quote"] = "どこにもない"
    del listed[0]["title"]
    file.write_text(json.dumps(listed))
    told = run("check-exercises", file, status=1)
    assert "exercises[0].title: 必要な項目がありません。" in told
    assert "exercises[1].task.claims[0].quote: 出典の中に、この言葉がそのままありません。" in told
    assert "problems: 2" in told
    file.write_text("{")
    assert "JSONとして読めません" in run("check-exercises", file, status=1)


def test_an_answer_is_scored_with_reasons(file, tmp_path):
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({"items": {"digits": "12", "word": "幻覚"}}))
    assert "--slug: quiz-rules, ground-bulky" in run("score", file, answer, status=1)
    told = run("score", file, answer, "--slug", "quiz-rules")
    assert told.startswith("quiz-rules: 25% (not passed)\n")
    assert "word 0.00" in told
    assert "「幻覚」ではありません。正しくは「ハルシネーション」などです。" in told
    answer.write_text(json.dumps(engine.key("ground", TASKS["ground-bulky"])))
    told = json.loads(run("score", file, answer, "--slug", "ground-bulky", "--json"))
    assert (told["percent"], told["passed"], set(told["points"].values())) == (100, True, {1.0})
    answer.write_text("{")
    assert "is not JSON" in run("score", file, answer, "--slug", "quiz-rules", status=1)


def test_indicators_are_found_by_word():
    assert run("indicators", "65歳以上人口").splitlines()[0] == "A1303 65歳以上人口 (2020)"
