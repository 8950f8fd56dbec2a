"""Forms of the pages on which residents' data are erased."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from machi.frontdesk.domain.erasure import LONGEST, SHORTEST


class FindForm(forms.Form):
    inquiry = forms.CharField(
        label=_("問い合わせの番号か、住民のリンク"),
        required=False,
        max_length=300,
    )


class RetentionForm(forms.Form):
    days = forms.IntegerField(
        label=_("終わった問い合わせを保存する日数"),
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=_(
            "最後のやりとりからこの日数が過ぎると、質問、やりとり、連絡先を毎日の作業が消去します。3年は1095日です。"
        ),
    )
