"""The AI procurement check, step by step: need, facts, items, weights, fixing; and the list of all of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.base.web.history import told
from machi.governance.domain import procurement as verbs
from machi.governance.domain import risk
from machi.governance.engine.risk import Facts
from machi.governance.engine.scoring import missing_weight
from machi.governance.models import Procurement, ProcurementItem
from machi.governance.web.procurement_forms import (
    FactsForm,
    FormulaForm,
    ItemForm,
    NeedForm,
    ProcurementFilter,
    ReasonForm,
)

_A_PAGE = 25
CHECK = "governance.check_procurement"
State = Procurement.State
ACTIONS = {
    "begin": gettext_noop("始めた"),
    "change_need": gettext_noop("何のためにかを直した"),
    "declare": gettext_noop("使い方とデータに答えた"),
    "choose": gettext_noop("項目を選んだ"),
    "change_item": gettext_noop("項目の文を直した"),
    "add_item": gettext_noop("項目を足した"),
    "weigh": gettext_noop("重みと方式を決めた"),
    "fix": gettext_noop("要件を確定した"),
    "reopen": gettext_noop("作成中に戻した"),
    "add_vendor": gettext_noop("事業者を足した"),
    "change_vendor": gettext_noop("事業者の名前か価格を直した"),
    "withdraw_vendor": gettext_noop("事業者を外した"),
    "mark": gettext_noop("採点した"),
    "decide": gettext_noop("事業者を選んだ"),
    "cancel": gettext_noop("中止した"),
}


@staff(CHECK)
def procurements(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    form = ProcurementFilter(request.GET)
    found = verbs.procurements()
    if form.is_valid() and form.cleaned_data["state"]:
        found = found.filter(state=form.cleaned_data["state"])
    if "format" in request.GET:
        columns = [
            _("件名"),
            _("状態"),
            _("作成者"),
            _("作成日時"),
            _("事業者の数"),
            _("選んだ事業者"),
            _("選定日時"),
        ]
        rows = (
            (
                one.title,
                one.get_state_display(),
                one.created_by.name,
                one.created_at,
                one.vendor_count,
                one.chosen.name if one.chosen else "",
                one.decided_at,
            )
            for one in found
        )
        return export(request, "procurements", columns, rows)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "filtered": bool(request.GET.get("state"))}
    return render(request, "governance/procurement/procurements.html", context)


@staff(CHECK)
def begin(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    form = NeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        procurement = verbs.begin(municipality, visitor(request), form.cleaned_data)
        return redirect("governance:procurement_facts", municipality.code, procurement.pk)
    context = {
        "title": _("新しい調達をチェックする"),
        "form": form,
        "submit": _("保存して次へ"),
        "steps": _steps(municipality, None, "need"),
        "cancel_url": reverse("governance:procurements", args=[municipality.code]),
        "breadcrumbs": [*breadcrumbs(municipality), (_("新しい調達"), "")],
    }
    return render(request, "governance/procurement/step.html", context)


@staff(CHECK)
def procurement(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """Where it stands, what comes next, its files and vendors."""
    found = the_procurement(pk)
    context = {
        "procurement": found,
        "steps": _steps(municipality, found, ""),
        "why_not_fixed": verbs.why_not_fixed(found) if found.state == State.DRAFT else [],
        "items": verbs.selected(found),
        "risk": _risk(found),
        "vendors": found.vendors.all(),
        "may_reopen": found.state == State.FIXED and not verbs.has_answers(found),
        "events": told(f"procurement:{pk}", ACTIONS),
        "breadcrumbs": [*breadcrumbs(municipality), (found.title, "")],
    }
    return render(request, "governance/procurement/procurement.html", context)


@staff(CHECK)
def need(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    found = the_procurement(pk)
    form = NeedForm(request.POST or None, initial={name: getattr(found, name) for name in verbs.NEED})
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change_need(found, visitor(request), form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("governance:procurement_facts", municipality.code, pk)
    return _step(request, municipality, found, "need", form, _("何のために使うか"))


@staff(CHECK)
def facts(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    found = the_procurement(pk)
    form = FactsForm(request.POST or None, facts=found.facts)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.declare(found, visitor(request), form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("governance:procurement_items", municipality.code, pk)
    return _step(request, municipality, found, "facts", form, _("使い方とデータ"))


@staff(CHECK)
def items(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """Which items are asked, and which must be met."""
    found = the_procurement(pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen, must = (
            [int(value) for value in request.POST.getlist(name) if value.isdecimal()]
            for name in ("selected", "must")
        )
        try:
            verbs.choose(found, visitor(request), selected=chosen, must=must)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("governance:procurement_weights", municipality.code, pk)
    context = {
        "title": _("項目を選ぶ"),
        "procurement": found,
        "form": form,
        "items": found.items.all(),
        "risk": _risk(found),
        "steps": _steps(municipality, found, "items"),
        "breadcrumbs": below(municipality, found, _("項目を選ぶ")),
    }
    return render(request, "governance/procurement/items.html", context)


@staff(CHECK)
def item(request: HttpRequest, municipality: Municipality, pk: int, item: int) -> HttpResponseBase:
    found = the_procurement(pk)
    known = get_object_or_404(
        ProcurementItem.objects.select_related("procurement"), pk=item, procurement=found
    )
    form = ItemForm(request.POST or None, initial={name: getattr(known, name) for name in verbs.TEXTS})
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change_item(known, visitor(request), form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request, _("「%(title)s」を直しました。") % {"title": form.cleaned_data["title"]}
            )
            return redirect("governance:procurement_items", municipality.code, pk)
    return _step(request, municipality, found, "items", form, known.title, follows=known.follows)


@staff(CHECK)
def add_item(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    found = the_procurement(pk)
    form = ItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.add_item(found, visitor(request), form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("項目を足しました。"))
            return redirect("governance:procurement_items", municipality.code, pk)
    return _step(request, municipality, found, "items", form, _("項目を足す"))


@staff(CHECK)
def weights(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    found = the_procurement(pk)
    chosen = verbs.selected(found)
    form = FormulaForm(request.POST or None, procurement=found, items=chosen)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in verbs.FORMULA}
        try:
            verbs.weigh(found, visitor(request), form.weights(), given)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            if not missing_weight(verbs.criteria(found)):
                return redirect("governance:procurement", municipality.code, pk)
            messages.warning(request, _("保存しましたが、重みの合計が100になっていません。"))
            return redirect("governance:procurement_weights", municipality.code, pk)
    missing = missing_weight(verbs.criteria(found))
    context = {
        "title": _("重みと評価の方式"),
        "procurement": found,
        "form": form,
        "total": f"{(100 - missing).normalize():f}",
        "missing": f"{abs(missing).normalize():f}" if missing else "",
        "over": missing < 0,
        "steps": _steps(municipality, found, "weights"),
        "breadcrumbs": below(municipality, found, _("重みと評価の方式")),
    }
    return render(request, "governance/procurement/weights.html", context)


@staff(CHECK)
@require_POST
def weigh_equally(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    try:
        verbs.weigh_equally(the_procurement(pk), visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("任意の項目に、重みを同じように分けました。"))
    return redirect("governance:procurement_weights", municipality.code, pk)


@staff(CHECK)
def fix(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    found = the_procurement(pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.fix(found, visitor(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("要件を確定しました。事業者の回答を入れられます。"))
            return redirect("governance:procurement", municipality.code, pk)
    context = {
        "title": _("「%(title)s」の要件を確定しますか") % {"title": found.title},
        "consequence": _(
            "確定すると、項目・重み・評価の方式は変えられません。回答を読んでから基準を変えないためです。"
            "回答を入れる前なら、理由を書いて作成中に戻せます。"
        ),
        "form": form,
        "submit": _("確定する"),
        "cancel_url": reverse("governance:procurement", args=[municipality.code, pk]),
    }
    return render(request, "base/components/confirm.html", context)


@staff(CHECK)
def reopen(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    return _with_reason(request, municipality, pk, verbs.reopen, _("作成中に戻す"), _("作成中に戻しました。"))


@staff(CHECK)
def cancel(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    return _with_reason(request, municipality, pk, verbs.cancel, _("調達を中止する"), _("中止しました。"))


def the_procurement(pk: int) -> Procurement:
    found: Procurement = get_object_or_404(
        Procurement.objects.select_related("created_by", "chosen", "municipality"), pk=pk
    )
    return found


def breadcrumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("AI調達チェック"), reverse("governance:procurements", args=[municipality.code]))]


def below(municipality: Municipality, procurement: Procurement, here: str) -> list[tuple[str, str]]:
    page = reverse("governance:procurement", args=[municipality.code, procurement.pk])
    return [*breadcrumbs(municipality), (procurement.title, page), (here, "")]


def _risk(procurement: Procurement) -> risk.ShownRisk | None:
    return risk.shown_of(Facts(**procurement.facts)) if procurement.facts else None


def _with_reason(
    request: HttpRequest, municipality: Municipality, pk: int, act: Any, title: str, done: str
) -> HttpResponseBase:
    found = the_procurement(pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(found, visitor(request), form.cleaned_data["reason"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect("governance:procurement", municipality.code, pk)
    context = {
        "title": title,
        "form": form,
        "submit": title,
        "cancel_url": reverse("governance:procurement", args=[municipality.code, pk]),
        "breadcrumbs": below(municipality, found, title),
    }
    return render(request, "governance/procurement/step.html", context)


def _step(
    request: HttpRequest,
    municipality: Municipality,
    procurement: Procurement,
    step: str,
    form: Any,
    title: str,
    **more: Any,
) -> HttpResponseBase:
    context = {
        "title": title,
        "procurement": procurement,
        "form": form,
        "submit": _("保存して次へ") if step != "items" else _("保存する"),
        "steps": _steps(municipality, procurement, step),
        "cancel_url": reverse("governance:procurement", args=[municipality.code, procurement.pk]),
        "breadcrumbs": below(municipality, procurement, title),
        **more,
    }
    return render(request, "governance/procurement/step.html", context)


def _steps(municipality: Municipality, procurement: Procurement | None, here: str) -> list[dict[str, Any]]:
    """The steps of the wizard; a link where one can already go."""
    labels = {
        "need": _("何のために"),
        "facts": _("使い方とデータ"),
        "items": _("項目"),
        "weights": _("重みと方式"),
        "fix": _("確定"),
    }
    drafting = procurement is not None and procurement.state == State.DRAFT
    ready = {"need", "facts"} | ({"items", "weights", "fix"} if procurement and procurement.facts else set())
    return [
        {
            "label": label,
            "current": name == here,
            "url": reverse(f"governance:procurement_{name}", args=[municipality.code, procurement.pk])
            if drafting and procurement and name in ready
            else "",
        }
        for name, label in labels.items()
    ]
