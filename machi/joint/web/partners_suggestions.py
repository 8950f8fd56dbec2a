"""Suggested partners, by weights that the person sets."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.running import ensure_may_run
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.joint.domain import partners_atlas as atlas
from machi.joint.domain.partners_suggest import SYSTEM, Suggested, suggested
from machi.joint.web.partners import SEE, below
from machi.joint.web.partners_forms import WishForm

COUNT = 10
IN_A_FILE = 100


@member(SEE)
def suggestions(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    ensure_may_run(municipality, SYSTEM)
    given = wish_data(request.GET)
    form = WishForm(given)
    found: list[Suggested] = []
    if form.is_valid():
        count = IN_A_FILE if "format" in request.GET else COUNT
        only = form.cleaned_data["members_only"]
        found = suggested(municipality, consortium, form.wish(), members_only=only, count=count)
    towns = atlas.named(one.suggestion.code for one in found)
    shown = [(towns[one.suggestion.code], one) for one in found if one.suggestion.code in towns]
    if "format" in request.GET:
        return _file(request, shown)
    context = {
        "title": _("相手の町の提案"),
        "form": form,
        "found": shown,
        "wish": given.urlencode(),
        "declares": visitor(request).has_perm("joint.declare_interest", municipality),
        "breadcrumbs": below(municipality, _("相手の提案")),
    }
    return render(request, "joint/partners/suggestions.html", context)


def wish_data(given: QueryDict) -> QueryDict:
    """What the form takes of an address, with the weights it begins with."""
    data = QueryDict(mutable=True)
    for name in WishForm.base_fields:
        if value := given.get(name, WishForm.DEFAULT.get(name, "")):
            data[name] = value
    return data


def _file(request: HttpRequest, shown: list[tuple[Municipality, Suggested]]) -> HttpResponseBase:
    columns = [
        _("コード"),
        _("都道府県"),
        _("市区町村"),
        _("得点"),
        _("課題の近さ"),
        _("強みの補い合い"),
        _("近さ"),
        _("距離（km）"),
        _("共同体の町"),
        _("理由"),
    ]
    rows = (
        [
            town.code,
            str(town.prefecture),
            str(town),
            round(one.suggestion.score, 1),
            round(one.suggestion.likeness, 1),
            round(one.suggestion.complement, 1),
            round(one.suggestion.nearness, 1),
            round(one.suggestion.kilometres, 1),
            one.member,
            "\n".join(one.reasons),
        ]
        for town, one in shown
    )
    return export(request, "partners", columns, rows)
