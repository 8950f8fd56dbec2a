"""Forms of what comes after a course."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality
from machi.base.web.forms import text_field
from machi.governance.domain.register import entries
from machi.learning.domain.follow_up_effect import Measure
from machi.learning.domain.follow_up_use import is_real_work
from machi.learning.models import CheckIn

MEASURES = {
    Measure.RESULTS: _("AIの結果（件）"),
    Measure.USERS: _("使った人（人）"),
    Measure.AGREED: _("「妥当」とした判断（件）"),
    Measure.OVERRULED: _("「くつがえす」とした判断（件）"),
}


class PlanForm(forms.Form):
    will = text_field(
        _("30日のうちに、わたしは"),
        hint=_("1つだけ、小さく。例：会議の要点を、AIの要約と自分のメモで比べながら3回まとめる。"),
        rows=3,
    )
    work = text_field(_("どの仕事で"), hint=_("例：毎週の課内会議の記録"), rows=2)
    system = forms.ChoiceField(
        label=_("どのAIシステムで"),
        required=False,
        help_text=_("この自治体の台帳で、いま動かせるものです。使わない計画でもかまいません。"),
    )
    see = text_field(
        _("できたと、どうやって分かるか"),
        hint=_("例：まとめにかかった時間を毎回書きとめ、前の月と比べる。"),
        rows=2,
    )
    shared = forms.BooleanField(
        label=_("講師と、自分の自治体の管理職に見せる"),
        required=False,
        help_text=_("見せなければ、あなただけが読めます。あとから変えられます。"),
    )

    def __init__(self, data: Any = None, *, municipality: Municipality, known: str = "") -> None:
        super().__init__(data)
        running = [
            (one.system.key, one.system.title)
            for one in entries(municipality)
            if one.system.key == known or (one.runs and is_real_work(one.system))
        ]
        self.fields["system"].choices = [("", _("使わない")), *running]  # type: ignore[attr-defined]


class CheckInForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("どうなりましたか"), choices=CheckIn.Outcome.choices, widget=forms.RadioSelect
    )
    reason = text_field(_("理由"), hint=_("やめたときは、理由を書いてください。"), required=False, rows=2)
    hours = forms.DecimalField(
        label=_("1か月に減った時間（時間）"),
        help_text=_("だいたいでかまいません。減っていなければ0、分からなければ空欄に。"),
        required=False,
        min_value=0,
        max_value=300,
        max_digits=5,
        decimal_places=1,
    )
    helped = text_field(_("助けになったこと"), required=False, rows=2)
    hindered = text_field(_("じゃまになったこと"), required=False, rows=2)


class MeasureForm(forms.Form):
    measure = forms.ChoiceField(label=_("何を数えるか"), choices=list(MEASURES.items()), required=False)

    def chosen(self) -> Measure:
        """What the address asks for; results where it asks for nothing that there is."""
        asked = self.cleaned_data.get("measure") if self.is_valid() else ""
        return Measure(asked) if asked else Measure.RESULTS
