"""The measures of the retrieval benchmark, on cases worked out by hand."""

import importlib.util
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("faq_retrieval", ROOT / "bench" / "faq_retrieval.py")
assert _spec is not None
assert _spec.loader is not None
pytest.importorskip("bm25s", reason="the benchmark's extra is not installed")
bench = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bench)


def test_measures_of_a_perfect_ranking_are_one() -> None:
    figures = bench.measure(["a", "b", "x"], {"a": 2, "b": 1})
    assert figures == dict.fromkeys(bench.MEASURES, 1.0)


def test_ndcg_has_linear_gain_and_a_logarithmic_discount() -> None:
    # Ranks 1 and 3 hold grades 1 and 2; the best order is 2, 2, 1.
    figures = bench.measure(["b", "x", "a"], {"a": 2, "b": 1, "c": 2})
    got = 1 / math.log2(2) + 2 / math.log2(4)
    best = 2 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert figures["ndcg@10"] == pytest.approx(got / best)
    assert got / best == pytest.approx(2 / 3.76185950714, rel=1e-9)
    assert figures["recall@10"] == pytest.approx(2 / 3)
    assert figures["mrr@10"] == 1.0


def test_only_the_first_ten_count() -> None:
    ranking = [f"x{number}" for number in range(10)] + ["a"]
    assert bench.measure(ranking, {"a": 2}) == dict.fromkeys(bench.MEASURES, 0.0)
    figures = bench.measure(ranking[1:], {"a": 2})
    assert figures["mrr@10"] == pytest.approx(0.1)
    assert figures["ndcg@10"] == pytest.approx(1 / math.log2(11))
    assert [figures[name] for name in ("hit@1", "hit@3", "hit@10")] == [0.0, 0.0, 1.0]


def test_more_than_ten_relevant_documents_can_still_be_ranked_perfectly() -> None:
    grades = {str(number): 1 for number in range(20)}
    figures = bench.measure([str(number) for number in range(10)], grades)
    assert figures["ndcg@10"] == pytest.approx(1.0)
    assert figures["recall@10"] == 0.5


def test_grade_zero_is_not_relevant_and_unjudged_queries_do_not_count() -> None:
    figures = bench.evaluate(
        lambda _: ["z", "a"], {"1": "q", "2": "q"}, {"1": {"a": 1, "z": 0}, "2": {"z": 0}}
    )
    assert figures["hit@1"] == 0.0
    assert figures["hit@3"] == 1.0
    assert figures["mrr@10"] == 0.5


def test_documents_of_any_form_become_passages() -> None:
    faq, page = bench.entries({"k1": "Question: いつ？\nAnswer: 今日。\n明日。", "k2": "ただの文章"})
    assert (faq.title, faq.text) == ("いつ？", "今日。\n明日。")
    assert (page.passage_id, page.title, page.text) == (1, "", "ただの文章")


@pytest.mark.long
def test_benchmark_runs_on_any_folder_and_ends_with_its_figures(tmp_path: Path) -> None:
    matters = {"a": "粗大ごみの収集は予約制です。", "b": "Question: 住民票の手数料は？\nAnswer: 300円です。"}
    (tmp_path / "corpus.json").write_text(json.dumps(matters))
    (tmp_path / "queries.json").write_text(
        json.dumps({"x": "粗大ゴミを出したい", "y": "住民票はいくらですか"})
    )
    (tmp_path / "qrels.json").write_text(json.dumps({"x": {"a": 2}, "y": {"b": 1}}))
    command = [sys.executable, "bench/faq_retrieval.py", "--data", str(tmp_path), "--json"]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(output.splitlines()[-1]) == dict.fromkeys(bench.MEASURES, 1.0)
    assert "BM25 (bm25s, same words)" in output
