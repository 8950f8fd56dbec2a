"""Who pays what: the rules side by side, the choice, each town's answer, and the letters of the result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.running import NotApproved
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.files import letters_attached
from machi.joint.domain import procurement_letters as letters
from machi.joint.domain import procurement_sharing as verbs
from machi.joint.domain.procurement import towns_in, towns_of
from machi.joint.domain.procurement_words import EXPLAINED, RULES
from machi.joint.models import PurchaseLot
from machi.joint.web.procurement_offer_forms import ConsentForm, RuleForm
from machi.joint.web.procurement_pages import (
    AGREE,
    RUN,
    SEE,
    form_page,
    is_office,
    lot_crumbs,
    the_lot,
    the_purchase,
    to,
)

_A_PAGE = 50


@member(SEE)
def sharing(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    """All rules side by side, a row a town; which was chosen, and who agreed."""
    found = the_lot(pk, number)
    # The chosen one first: the others are for comparison.
    rules: list[dict[str, Any]] = sorted(
        (found.sharing or {}).get("rules", []), key=lambda one: one["rule"] != found.rule
    )
    consents = {one.municipality_id: one for one in found.consents.all()}
    towns = towns_of(found)
    if "format" in request.GET:
        return _exported(
            request, found, rules, (_row(found, one, rules, consents.get(one.pk)) for one in towns)
        )
    page = Paginator(
        sorted(towns, key=lambda one: one.pk != municipality.pk) if rules else [], _A_PAGE
    ).get_page(request.GET.get("page"))
    context = {
        "title": _("費用の分担"),
        "lot": found,
        "purchase": found.purchase,
        "office": is_office(request, municipality),
        "awarded": found.state == PurchaseLot.State.AWARDED,
        "rules": [_rule(found, one, towns, municipality) for one in rules],
        "page_obj": page,
        "rows": [_row(found, town, rules, consents.get(town.pk)) for town in page],
        "chosen": RULES.get(found.rule, ""),
        "standing": verbs.standing(found) if found.rule else None,
        "may_answer": municipality.pk in consents and visitor(request).has_perm(AGREE, municipality),
        "breadcrumbs": lot_crumbs(municipality, found, _("費用の分担")),
    }
    return render(request, "joint/procurement/sharing.html", context)


def _rule(
    lot: PurchaseLot, one: dict[str, Any], towns: list[Municipality], here: Municipality
) -> dict[str, Any]:
    worst = one["complaint"]
    saves = one["saves"].get(here.pk, 0)
    names = {town.pk: str(town) for town in towns}
    return {
        "key": one["rule"],
        "label": RULES[one["rule"]],
        "explained": EXPLAINED[one["rule"]],
        "pays": one["pays"].get(here.pk),
        "saves": saves,
        "more": -saves,
        "chosen": one["rule"] == lot.rule,
        "in_core": one["in_core"],
        "worse": sum(yen < 0 for yen in one["saves"].values()),
        "complaint": worst and {**worst, "names": "、".join(names[code] for code in worst["towns"])},
        "error": max(one["error"].values(), default=0),
    }


def _row(lot: PurchaseLot, town: Municipality, rules: list[dict[str, Any]], consent: Any) -> dict[str, Any]:
    assert lot.sharing is not None
    first = rules[0]
    return {
        "town": town,
        "population": lot.sharing["populations"][town.pk],
        "quantity": lot.sharing["quantities"][town.pk],
        "alone": first["pays"][town.pk] + first["saves"][town.pk],
        "cells": [
            {
                "pays": one["pays"][town.pk],
                "saves": one["saves"][town.pk],
                "error": one["error"].get(town.pk, 0),
                "chosen": one["rule"] == lot.rule,
            }
            for one in rules
        ],
        "consent": consent,
    }


def _exported(
    request: HttpRequest, lot: PurchaseLot, rules: list[dict[str, Any]], rows: Iterable[dict[str, Any]]
) -> HttpResponseBase:
    columns = [
        _("自治体コード"),
        _("自治体"),
        _("人口"),
        _("数量"),
        _("単独の費用（円）"),
        *[_("%(rule)s（円）") % {"rule": RULES[one["rule"]]} for one in rules],
        _("採用した方法"),
        _("回答"),
        _("理由"),
    ]
    lines = (
        (
            row["town"].pk,
            row["town"].name,
            row["population"],
            row["quantity"],
            row["alone"],
            *[cell["pays"] for cell in row["cells"]],
            RULES.get(lot.rule, ""),
            row["consent"].get_state_display() if row["consent"] else "",
            row["consent"].reason if row["consent"] else "",
        )
        for row in rows
    )
    return export(request, f"joint-sharing-{lot.purchase_id}-{lot.number}", columns, lines)


@member(RUN)
@require_POST
def compute(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    try:
        verbs.compute(the_lot(pk, number), municipality, visitor(request))
    except NotApproved:
        raise
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("joint:lot_sharing", municipality.code, pk, number)


@member(RUN)
def choose(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    found = the_lot(pk, number)
    rules = [one["rule"] for one in (found.sharing or {}).get("rules", [])]

    def act(form: RuleForm) -> None:
        given = form.cleaned_data
        verbs.choose(found, municipality, visitor(request), given["rule"], given["reason"])

    return form_page(
        request,
        RuleForm(request.POST or None, rules=rules),
        act,
        title=_("%(lot)sの分担の方法を決める") % {"lot": found},
        submit=_("この方法にして、各町に尋ねる"),
        back=to("lot_sharing", municipality, pk, number),
        breadcrumbs=lot_crumbs(municipality, found, _("分担の方法を決める")),
        done=_("分担の方法を決めました。各町の管理職に、同意を尋ねています。"),
        consequence=_("前に別の方法で得た同意や異議は、取り消されます（台帳には残ります）。")
        if found.rule
        else "",
    )


@member(AGREE)
def answer(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    found = the_lot(pk, number)
    share = verbs.share_by(found, found.rule)

    def act(form: ConsentForm) -> None:
        given = form.cleaned_data
        agree = given["answer"] == "agree"
        verbs.answer(found, municipality, visitor(request), agree=agree, reason=given["reason"])

    pays = share["pays"].get(municipality.pk) if share else None
    return form_page(
        request,
        ConsentForm(request.POST or None),
        act,
        title=_("%(lot)sの負担額に答える") % {"lot": found},
        submit=_("答える"),
        back=to("lot_sharing", municipality, pk, number),
        breadcrumbs=lot_crumbs(municipality, found, _("負担額に答える")),
        done=_("答えを記録しました。"),
        template="joint/procurement/answer.html",
        town=municipality,
        lot=found,
        pays=pays,
        saves=share["saves"].get(municipality.pk) if share else None,
        rule=RULES.get(found.rule, ""),
        explained=EXPLAINED.get(found.rule, ""),
    )


@member(SEE)
def letters_pdf(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _letters(request, municipality, pk, "pdf")


@member(SEE)
def letters_word(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _letters(request, municipality, pk, "docx")


def _letters(request: HttpRequest, town: Municipality, pk: int, suffix: str) -> HttpResponseBase:
    """All towns' letters for the office, in parts where they are many (``?part=2``); one's own for a town."""
    found = the_purchase(pk)
    towns = towns_in(found) if is_office(request, town) else [town]
    part = request.GET.get("part", "1")
    parts = letters.parts(towns)
    if not part.isdecimal() or not 1 <= int(part) <= max(1, parts):
        raise Http404
    towns = towns[(int(part) - 1) * letters.A_FILE : int(part) * letters.A_FILE]
    try:
        made = letters.results(found, towns)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("joint:purchase", town.code, pk)
    return letters_attached(made, f"results-{pk}" + (f"-{part}" if parts > 1 else ""), suffix)
