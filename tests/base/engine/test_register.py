"""The register that is shipped: complete, and what the source says."""

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from machi.base.engine.jisx0402 import is_prefecture, parse, prefecture_of

ROOT = Path(__file__).parents[3]
DATA = ROOT / "machi" / "base" / "data"
SOURCE = Path(os.environ.get("MACHI_DATA", ROOT.parent / "shared" / "data")) / "localgovjp"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_1741_municipalities_and_175_wards_in_47_prefectures() -> None:
    kinds = Counter(row["kind"] for row in rows("municipalities.csv"))
    assert kinds == {"city": 792, "town": 743, "village": 183, "special_ward": 23, "ward": 175}
    assert kinds.total() - kinds["ward"] == 1741
    assert len(rows("prefectures.csv")) == 47


def test_codes_are_unique_sorted_and_within_their_prefecture() -> None:
    prefectures = {row["code"]: row["name"] for row in rows("prefectures.csv")}
    assert list(prefectures) == sorted(prefectures)
    assert all(is_prefecture(parse(code)) for code in prefectures)
    municipalities = rows("municipalities.csv")
    codes = [row["code"] for row in municipalities]
    assert codes == sorted(set(codes))
    for row in municipalities:
        assert prefectures[prefecture_of(parse(row["code"]))] == row["prefecture"]
        assert (" " in row["name"]) == (row["kind"] == "ward")


def test_every_row_is_filled_and_lies_in_japan() -> None:
    for row in [*rows("municipalities.csv"), *rows("prefectures.csv")]:
        assert all(row.values()), row
        assert 24 < float(row["latitude"]) < 46
        assert 122 < float(row["longitude"]) < 149
        assert row["url"].startswith(("https://", "http://"))


@pytest.mark.skipif(not SOURCE.exists(), reason="the localgovjp data (MACHI_DATA) is not here")
def test_the_shipped_files_are_what_the_script_makes(tmp_path: Path) -> None:
    script = (ROOT / "bin" / "make-register").read_text(encoding="utf-8")
    copy = tmp_path / "bin" / "make-register"
    copy.parent.mkdir()
    copy.write_text(script, encoding="utf-8")
    target = tmp_path / "machi" / "base" / "data"
    target.mkdir(parents=True)
    environment = {**os.environ, "MACHI_DATA": str(SOURCE.parent), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, str(copy)], check=True, env=environment, capture_output=True)
    for name in ("municipalities.csv", "prefectures.csv"):
        assert (target / name).read_bytes() == (DATA / name).read_bytes()
