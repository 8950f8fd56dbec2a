"""What forms of every room share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from machi.base.domain.erasing import Ground
from machi.base.domain.errors import Refused
from machi.base.engine.tables import LARGEST


class ConfirmForm(forms.Form):
    """Asks nothing but the press of the button; shows why it was refused."""


class EraseForm(forms.Form):
    """Asks why personal data is erased, before it is."""

    ground = forms.ChoiceField(label=_("消去する理由"), choices=Ground.choices)
    reference = forms.CharField(
        label=_("決裁や請求の文書番号"),
        required=False,
        max_length=40,
        help_text=_("台帳に残ります。名前などの個人情報は書かないでください。"),
    )
    sure = forms.BooleanField(label=_("元に戻せないことを確認しました"))


def add_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Puts a verb's refusal where the form shows errors: at its field, or on top."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))


class TableField(forms.FileField):
    """A list in Excel or CSV; its value is its bytes, for ``machi.base.engine.tables``."""

    widget = forms.FileInput(attrs={"accept": ".xlsx,.csv"})

    def __init__(self, *, largest: int = LARGEST, **options: Any) -> None:
        self.largest = largest
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> bytes:
        file: Any = super().clean(data, initial)
        if file.size > self.largest:
            raise forms.ValidationError(
                _("ファイルが大きすぎます。%(size)sMBまでです。") % {"size": self.largest // 1_000_000}
            )
        content: bytes = file.read()
        return content


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def date_field(label: Any, *, hint: Any = "", required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, required=required, widget=widget)


def text_field(label: Any, *, hint: Any = "", required: bool = True, rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=8000, widget=widget)
