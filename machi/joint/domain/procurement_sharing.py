"""Who pays what of an awarded lot: all rules side by side, one chosen by the office, each town agreeing or not."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.running import ensure_may_run
from machi.joint.domain.procurement import ADVICE, locked_lot, record, towns_of
from machi.joint.domain.procurement_offers import tiers_of
from machi.joint.engine.indicators import shipped
from machi.joint.engine.lots import Demand, Lot
from machi.joint.engine.quantity_game import sharing_of
from machi.joint.engine.sharing import Member, Rule, Share
from machi.joint.models import PurchaseConsent, PurchaseLot

State = PurchaseConsent.State
POPULATION = "A1101"
"""Total population, in SSDSE-A."""
EQUAL_PART = Fraction(1, 5)
"""Shared equally by the rule that mixes; the rest by population."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many towns have said what to the chosen rule."""

    agreed: int
    objected: int
    asked: int

    @property
    def settled(self) -> bool:
        return bool(self.agreed) and not self.objected and not self.asked


def populations(codes: list[str]) -> dict[str, int]:
    table = shipped()
    column = table.column(POPULATION)
    return {code: int(column[at]) for code, at in zip(codes, table.rows(codes), strict=True)}


@transaction.atomic
def compute(lot: PurchaseLot, town: Municipality, person: Person) -> None:
    """Who would pay what by each rule, kept with the lot. A rule chosen before is no longer chosen."""
    ensure_may_run(town, ADVICE)
    current = locked_lot(lot, PurchaseLot.State.AWARDED)
    assert current.offer is not None
    demands = list(current.demands.order_by("municipality_id"))
    people = populations([one.municipality_id for one in demands])
    members = [Member(one.municipality_id, people[one.municipality_id], one.quantity) for one in demands]
    wanted = Lot(
        str(current.item_id),
        current.on,
        tuple(
            Demand(one.municipality_id, str(current.item_id), one.quantity, one.earliest, one.latest)
            for one in demands
        ),
    )
    tiers, tender = tiers_of(current.offer), current.purchase.tender_yen
    found = sharing_of(members, wanted, tiers, tender, equal_part=EQUAL_PART)
    current.sharing = {
        "at": timezone.now().isoformat(),
        "tender": tender,
        "total": sum(found[0].pays.values()),
        "populations": people,
        "quantities": {one.municipality_id: one.quantity for one in demands},
        "rules": [_plain(one) for one in found],
    }
    current.rule, current.rule_reason, current.rule_at = "", "", None
    current.save(update_fields=["sharing", "rule", "rule_reason", "rule_at"])
    current.consents.all().delete()
    record(
        current.purchase,
        town,
        person,
        "share",
        lot=current,
        advice=True,
        total=current.sharing["total"],
        pays={one.rule.value: one.pays for one in found},
        in_core={one.rule.value: one.in_core for one in found},
    )


@transaction.atomic
def choose(lot: PurchaseLot, town: Municipality, person: Person, rule: str, reason: str) -> None:
    """The office's choice, with its reason; every town of the lot is asked, anew if it was asked before."""
    current = locked_lot(lot, PurchaseLot.State.AWARDED)
    if not reason.strip():
        raise Refused(_("この方法にした理由を書いてください。"), "reason")
    share = share_by(current, rule)
    if share is None:
        raise Refused(_("先に、分担を計算してください。"), "rule")
    current.rule, current.rule_reason, current.rule_at = rule, reason.strip(), timezone.now()
    current.save(update_fields=["rule", "rule_reason", "rule_at"])
    current.consents.all().delete()
    PurchaseConsent.objects.bulk_create(
        PurchaseConsent(consortium_id=current.consortium_id, lot=current, municipality_id=code, pays=yen)
        for code, yen in share["pays"].items()
    )
    record(
        current.purchase,
        town,
        person,
        "choose_rule",
        lot=current,
        rule=rule,
        lists={"pays": share["pays"]},
        own={code: {"own_share": yen} for code, yen in share["pays"].items()},
        explanation=current.rule_reason,
        concerned=towns_of(current),
    )


@transaction.atomic
def answer(lot: PurchaseLot, town: Municipality, person: Person, *, agree: bool, reason: str) -> None:
    """A town's word on what it would pay; an objection has a reason. Given anew, the ledger has both."""
    current = locked_lot(lot, PurchaseLot.State.AWARDED)
    consent = PurchaseConsent.objects.select_for_update().filter(lot=current, municipality=town).first()
    if consent is None:
        raise Refused(_("この自治体に、答えることはありません。"))
    if not agree and not reason.strip():
        raise Refused(_("異議の理由を書いてください。"), "reason")
    consent.state = State.AGREED if agree else State.OBJECTED
    consent.reason, consent.answered_by, consent.answered_at = reason.strip(), person, timezone.now()
    consent.save(update_fields=["state", "reason", "answered_by", "answered_at"])
    record(
        current.purchase,
        town,
        person,
        "agree_share" if agree else "object_share",
        lot=current,
        rule=current.rule,
        pays=consent.pays,
        explanation=consent.reason,
    )


def share_by(lot: PurchaseLot, rule: str) -> dict[str, Any] | None:
    """What was computed for one rule; None: nothing was."""
    rules: list[dict[str, Any]] = (lot.sharing or {}).get("rules", [])
    return next((one for one in rules if one["rule"] == rule), None)


def standing(lot: PurchaseLot) -> Standing:
    states = [one.state for one in lot.consents.all()]
    return Standing(*(states.count(one) for one in (State.AGREED, State.OBJECTED, State.ASKED)))


def _plain(share: Share) -> dict[str, Any]:
    worst = share.complaint
    return {
        "rule": share.rule.value,
        "pays": share.pays,
        "saves": share.saves,
        "error": {} if share.rule is not Rule.SHAPLEY else share.error,
        "in_core": share.in_core,
        "complaint": worst
        and {
            "towns": sorted(worst.members),
            "pays": worst.pays,
            "alone": worst.alone,
            "excess": worst.excess,
        },
    }
