"""How well forms are read, as corrections tell; and thresholds that follow from it, for a person to take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, posted
from machi.casework.domain import learning
from machi.casework.engine.lines import line
from machi.casework.models import CaseForm, FieldThreshold
from machi.casework.web.applications import SEE
from machi.casework.web.procedures import DEFINE

DASH = "–"


class WhichForm(forms.Form):
    form = forms.ChoiceField(label=gettext_lazy("様式"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        named = [(one.key, one.title) for one in CaseForm.objects.filter(current=True)]
        self.fields["form"].choices = [("", _("すべて")), *named]  # type: ignore[attr-defined]


_SHOWN = 20
"""Fields on the page; the list that is written out has all."""


@staff(SEE)
def reading_quality(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    chosen = WhichForm(request.GET)
    form = chosen.cleaned_data["form"] if chosen.is_valid() else ""
    titles = {one.key: one.title for one in CaseForm.objects.filter(current=True)}
    fields = learning.by_field(form)
    columns = [_("欄"), _("様式"), _("見た数"), _("直した数"), _("直した割合（%）"), _("確かさの下限（%）")]
    rows = [
        [
            one.label,
            titles.get(one.form, one.form),
            one.seen,
            one.wrong,
            f"{one.percent:.1f}",
            f"{one.threshold * 100:g}",
        ]
        for one in fields
    ]
    if "format" in request.GET:
        return export(request, "reading-quality", columns, rows)
    months = learning.by_month(form)[-12:]
    context = {
        "title": _("読み取りの質"),
        "chosen": chosen,
        "columns": [_("確かさ"), _("見た数"), _("直した数"), _("直した割合")],
        "bands": [
            [
                f"{band.low * 100:g}〜{band.high * 100:g}%",
                band.seen,
                band.wrong,
                DASH if band.share is None else f"{band.share * 100:.1f}%",
            ]
            for band in learning.by_band(form)
        ],
        "field_columns": columns,
        "fields": rows[:_SHOWN],
        "months": [
            [date_format(one.month, "Y/m"), one.seen, one.wrong, f"{one.percent or 0:.1f}%"] for one in months
        ],
        "month_columns": [_("月"), _("見た数"), _("直した数"), _("直した割合")],
        "chart": line([one.percent for one in months], [date_format(one.month, "Y/m") for one in months]),
        "seen": sum(one.seen for one in fields),
        "proposals": [
            {"one": one, "form": titles.get(one.form, one.form)}
            for one in FieldThreshold.objects.filter(state=FieldThreshold.State.PROPOSED)
        ],
        "decided": FieldThreshold.objects.exclude(state=FieldThreshold.State.PROPOSED).select_related(
            "decided_by"
        )[:20],
        "may_decide": visitor(request).has_perm(DEFINE, municipality),
    }
    return render(request, "casework/applications/quality.html", context)


@staff(DEFINE)
def decide_threshold(
    request: HttpRequest, municipality: Municipality, pk: int, act: str
) -> HttpResponse | HttpResponseBase:
    if act not in ("accept", "decline"):
        raise Http404
    one = get_object_or_404(FieldThreshold, pk=pk, state=FieldThreshold.State.PROPOSED)
    accept = act == "accept"
    back = reverse("casework:reading_quality", args=[municipality.code])
    title = (
        _("「%(label)s」の確かさの下限を変えますか") if accept else _("「%(label)s」の提案を見送りますか")
    ) % {"label": one.label}
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: learning.decide(one, visitor(request), accept=accept),
        onward=back,
        done=_("下限を変えました。これから読み取る申請に働きます。") if accept else _("見送りました。"),
        title=title,
        consequence=_("いま %(before)s%%、提案 %(value)s%%（%(seen)s件のうち直したもの%(wrong)s件）")
        % {
            "before": f"{one.before * 100:g}",
            "value": f"{one.value * 100:g}",
            "seen": one.seen,
            "wrong": one.wrong,
        },
        submit=_("変える") if accept else _("見送る"),
        cancel_url=back,
        breadcrumbs=[(_("読み取りの質"), back), (one.label, "")],
    )
