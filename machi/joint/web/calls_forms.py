"""Forms of calls: the call itself, its criteria, reasons, reviewers, screening, the decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from machi.base.web.persons import person_field
from machi.base.web.towns import towns_field
from machi.joint.domain.calls import Criterion
from machi.joint.domain.calls_decision import Ruling
from machi.joint.models import Area, Call

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST_YEN = 10**12
MOST_CRITERIA = 8


def text(label: Any, rows: int = 4, *, required: bool = True, longest: int = 10_000, hint: Any = "") -> Any:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def yen(label: Any, *, required: bool = True, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, min_value=1, max_value=MOST_YEN, help_text=hint)


def _count(label: Any, least: int, most: int, *, required: bool = True, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, min_value=least, max_value=most, help_text=hint)


class CallForm(forms.Form):
    title = forms.CharField(
        label=_("公募の名前"), max_length=120, help_text=_("例：令和8年度 広域連携モデル事業")
    )
    purpose = text(_("目的"))
    areas = forms.MultipleChoiceField(
        label=_("分野"), choices=Area.choices, widget=forms.CheckboxSelectMultiple
    )
    eligibility = text(_("応募できる者"), 3, hint=_("例：この共同体の自治体が2つ以上で共同して行う事業"))
    requirements = text(
        _("形式要件"), 5, hint=_("1行に1つ。締切の後、提案ごとに満たすかどうかを確かめます。")
    )
    least_members = _count(_("共同する自治体の最少数"), 1, 100, hint=_("代表の自治体を含みます。"))
    opens_on = forms.DateField(label=_("募集を始める日"), widget=DATE)
    closes_on = forms.DateField(label=_("応募の締切日"), widget=DATE)
    budget = yen(_("予算の総額（円）"))
    ceiling = yen(_("1件の上限額（円）"), required=False)
    top = _count(_("観点ごとの満点"), 2, 100, hint=_("審査員は0点からこの点までをつけます。"))
    reviewers_each = _count(_("提案1件あたりの審査員の数"), 1, 10)
    method = forms.ChoiceField(
        label=_("審査員の違いのならし方"), choices=Call.Method.choices, widget=forms.RadioSelect
    )
    least_score = forms.DecimalField(
        label=_("採択に必要な最低点"), min_value=Decimal(0), max_value=Decimal(99), decimal_places=2
    )
    most_per_prefecture = _count(
        _("都道府県ごとの上限（件）"), 1, 100, required=False, hint=_("代表の自治体の都道府県で数えます。")
    )
    most_per_area = _count(_("分野ごとの上限（件）"), 1, 100, required=False)

    def clean_requirements(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["requirements"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        opens, closes = given.get("opens_on"), given.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("締切日は、募集を始める日より後にしてください。"))
        budget, ceiling = given.get("budget"), given.get("ceiling")
        if budget and ceiling and ceiling > budget:
            self.add_error("ceiling", _("1件の上限額は、予算の総額までにしてください。"))
        return given


class CriteriaForm(forms.Form):
    """Rows of title, weight and description; a row without a title is left out."""

    def __init__(self, data: Any = None, *, now: list[Criterion]) -> None:
        super().__init__(data)
        for at in range(MOST_CRITERIA):
            known = now[at] if at < len(now) else None
            number = {"number": at + 1}
            self.fields[f"title-{at}"] = forms.CharField(
                label=_("観点%(number)s") % number,
                max_length=60,
                required=False,
                initial=known.title if known else "",
            )
            self.fields[f"weight-{at}"] = forms.DecimalField(
                label=_("観点%(number)sの重み") % number,
                min_value=Decimal(0),
                max_value=Decimal(100),
                decimal_places=2,
                required=False,
                initial=f"{known.weight.normalize():f}" if known else "",
            )
            self.fields[f"description-{at}"] = forms.CharField(
                label=_("観点%(number)sで見るところ") % number,
                max_length=500,
                required=False,
                initial=known.description if known else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        criteria = [
            Criterion(title, given.get(f"description-{at}") or "", given.get(f"weight-{at}") or Decimal(0))
            for at in range(MOST_CRITERIA)
            if (title := (given.get(f"title-{at}") or "").strip())
        ]
        return {**given, "criteria": criteria}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {name: self[f"{name}-{at}"] for name in ("title", "weight", "description")}
            for at in range(MOST_CRITERIA)
        ]


class ReasonForm(forms.Form):
    reason = text(_("理由"), 3, longest=2000, hint=_("台帳に残ります。個人の名前は書かないでください。"))


class DeadlineForm(ReasonForm):
    closes_on = forms.DateField(label=_("新しい締切日"), widget=DATE)
    field_order = ("closes_on", "reason")


class ScreenForm(forms.Form):
    def __init__(self, data: Any = None, *, requirements: list[str], met: list[bool], reason: str) -> None:
        super().__init__(data)
        self.count = len(requirements)
        for at, requirement in enumerate(requirements):
            self.fields[f"met-{at}"] = forms.TypedChoiceField(
                label=requirement,
                choices=[("yes", _("満たす")), ("no", _("満たさない"))],
                coerce=lambda value: value == "yes",
                widget=forms.RadioSelect,
                initial=("yes" if met[at] else "no") if at < len(met) else None,
            )
        self.fields["reason"] = text(
            _("満たさない理由"), 3, required=False, longest=2000, hint=_("通知書に載ります。")
        )
        self.fields["reason"].initial = reason

    def met(self) -> list[bool]:
        return [self.cleaned_data[f"met-{at}"] for at in range(self.count)]


class ReviewerForm(forms.Form):
    areas = forms.MultipleChoiceField(
        label=_("詳しい分野"), choices=Area.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    organisations = text(_("関わりのある事業者・団体"), 3, required=False, longest=2000, hint=_("1行に1つ。"))
    most = _count(_("引き受けられる件数"), 0, 1000, required=False, hint=_("空欄なら、上限なし。"))

    def __init__(self, data: Any = None, *, towns: Any, people: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        hint = _("役割のある自治体の提案は、書かなくても割り当てられません。")
        if not initial:
            self.fields["person"] = person_field(people, _("審査員"), hint=hint)
        self.fields["towns"] = towns_field(towns, _("ほかに関わりのある自治体"), required=False)
        self.order_fields(("person", "areas", "towns"))


class DecisionForm(forms.Form):
    """For each proposal ranked: adopted or not, the reason, why it is not what was recommended, the amount."""

    def __init__(self, data: Any = None, *, lines: list[dict[str, Any]]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            pk, number = line["proposal"].pk, {"number": line["proposal"].number}
            self.fields[f"adopted-{pk}"] = forms.TypedChoiceField(
                label=_("提案%(number)sの決定") % number,
                choices=[("yes", _("採択")), ("no", _("不採択"))],
                coerce=lambda value: value == "yes",
                widget=forms.RadioSelect,
                initial="yes" if line["place"]["selected"] else "no",
            )
            self.fields[f"amount-{pk}"] = yen(_("提案%(number)sの決定額（円）") % number, required=False)
            self.fields[f"amount-{pk}"].initial = line["proposal"].amount
            self.fields[f"reason-{pk}"] = text(
                _("提案%(number)sの理由（通知書に載ります）") % number, 2, longest=2000
            )
            self.fields[f"reason-{pk}"].initial = line["reason"]
            self.fields[f"overruling-{pk}"] = text(
                _("提案%(number)sを推薦と違える理由") % number,
                2,
                required=False,
                longest=1000,
                hint=_("推薦のとおりなら、空欄のままにします。"),
            )
        self.fields["note"] = text(
            _("全体の講評"), 3, required=False, longest=4000, hint=_("結果の公表ページに載ります。")
        )

    def rulings(self) -> dict[int, Ruling]:
        given = self.cleaned_data
        return {
            pk: Ruling(
                given[f"adopted-{pk}"],
                given[f"reason-{pk}"],
                given[f"overruling-{pk}"],
                given[f"amount-{pk}"] or 0,
            )
            for pk in (line["proposal"].pk for line in self.lines)
        }

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                **line,
                **{
                    name: self[f"{name}-{line['proposal'].pk}"]
                    for name in ("adopted", "amount", "reason", "overruling")
                },
            }
            for line in self.lines
        ]
