"""The minutes' part of the drafts benchmark: its marks are read as meant, and the engine keeps what was measured."""

import importlib.util
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("drafts_minutes", ROOT / "bench" / "drafts_minutes.py")
assert _spec is not None
assert _spec.loader is not None
bench = importlib.util.module_from_spec(_spec)
sys.modules["drafts_minutes"] = bench  # its dataclasses look for their module
_spec.loader.exec_module(bench)


def test_the_transcripts_stand_with_their_keys_and_without_their_marks():
    found = list(bench.transcripts())
    sizes = {"tune": 10, "unseen": 10, "fresh": 6, "hand1": 26, "hand2": 24, "hand3": 16}
    assert Counter(one.half for one in found) == sizes
    for one in found:
        assert "{" not in one.text
        assert one.items
    first = found[0]
    assert first.decisions == {"D1": {5}}
    assert first.tasks[0] == bench.WantedTask(frozenset({6}), frozenset({("佐藤係長", "2026-05-20")}))
    # Said by 鈴木主任, then asked of her: one task, on either line.
    assert first.tasks[1] == bench.WantedTask(frozenset({9, 11}), frozenset({("鈴木主任", "2026-05-29")}))


def test_a_person_may_be_called_without_the_brackets_where_that_tells_speakers_apart():
    called = bench._calling(["企画課長（須藤）", "当局（総務部長）", "当局（人事課長）"])
    assert called("企画課長（須藤）") == called("企画課長") == "企画課長"
    assert called("当局（総務部長）") != called("当局（人事課長）") != called("当局")


@pytest.mark.parametrize(
    ("half", "decisions", "tasks", "precise"),
    [("tune", 0.9, 0.9, 0.85), ("unseen", 0.8, 0.8, 0.85), ("fresh", 0.6, 0.65, 0.8)],
)
def test_decisions_tasks_and_deadlines_are_found_as_well_as_was_measured(half, decisions, tasks, precise):
    """Of the sure ones."""
    scores = bench.measure([one for one in bench.transcripts() if one.half == half])
    for name, least in (("decisions", decisions), ("tasks", tasks), ("deadlines", 0.9), ("people", 0.9)):
        figures = scores[name].as_dict()
        assert figures["precision"] >= precise, (name, scores[name].misses)
        assert figures["recall"] >= least, (name, scores[name].misses)


def test_what_is_to_be_looked_at_holds_most_of_what_is_not_sure():
    scores = bench.measure([one for one in bench.transcripts() if one.half == "hand1"])
    for name in ("decisions", "tasks"):
        sure, all_ = scores[name].as_dict(), scores[f"{name} with doubtful"].as_dict()
        assert sure["precision"] > all_["precision"] >= 0.55
        assert all_["recall"] > sure["recall"] >= 0.65
