"""Forms of incidents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality, Person
from machi.base.rooms import rooms
from machi.governance.domain import incidents as verbs
from machi.governance.models import Incident


def declared() -> list[tuple[str, str]]:
    return [(system.key, str(system.title)) for room in rooms() for system in room.ai_systems]


class FactsForm(forms.Form):
    """What is known of an incident, besides its words."""

    kind = forms.ChoiceField(label=_("種類"), choices=Incident.Kind.choices, widget=forms.RadioSelect)
    severity = forms.ChoiceField(
        label=_("重さ"),
        choices=Incident.Severity.choices,
        widget=forms.RadioSelect,
        help_text=_("迷ったら重いほうを選んでください。あとから直せます。"),
    )
    noticed_at = forms.DateTimeField(
        label=_("気づいた日時"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("職員の誰かが最初に知った時です。報告の期限はここから数えます。"),
    )
    systems = forms.MultipleChoiceField(
        label=_("関係するAI"), required=False, widget=forms.CheckboxSelectMultiple
    )
    affected = forms.IntegerField(
        label=_("影響を受けた人数"),
        required=False,
        min_value=0,
        max_value=200_000_000,
        help_text=_("分からなければ空けておいてください。"),
    )
    leaked = forms.BooleanField(
        label=_("個人情報が外に出た、またはそのおそれがある"),
        required=False,
        help_text=_("認められていないAIに個人情報を入れたときも、ここを選んでください。"),
    )
    sensitive = forms.BooleanField(label=_("病気、障害、犯罪歴などの要配慮個人情報を含む"), required=False)
    property_damage = forms.BooleanField(
        label=_("口座番号など、悪用されると財産の被害が出るおそれがある情報を含む"), required=False
    )
    wrongful = forms.BooleanField(
        label=_("不正の目的（盗み、不正アクセスなど）によるおそれがある"), required=False
    )
    my_number = forms.BooleanField(label=_("マイナンバーを含む"), required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["systems"].choices = declared()  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in verbs.FACTS}


class FileForm(FactsForm):
    happened = forms.CharField(
        label=_("何が起きたか"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "分かっていることだけでかまいません。住民の名前などは、なくても伝わるなら書かないでください。"
        ),
    )

    field_order = ("happened", "kind", "severity", "noticed_at")


class IncidentFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("状態"),
        required=False,
        choices=[("", _("対応中")), ("all", _("すべて")), *Incident.State.choices],
    )
    kind = forms.ChoiceField(
        label=_("種類"), required=False, choices=[("", _("すべて")), *Incident.Kind.choices]
    )
    overdue = forms.BooleanField(label=_("期限を過ぎたものだけ"), required=False)


class AssignForm(forms.Form):
    assignee = forms.ModelChoiceField(
        label=_("担当者"), queryset=Person.objects.none(), required=False, empty_label=_("決まっていない")
    )

    def __init__(self, data: Any = None, *, municipality: Municipality, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["assignee"].queryset = verbs.handlers(municipality)  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    body = forms.CharField(label=_("メモ"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class ReopenForm(forms.Form):
    body = forms.CharField(
        label=_("もう一度開く理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CloseForm(forms.Form):
    lesson = forms.CharField(
        label=_("分かったこと・再発防止"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("原因、なぜ防げなかったか、これからどう変えるか。"),
    )


class SuspendForm(forms.Form):
    notice = forms.CharField(
        label=_("利用者へのお知らせ"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("止めている間、住民や職員の画面に出ます。"),
    )
