"""What towns want: entered by form or from a list with a dry run; totals for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm
from machi.base.web.holding import PREVIEW, TakeForm, packed, unpacked
from machi.base.web.table_problems import told
from machi.joint.domain import procurement as purchases
from machi.joint.domain import procurement_demand as verbs
from machi.joint.domain.procurement_demand import Wanted
from machi.joint.models import JointPurchase, PurchaseDemand, PurchaseItem
from machi.joint.web.procurement_forms import DemandForm, UploadForm
from machi.joint.web.procurement_pages import (
    ENTER,
    SEE,
    crumbs,
    form_page,
    is_office,
    the_purchase,
    to,
)

_MOST_PROBLEMS = 20
_HELD = "joint.procurement.demand"
_A_PAGE = 50


@member(SEE)
def demand(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """One's own demand beside the totals; all of it to the office, and to everybody once the lots are formed."""
    found = the_purchase(pk)
    office = is_office(request, municipality)
    lines = verbs.seen_by(found, municipality, office=office)
    if "format" in request.GET:
        columns = [_("自治体コード"), _("自治体"), *verbs.REQUIRED, *verbs.OPTIONAL, _("ロット")]
        numbers = verbs.lot_numbers(found)
        rows = (
            (*_row(one, municipality, office), numbers[one.lot_id] if one.lot_id else None) for one in lines
        )
        return export(request, f"joint-demand-{pk}", columns, rows)
    mine = {one.item_id: one for one in found.demands.filter(municipality=municipality)}
    page = Paginator(lines, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("需要"),
        "purchase": found,
        "open": purchases.is_open(found),
        "may_enter": visitor(request).has_perm(ENTER, municipality),
        "items": [{"total": one, "mine": mine.get(one.item.pk)} for one in verbs.totals(found)],
        "page_obj": page,
        "lines": [
            {"demand": one, "ceiling": verbs.shown_ceiling(one, municipality, office=office)} for one in page
        ],
        "all_shown": office or found.lots_at is not None,
        "breadcrumbs": crumbs(municipality, found, _("需要")),
    }
    return render(request, "joint/procurement/demand.html", context)


@member(ENTER)
def demand_item(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, item: int
) -> HttpResponseBase:
    found = the_purchase(pk)
    wanted = get_object_or_404(PurchaseItem, pk=item, purchase=found)
    known = found.demands.filter(item=wanted, municipality=municipality).first()

    def act(form: DemandForm) -> None:
        verbs.enter(found, municipality, visitor(request), [Wanted(item, **form.cleaned_data)])

    names = ("quantity", "earliest", "latest", "conditions", "ceiling")
    return form_page(
        request,
        DemandForm(request.POST or None, initial={name: getattr(known, name, None) for name in names}),
        act,
        title=_("「%(item)s」の需要") % {"item": wanted.name},
        submit=_("保存する"),
        back=to("purchase_demand", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("需要"), wanted.name),
        done=_("需要を保存しました。締切まで直せます。"),
        lead=wanted.description,
        remove_url=to("withdraw_demand", municipality, pk, known.pk) if known else "",
        remove_label=_("この需要を取り下げる"),
    )


@member(ENTER)
def withdraw(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, demand: int
) -> HttpResponseBase:
    found = the_purchase(pk)
    known = get_object_or_404(
        PurchaseDemand.objects.select_related("purchase", "item"),
        pk=demand,
        purchase=found,
        municipality=municipality,
    )
    return form_page(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda form: verbs.withdraw(known, municipality, visitor(request)),
        title=_("「%(item)s」の需要を取り下げますか") % {"item": known.item.name},
        submit=_("取り下げる"),
        back=to("purchase_demand", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("需要の取り下げ")),
        done=_("取り下げました。"),
        danger=True,
    )


@member(ENTER)
def import_demand(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Reads a list and shows what would be taken; nothing is written before it is taken on the next page."""
    found = the_purchase(pk)
    if request.GET.get("format"):
        return export(request, f"demand-form-{pk}", [*verbs.REQUIRED, *verbs.OPTIONAL], _form_rows(found))
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        wanted, wrong = verbs.read(found, form.cleaned_data["file"])
        problems = told(wrong)
        if not wrong:
            return _preview(request, municipality, found, wanted)
    context = {
        "title": _("需要を表から取り込む"),
        "form": form,
        "problems": problems[:_MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - _MOST_PROBLEMS),
        "columns": [*verbs.REQUIRED, *verbs.OPTIONAL],
        "cancel_url": to("purchase_demand", municipality, pk),
        "breadcrumbs": crumbs(municipality, found, _("需要を表から取り込む")),
    }
    return render(request, "joint/procurement/import.html", context)


@member(ENTER)
def take_demand(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_purchase(pk)

    def act(form: TakeForm) -> None:
        kept = unpacked(form.cleaned_data["payload"], _HELD)
        wanted = [
            Wanted(item, quantity, date.fromisoformat(earliest), date.fromisoformat(latest), text, ceiling)
            for item, quantity, earliest, latest, text, ceiling in kept
        ]
        verbs.enter(found, municipality, visitor(request), wanted, source="list")

    return form_page(
        request,
        TakeForm(request.POST or None),
        act,
        title=_("需要を表から取り込む"),
        submit=_("取り込む"),
        back=to("purchase_demand", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("需要を表から取り込む")),
        done=_("表の需要を取り込みました。締切まで直せます。"),
    )


def _preview(
    request: HttpRequest, town: Municipality, found: JointPurchase, wanted: list[Wanted]
) -> HttpResponseBase:
    items = {one.pk: one for one in found.items.all()}
    kept = [
        [
            one.item,
            one.quantity,
            one.earliest.isoformat(),
            one.latest.isoformat(),
            one.conditions,
            one.ceiling,
        ]
        for one in wanted
    ]
    context = {
        "title": _("取り込む内容を確かめる"),
        "form": TakeForm(initial={"payload": packed(kept, _HELD)}),
        "action": to("take_demand", town, found.pk),
        "columns": [*verbs.REQUIRED, *verbs.OPTIONAL],
        "rows": [
            [
                items[one.item].name,
                f"{one.quantity:,}{items[one.item].unit}",
                one.earliest,
                one.latest,
                one.conditions,
                f"{one.ceiling:,}" if one.ceiling else "",
            ]
            for one in wanted
        ],
        "note": _("まだ取り込んでいません。同じ品目の前の内容は、この内容に置き換わります。"),
        "cancel_url": to("import_demand", town, found.pk),
        "breadcrumbs": crumbs(town, found, _("需要を表から取り込む")),
    }
    return render(request, PREVIEW, context)


def _form_rows(found: JointPurchase) -> list[list[Any]]:
    """The form to be filled in: a line an item."""
    return [[one.name, None, None, None, "", None] for one in found.items.all()]


def _row(one: PurchaseDemand, town: Municipality, office: bool) -> list[Any]:
    return [
        one.municipality_id,
        one.municipality.name,
        one.item.name,
        one.quantity,
        one.earliest,
        one.latest,
        one.conditions,
        verbs.shown_ceiling(one, town, office=office),
    ]
