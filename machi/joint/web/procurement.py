"""Joint purchases: the list, one purchase with what comes next, its items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm
from machi.base.web.history import told
from machi.joint.domain import procurement as verbs
from machi.joint.domain import procurement_demand as demand
from machi.joint.domain import procurement_letters as letters
from machi.joint.domain import procurement_requirements as requirements
from machi.joint.models import JointPurchase, PurchaseConsent, PurchaseDelivery, PurchaseItem, PurchaseLot
from machi.joint.web.procurement_forms import ItemForm, PurchaseForm, ReasonForm
from machi.joint.web.procurement_pages import (
    ACTIONS,
    AGREE,
    ENTER,
    RUN,
    SEE,
    crumbs,
    form_page,
    is_office,
    the_purchase,
    to,
)

State = JointPurchase.State
_A_PAGE = 25


class PurchaseFilter(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("状態"), required=False, choices=[("", gettext_lazy("すべて")), *State.choices]
    )


@member(SEE)
def purchases(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = PurchaseFilter(request.GET)
    found = verbs.purchases()
    if form.is_valid() and form.cleaned_data["state"]:
        found = found.filter(state=form.cleaned_data["state"])
    if "format" in request.GET:
        columns = [_("件名"), _("状態"), _("需要の締切"), _("参加する町"), _("ロット"), _("作成日時")]
        rows = (
            (
                one.title,
                one.get_state_display(),
                one.collect_until,
                one.town_count,
                one.lot_count,
                one.created_at,
            )
            for one in found
        )
        return export(request, "joint-purchases", columns, rows)
    context = {
        "title": _("共同調達"),
        "form": form,
        "page_obj": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "filtered": bool(request.GET.get("state")),
        "office": is_office(request, municipality),
        "consortium": consortium,
        "breadcrumbs": [(_("共同調達"), "")],
    }
    return render(request, "joint/procurement/purchases.html", context)


@member(RUN)
def begin(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    def act(form: PurchaseForm) -> str:
        made = verbs.begin(consortium, municipality, visitor(request), form.cleaned_data)
        return to("purchase", municipality, made.pk)

    return form_page(
        request,
        PurchaseForm(request.POST or None, initial={"tender_yen": 0}),
        act,
        title=_("共同調達を始める"),
        submit=_("始める"),
        back=to("purchases", municipality),
        breadcrumbs=[*crumbs(municipality, None), (_("共同調達を始める"), "")],
        done=_("共同調達を始めました。次に、買う品目を入れてください。"),
    )


@member(SEE)
def purchase(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Where it stands, what comes next for whoever looks, its items, lots and papers."""
    found = the_purchase(pk)
    office = is_office(request, municipality)
    lots = list(verbs.lots_listed(found))
    shown = [_lot(one, municipality) for one in lots]
    mine = {one.item_id: one for one in found.demands.filter(municipality=municipality)}
    context = {
        "purchase": found,
        "office": office,
        "may_enter": visitor(request).has_perm(ENTER, municipality),
        "open": verbs.is_open(found),
        "totals": [{"total": one, "mine": mine.get(one.item.pk)} for one in demand.totals(found)],
        "lots": shown,
        "asked": len(requirements.selected(found)),
        "vendor_count": found.vendors.count() if office or found.opened_at else None,
        "todo": list(_todo(request, municipality, found, lots, office)),
        "has_letters": any(row["lot"].rule and (office or row["ours"]) for row in shown),
        "parts": range(1, letters.parts(verbs.towns_in(found) if office else [municipality]) + 1),
        "may_cancel": office
        and found.state != State.CANCELLED
        and not any(lot.state == PurchaseLot.State.AWARDED for lot in lots),
        "events": told(f"joint_purchase:{pk}", ACTIONS),
        "breadcrumbs": crumbs(municipality, found),
    }
    return render(request, "joint/procurement/purchase.html", context)


def _lot(lot: PurchaseLot, town: Municipality) -> dict[str, Any]:
    demands = list(lot.demands.all())
    return {
        "lot": lot,
        "quantity": sum(one.quantity for one in demands),
        "towns": len(demands),
        "ours": any(one.municipality_id == town.pk for one in demands),
    }


def _todo(
    request: HttpRequest,
    town: Municipality,
    found: JointPurchase,
    lots: list[PurchaseLot],
    office: bool,
) -> Iterator[tuple[str, str]]:
    """What this visitor can do next: words and address."""
    pk = found.pk
    if office:
        yield from _office_todo(town, found, lots)
    if visitor(request).has_perm(ENTER, town):
        if verbs.is_open(found) and found.items.exists():
            yield _("町の需要を入れる"), to("purchase_demand", town, pk)
        waiting = PurchaseDelivery.objects.filter(
            lot__purchase=found, municipality=town, state=PurchaseDelivery.State.RECORDED
        ).values_list("lot__number", flat=True)
        for number in sorted(set(waiting)):
            yield (
                _("ロット%(number)sの納入を確かめる") % {"number": number},
                to("lot_deliveries", town, pk, number),
            )
    if visitor(request).has_perm(AGREE, town):
        asked = PurchaseConsent.objects.filter(
            lot__purchase=found, municipality=town, state=PurchaseConsent.State.ASKED
        ).values_list("lot__number", flat=True)
        for number in asked:
            yield (
                _("ロット%(number)sの負担額に答える") % {"number": number},
                to("answer_share", town, pk, number),
            )


def _office_todo(
    town: Municipality, found: JointPurchase, lots: list[PurchaseLot]
) -> Iterator[tuple[str, str]]:
    pk = found.pk
    if found.state == State.COLLECTING:
        yield _("品目を足す"), to("add_purchase_item", town, pk)
        if found.demands.exists():
            yield _("ロットの案を見て、決める"), to("purchase_lots", town, pk)
    elif found.state == State.LOTS:
        yield _("買うものについて答える"), to("purchase_facts", town, pk)
        if found.facts:
            yield _("要件を選ぶ"), to("purchase_requirements", town, pk)
            yield _("重みと予定価格を決める"), to("purchase_weights", town, pk)
            yield _("要件を確定する"), to("fix_purchase", town, pk)
    elif found.state == State.TENDER:
        yield _("見積と採点を入れる"), to("purchase_vendors", town, pk)
    elif found.state == State.OPENED:
        for lot in lots:
            if lot.state == PurchaseLot.State.OPEN:
                label = _("ロット%(number)sの見積を比べ、落札者を決める")
                yield label % {"number": lot.number}, to("lot_scores", town, pk, lot.number)
            elif lot.state == PurchaseLot.State.AWARDED and not lot.rule:
                label = _("ロット%(number)sの費用の分担を決める")
                yield label % {"number": lot.number}, to("lot_sharing", town, pk, lot.number)


@member(RUN)
def change(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_purchase(pk)
    return form_page(
        request,
        PurchaseForm(request.POST or None, initial={name: getattr(found, name) for name in verbs.FIELDS}),
        lambda form: verbs.change(found, municipality, visitor(request), form.cleaned_data),
        title=_("調達の内容を直す"),
        submit=_("保存する"),
        back=to("purchase", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("調達の内容を直す")),
        done=_("直しました。"),
    )


@member(RUN)
def cancel(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_purchase(pk)
    return form_page(
        request,
        ReasonForm(request.POST or None),
        lambda form: verbs.cancel(found, municipality, visitor(request), form.cleaned_data["reason"]),
        title=_("「%(title)s」を中止しますか") % {"title": found.title},
        submit=_("中止する"),
        back=to("purchase", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("中止")),
        done=_("中止しました。"),
        consequence=_("中止すると元には戻せません。入れた需要と見積は、記録として残ります。"),
        danger=True,
    )


@member(RUN)
def add_item(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_purchase(pk)

    def act(form: ItemForm) -> None:
        verbs.add_item(found, municipality, visitor(request), _texts(form), form.tiers())

    return form_page(
        request,
        ItemForm(request.POST or None),
        act,
        title=_("品目を足す"),
        submit=_("足す"),
        back=to("purchase", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("品目を足す")),
        done=_("品目を足しました。"),
        template="joint/procurement/tiers.html",
        lead=_EXPECTED,
    )


@member(RUN)
def item(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, item: int
) -> HttpResponseBase:
    found = the_purchase(pk)
    known = get_object_or_404(PurchaseItem.objects.select_related("purchase"), pk=item, purchase=found)

    def act(form: ItemForm) -> None:
        verbs.change_item(known, municipality, visitor(request), _texts(form), form.tiers())

    now = {"name": known.name, "unit": known.unit, "description": known.description}
    return form_page(
        request,
        ItemForm(request.POST or None, tiers=known.tiers, initial=now),
        act,
        title=known.name,
        submit=_("保存する"),
        back=to("purchase", municipality, pk),
        breadcrumbs=crumbs(municipality, found, known.name),
        done=_("品目を直しました。"),
        template="joint/procurement/tiers.html",
        lead=_EXPECTED,
        remove_url=to("remove_purchase_item", municipality, pk, item),
    )


@member(RUN)
def remove_item(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, item: int
) -> HttpResponseBase:
    found = the_purchase(pk)
    known = get_object_or_404(PurchaseItem.objects.select_related("purchase"), pk=item, purchase=found)
    return form_page(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda form: verbs.remove_item(known, municipality, visitor(request)),
        title=_("品目「%(name)s」を消しますか") % {"name": known.name},
        submit=_("消す"),
        back=to("purchase", municipality, pk),
        breadcrumbs=crumbs(municipality, found, known.name),
        done=_("品目を消しました。"),
        danger=True,
    )


_EXPECTED = gettext_lazy(
    "聞き取りや過去の契約から、数量ごとの単価の見込みを幅で入れます。"
    "節約の見込みは、この幅から計算します。使わない段は空けておきます。"
)


def _texts(form: ItemForm) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in ("name", "unit", "description")}
