"""Incidents: the list, filing one, and the page on which it is handled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.due import due
from machi.base.web.export import export
from machi.base.web.forms import add_refusal
from machi.base.web.history import told
from machi.governance.domain import incidents as verbs
from machi.governance.domain import register
from machi.governance.engine.incidents import Ground
from machi.governance.models import Incident
from machi.governance.web.incident_forms import (
    AssignForm,
    CloseForm,
    FactsForm,
    FileForm,
    IncidentFilter,
    NoteForm,
    ReopenForm,
    SuspendForm,
    declared,
)

_A_PAGE = 25
REPORT = "governance.report_incident"
GROUNDS = {
    Ground.SENSITIVE: gettext_noop("要配慮個人情報を含む（条例で定めたものも）"),
    Ground.PROPERTY: gettext_noop("財産の被害が出るおそれがある"),
    Ground.WRONGFUL: gettext_noop("不正の目的によるおそれがある"),
    Ground.MANY: gettext_noop("本人の数が100人を超える"),
    Ground.MY_NUMBER: gettext_noop(
        "マイナンバーを含む（番号法に別の定めがあります。ここでは念のため、すべて報告するものとして扱います）"
    ),
}
ACTIONS = {
    "file": gettext_noop("報告した"),
    "change_facts": gettext_noop("分かったことを直した"),
    "assign": gettext_noop("担当者を決めた"),
    "note": gettext_noop("メモを残した"),
    "contain": gettext_noop("広がりを止めた"),
    "meet": gettext_noop("することを一つ済ませた"),
    "suspend": gettext_noop("AIを止めた"),
    "close": gettext_noop("完了した"),
    "reopen": gettext_noop("もう一度開いた"),
}


@staff(REPORT)
def incidents(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    person = visitor(request)
    form = IncidentFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = verbs.visible(municipality, person)
    if not asked.get("state"):
        found = found.exclude(state=Incident.State.CLOSED)
    elif asked["state"] != "all":
        found = found.filter(state=asked["state"])
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    if asked.get("overdue"):
        found = found.filter(verbs.is_overdue()).exclude(state=Incident.State.CLOSED)
    if "format" in request.GET:
        return _exported(request, found)
    now = timezone.now()
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    handles = person.has_perm(verbs.HANDLE, municipality)
    context = {
        "form": form,
        "page_obj": page,
        "rows": [
            {
                "incident": one,
                "due": due(one.next_due, now)
                if one.next_due and one.state != Incident.State.CLOSED
                else None,
            }
            for one in page
        ],
        "handles": handles,
        "figures": verbs.figures() if handles else None,
        "filtered": any(asked.values()),
    }
    return render(request, "governance/incidents/incidents.html", context)


@staff(REPORT)
def file(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    form = FileForm(request.POST or None, initial={"noticed_at": timezone.localtime()})
    if request.method == "POST" and form.is_valid():
        try:
            incident = verbs.file(
                municipality, visitor(request), happened=form.cleaned_data["happened"], facts=form.facts
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("報告しました。AI責任者に知らせます。"))
            return redirect("governance:incident", municipality.code, incident.pk)
    context = {
        "title": _("インシデントを報告する"),
        "form": form,
        "submit": _("報告する"),
        "cancel_url": reverse("governance:incidents", args=[municipality.code]),
        "breadcrumbs": [*_breadcrumbs(municipality), (_("報告する"), "")],
    }
    return render(request, "governance/incidents/file.html", context)


@staff(REPORT)
def incident(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    return _page(request, municipality, _found(request, municipality, pk))


@staff(verbs.HANDLE)
def facts(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    found = _found(request, municipality, pk)
    form = FactsForm(
        request.POST or None,
        initial={
            **{name: getattr(found, name) for name in verbs.FACTS},
            "noticed_at": timezone.localtime(found.noticed_at),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change_facts(found, visitor(request), form.facts)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("直しました。期限も計算し直しました。"))
            return redirect("governance:incident", municipality.code, pk)
    here = reverse("governance:incident", args=[municipality.code, pk])
    context = {
        "title": _("分かったことを直す"),
        "form": form,
        "submit": _("保存する"),
        "cancel_url": here,
        "breadcrumbs": [*_breadcrumbs(municipality), (f"#{pk}", here), (_("分かったことを直す"), "")],
    }
    return render(request, "governance/incidents/file.html", context)


@staff(verbs.HANDLE)
@require_POST
def assign(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    form = AssignForm(request.POST, municipality=municipality)
    return _act(
        request,
        municipality,
        pk,
        form,
        "assign_form",
        lambda one: verbs.assign(one, visitor(request), form.cleaned_data["assignee"]),
        _("担当者を決めました。"),
    )


@staff(REPORT)
@require_POST
def note(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    form = NoteForm(request.POST)
    return _act(
        request,
        municipality,
        pk,
        form,
        "note_form",
        lambda one: verbs.note(one, visitor(request), form.cleaned_data["body"]),
        _("メモを残しました。"),
    )


@staff(verbs.HANDLE)
@require_POST
def contain(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    return _act(
        request,
        municipality,
        pk,
        None,
        "",
        lambda one: verbs.contain(one, visitor(request)),
        _("広がりを止めたことを記録しました。"),
    )


@staff(verbs.HANDLE)
@require_POST
def meet(request: HttpRequest, municipality: Municipality, pk: int, duty: str) -> HttpResponse:
    return _act(
        request,
        municipality,
        pk,
        None,
        "",
        lambda one: verbs.meet(one, visitor(request), duty),
        _("済んだことを記録しました。"),
    )


@staff(verbs.HANDLE)
@require_POST
def close(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    form = CloseForm(request.POST)
    return _act(
        request,
        municipality,
        pk,
        form,
        "close_form",
        lambda one: verbs.close(one, visitor(request), form.cleaned_data["lesson"]),
        _("完了しました。"),
    )


@staff(verbs.HANDLE)
@require_POST
def reopen(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    form = ReopenForm(request.POST)
    return _act(
        request,
        municipality,
        pk,
        form,
        "reopen_form",
        lambda one: verbs.reopen(one, visitor(request), form.cleaned_data["body"]),
        _("もう一度開きました。"),
    )


@staff("governance.decide_systems")
def suspend(request: HttpRequest, municipality: Municipality, pk: int, key: str) -> HttpResponseBase:
    """Asks, then stops an AI system that the incident concerns, at once."""
    found = _found(request, municipality, pk)
    title = dict(declared()).get(key)
    if title is None or key not in found.systems:
        raise Http404
    initial = {"notice": _("不具合が見つかったため、いま止めています。ご不便をおかけします。")}
    form = SuspendForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            register.suspend(municipality, key, by=visitor(request), notice=form.cleaned_data["notice"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            verbs.suspended(found, visitor(request), key)
            messages.success(request, _("「%(title)s」を止めました。") % {"title": title})
            return redirect("governance:incident", municipality.code, pk)
    context = {
        "title": _("「%(title)s」をすぐに止めますか") % {"title": title},
        "consequence": _("次の利用から、この自治体では誰も使えなくなります。再開はAI台帳からできます。"),
        "form": form,
        "submit": _("止める"),
        "danger": True,
        "cancel_url": reverse("governance:incident", args=[municipality.code, pk]),
    }
    return render(request, "base/components/confirm.html", context)


def _act(
    request: HttpRequest,
    municipality: Municipality,
    pk: int,
    form: forms.Form | None,
    name: str,
    act: Callable[[Incident], None],
    done: str,
) -> HttpResponse:
    """Does one thing to the incident; what was refused is shown at its form, or on top of the page."""
    found = _found(request, municipality, pk)
    if form is not None and not form.is_valid():
        return _page(request, municipality, found, **{name: form})
    try:
        act(found)
    except Refused as refused:
        if form is None:
            messages.error(request, str(refused.message))
            return redirect("governance:incident", municipality.code, pk)
        add_refusal(form, refused)
        return _page(request, municipality, found, **{name: form})
    messages.success(request, done)
    return redirect("governance:incident", municipality.code, pk)


def _page(
    request: HttpRequest, municipality: Municipality, found: Incident, **bound: forms.Form
) -> HttpResponse:
    person, now = visitor(request), timezone.now()
    titles = dict(declared())
    systems = [{"key": key, "title": titles.get(key, key)} for key in found.systems]
    if person.has_perm("governance.see_register", municipality):
        running = {one.system.key for one in register.entries(municipality) if one.runs}
        systems = [{**one, "runs": one["key"] in running} for one in systems]
    context: dict[str, Any] = {
        "incident": found,
        "systems": systems,
        "grounds": [_(GROUNDS[ground]) for ground in verbs.why_report(found)],
        "duties": [
            {"duty": one, "due": due(one.due_at, now) if one.due_at and not one.met_at else None}
            for one in found.duties.select_related("met_by").order_by(F("due_at").asc(nulls_last=True), "pk")
        ],
        "events": told(f"incident:{found.pk}", ACTIONS),
        "notes": found.notes.select_related("author"),
        "open": found.state != Incident.State.CLOSED,
        "handles": person.has_perm(verbs.HANDLE, municipality),
        "may_suspend": person.has_perm(register.DECIDE, municipality),
        "assign_form": AssignForm(municipality=municipality, initial={"assignee": found.assignee_id}),
        "note_form": NoteForm(),
        "close_form": CloseForm(initial={"lesson": found.lesson}),
        "reopen_form": ReopenForm(auto_id="reopen_%s"),
        "form": next(iter(bound.values()), None),
        "breadcrumbs": [*_breadcrumbs(municipality), (f"#{found.pk}", "")],
        **bound,
    }
    return render(request, "governance/incidents/incident.html", context)


def _found(request: HttpRequest, municipality: Municipality, pk: int) -> Incident:
    """404 too for what another filed, unless the visitor handles incidents."""
    found: Incident = get_object_or_404(verbs.visible(municipality, visitor(request)), pk=pk)
    return found


def _exported(request: HttpRequest, found: Any) -> HttpResponseBase:
    """Without the words: those are on the incident's own page only."""
    titles = dict(declared())
    columns = [
        _("番号"), _("種類"), _("重さ"), _("状態"), _("気づいた日時"), _("報告した日時"), _("報告者"), _("担当者"),
        _("関係するAI"), _("影響を受けた人数"), _("個人情報の漏えいのおそれ"), _("次の期限"), _("期限超過"),
        _("完了日時"),
    ]  # fmt: skip
    rows = (
        (
            one.pk,
            one.get_kind_display(),
            one.get_severity_display(),
            one.get_state_display(),
            one.noticed_at,
            one.filed_at,
            one.filed_by.name,
            one.assignee.name if one.assignee else "",
            "、".join(titles.get(key, key) for key in one.systems),
            one.affected,
            one.leaked,
            one.next_due,
            one.overdue,
            one.closed_at,
        )
        for one in found
    )
    return export(request, "incidents", columns, rows)


def _breadcrumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("インシデント"), reverse("governance:incidents", args=[municipality.code]))]
