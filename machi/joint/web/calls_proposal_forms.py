"""Forms of a proposal: begun, written, its towns, files; and the list that many come in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality
from machi.base.web.forms import TableField
from machi.base.web.towns import towns_field
from machi.joint.domain.calls_import import LARGEST
from machi.joint.models import Area, Call, Proposal
from machi.joint.web.calls_forms import DATE, text, yen


class MembersForm(forms.Form):
    def __init__(self, data: Any = None, *, towns: QuerySet[Municipality], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["members"] = towns_field(
            towns,
            _("一緒に提案する自治体"),
            hint=_("代表の自治体は、選ばなくても入ります。"),
            required=False,
        )


class BeginForm(MembersForm):
    title = forms.CharField(label=_("事業名"), max_length=120)


class ProposalForm(forms.Form):
    """A draft may be saved with anything still blank but its name."""

    title = forms.CharField(label=_("事業名"), max_length=120)
    area = forms.ChoiceField(label=_("分野"), required=False)
    summary = text(
        _("概要"), 3, required=False, longest=2000, hint=_("採択されると、誰でも読めるページに載ります。")
    )
    plan = text(_("実施内容"), 8, required=False)
    effects = text(
        _("期待される効果"), 5, required=False, hint=_("いまの値と、目指す値を書くと伝わりやすくなります。")
    )
    partners = text(
        _("協力する事業者・団体"),
        3,
        required=False,
        longest=2000,
        hint=_("1行に1つ。関わりのある人は審査員になりません。"),
    )
    amount = yen(_("申請額（円）"), required=False)
    starts_on = forms.DateField(label=_("開始日"), required=False, widget=DATE)
    ends_on = forms.DateField(label=_("終了日"), required=False, widget=DATE)
    contact_name = forms.CharField(
        label=_("担当者の氏名"), max_length=80, required=False, help_text=_("暗号化して保存します。")
    )
    contact_email = forms.EmailField(label=_("担当者のメールアドレス"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, call: Call, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("選んでください")), *((one, Area(one).label) for one in call.areas)]


class AttachForm(forms.Form):
    file = forms.FileField(
        label=_("ファイル"),
        help_text=_("PDF、画像、Word、Excel、PowerPoint、テキスト。10 MBまで。中身も確かめます。"),
    )


class ListForm(forms.Form):
    """A list of applications; read first, taken after it was shown."""

    file = TableField(
        label=_("応募の一覧"),
        help_text=_("ExcelかCSV。まず試し読みをして、取り込むかどうかは次の画面で決めます。"),
        largest=LARGEST,
    )


class ProposalFilter(forms.Form):
    area = forms.ChoiceField(label=_("分野"), required=False, choices=[("", _("すべて")), *Area.choices])
    state = forms.ChoiceField(
        label=_("状態"), required=False, choices=[("", _("すべて")), *Proposal.State.choices]
    )
