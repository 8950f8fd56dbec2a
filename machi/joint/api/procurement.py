"""Joint procurement over HTTP: for staff who are signed in, under the same rules as the pages."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.web.access import visitor
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented, problem
from machi.joint.domain import procurement as verbs
from machi.joint.domain import procurement_demand as demand
from machi.joint.domain import procurement_sharing as sharing
from machi.joint.domain.procurement_offers import price_of
from machi.joint.models import JointPurchase, PurchaseConsent, PurchaseLot

SEE, RUN = "joint.see_purchases", "joint.run_purchases"
ENTER, AGREE = "joint.enter_demand", "joint.agree_share"
router = Router(tags=["joint procurement"])
_BASE = "municipalities/{code}/purchases"


class TierOut(Schema):
    quantity: int = Field(description="From this quantity on.")
    least: int = Field(description="Unit price at least, in yen.")
    most: int


class ItemOut(Schema):
    id: int
    name: str
    unit: str
    expected: list[TierOut]
    towns: int
    quantity: int = Field(description="What all towns together want.")


class RangeOut(Schema):
    least: int
    most: int


class LotOut(Schema):
    number: int
    item: int
    on: datetime.date
    quantity: int
    towns: list[str]
    expected_saving: RangeOut
    state: str
    vendor: str = Field(description="Who won it; empty before.")
    yen: int | None
    rule: str = Field(description="By which its cost is shared; empty before it is chosen.")


class PurchaseOut(Schema):
    id: int
    title: str
    state: str
    subject: str
    collect_until: datetime.date
    offers_by: datetime.date | None
    open: bool = Field(description="Towns may still enter demand.")


class PurchaseFullOut(PurchaseOut):
    purpose: str
    items: list[ItemOut]
    lots: list[LotOut]


class DemandOut(Schema):
    municipality: str
    item: int
    quantity: int
    earliest: datetime.date
    latest: datetime.date
    conditions: str
    ceiling: int | None = Field(description="Only one's own, or for the joint office.")
    lot: int | None


class DemandIn(Schema):
    item: int
    quantity: int = Field(ge=1, le=demand.MOST)
    earliest: datetime.date
    latest: datetime.date
    conditions: str = Field(default="", max_length=4000)
    ceiling: int | None = Field(default=None, ge=1, le=demand.MOST_YEN)


class TakenOut(Schema):
    taken: int


class ConsentOut(Schema):
    municipality: str
    pays: int
    state: str
    reason: str


class SharingOut(Schema):
    total: int | None = Field(description="Yen to be shared; none: not computed yet.")
    rules: list[dict[str, Any]] = Field(
        description="By rule: what each municipality pays, what it saves against buying alone, the half width of the "
        "95 % interval, whether no group of towns would pay less by itself."
    )
    rule: str
    reason: str
    consents: list[ConsentOut]


class AnswerIn(Schema):
    agree: bool
    reason: str = Field(default="", max_length=4000)


@router.get(
    _BASE,
    auth=django_auth,
    url_name="purchases",
    response=list[PurchaseOut],
    openapi_extra=documented(401, 403, 404),
)
def purchases(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[dict[str, Any]]:
    """Joint purchases of a consortium that the municipality is a member of, the newest first."""
    with opened(request, code, SEE, consortium):
        return [_plain(one) for one in verbs.purchases()]


@router.get(
    _BASE + "/{pk}",
    auth=django_auth,
    url_name="purchase",
    response=PurchaseFullOut,
    openapi_extra=documented(401, 403, 404),
)
def purchase(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> dict[str, Any]:
    """One of them with its items and, once they are formed, its lots."""
    with opened(request, code, SEE, consortium):
        found = _the_purchase(pk)
        lots = found.lots.select_related("offer__vendor").prefetch_related("demands")
        return {
            **_plain(found),
            "purpose": found.purpose,
            "items": [_item(one) for one in demand.totals(found)],
            "lots": [_lot(one) for one in lots],
        }


@router.get(
    _BASE + "/{pk}/demand",
    auth=django_auth,
    url_name="purchase_demand",
    response=list[DemandOut],
    openapi_extra=documented(401, 403, 404),
)
def read_demand(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> list[dict[str, Any]]:
    """The municipality's own lines; all towns' for the joint office, and for everybody once the lots are formed."""
    with opened(request, code, SEE, consortium) as (town, _, _):
        office = visitor(request).has_perm(RUN, town)
        found = _the_purchase(pk)
        numbers = demand.lot_numbers(found)
        return [
            {
                "municipality": one.municipality_id,
                "item": one.item_id,
                "quantity": one.quantity,
                "earliest": one.earliest,
                "latest": one.latest,
                "conditions": one.conditions,
                "ceiling": demand.shown_ceiling(one, town, office=office),
                "lot": numbers[one.lot_id] if one.lot_id else None,
            }
            for one in demand.seen_by(found, town, office=office)
        ]


@router.put(
    _BASE + "/{pk}/demand",
    auth=django_auth,
    url_name="enter_purchase_demand",
    response=TakenOut,
    openapi_extra=documented(401, 403, 404, 422),
)
def enter_demand(
    request: HttpRequest, code: Code, pk: int, lines: list[DemandIn], consortium: Chosen = None
) -> dict[str, int] | HttpResponse:
    """Takes all lines of the municipality's demand or none; a line replaces what it wanted of that item before."""
    wanted = [demand.Wanted(**one.dict()) for one in lines]
    with opened(request, code, ENTER, consortium) as (town, _, _):
        try:
            return {"taken": demand.enter(_the_purchase(pk), town, visitor(request), wanted, source="api")}
        except Refused as refused:
            return problem(422, str(refused.message))


@router.get(
    _BASE + "/{pk}/lots/{number}/sharing",
    auth=django_auth,
    url_name="lot_sharing",
    response=SharingOut,
    openapi_extra=documented(401, 403, 404),
)
def read_sharing(
    request: HttpRequest, code: Code, pk: int, number: int, consortium: Chosen = None
) -> dict[str, Any]:
    """Who would pay what of a lot by each rule, which one was chosen, and what the towns say to it."""
    with opened(request, code, SEE, consortium):
        lot = _the_lot(pk, number)
        kept = lot.sharing or {}
        return {
            "total": kept.get("total"),
            "rules": kept.get("rules", []),
            "rule": lot.rule,
            "reason": lot.rule_reason,
            "consents": [_consent(one) for one in lot.consents.all()],
        }


@router.post(
    _BASE + "/{pk}/lots/{number}/sharing/answer",
    auth=django_auth,
    url_name="answer_lot_sharing",
    response=ConsentOut,
    openapi_extra=documented(401, 403, 404, 422),
)
def answer(
    request: HttpRequest,
    code: Code,
    pk: int,
    number: int,
    data: AnswerIn,
    consortium: Chosen = None,
) -> dict[str, Any] | HttpResponse:
    """The municipality agrees to its share, or objects with a reason."""
    with opened(request, code, AGREE, consortium) as (town, _, _):
        lot = _the_lot(pk, number)
        try:
            sharing.answer(lot, town, visitor(request), agree=data.agree, reason=data.reason)
        except Refused as refused:
            return problem(422, str(refused.message))
        return _consent(lot.consents.get(municipality=town))


def _the_purchase(pk: int) -> JointPurchase:
    found = JointPurchase.objects.select_related("consortium").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such purchase.")
    return found


def _the_lot(pk: int, number: int) -> PurchaseLot:
    known = PurchaseLot.objects.select_related("purchase__consortium", "item")
    found = known.filter(purchase=pk, number=number).first()
    if found is None:
        raise Http404("There is no such lot.")
    return found


def _plain(one: JointPurchase) -> dict[str, Any]:
    return {
        "id": one.pk,
        "title": one.title,
        "state": one.state,
        "subject": one.subject,
        "collect_until": one.collect_until,
        "offers_by": one.offers_by,
        "open": verbs.is_open(one),
    }


def _item(total: demand.Total) -> dict[str, Any]:
    return {
        "id": total.item.pk,
        "name": total.item.name,
        "unit": total.item.unit,
        "expected": [
            {"quantity": one.quantity, "least": one.least, "most": one.most}
            for one in verbs.tiers_of(total.item)
        ],
        "towns": total.towns,
        "quantity": total.quantity,
    }


def _lot(lot: PurchaseLot) -> dict[str, Any]:
    demands = list(lot.demands.all())
    quantity = sum(one.quantity for one in demands)
    return {
        "number": lot.number,
        "item": lot.item_id,
        "on": lot.on,
        "quantity": quantity,
        "towns": [one.municipality_id for one in demands],
        "expected_saving": lot.expected["saves"],
        "state": lot.state,
        "vendor": str(lot.offer.vendor.name) if lot.offer else "",
        "yen": price_of(lot.offer, quantity).yen if lot.offer else None,
        "rule": lot.rule,
    }


def _consent(one: PurchaseConsent) -> dict[str, Any]:
    return {
        "municipality": one.municipality_id,
        "pays": one.pays,
        "state": one.state,
        "reason": one.reason,
    }
