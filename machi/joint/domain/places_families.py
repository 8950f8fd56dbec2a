"""A town's families in a round: who applies for what, and how many points each wish has by its host's rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.scoping import every_municipality
from machi.joint.domain.places import KIND, SYSTEM, current_tables, opened
from machi.joint.domain.places_supply import items_of, may_be_wished
from machi.joint.models import PlaceApplicant, PlaceFacility, PlaceFamily, PlaceRound, PlaceTable

FAMILY = ("name", "address", "together", "partly")
MOST_WISHES = 10


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of the points: so many units of an item, worth so much each."""

    label: str
    units: int
    worth: int

    @property
    def points(self) -> int:
        return self.units * self.worth


@dataclass(frozen=True, slots=True)
class Pointed:
    """A wish with its points by the rules of its host, item by item. ``table`` None: the host has no rules yet."""

    facility: PlaceFacility
    table: PlaceTable | None
    lines: list[Counted]

    @property
    def points(self) -> int:
        return sum(line.points for line in self.lines)


def families(about: PlaceRound) -> QuerySet[PlaceFamily, Any]:
    """The families of the town in whose scope we are, by number, with ``asking`` applicants."""
    asking = Count("applicants", filter=Q(applicants__withdrawn_at__isnull=True))
    return PlaceFamily.objects.filter(round=about).annotate(asking=asking).order_by("number")


def applicants(about: PlaceRound) -> QuerySet[PlaceApplicant, Any]:
    return (
        PlaceApplicant.objects.filter(family__round=about)
        .select_related("family", "municipality")
        .order_by("family__number", "ordinal")
    )


def asking(about: PlaceRound) -> dict[tuple[str, str], int]:
    """How many ask for a place, by town and class, over all towns: numbers are what towns share of their families."""
    with every_municipality():
        found = (
            PlaceApplicant.objects.filter(family__round=about, withdrawn_at__isnull=True)
            .values_list("municipality_id", "class_label")
            .annotate(people=Count("pk"))
            .order_by("municipality_id", "class_label")
        )
        return {(code, label): number for code, label, number in found}


def note_family(
    family: PlaceFamily,
    person: Person | None,
    action: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    **out: Any,
) -> None:
    """Only in the town's own ledger: of a family no other town learns anything but numbers."""
    ledger.record(
        family.municipality,
        system=SYSTEM,
        kind=KIND,
        subject=f"place_family:{family.pk}",
        actor=person,
        inputs=inputs,
        outputs={"action": action, "round": family.round_id, **out},
    )


@transaction.atomic
def put_family(
    about: PlaceRound,
    town: Municipality,
    person: Person,
    given: Mapping[str, Any],
    family: PlaceFamily | None = None,
) -> PlaceFamily:
    """A family without applicants yet, or what changes of one. An empty number gets the next free one."""
    current = opened(about)
    if family is not None and family.erased_at is not None:
        raise Refused(_("消去した家庭は変えられません。"))
    number = given.get("number", "").strip() or (family.number if family else next_number(current))
    same = PlaceFamily.objects.filter(round=current, number=number)
    if (same.exclude(pk=family.pk) if family else same).exists():
        raise Refused(_("この家庭番号は、もう使われています。"), field="number")
    kept = family or PlaceFamily(municipality=town, round=current)
    kept.number = number
    for name in FAMILY:
        setattr(kept, name, given[name])
    kept.save()
    told = {name: given[name] for name in FAMILY}
    note_family(kept, person, "change_family" if family else "add_family", inputs={"family": told})
    return kept


def next_number(about: PlaceRound) -> str:
    numbers = PlaceFamily.objects.filter(round=about).values_list("number", flat=True)
    return f"{max((int(one) for one in numbers if one.isdecimal()), default=0) + 1:04}"


def circumstances(facts: Mapping[str, int], facts_at: Mapping[str, Mapping[str, int]]) -> str:
    """As an applicant keeps them; what is 0 is left out."""
    return json.dumps(
        {
            "facts": {key: number for key, number in facts.items() if number},
            "at": {
                place: kept
                for place, here in facts_at.items()
                if (kept := {k: n for k, n in here.items() if n})
            },
        },
        ensure_ascii=False,
    )


@transaction.atomic
def put_applicant(
    family: PlaceFamily, person: Person, given: Mapping[str, Any], applicant: PlaceApplicant | None = None
) -> PlaceApplicant:
    """One more of the family who asks for a place, or what changes of one."""
    current = opened(family.round)
    if family.erased_at is not None:
        raise Refused(_("消去した家庭は変えられません。"))
    if given["class_label"] not in current.classes:
        raise Refused(_("この回にある区分を選んでください。"), field="class_label")
    allowed = set(may_be_wished(current, family.municipality).values_list("pk", flat=True))
    wishes = list(dict.fromkeys(given["wishes"]))
    if not wishes or len(wishes) > MOST_WISHES or not set(wishes) <= allowed:
        raise Refused(_("希望する施設を、申し込める施設から1つ以上選んでください。"), field="wish_1")
    last = family.applicants.aggregate(Max("ordinal"))["ordinal__max"] or 0
    kept = applicant or PlaceApplicant(municipality=family.municipality, family=family, ordinal=last + 1)
    kept.name, kept.class_label, kept.wishes = given["name"], given["class_label"], wishes
    kept.circumstances = circumstances(given["facts"], given["facts_at"])
    kept.withdrawn_at = None
    kept.save()
    told = {name: given[name] for name in ("name", "class_label", "facts", "facts_at")}
    action = "change_applicant" if applicant else "add_applicant"
    note_family(family, person, action, inputs={"applicant": told}, ordinal=kept.ordinal, wishes=wishes)
    return kept


@transaction.atomic
def withdraw_applicant(applicant: PlaceApplicant, person: Person) -> None:
    """Takes no part any more; only while the round is open (later it is a place that is given back)."""
    opened(applicant.family.round)
    if applicant.withdrawn_at is not None:
        raise Refused(_("すでに取り下げられています。"))
    applicant.withdrawn_at = timezone.now()
    applicant.save(update_fields=["withdrawn_at"])
    note_family(applicant.family, person, "withdraw", ordinal=applicant.ordinal)


def pointed(about: PlaceRound, applicant: PlaceApplicant) -> list[Pointed]:
    """The applicant's wishes in order, with their points item by item."""
    places = PlaceFacility.objects.select_related("town").in_bulk(applicant.wishes)
    tables = current_tables(about, {one.town_id for one in places.values()})
    return [
        Pointed(places[pk], tables.get(places[pk].town_id), counted(about, tables, applicant, places[pk]))
        for pk in applicant.wishes
        if pk in places
    ]


def counted(
    about: PlaceRound, tables: Mapping[str, PlaceTable], applicant: PlaceApplicant, facility: PlaceFacility
) -> list[Counted]:
    """The items that give points at a facility."""
    if facility.town_id not in tables:
        return []
    facts, here = applicant.facts, applicant.facts_at.get(str(facility.pk), {})
    items = items_of(about, tables[facility.town_id])
    lines = (Counted(one.label, facts.get(one.key, 0) + here.get(one.key, 0), one.points) for one in items)
    return [line for line in lines if line.points]
