"""The benchmark of transcripts counts words as wrong that are, and no others."""

import importlib.util
import sys
from pathlib import Path

from machi.casework.engine.speech_types import Line

ROOT = Path(__file__).resolve().parents[2]


def bench():
    spec = importlib.util.spec_from_file_location("transcripts", ROOT / "bench" / "transcripts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["transcripts"] = module
    spec.loader.exec_module(module)
    return module


def test_the_same_words_written_otherwise_are_no_errors():
    words = bench().words
    assert words("Mr. Mori's 4% at 9 o'clock!") == words("Mister Moris four percent at nine o'clock")
    assert words("65 people, 1st of June") == ["sixty", "five", "people", "first", "of", "june"]


def test_words_changed_left_out_and_put_in_count_once_each():
    errors = bench().errors
    said = ["the", "new", "pump", "will", "be", "bought"]
    assert errors(said, said) == 0
    assert errors(said, ["the", "new", "print", "will", "be", "bought"]) == 1
    assert errors(said, ["the", "new", "pump", "be", "bought"]) == 1
    assert errors(said, ["well", "the", "new", "pump", "will", "be", "bought"]) == 1
    assert errors(said, []) == 6


def test_a_line_belongs_to_the_sentence_in_whose_time_it_was_said():
    lines = [Line(0.1, 2.0, "one"), Line(4.2, 5.0, "two"), Line(5.5, 6.5, "two more")]
    assert bench().by_sentence(lines, [(0.0, 2.1), (4.1, 6.6)]) == [lines[:1], lines[1:]]
