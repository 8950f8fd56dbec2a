"""The requirement document: facts, texts, weights and ceilings, fixing, and the files for vendors."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.files import EXCEL, attached, letters_attached
from machi.governance.domain.procurement_excel import answer_sheet
from machi.governance.engine.scoring import missing_weight
from machi.joint.domain import procurement_letters as letters
from machi.joint.domain import procurement_requirements as verbs
from machi.joint.models import JointPurchase, PurchaseRequirement
from machi.joint.web.procurement_forms import FactsForm, FixForm, TextForm, WeightsForm
from machi.joint.web.procurement_pages import RUN, SEE, crumbs, form_page, is_office, the_purchase, to

State = JointPurchase.State


@member(RUN)
def facts(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_purchase(pk)

    def act(form: FactsForm) -> str:
        verbs.declare(found, municipality, visitor(request), form.cleaned_data)
        return to("purchase_requirements", municipality, pk)

    return form_page(
        request,
        FactsForm(request.POST or None, facts=found.facts),
        act,
        title=_("買うものについて答える"),
        submit=_("保存して次へ"),
        back=to("purchase", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("買うものについて答える")),
    )


@member(SEE)
def requirements(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """What is asked of vendors; the office chooses while it is drafted."""
    found = the_purchase(pk)
    office = is_office(request, municipality)
    choosing = office and found.state == State.LOTS
    if "format" in request.GET:
        return _exported(request, found)
    if request.method == "POST" and choosing:
        chosen, must = (
            [int(value) for value in request.POST.getlist(name) if value.isdecimal()]
            for name in ("selected", "must")
        )
        try:
            verbs.choose(found, municipality, visitor(request), selected=chosen, must=must)
        except Refused as refused:
            messages.error(request, str(refused.message))
        else:
            return redirect("joint:purchase_weights", municipality.code, pk)
    context = {
        "title": _("要件を選ぶ") if choosing else _("要件"),
        "purchase": found,
        "choosing": choosing,
        "items": found.requirements.all() if choosing else verbs.selected(found),
        "breadcrumbs": crumbs(municipality, found, _("要件")),
    }
    return render(request, "joint/procurement/requirements.html", context)


def _exported(request: HttpRequest, found: JointPurchase) -> HttpResponseBase:
    columns = [
        _("項目コード"), _("区分"), _("項目"), _("要件"), _("重み"), _("評価の観点"), _("事業者への質問"),
        _("契約の条項"), _("よりどころ"),
    ]  # fmt: skip
    rows = (
        (
            one.code,
            _("必須") if one.must else _("任意"),
            one.title,
            one.requirement,
            float(one.weight),
            one.criterion,
            one.question,
            one.clause,
            one.follows,
        )
        for one in verbs.selected(found)
    )
    return export(request, f"joint-requirements-{found.pk}", columns, rows)


@member(RUN)
def requirement(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, requirement: int
) -> HttpResponseBase:
    found = the_purchase(pk)
    known = get_object_or_404(
        PurchaseRequirement.objects.select_related("purchase"), pk=requirement, purchase=found
    )
    return form_page(
        request,
        TextForm(request.POST or None, initial={name: getattr(known, name) for name in verbs.TEXTS}),
        lambda form: verbs.change_text(known, municipality, visitor(request), form.cleaned_data),
        title=known.title,
        submit=_("保存する"),
        back=to("purchase_requirements", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("要件"), known.title),
        done=_("文を直しました。"),
        lead=_("よりどころ: %(follows)s") % {"follows": known.follows} if known.follows else "",
    )


@member(RUN)
def add_requirement(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_purchase(pk)

    def act(form: TextForm) -> None:
        verbs.add_text(found, municipality, visitor(request), form.cleaned_data)

    return form_page(
        request,
        TextForm(request.POST or None),
        act,
        title=_("要件を足す"),
        submit=_("足す"),
        back=to("purchase_requirements", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("要件を足す")),
        done=_("要件を足しました。"),
    )


@member(RUN)
def weights(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_purchase(pk)
    form = WeightsForm(
        request.POST or None,
        purchase=found,
        items=verbs.selected(found),
        lots=list(found.lots.select_related("item")),
    )

    def act(form: WeightsForm) -> str:
        given = {name: form.cleaned_data[name] for name in verbs.FORMULA}
        verbs.weigh(found, municipality, visitor(request), form.weights(), given, form.ceilings())
        if missing_weight(verbs.criteria(found)):
            messages.warning(request, _("保存しましたが、重みの合計が100になっていません。"))
            return to("purchase_weights", municipality, pk)
        return to("purchase", municipality, pk)

    missing = missing_weight(verbs.criteria(found))
    return form_page(
        request,
        form,
        act,
        title=_("重みと評価の方式"),
        submit=_("保存する"),
        back=to("purchase", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("重みと評価の方式")),
        template="joint/procurement/weights.html",
        purchase=found,
        total=f"{(100 - missing).normalize():f}",
        missing=f"{abs(missing).normalize():f}" if missing else "",
        over=missing < 0,
    )


@member(RUN)
@require_POST
def weigh_equally(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    try:
        verbs.weigh_equally(the_purchase(pk), municipality, visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("任意の項目に、重みを同じように分けました。"))
    return redirect("joint:purchase_weights", municipality.code, pk)


@member(RUN)
def fix(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_purchase(pk)

    def act(form: FixForm) -> None:
        verbs.fix(found, municipality, visitor(request), form.cleaned_data["offers_by"])

    return form_page(
        request,
        FixForm(request.POST or None),
        act,
        title=_("「%(title)s」の要件を確定しますか") % {"title": found.title},
        submit=_("確定する"),
        back=to("purchase", municipality, pk),
        breadcrumbs=crumbs(municipality, found, _("要件の確定")),
        done=_("要件を確定しました。見積を受け付けられます。"),
        consequence=_(
            "確定すると、要件・重み・評価の方式・予定価格は変えられません。見積を読んでから基準を変えないためです。"
        ),
        todo=verbs.why_not_fixed(found) if found.state == State.LOTS else [],
    )


@member(SEE)
def document_pdf(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _document(request, municipality, pk, "pdf")


@member(SEE)
def document_word(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _document(request, municipality, pk, "docx")


def _document(request: HttpRequest, town: Municipality, pk: int, suffix: str) -> HttpResponseBase:
    found = the_purchase(pk)
    try:
        letter = letters.requirements(found)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("joint:purchase", town.code, pk)
    return letters_attached([letter], f"requirements-{pk}", suffix)


@member(SEE)
def blank_sheet(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The sheet in which vendors answer, to be read back for each of them."""
    found = the_purchase(pk)
    return attached(answer_sheet(found.title, verbs.asked(found)), f"answers-{pk}.xlsx", EXCEL)
