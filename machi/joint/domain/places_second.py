"""A second round: the places that are left of the first, the same rules, and all who still wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from machi.base.domain.errors import Refused
from machi.base.domain.jobs import reported
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain.places import begin, current_tables
from machi.joint.domain.places_confirming import State, proposal
from machi.joint.domain.places_families import circumstances
from machi.joint.models import (
    PlaceAgreement,
    PlaceAllocation,
    PlaceApplicant,
    PlaceFacility,
    PlaceFamily,
    PlaceRound,
    PlaceTable,
)


def progress_key(made: PlaceRound) -> str:
    return f"joint.places.moving.{made.pk}"


@transaction.atomic
def begin_second(
    about: PlaceRound, town: Municipality, person: Person, given: Mapping[str, Any]
) -> PlaceRound:
    """A round with the places that are left and the same rules and agreements; who still waits is moved into it by a
    worker, since a country's families are too many to move while somebody waits for the page. Until they are there
    nothing is entered."""
    first = PlaceRound.objects.select_for_update().get(pk=about.pk)
    allocation = proposal(first)
    if first.state != State.CONFIRMED or allocation is None:
        raise Refused(_("次の回は、確定した後に始められます。"))
    if hasattr(first, "second"):
        raise Refused(_("次の回は、もう始まっています。"))
    made = begin(
        first.consortium, town, person, {**given, "kind": first.kind}, classes=first.classes, first=first
    )
    _copy_facilities(first, made, allocation)
    PlaceTable.objects.bulk_create(
        PlaceTable(
            consortium=first.consortium,
            round=made,
            town_id=table.town_id,
            version=1,
            items=table.items,
            ties=table.ties,
            made_by_id=table.made_by_id,
        )
        for table in current_tables(first).values()
    )
    used = _used(allocation)
    PlaceAgreement.objects.bulk_create(
        PlaceAgreement(
            consortium=first.consortium,
            round=made,
            host_id=one.host_id,
            home_id=one.home_id,
            equal=one.equal,
            quota=None if one.quota is None else max(0, one.quota - used[one.home_id, one.host_id]),
            agreed_at=one.agreed_at,
        )
        for one in PlaceAgreement.objects.filter(round=first, agreed_at__isnull=False)
    )
    move_again(made, town)
    return made


def move_again(made: PlaceRound, town: Municipality) -> None:
    """Asks a worker to move who still waits; again after one has failed."""
    transaction.on_commit(lambda: move_task.enqueue(made.pk, made.consortium_id, town.pk))


@task()
def move_task(pk: int, consortium: int, town: str) -> None:
    with in_consortium(Consortium.objects.get(pk=consortium)):
        made = PlaceRound.objects.select_related("first", "consortium").get(pk=pk)
        move(made, Municipality.objects.get(pk=town))


def move(made: PlaceRound, town: Municipality) -> None:
    """Moves every town's families who still wait into the round that ``town`` began. A run that was killed is made
    good by the next: what has been moved stays."""
    if made.first is None or made.moved_at is not None:
        return
    allocation = proposal(made.first)
    assert allocation is not None
    waiting = allocation.offers.filter(facility=None, declined_at=None)
    homes = list(members(made.consortium).filter(pk__in=waiting.values("home")))
    places = _places(made.first, made)
    label = str(_("待機している人を次の回へ移す"))
    with reported(town, progress_key(made), label) as report:
        report(0, len(homes))
        for number, home in enumerate(homes, 1):
            with in_municipality(home), transaction.atomic():
                if not PlaceFamily.objects.filter(round=made).exists():
                    _copy_waiting(allocation, made, home, places)
            report(number, len(homes))
    made.moved_at = timezone.now()
    made.save(update_fields=["moved_at"])


def _places(first: PlaceRound, made: PlaceRound) -> dict[int, int]:
    """The new keys of facilities by the old ones."""
    new = dict(made.facilities.values_list("code", "pk"))
    return {old: new[code] for code, old in first.facilities.values_list("code", "pk") if code in new}


def _used(allocation: PlaceAllocation) -> Counter[tuple[str, str]]:
    """How many of one town have a place in another, by home and host."""
    kept = allocation.offers.filter(facility__isnull=False, declined_at=None)
    return Counter(kept.values_list("home_id", "facility__town_id"))


def _copy_facilities(first: PlaceRound, made: PlaceRound, allocation: PlaceAllocation) -> None:
    """With the places that are left."""
    taken: dict[int, Counter[str]] = {}
    kept = allocation.offers.filter(facility__isnull=False, declined_at=None)
    for pk, label in kept.values_list("facility_id", "class_label"):
        taken.setdefault(pk, Counter())[label] += 1
    copies = []
    for one in PlaceFacility.objects.filter(round=first):
        used = taken.get(one.pk, Counter())
        one.flexible -= sum(max(0, number - one.seats.get(label, 0)) for label, number in used.items())
        left = {label: number - used[label] for label, number in one.seats.items()}
        one.seats = {label: number for label, number in left.items() if number > 0}
        one.pk, one.round = None, made
        one._state.adding = True
        copies.append(one)
    PlaceFacility.objects.bulk_create(copies, batch_size=500)


def _copy_waiting(
    allocation: PlaceAllocation, made: PlaceRound, home: Municipality, places: Mapping[int, int]
) -> None:
    """Those of the town who got no place, each family anew with the members who still wait."""
    asked = PlaceApplicant.objects.filter(
        reasons__offer__allocation=allocation,
        reasons__offer__home=home,  # by which the offers are found
        reasons__offer__facility=None,
        reasons__offer__declined_at=None,
        withdrawn_at__isnull=True,
    ).select_related("family")
    by_family: dict[int, list[PlaceApplicant]] = {}
    for one in asked.order_by("family_id", "ordinal"):
        by_family.setdefault(one.family_id, []).append(one)
    copied = PlaceFamily.objects.bulk_create(
        (
            PlaceFamily(
                municipality=home,
                round=made,
                number=family.number,
                name=family.name,
                address=family.address,
                together=family.together,
                partly=family.partly,
            )
            for family in (still[0].family for still in by_family.values())
        ),
        batch_size=500,
    )
    PlaceApplicant.objects.bulk_create(
        (
            copy
            for family, still in zip(copied, by_family.values(), strict=True)
            for copy in _copies(still, family, places)
        ),
        batch_size=500,
    )


def _copies(
    still: Iterable[PlaceApplicant], family: PlaceFamily, places: Mapping[int, int]
) -> list[PlaceApplicant]:
    return [
        PlaceApplicant(
            municipality_id=one.municipality_id,
            family=family,
            ordinal=one.ordinal,
            name=one.name,
            class_label=one.class_label,
            wishes=[places[pk] for pk in one.wishes if pk in places],
            circumstances=circumstances(
                one.facts,
                {str(places[int(pk)]): here for pk, here in one.facts_at.items() if int(pk) in places},
            ),
        )
        for one in still
    ]
