"""What the pages of joint projects and of funding share: towns chosen from a consortium."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality

MOST_BOXES = 100
"""Towns to tick; of more, names are written."""


class TownNamesField(forms.CharField):
    """Towns by name or code, parted by lines or commas: for a consortium with too many to tick."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, consortium: Consortium, **options: Any) -> None:
        self.consortium = consortium
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(one.name for one in value)

    def clean(self, value: Any) -> list[Municipality]:
        text = unicodedata.normalize("NFKC", super().clean(value))
        found, wrong = [], []
        for word in [part.strip() for part in re.split(r"[\n,、，]", text) if part.strip()]:
            towns = [
                one
                for one in self._known()
                if word in (one.code, one.name, f"{one.prefecture.name}{one.name}")
            ]
            if len(towns) == 1:
                found.append(towns[0])
            else:
                wrong.append(word)
        if wrong:
            raise forms.ValidationError(
                _(
                    "見つからないか、1つに決まりません（都道府県名を付けるかコードで書いてください）: %(words)s"
                )
                % {"words": "、".join(wrong)}
            )
        return found

    def _known(self) -> list[Municipality]:
        if not hasattr(self, "_towns"):
            self._towns = list(members(self.consortium))
        return self._towns


def towns_field(consortium: Consortium, label: Any, hint: Any, *, required: bool = True) -> forms.Field:
    """Some of the consortium's towns."""
    towns = members(consortium)
    if towns.count() <= MOST_BOXES:
        return forms.ModelMultipleChoiceField(
            towns, label=label, help_text=hint, required=required, widget=forms.CheckboxSelectMultiple
        )
    more = gettext_lazy("自治体の名前かコードを、1行に1つ書いてください。")
    return TownNamesField(consortium, label=label, help_text=more, required=required)
