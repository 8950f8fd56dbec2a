"""The partner pages: where to begin, and the cost curves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.running import ensure_may_run
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.joint.domain import partners as verbs
from machi.joint.domain import partners_atlas as atlas
from machi.joint.domain import partners_blocks, partners_interests
from machi.joint.domain import partners_costs as costs
from machi.joint.domain.partners_words import PURPOSES
from machi.joint.engine.cost_model import Form
from machi.joint.engine.cost_sample import Purpose
from machi.joint.web import partners_shown as told
from machi.joint.web.partners_forms import CurveForm

SEE = "joint.see_partners"


@member(SEE)
def partners(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """Where each way begins, and what waits."""
    person = visitor(request)
    context = {
        "title": _("相手さがしと費用の見積もり"),
        "selections": verbs.visible(municipality, person).count(),
        "plans": partners_blocks.visible(municipality, person).count(),
        "waiting": partners_interests.waiting_for(municipality)
        if person.has_perm("joint.declare_interest", municipality)
        else 0,
        "sees_interests": person.has_perm("joint.see_interests", municipality),
        "chooses": person.has_perm("joint.choose_towns", municipality),
        "breadcrumbs": [*above(municipality), (_("相手さがしと費用の見積もり"), "")],
    }
    return render(request, "joint/partners/partners.html", context)


@member(SEE)
def curve(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """How cost per head falls with size for one purpose, and where the town stands."""
    ensure_may_run(municipality, costs.SYSTEM)
    form = CurveForm(request.GET)
    purpose, shape = form.asked()
    if "format" in request.GET:
        return _curve_file(request, purpose, shape)
    own = next(iter(costs.standings(purpose, [municipality.code], shape)), None)
    marks = {str(municipality): (float(own.population), own.actual)} if own else {}
    fitted, tested = costs.model(purpose, shape), costs.held_out_of(purpose, shape)
    context = {
        "title": _("町の大きさと1人あたりの費用"),
        "form": CurveForm(initial={"purpose": purpose.value, "form": shape.value}),
        "purpose": PURPOSES[purpose],
        "unit": told.unit_of(purpose),
        "chart": told.chart_of(purpose, shape, marks),
        "own": own,
        "own_off": told.percent(own.off) if own else "",
        "points": costs.curve_of(purpose, shape, costs.SIZES),
        "elasticities": costs.elasticities_of(purpose, shape),
        "model": fitted,
        "tested": tested,
        "left_out": atlas.named(costs.the_sample().left_out).values(),
        "breadcrumbs": below(municipality, _("費用の曲線")),
    }
    return render(request, "joint/partners/curve.html", context)


def above(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("共同体"), reverse("joint:home", args=[municipality.code]))]


def below(municipality: Municipality, *here: Any) -> list[tuple[str, str]]:
    """Breadcrumbs of a page below the subject's first; each a label, or a label and its address."""
    first = (_("相手さがしと費用の見積もり"), reverse("joint:partners", args=[municipality.code]))
    return [*above(municipality), first, *(one if isinstance(one, tuple) else (one, "") for one in here)]


def _curve_file(request: HttpRequest, purpose: Purpose, shape: Form) -> HttpResponseBase:
    """Every town of the sample: what it spends, and what the model expects of it."""
    columns = [
        _("コード"),
        _("都道府県"),
        _("市区町村"),
        _("人口"),
        _("単位"),
        _("実際"),
        _("モデルの見込み"),
        _("見込みとの差（%）"),
    ]
    table = atlas.table()
    names = {
        code: (prefecture, name)
        for code, prefecture, name in zip(table.codes, table.prefectures, table.names, strict=True)
    }
    rows = (
        [
            one.code,
            *names[one.code],
            one.population,
            told.unit_of(purpose),
            round(one.actual, 3),
            round(one.expected, 3),
            round(one.off * 100, 1),
        ]
        for one in costs.standings(purpose, costs.the_sample().codes, shape)
    )
    return export(request, f"cost-{purpose.value}", columns, rows)
