"""Forms of the gate's pages."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from machi.base.models import Division
from machi.base.rooms import rooms
from machi.governance.models import AllowedDestination, Endpoint, GateSettings


class SettingsForm(forms.Form):
    profile = forms.ChoiceField(
        label=_("ネットワークの形"),
        choices=GateSettings.ZoneProfile.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "machiを動かしている場所の、自治体情報セキュリティ対策（三層の対策）での位置づけです。"
            "選んだ形で許されない接続先は、一覧にあっても呼び出しません。"
        ),
    )
    keep_days = forms.IntegerField(
        label=_("入力と出力を残す日数"),
        min_value=1,
        max_value=3650,
        help_text=_("監査のために暗号化して残します。個人情報は仮の名前のままです。"),
    )
    cache_days = forms.IntegerField(
        label=_("同じ入力の結果を使い回す日数"),
        min_value=0,
        max_value=365,
        help_text=_("0で使い回しません。"),
    )


class DestinationForm(forms.Form):
    url = forms.CharField(
        label=_("アドレス"),
        max_length=500,
        help_text=_("例：https://api.example.jp。ホスト名とポートだけを見ます。"),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "url"}),
    )
    reach = forms.ChoiceField(
        label=_("場所"), choices=AllowedDestination.Distance.choices, widget=forms.RadioSelect
    )
    networks = forms.CharField(
        label=_("アドレスの範囲"),
        required=False,
        max_length=500,
        help_text=_("同じネットワークのサーバーとLGWAN-ASPでは必ず書きます。例：10.1.0.0/16, fd00:5::/64"),
    )
    basis = forms.CharField(
        label=_("許可の根拠"), required=False, max_length=300, help_text=_("決裁の番号など。例：情第12号")
    )

    def clean_networks(self) -> list[str]:
        return [one for one in re.split(r"[,、\s]+", self.cleaned_data["networks"]) if one]


class EndpointForm(forms.Form):
    name = forms.CharField(label=_("名前"), max_length=80, help_text=_("例：庁内サーバーのモデル"))
    purpose = forms.ChoiceField(label=_("用途"))
    base_url = forms.CharField(
        label=_("アドレス"),
        max_length=500,
        help_text=_(
            "OpenAI互換のアドレス。/chat/completions の手前まで。例：http://127.0.0.1:11434/v1（Ollama）"
        ),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "url"}),
    )
    model = forms.CharField(
        label=_("モデル名"), max_length=120, widget=forms.TextInput({"autocomplete": "off"})
    )
    key = forms.CharField(
        label=_("鍵"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("暗号化して保存し、二度と表示しません。要らない接続先では空欄にします。"),
    )
    yen_in = forms.DecimalField(
        label=_("入力1,000トークンの円"),
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=4,
        initial=Decimal(0),
    )
    yen_out = forms.DecimalField(
        label=_("出力1,000トークンの円"),
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=4,
        initial=Decimal(0),
    )
    seconds = forms.IntegerField(label=_("待つ秒数"), min_value=1, max_value=300, initial=60)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        own = [(one.key, one.title) for room in rooms() for one in room.ai_systems if one.generates]
        self.fields["purpose"].choices = [*own, (Endpoint.ANY, _("ほかに決めていない用途すべて"))]  # type: ignore[attr-defined]


class KeyForm(forms.Form):
    key = forms.CharField(
        label=_("新しい鍵"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("空欄のまま保存すると、鍵を消します。"),
    )


class CapForm(forms.Form):
    """Inside the municipality's scope."""

    division = forms.ModelChoiceField[Division](
        label=_("課"), queryset=None, required=False, empty_label=_("自治体全体")
    )
    yen = forms.IntegerField(label=_("円（月）"), required=False, min_value=0, max_value=100_000_000)
    tokens = forms.IntegerField(
        label=_("トークン（月）"),
        required=False,
        min_value=0,
        max_value=100_000_000_000,
        help_text=_(
            "両方を空欄にすると、上限をなくします。料金のかかる接続先は、自治体全体の円の上限がないと使えません。"
        ),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["division"].queryset = Division.objects.all()  # type: ignore[attr-defined]


class CallFilter(forms.Form):
    state = forms.ChoiceField(label=_("結果"), required=False)
    month = forms.CharField(
        label=_("月"), required=False, max_length=7, widget=forms.TextInput({"type": "month"})
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        from machi.governance.models import ModelCall

        self.fields["state"].choices = [("", _("すべて")), *ModelCall.State.choices]  # type: ignore[attr-defined]
