"""A round of childcare in three towns, for tests: people, facilities, rules and families made by the verbs."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

from django.utils import timezone

from machi.base.models import Consortium, Municipality, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain import places as verbs
from machi.joint.domain import places_allocation as allocating
from machi.joint.domain import places_confirming as confirming
from machi.joint.domain import places_families as families
from machi.joint.domain import places_supply as supply
from machi.joint.models import PlaceAllocation, PlaceFacility, PlaceRound
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, client_of, office_of, towns_of

STARTS = date(2099, 4, 1)
DATES = {"title": "保育の広域利用", "year": 2099, "starts_on": STARTS}


class World:
    """Three towns with clerks and heads, their joint office, and a round that is open till today."""

    def __init__(self, consortium: Consortium | None = None, kind: str = "childcare") -> None:
        self.consortium = consortium or a_consortium()
        self.towns = towns_of(self.consortium)  # Atsugi, Yaizu, Kurashiki
        self.office = office_of(self.consortium)
        self.clerks = {town.pk: a_person(Role.CLERK, town) for town in self.towns}
        self.heads = {town.pk: a_person(Role.MANAGER, town) for town in self.towns}
        with self.at(self.towns[0]):
            self.round = verbs.begin(
                self.consortium,
                self.towns[0],
                self.office,
                {**DATES, "kind": kind, "deadline": timezone.localdate()},
            )

    @contextmanager
    def at(self, town: Municipality):
        with in_consortium(self.consortium), in_municipality(town):
            yield

    def client(self, town: Municipality, role: str = "clerk"):
        people = {"clerk": self.clerks.get(town.pk), "head": self.heads.get(town.pk), "office": self.office}
        return client_of(people[role])

    def facility(self, town: Municipality, code: str, seats: dict[str, int], **more) -> PlaceFacility:
        given = {
            "code": code,
            "name": f"{code}園",
            "flexible": 0,
            "area": "",
            "own_only": False,
            "shared": [],
            "seats": seats,
            **more,
        }
        with self.at(town):
            return supply.put_facility(self.round, town, self.clerks[town.pk], given)

    def tables(self) -> None:
        for town in self.towns:
            with self.at(town):
                supply.adopt_standard(self.round, town, self.clerks[town.pk])

    def agreed(self, host: Municipality, home: Municipality, *, equal=False, quota=None) -> None:
        with self.at(host):
            made = supply.propose_agreement(
                self.round, host, self.heads[host.pk], home, equal=equal, quota=quota
            )
        with self.at(home):
            supply.agree(made, home, self.heads[home.pk])

    def family(self, town: Municipality, name: str, *people, together="separate", partly=False):
        """``people``: (class, wishes, facts, facts_at)."""
        with self.at(town):
            given = {"name": name, "address": f"{name}の住所", "together": together, "partly": partly}
            made = families.put_family(self.round, town, self.clerks[town.pk], given)
            for at, (label, wishes, facts, facts_at) in enumerate(people, 1):
                told = {
                    "name": f"{name} {at}児",
                    "class_label": label,
                    "wishes": [one.pk for one in wishes],
                    "facts": facts,
                    "facts_at": {str(one.pk): here for one, here in facts_at.items()},
                }
                families.put_applicant(made, self.clerks[town.pk], told)
            return made

    def close(self) -> PlaceRound:
        with self.at(self.towns[0]):
            verbs.close(self.round, self.towns[0], self.office)
        return self.again()

    def again(self) -> PlaceRound:
        with in_consortium(self.consortium):
            self.round = PlaceRound.objects.get(pk=self.round.pk)
        return self.round

    def allocate(self, *, trial=False) -> PlaceAllocation:
        with self.at(self.towns[0]):
            allocating.start(self.round, self.towns[0], self.office, trial=trial)
        return self.work()

    def work(self) -> PlaceAllocation:
        """What the worker does with the newest allocation."""
        with in_consortium(self.consortium):
            made = PlaceAllocation.objects.select_related("round", "office", "by", "consortium")[0]
            allocating.run(made)
            return made

    def confirm(self) -> None:
        for town in self.towns:
            with self.at(town):
                allocation = confirming.proposal(self.round)
                assert allocation is not None
                if town.pk in allocation.summary["towns"]:
                    confirming.confirm(allocation, town, self.heads[town.pk])
        self.again()


def filled(world: World) -> dict[str, PlaceFacility]:
    """Two facilities in Atsugi, one in Yaizu that admits one child of Atsugi; families that do not all find a place."""
    atsugi, yaizu, kurashiki = world.towns
    places = {
        "A1": world.facility(atsugi, "A1", {"0歳児": 1, "1歳児": 1}, area="中央"),
        "A2": world.facility(atsugi, "A2", {"0歳児": 1, "1歳児": 1}, area="中央"),
        "Y1": world.facility(yaizu, "Y1", {"0歳児": 3}),
        "K1": world.facility(kurashiki, "K1", {"0歳児": 1}, own_only=True),
    }
    world.tables()
    world.agreed(yaizu, atsugi, quota=1)
    a1, a2, y1, k1 = places.values()
    world.family(atsugi, "青木", ("0歳児", [a1, a2], {"work": 3}, {}))
    world.family(atsugi, "石井", ("0歳児", [a1, y1], {"work": 2}, {}))
    world.family(atsugi, "上田", ("0歳児", [a1, y1], {"work": 1}, {}))
    world.family(
        atsugi,
        "江口",
        ("0歳児", [a2, a1], {"work": 3, "single": 1}, {}),
        ("1歳児", [a2, a1], {"work": 3, "single": 1}, {}),
        together="same",
    )
    world.family(yaizu, "岡田", ("0歳児", [y1], {"work": 1}, {}))
    world.family(kurashiki, "加藤", ("0歳児", [k1], {"work": 3}, {k1: {"sibling": 1}}))
    return places
