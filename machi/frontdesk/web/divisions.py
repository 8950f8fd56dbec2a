"""Divisions: whose work is what. Their words of duty decide where a resident's question goes."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Division, Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.frontdesk.domain import divisions as verbs
from machi.frontdesk.web.staff_forms import DivisionForm

_A_PAGE = 50


@staff("frontdesk.manage_divisions")
def divisions(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    found = verbs.divisions()
    if "format" in request.GET:
        columns = [
            _("課名"), _("担当する仕事"), _("メールアドレス"), _("電話番号"), _("行き先が分からない問い合わせを受ける"),
            _("対応していない問い合わせ"), _("問い合わせ"), _("情報源"), _("職員"),
        ]  # fmt: skip
        rows = (
            (
                one.name,
                one.duties,
                one.email,
                one.telephone,
                one.is_default,
                one.waiting_count,  # type: ignore[attr-defined]
                one.hand_over_count,  # type: ignore[attr-defined]
                one.source_count,  # type: ignore[attr-defined]
                one.people_count,  # type: ignore[attr-defined]
            )
            for one in found
        )
        return export(request, "divisions", columns, rows)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "frontdesk/staff/divisions.html", {"page_obj": page})


@staff("frontdesk.manage_divisions")
def add(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    form = DivisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.add(municipality, visitor(request), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("課を追加しました。"))
            return redirect("frontdesk:divisions", municipality.code)
    context = {
        "title": _("課を追加する"),
        "form": form,
        "submit": _("追加する"),
        "cancel_url": reverse("frontdesk:divisions", args=[municipality.code]),
        "breadcrumbs": [*_breadcrumbs(municipality), (_("追加する"), "")],
    }
    return render(request, "base/components/confirm.html", context)


@staff("frontdesk.manage_divisions")
def division(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    known = get_object_or_404(Division, pk=pk)
    now = {name: getattr(known, name) for name in DivisionForm.base_fields}
    form = DivisionForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change(known, visitor(request), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("変更しました。"))
            return redirect("frontdesk:divisions", municipality.code)
    context = {
        "title": known.name,
        "form": form,
        "division": known,
        "why_kept": verbs.why_kept(known),
        "cancel_url": reverse("frontdesk:divisions", args=[municipality.code]),
        "breadcrumbs": [*_breadcrumbs(municipality), (known.name, "")],
    }
    return render(request, "frontdesk/staff/division.html", context)


@staff("frontdesk.manage_divisions")
def delete(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    """Asks, then deletes; a division that must stay says why."""
    known = get_object_or_404(Division, pk=pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.delete(known, visitor(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("「%(name)s」を削除しました。") % {"name": known.name})
            return redirect("frontdesk:divisions", municipality.code)
    context = {
        "title": _("「%(name)s」を削除しますか") % {"name": known.name},
        "consequence": _(
            "元には戻せません。この課を担当としていた情報源と職員は、担当課が決まっていない状態になります。"
        ),
        "form": form,
        "submit": _("削除する"),
        "danger": True,
        "cancel_url": reverse("frontdesk:division", args=[municipality.code, pk]),
    }
    return render(request, "base/components/confirm.html", context)


def _breadcrumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("課の設定"), reverse("frontdesk:divisions", args=[municipality.code]))]
