"""How well forms that came as Excel and Word are read: the right value, from the right cell.

    python bench/office_forms.py [--files 60] [--seed 2] [--part test] [--show] [--json]

Of each kind of ``office_layouts.py`` ``--files`` forms are made, the three shipped procedures in turn, filled in as
``pile_contents.py`` fills them (public names and places, made-up numbers). While the reader was written its mistakes
with ``--part dev --seed 0`` were looked at; the layouts are by the same hand as the reader. Seals are left out: nobody
stamps a file. ``--show`` prints what was read wrongly.

Figures of the last line with --json:

files, fields        forms made, and fields in them that are filled in
kinds                by kind: files; forms (share whose form was told); fields; exact (share of the filled fields whose
                     plain value is the one written); cells (share whose cells are exactly those written into); empty
                     (share of the empty fields told as empty, or as not found); shown (share of the filled fields that
                     have a box on a drawn page); sure (share of the filled fields said to be at least 99 % sure);
                     silent (filled fields said to be that sure and wrong)
exact, cells, shown  the same over all kinds
cpu_ms, drawn_ms     processor milliseconds a file for opening and reading it, and for drawing its pages
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections import defaultdict

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "machi.site.settings")
os.environ.setdefault("MACHI_HOME", tempfile.mkdtemp())

import django

django.setup()  # before what imports models

import pile_contents  # noqa: E402
from office_layouts import KINDS  # noqa: E402

from machi.casework.domain.engines import pages_of, read_texts  # noqa: E402
from machi.casework.domain.shipped import shipped  # noqa: E402
from machi.casework.engine.intake import open_file  # noqa: E402
from machi.casework.engine.types import FieldDefinition, FieldReading  # noqa: E402
from machi.casework.engine.values import plain  # noqa: E402

SURE = 0.99


def wanted_of(field: FieldDefinition, written: str) -> str:
    return written if field.kind == "choice" else plain(field.kind, written).value


def measured(kind: str, count: int, seed: int, show: bool, spent: dict[str, float]) -> dict[str, float]:
    told: dict[str, int] = defaultdict(int)
    name, make = KINDS[kind]
    procedures = sorted(shipped().values(), key=lambda one: one.key)
    for at in range(count):
        chance = random.Random(f"{kind}:{seed}:{at}")
        form = procedures[at % len(procedures)].forms[0]
        written = pile_contents.filled_in(form, chance)
        data, cells = make(form, written, chance)
        begun = time.process_time()
        opened = open_file(name, data)
        spent["drawn"] -= time.process_time()
        pages = pages_of(opened)
        spent["drawn"] += time.process_time()
        readings = read_texts(pages, [one.forms[0] for one in procedures], [opened])
        spent["all"] += time.process_time() - begun
        told["forms"] += len(readings) == 1 and readings[0].form == form.key
        fields = readings[0].fields if readings else {}
        for field in form.fields:
            if field.kind == "seal":
                continue
            got = fields.get(field.key)
            wanted = wanted_of(field, written[field.key])
            if not written[field.key] or field.key not in cells:
                told["empties"] += 1
                told["empty"] += got is None or not got.value
                if show and got is not None and got.value:
                    print(kind, at, field.key, "empty but", repr(got.raw), got.spot)
                continue
            right = count_one(told, got, wanted, cells[field.key])
            if show and not right:
                print(kind, at, field.key, repr(written[field.key]), got, cells[field.key])
    fields_count = told["fields"]
    return {
        "files": count,
        "forms": round(told["forms"] / count, 4),
        "fields": fields_count,
        "exact": round(told["exact"] / fields_count, 4),
        "cells": round(told["cells"] / fields_count, 4),
        "empty": round(told["empty"] / max(1, told["empties"]), 4),
        "shown": round(told["shown"] / fields_count, 4),
        "sure": round(told["sure"] / fields_count, 4),
        "silent": told["sure"] - told["sure_right"],
    }


def count_one(
    told: dict[str, int], got: FieldReading | None, wanted: str, cells: tuple[int, int, int, int]
) -> bool:
    """Whether both value and cells are right."""
    told["fields"] += 1
    if got is None or got.spot is None:
        return False
    exact = got.value == wanted
    placed = got.spot.number == cells[0] if got.spot.kind == "line" else got.spot.cells == cells
    told["exact"] += exact
    told["cells"] += placed
    told["shown"] += got.place is not None
    told["sure"] += got.confidence >= SURE
    told["sure_right"] += exact and got.confidence >= SURE
    return exact and placed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--part", choices=("dev", "test"), default="test")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    pile_contents.PART = given.part
    spent: dict[str, float] = defaultdict(float)
    kinds = {}
    for kind in KINDS:
        kinds[kind] = measured(kind, given.files, given.seed, given.show, spent)
        if not given.json:
            print(kind, kinds[kind])
    files = given.files * len(KINDS)
    fields = sum(int(one["fields"]) for one in kinds.values())
    total = {
        "files": files,
        "fields": fields,
        "kinds": kinds,
        **{
            name: round(sum(one[name] * one["fields"] for one in kinds.values()) / fields, 4)
            for name in ("exact", "cells", "shown")
        },
        "cpu_ms": round(1000 * (spent["all"] - spent["drawn"]) / files, 1),
        "drawn_ms": round(1000 * spent["drawn"] / files, 1),
    }
    print(json.dumps(total, ensure_ascii=False))


if __name__ == "__main__":
    main()
