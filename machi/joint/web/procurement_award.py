"""Offers for a lot side by side, how sure the order is, and the award."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.running import NotApproved
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.governance.domain.procurement_word import formula_in_words
from machi.governance.engine.scoring import Out
from machi.governance.engine.sensitivity import CONCENTRATION, SAMPLES
from machi.joint.domain import procurement_award as verbs
from machi.joint.domain.procurement_requirements import formula, selected
from machi.joint.models import PurchaseLot, PurchaseOffer
from machi.joint.web.procurement_forms import ReasonForm
from machi.joint.web.procurement_offer_forms import AwardForm
from machi.joint.web.procurement_pages import RUN, SEE, form_page, is_office, lot_crumbs, the_lot, to

State = PurchaseLot.State
OUTS = {
    Out.MUST.value: gettext_noop("必須の「%(title)s」が0点"),
    Out.NOT_MARKED.value: gettext_noop("「%(title)s」が未採点"),
    Out.OVER_CEILING.value: gettext_noop("価格が予定価格を超えている"),
    Out.NO_PRICE.value: gettext_noop("価格が入っていない"),
}


@member(SEE)
def scores(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    """What the office last had compared; nothing before the offers are open."""
    found = the_lot(pk, number)
    if found.purchase.opened_at is None:
        messages.info(request, _("開札するまで、見積は見られません。"))
        return redirect("joint:purchase_lot", municipality.code, pk, number)
    items = selected(found.purchase)
    titles = {one.code: one.title for one in items}
    shown = _shown(found, titles)
    if "format" in request.GET:
        return _exported(request, found, shown)
    deciding = is_office(request, municipality) and found.state == State.OPEN
    context = {
        "title": _("見積を並べて比べる"),
        "lot": found,
        "purchase": found.purchase,
        "office": is_office(request, municipality),
        "deciding": deciding,
        "formula": formula_in_words(formula(found.purchase, found)),
        "scores": shown,
        "rows": _rows(found, items),
        "names": [one["name"] for one in shown],
        "tie": len((found.evaluation or {}).get("winners", [])) > 1,
        "winners": (found.evaluation or {}).get("winners", []),
        "robustness": _robustness(found),
        "flip": _flip(found, titles),
        "samples": SAMPLES,
        "concentration": f"{CONCENTRATION:g}",
        "breadcrumbs": lot_crumbs(municipality, found, _("見積を並べて比べる")),
    }
    return render(request, "joint/procurement/scores.html", context)


@member(RUN)
@require_POST
def compare(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    try:
        verbs.compare(the_lot(pk, number), municipality, visitor(request))
    except NotApproved:
        raise
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("joint:lot_scores", municipality.code, pk, number)


@member(RUN)
def award(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    found = the_lot(pk, number)
    evaluation = found.evaluation or {"scores": [], "winners": []}
    winners = [
        (one["offer"], f"{one['name']}（{one['yen']:,}円）")
        for one in evaluation["scores"]
        if one["offer"] in evaluation["winners"]
    ]

    def act(form: AwardForm) -> str:
        offer = get_object_or_404(PurchaseOffer, pk=form.cleaned_data["offer"], lot=found)
        verbs.award(found, municipality, visitor(request), offer, form.cleaned_data["reason"])
        return to("purchase_lot", municipality, pk, number)

    return form_page(
        request,
        AwardForm(request.POST or None, winners=winners),
        act,
        title=_("%(lot)sの落札者を決める") % {"lot": found},
        submit=_("落札者にする"),
        back=to("lot_scores", municipality, pk, number),
        breadcrumbs=lot_crumbs(municipality, found, _("落札者を決める")),
        done=_("落札者を決めました。次に、契約と費用の分担を記録します。"),
        consequence=_("決めると、元には戻せません。採点も変えられなくなります。"),
        danger=True,
    )


@member(RUN)
def fail(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    found = the_lot(pk, number)

    def act(form: ReasonForm) -> str:
        verbs.fail(found, municipality, visitor(request), form.cleaned_data["reason"])
        return to("purchase_lot", municipality, pk, number)

    return form_page(
        request,
        ReasonForm(request.POST or None),
        act,
        title=_("%(lot)sを不調としますか") % {"lot": found},
        submit=_("不調とする"),
        back=to("lot_scores", municipality, pk, number),
        breadcrumbs=lot_crumbs(municipality, found, _("不調")),
        done=_("不調として記録しました。"),
        consequence=_("要件と予定価格を満たす見積がないときに選びます。元には戻せません。"),
        danger=True,
    )


def _shown(lot: PurchaseLot, titles: dict[str, str]) -> list[dict[str, Any]]:
    """The scores as last compared, as numbers to be shown; before, just the prices."""
    if lot.evaluation is None:
        return []
    return [
        {
            **one,
            **{name: _number(one[name]) for name in ("value", "quality", "price")},
            "outs": [_(OUTS[why]) % {"title": titles.get(code, code)} for why, code in one["out"]],
        }
        for one in lot.evaluation["scores"]
    ]


def _rows(lot: PurchaseLot, items: list[Any]) -> list[dict[str, Any]]:
    """Points of every requirement, a column an offer, in the order of the scores."""
    offers = {
        one.pk: {answer.requirement_id: answer.points for answer in one.vendor.answers.all()}
        for one in lot.offers.select_related("vendor").prefetch_related("vendor__answers")
    }
    order = [one["offer"] for one in (lot.evaluation or {"scores": []})["scores"]]
    return [
        {
            "title": one.title,
            "must": one.must,
            "weight": f"{one.weight.normalize():f}",
            "points": [offers[offer].get(one.pk) for offer in order],
        }
        for one in items
    ]


def _robustness(lot: PurchaseLot) -> list[dict[str, Any]]:
    if lot.evaluation is None:
        return []
    names = _names(lot)
    return [
        {"name": names[one["offer"]], "near": one["near"] * 100, "anywhere": one["anywhere"] * 100}
        for one in lot.evaluation["robustness"]
    ]


def _flip(lot: PurchaseLot, titles: dict[str, str]) -> dict[str, Any] | None:
    flip = (lot.evaluation or {}).get("flip")
    return flip and {
        "rival": _names(lot)[flip["rival"]],
        "moved": _number(flip["moved"]),
        "given_to": titles.get(flip["given_to"], flip["given_to"]),
        "taken": [
            {"title": titles.get(code, code), "amount": _number(amount)} for code, amount in flip["taken"]
        ],
    }


def _names(lot: PurchaseLot) -> dict[int, str]:
    return {one["offer"]: one["name"] for one in (lot.evaluation or {"scores": []})["scores"]}


def _exported(request: HttpRequest, lot: PurchaseLot, shown: list[dict[str, Any]]) -> HttpResponseBase:
    columns = [
        _("事業者名"), _("順位"), _("評価値"), _("技術点"), _("価格点"), _("価格（円、税込）"),
        _("単価（円、税込）"), _("対象外の理由"),
    ]  # fmt: skip
    rows = (
        (
            one["name"],
            one["rank"],
            one["value"],
            one["quality"],
            one["price"],
            one["yen"],
            one["unit_price"],
            "、".join(one["outs"]),
        )
        for one in shown
    )
    return export(request, f"joint-scores-{lot.purchase_id}-{lot.number}", columns, rows)


def _number(exact: str | None) -> float | None:
    return None if exact is None else float(Fraction(exact))
