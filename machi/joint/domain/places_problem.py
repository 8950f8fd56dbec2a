"""A round as the engine sees it: facilities, households and rules as plain data, without a name in it."""

from __future__ import annotations

from itertools import groupby, permutations

from machi.base.domain.towns import members
from machi.base.scoping import in_municipality
from machi.joint.domain.places import current_tables
from machi.joint.domain.places_supply import items_of, ties_of
from machi.joint.engine.welfare import (
    Agreement,
    Applicant,
    Facility,
    Household,
    Problem,
    Rules,
    TieRule,
    Together,
)
from machi.joint.models import PlaceAgreement, PlaceApplicant, PlaceFacility, PlaceRound


def problem_of(about: PlaceRound) -> Problem:
    """Applicants' ids are their numbers, facilities' ids their keys. Reads each town's families in its own scope."""
    places = list(PlaceFacility.objects.filter(round=about).order_by("pk"))
    facilities = tuple(
        Facility(
            str(one.pk),
            one.town_id,
            {label: int(number) for label, number in one.seats.items()},
            one.flexible,
            frozenset(one.shared),
            one.own_only,
        )
        for one in places
    )
    return Problem(facilities, _households(about, {one.pk for one in places}), _rules(about), _near(places))


def _rules(about: PlaceRound) -> dict[str, Rules]:
    agreed: dict[str, dict[str, Agreement]] = {}
    for one in PlaceAgreement.objects.filter(round=about, agreed_at__isnull=False):
        agreed.setdefault(one.host_id, {})[one.home_id] = Agreement(0 if one.equal else 1, one.quota)
    return {
        code: Rules(
            {item.key: item.points for item in items_of(about, table) if item.points},
            tuple(TieRule(tie.key, tie.higher) for tie in ties_of(about, table)),
            agreed.get(code, {}),
        )
        for code, table in current_tables(about).items()
    }


def _near(places: list[PlaceFacility]) -> frozenset[tuple[str, str]]:
    areas: dict[tuple[str, str], list[str]] = {}
    for one in places:
        if one.area:
            areas.setdefault((one.town_id, one.area), []).append(str(one.pk))
    return frozenset(pair for near in areas.values() for pair in permutations(near, 2))


def _households(about: PlaceRound, known: set[int]) -> tuple[Household, ...]:
    found: list[Household] = []
    for town in members(about.consortium).order_by("code"):
        with in_municipality(town):
            asking = list(
                PlaceApplicant.objects.filter(family__round=about, withdrawn_at__isnull=True)
                .select_related("family")
                .defer("name", "family__name", "family__address")  # not even decrypted
                .order_by("family__number", "family_id", "ordinal")
            )
        for _family, of_it in groupby(asking, key=lambda one: one.family_id):
            together = list(of_it)
            family = together[0].family
            found.append(
                Household(
                    f"{town.pk}-{family.number}",
                    tuple(_applicant(one, known) for one in together),
                    Together(family.together),
                    family.partly,
                )
            )
    return tuple(found)


def _applicant(one: PlaceApplicant, known: set[int]) -> Applicant:
    wishes = tuple(str(pk) for pk in one.wishes if pk in known)
    return Applicant(one.number, one.municipality_id, one.class_label, wishes, one.facts, one.facts_at)
