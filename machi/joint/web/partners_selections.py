"""Saved choices of towns: keeping, showing to the consortium, handing on as a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.files import letters_attached
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.base.web.history import told
from machi.joint.domain import partners as verbs
from machi.joint.domain import partners_atlas as atlas
from machi.joint.domain.partners_report import report
from machi.joint.domain.partners_suggest import as_plain, suggested
from machi.joint.engine.cost_sample import Purpose
from machi.joint.models import TownSelection
from machi.joint.web import partners_shown
from machi.joint.web.partners import SEE, below
from machi.joint.web.partners_choose import estimate_context, names_of, query
from machi.joint.web.partners_forms import SelectionForm, WishForm

CHOOSE = "joint.choose_towns"
_A_PAGE = 25
ACTIONS = {
    "save": gettext_noop("保存した"),
    "share": gettext_noop("共同体に見せた"),
    "withdraw": gettext_noop("自分の町だけに戻した"),
    "delete": gettext_noop("消した"),
}


@member(SEE)
def selections(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    found = verbs.visible(municipality, visitor(request))
    if "format" in request.GET:
        return _file(request, list(found))
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, len(one.codes), _share(one)) for one in page]
    context = {
        "title": _("保存した町の組"),
        "page_obj": page,
        "rows": rows,
        "breadcrumbs": below(municipality, _("保存した町の組")),
    }
    return render(request, "joint/partners/selections.html", context)


@member(CHOOSE)
def save(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """Keeps the choice of an estimate page; asked without one, leads to choosing."""
    if request.method != "POST":
        return redirect("joint:partners_choose", municipality.code)
    form, person = SelectionForm(request.POST), visitor(request)
    if form.is_valid():
        given = form.cleaned_data
        codes = given["codes"].split(",")
        try:
            selection = verbs.save(
                consortium,
                municipality,
                person,
                title=given["title"],
                note=given["note"],
                codes=codes,
                part=float(given["part"] or 1),
                origin=given["origin"] or TownSelection.Origin.CHOSEN,
                suggestions=_suggestions(municipality, consortium, given, codes),
            )
        except Refused as refused:
            if type(refused) is not Refused:
                raise
            add_refusal(form, refused)
        else:
            messages.success(request, _("保存しました。見積もりは記録台帳に残りました。"))
            return redirect("joint:partners_selection", municipality.code, selection.pk)
    context = {
        "title": _("町の組を保存する"),
        "form": form,
        "submit": _("保存する"),
        "cancel_url": reverse("joint:partners_choose", args=[municipality.code]),
        "breadcrumbs": below(municipality, _("町の組を保存する")),
    }
    return render(request, "base/components/confirm.html", context)


@member(SEE)
def selection(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, person = _the(municipality, visitor(request), pk), visitor(request)
    if request.GET.get("format") in ("pdf", "docx"):
        return _report(request, found)
    if "format" in request.GET:
        rows = partners_shown.export_rows(found.estimates)
        return export(request, f"selection-{pk}", partners_shown.export_columns(), rows)
    towns = atlas.named(found.codes)
    inside = set(members(consortium).values_list("code", flat=True))
    declares = person.has_perm("joint.declare_interest", municipality)
    asking = reverse("joint:partners_declare", args=[municipality.code])
    chosen = request.GET.get("purpose", "")
    purpose = Purpose(chosen) if chosen in set(Purpose) else Purpose.TOTAL
    context = {
        "selection": found,
        "towns": [
            (
                towns[code],
                code in inside,
                f"{asking}?to={code}&selection={pk}"
                if declares and code in inside and code != municipality.code
                else "",
            )
            for code in found.codes
            if code in towns
        ],
        "mine": verbs.may_change(found, municipality, person),
        "choose_url": f"{reverse('joint:partners_choose', args=[municipality.code])}?{query(found.codes)}",
        "reasons": _reasons(found, towns),
        "events": told(f"town_selection:{pk}", ACTIONS),
        **estimate_context(
            found.codes, found.estimates, purpose, {code: str(one) for code, one in towns.items()}
        ),
        "breadcrumbs": below(municipality, _list(municipality), found.title),
    }
    return render(request, "joint/partners/selection.html", context)


@member(CHOOSE)
@require_POST
def share(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    done = _("共同体のすべての町に見せました。")
    return _act(request, municipality, pk, verbs.share, done)


@member(CHOOSE)
@require_POST
def withdraw(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _act(request, municipality, pk, verbs.withdraw, _("自分の町だけに戻しました。"))


@member(CHOOSE)
def delete(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _mine(municipality, visitor(request), pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        verbs.delete(found, visitor(request))
        messages.success(request, _("「%(title)s」を消しました。") % {"title": found.title})
        return redirect("joint:partners_selections", municipality.code)
    context = {
        "title": _("「%(title)s」を消しますか") % {"title": found.title},
        "consequence": _("元に戻せません。記録台帳の見積もりは残ります。"),
        "form": form,
        "submit": _("消す"),
        "danger": True,
        "cancel_url": reverse("joint:partners_selection", args=[municipality.code, pk]),
    }
    return render(request, "base/components/confirm.html", context)


def _act(
    request: HttpRequest,
    municipality: Municipality,
    pk: int,
    act: Callable[[TownSelection, Person], None],
    done: str,
) -> HttpResponseBase:
    try:
        act(_mine(municipality, visitor(request), pk), visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, done)
    return redirect("joint:partners_selection", municipality.code, pk)


def _the(municipality: Municipality, person: Person, pk: int) -> TownSelection:
    found: TownSelection = get_object_or_404(verbs.visible(municipality, person), pk=pk)
    return found


def _mine(municipality: Municipality, person: Person, pk: int) -> TownSelection:
    found = _the(municipality, person, pk)
    if not verbs.may_change(found, municipality, person):
        raise Http404
    return found


def _suggestions(
    municipality: Municipality, consortium: Consortium, given: dict[str, Any], codes: list[str]
) -> dict[str, Any] | None:
    """The suggestions the choice was made from, made again by the same weights (they are the same)."""
    form = WishForm(QueryDict(given["wish"]))
    if given["origin"] != TownSelection.Origin.SUGGESTED or not form.is_valid():
        return None
    only = form.cleaned_data["members_only"]
    found = suggested(municipality, consortium, form.wish(), members_only=only)
    return as_plain(form.wish(), only, [one for one in found if one.suggestion.code in codes])


def _reasons(
    selection: TownSelection, towns: dict[str, Municipality]
) -> list[tuple[Municipality, list[str]]]:
    lines = selection.suggestions.get("suggested", [])
    return [(towns[line["code"]], line["reasons"]) for line in lines if line["code"] in towns]


def _report(request: HttpRequest, selection: TownSelection) -> HttpResponseBase:
    towns = atlas.named(selection.codes)
    names = names_of([towns[code] for code in selection.codes if code in towns])
    letter = report(
        selection,
        names=[f"{one.prefecture}{one}" for one in towns.values()],
        estimates=partners_shown.shown(selection.estimates),
        caveats=[str(one) for one in partners_shown.caveats(selection.estimates)],
        title=names,
    )
    return letters_attached([letter], f"selection-{selection.pk}", request.GET["format"])


def _list(municipality: Municipality) -> tuple[str, str]:
    return _("保存した町の組"), reverse("joint:partners_selections", args=[municipality.code])


def _share(selection: TownSelection) -> str:
    line = verbs.summary(selection)
    if not line:
        return ""
    share, low, high = (partners_shown.percent(value) for value in line["share"])
    return _("%(share)s（%(low)s 〜 %(high)s）") % {"share": share, "low": low, "high": high}


def _file(request: HttpRequest, found: list[TownSelection]) -> HttpResponseBase:
    names = atlas.named({code for one in found for code in one.codes})
    columns = [
        _("名前"),
        _("保存した町"),
        _("町の数"),
        _("町"),
        _("共同体に見せている"),
        _("歳出の総額の節約の割合（95%の幅）"),
        _("何を一緒に考えたいか"),
        _("保存日時"),
    ]
    rows = (
        [
            one.title,
            str(one.town),
            len(one.codes),
            "、".join(str(names[code]) for code in one.codes if code in names),
            one.shared,
            _share(one),
            one.note,
            one.created_at,
        ]
        for one in found
    )
    return export(request, "selections", columns, rows)
