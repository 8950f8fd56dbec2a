"""Dividing a prefecture into blocks: asking, watching the work, and the plan on a map."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality, Person
from machi.base.running import ensure_may_run
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.forms import add_refusal
from machi.base.web.history import told
from machi.joint.domain import partners_atlas as atlas
from machi.joint.domain import partners_blocks as verbs
from machi.joint.models import BlockPlan, TownSelection
from machi.joint.web.partners import SEE, below
from machi.joint.web.partners_choose import query
from machi.joint.web.partners_forms import BlocksForm
from machi.joint.web.partners_map import fill_numbers, of_blocks

CHOOSE = "joint.choose_towns"
_A_PAGE = 25
State = BlockPlan.State
ACTIONS = {
    "ask": gettext_noop("計算を頼んだ"),
    "solved": gettext_noop("計算が終わった"),
    "share": gettext_noop("共同体に見せた"),
}


@member(SEE)
def plans(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    found = verbs.visible(municipality, visitor(request))
    if "format" in request.GET:
        return _list_file(request, found)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("町のまとまりの案"),
        "page_obj": page,
        "asks": visitor(request).has_perm(CHOOSE, municipality),
        "breadcrumbs": below(municipality, _("まとまりの案")),
    }
    return render(request, "joint/partners/plans.html", context)


@member(CHOOSE)
def ask(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    ensure_may_run(municipality, verbs.KEY)
    form = BlocksForm(request.POST or None, initial={"prefecture": municipality.prefecture_id})
    if request.method == "POST" and form.is_valid():
        try:
            plan = verbs.ask(consortium, municipality, visitor(request), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("joint:partners_plan", municipality.code, plan.pk)
    context = {
        "title": _("まとまりの案を頼む"),
        "lead": _(
            "都道府県の町を、地続きのまとまりに分けます。海を隔てた町は、いちばん近い町とつながっているとみなします。"
        ),
        "form": form,
        "submit": _("計算を頼む"),
        "cancel_url": reverse("joint:partners_plans", args=[municipality.code]),
        "breadcrumbs": below(municipality, _list(municipality), _("案を頼む")),
    }
    return render(request, "base/components/confirm.html", context)


@member(SEE)
def plan(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The work while it goes on (htmx asks again), then the plan."""
    found = _the(municipality, visitor(request), pk)
    running = found.state in (State.WAITING, State.RUNNING)
    context: dict[str, Any] = {
        "plan": found,
        "running": running,
        "elapsed": verbs.elapsed(found),
        "title": _("%(prefecture)sのまとまりの案") % {"prefecture": found.prefecture},
    }
    if request.headers.get("HX-Request") == "true":
        response = render(request, "joint/partners/plan_now.html", context)
        if not running:
            response["HX-Refresh"] = "true"
        return response
    if found.state == State.FOUND:
        if "format" in request.GET:
            return _file(request, found)
        context |= _found(found, municipality)
    context |= {
        "mine": verbs.may_change(found, municipality, visitor(request)),
        "events": told(f"block_plan:{pk}", ACTIONS),
        "links": _links(found),
        "breadcrumbs": below(municipality, _list(municipality), str(context["title"])),
    }
    return render(request, "joint/partners/plan.html", context)


@member(CHOOSE)
@require_POST
def share(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _the(municipality, visitor(request), pk)
    if not verbs.may_change(found, municipality, visitor(request)):
        raise Http404
    try:
        verbs.share(found, visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("共同体のすべての町に見せました。"))
    return redirect("joint:partners_plan", municipality.code, pk)


def _found(plan: BlockPlan, municipality: Municipality) -> dict[str, Any]:
    blocks = verbs.codes_of(plan)
    towns = atlas.named(code for block in blocks for code in block)
    work = reverse("joint:partners_work", args=[municipality.code])
    return {
        "unit": verbs.UNITS[plan.objective],
        "proven": plan.found["gap"] == 0,
        "gap": f"{plan.found['gap'] * 100:.1f}",
        "map": of_blocks(list(towns.values()), municipality.code, blocks),
        "blocks": [
            {
                "number": at,
                "fill": fill,
                "centre": towns[block["centre"]],
                "towns": [towns[code] for code in block["towns"]],
                "population": block["population"],
                "own": municipality.code in block["towns"],
                "url": f"{work}?{query(block['towns'], origin=TownSelection.Origin.BLOCK)}"
                if len(block["towns"]) > 1
                else "",
            }
            for at, (block, fill) in enumerate(
                zip(plan.found["blocks"], fill_numbers(blocks), strict=True), 1
            )
        ],
    }


def _links(plan: BlockPlan) -> list[tuple[Municipality, Municipality, float]]:
    lines = plan.found.get("links", [])
    towns = atlas.named(code for line in lines for code in line[:2])
    return [(towns[one], towns[other], km) for one, other, km in lines if one in towns and other in towns]


def _the(municipality: Municipality, person: Person, pk: int) -> BlockPlan:
    found: BlockPlan = get_object_or_404(verbs.visible(municipality, person), pk=pk)
    return found


def _list(municipality: Municipality) -> tuple[str, str]:
    return _("まとまりの案"), reverse("joint:partners_plans", args=[municipality.code])


def _file(request: HttpRequest, plan: BlockPlan) -> HttpResponseBase:
    towns = atlas.named(code for block in verbs.codes_of(plan) for code in block)
    columns = [_("まとまり"), _("コード"), _("市区町村"), _("人口"), _("中心の町")]
    rows = (
        [number, code, str(towns[code]), atlas.populations()[towns[code].code], code == block["centre"]]
        for number, block in enumerate(plan.found["blocks"], 1)
        for code in block["towns"]
    )
    return export(request, f"blocks-{plan.pk}", columns, rows)


def _list_file(request: HttpRequest, found: Any) -> HttpResponseBase:
    columns = [
        _("都道府県"),
        _("町の数の下限"),
        _("町の数の上限"),
        _("何を良くするか"),
        _("状態"),
        _("まとまりの数"),
        _("目的の値"),
        _("最良との差"),
        _("頼んだ町"),
        _("頼んだ日時"),
    ]
    rows = (
        [
            str(one.prefecture),
            one.fewest,
            one.most,
            one.get_objective_display(),
            one.get_state_display(),
            len(one.found.get("blocks", [])) or None,
            one.found.get("value"),
            one.found.get("gap"),
            str(one.town),
            one.asked_at,
        ]
        for one in found
    )
    return export(request, "block-plans", columns, rows)
