"""Welfare places across towns: the sample consortium's, and a generated one's. Families are made up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.scoping import in_municipality
from machi.governance.sample import approve_declared, approve_unreviewed
from machi.joint.domain import places as verbs
from machi.joint.domain import places_supply as supply
from machi.joint.domain.places_allocation import ALLOCATION
from machi.joint.domain.places_families import circumstances
from machi.joint.domain.places_import import Family, store
from machi.joint.domain.places_kinds import STANDARD, STANDARD_TIES, Item
from machi.joint.models import PlaceFacility, PlaceFamily, PlaceRound

SEED = 142123
MOST_REVIEWED = 60
"""Towns for which the AI system is reviewed; in those of a larger consortium it is approved without."""
_SURNAMES = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "林",
    "斎藤",
    "清水",
]
_GIVEN = [
    "葵",
    "蓮",
    "陽葵",
    "湊",
    "凛",
    "蒼",
    "芽依",
    "樹",
    "結月",
    "朝陽",
    "紬",
    "律",
    "澪",
    "悠真",
    "杏",
    "颯太",
    "彩花",
    "大翔",
    "咲",
    "陽太",
]
_STREETS = ("本町", "中町", "旭町", "緑町")
_AREAS = ("中央", "東", "西")
_CHILDCARE_NAMES = (
    "中央保育園",
    "ひがし保育園",
    "みどりこども園",
    "さくら保育園",
    "にしの森こども園",
    "あおぞら保育園",
)
_ELDERLY_NAMES = ("せせらぎ苑", "ひだまりの里")
_STAY_NAMES = ("やすらぎ荘", "つどいの家")


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything a town gets."""

    facilities: int
    families: int


def load(consortium: Consortium) -> None:
    """Fills the sample consortium (three towns) with an open round of each kind; safe to call again."""
    if PlaceRound.objects.exists():
        return
    draw = random.Random(SEED)  # noqa: S311  (made-up families, not secrets)
    towns = list(members(consortium).order_by("code"))
    with transaction.atomic(), override("ja"):
        for kind, title, size in (
            (PlaceRound.Kind.SHORT_STAY, "春のショートステイの広域利用", Size(1, 6)),
            (PlaceRound.Kind.ELDERLY, "特別養護老人ホームの広域入所（上半期）", Size(2, 10)),
            (PlaceRound.Kind.CHILDCARE, "4月入所 保育の広域利用", Size(4, 24)),
        ):
            _round(consortium, towns, kind, title, size, draw)


def generate(consortium: Consortium, seed: int) -> None:
    """Fills a generated consortium of any size with a round of childcare; safe to call again.

    The AI system is approved in every town, since it may run only where all who take part have approved it.
    """
    if PlaceRound.objects.exists():
        return
    draw = random.Random(seed)  # noqa: S311
    towns = list(members(consortium).order_by("code"))
    with transaction.atomic(), override("ja"):
        for town in towns[:MOST_REVIEWED]:
            approve_declared(town, ALLOCATION)
        approve_unreviewed(towns, ALLOCATION)
        _round(consortium, towns, PlaceRound.Kind.CHILDCARE, "4月入所 保育の広域利用", Size(3, 24), draw)


def _person(town: Municipality, role: str) -> Person | None:
    return Person.objects.filter(appointments__role=role, appointments__municipality=town).first()


def _round(
    consortium: Consortium,
    towns: Sequence[Municipality],
    kind: str,
    title: str,
    size: Size,
    draw: random.Random,
) -> None:
    office = Person.objects.filter(
        appointments__role=Role.JOINT_OFFICE, appointments__consortium=consortium
    ).first()
    if office is None or not towns:
        return
    today = timezone.localdate()
    year = today.year + (today.month >= 4)
    given = {
        "kind": kind,
        "title": f"{year}年度 {title}",
        "year": year,
        "deadline": today,
        "starts_on": max(date(year, 4, 1), today + timedelta(days=30)),
    }
    with in_municipality(towns[0]):
        about = verbs.begin(consortium, towns[0], office, given)
    staffed = [(town, head) for town in towns if (head := _person(town, Role.MANAGER))]
    for at, (town, head) in enumerate(staffed):
        with in_municipality(town):
            _offer(about, town, head, size, at, draw)
    for at, (host, head) in enumerate(staffed):  # each admits people of the next town
        home, other = staffed[(at + 1) % len(staffed)]
        if home.pk != host.pk:
            with in_municipality(host):
                made = supply.propose_agreement(about, host, head, home, equal=at % 3 == 0, quota=3)
            with in_municipality(home):
                supply.agree(made, home, other)
    for town, _head in staffed:
        with in_municipality(town):
            places = list(supply.may_be_wished(about, town))
            store(about, town, _families(about, town, places, size, draw))


def _offer(
    about: PlaceRound, town: Municipality, head: Person, size: Size, at: int, draw: random.Random
) -> None:
    """The town's facilities, and the standard points with one item a little heavier or lighter."""
    names = {
        PlaceRound.Kind.CHILDCARE: _CHILDCARE_NAMES,
        PlaceRound.Kind.ELDERLY: _ELDERLY_NAMES,
    }.get(PlaceRound.Kind(about.kind), _STAY_NAMES)
    childcare = about.kind == PlaceRound.Kind.CHILDCARE
    for number in range(size.facilities):
        seats = {label: draw.randint(0, 2) for label in about.classes}
        seats[about.classes[number % len(about.classes)]] += 1
        given = {
            "code": f"{town.pk}-{number + 1}",
            "name": f"{town.name}{names[number % len(names)]}",
            "area": _AREAS[number % 2],
            "own_only": number == size.facilities - 1 and size.facilities > 2,
            "seats": seats,
            "flexible": 1 if childcare else 0,
            "shared": about.classes[3:] if childcare else [],
        }
        supply.put_facility(about, town, head, given)
    items = [
        Item(one.key, one.label, one.points + at % 3 if one.points else 0, one.most, one.at)
        for one in STANDARD[about.kind]
    ]
    supply.put_table(about, town, head, items, STANDARD_TIES[about.kind])


def _families(
    about: PlaceRound,
    town: Municipality,
    places: Sequence[PlaceFacility],
    size: Size,
    draw: random.Random,
) -> list[Family]:
    found = []
    for number in range(1, size.families + 1):
        surname = draw.choice(_SURNAMES)
        two = about.kind == PlaceRound.Kind.CHILDCARE and draw.random() < 0.2
        own = [one for one in places if one.town_id == town.pk]
        away = [one for one in places if one.town_id != town.pk]
        wishes = draw.sample(own, min(len(own), draw.randint(1, 3)))
        if away and draw.random() < 0.3:
            wishes.append(draw.choice(away))
        together = draw.choice(PlaceFamily.Together.values) if two else PlaceFamily.Together.SEPARATE
        family = Family(
            f"{number:04}",
            f"{surname} {draw.choice(_GIVEN)}",
            f"{town.name}{draw.choice(_STREETS)}{draw.randint(1, 5)}丁目{draw.randint(1, 30)}番",
            together,
            draw.random() < 0.5,
        )
        classes = draw.sample(about.classes, 2) if two else [draw.choice(about.classes)]
        facts = _facts(STANDARD[about.kind], draw)
        family.applicants += [_applicant(surname, label, wishes, facts, about, draw) for label in classes]
        found.append(family)
    return found


def _facts(items: Sequence[Item], draw: random.Random) -> dict[str, int]:
    """Units as they might be: things that hold for one in seven, and steps of which most families have some."""
    return {
        one.key: draw.randint(0, one.most) if one.most > 1 else int(draw.random() < 0.15)
        for one in items
        if not one.at
    }


def _applicant(
    surname: str,
    label: str,
    wishes: Sequence[PlaceFacility],
    facts: dict[str, int],
    about: PlaceRound,
    draw: random.Random,
) -> dict[str, Any]:
    here = next((one.key for one in STANDARD[about.kind] if one.at), "")
    at = {str(wishes[0].pk): {here: 1}} if here and draw.random() < 0.15 else {}
    return {
        "name": f"{surname} {draw.choice(_GIVEN)}",
        "class_label": label,
        "wishes": [one.pk for one in wishes],
        "circumstances": circumstances(facts, at),
    }
