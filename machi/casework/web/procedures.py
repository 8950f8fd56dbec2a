"""Procedures a town works with, and what it allows in each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.running import why_not
from machi.base.web.access import staff, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import add_refusal, date_field, posted
from machi.casework.domain import law_dates
from machi.casework.domain import procedures as verbs
from machi.casework.domain.procedure_data import data_of
from machi.casework.domain.record import STRAIGHT
from machi.casework.engine.procedures import StraightThrough
from machi.casework.models import Procedure
from machi.casework.web.application_forms import SettingsForm

DEFINE = "casework.define_forms"


class AdoptForm(forms.Form):
    key = forms.ChoiceField()

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["key"].label = _("手続")
        self.fields["key"].choices = verbs.to_adopt()  # type: ignore[attr-defined]


@staff(DEFINE)
def procedures(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """Those in use, and a form to take another into use."""
    found = list(Procedure.objects.all())
    if "format" in request.GET:
        columns = [_("手続"), _("版"), _("受け付ける"), _("処理の期限"), _("自動の承認"), _("2人目の承認")]
        rows = (
            (one.title, one.version, one.active, one.working_days, one.straight_through, one.two_person)
            for one in found
        )
        return export(request, "procedures", columns, rows)
    form = AdoptForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.adopt(municipality, form.cleaned_data["key"], visitor(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request, _("「%(title)s」を使い始めました。期限などを確かめてください。") % {"title": made}
            )
            return redirect("casework:procedure", municipality.code, made.pk)
    context = {
        "title": _("手続の設定"),
        "procedures": found,
        "form": form,
        "more": bool(form.fields["key"].choices),  # type: ignore[attr-defined]
    }
    return render(request, "casework/applications/procedures.html", context)


@staff(DEFINE)
def procedure(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse | HttpResponseBase:
    one = get_object_or_404(Procedure, pk=pk)
    about = data_of(one).about
    form = SettingsForm(posted(request), instance=Procedure.objects.get(pk=pk))
    form.fields["straight_through"].help_text = escape(
        _straight_through(municipality, about.straight_through)
    )
    if about.on_paper:
        form.fields["web_form"].help_text = escape(
            _("この手続では使えません。%(why)s") % {"why": about.on_paper}
        )
    back = reverse("casework:procedures", args=[municipality.code])
    return acted(
        request,
        form,
        lambda: verbs.change(one, visitor(request), form.cleaned_data),
        onward=back,
        done=_("変更しました。"),
        title=one.title,
        consequence=_(
            "自動の承認は、すべての条件を満たし、すべての欄の確かさが下限以上の申請だけに働きます。承認しないと決めるのは、いつも職員です。"
        ),
        submit=_("変更する"),
        cancel_url=back,
        template="casework/applications/procedure.html",
        laws=law_dates.cited(one),
        one=one,
        breadcrumbs=[(_("手続の設定"), back), (one.title, "")],
    )


def _straight_through(municipality: Municipality, allowed: StraightThrough) -> str:
    """What the switch does here and now: the procedure's law and the register of AI systems come before it."""
    if not allowed.possible:
        return _("この手続では使えません。%(why)s") % {"why": allowed.why}
    told = _(
        "すべての条件を満たし、どの欄にも疑いがない申請だけを、職員の審査を待たずに承認します。承認しないことは決して決めません。"
        "承認したもののうち一部を「自動の承認の確認」に出し、職員が画像と見比べます。"
    )
    if allowed.why:
        told += allowed.why
    if why_not(municipality, STRAIGHT):
        told += _("いまはAI台帳で承認されていないので、入れても働きません。")
    return told


class LawForm(forms.Form):
    name = forms.ChoiceField(label=gettext_lazy("条文"))
    as_of = date_field(
        gettext_lazy("いつの条文で確かめたか"),
        hint=gettext_lazy("e-Gov法令検索や例規集で見た条文が、いつ現在のものか。"),
    )

    def __init__(self, data: Any, one: Procedure) -> None:
        super().__init__(data, initial={"as_of": timezone.localdate()})
        self.fields["name"].choices = [(law.name, law.name) for law in law_dates.cited(one)]  # type: ignore[attr-defined]


@staff(DEFINE)
def confirm_law(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = get_object_or_404(Procedure, pk=pk)
    form = LawForm(posted(request), one)
    back = reverse("casework:procedure", args=[municipality.code, pk])
    return acted(
        request,
        form,
        lambda: law_dates.confirm(
            one, visitor(request), form.cleaned_data["name"], form.cleaned_data["as_of"]
        ),
        onward=back,
        done=_("条文を確かめた日を残しました。"),
        title=_("条文を確かめた日を残す"),
        consequence=_("点検の条件が条文のとおりかを確かめてから残してください。申請の点検の横に出ます。"),
        submit=_("残す"),
        cancel_url=back,
        breadcrumbs=[
            (_("手続の設定"), reverse("casework:procedures", args=[municipality.code])),
            (one.title, back),
            (_("条文を確かめた日を残す"), ""),
        ],
    )
