"""Forms of joint procurement from the offers on: marks, award, contract, delivery, sharing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality
from machi.base.web.towns import town_field
from machi.governance.domain.evidence import LARGEST
from machi.governance.engine.answer_sheet import Answer
from machi.governance.engine.scoring import MOST
from machi.joint.domain.procurement_words import RULES
from machi.joint.models import PurchaseRequirement
from machi.joint.web.procurement_forms import date_field, text_field


class VendorForm(forms.Form):
    name = forms.CharField(label=_("事業者名"), max_length=120)


class MarksForm(forms.Form):
    """Points and a note for each requirement; a reason once the offers are open."""

    def __init__(
        self,
        data: Any = None,
        *,
        items: Sequence[PurchaseRequirement],
        known: Mapping[str, Answer],
        opened: bool,
    ) -> None:
        super().__init__(data)
        self.items = items
        for one in items:
            answer = known.get(one.code, Answer(None, ""))
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
        if opened:
            self.fields["reason"] = text_field(
                _("採点を直す理由"), _("開札の後に直すと、比べ直しになります。理由は台帳に残ります。")
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


class AwardForm(forms.Form):
    offer = forms.TypedChoiceField(label=_("落札者"), coerce=int, widget=forms.RadioSelect)
    reason = text_field(
        _("落札とした理由"),
        _("同点のときは、どう決めたか（くじなど）も書いてください。各町の台帳に残ります。"),
    )

    def __init__(self, data: Any = None, *, winners: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["offer"].choices = winners  # type: ignore[attr-defined]
        if len(winners) == 1:
            self.fields["offer"].initial = winners[0][0]


class ContractForm(forms.Form):
    number = forms.CharField(label=_("契約番号"), max_length=60)
    signed_on = date_field(_("契約日"))
    starts_on = date_field(_("契約期間（から）"))
    ends_on = date_field(_("契約期間（まで）"))
    file = forms.FileField(
        label=_("署名・押印した契約書"),
        help_text=_("PDF、画像、Word。10MBまで。中身で種類を確かめます。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx"}),
    )

    def clean_file(self) -> tuple[str, bytes]:
        file: Any = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("ファイルが大きすぎます。10MBまでです。"))
        return str(file.name), file.read()


class DeliveryForm(forms.Form):
    quantity = forms.IntegerField(label=_("納入された数量"), min_value=1)
    on = date_field(_("納入された日"))

    def __init__(self, data: Any = None, *, towns: QuerySet[Municipality]) -> None:
        super().__init__(data)
        self.fields["municipality"] = town_field(towns, _("受け取った自治体"))
        self.order_fields(("municipality",))


class InspectionForm(forms.Form):
    """What the town found; text in ``defects`` means that it does not accept."""

    result = forms.ChoiceField(
        label=_("検査の結果"),
        choices=[("accepted", _("数量も品質もよい")), ("defective", _("不具合がある"))],
        widget=forms.RadioSelect,
    )
    defects = text_field(_("不具合"), _("不具合があるときは、内容を書いてください。"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("result") == "defective" and not (given.get("defects") or "").strip():
            self.add_error("defects", _("不具合の内容を書いてください。"))
        return given

    def found(self) -> str:
        return self.cleaned_data["defects"] if self.cleaned_data["result"] == "defective" else ""


class RuleForm(forms.Form):
    rule = forms.ChoiceField(label=_("分担の方法"), widget=forms.RadioSelect)
    reason = text_field(_("この方法にした理由"), _("各町への通知と台帳に載ります。"))

    def __init__(self, data: Any = None, *, rules: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["rule"].choices = [(one, RULES[one]) for one in rules]  # type: ignore[attr-defined]


class ConsentForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("この負担額に"),
        choices=[("agree", _("同意する")), ("object", _("異議がある"))],
        widget=forms.RadioSelect,
    )
    reason = text_field(_("理由"), _("異議があるときは必ず書いてください。"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("answer") == "object" and not (given.get("reason") or "").strip():
            self.add_error("reason", _("異議の理由を書いてください。"))
        return given
