"""Joint tourism: the sample consortium's, and a generated one's."""

from __future__ import annotations

import random
from datetime import time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.joint.domain import tourism as spots
from machi.joint.domain import tourism_plans as plans
from machi.joint.domain import tourism_requests as requests
from machi.joint.models import BookingRequest, Spot

DATA = Path(__file__).parent / "data" / "tourism"
_BY_HAND = "見本（位置と時刻はおおよそ）"
_YAIZU = "焼津市オープンデータ（yaizu-city/opendata）、CC BY 4.0"
_SHOWN = {  # of Yaizu's public facilities those for visitors: category, open weekdays where only words say them
    "10869": (Spot.Category.MUSEUM, None),
    "19002": (Spot.Category.MUSEUM, None),
    "19003": (Spot.Category.MUSEUM, "0111111"),
    "11051": (Spot.Category.FAMILY, "0111111"),
    "20002": (Spot.Category.FAMILY, "1101111"),
}
_EVENTS = {
    "142123": ("鮎まつりの夕べ（見本）", "Sweetfish festival evening (sample)", 35.4436, 139.3700),
    "332020": ("川舟の朝市（見本）", "Morning market on the canal (sample)", 34.5950, 133.7720),
    "222127": ("みなとの市（見本）", "Harbour market (sample)", 34.8640, 138.3270),
}


def load(consortium: Consortium) -> None:
    """Fills the sample consortium (three towns); safe to call again."""
    if Spot.objects.exists():
        return
    for town in members(consortium):
        clerk = _clerk(town)
        if clerk and (DATA / f"{town.code}_見本.csv").exists():
            with in_municipality(town), override("ja"):
                _lists(consortium, town, clerk)
                _event(consortium, town, clerk)
    with override("ja"):
        _visitors(consortium)


def _lists(consortium: Consortium, town: Municipality, clerk: Person) -> None:
    own = (DATA / f"{town.code}_見本.csv").read_bytes()
    spots.take_list(
        consortium,
        town,
        clerk,
        own,
        category=Spot.Category.FACILITY,
        visit_minutes=60,
        source=_BY_HAND,
        published=True,
    )
    for spot in Spot.objects.filter(municipality=town, category=Spot.Category.EXPERIENCE):
        spots.change_spot(spot, town, clerk, {"takes_requests": True, "largest_party": 8})
    for name, published in (("公共施設一覧", False), ("公衆無線LAN", False)):
        file = DATA / f"{town.code}_{name}.csv"
        if file.exists():
            spots.take_list(
                consortium,
                town,
                clerk,
                file.read_bytes(),
                category=Spot.Category.FACILITY,
                visit_minutes=60,
                source=_YAIZU,
                published=published,
            )
    for spot in Spot.objects.filter(municipality=town, code__in=_SHOWN, source=_YAIZU):
        category, days = _SHOWN[spot.code]
        hours = {"opens": time(10), "closes": time(17), "weekdays": days} if days else {}
        spots.change_spot(spot, town, clerk, {"category": category, "published": True, **hours})


def _event(consortium: Consortium, town: Municipality, clerk: Person) -> None:
    name, name_en, latitude, longitude = _EVENTS[town.code]
    first = timezone.localdate() + timedelta(days=7)
    given = {
        "kind": Spot.Kind.EVENT,
        "category": Spot.Category.FESTIVAL,
        "name": name,
        "name_en": name_en,
        "description": "町の催しの見本です。実際には行われません。",
        "description_en": "A made-up event; it does not take place.",
        "latitude": latitude,
        "longitude": longitude,
        "opens": time(10),
        "closes": time(16),
        "starts_on": first,
        "ends_on": first + timedelta(days=60),
        "visit_minutes": 60,
        "published": True,
        "source": _BY_HAND,
    }
    spots.add_spot(consortium, town, clerk, given)


def _visitors(consortium: Consortium) -> None:
    """A route in each town by a visitor, and one request that waits."""
    saturday = timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday() + 5)
    for town in members(consortium):
        gate = Spot.objects.filter(municipality=town, category=Spot.Category.GATE).first()
        workshop = Spot.objects.filter(municipality=town, takes_requests=True).first()
        if gate is None or workshop is None:
            continue
        wishes = plans.Wishes(
            saturday,
            1,
            "car",
            f"spot:{gate.pk}",
            towns=(town.code,),
            interests=(Spot.Category.EXPERIENCE, Spot.Category.HISTORY),
            must=(workshop.pk,),
        )
        try:
            plan = plans.make_plan(consortium, town, None, wishes)
        except NotApproved:
            continue
        stop = plan.stops.filter(spot=workshop).first()
        if stop and town.code == "332020":
            requests.ask(
                plan,
                workshop,
                on=saturday,
                at=time(*divmod(stop.begins, 60)),
                party=3,
                name="旅野 空（見本）",
                email="visitor@visit.example",
                words="子どもが1人います。",
            )


def _clerk(town: Municipality) -> Person | None:
    return Person.objects.filter(
        appointments__role=Role.CLERK, appointments__municipality=town, is_active=True
    ).first()


# A generated consortium: places around each town's office, the same for the same seed.

_KINDS = (
    (Spot.Category.NATURE, "の森公園", "Forest Park", 60, (8, 17)),
    (Spot.Category.HISTORY, "の古い町並み", "Old Town", 60, (9, 17)),
    (Spot.Category.MUSEUM, "郷土館", "Local Museum", 45, (9, 16)),
    (Spot.Category.TEMPLE, "神社", "Shrine", 30, (8, 17)),
    (Spot.Category.HOT_SPRING, "温泉", "Hot Spring", 90, (10, 20)),
    (Spot.Category.FOOD, "の食堂", "Eatery", 60, (11, 15)),
    (Spot.Category.SHOPPING, "の直売所", "Farm Shop", 30, (9, 17)),
    (Spot.Category.EXPERIENCE, "のそば打ち体験", "Soba Workshop", 90, (10, 15)),
    (Spot.Category.FAMILY, "のこども広場", "Children's Park", 60, (9, 17)),
    (Spot.Category.FACILITY, "の交流館", "Community Hall", 30, (9, 21)),
)


@transaction.atomic
def generate(consortium: Consortium, seed: int) -> None:
    """Fills a generated consortium of any size, the same for the same ``seed``; safe to call again."""
    if Spot.objects.exists():
        return
    towns = [town for town in members(consortium) if town.latitude and town.longitude]
    chance = random.Random(seed)  # noqa: S311  (no secret hangs on it)
    Spot.objects.bulk_create([spot for town in towns for spot in _generated(consortium, town, chance)])
    _generated_visits(consortium, chance)


def _generated(consortium: Consortium, town: Municipality, chance: random.Random) -> list[Spot]:
    assert town.latitude is not None
    assert town.longitude is not None
    gate = Spot(category=Spot.Category.GATE, name=f"{town.name}の駅前案内所", name_en=f"{town.name_en} Gate")
    gate.latitude, gate.longitude, gate.visit_minutes = town.latitude, town.longitude, 5
    gate.opens, gate.closes = time(0), spots.MIDNIGHT
    found = [gate]
    for category, name, name_en, minutes, (opens, closes) in _KINDS:
        spot = Spot(category=category, name=f"{town.name}{name}", name_en=f"{town.name_en} {name_en}")
        spot.latitude = round(town.latitude + chance.uniform(-0.05, 0.05), 5)
        spot.longitude = round(town.longitude + chance.uniform(-0.06, 0.06), 5)
        spot.visit_minutes, spot.opens, spot.closes = minutes, time(opens), time(closes)
        if chance.random() < 0.5:
            closed = chance.choice((0, 0, 1, 2))
            spot.weekdays = "".join("0" if day == closed else "1" for day in range(7))
        if category == Spot.Category.EXPERIENCE:
            spot.takes_requests, spot.operator = True, f"{town.name}体験（見本）"
            spot.operator_email = f"soba@{town.code}.example"
        found.append(spot)
    for number, spot in enumerate(found):
        spot.consortium, spot.municipality, spot.published = consortium, town, True
        spot.code, spot.source = f"G{number:02}", "生成した見本"
        spot.description, spot.description_en = "生成した見本のスポットです。", "A generated sample spot."
    return found


def _generated_visits(consortium: Consortium, chance: random.Random) -> None:
    """A few routes of visitors, really planned, in the towns where the planner is approved; some ask for a workshop."""
    wanted = list(_KINDS)
    for town in list(members(consortium)[:2]) * 3:
        gate = Spot.objects.filter(municipality=town, category=Spot.Category.GATE).first()
        if gate is None:
            continue
        day = timezone.localdate() + timedelta(days=chance.randrange(7, 60))
        interests = tuple(str(kind[0]) for kind in chance.sample(wanted, 3))
        wishes = plans.Wishes(day, 1, "car", f"spot:{gate.pk}", interests=interests)
        try:
            plan = plans.make_plan(consortium, town, None, wishes)
        except NotApproved:
            return
        stop = plan.stops.filter(spot__takes_requests=True).select_related("spot").first()
        if stop and stop.spot:
            asked = requests.ask(
                plan,
                stop.spot,
                on=day,
                at=time(*divmod(stop.begins, 60)),
                party=chance.randrange(1, 7),
                name="旅野 空（見本）",
                email="visitor@visit.example",
            )
            if chance.random() < 0.7:
                requests.answer(asked, BookingRequest.State.ACCEPTED)
