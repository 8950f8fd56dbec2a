"""Vendors' offers: names, prices and marks, entered or imported by the office; opened for everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm
from machi.base.web.holding import PREVIEW, TakeForm, packed, unpacked
from machi.base.web.table_problems import told
from machi.governance.engine.answer_sheet import Answer, Problem, read_answers
from machi.joint.domain import procurement_offers as verbs
from machi.joint.domain.procurement_offers import Priced
from machi.joint.domain.procurement_requirements import selected
from machi.joint.models import JointPurchase, PurchaseLot, PurchaseVendor
from machi.joint.web.procurement_forms import OfferForm, ReasonForm, UploadForm
from machi.joint.web.procurement_offer_forms import MarksForm, VendorForm
from machi.joint.web.procurement_pages import (
    RUN,
    SEE,
    crumbs,
    form_page,
    is_office,
    the_lot,
    the_purchase,
    to,
)

State = JointPurchase.State
_MOST_PROBLEMS = 20
_HELD = "joint.procurement.offers"
OWN_PROBLEMS = {"tier_order": gettext_lazy("段階は数量1から始め、少ない順に並べてください。")}
SHEET_PROBLEMS = {
    "too_large": gettext_lazy("ファイルが大きすぎます。"),
    "not_readable": gettext_lazy("Excel（.xlsx）かCSVとして読めません。"),
    "no_header": gettext_lazy(
        "「項目コード」と「点数」の列が見つかりません。回答用紙を書き出し直してください。"
    ),
    "no_code": gettext_lazy("項目コードがありません。"),
    "unknown_item": gettext_lazy("この調達にない項目コードです。"),
    "twice": gettext_lazy("同じ項目コードが2回あります。"),
    "bad_points": gettext_lazy("点数は0から4までの整数です。"),
    "too_long": gettext_lazy("回答が長すぎます（4,000字まで）。"),
}


@member(SEE)
def vendors(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Who offers what; nothing of it for members before the opening."""
    found = the_purchase(pk)
    office = is_office(request, municipality)
    known = verbs.vendors(found, office=office)
    if "format" in request.GET:
        columns = [*verbs.COLUMNS]
        rows = (
            (str(vendor.name), offer.lot.number, tier.quantity, tier.unit_price)
            for vendor in known
            for offer in vendor.offers.all()
            for tier in verbs.tiers_of(offer)
        )
        return export(request, f"joint-offers-{pk}", columns, rows)
    total = len(selected(found))
    context = {
        "title": _("見積"),
        "purchase": found,
        "office": office,
        "sealed": verbs.sealed(found, office=office),
        "vendors": [
            {
                "vendor": one,
                "offers": len(one.offers.all()),
                "marked": sum(answer.points is not None for answer in one.answers.all()),
            }
            for one in known
        ],
        "total": total,
        "lots": list(found.lots.select_related("item")),
        "tendering": found.state == State.TENDER,
        "why_not": verbs.why_not_opened(found) if office and found.state == State.TENDER else [],
        "breadcrumbs": crumbs(municipality, found, _("見積")),
    }
    return render(request, "joint/procurement/vendors.html", context)


@member(RUN)
def add_vendor(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_purchase(pk)

    def act(form: VendorForm) -> str:
        made = verbs.add_vendor(found, municipality, visitor(request), form.cleaned_data["name"])
        return to("purchase_vendor", municipality, pk, made.pk)

    return form_page(
        request,
        VendorForm(request.POST or None),
        act,
        title=_("事業者を足す"),
        submit=_("足す"),
        back=to("purchase_vendors", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("事業者を足す")),
    )


@member(RUN)
def rename_vendor(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, vendor: int
) -> HttpResponseBase:
    known = the_vendor(pk, vendor)
    return form_page(
        request,
        VendorForm(request.POST or None, initial={"name": known.name}),
        lambda form: verbs.rename_vendor(known, municipality, visitor(request), form.cleaned_data["name"]),
        title=_("事業者の名前を直す"),
        submit=_("保存する"),
        back=to("purchase_vendor", municipality, pk, vendor),
        breadcrumbs=crumbs(municipality, known.purchase, str(known.name)),
    )


@member(RUN)
def withdraw_vendor(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, vendor: int
) -> HttpResponseBase:
    known = the_vendor(pk, vendor)

    def act(form: ReasonForm) -> str:
        verbs.withdraw_vendor(known, municipality, visitor(request), form.cleaned_data["reason"])
        return to("purchase_vendors", municipality, pk)

    return form_page(
        request,
        ReasonForm(request.POST or None),
        act,
        title=_("「%(name)s」を外しますか") % {"name": known.name},
        submit=_("外す"),
        back=to("purchase_vendor", municipality, pk, vendor),
        breadcrumbs=crumbs(municipality, known.purchase, str(known.name)),
        consequence=_("入れた見積と点数も消え、元には戻せません。外したことは台帳に残ります。"),
        danger=True,
    )


@member(SEE)
def vendor(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, vendor: int
) -> HttpResponseBase:
    """Prices and marks of one vendor; the office changes them, others read them once they are open."""
    known = the_vendor(pk, vendor)
    office = is_office(request, municipality)
    if verbs.sealed(known.purchase, office=office):
        return redirect("joint:purchase_vendors", municipality.code, pk)
    opened = known.purchase.state == State.OPENED
    awarded = known.purchase.lots.filter(state=PurchaseLot.State.AWARDED).exists()
    form = _marks(known, request.POST if request.method == "POST" and office else None)

    def act(form: MarksForm) -> None:
        reason = form.cleaned_data.get("reason", "")
        verbs.mark(known, municipality, visitor(request), form.answers(), reason=reason)

    return _vendor_page(
        request, municipality, known, form, act, editable=office and not awarded, opened=opened, office=office
    )


@member(RUN)
def upload_answers(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, vendor: int
) -> HttpResponseBase:
    """Takes a filled-in answer sheet, or says by row and column why not and takes nothing."""
    known = the_vendor(pk, vendor)
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[str] = []

    def act(form: UploadForm) -> None:
        verbs.mark(known, municipality, visitor(request), read.answers, source="sheet")

    if request.method == "POST" and form.is_valid():
        read = read_answers(form.cleaned_data["file"], {one.code for one in selected(known.purchase)})
        problems = [_in_words(one) for one in read.problems]
        if not problems:
            return form_page(
                request,
                form,
                act,
                title=_("回答用紙を取り込む"),
                submit=_("取り込む"),
                back=to("purchase_vendor", municipality, pk, vendor),
                breadcrumbs=crumbs(municipality, known.purchase, str(known.name)),
                done=_("回答用紙を取り込みました。"),
            )
    context = {
        "title": _("「%(name)s」の回答用紙を取り込む") % {"name": known.name},
        "form": form,
        "problems": problems[:_MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - _MOST_PROBLEMS),
        "sheet_url": to("purchase_answer_sheet", municipality, pk),
        "cancel_url": to("purchase_vendor", municipality, pk, vendor),
        "breadcrumbs": crumbs(municipality, known.purchase, str(known.name)),
    }
    return render(request, "joint/procurement/import.html", context)


@member(RUN)
def offer(
    request: HttpRequest,
    municipality: Municipality,
    consortium: Consortium,
    pk: int,
    vendor: int,
    number: int,
) -> HttpResponseBase:
    """One vendor's price tiers for one lot."""
    known, lot = the_vendor(pk, vendor), the_lot(pk, number)
    now = known.offers.filter(lot=lot).first()
    tiers = [(one.quantity, one.unit_price) for one in verbs.tiers_of(now)] if now else []

    def act(form: OfferForm) -> None:
        rows = [(row[0], row[1]) for row in form.tiers()]
        verbs.offer(known, lot, municipality, visitor(request), rows)

    return form_page(
        request,
        OfferForm(request.POST or None, tiers=tiers),
        act,
        title=_("%(name)sの見積　%(lot)s") % {"name": known.name, "lot": lot},
        submit=_("保存する"),
        back=to("purchase_vendor", municipality, pk, vendor),
        breadcrumbs=crumbs(municipality, known.purchase, _("見積"), str(known.name)),
        done=_("単価を保存しました。開札まで、ほかの町には見えません。"),
        template="joint/procurement/tiers.html",
        lead=_(
            "数量が増えると安くなるときは、段を分けて入れます。すべて空けて保存すると、見積なしになります。"
        ),
    )


@member(RUN)
def import_offers(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Reads all vendors' prices and shows what would be taken; nothing is written before."""
    found = the_purchase(pk)
    if request.GET.get("format"):
        lots = found.lots.all()
        return export(request, f"offer-form-{pk}", verbs.COLUMNS, [["", one.number, 1, None] for one in lots])
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        priced, wrong = verbs.read_prices(found, form.cleaned_data["file"])
        problems = told(wrong, OWN_PROBLEMS)
        if not wrong:
            return _preview(request, municipality, found, priced)
    context = {
        "title": _("見積を表から取り込む"),
        "form": form,
        "problems": problems[:_MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - _MOST_PROBLEMS),
        "columns": verbs.COLUMNS,
        "cancel_url": to("purchase_vendors", municipality, pk),
        "breadcrumbs": crumbs(municipality, found, _("見積を表から取り込む")),
    }
    return render(request, "joint/procurement/import.html", context)


@member(RUN)
def take_offers(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_purchase(pk)

    def act(form: TakeForm) -> None:
        kept = unpacked(form.cleaned_data["payload"], _HELD)
        priced = [Priced(name, lot, tuple((one[0], one[1]) for one in tiers)) for name, lot, tiers in kept]
        verbs.take_prices(found, municipality, visitor(request), priced)

    return form_page(
        request,
        TakeForm(request.POST or None),
        act,
        title=_("見積を表から取り込む"),
        submit=_("取り込む"),
        back=to("purchase_vendors", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("見積を表から取り込む")),
        done=_("見積を取り込みました。開札まで、ほかの町には見えません。"),
    )


def _preview(
    request: HttpRequest, town: Municipality, found: JointPurchase, priced: list[Priced]
) -> HttpResponseBase:
    context = {
        "title": _("取り込む内容を確かめる"),
        "form": TakeForm(
            initial={"payload": packed([[one.vendor, one.lot, one.tiers] for one in priced], _HELD)}
        ),
        "action": to("take_offers", town, found.pk),
        "columns": verbs.COLUMNS,
        "rows": [
            [one.vendor, one.lot, f"{quantity:,}", f"{yen:,}"]
            for one in priced
            for quantity, yen in one.tiers
        ],
        "note": _("まだ取り込んでいません。同じ事業者・ロットの前の見積は、この内容に置き換わります。"),
        "cancel_url": to("import_offers", town, found.pk),
        "breadcrumbs": crumbs(town, found, _("見積を表から取り込む")),
    }
    return render(request, PREVIEW, context)


@member(RUN)
def open_offers(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_purchase(pk)
    return form_page(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda form: verbs.open_offers(found, municipality, visitor(request)),
        title=_("「%(title)s」を開札しますか") % {"title": found.title},
        submit=_("開札する"),
        back=to("purchase", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("開札")),
        done=_("開札しました。見積が、すべての町に見えます。"),
        consequence=_(
            "開札すると、すべての町に事業者名と価格が見え、見積を足したり変えたりできなくなります。"
        ),
        todo=verbs.why_not_opened(found) if found.state == State.TENDER else [],
        danger=True,
    )


def the_vendor(pk: int, vendor: int) -> PurchaseVendor:
    found: PurchaseVendor = get_object_or_404(
        PurchaseVendor.objects.select_related("purchase__consortium"), pk=vendor, purchase=pk
    )
    return found


def _marks(known: PurchaseVendor, data: Any) -> MarksForm:
    answers = {
        one.requirement.code: Answer(one.points, one.note)
        for one in known.answers.select_related("requirement")
    }
    opened = known.purchase.state == State.OPENED
    return MarksForm(data, items=selected(known.purchase), known=answers, opened=opened)


def _vendor_page(
    request: HttpRequest,
    town: Municipality,
    known: PurchaseVendor,
    form: MarksForm,
    act: Any,
    *,
    editable: bool,
    opened: bool,
    office: bool,
) -> HttpResponseBase:
    purchase = known.purchase
    offers = {one.lot_id: verbs.tiers_of(one) for one in known.offers.all()}
    return form_page(
        request,
        form,
        act,
        title=str(known.name),
        submit=_("採点を保存する"),
        back=to("purchase_vendor", town, purchase.pk, known.pk),
        breadcrumbs=crumbs(town, purchase, _("見積"), str(known.name)),
        done=_("採点を保存しました。"),
        template="joint/procurement/vendor.html",
        purchase=purchase,
        vendor=known,
        office=office,
        editable=editable,
        opened=opened,
        priced=[
            {"lot": lot, "tiers": offers.get(lot.pk, [])} for lot in purchase.lots.select_related("item")
        ],
    )


def _in_words(problem: Problem) -> str:
    why = str(SHEET_PROBLEMS[problem.code])
    if problem.row is None:
        return why
    place = _("%(row)s行目「%(column)s」: ") % {"row": problem.row, "column": problem.column}
    return place + why + (f"（{problem.value[:40]}）" if problem.value else "")
