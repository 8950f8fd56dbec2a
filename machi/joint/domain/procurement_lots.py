"""Lots of a joint purchase: proposed by the engine, changed and confirmed by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.running import ensure_may_run
from machi.joint.domain.procurement import ADVICE, State, locked, record, tiers_of
from machi.joint.engine.lots import Demand, Lot, form_lots
from machi.joint.engine.lots_ranges import Expected, expected
from machi.joint.models import JointPurchase, PurchaseDemand, PurchaseItem, PurchaseLot


@dataclass(frozen=True, slots=True)
class Proposed:
    number: int
    item: PurchaseItem
    on: date
    demands: list[PurchaseDemand]
    expected: Expected

    @property
    def quantity(self) -> int:
        return sum(one.quantity for one in self.demands)


def proposal(purchase: JointPurchase, town: Municipality) -> list[Proposed]:
    """The fewest lots that serve every town's window, and what each is expected to save; nothing is written."""
    ensure_may_run(town, ADVICE)
    demands = _demands(purchase)
    by_key = {(str(one.item_id), one.municipality_id): one for one in demands}
    lots = form_lots(_plain(one) for one in demands)
    return [
        _proposed(number, lot, [by_key[lot.item, one.town] for one in lot.demands], purchase)
        for number, lot in enumerate(lots, 1)
    ]


def grouped(purchase: JointPurchase, numbers: Mapping[int, int]) -> list[Proposed]:
    """Lots as a person put them together: ``numbers`` by the demand's primary key. Refused for lots that cannot be."""
    groups: dict[int, list[PurchaseDemand]] = {}
    for one in _demands(purchase):
        if one.pk not in numbers:
            raise Refused(_("需要が変わりました。ロットの案をもう一度見てください。"))
        groups.setdefault(numbers[one.pk], []).append(one)
    return [
        _proposed(at, _one_lot(groups[number], number), groups[number], purchase)
        for at, number in enumerate(sorted(groups), 1)
    ]


@transaction.atomic
def confirm(
    purchase: JointPurchase, town: Municipality, person: Person, numbers: Mapping[int, int], reason: str
) -> list[PurchaseLot]:
    """Ends the collecting of demand. From here on towns see each other's demand, but for ceilings."""
    current = locked(purchase, State.COLLECTING)
    if not reason.strip():
        raise Refused(_("この分け方にした理由を書いてください。"), "reason")
    advised = proposal(current, town)
    chosen = grouped(current, numbers)
    if not chosen:
        raise Refused(_("需要がまだ入っていません。"))
    record(current, town, person, "propose_lots", advice=True, lots=_told(advised))
    lots = [_made(current, one) for one in chosen]
    current.state, current.lots_reason, current.lots_at = State.LOTS, reason.strip(), timezone.now()
    current.save(update_fields=["state", "lots_reason", "lots_at"])
    record(
        current,
        town,
        person,
        "confirm_lots",
        lists={"lots": _told(chosen)},
        own=_own(chosen),
        as_proposed=_grouping(advised) == _grouping(chosen),
        before_deadline=timezone.localdate() <= current.collect_until,
        explanation=current.lots_reason,
        concerned=[one.municipality for lot in chosen for one in lot.demands],
    )
    return lots


def _demands(purchase: JointPurchase) -> list[PurchaseDemand]:
    return list(
        purchase.demands.select_related("item", "municipality").order_by("item_id", "municipality_id")
    )


def _plain(demand: PurchaseDemand) -> Demand:
    return Demand(
        demand.municipality_id, str(demand.item_id), demand.quantity, demand.earliest, demand.latest
    )


def _proposed(number: int, lot: Lot, demands: list[PurchaseDemand], purchase: JointPurchase) -> Proposed:
    item = demands[0].item
    return Proposed(number, item, lot.on, demands, expected(lot, tiers_of(item), purchase.tender_yen))


def _one_lot(demands: Sequence[PurchaseDemand], number: int) -> Lot:
    if len({one.item_id for one in demands}) > 1:
        raise Refused(_("ロット%(number)sに、違う品目が入っています。") % {"number": number})
    on = min(one.latest for one in demands)
    if late := [str(one.municipality) for one in demands if one.earliest > on]:
        raise Refused(
            _("ロット%(number)sの納入日（%(on)s）が、次の自治体の希望より早くなります: %(towns)s")
            % {"number": number, "on": on.isoformat(), "towns": "、".join(late)}
        )
    return Lot(str(demands[0].item_id), on, tuple(_plain(one) for one in demands))


def _made(purchase: JointPurchase, one: Proposed) -> PurchaseLot:
    lot = PurchaseLot.objects.create(
        consortium_id=purchase.consortium_id,
        purchase=purchase,
        item=one.item,
        number=one.number,
        on=one.on,
        expected=asdict(one.expected),
    )
    PurchaseDemand.objects.filter(pk__in=[demand.pk for demand in one.demands]).update(lot=lot)
    return lot


def _told(lots: Sequence[Proposed]) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "item": one.item.pk,
            "on": one.on.isoformat(),
            "towns": [demand.municipality_id for demand in one.demands],
            "quantity": one.quantity,
            "saves": [one.expected.saves.least, one.expected.saves.most],
        }
        for one in lots
    ]


def _own(lots: Sequence[Proposed]) -> dict[str, dict[str, Any]]:
    """By each town's code: the lots it is in, with its quantity and the whole one."""
    found: dict[str, dict[str, Any]] = {}
    for lot in lots:
        whole = {
            "number": lot.number,
            "item": lot.item.pk,
            "on": lot.on.isoformat(),
            "of": lot.quantity,
        }
        for one in lot.demands:
            mine = found.setdefault(one.municipality_id, {"own_lots": []})["own_lots"]
            mine.append({**whole, "quantity": one.quantity})
    return found


def _grouping(lots: Sequence[Proposed]) -> set[frozenset[int]]:
    return {frozenset(demand.pk for demand in one.demands) for one in lots}
