"""Each act on an AI system: asked, explained, confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.web.access import staff, visitor
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.governance.domain import register
from machi.governance.domain.review import titles_of_open
from machi.governance.web.register import breadcrumbs, entry_or_404
from machi.governance.web.register_forms import ApproveForm, NoticeForm, ReasonForm


@staff(register.REVIEW)
def submit(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponse:
    one = entry_or_404(municipality, key)
    renewal = one.row.state == "approved" and one.stands
    return _ask(
        request,
        municipality,
        one,
        ConfirmForm,
        lambda by, **_given: register.submit(municipality, key, by=by),
        title=_("更新の審査を始めますか") if renewal else _("審査を始めますか"),
        consequence=_("版{version}を、確認項目に1つずつ照らします。").format(version=one.system.version)
        + (
            _("いまの承認は、期限まで続きます。")
            if renewal
            else _("審査が終わって承認するまで、AIは動きません。")
        ),
        submit=_("審査を始める"),
        done=_("審査を始めました。"),
        to_review=True,
    )


@staff(register.DECIDE)
def send_back(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponse:
    return _ask(
        request,
        municipality,
        entry_or_404(municipality, key),
        ReasonForm,
        lambda by, **given: register.send_back(municipality, key, by=by, **given),
        title=_("審査を差し戻しますか"),
        consequence=_("承認せずに審査を終えます。示された根拠は、次の審査で引き継がれます。"),
        submit=_("差し戻す"),
        done=_("審査を差し戻しました。"),
    )


@staff(register.DECIDE)
def approve(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponse:
    one = entry_or_404(municipality, key)
    return _ask(
        request,
        municipality,
        one,
        ApproveForm,
        lambda by, **given: register.approve(municipality, key, by=by, **given),
        initial={"until": timezone.localdate() + register.USUAL_APPROVAL, "conditions": one.row.conditions},
        title=_("「{title}」を承認しますか").format(title=one.system.title),
        consequence=_("承認すると、次の利用から動きます。条件と期限は公開ページに載ります。"),
        submit=_("承認する"),
        done=_("承認しました。次の利用から動きます。"),
        template="governance/register/approve.html",
        review=one.review,
        waiting=titles_of_open(one.review) if one.review else [],
    )


@staff(register.DECIDE)
def suspend(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponse:
    return _ask(
        request,
        municipality,
        entry_or_404(municipality, key),
        NoticeForm,
        lambda by, **given: register.suspend(municipality, key, by=by, **given),
        title=_("いますぐ止めますか"),
        consequence=_(
            "次の利用から止まります。住民は、お知らせを読んだうえで職員に質問を送れます。あとで再開できます。"
        ),
        submit=_("止める"),
        done=_("止めました。"),
        danger=True,
    )


@staff(register.DECIDE)
def resume(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponse:
    return _ask(
        request,
        municipality,
        entry_or_404(municipality, key),
        ConfirmForm,
        lambda by, **_given: register.resume(municipality, key, by=by),
        title=_("再開しますか"),
        consequence=_("次の利用から、前と同じ条件と期限で動きます。"),
        submit=_("再開する"),
        done=_("再開しました。"),
    )


@staff(register.DECIDE)
def retire(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponse:
    return _ask(
        request,
        municipality,
        entry_or_404(municipality, key),
        ReasonForm,
        lambda by, **given: register.retire(municipality, key, by=by, **given),
        title=_("廃止しますか"),
        consequence=_("次の利用から動かなくなります。もう一度使うには、審査をやり直します。記録は残ります。"),
        submit=_("廃止する"),
        done=_("廃止しました。"),
        danger=True,
    )


def _ask(
    request: HttpRequest,
    municipality: Municipality,
    one: register.Entry,
    form_class: type[forms.Form],
    act: Callable[..., object],
    *,
    title: str,
    done: str,
    initial: dict[str, Any] | None = None,
    template: str = "base/components/confirm.html",
    to_review: bool = False,
    **context: Any,
) -> HttpResponse:
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    by: Person = visitor(request)
    if form.is_valid():
        try:
            result = act(by, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, done)
            if to_review:
                return redirect("governance:review", municipality.code, result.pk)  # type: ignore[attr-defined]
            return redirect("governance:system", municipality.code, one.system.key)
    context |= {
        "form": form,
        "title": title,
        "entry": one,
        "cancel_url": reverse("governance:system", args=[municipality.code, one.system.key]),
        "breadcrumbs": breadcrumbs(municipality, one, title),
    }
    return render(request, template, context)
