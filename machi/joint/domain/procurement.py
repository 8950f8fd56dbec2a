"""A joint purchase: opened by the joint office, with the items that towns may want; what all its verbs share.

Who sees what: everybody of a member town sees the purchase; a town sees its own demand, and of others' only totals
until the lots are formed; offers are sealed for all but the office until they are opened; a town's ceiling is never
shown to another. Every decision is in the ledger of the town in which the office works and of each town in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain import recording
from machi.base.domain.errors import Refused
from machi.base.models import Consortium, LedgerEntry, Municipality, Person
from machi.joint.engine.lots_ranges import RangeTier, check
from machi.joint.models import JointPurchase, PurchaseDemand, PurchaseItem, PurchaseLot

SYSTEM = "joint.procurement"
ADVICE = "joint.purchase_advice"
"""The AI system: proposes lots, compares offers, computes who would pay what."""
KIND = "joint_purchase"
FIELDS = ("title", "purpose", "subject", "collect_until", "tender_yen")
State = JointPurchase.State


def purchases() -> QuerySet[JointPurchase, Any]:
    """All of the consortium, the newest first, with ``town_count`` and ``lot_count``."""
    return (
        JointPurchase.objects.select_related("created_by")
        .annotate(
            town_count=Count("demands__municipality", distinct=True), lot_count=Count("lots", distinct=True)
        )
        .order_by("-created_at", "-pk")
    )


def towns_in(purchase: JointPurchase) -> list[Municipality]:
    """The towns that want something of it."""
    return list(
        Municipality.objects.filter(
            pk__in=purchase.demands.values_list("municipality", flat=True).distinct()
        ).select_related("prefecture")
    )


def towns_of(lot: PurchaseLot) -> list[Municipality]:
    return [
        one.municipality for one in lot.demands.select_related("municipality").order_by("municipality_id")
    ]


def lots_listed(purchase: JointPurchase) -> QuerySet[PurchaseLot, Any]:
    """With what a line about each says; who would pay what of it, a figure for every town and rule, is left where it
    is."""
    return (
        purchase.lots.defer("sharing", "evaluation")
        .select_related("item", "offer__vendor")
        .prefetch_related(Prefetch("demands", PurchaseDemand.objects.only("lot", "municipality", "quantity")))
    )


def is_open(purchase: JointPurchase) -> bool:
    """May towns still enter what they want?"""
    return purchase.state == State.COLLECTING and timezone.localdate() <= purchase.collect_until


@transaction.atomic
def begin(
    consortium: Consortium, town: Municipality, person: Person, given: Mapping[str, Any]
) -> JointPurchase:
    if given["collect_until"] < timezone.localdate():
        raise Refused(_("締切は今日から先の日にしてください。"), "collect_until")
    purchase = JointPurchase.objects.create(
        consortium=consortium, created_by=person, **{name: given[name] for name in FIELDS}
    )
    record(purchase, town, person, "begin", inputs={"given": _plain(given)})
    return purchase


@transaction.atomic
def change(purchase: JointPurchase, town: Municipality, person: Person, given: Mapping[str, Any]) -> None:
    """While demand is collected; the deadline may be moved, too."""
    current = locked(purchase, State.COLLECTING)
    for name in FIELDS:
        setattr(current, name, given[name])
    current.save(update_fields=FIELDS)
    record(
        current,
        town,
        person,
        "change",
        inputs={"given": _plain(given)},
        until=current.collect_until.isoformat(),
        concerned=towns_in(current),
    )


@transaction.atomic
def cancel(purchase: JointPurchase, town: Municipality, person: Person, reason: str) -> None:
    """Gives it up, for good; refused once a lot has been awarded."""
    current = locked(purchase, State.COLLECTING, State.LOTS, State.TENDER, State.OPENED)
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    if current.lots.filter(state=PurchaseLot.State.AWARDED).exists():
        raise Refused(_("落札したロットがあるため、中止できません。"))
    current.state, current.cancel_reason = State.CANCELLED, reason.strip()
    current.save(update_fields=["state", "cancel_reason"])
    record(current, town, person, "cancel", explanation=current.cancel_reason, concerned=towns_in(current))


@transaction.atomic
def add_item(
    purchase: JointPurchase,
    town: Municipality,
    person: Person,
    given: Mapping[str, str],
    tiers: Sequence[Sequence[int]],
) -> PurchaseItem:
    """``tiers``: from quantity, unit price at least, at most."""
    current = locked(purchase, State.COLLECTING)
    item = PurchaseItem(consortium_id=current.consortium_id, purchase=current)
    _write_item(item, given, tiers)
    record(current, town, person, "add_item", item=item.pk, tiers=item.tiers, inputs={"given": dict(given)})
    return item


@transaction.atomic
def change_item(
    item: PurchaseItem,
    town: Municipality,
    person: Person,
    given: Mapping[str, str],
    tiers: Sequence[Sequence[int]],
) -> None:
    """The name and unit stay once a town has said how many it wants."""
    current = locked(item.purchase, State.COLLECTING)
    if item.demands.exists() and (item.name, item.unit) != (given["name"].strip(), given["unit"].strip()):
        raise Refused(_("需要が入っているため、品目の名前と単位は変えられません。"), "name")
    _write_item(item, given, tiers)
    record(
        current, town, person, "change_item", item=item.pk, tiers=item.tiers, inputs={"given": dict(given)}
    )


@transaction.atomic
def remove_item(item: PurchaseItem, town: Municipality, person: Person) -> None:
    current = locked(item.purchase, State.COLLECTING)
    if item.demands.exists():
        raise Refused(_("需要が入っているため、この品目は消せません。"))
    record(current, town, person, "remove_item", item=item.pk, inputs={"name": item.name})
    item.delete()


def tiers_of(item: PurchaseItem) -> list[RangeTier]:
    return [RangeTier(*one) for one in item.tiers]


def _write_item(item: PurchaseItem, given: Mapping[str, str], tiers: Sequence[Sequence[int]]) -> None:
    name = given["name"].strip()
    if item.purchase.items.filter(name=name).exclude(pk=item.pk).exists():
        raise Refused(_("同じ名前の品目があります。"), "name")
    try:
        check([RangeTier(*one) for one in tiers])
    except ValueError:
        raise Refused(
            _(
                "単価の段階は、数量1から始め、数量の少ない順に書いてください。"
                "数量が増えたときの単価は、前の段階と同じか安くしてください。"
            )
        ) from None
    item.name, item.unit = name, given["unit"].strip()
    item.description, item.tiers = given["description"].strip(), [list(one) for one in tiers]
    item.save()


def locked(purchase: JointPurchase, *states: str) -> JointPurchase:
    """The row as it stands now, for the rest of the transaction; Refused unless it is in one of ``states``."""
    current = JointPurchase.objects.select_for_update().get(pk=purchase.pk)
    if current.state not in states:
        raise Refused(
            _("今の状態（%(state)s）では、この操作はできません。") % {"state": current.get_state_display()}
        )
    return current


def locked_lot(lot: PurchaseLot, *states: str) -> PurchaseLot:
    """The same for a lot of a purchase whose offers are open."""
    locked(lot.purchase, State.OPENED)
    current = PurchaseLot.objects.select_for_update().get(pk=lot.pk)
    if current.state not in states:
        raise Refused(
            _("今のロットの状態（%(state)s）では、この操作はできません。")
            % {"state": current.get_state_display()}
        )
    return current


def record(
    purchase: JointPurchase,
    town: Municipality,
    person: Person | None,
    action: str,
    *,
    lot: PurchaseLot | None = None,
    advice: bool = False,
    concerned: Iterable[Municipality] = (),
    inputs: Mapping[str, Any] | None = None,
    own: Mapping[str, Mapping[str, Any]] | None = None,
    lists: Mapping[str, Any] | None = None,
    explanation: str = "",
    **outputs: Any,
) -> LedgerEntry:
    """What was done in ``town``; with ``advice``, what the AI system computed there. ``own`` and ``lists`` as
    ``recording.record`` has them."""
    return recording.record(
        purchase.consortium,
        town,
        person,
        system=ADVICE if advice else SYSTEM,
        kind=ledger.RESULT if advice else KIND,
        subject=f"joint_purchase:{purchase.pk}",
        concerned=() if advice else concerned,
        inputs=inputs,
        own=own,
        lists=lists,
        outputs={
            "action": action,
            "state": purchase.state,
            **({"lot": lot.number} if lot else {}),
            **outputs,
        },
        explanation=explanation,
    )


def _plain(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(given[name]) for name in FIELDS}
