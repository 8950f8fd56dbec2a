"""Forms of the use rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SectionForm(forms.Form):
    title = forms.CharField(label=_("題名"), max_length=80)
    body = forms.CharField(
        label=_("本文"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "行の初めに「- 」で箇条書き、「1. 」で番号、**はさむ**と太字になります（Markdown）。"
            "空の行で段落が分かれます。"
        ),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None, hint: str = "") -> None:
        super().__init__(data, initial=initial)
        if hint:
            self.fields["title"].help_text = hint


class PublishForm(forms.Form):
    effective_on = forms.DateField(
        label=_("施行日"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("この日からこの版が有効になります。職員には、公開するとすぐに確認をお願いします。"),
    )
    review_on = forms.DateField(
        label=_("次に見直す日"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("施行日から1年以内をすすめます。"),
    )
    change_note = forms.CharField(
        label=_("変えたところ"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("確認する職員が最初に読みます。"),
    )
    material = forms.BooleanField(
        label=_("全員の確認をもう一度求める"),
        required=False,
        initial=True,
        help_text=_("言い回しの直しだけなら外してください。前の版を確認した人は、確認済みのままになります。"),
    )

    def __init__(self, data: Any = None, *, first: bool) -> None:
        super().__init__(data)
        if first:
            del self.fields["change_note"], self.fields["material"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        return {"change_note": "", "material": True, **given}


class ReadersFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("確認"),
        required=False,
        choices=[("", _("全員")), ("waiting", _("まだ確認していない")), ("confirmed", _("確認済み"))],
    )
