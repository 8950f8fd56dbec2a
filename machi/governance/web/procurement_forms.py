"""Forms of the procurement check."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from machi.base.web.forms import TableField
from machi.governance.domain.words import FACT_CHOICES
from machi.governance.engine.answer_sheet import LARGEST, Answer
from machi.governance.engine.scoring import MOST
from machi.governance.models import Procurement, ProcurementItem

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_MOST_YEN = 10**12


def _yen(label: Any, hint: Any, *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=hint, required=required, min_value=1, max_value=_MOST_YEN
    )


class NeedForm(forms.Form):
    title = forms.CharField(label=_("件名"), max_length=120, help_text=_("例：議事録作成支援AIの導入"))
    purpose = forms.CharField(
        label=_("何のために使うか"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("困っていることと、どうなればよいか。要件書の初めに載ります。"),
    )
    users_note = forms.CharField(
        label=_("誰がどこで使うか"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    data_note = forms.CharField(
        label=_("どんなデータを扱うか"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    budget = _yen(_("予算（円、税込）"), _("事業者に渡す文書には載りません。"))
    starts_on = forms.DateField(label=_("使い始める日"), required=False, widget=_DATE)
    answers_by = forms.DateField(label=_("事業者の回答の期限"), required=False, widget=_DATE)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        start, answers = given.get("starts_on"), given.get("answers_by")
        if start and answers and answers > start:
            self.add_error("answers_by", _("回答の期限は、使い始める日より前にしてください。"))
        return given


def _choice(label: Any, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


def _yes_no(label: Any, hint: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        choices=[("yes", _("はい")), ("no", _("いいえ"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class FactsForm(forms.Form):
    """The same facts as the review of AI systems asks for (``engine.risk.Facts``)."""

    users = _choice(_("誰が使いますか"), FACT_CHOICES["users"])
    work = _choice(_("どんな仕事に使いますか"), FACT_CHOICES["work"])
    training = _choice(_("機密情報や個人情報を学習に使いますか"), FACT_CHOICES["training"])
    judgement = _choice(_("結果を職員が確かめますか"), FACT_CHOICES["judgement"])
    personal = _yes_no(_("個人情報や機密情報を扱いますか"))
    generates = _yes_no(_("文章などを新しく作り出しますか"), _("文書から抜き出すだけなら「いいえ」です。"))
    outside = _yes_no(_("自治体の外（クラウドなど）で動きますか"))

    def __init__(self, data: Any = None, *, facts: dict[str, Any] | None = None) -> None:
        told = {
            name: value if isinstance(value, str) else "yes" if value else "no"
            for name, value in (facts or {}).items()
        }
        super().__init__(data, initial=told)


class ItemForm(forms.Form):
    title = forms.CharField(label=_("項目"), max_length=120)
    requirement = forms.CharField(label=_("要件"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    criterion = forms.CharField(
        label=_("評価の観点"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    question = forms.CharField(
        label=_("事業者への質問"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    clause = forms.CharField(
        label=_("契約の条項"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class FormulaForm(forms.Form):
    """Weights of the items, and how price counts."""

    method = forms.ChoiceField(
        label=_("評価の方式"), choices=Procurement.Method.choices, widget=forms.RadioSelect
    )
    quality_points = forms.DecimalField(
        label=_("技術点の満点"), min_value=Decimal("0.01"), max_value=Decimal(99999), decimal_places=2
    )
    price_points = forms.DecimalField(
        label=_("価格点の配分"),
        min_value=Decimal(0),
        max_value=Decimal(99999),
        decimal_places=2,
        help_text=_("加算方式で使います。0にすると、技術点だけで評価します。"),
    )
    base_points = forms.DecimalField(
        label=_("基礎点"),
        min_value=Decimal(0),
        max_value=Decimal(99999),
        decimal_places=2,
        help_text=_("除算方式で、必須の要件を満たした事業者に与える点です。"),
    )
    ceiling = _yen(
        _("予定価格（円、税込）"),
        _("加算方式で価格点を使うときに要ります。暗号化して保存し、事業者に渡す文書には載りません。"),
    )

    def __init__(self, data: Any = None, *, procurement: Procurement, items: list[ProcurementItem]) -> None:
        now = {
            name: getattr(procurement, name)
            for name in ("method", "quality_points", "price_points", "base_points", "ceiling")
        }
        super().__init__(data, initial=now)
        self.items = items
        for one in items:
            field = forms.DecimalField(
                label=one.title, min_value=Decimal(0), max_value=Decimal(100), decimal_places=2
            )
            field.initial = f"{one.weight.normalize():f}"
            self.fields[f"weight-{one.pk}"] = field

    def weights(self) -> dict[int, Decimal]:
        return {one.pk: self.cleaned_data[f"weight-{one.pk}"] for one in self.items}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [{"item": one, "field": self[f"weight-{one.pk}"]} for one in self.items]


class VendorForm(forms.Form):
    name = forms.CharField(label=_("事業者名"), max_length=120)
    price = _yen(_("価格（円、税込）"), _("分かってから入れてもかまいません。"))


class MarksForm(forms.Form):
    """Points and a note for each item."""

    def __init__(
        self, data: Any = None, *, items: list[ProcurementItem], known: dict[str, Answer] | None = None
    ) -> None:
        super().__init__(data)
        self.items = items
        for one in items:
            answer = (known or {}).get(one.code, Answer(None, ""))
            self.fields[f"points-{one.pk}"] = forms.TypedChoiceField(
                label=_("「%(title)s」の点数") % {"title": one.title},
                choices=[("", _("未採点")), *((str(points), str(points)) for points in range(MOST + 1))],
                coerce=int,
                empty_value=None,
                required=False,
                initial="" if answer.points is None else str(answer.points),
            )
            self.fields[f"note-{one.pk}"] = forms.CharField(
                label=_("「%(title)s」の回答・メモ") % {"title": one.title},
                required=False,
                max_length=4000,
                initial=answer.note,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def answers(self) -> dict[str, Answer]:
        given = self.cleaned_data
        return {
            one.code: Answer(given[f"points-{one.pk}"], given[f"note-{one.pk}"].strip()) for one in self.items
        }

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"item": one, "points": self[f"points-{one.pk}"], "note": self[f"note-{one.pk}"]}
            for one in self.items
        ]


class SheetForm(forms.Form):
    file = TableField(
        label=_("記入済みの回答用紙"),
        help_text=_("ここで書き出したExcel、またはそれを保存したCSV（UTF-8、Shift_JIS）。"),
        largest=LARGEST,
    )


class DecideForm(forms.Form):
    vendor = forms.TypedChoiceField(label=_("選ぶ事業者"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("選んだ理由"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("同点のときは、どう決めたか（くじなど）も書いてください。"),
    )

    def __init__(self, data: Any = None, *, winners: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["vendor"].choices = winners  # type: ignore[attr-defined]
        if len(winners) == 1:
            self.fields["vendor"].initial = winners[0][0]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ProcurementFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("状態"), required=False, choices=[("", _("すべて")), *Procurement.State.choices]
    )
