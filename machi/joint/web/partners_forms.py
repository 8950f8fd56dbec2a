"""Forms of the partner pages. Those that only read are sent by GET, so that a page can be kept as a bookmark."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality, Prefecture
from machi.base.web.towns import town_field
from machi.joint.domain.partners_blocks import LONGEST_SECONDS
from machi.joint.domain.partners_interests import LONGEST_MESSAGE
from machi.joint.domain.partners_words import FORMS, PURPOSES
from machi.joint.engine.cost_model import Form
from machi.joint.engine.cost_sample import Purpose
from machi.joint.engine.partners import Wish
from machi.joint.models import BlockPlan, TownSelection

_WEIGHTS = [("0", _("見ない")), ("1", _("ふつうに見る")), ("2", _("重く見る")), ("3", _("とても重く見る"))]
_PARTS = [
    ("1", _("仕事のすべて")),
    ("0.5", _("半分")),
    ("0.25", _("4分の1")),
    ("0.1", _("10分の1")),
]


class CurveForm(forms.Form):
    purpose = forms.ChoiceField(
        label=_("支出の目的"), choices=[(one.value, text) for one, text in PURPOSES.items()], required=False
    )
    form = forms.ChoiceField(
        label=_("曲線の形"), choices=[(one.value, text) for one, text in FORMS.items()], required=False
    )

    def asked(self) -> tuple[Purpose, Form]:
        """What is asked for, and what stands for a word that is none."""
        data = self.cleaned_data if self.is_valid() else {}
        return Purpose(data.get("purpose") or Purpose.TOTAL), Form(data.get("form") or Form.SPLINE)


class WorkForm(forms.Form):
    """How much of the work would be done together, and which purpose is drawn."""

    part = forms.ChoiceField(label=_("一緒に行う仕事の割合"), choices=_PARTS, required=False)
    purpose = forms.ChoiceField(
        label=_("図に示す目的"), choices=[(one.value, text) for one, text in PURPOSES.items()], required=False
    )

    def asked(self) -> tuple[float, Purpose]:
        data = self.cleaned_data if self.is_valid() else {}
        return float(data.get("part") or 1), Purpose(data.get("purpose") or Purpose.TOTAL)


class WishForm(forms.Form):
    likeness = forms.ChoiceField(label=_("課題が似ている"), choices=_WEIGHTS, required=False)
    complement = forms.ChoiceField(label=_("強みを補い合える"), choices=_WEIGHTS, required=False)
    nearness = forms.ChoiceField(label=_("近くにある"), choices=_WEIGHTS, required=False)
    prefecture = forms.ChoiceField(
        label=_("都道府県"),
        choices=[("", _("どこでも")), ("same", _("同じ都道府県だけ")), ("other", _("別の都道府県だけ"))],
        required=False,
    )
    within_km = forms.IntegerField(
        label=_("距離（km以内）"),
        min_value=1,
        max_value=3000,
        required=False,
    )
    members_only = forms.BooleanField(label=_("この共同体の町だけから探す"), required=False)

    DEFAULT: ClassVar = {"likeness": "1", "complement": "1", "nearness": "1"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if all(cleaned.get(name) == "0" for name in self.DEFAULT):
            raise forms.ValidationError(_("3つのうち1つは見るようにしてください。"))
        return cleaned

    def wish(self) -> Wish:
        data = self.cleaned_data
        same = {"same": True, "other": False}.get(data["prefecture"])
        within = data["within_km"]
        return Wish(
            likeness=float(data["likeness"] or 1),
            complement=float(data["complement"] or 1),
            nearness=float(data["nearness"] or 1),
            same_prefecture=same,
            within_km=float(within) if within else None,
        )


class SelectionForm(forms.Form):
    title = forms.CharField(label=_("名前"), max_length=80)
    note = forms.CharField(
        label=_("何を一緒に考えたいか"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        help_text=_("共同体に見せると、ほかの町も読みます。個人の名前や連絡先は書かないでください。"),
    )
    codes = forms.CharField(widget=forms.HiddenInput, max_length=1000)
    part = forms.ChoiceField(choices=_PARTS, widget=forms.HiddenInput, required=False)
    origin = forms.ChoiceField(choices=TownSelection.Origin.choices, widget=forms.HiddenInput, required=False)
    wish = forms.CharField(widget=forms.HiddenInput, max_length=300, required=False)
    """The query string of the suggestions it comes from."""


class InterestForm(forms.Form):
    work = forms.CharField(
        label=_("一緒に考えたい仕事"),
        max_length=120,
        help_text=_("例: 給食センターの共同調達、基幹システムの運用、道路の点検"),
    )
    message = forms.CharField(
        label=_("相手の町への言葉"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_MESSAGE,
        required=False,
        help_text=_("担当者の名前や電話番号を書けます。暗号化して保存し、記録台帳には残りません。"),
    )
    selection: forms.ModelChoiceField[TownSelection] = forms.ModelChoiceField(
        label=_("見てほしい「選んだ町」"),
        queryset=None,
        required=False,
        help_text=_("共同体に見せているものから選べます。"),
    )

    def __init__(
        self,
        *args: Any,
        others: QuerySet[Municipality],
        selections: QuerySet[TownSelection, Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = town_field(others, _("相手の町"))
        self.order_fields(("other",))
        self.fields["selection"].queryset = selections  # type: ignore[attr-defined]


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("書く"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_MESSAGE,
        help_text=_("暗号化して保存し、記録台帳には残りません。"),
    )


class AnswerForm(forms.Form):
    message = forms.CharField(
        label=_("相手の町への言葉"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_MESSAGE,
        required=False,
    )


class BlocksForm(forms.Form):
    prefecture = forms.ModelChoiceField(label=_("都道府県"), queryset=Prefecture.objects.all())
    fewest = forms.IntegerField(
        label=_("1つのまとまりの町の数（少なくとも）"), min_value=1, max_value=60, initial=4
    )
    most = forms.IntegerField(
        label=_("1つのまとまりの町の数（多くとも）"), min_value=1, max_value=60, initial=8
    )
    objective = forms.ChoiceField(label=_("何をいちばん良くするか"), choices=BlockPlan.Objective.choices)
    blocks = forms.IntegerField(
        label=_("まとまりの数"),
        min_value=1,
        max_value=180,
        required=False,
        help_text=_("人口をそろえるときは必ず決めてください。ほかは空欄でもかまいません。"),
    )
    seconds = forms.IntegerField(
        label=_("計算時間の上限（秒）"),
        min_value=1,
        max_value=LONGEST_SECONDS,
        initial=30,
        help_text=_("多くの県は数秒から30秒で最良の案を証明できます。町の多い北海道などは長くしてください。"),
    )
