"""The measures of the benchmark of Office forms, and that each kind of file is what it says it is."""

from __future__ import annotations

import importlib
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from machi.casework.domain.shipped import shipped
from machi.casework.engine.intake import open_file
from machi.casework.engine.types import FieldReading, Spot

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bench() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "bench"))
    yield importlib.import_module("office_forms")
    sys.path.remove(str(ROOT / "bench"))


@pytest.mark.parametrize(
    "kind",
    [
        "excel-beside",
        "excel-grid",
        "excel-typed",
        "word-table",
        "word-controls",
        "word-lines",
        "word-own",
    ],
)
def test_value_stands_in_the_cells_that_are_named(bench: Any, kind: str) -> None:
    form = shipped()["residence-certificate-by-post"].forms[0]
    name, make = bench.KINDS[kind]
    written = {one.key: "" for one in form.fields} | {"purpose": "免許の更新のため"}
    data, cells = make(form, written, random.Random(kind))
    opened = open_file(name, data)
    row, column, _last_row, _last_column = cells["purpose"]
    if kind == "word-lines":
        lines = [line for line in opened.flow if isinstance(line, str)]
        assert "免許の更新のため" in lines[row - 1]
    else:
        assert "免許の更新のため" in [sheet.cells.get((row, column)) for sheet in opened.sheets]


def test_value_and_cell_are_counted_apart(bench: Any) -> None:
    told: dict[str, int] = defaultdict(int)
    spot = Spot("sheet", 1, "x", (3, 2, 3, 4))
    right = FieldReading("a", "2", "2", 0.995, "sheet", spot=spot)
    assert bench.count_one(told, right, "2", (3, 2, 3, 4))
    assert not bench.count_one(told, right, "2", (4, 2, 4, 4))
    assert not bench.count_one(told, right, "3", (3, 2, 3, 4))
    assert not bench.count_one(told, None, "2", (3, 2, 3, 4))
    assert dict(told) == {"fields": 4, "exact": 2, "cells": 2, "shown": 0, "sure": 3, "sure_right": 2}
