"""Tens of people register at once at real servers: nobody gets a seat that is not there, and nobody is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEYS = {
    "registrations_per_second",
    "p50_ms",
    "p99_ms",
    "overbooked",
    "lost",
    "failed",
    "registered",
    "waiting",
}


def rush(environment: dict[str, str]) -> dict[str, float]:
    options = ["--registrations", "120", "--seats", "25", "--clients", "30", "--servers", "2", "--json"]
    command = [sys.executable, "bench/seminar_registration.py", *options]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=800
    )
    assert done.returncode == 0, done.stderr[-3000:]
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def check(figures: dict[str, float]) -> None:
    assert set(figures) == KEYS
    assert (figures["overbooked"], figures["lost"], figures["failed"]) == (0, 0, 0)
    assert figures["registered"] == 120  # the doubles made nothing
    assert figures["waiting"] > 80


@pytest.mark.long
@pytest.mark.timeout(900)
def test_rush_on_sqlite_overbooks_and_loses_nothing() -> None:
    check(rush({name: value for name, value in os.environ.items() if name != "MACHI_DATABASE"}))


@pytest.mark.postgresql
@pytest.mark.timeout(900)
def test_rush_on_postgresql_overbooks_and_loses_nothing() -> None:
    """On the database of this run itself, which is empty: the tests' own stands beside it."""
    assert os.environ["MACHI_DATABASE"].startswith("postgres")
    check(rush(dict(os.environ)))
