"""Vendors' answers to a fixed procurement check, how they compare, and the choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.governance.domain.procurement import criteria, formula, record, selected
from machi.governance.engine.answer_sheet import Answer
from machi.governance.engine.scoring import Bid, Criterion, Formula, Result, evaluate
from machi.governance.engine.sensitivity import Flip, Robustness, robustness, smallest_flip
from machi.governance.models import Procurement, Vendor, VendorAnswer

State = Procurement.State


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How the vendors compare; ``bids`` name them by primary key."""

    vendors: list[Vendor]
    criteria: list[Criterion]
    formula: Formula
    bids: list[Bid]
    result: Result
    robustness: list[Robustness]
    flip: Flip | None


def evaluation(procurement: Procurement) -> Evaluation:
    """Reads all answers (four queries) and compares them. Only for what has been fixed."""
    items, how = criteria(procurement), formula(procurement)
    vendors = list(procurement.vendors.prefetch_related("answers__item"))
    bids = [
        Bid(
            str(vendor.pk),
            {
                one.item.code: one.points
                for one in vendor.answers.all()
                if one.points is not None and one.item.selected
            },
            vendor.price,
        )
        for vendor in vendors
    ]
    return Evaluation(
        vendors,
        items,
        how,
        bids,
        evaluate(items, how, bids),
        robustness(items, how, bids),
        smallest_flip(items, how, bids),
    )


@transaction.atomic
def add_vendor(procurement: Procurement, person: Person, *, name: str, price: int | None) -> Vendor:
    current = _fixed(procurement)
    if current.vendors.filter(name=name.strip()).exists():
        raise Refused(_("同じ名前の事業者がいます。"), "name")
    vendor = Vendor.objects.create(
        municipality=current.municipality, procurement=current, name=name.strip(), price=price
    )
    record(current, "add_vendor", person, vendor=vendor.pk, inputs={"name": vendor.name, "price": price})
    return vendor


@transaction.atomic
def change_vendor(vendor: Vendor, person: Person, *, name: str, price: int | None) -> None:
    current = _fixed(vendor.procurement)
    if current.vendors.filter(name=name.strip()).exclude(pk=vendor.pk).exists():
        raise Refused(_("同じ名前の事業者がいます。"), "name")
    vendor.name, vendor.price = name.strip(), price
    vendor.save(update_fields=["name", "price"])
    record(current, "change_vendor", person, vendor=vendor.pk, inputs={"name": vendor.name, "price": price})


@transaction.atomic
def withdraw_vendor(vendor: Vendor, person: Person, reason: str) -> None:
    """Takes a vendor out with its answers: it withdrew, or was entered by mistake."""
    current = _fixed(vendor.procurement)
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    record(
        current,
        "withdraw_vendor",
        person,
        vendor=vendor.pk,
        inputs={"name": vendor.name, "reason": reason.strip()},
    )
    vendor.delete()


@transaction.atomic
def mark(vendor: Vendor, person: Person, answers: Mapping[str, Answer], *, source: str = "form") -> int:
    """Points and notes by the item's code; an empty note or no points takes away what was there.

    Returns how many items were marked. Refused for an item that is not asked.
    """
    current = _fixed(vendor.procurement)
    items = {one.code: one for one in selected(current)}
    known = {one.item_id: one for one in vendor.answers.all()}
    for code, answer in answers.items():
        if code not in items:
            raise Refused(_("この調達にない項目です: %(code)s") % {"code": code})
        item = items[code]
        row = known.get(item.pk) or VendorAnswer(municipality=current.municipality, vendor=vendor, item=item)
        if row.pk or answer.points is not None or answer.note:
            row.points, row.note = answer.points, answer.note
            row.save()
    points = {code: one.points for code, one in answers.items()}
    record(
        current,
        "mark",
        person,
        vendor=vendor.pk,
        points=points,
        source=source,
        inputs={"notes": {code: one.note for code, one in answers.items()}},
    )
    return sum(one is not None for one in points.values())


@transaction.atomic
def decide(procurement: Procurement, person: Person, vendor: Vendor, reason: str) -> None:
    """The choice, for good. Refused for anyone but the first; among equals the reason says how it was decided."""
    current = _fixed(procurement)
    if not reason.strip():
        raise Refused(_("選んだ理由を書いてください。"), "reason")
    compared = evaluation(current)
    score = next((one for one in compared.result.scores if one.vendor == str(vendor.pk)), None)
    if score is None or score.rank != 1:
        raise Refused(_("選べるのは、評価が最も高い事業者だけです。"), "vendor")
    current.state, current.chosen, current.reason = State.DECIDED, vendor, reason.strip()
    current.decided_at = timezone.now()
    current.save(update_fields=["state", "chosen", "reason", "decided_at"])
    record(
        current,
        "decide",
        person,
        vendor=vendor.pk,
        values={one.vendor: None if one.value is None else str(one.value) for one in compared.result.scores},
        ranks={one.vendor: one.rank for one in compared.result.scores},
        inputs={"reason": current.reason, "name": vendor.name},
    )


def _fixed(procurement: Procurement) -> Procurement:
    """The row as it stands now, locked."""
    current = Procurement.objects.select_for_update().select_related("municipality").get(pk=procurement.pk)
    if current.state == State.DRAFT:
        raise Refused(_("先に要件を確定してください。"))
    if current.state != State.FIXED:
        raise Refused(_("この調達はもう終わっています。"))
    return current
