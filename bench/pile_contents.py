"""A clerk's pile of scans: machi's own procedures filled in by made-up people, printed, and scanned a little askew.

Names and places are public lists (``form_contents.py``), numbers are made up; what is written together need not make
sense, so that many applications fail a rule, as some do. Equal seeds give equal bytes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import cv2
import form_contents
import form_wear
import numpy as np

from machi.casework.domain.shipped import shipped
from machi.casework.engine.filling import fill
from machi.casework.engine.types import FieldDefinition, FormDefinition

PPI = 200
"""Of the scanner."""
PART = "test"
"""Of the names and places."""
_TOGETHER = ("child2_", "child3_", "spouse_")
"""Rows of a form that are filled in whole or not at all."""
_WORDS = {"organisation": "club", "event_name": "event", "park_name": "park"}
"""Fields and the lists their words are taken from."""
_DAYS = {
    "filed_on": "today",
    "event_date": "recent_day",
    "starts_on": "event_date",
    "ends_on": "event_date",
    "child1_birth": "child_day",
    "child2_birth": "child_day",
    "child3_birth": "child_day",
}


@dataclass(frozen=True, slots=True)
class Scan:
    """One page of the pile."""

    data: bytes
    """A JPEG."""
    procedure: str
    """Key of the procedure whose form it is."""
    written: Mapping[str, str]
    """What stands in its fields; of a choice the key of the option, of a mark ``1``; empty where nothing does."""


def scans(count: int, seed: int) -> Iterator[Scan]:
    """``count`` different pages, the procedures in turn."""
    procedures = sorted(shipped().values(), key=lambda one: one.key)
    for at in range(count):
        chance = random.Random(f"{seed}:{at}")
        procedure = procedures[at % len(procedures)]
        form = procedure.forms[0]
        written = filled_in(form, chance)
        png = fill(procedure.blanks[form.key], form, written, kind="png", ppi=PPI)[0]
        image = np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR))
        scanned, _matrix = form_wear.scanned(image, chance)
        _, data = cv2.imencode(".jpg", scanned, [cv2.IMWRITE_JPEG_QUALITY, 90])
        yield Scan(data.tobytes(), procedure.key, written)


def filled_in(form: FormDefinition, chance: random.Random) -> dict[str, str]:
    """Every field of the form; of the optional ones some stay empty."""
    names = form_contents.person(chance, PART)
    rows = {prefix: chance.random() < 0.4 for prefix in _TOGETHER}
    written = {}
    for field in form.fields:
        row = next((rows[prefix] for prefix in _TOGETHER if field.key.startswith(prefix)), None)
        wanted = row if row is not None else field.required or chance.random() < 0.7
        written[field.key] = _written(field, chance, names) if wanted else ""
    return written


def _written(field: FieldDefinition, chance: random.Random, names: tuple[str, str, str]) -> str:
    key = field.key
    if field.kind == "choice":
        return chance.choice(field.options).key
    if field.kind in ("check", "seal"):
        return "1"
    if field.kind == "signature" or key in ("applicant_name", "requester_name"):
        return names[1]
    if field.kind == "number":
        return str(chance.randint(10, 3000) if key in ("area", "people") else chance.randint(1, 9))
    if field.kind == "yen":
        return f"{chance.choice((200, 300, 450, 600, 900, 1200)):,}"
    if key == "hours":
        return f"{chance.randint(8, 11)}時から{chance.randint(13, 20)}時まで"
    if key == "structures":
        return chance.choice(("テント、机", "舞台、照明", "仮設トイレ、柵", "看板"))
    if key == "purpose":
        return chance.choice(("勤務先に出すため", "年金の手続のため", "免許の更新のため", "学校に出すため"))
    if key == "certificate_number":
        return f"{chance.randint(0, 10**7 - 1):07}"
    content = "relation" if key.endswith("_relation") else _WORDS.get(key) or _DAYS.get(key, "adult_day")
    return form_contents.write(
        content if field.kind in ("text", "date") else "", field.kind, chance, PART, names
    )
