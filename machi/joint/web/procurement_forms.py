"""Forms of joint procurement: the purchase, its items, demand, lots, requirements."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from machi.base.web.forms import TableField
from machi.governance.domain.words import FACT_CHOICES
from machi.joint.domain.procurement_demand import MOST, MOST_YEN
from machi.joint.domain.procurement_lots import Proposed
from machi.joint.domain.procurement_offers import MOST_UNIT_PRICE
from machi.joint.domain.procurement_requirements import FORMULA
from machi.joint.models import JointPurchase, PurchaseLot, PurchaseRequirement

TIERS = range(1, 6)
"""Rows for price tiers; lists of more are imported."""
MOST_LINES = 500
"""Of demand whose lots can be changed one by one on a page."""


def date_field(label: Any, hint: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def text_field(label: Any, hint: Any = "", *, required: bool = True, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def yen_field(label: Any, hint: Any = "", *, required: bool = False, least: int = 1) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=hint, required=required, min_value=least, max_value=MOST_YEN
    )


class PurchaseForm(forms.Form):
    title = forms.CharField(
        label=_("件名"), max_length=120, help_text=_("例：議事録作成支援サービスの共同調達")
    )
    purpose = text_field(_("何のために買うか"), _("困っていることと、どうなればよいか。要件書に載ります。"))
    subject = forms.ChoiceField(
        label=_("買うもの"), choices=JointPurchase.Subject.choices, widget=forms.RadioSelect
    )
    collect_until = date_field(_("需要の締切"), _("この日まで、参加する町が数量を入れられます。"))
    tender_yen = yen_field(
        _("調達1回の事務費（円）"),
        _(
            "入札1回に町がかける手間の費用。まとめて1回にすると減る分を、節約額に入れます。分からなければ0にします。"
        ),
        required=True,
        least=0,
    )


class TierForm(forms.Form):
    """Rows of a table of price tiers; empty rows are left out."""

    columns: Sequence[tuple[str, Any, int]] = ()
    """Name, label and greatest value of each column; the first is the quantity from which the tier holds."""

    def __init__(self, data: Any = None, *, tiers: Sequence[Sequence[int]] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for row in TIERS:
            known = tiers[row - 1] if row <= len(tiers) else [1 if row == 1 else None, *[None] * 9]
            for at, (name, label, most) in enumerate(self.columns):
                told = _("%(row)s段目の%(label)s") % {"row": row, "label": label}
                self.fields[f"{name}-{row}"] = forms.IntegerField(
                    label=told,
                    required=False,
                    min_value=1,
                    max_value=most,
                    initial=known[at],
                    widget=forms.NumberInput(attrs={"aria-label": told}),
                )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for row in TIERS:
            names = [f"{name}-{row}" for name, *_rest in self.columns]
            empty = [name for name in names if given.get(name) is None]
            if not (set(empty) & set(self.errors)) and any(given.get(name) for name in names[1:]) and empty:
                self.add_error(empty[0], _("この段の欄をすべて入れてください。"))
        return given

    def tiers(self) -> list[tuple[int, ...]]:
        rows = [tuple(self.cleaned_data[f"{name}-{row}"] for name, *_rest in self.columns) for row in TIERS]
        return [row for row in rows if all(value is not None for value in row)]

    @property
    def tier_heads(self) -> list[Any]:
        return [label for _name, label, _most in self.columns]

    @property
    def tier_rows(self) -> list[list[tuple[forms.BoundField, Any]]]:
        return [[(self[f"{name}-{row}"], label) for name, label, _most in self.columns] for row in TIERS]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        tiered = {f"{name}-{row}" for name, *_rest in self.columns for row in TIERS}
        return [one for one in self.visible_fields() if one.name not in tiered]


class ItemForm(TierForm):
    columns = (
        ("from", _("数量（以上）"), MOST),
        ("least", _("単価の下限（円、税込）"), MOST_UNIT_PRICE),
        ("most", _("単価の上限（円、税込）"), MOST_UNIT_PRICE),
    )
    name = forms.CharField(label=_("品目"), max_length=120)
    unit = forms.CharField(label=_("単位"), max_length=20, help_text=_("例：台、ライセンス・年、人日"))
    description = text_field(_("仕様の概要"), _("要件書に載ります。"), required=False)


class OfferForm(TierForm):
    columns = (
        ("from", _("数量（以上）"), MOST),
        ("price", _("単価（円、税込）"), MOST_UNIT_PRICE),
    )


class DemandForm(forms.Form):
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=MOST)
    earliest = date_field(_("納入の希望（早くて）"))
    latest = date_field(
        _("納入の希望（遅くて）"), _("幅が広いほど、ほかの町とまとめて安く買いやすくなります。")
    )
    conditions = text_field(
        _("条件"), _("置き場所、既にある機器との組み合わせなど。要件書に載ります。"), required=False
    )
    ceiling = yen_field(
        _("上限額（円、税込）"), _("予算の上限。共同事務局だけが見られ、ほかの町には見えません。")
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        earliest, latest = given.get("earliest"), given.get("latest")
        if earliest and latest and latest < earliest:
            self.add_error("latest", _("「遅くて」の日は「早くて」の日より後にしてください。"))
        return given


class UploadForm(forms.Form):
    file = TableField(
        label=_("ExcelかCSVのファイル"),
        help_text=_("書き出した様式に記入したもの（.xlsx、またはUTF-8かShift_JISのCSV）。"),
    )


class LotsForm(forms.Form):
    """The lot's number of each line of demand, as proposed or as a person changes it. Lists too long for a form
    (Django takes 1,000 fields) are confirmed as proposed, or not at all."""

    def __init__(self, data: Any = None, *, proposed: Sequence[Proposed]) -> None:
        super().__init__(data)
        self.proposed = proposed
        self.editable = sum(len(lot.demands) for lot in proposed) <= MOST_LINES
        for lot in proposed if self.editable else ():
            for one in lot.demands:
                told = _("%(town)sの%(item)sのロット番号") % {
                    "town": one.municipality,
                    "item": one.item.name,
                }
                self.fields[f"lot-{one.pk}"] = forms.IntegerField(
                    label=told,
                    widget=forms.NumberInput(attrs={"aria-label": told}),
                    min_value=1,
                    max_value=9999,
                    initial=lot.number,
                )
        self.fields["reason"] = text_field(
            _("この分け方にした理由"), _("案のとおりなら、その旨を書いてください。各町の台帳に残ります。")
        )

    def numbers(self) -> dict[int, int]:
        return {
            one.pk: self.cleaned_data.get(f"lot-{one.pk}", lot.number)
            for lot in self.proposed
            for one in lot.demands
        }

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"demand": one, "lot": lot, "field": self[f"lot-{one.pk}"] if self.editable else None}
            for lot in self.proposed
            for one in lot.demands
        ]


def _yes_no(label: Any, hint: Any = "", *, required: bool = True) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        required=required,
        choices=[("yes", _("はい")), ("no", _("いいえ"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )


def _one_of(label: Any, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect)


class FactsForm(forms.Form):
    """What decides which texts are proposed. Those on AI are the facts the review of AI systems asks for."""

    personal = _yes_no(_("個人情報や機密情報を扱いますか"))
    ai = _yes_no(_("AIを含みますか"), _("「はい」なら、AI調達チェックの項目も要件に加えます。"))
    users = _one_of(_("AIを誰が使いますか"), FACT_CHOICES["users"])
    work = _one_of(_("AIをどんな仕事に使いますか"), FACT_CHOICES["work"])
    training = _one_of(_("機密情報や個人情報を学習に使いますか"), FACT_CHOICES["training"])
    judgement = _one_of(_("AIの結果を職員が確かめますか"), FACT_CHOICES["judgement"])
    generates = _yes_no(_("AIが文章などを新しく作り出しますか"), required=False)
    outside = _yes_no(_("AIは自治体の外（クラウドなど）で動きますか"), required=False)

    def __init__(self, data: Any = None, *, facts: dict[str, Any] | None = None) -> None:
        told = {
            name: value if isinstance(value, str) else "yes" if value else "no"
            for name, value in (facts or {}).items()
            if value is not None
        }
        super().__init__(data, initial=told)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("ai"):
            for name in ("users", "work", "training", "judgement", "generates", "outside"):
                if given.get(name) in (None, ""):
                    self.add_error(name, _("AIを含むときは答えてください。"))
            return given
        return {name: given.get(name) for name in ("personal", "ai")}


class TextForm(forms.Form):
    title = forms.CharField(label=_("項目"), max_length=120)
    requirement = text_field(_("要件"), rows=4)
    criterion = text_field(_("評価の観点"), required=False)
    question = text_field(_("事業者への質問"), required=False)
    clause = text_field(_("契約の条項"), required=False, rows=4)


class WeightsForm(forms.Form):
    """Weights of what is asked, how price counts, and each lot's ceiling."""

    method = forms.ChoiceField(
        label=_("評価の方式"), choices=JointPurchase.Method.choices, widget=forms.RadioSelect
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

    def __init__(
        self,
        data: Any = None,
        *,
        purchase: JointPurchase,
        items: Sequence[PurchaseRequirement],
        lots: Sequence[PurchaseLot],
    ) -> None:
        super().__init__(data, initial={name: getattr(purchase, name) for name in FORMULA})
        self.items, self.lots = items, lots
        for one in items:
            self.fields[f"weight-{one.pk}"] = forms.DecimalField(
                label=one.title,
                min_value=Decimal(0),
                max_value=Decimal(100),
                decimal_places=2,
                initial=f"{one.weight.normalize():f}",
            )
        for lot in lots:
            self.fields[f"ceiling-{lot.pk}"] = yen_field(
                _("%(lot)sの予定価格（円、税込）") % {"lot": lot},
                _("見込みは%(least)s円から%(most)s円です。暗号化して保存し、開札まで事務局だけが見られます。")
                % {name: f"{value:,}" for name, value in lot.expected["together"].items()},
            )
            self.fields[f"ceiling-{lot.pk}"].initial = lot.ceiling

    def weights(self) -> dict[int, Decimal]:
        return {one.pk: self.cleaned_data[f"weight-{one.pk}"] for one in self.items}

    def ceilings(self) -> dict[int, int | None]:
        return {lot.pk: self.cleaned_data[f"ceiling-{lot.pk}"] for lot in self.lots}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [{"item": one, "field": self[f"weight-{one.pk}"]} for one in self.items]

    @property
    def ceiling_fields(self) -> list[forms.BoundField]:
        return [self[f"ceiling-{lot.pk}"] for lot in self.lots]


class FixForm(forms.Form):
    offers_by = date_field(_("見積の期限"), _("この日から開札できます。要件書に載ります。"))


class ReasonForm(forms.Form):
    reason = text_field(_("理由"))
