"""Vendors' offers: entered sealed by the joint office, opened for all members on one day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.tables import Problem, Reader, read_table
from machi.base.models import Municipality, Person
from machi.governance.engine.answer_sheet import Answer
from machi.joint.domain.procurement import State, locked, record, towns_in
from machi.joint.domain.procurement_demand import MOST
from machi.joint.domain.procurement_requirements import selected
from machi.joint.engine.lots import Price, Tier, price
from machi.joint.models import (
    JointPurchase,
    PurchaseAnswer,
    PurchaseLot,
    PurchaseOffer,
    PurchaseVendor,
)

VENDOR, LOT, FROM, UNIT_PRICE = "事業者名", "ロット番号", "数量（以上）", "単価（円、税込）"
MOST_UNIT_PRICE = 10**9
COLUMNS = (VENDOR, LOT, FROM, UNIT_PRICE)
"""Headings by which the columns are found. They are part of the file's format and stay Japanese in any language."""
Tiers = Sequence[tuple[int, int]]
"""From this quantity on, this unit price."""


@dataclass(frozen=True, slots=True)
class Priced:
    """One vendor's price tiers for one lot, as imported."""

    vendor: str
    lot: int
    """Number of the lot."""
    tiers: tuple[tuple[int, int], ...]


def sealed(purchase: JointPurchase, *, office: bool) -> bool:
    """Are offers still hidden from this visitor?"""
    return purchase.opened_at is None and not office


def vendors(purchase: JointPurchase, *, office: bool) -> list[PurchaseVendor]:
    """Who answered, with offers and answers; nobody while they are sealed."""
    if sealed(purchase, office=office):
        return []
    return list(purchase.vendors.prefetch_related("offers__lot__item", "answers__requirement"))


def tiers_of(offer: PurchaseOffer) -> list[Tier]:
    return [Tier(*one) for one in json.loads(offer.sealed)]


def price_of(offer: PurchaseOffer, quantity: int) -> Price:
    return price(tiers_of(offer), quantity)


@transaction.atomic
def add_vendor(purchase: JointPurchase, town: Municipality, person: Person, name: str) -> PurchaseVendor:
    current = locked(purchase, State.TENDER)
    vendor = PurchaseVendor(consortium_id=current.consortium_id, purchase=current)
    _name(vendor, name)
    record(current, town, person, "add_vendor", vendor=vendor.pk, inputs={"name": vendor.name})
    return vendor


@transaction.atomic
def rename_vendor(vendor: PurchaseVendor, town: Municipality, person: Person, name: str) -> None:
    current = locked(vendor.purchase, State.TENDER)
    _name(vendor, name)
    record(current, town, person, "change_vendor", vendor=vendor.pk, inputs={"name": vendor.name})


@transaction.atomic
def withdraw_vendor(vendor: PurchaseVendor, town: Municipality, person: Person, reason: str) -> None:
    """Takes a vendor out with its offers: it withdrew, or was entered by mistake."""
    current = locked(vendor.purchase, State.TENDER)
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    record(
        current,
        town,
        person,
        "withdraw_vendor",
        vendor=vendor.pk,
        inputs={"name": vendor.name, "reason": reason.strip()},
    )
    vendor.delete()


@transaction.atomic
def offer(
    vendor: PurchaseVendor, lot: PurchaseLot, town: Municipality, person: Person, tiers: Tiers
) -> PurchaseOffer | None:
    """Price tiers for one lot; none takes the offer back. What is offered stays out of the ledger but for a digest."""
    current = locked(vendor.purchase, State.TENDER)
    made = _offered(current, vendor, lot, tiers)
    record(
        current,
        town,
        person,
        "offer",
        vendor=vendor.pk,
        lot=lot,
        inputs={"tiers": [list(one) for one in tiers]},
    )
    return made


def read_prices(purchase: JointPurchase, data: bytes) -> tuple[list[Priced], list[Problem]]:
    """All vendors' prices from one list, a line a tier; offers only where there are no problems."""
    table = read_table(data, COLUMNS)
    if table.problems:
        return [], list(table.problems)
    lots = {str(one.number): one.number for one in purchase.lots.all()}
    reader = Reader()
    found: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for row in table.rows:
        name = reader.text(row, VENDOR, required=True, longest=120)
        lot = reader.choice(row, LOT, lots, required=True)
        quantity = reader.whole(row, FROM, required=True, least=1, most=MOST)
        yen = reader.whole(row, UNIT_PRICE, required=True, least=1, most=MOST_UNIT_PRICE)
        if not (name and lot and quantity and yen):
            continue
        tiers = found.setdefault((name, lot), [])
        if (tiers and quantity <= tiers[-1][0]) or (not tiers and quantity != 1):
            reader.report("tier_order", row, FROM)
        tiers.append((quantity, yen))
    if not table.rows:
        reader.report("missing", None, VENDOR)
    if reader.problems:
        return [], reader.problems
    return [Priced(vendor, lot, tuple(tiers)) for (vendor, lot), tiers in found.items()], []


@transaction.atomic
def take_prices(purchase: JointPurchase, town: Municipality, person: Person, priced: Sequence[Priced]) -> int:
    """Takes all offers of an imported list or none; vendors not known yet are added. Returns how many vendors."""
    current = locked(purchase, State.TENDER)
    known = {str(one.name): one for one in current.vendors.all()}
    lots = {one.number: one for one in current.lots.all()}
    for one in priced:
        if one.vendor not in known:
            known[one.vendor] = add_vendor(current, town, person, one.vendor)
        _offered(current, known[one.vendor], lots[one.lot], one.tiers)
    record(
        current,
        town,
        person,
        "import_offers",
        offers=[[known[one.vendor].pk, one.lot] for one in priced],
        inputs={"tiers": [[one.vendor, one.lot, [list(tier) for tier in one.tiers]] for one in priced]},
    )
    return len({one.vendor for one in priced})


@transaction.atomic
def mark(
    vendor: PurchaseVendor,
    town: Municipality,
    person: Person,
    answers: Mapping[str, Answer],
    *,
    reason: str = "",
    source: str = "form",
) -> int:
    """Points and notes by the requirement's code; returns how many are marked.

    Once the offers are open points change only with a reason, and what was compared must be compared anew.
    """
    current = locked(vendor.purchase, State.TENDER, State.OPENED)
    if current.state == State.OPENED and not reason.strip():
        raise Refused(_("開札の後に採点を直すときは、理由を書いてください。"), "reason")
    if current.lots.filter(state=PurchaseLot.State.AWARDED).exists():
        raise Refused(_("落札したロットがあるため、採点は変えられません。"))
    items = {one.code: one for one in selected(current)}
    known = {one.requirement_id: one for one in vendor.answers.all()}
    for code, answer in answers.items():
        if code not in items:
            raise Refused(_("この調達にない項目です: %(code)s") % {"code": code})
        row = known.get(items[code].pk) or PurchaseAnswer(
            consortium_id=current.consortium_id, vendor=vendor, requirement=items[code]
        )
        if row.pk or answer.points is not None or answer.note:
            row.points, row.note = answer.points, answer.note
            row.save()
    current.lots.update(evaluation=None)
    points = {code: one.points for code, one in answers.items()}
    record(
        current,
        town,
        person,
        "mark",
        vendor=vendor.pk,
        points=points,
        source=source,
        explanation=reason.strip(),
        inputs={"notes": {code: one.note for code, one in answers.items()}},
    )
    return sum(one is not None for one in points.values())


def why_not_opened(purchase: JointPurchase) -> list[str]:
    """What stands against opening the offers; empty: nothing."""
    found = []
    if purchase.offers_by and timezone.localdate() < purchase.offers_by:
        found.append(_("見積の期限（%(day)s）の日になるまで、開札できません。") % {"day": purchase.offers_by})
    if not PurchaseOffer.objects.filter(lot__purchase=purchase).exists():
        found.append(_("見積がまだ入っていません。"))
    codes = {one.code for one in selected(purchase)}
    for vendor in purchase.vendors.prefetch_related("answers__requirement"):
        marked = {one.requirement.code for one in vendor.answers.all() if one.points is not None}
        if missing := len(codes - marked):
            found.append(
                _("「%(name)s」の採点が%(number)s項目残っています。価格を開ける前に終えてください。")
                % {"name": vendor.name, "number": missing}
            )
    return found


@transaction.atomic
def open_offers(purchase: JointPurchase, town: Municipality, person: Person) -> None:
    """From here on every member sees the offers, and none is added or changed."""
    current = locked(purchase, State.TENDER)
    if why := why_not_opened(current):
        raise Refused(" ".join(why))
    current.state, current.opened_at = State.OPENED, timezone.now()
    current.save(update_fields=["state", "opened_at"])
    offers = PurchaseOffer.objects.filter(lot__purchase=current).select_related("lot")
    record(
        current,
        town,
        person,
        "open_offers",
        offers={f"{one.lot.number}/{one.vendor_id}": json.loads(one.sealed) for one in offers},
        concerned=towns_in(current),
    )


def _name(vendor: PurchaseVendor, name: str) -> None:
    name = name.strip()
    others = vendor.purchase.vendors.exclude(pk=vendor.pk)
    if name in {str(one.name) for one in others}:
        raise Refused(_("同じ名前の事業者がいます。"), "name")
    vendor.name = name
    vendor.save()


def _offered(
    purchase: JointPurchase, vendor: PurchaseVendor, lot: PurchaseLot, tiers: Tiers
) -> PurchaseOffer | None:
    if not tiers:
        PurchaseOffer.objects.filter(vendor=vendor, lot=lot).delete()
        return None
    try:
        price([Tier(*one) for one in tiers], 1)
    except ValueError:
        raise Refused(
            _("単価の段階は、数量1から始め、数量の少ない順に書いてください。単価は1円以上です。")
        ) from None
    if any(yen < 1 for _from, yen in tiers):
        raise Refused(_("単価は1円以上にしてください。"))
    made, _created = PurchaseOffer.objects.update_or_create(
        vendor=vendor,
        lot=lot,
        defaults={
            "consortium_id": purchase.consortium_id,
            "sealed": json.dumps([list(one) for one in tiers]),
        },
    )
    return made
