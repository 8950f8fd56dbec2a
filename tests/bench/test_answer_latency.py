"""The benchmark of answer times runs, small, and ends with the figures it promises."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("MACHI_DATA", ROOT.parent / "shared" / "data"))


@pytest.mark.long
@pytest.mark.skipif(not (DATA / "municipal-bulletin").exists(), reason="the bulletins are not here")
def test_benchmark_runs_small_and_ends_with_its_figures() -> None:
    pytest.importorskip("lancedb", reason="the benchmark's extra is not installed")
    options = ["--sizes", "60", "--queries", "3", "--others", "2", "--json"]
    command = [sys.executable, "bench/answer_latency.py", *options]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    figures = json.loads(output.splitlines()[-1])
    kinds = ("retrieval", "with_embedding", "answer", "lancedb")
    assert set(figures) == {f"{kind}_p{percent}_ms" for kind in kinds for percent in (50, 99)}
    assert all(list(by_size) == ["60"] and by_size["60"] > 0 for by_size in figures.values())
    # A whole answer does all that a search with embedding does, and more: figures in the wrong column show here.
    assert figures["retrieval_p50_ms"]["60"] < figures["with_embedding_p50_ms"]["60"]
