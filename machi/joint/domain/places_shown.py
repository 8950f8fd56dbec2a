"""What of a round is shown to whom: each town its own in full, of the others numbers that point at nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from machi.base.domain.towns import members
from machi.base.models import Municipality
from machi.joint.domain.places import current_tables
from machi.joint.domain.places_families import asking
from machi.joint.models import (
    PlaceAgreement,
    PlaceAllocation,
    PlaceFacility,
    PlaceOffer,
    PlaceRound,
    PlaceTable,
)

FEWEST = 5
"""Rates of towns with fewer applicants are shown to themselves and to the joint office only."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a town is with what it has to enter."""

    facilities: int
    seats: int
    table: PlaceTable | None
    agreements: int
    proposed: int
    """Agreements that wait for this town's head."""
    facilities_in_all: int
    applicants_in_all: int
    towns_in_all: int


def standing_of(about: PlaceRound, town: Municipality) -> Standing:
    hosts = list(PlaceFacility.objects.filter(round=about).values_list("town_id", flat=True))
    own = list(PlaceFacility.objects.filter(round=about, town=town))
    agreed = list(PlaceAgreement.objects.filter(Q(host=town) | Q(home=town), round=about))
    asked = asking(about)
    return Standing(
        facilities=len(own),
        seats=sum(sum(one.seats.values()) + one.flexible for one in own),
        table=current_tables(about, [town.pk]).get(town.pk),
        agreements=sum(one.agreed_at is not None for one in agreed),
        proposed=sum(one.agreed_at is None and one.home_id == town.pk for one in agreed),
        facilities_in_all=len(hosts),
        applicants_in_all=sum(asked.values()),
        towns_in_all=len({code for code, _label in asked} | set(hosts)),
    )


def demand(about: PlaceRound) -> list[list[Any]]:
    """A line a town: who asks by class, all who ask, all places."""
    asked = asking(about)
    seats: dict[str, int] = {}
    for one in PlaceFacility.objects.filter(round=about):
        seats[one.town_id] = seats.get(one.town_id, 0) + sum(one.seats.values()) + one.flexible
    codes = {code for code, _label in asked} | set(seats)
    towns = Municipality.objects.filter(pk__in=codes).select_related("prefecture").order_by("code")
    rows = []
    for town in towns:
        by_class = [asked.get((town.pk, label), 0) for label in about.classes]
        rows.append([str(town), *by_class, sum(by_class), seats.get(town.pk, 0)])
    return rows


@dataclass(frozen=True, slots=True)
class Share:
    """A town's line of the fairness check; ``hidden``: too few applicants to show their rate to others."""

    town: Municipality
    told: dict[str, Any]
    ours: bool
    hidden: bool
    apart: bool
    """Its rate is below the consortium's, and its interval does not reach it: a reason to look."""

    @property
    def rate(self) -> float:
        return float(100 * self.told["rate"]["value"])

    @property
    def low(self) -> float:
        return float(100 * self.told["rate"]["low"])

    @property
    def high(self) -> float:
        return float(100 * self.told["rate"]["high"])


def shares(allocation: PlaceAllocation, town: Municipality, *, everything: bool) -> list[Share]:
    """How the allocation treats the towns, this one first."""
    told = allocation.summary["fairness"]
    names = {one.pk: one for one in members(allocation.consortium)}
    asked, met = sum(one["applicants"] for one in told), sum(one["placed"] for one in told)
    overall = met / asked if asked else 0.0
    found = [
        Share(
            names[one["town"]],
            one,
            one["town"] == town.pk,
            one["applicants"] < FEWEST and not everything and one["town"] != town.pk,
            one["rate"]["high"] < overall,
        )
        for one in told
        if one["town"] in names
    ]
    return sorted(found, key=lambda one: (not one.ours, one.town.pk))


def claims(allocation: PlaceAllocation, town: Municipality, *, everything: bool) -> list[dict[str, Any]]:
    """Unmet claims by number: all of them for the joint office, its own families' for a town."""
    told = allocation.summary["claims"]
    if not everything:
        told = [one for one in told if one["household"].startswith(f"{town.pk}-")]
    places = PlaceFacility.objects.in_bulk([pk for one in told for _number, pk in one["wish"]])
    return [
        {
            "household": one["household"],
            "wish": [(number, places[pk]) for number, pk in one["wish"] if pk in places],
        }
        for one in told
    ]


def offers(allocation: PlaceAllocation, town: Municipality, *, everything: bool) -> QuerySet[PlaceOffer, Any]:
    """Results by number: all for the joint office and auditors; a town's own, and who comes to its facilities."""
    found = PlaceOffer.objects.filter(allocation=allocation).select_related("home", "facility__town")
    if not everything:
        found = found.filter(Q(home=town) | Q(facility__town=town))
    return found.order_by("home_id", "number")
