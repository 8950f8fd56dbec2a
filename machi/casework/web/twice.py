"""Two applications side by side that may be one paper handed in twice, and ending one without a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.acting import acted
from machi.base.web.forms import posted, text_field
from machi.casework.domain import ruling, twice
from machi.casework.models import Application, Likeness
from machi.casework.web.application import below, field_definitions
from machi.casework.web.applications import PROCESS
from machi.casework.web.shown import text_of


class TwiceForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("見比べた結果"),
        widget=forms.RadioSelect,
        choices=[
            (Likeness.Answer.SAME, gettext_lazy("同じもの：この申請は、決定をせずに終える")),
            (Likeness.Answer.DIFFERENT, gettext_lazy("別の申請：どちらも審査する")),
        ],
        error_messages={"required": gettext_lazy("選んでください。")},
    )


class CloseForm(forms.Form):
    reason = text_field(
        gettext_lazy("終える理由"), rows=3, hint=gettext_lazy("例：本人から取下げの連絡があった。")
    )


@staff(PROCESS)
def compare(request: HttpRequest, municipality: Municipality, pk: int, other: int) -> HttpResponseBase:
    found = get_object_or_404(
        Likeness.objects.select_related("application__procedure", "application__municipality", "other"),
        application_id=pk,
        other_id=other,
    )
    form = TwiceForm(posted(request))
    one = found.application

    def act() -> None:
        verb = twice.same if form.cleaned_data["answer"] == Likeness.Answer.SAME else twice.different
        verb(found, visitor(request))

    return acted(
        request,
        form,
        act,
        onward=reverse("casework:application", args=[municipality.code, pk]),
        done=_("見比べた結果を残しました。"),
        template="casework/applications/compare.html",
        title=_("%(number)s と見比べる") % {"number": found.other.number},
        found=found,
        sides=[found.other, one],
        rows=_differing(one, found.other),
        breadcrumbs=[*below(municipality, one, link=True), (_("見比べる"), "")],
    )


@staff(PROCESS)
def close(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = get_object_or_404(Application.objects.select_related("procedure", "municipality"), pk=pk)
    form = CloseForm(posted(request))
    page = reverse("casework:application", args=[municipality.code, pk])
    return acted(
        request,
        form,
        lambda: ruling.close(one, visitor(request), form.cleaned_data["reason"]),
        onward=page,
        done=_("決定をせずに終えました。"),
        title=_("決定をせずに終えますか"),
        submit=_("終える"),
        consequence=_(
            "取り下げられた申請や、二重に届いた申請に使います。通知書は作りません。あとで取り消して、審査に戻せます。"
        ),
        cancel_url=page,
        breadcrumbs=[*below(municipality, one, link=True), (_("決定をせずに終える"), "")],
    )


def _differing(one: Application, other: Application) -> list[dict[str, Any]]:
    """Fields that do not say the same, with what stands in each."""
    definitions = field_definitions(one) | field_definitions(other)
    texts = [
        {
            value.field: (
                value.label,
                text_of(
                    value.kind, value.value or value.raw or "", definitions.get((value.form, value.field))
                ),
            )
            for value in application.values.all()
        }
        for application in (other, one)
    ]
    fields = dict.fromkeys([*texts[0], *texts[1]])
    rows = [[side.get(field, ("", "")) for side in texts] for field in fields]
    return [
        {"label": row[0][0] or row[1][0], "texts": [text for _label, text in row]}
        for row in rows
        if row[0][1] != row[1][1]
    ]
