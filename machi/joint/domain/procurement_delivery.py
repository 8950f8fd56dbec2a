"""The contract of an awarded lot, and what was delivered to each town, which confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.governance.domain.evidence import keep
from machi.joint.domain.procurement import locked_lot, record, towns_of
from machi.joint.domain.procurement_award import quantity_of
from machi.joint.domain.procurement_offers import price_of
from machi.joint.models import PurchaseContract, PurchaseDelivery, PurchaseLot

State = PurchaseDelivery.State
DATES = ("signed_on", "starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of what a town ordered has come."""

    municipality: Municipality
    ordered: int
    delivered: int
    waiting: int
    """Recorded, not yet confirmed by the town."""
    defective: int


def amount_of(lot: PurchaseLot) -> int:
    """What the awarded offer costs: the contract is made for exactly this."""
    assert lot.offer is not None
    return price_of(lot.offer, quantity_of(lot)).yen


@transaction.atomic
def contract(
    lot: PurchaseLot,
    town: Municipality,
    person: Person,
    given: Mapping[str, Any],
    file: tuple[str, bytes],
) -> PurchaseContract:
    """Writes down the contract with its signed file (name, bytes), told by its content; again: corrects it."""
    current = locked_lot(lot, PurchaseLot.State.AWARDED)
    if given["ends_on"] < given["starts_on"]:
        raise Refused(_("契約期間の終わりは、始まりより後にしてください。"), "ends_on")
    if current.decided_at and given["signed_on"] < timezone.localdate(current.decided_at):
        raise Refused(_("契約日は、落札を決めた日より前にはできません。"), "signed_on")
    kept = keep(town, *file)
    if kept.kind not in ("pdf", "png", "jpeg", "word"):
        raise Refused(_("契約書は、PDF、画像、Wordのどれかにしてください。"), "file")
    made, _created = PurchaseContract.objects.update_or_create(
        lot=current,
        defaults={
            "consortium_id": current.consortium_id,
            "number": given["number"].strip(),
            **{name: given[name] for name in DATES},
            "amount": amount_of(current),
            "kept_in": town,
            "file_name": kept.name,
            "file_digest": kept.digest,
            "file_kind": kept.kind,
            "entered_by": person,
            "entered_at": timezone.now(),
        },
    )
    record(
        current.purchase,
        town,
        person,
        "contract",
        lot=current,
        yen=made.amount,
        file=kept.digest,
        **{name: given[name].isoformat() for name in DATES},
        inputs={"number": made.number},
        concerned=towns_of(current),
    )
    return made


def progress(lot: PurchaseLot) -> list[Progress]:
    """By town, in the order of their codes (two queries)."""
    sums: dict[tuple[str, str], int] = {
        (row["municipality"], row["state"]): row["total"]
        for row in lot.deliveries.order_by().values("municipality", "state").annotate(total=Sum("quantity"))
    }
    return [
        Progress(
            one.municipality,
            one.quantity,
            sums.get((one.municipality_id, State.ACCEPTED), 0),
            sums.get((one.municipality_id, State.RECORDED), 0),
            sums.get((one.municipality_id, State.DEFECTIVE), 0),
        )
        for one in lot.demands.select_related("municipality").order_by("municipality_id")
    ]


@transaction.atomic
def deliver(
    lot: PurchaseLot,
    town: Municipality,
    person: Person,
    receiver: Municipality,
    *,
    quantity: int,
    on: date,
) -> PurchaseDelivery:
    """Writes down what came to ``receiver``, which then confirms it. What was found defective does not count."""
    current = locked_lot(lot, PurchaseLot.State.AWARDED)
    found = next((one for one in progress(current) if one.municipality.pk == receiver.pk), None)
    if found is None:
        raise Refused(_("このロットに、その自治体の需要はありません。"), "municipality")
    if on > timezone.localdate():
        raise Refused(_("納入された日は、今日までの日にしてください。"), "on")
    left = found.ordered - found.delivered - found.waiting
    if not 0 < quantity <= left:
        raise Refused(_("納入が残っている数量は%(left)sです。") % {"left": left}, "quantity")
    made = PurchaseDelivery.objects.create(
        consortium_id=current.consortium_id,
        lot=current,
        municipality=receiver,
        quantity=quantity,
        on=on,
        entered_by=person,
    )
    record(
        current.purchase,
        town,
        person,
        "deliver",
        lot=current,
        delivery=made.pk,
        receiver=receiver.pk,
        quantity=quantity,
        on=on.isoformat(),
        concerned=[receiver],
    )
    return made


@transaction.atomic
def confirm(delivery: PurchaseDelivery, town: Municipality, person: Person, defects: str) -> None:
    """The town's own inspection: accepted, or with defects, then it counts as not delivered."""
    current = locked_lot(delivery.lot, PurchaseLot.State.AWARDED)
    row = PurchaseDelivery.objects.select_for_update().get(pk=delivery.pk)
    if row.municipality_id != town.pk:
        raise Refused(_("納入を確認できるのは、受け取った自治体だけです。"))
    if row.state != State.RECORDED:
        raise Refused(_("この納入はもう確認されています。"))
    row.defects = defects.strip()
    row.state = State.DEFECTIVE if row.defects else State.ACCEPTED
    row.confirmed_by, row.confirmed_at = person, timezone.now()
    row.save(update_fields=["defects", "state", "confirmed_by", "confirmed_at"])
    record(
        current.purchase,
        town,
        person,
        "confirm_delivery",
        lot=current,
        delivery=row.pk,
        result=row.state,
        inputs={"defects": row.defects},
    )
