"""From the machine's proposal to what counts: changes by people, each town's confirmation, places given back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain import rulings
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, LedgerRuling, Municipality, Person
from machi.joint.domain.places import note
from machi.joint.domain.places_allocation import ALLOCATION
from machi.joint.domain.places_families import note_family
from machi.joint.domain.places_supply import may_be_wished
from machi.joint.models import (
    PlaceAgreement,
    PlaceAllocation,
    PlaceConfirmation,
    PlaceFacility,
    PlaceOffer,
    PlaceReasons,
    PlaceRound,
)

State = PlaceRound.State


def proposal(about: PlaceRound) -> PlaceAllocation | None:
    """The allocation that towns look at or have confirmed."""
    return (
        about.allocations.filter(trial=False, state=PlaceAllocation.State.DONE).select_related("by").first()
    )


def _awaiting(allocation: PlaceAllocation) -> PlaceRound:
    """The allocation's round, locked, while it waits for confirmations."""
    current = PlaceRound.objects.select_for_update().get(pk=allocation.round_id)
    state = PlaceAllocation.objects.get(pk=allocation.pk).state
    if current.state != State.CLOSED or state != PlaceAllocation.State.DONE or allocation.trial:
        raise Refused(_("確かめられるのは、割り当ての案ができていて、まだ確定していないときだけです。"))
    return current


def unconfirmed(allocation: PlaceAllocation) -> list[str]:
    """Codes of the towns that have not confirmed yet."""
    done = set(allocation.confirmations.values_list("town_id", flat=True))
    return [code for code in allocation.summary["towns"] if code not in done]


@transaction.atomic
def confirm(allocation: PlaceAllocation, town: Municipality, person: Person) -> bool:
    """The town's head lets it count; True: it was the last one, and the round is settled."""
    current = _awaiting(allocation)
    if town.pk not in allocation.summary["towns"]:
        raise Refused(_("この町は、この回に加わっていません。"))
    _made, new = PlaceConfirmation.objects.get_or_create(
        consortium=current.consortium, allocation=allocation, town=town, defaults={"person": person}
    )
    if not new:
        raise Refused(_("この町は、もう確かめました。"))
    note(current, town, person, "confirm", allocation=allocation.pk)
    if unconfirmed(allocation):
        return False
    current.state, current.confirmed_at = State.CONFIRMED, timezone.now()
    current.save(update_fields=["state", "confirmed_at"])
    towns = Municipality.objects.filter(pk__in=allocation.summary["towns"])
    changed = allocation.offers.filter(changed_at__isnull=False).count()
    note(
        current, town, person, "settled", concerned=towns, allocation=allocation.pk, changed_by_people=changed
    )
    return True


@transaction.atomic
def change_offer(
    offer: PlaceOffer, town: Municipality, person: Person, facility: PlaceFacility | None, reason: str
) -> None:
    """A person decides otherwise than the machine, within places and agreements. Towns it touches confirm anew."""
    current = _awaiting(offer.allocation)
    if offer.home_id != town.pk:
        raise Refused(_("変えられるのは、この町の申込者だけです。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), field="reason")
    if offer.facility_id == (facility.pk if facility else None):
        raise Refused(_("いまと同じです。"), field="facility")
    if facility is not None:
        _ensure_room(offer, facility, current, town)
    kept = PlaceReasons.objects.select_related("applicant__family").get(offer=offer)
    touched = {town.pk, *(one.town_id for one in (offer.facility, facility) if one)}
    wishes = kept.applicant.wishes
    offer.facility, offer.changed_at = facility, timezone.now()
    offer.rank = wishes.index(facility.pk) + 1 if facility and facility.pk in wishes else None
    offer.save(update_fields=["facility", "changed_at", "rank"])
    kept.ruling = reason.strip()
    kept.save(update_fields=["ruling"])
    offer.allocation.confirmations.filter(town_id__in=touched).delete()
    _rule(current, offer, kept, town, person, reason)


def _rule(
    current: PlaceRound,
    offer: PlaceOffer,
    kept: PlaceReasons,
    town: Municipality,
    person: Person,
    reason: str,
) -> None:
    """The reason stays with the family, to be erased with it; the ruling on the result names the number."""
    note_family(
        kept.applicant.family,
        person,
        "overrule",
        inputs={"reason": reason},
        allocation=offer.allocation_id,
        number=offer.number,
        proposed=offer.proposed_id,
        decided=offer.facility_id,
    )
    result = result_entry(current, town, offer.allocation_id)
    if result is not None:
        rulings.rule_on(
            result,
            person,
            verdict=LedgerRuling.Verdict.OVERRULE,
            reason=_("申込番号%(number)sの割り当てを変えた。理由は申込の記録にある。")
            % {"number": offer.number},
        )
    hosts = [one.town for one in (offer.facility, offer.proposed) if one and one.town_id != town.pk]
    note(
        current,
        town,
        person,
        "overrule",
        concerned=hosts,
        number=offer.number,
        proposed=offer.proposed_id,
        decided=offer.facility_id,
    )


def result_entry(about: PlaceRound, town: Municipality, allocation: int) -> LedgerEntry | None:
    """The town's own ledger entry of the allocation."""
    entries = LedgerEntry.objects.filter(
        municipality=town, kind=ledger.RESULT, system=ALLOCATION, subject=f"place_round:{about.pk}"
    )
    return next((one for one in entries.order_by("-index") if f'"allocation":{allocation}' in one.body), None)


def _ensure_room(offer: PlaceOffer, facility: PlaceFacility, current: PlaceRound, town: Municipality) -> None:
    if not may_be_wished(current, town).filter(pk=facility.pk).exists():
        raise Refused(_("この施設には、この町の人は申し込めません。"), field="facility")
    there = PlaceOffer.objects.filter(allocation=offer.allocation, facility=facility, declined_at=None)
    taken = Counter(there.exclude(pk=offer.pk).values_list("class_label", flat=True))
    taken[offer.class_label] += 1
    if not fits(facility, taken):
        raise Refused(_("この施設のこの区分に、空いている枠がありません。"), field="facility")
    quota = (
        PlaceAgreement.objects.filter(round=current, host_id=facility.town_id, home=town)
        .values_list("quota", flat=True)
        .first()
    )
    if quota is not None:
        abroad = PlaceOffer.objects.filter(
            allocation=offer.allocation, home=town, facility__town_id=facility.town_id
        )
        if abroad.exclude(pk=offer.pk).count() >= quota:
            raise Refused(_("町どうしの合意で受け入れる人数を超えます。"), field="facility")


def fits(facility: PlaceFacility, taken: Mapping[str, int]) -> bool:
    """Whether so many of each class have room, flexible places counted where the class may use them."""
    surplus = {
        label: more for label, number in taken.items() if (more := number - facility.seats.get(label, 0)) > 0
    }
    return all(label in facility.shared for label in surplus) and sum(surplus.values()) <= facility.flexible


@transaction.atomic
def decline(offer: PlaceOffer, town: Municipality, person: Person) -> None:
    """A family gives its place back, or no longer waits; the place is free for a second round."""
    current = PlaceRound.objects.select_for_update().get(pk=offer.allocation.round_id)
    if current.state != State.CONFIRMED:
        raise Refused(_("辞退を受け付けるのは、確定した後です。確定の前は、割り当てを変えてください。"))
    if offer.home_id != town.pk:
        raise Refused(_("変えられるのは、この町の申込者だけです。"))
    if offer.declined_at is not None:
        raise Refused(_("すでに辞退しています。"))
    if hasattr(current, "second"):
        raise Refused(_("次の回が始まっているため、ここでは辞退を受け付けられません。"))
    offer.declined_at = timezone.now()
    offer.save(update_fields=["declined_at"])
    kept = PlaceReasons.objects.select_related("applicant__family").get(offer=offer)
    kept.applicant.withdrawn_at = offer.declined_at
    kept.applicant.save(update_fields=["withdrawn_at"])
    note_family(kept.applicant.family, person, "decline", number=offer.number)
    host = [offer.facility.town] if offer.facility else []
    note(current, town, person, "decline", concerned=host, number=offer.number, facility=offer.facility_id)
