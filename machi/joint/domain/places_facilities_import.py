"""A town's facilities from a list in Excel or CSV: read and checked as a whole, shown, then taken in one go or not
at all.

One line a facility, a column for each class of the round. A facility that is there already, by its number, is
changed; others stay. The form that is handed out holds the town's facilities as they are, so that they can be put
right and read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain.errors import Refused
from machi.base.engine.tables import Problem, Reader, Row, plain, read_table
from machi.base.engine.wareki import wareki
from machi.base.models import Municipality, Person
from machi.joint.domain.places import note, opened
from machi.joint.models import PlaceFacility, PlaceRound

TOWN, CODE, NAME, AREA = "自治体", "施設番号", "施設名", "地区"
FLEXIBLE, SHARED, OTHERS = "融通できる枠", "融通できる区分", "ほかの町の人"
OWN_ONLY, BY_AGREEMENT = "受け入れない", "合意による"
REQUIRED = (CODE, NAME)
"""Headings by which the columns are found. They are part of the file's format and stay Japanese in any language."""
MOST = 999
CODES = {
    "other_town": gettext_lazy("ほかの町の施設です。この町の行だけにしてください。"),
    "taken": gettext_lazy("ほかの町が使っている施設番号です。"),
    "no_seats": gettext_lazy("枠を1つは入れてください。"),
    "no_shared": gettext_lazy("融通できる枠があるときは、融通できる区分を書いてください。"),
}
"""Words for problems of this list's own (``table_problems.told``)."""
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(.*)")


@dataclass(frozen=True, slots=True)
class Facility:
    """One line of the list; ``seats`` of the classes that have some."""

    code: str
    name: str
    area: str
    seats: dict[str, int]
    flexible: int
    shared: list[str]
    own_only: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would do; ``facilities`` is empty where there are ``problems``. ``changed``: numbers that are there
    already."""

    facilities: list[Facility]
    problems: list[Problem]
    changed: frozenset[str] = frozenset()


def header(about: PlaceRound) -> list[str]:
    return [CODE, NAME, AREA, *about.classes, FLEXIBLE, SHARED, OTHERS]


def lines(about: PlaceRound, town: Municipality) -> Iterator[list[Any]]:
    """The town's facilities in the list's own columns."""
    for one in PlaceFacility.objects.filter(round=about, town=town).order_by("code"):
        yield line(about, one)


def line(about: PlaceRound, one: PlaceFacility | Facility) -> list[Any]:
    return [
        one.code,
        one.name,
        one.area,
        *(one.seats.get(label, 0) for label in about.classes),
        one.flexible,
        "、".join(one.shared),
        OWN_ONLY if one.own_only else BY_AGREEMENT,
    ]


def preview(about: PlaceRound, town: Municipality, data: bytes) -> Preview:
    """Reads and checks everything, and changes nothing."""
    columns = {label: _era(label) for label in about.classes}
    optional = [TOWN, AREA, FLEXIBLE, SHARED, OTHERS, *columns, *(one for one in columns.values() if one)]
    table = read_table(data, REQUIRED, optional)
    if table.problems:
        return Preview([], list(table.problems))
    if not table.rows:
        return Preview([], [Problem("missing", None, CODE)])
    reader = Reader()
    reader.unique(table.rows, CODE)
    known = dict(PlaceFacility.objects.filter(round=about).values_list("code", "town_id"))
    found = [_read(reader, row, town, known, columns) for row in table.rows]
    changed = frozenset(one.code for one in found if one.code in known)
    return Preview([], reader.problems) if reader.problems else Preview(found, [], changed)


def _read(
    reader: Reader, row: Row, town: Municipality, known: dict[str, str], columns: dict[str, str]
) -> Facility:
    if row[TOWN] and plain(row[TOWN]) not in (town.name, town.pk, f"{town.prefecture.name}{town.name}"):
        reader.report("other_town", row, TOWN)
    code = plain(reader.text(row, CODE, required=True, longest=20))
    if known.get(code, town.pk) != town.pk:
        reader.report("taken", row, CODE)
    seats = {}
    for label, era in columns.items():
        number = reader.whole(row, era if row[era] else label, least=0, most=MOST)
        if number:
            seats[label] = number
    flexible = reader.whole(row, FLEXIBLE, least=0, most=MOST) or 0
    shared = _classes(reader, row, columns)
    if flexible and not shared:
        reader.report("no_shared", row, SHARED)
    if not seats and not flexible:
        reader.report("no_seats", row, NAME)
    others = {OWN_ONLY: True, BY_AGREEMENT: False, "×": True, "○": False}
    return Facility(
        code,
        reader.text(row, NAME, required=True, longest=80),
        reader.text(row, AREA, longest=40),
        seats,
        flexible,
        shared,
        bool(reader.choice(row, OTHERS, others)),
    )


def _classes(reader: Reader, row: Row, columns: dict[str, str]) -> list[str]:
    """Not parted at ・, which stands in the names of classes."""
    named = {**{label: label for label in columns}, **{era: label for label, era in columns.items() if era}}
    parts = [part.strip() for part in re.split(r"[、,，;；\n]", row[SHARED]) if part.strip()]
    found = {reader.choice(Row(row.number, {SHARED: part}), SHARED, named) for part in parts}
    return [label for label in columns if label in found]


def _era(label: str) -> str:
    """A class that begins on a day, with the day in its era, as many offices write it; empty for others."""
    match = _DAY.fullmatch(label)
    return f"{wareki(date(int(match[1]), int(match[2]), int(match[3])))}{match[4]}" if match else ""


@transaction.atomic
def take(about: PlaceRound, town: Municipality, person: Person, facilities: Sequence[Facility]) -> int:
    """Takes the list that was shown; one entry in the ledger holds every facility's places."""
    current = opened(about)
    known = {
        one.code: one
        for one in PlaceFacility.objects.filter(round=current, code__in=[one.code for one in facilities])
    }
    labels = {label for one in facilities for label in (*one.seats, *one.shared)}
    if labels - set(current.classes) or any(one.town_id != town.pk for one in known.values()):
        raise Refused(_("読み込んだ後に、区分か施設が変わりました。もう一度ファイルを読み込んでください。"))
    rows = []
    for one in facilities:
        row = known.get(one.code) or PlaceFacility(
            consortium_id=current.consortium_id, round=current, town=town
        )
        for name, value in asdict(one).items():
            setattr(row, name, value)
        rows.append(row)
    names = ["name", "area", "seats", "flexible", "shared", "own_only"]
    PlaceFacility.objects.bulk_update([row for row in rows if row.pk], names, batch_size=100)
    PlaceFacility.objects.bulk_create([row for row in rows if not row.pk], batch_size=500)
    note(
        current,
        town,
        person,
        "import_facilities",
        facilities=[asdict(one) for one in facilities],
        changed=len(known),
    )
    return len(rows)


def held(facilities: Sequence[Facility]) -> list[list[Any]]:
    """As it is carried from the dry run to the taking."""
    return [list(asdict(one).values()) for one in facilities]


def unheld(rows: Sequence[Sequence[Any]]) -> list[Facility]:
    return [Facility(*row) for row in rows]
