"""What residents fill in. Whatever they paste is taken; control and invisible characters are left out."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from machi.base.domain.errors import Refused
from machi.language.engine.guard import KEPT_CHARACTERS, clean_input

MESSAGE_LIMIT = 4_000
_TELEPHONE = re.compile(r"\+?[\d()\- ]{8,20}")


class FreeText(forms.CharField):
    """Text in a resident's words. Too long is refused with its length, and stays in the form to be shortened.

    No ``maxlength`` is given to the browser: it would cut off what is pasted without a word.
    """

    widget = forms.Textarea

    def __init__(self, *, limit: int, rows: int, **options: Any) -> None:
        super().__init__(**options)
        self._limit = limit
        self.widget.attrs["rows"] = rows
        self.widget.attrs.pop("cols", None)

    def to_python(self, value: Any) -> str:
        raw = super().to_python(value) or ""
        return clean_input(raw, limit=len(raw)).text

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self._limit:
            raise ValidationError(
                _(
                    "長すぎます。%(limit)s文字までに短くしてください（いまは%(length)s文字です）。"
                    "書いた文はそのまま残っています。"
                ),
                params={"limit": f"{self._limit:,}", "length": f"{len(value):,}"},
            )


class AskForm(forms.Form):
    question = FreeText(
        label=_("知りたいこと"),
        help_text=_(
            "ふだんの言葉で書いてください。名前、住所、マイナンバー、病気のことなど、個人のことは書かないでください。"
        ),
        error_messages={"required": _("知りたいことを書いてください。")},
        limit=KEPT_CHARACTERS,
        rows=3,
    )


class HandOverForm(forms.Form):
    wish = FreeText(
        label=_("職員に伝えたいこと"),
        help_text=_("質問のほかに伝えたいことがあれば書いてください。書かなくてもかまいません。"),
        required=False,
        limit=MESSAGE_LIMIT,
        rows=4,
    )
    name = forms.CharField(
        label=_("お名前"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"null_characters_not_allowed": _("使えない文字が入っています。")},
    )
    email = forms.EmailField(
        label=_("メールアドレス"),
        help_text=_("書いていただくと、職員の回答をメールでも送ります。"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("メールアドレスの形が正しくありません。例：hanako@example.jp")},
    )
    telephone = forms.CharField(
        label=_("電話番号"),
        help_text=_("書いていただくと、職員が電話でくわしく聞くことがあります。"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_telephone(self) -> str:
        """Full-width digits and dashes are what many keyboards give."""
        written = unicodedata.normalize("NFKC", self.cleaned_data["telephone"])
        plain = re.sub(r"[‐‑–—―−ー]", "-", written).strip()
        if plain and not _TELEPHONE.fullmatch(plain):
            raise ValidationError(_("電話番号の形が正しくありません。例：046-000-0000"))
        return plain


class WriteForm(forms.Form):
    body = FreeText(
        label=_("職員に伝えたいこと"),
        error_messages={"required": _("伝えたいことを書いてください。")},
        limit=MESSAGE_LIMIT,
        rows=4,
    )


class MailForm(forms.Form):
    email = forms.EmailField(
        label=_("メールアドレス"),
        help_text=_("この回答を1回だけ送ります。アドレスは保存しません。"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("メールアドレスを書いてください。"),
            "invalid": _("メールアドレスの形が正しくありません。例：hanako@example.jp"),
        },
    )


def refuse(form: forms.Form, refused: Refused) -> None:
    """Shows a domain's refusal on the field it concerns, or above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)  # type: ignore[arg-type]
