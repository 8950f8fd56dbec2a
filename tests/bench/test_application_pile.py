"""A small pile of scans, intake and reading each killed once: nothing is lost, nothing is read twice."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from machi.base.models import LedgerEntry
from machi.base.scoping import in_municipality
from machi.casework.domain import record
from tests.base.factories import a_municipality
from tests.casework.desk import VALUES, a_pdf, a_procedure, taken

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bench() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "bench"))
    yield importlib.import_module("application_pile")
    sys.path.remove(str(ROOT / "bench"))


def test_pages_of_a_pile_differ_and_equal_seeds_give_equal_bytes(bench: Any) -> None:
    contents = importlib.import_module("pile_contents")
    once, again, other = (list(contents.scans(2, seed)) for seed in (1, 1, 2))
    assert [one.data for one in once] == [one.data for one in again]
    assert len({one.data for one in (*once, *other)}) == 4
    assert all(one.data.startswith(b"\xff\xd8") for one in once)


def test_course_tells_a_process_that_grows_slower_and_larger(bench: Any) -> None:
    slower = [bench.Sample(at, 5 + at * at / 10, 500 + at) for at in range(31)]
    told = bench.course(slower)
    assert told["last_cpu_s"] > 3 * told["first_cpu_s"]
    assert told["last_mb"] - told["first_mb"] == 20
    steady = bench.course([bench.Sample(at, 5.0 + at, 500) for at in range(31)])
    assert steady == {"first_cpu_s": 1, "last_cpu_s": 1, "first_mb": 500, "last_mb": 500}
    assert bench.course(slower[:5])["last_mb"] == 0


@pytest.mark.django_db
def test_what_is_lost_or_read_twice_is_counted(bench: Any) -> None:
    contents = importlib.import_module("pile_contents")
    town = a_municipality()
    data = a_pdf()
    one = taken(town, a_procedure(town), data)
    made = {sha256(data).hexdigest(): contents.Scan(data, "dog", VALUES)}
    told = bench.counted(town, made)
    assert (told["lost"], told["repeated"], told["procedures"], told["exact"]) == (0, 0, 1, 1)
    assert bench.counted(town, {**made, "0" * 64: contents.Scan(b"", "dog", VALUES)})["lost"] == 1
    with in_municipality(town):
        LedgerEntry.objects.filter(system="casework.check").update(subject="application:0")
        assert bench.counted(town, made)["lost"] == 1
        record.result(one, record.READ, inputs={}, outputs={})
    told = bench.counted(town, made)
    assert told["repeated"] == 1
    assert told["ledger_findings"] > 0  # an entry's column is not what its body says


@pytest.mark.long
@pytest.mark.timeout(900)
def test_pile_killed_on_the_way_is_read_once_and_whole() -> None:
    options = ["--pages", "6", "--duplicates", "2", "--intake-kills", "1", "--kills", "1", "--json"]
    command = [sys.executable, "bench/application_pile.py", *options]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False, timeout=800
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["intake_kills"], told["kills"], told["files"]) == (1, 1, 6)
    assert (told["lost"], told["repeated"], told["ledger_findings"], told["troubled"]) == (0, 0, 0, 0)
    assert told["duplicates_recognised"] == 2
    assert told["procedures"] == 1
    assert told["fields"] > 100
    assert told["exact"] > 0.9
    assert told["empty"] > 0.95
