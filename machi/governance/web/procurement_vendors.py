"""Vendors of a procurement check: their answers, by form or by sheet, the comparison, and the choice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.forms import add_refusal
from machi.governance.domain import procurement as checks
from machi.governance.domain import procurement_vendors as verbs
from machi.governance.domain.procurement_word import formula_in_words
from machi.governance.engine.answer_sheet import Answer, Problem, read_answers
from machi.governance.engine.scoring import Out, Reason
from machi.governance.engine.sensitivity import CONCENTRATION, SAMPLES
from machi.governance.models import Procurement, Vendor
from machi.governance.web.procurement import CHECK, below, the_procurement
from machi.governance.web.procurement_forms import DecideForm, MarksForm, ReasonForm, SheetForm, VendorForm

State = Procurement.State
_MOST_PROBLEMS = 20
PROBLEMS = {
    "too_large": gettext_noop("ファイルが大きすぎます。"),
    "not_readable": gettext_noop("Excel（.xlsx）かCSVとして読めません。"),
    "no_header": gettext_noop(
        "「項目コード」と「点数」の列が見つかりません。回答用紙を書き出し直してください。"
    ),
    "no_code": gettext_noop("項目コードがありません。"),
    "unknown_item": gettext_noop("この調達にない項目コードです。"),
    "twice": gettext_noop("同じ項目コードが2回あります。"),
    "bad_points": gettext_noop("点数は0から4までの整数です。"),
    "too_long": gettext_noop("回答が長すぎます（4,000字まで）。"),
}
OUTS = {
    Out.MUST: gettext_noop("必須の「%(title)s」が0点"),
    Out.NOT_MARKED: gettext_noop("「%(title)s」が未採点"),
    Out.OVER_CEILING: gettext_noop("価格が予定価格を超えている"),
    Out.NO_PRICE: gettext_noop("価格が入っていない"),
}


@staff(CHECK)
def add_vendor(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    found = the_procurement(pk)
    form = VendorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            vendor = verbs.add_vendor(found, visitor(request), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("governance:vendor", municipality.code, pk, vendor.pk)
    return _form(request, municipality, found, form, _("事業者を足す"), _("足す"))


@staff(CHECK)
def change_vendor(request: HttpRequest, municipality: Municipality, pk: int, vendor: int) -> HttpResponseBase:
    known = the_vendor(pk, vendor)
    form = VendorForm(request.POST or None, initial={"name": known.name, "price": known.price})
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change_vendor(known, visitor(request), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("変更しました。"))
            return redirect("governance:vendor", municipality.code, pk, vendor)
    return _form(request, municipality, known.procurement, form, known.name, _("保存する"))


@staff(CHECK)
def withdraw_vendor(
    request: HttpRequest, municipality: Municipality, pk: int, vendor: int
) -> HttpResponseBase:
    known = the_vendor(pk, vendor)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.withdraw_vendor(known, visitor(request), form.cleaned_data["reason"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("「%(name)s」を外しました。") % {"name": known.name})
            return redirect("governance:procurement", municipality.code, pk)
    title = _("「%(name)s」を外しますか") % {"name": known.name}
    consequence = _("入れた回答と点数も消え、元には戻せません。外したことは台帳に残ります。")
    return _form(
        request, municipality, known.procurement, form, title, _("外す"), consequence=consequence, danger=True
    )


@staff(CHECK)
def vendor(request: HttpRequest, municipality: Municipality, pk: int, vendor: int) -> HttpResponseBase:
    """Points and notes of one vendor; POST saves them."""
    known = the_vendor(pk, vendor)
    items = checks.selected(known.procurement)
    form = MarksForm(request.POST or None, items=items, known=known_answers(known))
    if request.method == "POST" and form.is_valid():
        try:
            number = verbs.mark(known, visitor(request), form.answers())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request,
                _("保存しました（%(total)s項目のうち%(number)s項目を採点）。")
                % {"total": len(items), "number": number},
            )
            return redirect("governance:vendor", municipality.code, pk, vendor)
    return _vendor_page(request, municipality, known, form, SheetForm())


@staff(CHECK)
def upload_sheet(request: HttpRequest, municipality: Municipality, pk: int, vendor: int) -> HttpResponseBase:
    """Takes a filled-in sheet, or says by row and column why not and takes nothing."""
    known = the_vendor(pk, vendor)
    items = checks.selected(known.procurement)
    problems: list[str] = []
    sheet = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if sheet.is_valid():
        read = read_answers(sheet.cleaned_data["file"], {one.code for one in items})
        if not read.problems:
            try:
                verbs.mark(known, visitor(request), read.answers, source="sheet")
            except Refused as refused:
                add_refusal(sheet, refused)
            else:
                messages.success(
                    request, _("回答用紙から%(number)s項目を取り込みました。") % {"number": len(read.answers)}
                )
                return redirect("governance:vendor", municipality.code, pk, vendor)
        problems = [_in_words(one) for one in read.problems]
    form = MarksForm(items=items, known=known_answers(known))
    return _vendor_page(request, municipality, known, form, sheet, problems)


@staff(CHECK)
def scores(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """All vendors side by side, how sure the order is, and the choice."""
    found = the_procurement(pk)
    if found.state == State.DRAFT:
        messages.error(request, _("先に要件を確定してください。"))
        return redirect("governance:procurement", municipality.code, pk)
    compared = verbs.evaluation(found)
    names = {str(one.pk): one.name for one in compared.vendors}
    form = DecideForm(
        request.POST or None, winners=[(int(key), names[key]) for key in compared.result.winners]
    )
    if request.method == "POST" and form.is_valid():
        chosen = get_object_or_404(Vendor, pk=form.cleaned_data["vendor"], procurement=found)
        try:
            verbs.decide(found, visitor(request), chosen, form.cleaned_data["reason"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("「%(name)s」を選びました。") % {"name": chosen.name})
            return redirect("governance:procurement", municipality.code, pk)
    context = {
        "title": _("比較"),
        "procurement": found,
        "form": form,
        **_compared(compared, {one.code: one.title for one in checks.selected(found)}),
        "formula": formula_in_words(compared.formula),
        "samples": SAMPLES,
        "concentration": int(CONCENTRATION),
        "may_decide": found.state == State.FIXED and bool(compared.result.winners),
        "tie": len(compared.result.winners) > 1,
        "breadcrumbs": below(municipality, found, _("比較")),
    }
    return render(request, "governance/procurement/scores.html", context)


def the_vendor(pk: int, vendor: int) -> Vendor:
    found: Vendor = get_object_or_404(
        Vendor.objects.select_related("procurement__municipality"), pk=vendor, procurement=pk
    )
    return found


def known_answers(vendor: Vendor) -> dict[str, Answer]:
    return {one.item.code: Answer(one.points, one.note) for one in vendor.answers.select_related("item")}


def outs_in_words(reasons: tuple[Reason, ...], titles: dict[str, str]) -> list[str]:
    return [_(OUTS[one.why]) % {"title": titles.get(one.criterion, "")} for one in reasons]


def _compared(compared: verbs.Evaluation, titles: dict[str, str]) -> dict[str, Any]:
    names = {str(one.pk): one.name for one in compared.vendors}
    points = {one.vendor: one.points for one in compared.bids}
    scores, flip = compared.result.scores, compared.flip
    return {
        "vendors": [
            {
                "vendor": vendor,
                "score": score,
                "quality": float(score.quality),
                "price": None if score.price is None else float(score.price),
                "value": None if score.value is None else float(score.value),
                "outs": outs_in_words(score.out, titles),
            }
            for vendor, score in zip(compared.vendors, scores, strict=True)
        ],
        "rows": [
            {
                "title": titles[one.key],
                "must": one.must,
                "weight": f"{one.weight.normalize():f}",
                "points": [
                    {"points": points[str(vendor.pk)].get(one.key), "must": one.must}
                    for vendor in compared.vendors
                ],
            }
            for one in compared.criteria
        ],
        "robustness": [
            {"name": names[one.vendor], "near": one.near * 100, "anywhere": one.anywhere * 100}
            for one in compared.robustness
        ],
        "flip": flip
        and {
            "rival": names[flip.rival],
            "moved": float(flip.moved),
            "taken": [{"title": titles[key], "amount": float(amount)} for key, amount in flip.taken],
            "given_to": titles[flip.given_to],
        },
    }


def _vendor_page(
    request: HttpRequest,
    municipality: Municipality,
    known: Vendor,
    form: MarksForm,
    sheet: SheetForm,
    problems: list[str] | None = None,
) -> HttpResponseBase:
    context = {
        "title": known.name,
        "procurement": known.procurement,
        "vendor": known,
        "form": form,
        "sheet": sheet,
        "problems": (problems or [])[:_MOST_PROBLEMS],
        "more_problems": max(0, len(problems or []) - _MOST_PROBLEMS),
        "open": known.procurement.state == State.FIXED,
        "breadcrumbs": below(municipality, known.procurement, known.name),
    }
    return render(request, "governance/procurement/vendor.html", context)


def _in_words(problem: Problem) -> str:
    told = _(PROBLEMS[problem.code])
    if problem.row is None:
        return told
    place = _("%(row)s行目「%(column)s」") % {"row": problem.row, "column": problem.column}
    return f"{place}: {told}" + (f"（{problem.value[:40]}）" if problem.value else "")


def _form(
    request: HttpRequest,
    municipality: Municipality,
    procurement: Procurement,
    form: Any,
    title: str,
    submit: str,
    **more: Any,
) -> HttpResponseBase:
    context = {
        "title": title,
        "form": form,
        "submit": submit,
        "cancel_url": reverse("governance:procurement", args=[municipality.code, procurement.pk]),
        "breadcrumbs": below(municipality, procurement, title),
        **more,
    }
    return render(request, "governance/procurement/step.html", context)
