"""Forms of the people pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from machi.base.domain.people import GRANTABLE
from machi.base.models import Division

MAIL, SHOW = "mail", "show"


class AppointForm(forms.Form):
    """A role, and in which division; inside the municipality's scope."""

    role = forms.ChoiceField(label=_("役割"), choices=[(role.value, role.label) for role in GRANTABLE])
    division = forms.ModelChoiceField[Division](
        label=_("課"),
        queryset=None,
        required=False,
        empty_label=_("決めない"),
        help_text=_("窓口職員には、この課への問い合わせが先に示されます。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = Division.objects.all()  # type: ignore[attr-defined]


class DeliveryForm(forms.Form):
    """How the link to set a password reaches the person."""

    delivery = forms.ChoiceField(
        label=_("パスワードを設定するリンクの渡し方"),
        choices=[(MAIL, _("本人にメールで送る")), (SHOW, _("この画面に一度だけ表示して、自分で渡す"))],
        initial=MAIL,
        widget=forms.RadioSelect,
    )


class CreateForm(AppointForm, DeliveryForm):
    name = forms.CharField(label=_("氏名"), max_length=80, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("メールアドレス"),
        max_length=254,
        help_text=_("ログインに使います。あとから変えることはできません。"),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    field_order = ("name", "email", "role", "division", "delivery")


class RenameForm(forms.Form):
    name = forms.CharField(label=_("氏名"), max_length=80, widget=forms.TextInput({"autocomplete": "off"}))
