"""The gate to language models as staff see it: where models are, what they cost, what became of the calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain.ledger_words import subject_label
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import Value, export
from machi.governance.domain import gate_breaker, gate_budget, gate_endpoints
from machi.governance.domain.gate_words import words
from machi.governance.models import AllowedDestination, Endpoint, ModelCall
from machi.governance.web.gate_forms import CallFilter
from machi.governance.web.gate_words import purpose_title

_A_PAGE = 50
_RECENT = 10


@staff("governance.see_gate")
def gate(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    person = visitor(request)
    settings = gate_endpoints.settings_of(municipality)
    allowed = list(AllowedDestination.objects.all())
    context = {
        "settings": settings,
        "endpoints": [
            shown(one, gate_endpoints.reason_against(one, settings, allowed))
            for one in Endpoint.objects.select_related("breaker")
        ],
        "destinations": [(one, gate_endpoints.line_against(one, settings)) for one in allowed],
        "uses": [_use(one) for one in gate_budget.uses()],
        "month": timezone.localdate(),
        "calls": [described(one) for one in _calls()[:_RECENT]],
        "may_manage": person.has_perm("governance.manage_gate", municipality),
        "may_read": person.has_perm("governance.read_exchanges", municipality),
        "may_cap": person.has_perm("governance.set_caps", municipality),
    }
    return render(request, "governance/gate/gate.html", context)


@staff("governance.see_gate")
def calls(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    form = CallFilter(request.GET)
    found = _calls()
    if form.is_valid():
        if state := form.cleaned_data["state"]:
            found = found.filter(state=state)
        if month := form.cleaned_data["month"]:
            found = found.filter(month=month)
    if "format" in request.GET:
        return export(request, "model-calls", _COLUMNS, _rows(found))
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "calls": [described(one) for one in page],
        "form": form,
        "may_read": visitor(request).has_perm("governance.read_exchanges", municipality),
        "breadcrumbs": [*breadcrumbs(municipality), (_("呼び出しの記録"), "")],
    }
    return render(request, "governance/gate/calls.html", context)


def shown(endpoint: Endpoint, blocked: str) -> dict[str, Any]:
    """An endpoint with how it stands, in words and a chip's kind."""
    state = gate_breaker.state_of(endpoint, timezone.now())
    if not endpoint.active:
        chip = (_("停止中"), "", "")
    elif blocked:
        chip = (_("呼び出せません"), "danger", "error")
    elif state == "open":
        chip = (_("不調のため休止中"), "warning", "warning")
    elif state == "half_open":
        chip = (_("次の1回で試します"), "warning", "schedule")
    else:
        chip = (_("使用中"), "success", "check-circle")
    return {
        "endpoint": endpoint,
        "purpose": purpose_title(endpoint.purpose),
        "label": chip[0],
        "kind": chip[1],
        "icon": chip[2],
        "blocked": blocked,
        "breaker": gate_breaker.value_of(endpoint),
        "state": state,
    }


def described(one: ModelCall) -> dict[str, Any]:
    """A call in words, without content."""
    kinds = {"done": "success", "cached": "info", "fallback": "warning", "refused": "danger"}
    return {
        "call": one,
        "purpose": purpose_title(one.purpose),
        "subject": subject_label(one.subject),
        "kind": kinds.get(one.state, ""),
        "reason": words(one.reason) if one.reason else "",
        "hidden": "、".join(f"{kind} {count}" for kind, count in one.hidden.items()),
    }


def breadcrumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("言語モデルの関所"), reverse("governance:gate", args=[municipality.code]))]


def _calls() -> QuerySet[ModelCall]:
    return ModelCall.objects.select_related("endpoint", "division")


def _use(one: gate_budget.CapUse) -> dict[str, Any]:
    return {
        "use": one,
        "whose": one.cap.division.name if one.cap.division else _("自治体全体"),
        "percent": int(one.share * 100),
        "full": one.share >= 1,
    }


_COLUMNS = [
    gettext_lazy("日時"),
    gettext_lazy("AIシステム"),
    gettext_lazy("用途"),
    gettext_lazy("対象"),
    gettext_lazy("接続先"),
    gettext_lazy("モデル名"),
    gettext_lazy("課"),
    gettext_lazy("結果"),
    gettext_lazy("理由"),
    gettext_lazy("入力トークン"),
    gettext_lazy("出力トークン"),
    gettext_lazy("円"),
    gettext_lazy("隠した個人情報"),
    gettext_lazy("ミリ秒"),
    gettext_lazy("記録台帳の番号"),
]


def _rows(found: QuerySet[ModelCall]) -> Iterator[list[Value]]:
    for one in found.iterator(chunk_size=500):
        yield [
            one.at,
            one.system,
            one.purpose,
            one.subject,
            one.endpoint.name if one.endpoint else "",
            one.model,
            one.division.name if one.division else "",
            one.get_state_display(),
            words(one.reason) if one.reason else "",
            one.tokens_in,
            one.tokens_out,
            float(one.yen),
            "、".join(f"{kind} {count}" for kind, count in one.hidden.items()),
            one.milliseconds,
            one.ledger_index,
        ]
