"""Forms of the register and of reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from machi.governance.models import Review, ReviewItem


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"),
        help_text=_("職員が履歴で読みます。個人の名前などは書かないでください。"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class NoticeForm(forms.Form):
    notice = forms.CharField(
        label=_("利用者へのお知らせ"),
        help_text=_("住民の画面にそのまま出ます。何が止まったか、代わりにどうすればよいかを書いてください。"),
        initial=_("自動の回答を止めています。質問は職員が受け付けます。"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )


class ApproveForm(forms.Form):
    until = _day(label=_("承認の期限"), help_text=_("この日まで動きます。30日前から、更新の案内が出ます。"))
    conditions = forms.CharField(
        label=_("承認の条件"),
        help_text=_("公開ページに載ります。条件がなければ空けておいてください。"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class BoardForm(forms.Form):
    on = _day(label=_("報告した日"))
    reference = forms.CharField(
        label=_("文書番号・会議名"),
        max_length=200,
        help_text=_("例：令和8年度第2回AI有識者会議 資料3"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    opinion = forms.ChoiceField(label=_("意見"), choices=Review.Opinion.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("意見の内容"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4})
    )


class ItemForm(forms.Form):
    """One item of the checklist; its prefix is the item's id."""

    state = forms.ChoiceField(label=_("状態"), choices=ReviewItem.State.choices, widget=forms.RadioSelect)
    reference = forms.CharField(
        label=_("根拠"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    note = forms.CharField(
        label=_("当てはまらない理由・メモ"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    file = forms.FileField(
        label=_("根拠の資料"),
        required=False,
        help_text=_("PDF、画像、Word、Excel、PowerPoint、テキスト。10 MBまで。"),
    )
    owner = forms.TypedChoiceField(label=_("担当"), required=False, coerce=int, empty_value=None)
    done_on = _day(label=_("確認した日"), required=False, help_text=_("空けておくと、今日の日付になります。"))

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = people  # type: ignore[attr-defined]
