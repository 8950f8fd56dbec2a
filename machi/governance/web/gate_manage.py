"""Setting up the gate: the network, the allow-list, endpoints and their keys, caps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Division, Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.governance.domain import gate_budget, gate_endpoints, gate_trial
from machi.governance.domain.gate_words import words
from machi.governance.models import AllowedDestination, Cap, Endpoint
from machi.governance.web.gate import breadcrumbs, shown
from machi.governance.web.gate_forms import CapForm, DestinationForm, EndpointForm, KeyForm, SettingsForm
from machi.language.gate.client import CallFailed
from machi.language.gate.egress import EgressRefused


@staff("governance.manage_gate")
def settings(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    now = gate_endpoints.settings_of(municipality)
    initial = {name: getattr(now, name) for name in SettingsForm.base_fields}
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _done(
        form, gate_endpoints.set_profile, municipality, by=visitor(request), **form.cleaned_data
    ):
        messages.success(request, _("設定を変えました。"))
        return redirect("governance:gate", municipality.code)
    return _ask(request, municipality, form, _("ネットワークと保存の設定"), _("保存する"))


@staff("governance.manage_gate")
def allow(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    form = DestinationForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(
        form, gate_endpoints.allow, municipality, by=visitor(request), **form.cleaned_data
    ):
        messages.success(request, _("接続先を許可しました。"))
        return redirect("governance:gate", municipality.code)
    return _ask(request, municipality, form, _("接続先を許可する"), _("許可する"))


@staff("governance.manage_gate")
def disallow(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    line = get_object_or_404(AllowedDestination, pk=pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(form, gate_endpoints.disallow, line, by=visitor(request)):
        messages.success(request, _("許可を取り消しました。次の呼び出しから効きます。"))
        return redirect("governance:gate", municipality.code)
    return _confirm(
        request,
        municipality,
        form,
        title=_("「%(line)s」への許可を取り消しますか") % {"line": line},
        consequence=_("この接続先を使うAIは、次の呼び出しから資料の抜き出しで答えます。"),
        submit=_("取り消す"),
        danger=True,
    )


@staff("governance.manage_gate")
def add(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(
        form, gate_endpoints.add, municipality, by=visitor(request), **form.cleaned_data
    ):
        messages.success(request, _("接続先を追加しました。接続を確かめてください。"))
        return redirect("governance:gate", municipality.code)
    return _ask(request, municipality, form, _("モデルの接続先を追加する"), _("追加する"))


@staff("governance.see_gate")
def endpoint(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _one(pk)
    context = {
        "shown": shown(one, gate_endpoints.why_not(one)),
        "has_key": bool(one.key),
        "may_manage": visitor(request).has_perm("governance.manage_gate", municipality),
        "breadcrumbs": [*breadcrumbs(municipality), (one.name, "")],
    }
    return render(request, "governance/gate/endpoint.html", context)


@staff("governance.manage_gate")
@require_POST
def test(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    """Asks the endpoint for one word, and says what came of it."""
    try:
        reply = gate_trial.test(_one(pk), by=visitor(request))
    except EgressRefused as refused:
        messages.error(request, str(gate_endpoints.WHY_NOT[refused.code]))
    except (CallFailed, gate_budget.OverCap) as failed:
        messages.error(request, words(failed.code))
    else:
        messages.success(
            request, _("つながりました。モデル「%(model)s」が答えました。") % {"model": reply.model or "-"}
        )
    return redirect("governance:gate_endpoint", municipality.code, pk)


@staff("governance.manage_gate")
def key(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _one(pk)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(
        form, gate_endpoints.replace_key, one, by=visitor(request), key=form.cleaned_data["key"]
    ):
        messages.success(request, _("鍵を入れ替えました。") if one.key else _("鍵を消しました。"))
        return redirect("governance:gate_endpoint", municipality.code, pk)
    return _ask(request, municipality, form, _("鍵を入れ替える"), _("保存する"), endpoint=one)


@staff("governance.manage_gate")
def active(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    """Disables an endpoint that is used, or takes up one that is not."""
    one = _one(pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(
        form, gate_endpoints.set_active, one, by=visitor(request), active=not one.active
    ):
        messages.success(request, _("使い始めました。") if one.active else _("止めました。"))
        return redirect("governance:gate_endpoint", municipality.code, pk)
    title = _("「%(name)s」を止めますか") if one.active else _("「%(name)s」を使いますか")
    consequence = (
        _("この用途のAIは、次の呼び出しから資料の抜き出しで答えます。あとで、また使えます。")
        if one.active
        else _("この用途のAIは、次の呼び出しからこの接続先を使います。")
    )
    return _confirm(
        request,
        municipality,
        form,
        title=title % {"name": one.name},
        consequence=consequence,
        submit=_("止める") if one.active else _("使う"),
        cancel_url=reverse("governance:gate_endpoint", args=[municipality.code, pk]),
    )


@staff("governance.set_caps")
def caps(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    named = request.GET.get("division", "")
    division = Division.objects.filter(pk=named).first() if named.isdecimal() else None
    now = Cap.objects.filter(division=division).first()
    initial = {"division": division, "yen": now and now.yen, "tokens": now and now.tokens}
    form = CapForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _done(
        form, gate_budget.set_cap, municipality, by=visitor(request), **form.cleaned_data
    ):
        messages.success(request, _("月の上限を決めました。"))
        return redirect("governance:gate", municipality.code)
    return _ask(request, municipality, form, _("月の上限を決める"), _("保存する"))


def _one(pk: int) -> Endpoint:
    return get_object_or_404(Endpoint.objects.select_related("breaker"), pk=pk)


def _done(form: forms.Form, verb: Callable[..., object], *given: Any, **named: Any) -> bool:
    try:
        verb(*given, **named)
    except Refused as refused:
        add_refusal(form, refused)
        return False
    return True


def _ask(
    request: HttpRequest,
    municipality: Municipality,
    form: forms.Form,
    title: str,
    submit: str,
    endpoint: Endpoint | None = None,
) -> HttpResponse:
    back = reverse("governance:gate", args=[municipality.code])
    above = breadcrumbs(municipality)
    if endpoint is not None:
        back = reverse("governance:gate_endpoint", args=[municipality.code, endpoint.pk])
        above = [*above, (endpoint.name, back)]
    context = {
        "title": title,
        "form": form,
        "submit": submit,
        "cancel_url": back,
        "breadcrumbs": [*above, (title, "")],
    }
    return render(request, "base/components/confirm.html", context)


def _confirm(
    request: HttpRequest, municipality: Municipality, form: forms.Form, **context: Any
) -> HttpResponse:
    back = reverse("governance:gate", args=[municipality.code])
    return render(request, "base/components/confirm.html", {"form": form, "cancel_url": back, **context})
