"""Families from a list in Excel or CSV: read and checked as a whole, shown, then taken in one go or not at all.

One line an applicant; lines of one family have the same number and stand anywhere. A family that is there already is
replaced. The list of families is exported in the same columns, so that it can be put right and read again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.engine.canonical import digest
from machi.base.engine.tables import Problem, Reader, Row, read_table
from machi.base.models import Municipality, Person
from machi.joint.domain.places import KIND, SYSTEM, opened
from machi.joint.domain.places_families import MOST_WISHES, applicants, circumstances
from machi.joint.domain.places_kinds import Item
from machi.joint.domain.places_supply import known_items, may_be_wished, open_to
from machi.joint.models import PlaceApplicant, PlaceFacility, PlaceFamily, PlaceRound, PlaceUpload

FAMILY, HEAD, ADDRESS, NAME, CLASS = "家庭番号", "代表者氏名", "住所", "利用者氏名", "区分"
TOGETHER, PARTLY = "2人以上のとき", "一部でもよい"
WISHES = tuple(f"希望{at}" for at in range(1, MOST_WISHES + 1))
REQUIRED = (FAMILY, HEAD, NAME, CLASS, WISHES[0])
YES_NO = {"はい": True, "いいえ": False, "○": True, "×": False, "1": True, "0": False}
CODES = {
    "not_here": gettext_lazy("この町の人が申し込める施設の番号ではありません。"),
    "differs": gettext_lazy("同じ家庭番号のほかの行と違います。"),
}
"""Words for problems of this list's own (``table_problems.told``)."""


@dataclass(slots=True)
class Family:
    number: str
    name: str
    address: str
    together: str
    partly: bool
    applicants: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would do; ``families`` is empty where there are ``problems``."""

    families: list[Family]
    problems: list[Problem]


def columns(about: PlaceRound, town: Municipality) -> list[tuple[str, Item]]:
    """The items' columns: their short names, with the town where an item is one town's own."""
    found = known_items(about, open_to(about, town))
    return [(f"{item.short}（{of}）" if of else item.short, item) for item, of in found]


def header(about: PlaceRound, town: Municipality) -> list[str]:
    fixed = [FAMILY, HEAD, ADDRESS, NAME, CLASS, TOGETHER, PARTLY, *WISHES]
    return [*fixed, *(name for name, _item in columns(about, town))]


def lines(about: PlaceRound, town: Municipality) -> Iterator[list[Any]]:
    """The town's applicants in the list's own columns."""
    items = columns(about, town)
    codes = {one.pk: one.code for one in PlaceFacility.objects.filter(round=about)}
    for one in applicants(about).filter(withdrawn_at__isnull=True):
        family, facts, at = one.family, one.facts, one.facts_at
        wishes = [codes[pk] for pk in one.wishes if pk in codes]
        yield [
            family.number,
            family.name,
            family.address,
            one.name,
            one.class_label,
            family.get_together_display(),
            "はい" if family.partly else "いいえ",
            *(wishes + [""] * MOST_WISHES)[:MOST_WISHES],
            *(_cell(item, facts, at, codes) for _name, item in items),
        ]


def _cell(
    item: Item, facts: dict[str, int], at: dict[str, dict[str, int]], codes: dict[int, str]
) -> str | int:
    if not item.at:
        return facts.get(item.key, 0)
    return "、".join(codes[int(pk)] for pk, here in at.items() if here.get(item.key) and int(pk) in codes)


def preview(about: PlaceRound, town: Municipality, data: bytes) -> Preview:
    """Reads and checks everything, and changes nothing."""
    items = columns(about, town)
    optional = [ADDRESS, TOGETHER, PARTLY, *WISHES[1:], *(name for name, _item in items)]
    table = read_table(data, REQUIRED, optional)
    if table.problems:
        return Preview([], list(table.problems))
    if not table.rows:
        return Preview([], [Problem("missing", None, FAMILY)])
    reader = Reader()
    places = {one.code: one.pk for one in may_be_wished(about, town)}
    families: dict[str, Family] = {}
    for row in table.rows:
        _read_row(reader, row, about, families, places, items)
    return Preview([] if reader.problems else list(families.values()), reader.problems)


def _read_row(
    reader: Reader,
    row: Row,
    about: PlaceRound,
    families: dict[str, Family],
    places: dict[str, int],
    items: Sequence[tuple[str, Item]],
) -> None:
    together = {str(label): value for value, label in PlaceFamily.Together.choices}
    read = Family(
        reader.text(row, FAMILY, required=True, longest=20),
        reader.text(row, HEAD, required=True, longest=80),
        reader.text(row, ADDRESS, longest=200),
        reader.choice(row, TOGETHER, together) or PlaceFamily.Together.SEPARATE,
        bool(reader.choice(row, PARTLY, YES_NO)),
    )
    family = families.setdefault(read.number, read)
    for column, name in ((HEAD, "name"), (ADDRESS, "address"), (TOGETHER, "together"), (PARTLY, "partly")):
        if getattr(family, name) != getattr(read, name) and row[column]:
            reader.report("differs", row, column)
    facts, at = _facts(reader, row, places, items)
    family.applicants.append(
        {
            "name": reader.text(row, NAME, required=True, longest=80),
            "class_label": reader.choice(row, CLASS, {one: one for one in about.classes}, required=True),
            "wishes": _wishes(reader, row, places),
            "circumstances": circumstances(facts, at),
        }
    )


def _wishes(reader: Reader, row: Row, places: dict[str, int]) -> list[int]:
    found: list[int] = []
    for column in WISHES:
        if code := row[column]:
            if code not in places:
                reader.report("not_here", row, column)
            elif places[code] in found:
                reader.report("twice", row, column)
            else:
                found.append(places[code])
        elif column == WISHES[0]:
            reader.report("missing", row, column)
    return found


def _facts(
    reader: Reader, row: Row, places: dict[str, int], items: Sequence[tuple[str, Item]]
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    facts: dict[str, int] = {}
    at: dict[str, dict[str, int]] = {}
    for column, item in items:
        if item.at:
            for code in (
                part.strip() for part in row[column].replace("，", "、").replace(",", "、").split("、")
            ):
                if code and code not in places:
                    reader.report("not_here", row, column)
                elif code:
                    at.setdefault(str(places[code]), {})[item.key] = 1
        else:
            yes_no = YES_NO if item.most == 1 else {}
            if (cell := row[column]) in yes_no:
                facts[item.key] = int(yes_no[cell])
            else:
                facts[item.key] = reader.whole(row, column, least=0, most=item.most) or 0
    return facts, at


@transaction.atomic
def keep(about: PlaceRound, town: Municipality, person: Person, found: Preview) -> PlaceUpload:
    """A good list waits, encrypted, for the person to say yes."""
    opened(about)
    rows = [
        [one.number, one.name, one.address, one.together, one.partly, one.applicants]
        for one in found.families
    ]
    kept, _new = PlaceUpload.objects.update_or_create(
        municipality=town, round=about, person=person, defaults={"rows": json.dumps(rows, ensure_ascii=False)}
    )
    return kept


@dataclass(frozen=True, slots=True)
class Shown:
    """A list that waits, as a person sees it before taking it."""

    families: int
    people: int
    replaced: int
    lines: list[tuple[str, str, str, str, int]]
    """Number of the family, its head, who asks, the class, how many wishes."""


def shown(upload: PlaceUpload) -> Shown:
    families = [Family(*row) for row in json.loads(upload.rows)]
    known = set(PlaceFamily.objects.filter(round=upload.round).values_list("number", flat=True))
    lines = [
        (family.number, family.name, one["name"], one["class_label"], len(one["wishes"]))
        for family in families
        for one in family.applicants
    ]
    return Shown(len(families), len(lines), len(known & {one.number for one in families}), lines)


@transaction.atomic
def take(upload: PlaceUpload, town: Municipality, person: Person) -> int:
    """Takes the list that was shown; returns how many applicants it brought."""
    current = opened(upload.round)
    allowed = set(may_be_wished(current, town).values_list("pk", flat=True))
    families = [Family(*row) for row in json.loads(upload.rows)]
    people = [one for family in families for one in family.applicants]
    if any(not set(one["wishes"]) <= allowed or one["class_label"] not in current.classes for one in people):
        raise Refused(_("読み込んだ後に、施設か合意が変わりました。もう一度ファイルを読み込んでください。"))
    store(current, town, families)
    ledger.record(
        town,
        system=SYSTEM,
        kind=KIND,
        subject=f"place_round:{current.pk}",
        actor=person,
        inputs={"list": digest(json.loads(upload.rows))},
        outputs={"action": "import", "families": len(families), "applicants": len(people)},
    )
    upload.delete()
    return len(people)


def store(about: PlaceRound, town: Municipality, families: Sequence[Family]) -> None:
    """Writes families in bulk, instead of those that have the same numbers."""
    numbers = [one.number for one in families]
    known = PlaceFamily.objects.filter(round=about)
    replaced = {
        one.number: one
        for first in range(0, len(numbers), 500)
        for one in known.filter(number__in=numbers[first : first + 500])
    }
    if any(one.erased_at for one in replaced.values()):
        raise Refused(_("消去した家庭の番号が、一覧にあります。"))
    keys = [one.pk for one in replaced.values()]
    for first in range(0, len(keys), 500):
        PlaceApplicant.objects.filter(family_id__in=keys[first : first + 500]).delete()
    made = []
    for one in families:
        row = replaced.get(one.number) or PlaceFamily(municipality=town, round=about, number=one.number)
        row.name, row.address, row.together, row.partly = one.name, one.address, one.together, one.partly
        made.append(row)
    PlaceFamily.objects.bulk_update(
        [row for row in made if row.pk], ["name", "address", "together", "partly"], batch_size=200
    )
    PlaceFamily.objects.bulk_create([row for row in made if not row.pk], batch_size=500)
    PlaceApplicant.objects.bulk_create(
        (
            PlaceApplicant(municipality=town, family=row, ordinal=ordinal, **applicant)
            for row, one in zip(made, families, strict=True)
            for ordinal, applicant in enumerate(one.applicants, 1)
        ),
        batch_size=500,
    )
