"""The benchmark of the claims check measures a folder of claims of one's own, and says which line it cannot read."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES = (
    {"claim": "費用は500円です。", "label": "supported", "passage": "費用：500円", "article": "催し"},
    {"claim": "費用は600円です。", "label": "number_changed", "passage": "費用：500円"},
)


def bench(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "bench/claims.py", "--data", str(folder), "--json"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_folder_of_claims_with_their_passages_is_measured(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    figures = json.loads(bench(tmp_path).stdout.splitlines()[-1])
    assert figures == {
        "mine": {
            "supported": {"count": 1, "kept": 1.0, "words_only": 1.0},
            "number_changed": {"count": 1, "kept": 0.0, "words_only": 1.0},
        }
    }


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text(json.dumps(LINES[0]) + "\n{}", encoding="utf-8")
    done = bench(tmp_path)
    assert done.returncode
    assert "mine.jsonl, line 2" in done.stderr
