"""A form whose words others will read: where the recogniser finds personal information, it asks before it goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from machi.governance.domain.personal_check import CHECKED, NotLookedAt, Slip


class PersonalForm(forms.Form):
    """The question is there only once it is to be asked (``ask``)."""

    personal_checked = forms.BooleanField(
        label=_("確かめました。ほかの町の人に見せてよい内容です。"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != CHECKED])

    def ask(self, found: Sequence[Slip]) -> None:
        """Shows what was found and a box to tick."""
        if not found:
            return
        self.fields[CHECKED].widget = forms.CheckboxInput()
        lines = format_html_join("", "<li>{}：{}「{}」</li>", ((s.place, s.label, s.text) for s in found))
        # On the bound field, which has copied what the field said when the form was checked.
        self[CHECKED].help_text = format_html(
            "{}<ul>{}</ul>", _("個人の情報らしいものが見つかりました。まちがいのこともあります。"), lines
        )


def asking(form: PersonalForm, act: Callable[[], Any]) -> Callable[[], Any]:
    """``act``, after whose refusal for want of a look the form asks for it."""

    def asked() -> Any:
        try:
            return act()
        except NotLookedAt as refused:
            form.ask(refused.slips)
            raise

    return asked
