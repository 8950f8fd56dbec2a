"""Pages as the benchmark makes them, few and small."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BENCH = str(Path(__file__).resolve().parents[3] / "bench")


@pytest.fixture(scope="session")
def form_pages() -> Iterator[Any]:
    """The generator of filled forms, ``bench/form_pages.py``."""
    sys.path.insert(0, BENCH)
    yield importlib.import_module("form_pages")
    sys.path.remove(BENCH)
