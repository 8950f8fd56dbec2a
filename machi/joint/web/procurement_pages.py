"""What the pages of joint procurement share: finding things, the way back, a form that runs a verb, the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.models import Municipality
from machi.base.web.access import visitor
from machi.base.web.acting import acted
from machi.joint.models import JointPurchase, PurchaseLot

SEE, RUN = "joint.see_purchases", "joint.run_purchases"
ENTER, AGREE = "joint.enter_demand", "joint.agree_share"
F = TypeVar("F", bound=forms.Form)
Crumbs = list[tuple[str, str]]

ACTIONS = {
    "begin": gettext_noop("調達を始めた"),
    "change": gettext_noop("調達の内容を直した"),
    "add_item": gettext_noop("品目を足した"),
    "change_item": gettext_noop("品目を直した"),
    "remove_item": gettext_noop("品目を消した"),
    "enter_demand": gettext_noop("需要を入れた"),
    "withdraw_demand": gettext_noop("需要を取り下げた"),
    "propose_lots": gettext_noop("ロットの案を計算した"),
    "confirm_lots": gettext_noop("ロットを決めた"),
    "declare": gettext_noop("買うものについて答えた"),
    "choose": gettext_noop("要件を選んだ"),
    "change_text": gettext_noop("要件の文を直した"),
    "add_text": gettext_noop("要件を足した"),
    "weigh": gettext_noop("重みと方式を決めた"),
    "fix": gettext_noop("要件を確定した"),
    "add_vendor": gettext_noop("事業者を足した"),
    "change_vendor": gettext_noop("事業者の名前を直した"),
    "withdraw_vendor": gettext_noop("事業者を外した"),
    "offer": gettext_noop("見積の単価を入れた"),
    "import_offers": gettext_noop("見積を取り込んだ"),
    "mark": gettext_noop("採点した"),
    "open_offers": gettext_noop("開札した"),
    "compare": gettext_noop("見積を比べた"),
    "award": gettext_noop("落札者を決めた"),
    "fail": gettext_noop("不調とした"),
    "contract": gettext_noop("契約を記録した"),
    "deliver": gettext_noop("納入を記録した"),
    "confirm_delivery": gettext_noop("納入を検査した"),
    "share": gettext_noop("費用の分担を計算した"),
    "choose_rule": gettext_noop("分担の方法を決めた"),
    "agree_share": gettext_noop("負担額に同意した"),
    "object_share": gettext_noop("負担額に異議を出した"),
    "cancel": gettext_noop("中止した"),
}


def the_purchase(pk: int) -> JointPurchase:
    found: JointPurchase = get_object_or_404(
        JointPurchase.objects.select_related("created_by", "consortium"), pk=pk
    )
    return found


def the_lot(pk: int, number: int) -> PurchaseLot:
    found: PurchaseLot = get_object_or_404(
        PurchaseLot.objects.select_related("purchase__consortium", "item", "offer__vendor"),
        purchase=pk,
        number=number,
    )
    return found


def is_office(request: HttpRequest, municipality: Municipality) -> bool:
    return visitor(request).has_perm(RUN, municipality)


def to(name: str, municipality: Municipality, *args: object) -> str:
    return reverse(f"joint:{name}", args=[municipality.code, *args])


def crumbs(municipality: Municipality, purchase: JointPurchase | None, *here: str) -> Crumbs:
    found = [(_("共同調達"), to("purchases", municipality))]
    if purchase is not None:
        found.append((purchase.title, to("purchase", municipality, purchase.pk) if here else ""))
    return [*found, *((one, "") for one in here)]


def lot_crumbs(municipality: Municipality, lot: PurchaseLot, *here: str) -> Crumbs:
    page = to("purchase_lot", municipality, lot.purchase_id, lot.number) if here else ""
    return [
        *crumbs(municipality, lot.purchase, str(lot))[:-1],
        (str(lot), page),
        *((one, "") for one in here),
    ]


def form_page(
    request: HttpRequest,
    form: F,
    act: Callable[[F], str | None],
    *,
    title: str,
    submit: str,
    back: str,
    breadcrumbs: Crumbs,
    done: str = "",
    template: str = "joint/procurement/form.html",
    **more: Any,
) -> HttpResponseBase:
    """Shows ``form`` and, when it is sent and valid, calls ``act``, which may say where to go on (else ``back``)."""
    return acted(
        request,
        form,
        lambda: act(form),
        onward=lambda onward: onward or back,
        done=done,
        template=template,
        title=title,
        submit=submit,
        cancel_url=back,
        breadcrumbs=breadcrumbs,
        **more,
    )
