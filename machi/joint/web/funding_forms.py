"""Forms of programmes, checks and cost-and-benefit sheets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Prefecture
from machi.base.web.forms import TableField, date_field, text_field
from machi.base.web.towns import towns_field
from machi.joint.domain.funding_lists import read_rate
from machi.joint.domain.projects import projects_of
from machi.joint.engine.half_years import half_year_of
from machi.joint.models import BenefitLine, Cost, Flag, JointProject, Purpose, TownKind

_MOST_YEN = 10**13
_BOXES = forms.CheckboxSelectMultiple


class ProgrammeFilter(forms.Form):
    purpose = forms.ChoiceField(
        label=_("目的"), required=False, choices=[("", _("すべて")), *Purpose.choices]
    )
    open = forms.BooleanField(label=_("いま申請できるものだけ"), required=False)


def _several(
    label: Any, choices: Any, *, required: bool = False, hint: Any = ""
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=required, widget=_BOXES, help_text=hint
    )


def _count(label: Any, *, hint: Any = "", least: int = 0, most: int = 2 * 10**9) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=least, max_value=most, help_text=hint)


class ProgrammeForm(forms.Form):
    """All that the register keeps of a programme; the same names as its fields."""

    name = forms.CharField(label=_("名称"), max_length=120)
    giver = forms.CharField(label=_("実施主体"), max_length=120)
    purposes = _several(_("目的"), Purpose.choices, required=True)
    who = text_field(_("対象者の説明"), required=False, rows=2)
    rate = forms.CharField(label=_("補助率"), max_length=20, help_text=_("例：1/2、3分の2、50%"))
    ceiling = _count(_("上限額（円）"), least=1, most=_MOST_YEN)
    floor = _count(_("下限額（円）"), hint=_("これより少ない補助は出ない額。"), most=_MOST_YEN)
    unit = _count(
        _("切り捨ての単位（円）"), hint=_("空欄なら1,000円（千円未満切り捨て）。"), least=1, most=10**9
    )
    opens = date_field(_("募集開始"), required=False)
    deadline = date_field(_("締切"), required=False)
    costs = _several(_("対象経費"), Cost.choices, hint=_("選ばなければ、すべての経費が対象です。"))
    kinds = _several(_("自治体の種類"), TownKind.choices, hint=_("選ばなければ、すべてです。"))
    flags = _several(_("地域の条件"), Flag.choices, hint=_("選んだものすべてに当てはまる自治体が対象です。"))
    population_least = _count(_("人口の下限"))
    population_most = _count(_("人口の上限"))
    members_least = _count(_("共同で申請する自治体数の下限"), least=1, most=2000)
    members_most = _count(_("共同で申請する自治体数の上限"), least=1, most=2000)
    prefectures = forms.MultipleChoiceField(
        label=_("都道府県"),
        required=False,
        help_text=_("選ばなければ、全国が対象です。"),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    documents = text_field(_("必要書類（1行に1つ）"), required=False)
    url = forms.URLField(label=_("案内のURL"), required=False, assume_scheme="https")
    note = text_field(_("備考"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, str(one)) for one in Prefecture.objects.all()]
        self.fields["prefectures"].choices = choices  # type: ignore[attr-defined]

    def clean_rate(self) -> str:
        try:
            return read_rate(self.cleaned_data["rate"])
        except ValueError:
            raise forms.ValidationError(
                _now("補助率として読めません。1/2、3分の2、50% のように書いてください。")
            ) from None

    def clean_floor(self) -> int:
        return self.cleaned_data["floor"] or 0

    def clean_unit(self) -> int:
        return self.cleaned_data["unit"] or 1000


class ListForm(forms.Form):
    file = TableField(
        label=_("制度の一覧"),
        help_text=_("ExcelかCSV（UTF-8、Shift_JIS）。一覧から書き出したものと同じ列です。"),
    )


class StandingForm(forms.Form):
    flags = _several(
        _("地域の条件"), Flag.choices, hint=_("法律や指定によって当てはまるものを選んでください。")
    )


class CheckForm(forms.Form):
    """A plan: what for, what it costs by kind, who would apply together."""

    title = forms.CharField(label=_("計画の名前"), max_length=120)
    project = forms.ModelChoiceField(
        JointProject.objects.none(),
        label=_("共同事業"),
        required=False,
        help_text=_("共同事業の計画なら選んでください。"),
    )
    purposes = _several(_("目的"), Purpose.choices, required=True)

    def __init__(self, data: Any = None, *, consortium: Consortium, municipality: Municipality) -> None:
        super().__init__(data)
        self.fields["project"].queryset = projects_of(municipality)  # type: ignore[attr-defined]
        for key, label in Cost.choices:
            self.fields[f"cost-{key}"] = forms.IntegerField(
                label=_now("%(label)s（円）") % {"label": label},
                required=False,
                min_value=0,
                max_value=_MOST_YEN,
            )
        self.fields["towns"] = towns_field(
            members(consortium),
            _("いっしょに申請する自治体"),
            hint=_("自分の自治体は、選ばなくても入ります。"),
            required=False,
        )

    def plan(self) -> dict[str, Any]:
        given = self.cleaned_data
        costs = {key: given[f"cost-{key}"] or 0 for key in Cost.values}
        names = ("title", "project", "purposes")
        return {**{name: given[name] for name in names}, "costs": costs, "towns": list(given["towns"] or ())}


class ChooseForm(forms.Form):
    programme = forms.ChoiceField(label=_("申請する制度"), widget=forms.RadioSelect, required=False)
    reason = text_field(_("理由"), hint=_("選んだ理由、または、どれも使わない理由。"), rows=3)

    def __init__(self, data: Any = None, *, programmes: list[tuple[str, str]], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        none = ("", _("どれも使わない"))
        self.fields["programme"].choices = [*programmes, none]  # type: ignore[attr-defined]


def _wage(label: Any, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, min_value=0, max_value=100_000)


class BenefitForm(forms.Form):
    title = forms.CharField(label=_("件名"), max_length=120, help_text=_("例：議事録作成AIの導入"))
    purpose = text_field(
        _("何を比べるか"), hint=_("導入しない場合と、導入する場合。"), required=False, rows=3
    )
    project = forms.ModelChoiceField(
        JointProject.objects.none(),
        label=_("共同事業"),
        required=False,
        help_text=_("選ぶと、確定した後に、参加する自治体と共有します。"),
    )
    people = forms.IntegerField(label=_("人口（参加する自治体の合計）"), min_value=1, max_value=200_000_000)
    first_year = forms.IntegerField(label=_("最初の年度"), min_value=2000, max_value=2100)
    years = forms.IntegerField(label=_("見る年数"), min_value=1, max_value=20)
    wage_low = _wage(_("職員1時間の費用：低め（円）"), _("給与と手当、社会保険の事業主負担を含む額。"))
    wage_likely = _wage(_("職員1時間の費用：ありそうな値（円）"))
    wage_high = _wage(_("職員1時間の費用：高め（円）"))
    discount = forms.DecimalField(
        label=_("割引率（%）"),
        min_value=0,
        max_value=20,
        decimal_places=1,
        help_text=_(
            "将来の金額を今の価値に直す率。国の費用便益分析では4%がよく使われます。0なら直しません。"
        ),
    )

    def __init__(self, data: Any = None, *, municipality: Municipality, initial: Any = None) -> None:
        year = half_year_of(timezone.localdate()).year
        super().__init__(data, initial={"first_year": year, "years": 5, "discount": 0, **(initial or {})})
        self.fields["project"].queryset = projects_of(municipality)  # type: ignore[attr-defined]


class LineForm(forms.Form):
    """One row; an empty one is left out."""

    label = forms.CharField(label=_("内容"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("種類"), choices=BenefitLine.Kind.choices, required=False)
    low = _count(_("低め"), most=_MOST_YEN)
    likely = _count(_("ありそうな値"), most=_MOST_YEN)
    high = _count(_("高め"), most=_MOST_YEN)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        figures = ("low", "likely", "high")
        if not given.get("label"):
            if any(given.get(name) is not None for name in figures):
                self.add_error("label", _now("何の金額か時間かを書いてください。"))
            return given
        if not given.get("kind"):
            self.add_error("kind", _now("種類を選んでください。"))
        for name in figures:
            if name not in self.errors and given.get(name) is None:
                self.add_error(name, _now("数を入れてください。確かなら3つとも同じ値にします。"))
        return given


LinesForm = forms.formset_factory(LineForm, extra=3, max_num=40)


def filled(formset: Any) -> list[dict[str, Any]]:
    """The rows that say something."""
    return [form.cleaned_data for form in formset.forms if form.cleaned_data.get("label")]


class FactsForm(forms.Form):
    """What each line came to in a year."""

    def __init__(self, data: Any = None, *, lines: list[BenefitLine], known: dict[int, int]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            self.fields[f"line-{line.pk}"] = forms.IntegerField(
                label=f"{line.label}（{line.get_kind_display()}）",
                required=False,
                min_value=0,
                max_value=_MOST_YEN,
                initial=known.get(line.pk),
            )

    def amounts(self) -> dict[int, int | None]:
        return {line.pk: self.cleaned_data[f"line-{line.pk}"] for line in self.lines}
