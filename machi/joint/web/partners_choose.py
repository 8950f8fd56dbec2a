"""Choosing towns from a list, by searching, or on a map; and what joint work of them might save.

What is chosen stands in the address (``?town=142123&town=142158``): nothing is kept until it is saved, a page can be
sent to a colleague, and all of it works without JavaScript and without the map.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.finding import find_municipalities
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Prefecture
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.joint.domain import partners as verbs
from machi.joint.domain import partners_atlas as atlas
from machi.joint.domain import partners_costs as costs
from machi.joint.domain.partners_words import PURPOSES
from machi.joint.engine.cost_model import Form
from machi.joint.engine.cost_sample import Purpose
from machi.joint.web import partners_shown as told
from machi.joint.web.partners import SEE, below
from machi.joint.web.partners_forms import SelectionForm, WorkForm
from machi.joint.web.partners_map import to_choose

MOST_FOUND = 60
NAMES_IN_TITLE = 3


@member(SEE)
def choose(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """The towns of a prefecture, or those found by a word, to tick; those ticked before stay."""
    chosen = asked_towns(request, municipality)
    words = request.GET.get("q", "").strip()
    prefecture = _prefecture(request, municipality)
    towns = list(
        find_municipalities(words).filter(code__in=atlas.populations())[:MOST_FOUND]
        if words
        else Municipality.objects.filter(prefecture=prefecture, code__in=atlas.populations()).select_related(
            "prefecture"
        )
    )
    here = {one.code for one in towns}
    context = {
        "title": _("町を選ぶ"),
        "words": words,
        "prefecture": prefecture,
        "prefectures": Prefecture.objects.all(),
        "towns": [(one, atlas.populations()[one.code]) for one in towns],
        "chosen": chosen,
        "elsewhere": [one for code, one in chosen.items() if code not in here],
        "removals": [
            (one, _address(prefecture, words, [c for c in chosen if c != code]))
            for code, one in chosen.items()
        ],
        "map": to_choose(
            towns, municipality.code, chosen.keys(), lambda code: _toggled(prefecture, words, chosen, code)
        )
        if towns and not words
        else None,
        "shortcuts": _shortcuts(municipality, consortium, prefecture, chosen),
        "most": verbs.MOST_TOWNS,
        "many": len(towns) == MOST_FOUND,
        "breadcrumbs": below(municipality, _("町を選ぶ")),
    }
    return render(request, "joint/partners/choose.html", context)


@member(SEE)
def work(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """What joint work of the chosen towns might save, with its interval and what it does not show."""
    chosen = asked_towns(request, municipality, always_own=False)
    codes = list(chosen)
    form = WorkForm(request.GET)
    part, purpose = form.asked()
    again = f"{reverse('joint:partners_choose', args=[municipality.code])}?{query(codes)}"
    try:
        found = costs.as_plain(verbs.estimated(municipality, codes, part))
    except Refused as refused:
        if type(refused) is not Refused:
            raise
        messages.error(request, str(refused.message))
        return redirect(again)
    if "format" in request.GET:
        return export(request, "joint-work", told.export_columns(), told.export_rows(found))
    context = {
        "title": _("仕事を一緒にした場合の見積もり"),
        "form": WorkForm(initial={"part": f"{part:g}", "purpose": purpose.value}),
        "towns": list(chosen.values()),
        "codes": codes,
        "again": again,
        "save_form": _save_form(chosen, part, request)
        if visitor(request).has_perm("joint.choose_towns", municipality)
        else None,
        **estimate_context(codes, found, purpose, {code: str(one) for code, one in chosen.items()}),
        "breadcrumbs": below(municipality, (_("町を選ぶ"), again), _("見積もり")),
    }
    return render(request, "joint/partners/work.html", context)


def estimate_context(
    codes: Sequence[str], lines: Sequence[told.Line], purpose: Purpose, names: dict[str, str]
) -> dict[str, Any]:
    """What ``estimates.html`` shows: table, what it does not show, and the towns on the curve."""
    standings = costs.standings(purpose, codes)
    before, after = costs.together_before_and_after(purpose, codes)
    marks = {names.get(one.code, one.code): (float(one.population), one.actual) for one in standings}
    marks[_("一緒にした場合")] = (float(after.population), after.actual)
    return {
        "estimates": told.shown(lines),
        "caveats": told.caveats(lines),
        "purpose": PURPOSES[purpose],
        "unit": told.unit_of(purpose),
        "chart": told.chart_of(purpose, Form.SPLINE, marks),
        "standings": [(names.get(one.code, one.code), one, told.percent(one.off)) for one in standings],
        "before": before,
        "after": after,
        "farthest": atlas.farthest_km(codes),
        "left_out": [names.get(code, code) for code in costs.left_out(codes)],
    }


def asked_towns(
    request: HttpRequest, municipality: Municipality, *, always_own: bool = True
) -> dict[str, Municipality]:
    """The towns of the address that the models know; where it names none, one's own."""
    codes: list[str] = list(atlas.known(one for one in request.GET.getlist("town")))
    if not codes and always_own and "chosen" not in request.GET:
        codes = [municipality.code]
    return dict(sorted(atlas.named(codes).items()))


def query(codes: Sequence[str], **more: str) -> str:
    """The part of an address that names towns; ``chosen`` tells an empty choice from none made yet."""
    return urlencode([*more.items(), *(("town", code) for code in codes), ("chosen", "1")])


def names_of(towns: Sequence[Municipality]) -> str:
    """A title for a choice of towns."""
    first = "・".join(str(one) for one in towns[:NAMES_IN_TITLE])
    more = len(towns) - NAMES_IN_TITLE
    return _("%(first)sほか%(more)s町") % {"first": first, "more": more} if more > 0 else first


def _save_form(chosen: dict[str, Municipality], part: float, request: HttpRequest) -> SelectionForm:
    return SelectionForm(
        initial={
            "title": names_of(list(chosen.values()))[:80],
            "codes": ",".join(chosen),
            "part": f"{part:g}",
            "origin": request.GET.get("origin", ""),
            "wish": request.GET.get("wish", ""),
        }
    )


def _prefecture(request: HttpRequest, municipality: Municipality) -> Prefecture:
    asked = request.GET.get("prefecture", "")
    return Prefecture.objects.filter(pk=asked).first() or municipality.prefecture


def _address(prefecture: Prefecture, words: str, codes: Sequence[str]) -> str:
    more = {"q": words} if words else {"prefecture": prefecture.pk}
    return f"?{query(codes, **more)}"


def _toggled(prefecture: Prefecture, words: str, chosen: dict[str, Municipality], code: str) -> str:
    codes = [one for one in chosen if one != code] if code in chosen else [*chosen, code]
    return f"{_address(prefecture, words, codes)}#map"


def _shortcuts(
    municipality: Municipality,
    consortium: Consortium,
    prefecture: Prefecture,
    chosen: dict[str, Municipality],
) -> list[tuple[str, str]]:
    """Sets of towns that many begin with."""
    offered = [
        (_("隣り合う町を足す"), atlas.neighbours(municipality.code)),
        (_("共同体の町を足す"), atlas.known(members(consortium).values_list("code", flat=True))),
    ]
    return [
        (label, _address(prefecture, "", sorted({*chosen, municipality.code, *codes})))
        for label, codes in offered
        if codes and len({*chosen, *codes}) <= verbs.MOST_TOWNS
    ]
