"""Lots: the proposal, changed and confirmed by the office; afterwards the list for everybody, and each lot's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.joint.domain import procurement_lots as verbs
from machi.joint.domain.procurement import lots_listed
from machi.joint.domain.procurement_delivery import amount_of
from machi.joint.domain.procurement_demand import shown_ceiling
from machi.joint.domain.procurement_offers import price_of
from machi.joint.domain.procurement_sharing import standing
from machi.joint.domain.procurement_words import RULES
from machi.joint.models import JointPurchase, PurchaseLot
from machi.joint.web.procurement_forms import MOST_LINES, LotsForm
from machi.joint.web.procurement_pages import (
    AGREE,
    ENTER,
    RUN,
    SEE,
    crumbs,
    form_page,
    is_office,
    lot_crumbs,
    the_lot,
    the_purchase,
    to,
)

_A_PAGE = 50


@member(RUN)
def propose(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The engine's lots, each line with a number that a person may change."""
    found = the_purchase(pk)
    if found.state != JointPurchase.State.COLLECTING:
        messages.info(request, _("ロットはもう決まっています。"))
        return redirect("joint:purchase", municipality.code, pk)
    proposed = verbs.proposal(found, municipality)

    def act(form: LotsForm) -> None:
        verbs.confirm(found, municipality, visitor(request), form.numbers(), form.cleaned_data["reason"])

    form = LotsForm(request.POST or None, proposed=proposed)
    return form_page(
        request,
        form,
        act,
        title=_("ロットの案"),
        submit=_("この分け方で決める"),
        back=to("purchase", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("ロットの案")),
        done=_("ロットを決めました。次に、要件を作ります。"),
        template="joint/procurement/propose.html",
        purchase=found,
        proposed=proposed,
        page_obj=Paginator(form.rows, MOST_LINES).get_page(request.GET.get("page")),
    )


@member(SEE)
def lots(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The lots with what they were expected to save, who won them and how their cost is shared."""
    found = the_purchase(pk)
    rows = list(lots_listed(found))
    if "format" in request.GET:
        columns = [
            _("ロット番号"), _("品目"), _("数量"), _("納入日"), _("自治体の数"), _("見込みの節約額（下限）"),
            _("見込みの節約額（上限）"), _("状態"), _("落札者"), _("落札額（円、税込）"), _("分担の方法"),
        ]  # fmt: skip
        return export(request, f"joint-lots-{pk}", columns, (_row(one) for one in rows))
    context = {
        "title": _("ロット"),
        "purchase": found,
        "lots": [{"lot": one, "quantity": sum(d.quantity for d in one.demands.all())} for one in rows],
        "breadcrumbs": crumbs(municipality, found, _("ロット")),
    }
    return render(request, "joint/procurement/lots.html", context)


def _row(lot: PurchaseLot) -> list[Any]:
    quantity = sum(one.quantity for one in lot.demands.all())
    return [
        lot.number,
        lot.item.name,
        quantity,
        lot.on,
        len(lot.demands.all()),
        lot.expected["saves"]["least"],
        lot.expected["saves"]["most"],
        lot.get_state_display(),
        str(lot.offer.vendor.name) if lot.offer else "",
        price_of(lot.offer, quantity).yen if lot.offer else None,
        RULES.get(lot.rule, ""),
    ]


@member(SEE)
def lot(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    found = the_lot(pk, number)
    person = visitor(request)
    office = is_office(request, municipality)
    demands = list(found.demands.select_related("municipality").order_by("municipality_id"))
    demands.sort(key=lambda one: one.municipality_id != municipality.pk)  # one's own first
    page = Paginator(demands, _A_PAGE).get_page(request.GET.get("page"))
    awarded = found.state == PurchaseLot.State.AWARDED
    consent = found.consents.filter(municipality=municipality).first()
    context = {
        "title": str(found),
        "lot": found,
        "purchase": found.purchase,
        "office": office,
        "opened": found.purchase.opened_at is not None,
        "quantity": sum(one.quantity for one in demands),
        "page_obj": page,
        "demands": [
            {"demand": one, "ceiling": shown_ceiling(one, municipality, office=office)} for one in page
        ],
        "amount": amount_of(found) if awarded else None,
        "unit_price": price_of(found.offer, sum(d.quantity for d in demands)).unit_price
        if found.offer
        else None,
        "rule": RULES.get(found.rule, ""),
        "consent": consent,
        "may_answer": consent is not None and person.has_perm(AGREE, municipality),
        "may_enter": person.has_perm(ENTER, municipality),
        "standing": standing(found) if found.rule else None,
        "contract": getattr(found, "contract", None),
        "breadcrumbs": lot_crumbs(municipality, found),
    }
    return render(request, "joint/procurement/lot.html", context)
