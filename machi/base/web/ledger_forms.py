"""Forms of the ledger's pages: which entries, and a ruling on one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain import entries, rulings
from machi.base.domain.ledger_words import Actors, kind_label, system_label
from machi.base.models import LedgerRuling


class FilterForm(forms.Form):
    """Which entries. What is not understood is left out and said at the field."""

    system = forms.ChoiceField(label=gettext_lazy("システム"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("種類"), required=False)
    person = forms.ChoiceField(label=gettext_lazy("実行者"), required=False)
    subject = forms.CharField(label=gettext_lazy("対象（例: inquiry:12）"), required=False, max_length=120)
    since = forms.DateField(
        label=gettext_lazy("いつから"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("いつまで"), required=False, widget=forms.DateInput({"type": "date"})
    )
    text = forms.CharField(label=gettext_lazy("記録にある言葉"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("すべて"))
        systems = sorted((system_label(one), one) for one in entries.systems())
        kinds = sorted((kind_label(one), one) for one in entries.kinds())
        references = entries.actors()
        actors = Actors.of(references)
        people = sorted((actors.label(one), one) for one in references)
        choices = {
            "system": [every, *((key, label) for label, key in systems)],
            "kind": [every, *((key, label) for label, key in kinds)],
            "person": [every, (entries.NOBODY, actors.label("")), *((key, label) for label, key in people)],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]


class RulingForm(forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("この結果をどう判断しますか"),
        choices=LedgerRuling.Verdict.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("理由（くつがえすときは必須）"),
        required=False,
        max_length=rulings.LONGEST_REASON,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy(
            "台帳には理由の指紋だけが残ります。本文は暗号にして別に保管し、消去の請求があれば消せます。"
        ),
    )
