"""What each town wants of a joint purchase: its own only, and only while demand is collected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.tables import Problem, Reader, read_table
from machi.base.models import Municipality, Person
from machi.joint.domain.procurement import State, is_open, locked, record
from machi.joint.models import JointPurchase, PurchaseDemand, PurchaseItem

MOST = 1_000_000
MOST_YEN = 10**12
ITEM, QUANTITY, EARLIEST, LATEST = "品目", "数量", "納入の希望（早くて）", "納入の希望（遅くて）"
CONDITIONS, CEILING = "条件", "上限額（円、税込）"
REQUIRED = (ITEM, QUANTITY, EARLIEST, LATEST)
OPTIONAL = (CONDITIONS, CEILING)
"""Headings by which the columns are found. They are part of the file's format and stay Japanese in any language."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of demand as it is typed or imported."""

    item: int
    """Primary key."""
    quantity: int
    earliest: date
    latest: date
    conditions: str = ""
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """What all towns together want of an item: the only thing that others see before the lots are formed."""

    item: PurchaseItem
    towns: int
    quantity: int


def totals(purchase: JointPurchase) -> list[Total]:
    found = purchase.items.annotate(
        towns=Count("demands__municipality", distinct=True), wanted=Sum("demands__quantity")
    )
    return [Total(one, one.towns, one.wanted or 0) for one in found]


def seen_by(
    purchase: JointPurchase, town: Municipality, *, office: bool
) -> QuerySet[PurchaseDemand, PurchaseDemand]:
    """The lines that may be shown there: all of them to the office or once the lots are formed, else one's own."""
    found = purchase.demands.select_related("item", "municipality").order_by("item_id", "municipality_id")
    if office or purchase.lots_at is not None:
        return found
    return found.filter(municipality=town)


def lot_numbers(purchase: JointPurchase) -> dict[int, int]:
    """Numbers of its lots by their keys. Not joined to the lines of demand: who pays what stands in the lot's row, for
    all towns, and would be read again with every line."""
    return dict(purchase.lots.values_list("pk", "number"))


def shown_ceiling(demand: PurchaseDemand, town: Municipality, *, office: bool) -> int | None:
    """The ceiling, which other towns never see."""
    return demand.ceiling if office or demand.municipality_id == town.pk else None


def read(purchase: JointPurchase, data: bytes) -> tuple[list[Wanted], list[Problem]]:
    """A town's list from Excel or CSV; lines only where there are no problems."""
    table = read_table(data, REQUIRED, OPTIONAL)
    if table.problems:
        return [], list(table.problems)
    items = {one.name: one.pk for one in purchase.items.all()}
    reader = Reader()
    reader.unique(table.rows, ITEM)
    wanted = []
    for row in table.rows:
        item = reader.choice(row, ITEM, items, required=True)
        quantity = reader.whole(row, QUANTITY, required=True, least=1, most=MOST)
        earliest = reader.date(row, EARLIEST, required=True)
        latest = reader.date(row, LATEST, required=True)
        conditions = reader.text(row, CONDITIONS)
        ceiling = reader.whole(row, CEILING, least=1, most=MOST_YEN)
        if earliest and latest and latest < earliest:
            reader.report("out_of_range", row, LATEST)
        if item and quantity and earliest and latest:
            wanted.append(Wanted(item, quantity, earliest, latest, conditions, ceiling))
    if not table.rows:
        reader.report("missing", None, ITEM)
    return ([], reader.problems) if reader.problems else (wanted, [])


@transaction.atomic
def enter(
    purchase: JointPurchase,
    town: Municipality,
    person: Person,
    wanted: Sequence[Wanted],
    *,
    source: str = "form",
) -> int:
    """Takes all lines or none; a line replaces what the town wanted of that item before. Returns how many."""
    current = _open(purchase)
    items = {one.pk: one for one in current.items.all()}
    known = {one.item_id: one for one in current.demands.filter(municipality=town)}
    for line in wanted:
        if line.item not in items:
            raise Refused(_("この調達にない品目です。"), "item")
        if not 0 < line.quantity <= MOST:
            raise Refused(_("数量は1以上にしてください。"), "quantity")
        if line.latest < line.earliest:
            raise Refused(_("「遅くて」の日は「早くて」の日より後にしてください。"), "latest")
        demand = known.get(line.item) or PurchaseDemand(
            consortium_id=current.consortium_id, purchase=current, item=items[line.item], municipality=town
        )
        demand.quantity, demand.earliest, demand.latest = line.quantity, line.earliest, line.latest
        demand.conditions, demand.ceiling = line.conditions.strip(), line.ceiling
        demand.entered_by, demand.entered_at = person, timezone.now()
        demand.save()
    record(
        current,
        town,
        person,
        "enter_demand",
        source=source,
        quantities={str(one.item): one.quantity for one in wanted},
        inputs={"demand": [_plain(one) for one in wanted]},
    )
    return len(wanted)


@transaction.atomic
def withdraw(demand: PurchaseDemand, town: Municipality, person: Person) -> None:
    current = _open(demand.purchase)
    if demand.municipality_id != town.pk:
        raise Refused(_("ほかの自治体の需要は取り下げられません。"))
    record(current, town, person, "withdraw_demand", item=demand.item_id)
    demand.delete()


def _open(purchase: JointPurchase) -> JointPurchase:
    current = locked(purchase, State.COLLECTING)
    if not is_open(current):
        raise Refused(_("需要の締切を過ぎています。共同事務局に相談してください。"))
    return current


def _plain(line: Wanted) -> Mapping[str, Any]:
    return {
        "item": line.item,
        "quantity": line.quantity,
        "earliest": line.earliest.isoformat(),
        "latest": line.latest.isoformat(),
        "conditions": line.conditions,
        "ceiling": line.ceiling,
    }
