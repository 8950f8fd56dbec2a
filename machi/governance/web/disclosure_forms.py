"""Forms of the page on which ledger entries are disclosed."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class DiscloseForm(forms.Form):
    reference = forms.CharField(
        label=gettext_lazy("請求の文書番号"),
        max_length=40,
        help_text=gettext_lazy("台帳に残ります。請求した人の名前は書かないでください。"),
    )
    left_out = forms.CharField(
        label=gettext_lazy("除く記録の番号"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("開示しない記録があれば、番号を「3, 8, 12」のように書きます。"),
    )
    format = forms.ChoiceField(
        label=gettext_lazy("ファイルの形式"),
        choices=[
            ("xlsx", "Excel"),
            ("csv", gettext_lazy("CSV（UTF-8）")),
            ("csv-cp932", gettext_lazy("CSV（Shift_JIS）")),
            ("json", gettext_lazy("JSON（署名付き。検証プログラムで確かめられます）")),
        ],
    )

    def clean_left_out(self) -> list[int]:
        words = [word for word in re.split(r"[\s,、，]+", self.cleaned_data["left_out"]) if word]
        if not all(re.fullmatch(r"[0-9]{1,12}", word) for word in words):
            raise ValidationError(_("番号だけを、カンマで区切って書いてください。"))
        return [int(word) for word in words]
