"""The measures of the benchmark of form reading, on cases worked out by hand."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from machi.casework.engine.types import Box

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bench() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "bench"))
    yield importlib.import_module("form_reading")
    sys.path.remove(str(ROOT / "bench"))


def test_distance_is_levenshteins(bench: Any) -> None:
    assert bench.distance("kitten", "sitting") == 3
    assert bench.distance("", "東京") == 2
    assert bench.distance("東京", "東京") == 0


def test_spelling_that_does_not_matter_is_levelled(bench: Any) -> None:
    assert bench.same_form("１−２ー３ 号", "address") == "1-2ー3号"
    assert bench.same_form("〒123-4567", "postal_code") == "1234567"


def test_letters_of_a_line_that_crosses_a_field_are_shared_out(bench: Any) -> None:
    matrix = np.diag([1000.0, 1000.0, 1.0])
    line = ("氏名山田", np.array([(0, 100), (400, 100), (400, 120), (0, 120)]))
    assert bench.inside([line], matrix, Box(0.2, 0.05, 1, 0.2)) == "山田"
    assert bench.inside([line], matrix, Box(0.2, 0.5, 1, 0.6)) == ""


@pytest.mark.long
def test_benchmark_runs_on_a_folder_of_ones_own(tmp_path: Path, bench: Any) -> None:
    form_pages = importlib.import_module("form_pages")
    form_pages.save(tmp_path, form_pages.drawn("test", 3, {"clean": 1}, ["subsidy"]))
    command = [sys.executable, "bench/form_reading.py", "--data", str(tmp_path), "--every", "0", "--json"]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    told = json.loads(output.splitlines()[-1])
    assert told["pages"] == 1
    assert told["levels"]["clean"]["forms"] == 1.0
    assert told["levels"]["clean"]["exact"] >= 0.9
    assert set(told["sure"]) == {"count", "right", "share"}
