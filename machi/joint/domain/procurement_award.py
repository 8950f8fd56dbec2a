"""How the offers for a lot compare by price and quality, and to whom a person awards it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.running import ensure_may_run
from machi.governance.engine.scoring import Bid, Score, evaluate
from machi.governance.engine.sensitivity import Flip, robustness, smallest_flip
from machi.joint.domain.procurement import ADVICE, locked_lot, record, towns_of
from machi.joint.domain.procurement_offers import price_of
from machi.joint.domain.procurement_requirements import criteria, formula
from machi.joint.models import PurchaseLot, PurchaseOffer

State = PurchaseLot.State


def quantity_of(lot: PurchaseLot) -> int:
    return sum(one.quantity for one in lot.demands.all())


@transaction.atomic
def compare(lot: PurchaseLot, town: Municipality, person: Person) -> None:
    """Scores and ranks the offers, and how far the order hangs on the weights; kept with the lot as it was found."""
    ensure_may_run(town, ADVICE)
    current = locked_lot(lot, State.OPEN)
    offers = list(current.offers.select_related("vendor").prefetch_related("vendor__answers__requirement"))
    if not offers:
        raise Refused(_("このロットには見積がありません。"))
    items, how = criteria(current.purchase), formula(current.purchase, current)
    quantity = quantity_of(current)
    prices = {one.pk: price_of(one, quantity) for one in offers}
    bids = [Bid(str(one.pk), _points(one), prices[one.pk].yen) for one in offers]
    result = evaluate(items, how, bids)
    current.evaluation = {
        "at": timezone.now().isoformat(),
        "quantity": quantity,
        "scores": [
            {
                **_score(score),
                "name": str(one.vendor.name),
                "yen": prices[one.pk].yen,
                "unit_price": prices[one.pk].unit_price,
                "bought": prices[one.pk].bought,
            }
            for one, score in zip(offers, result.scores, strict=True)
        ],
        "winners": [int(one) for one in result.winners],
        "robustness": [
            {"offer": int(one.vendor), "near": one.near, "anywhere": one.anywhere}
            for one in robustness(items, how, bids)
        ],
        "flip": _flip(smallest_flip(items, how, bids)),
    }
    current.save(update_fields=["evaluation"])
    record(
        current.purchase,
        town,
        person,
        "compare",
        lot=current,
        advice=True,
        values={one.vendor: None if one.value is None else str(one.value) for one in result.scores},
        ranks={one.vendor: one.rank for one in result.scores},
        yen={str(key): one.yen for key, one in prices.items()},
        inputs={"points": {one.vendor: dict(one.points) for one in bids}, "ceiling": current.ceiling},
    )


@transaction.atomic
def award(lot: PurchaseLot, town: Municipality, person: Person, offer: PurchaseOffer, reason: str) -> None:
    """The choice, for good. Refused for anyone but the first; among equals the reason says how it was decided."""
    current = locked_lot(lot, State.OPEN)
    if not reason.strip():
        raise Refused(_("落札とした理由を書いてください。"), "reason")
    if current.evaluation is None:
        raise Refused(_("先に、見積を比べてください。"))
    if offer.lot_id != current.pk or offer.pk not in current.evaluation["winners"]:
        raise Refused(_("落札者にできるのは、評価が最も高い事業者だけです。"), "offer")
    current.state, current.offer, current.award_reason = State.AWARDED, offer, reason.strip()
    current.decided_at = timezone.now()
    current.save(update_fields=["state", "offer", "award_reason", "decided_at"])
    found = price_of(offer, quantity_of(current))
    record(
        current.purchase,
        town,
        person,
        "award",
        lot=current,
        offer=offer.pk,
        yen=found.yen,
        unit_price=found.unit_price,
        tied=len(current.evaluation["winners"]) > 1,
        explanation=current.award_reason,
        concerned=towns_of(current),
    )


@transaction.atomic
def fail(lot: PurchaseLot, town: Municipality, person: Person, reason: str) -> None:
    """No award: no offer that meets the requirements within the ceiling, or none at all."""
    current = locked_lot(lot, State.OPEN)
    if not reason.strip():
        raise Refused(_("不調とした理由を書いてください。"), "reason")
    current.state, current.award_reason, current.decided_at = State.FAILED, reason.strip(), timezone.now()
    current.save(update_fields=["state", "award_reason", "decided_at"])
    record(
        current.purchase,
        town,
        person,
        "fail",
        lot=current,
        explanation=current.award_reason,
        concerned=towns_of(current),
    )


def _points(offer: PurchaseOffer) -> dict[str, int]:
    return {
        one.requirement.code: one.points
        for one in offer.vendor.answers.all()
        if one.points is not None and one.requirement.selected
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "offer": int(score.vendor),
        "rank": score.rank,
        "value": _exact(score.value),
        "quality": _exact(score.quality),
        "price": _exact(score.price),
        "out": [[reason.why.value, reason.criterion] for reason in score.out],
    }


def _flip(flip: Flip | None) -> dict[str, Any] | None:
    if flip is None:
        return None
    return {
        "rival": int(flip.rival),
        "moved": str(flip.moved),
        "taken": [[code, str(amount)] for code, amount in flip.taken],
        "given_to": flip.given_to,
    }


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
