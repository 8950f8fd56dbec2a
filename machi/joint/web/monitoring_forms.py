"""Forms of joint projects under way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from machi.base.domain.towns import members
from machi.base.models import Consortium
from machi.base.web.forms import date_field, text_field
from machi.base.web.towns import town_field, towns_field
from machi.joint.models import JointProject, ModelAdoption, ProjectKpi, ProjectReport

_MOST_YEN = 10**13
_LARGEST = Decimal("99999999999999.99")


class ProjectFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("状態"), required=False, choices=[("", _("すべて")), *JointProject.State.choices]
    )
    area = forms.ChoiceField(label=_("分野"), required=False)
    mine = forms.BooleanField(label=_("自分の自治体が参加するものだけ"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["area"].choices = [("", _("すべて")), *areas()]  # type: ignore[attr-defined]


def areas() -> list[tuple[Any, Any]]:
    """As the model has them."""
    return list(JointProject._meta.get_field("area").choices or ())


class ProjectForm(forms.Form):
    title = forms.CharField(label=_("事業名"), max_length=120)
    area = forms.ChoiceField(label=_("分野"))
    amount = forms.IntegerField(label=_("事業費（円）"), min_value=0, max_value=_MOST_YEN)
    starts_on = date_field(_("開始日"))
    ends_on = date_field(_("終了日"))

    def __init__(
        self, data: Any = None, *, consortium: Consortium, project: JointProject | None = None
    ) -> None:
        super().__init__(data)
        self.fields["area"].choices = areas()  # type: ignore[attr-defined]
        towns = members(consortium)
        self.fields["lead"] = town_field(towns, _("代表の自治体"))
        hint = _("代表の自治体は、選ばなくても入ります。")
        self.fields["members"] = towns_field(towns, _("参加する自治体"), hint=hint)
        self.order_fields(("title", "area", "lead"))
        if project is not None:
            self.initial = {
                name: getattr(project, name) for name in ("title", "area", "amount", "starts_on", "ends_on")
            }
            self.initial |= {"lead": project.lead_id, "members": list(project.members.all())}


class EndForm(forms.Form):
    state = forms.ChoiceField(
        label=_("どう終えますか"),
        choices=[
            (state.value, state.label) for state in (JointProject.State.DONE, JointProject.State.STOPPED)
        ],
        widget=forms.RadioSelect,
    )
    reason = text_field(_("理由"), hint=_("完了なら、何をもって完了としたかを書いてください。"))


class MilestoneForm(forms.Form):
    title = forms.CharField(label=_("到達点"), max_length=120, help_text=_("例：3市でシステムの試用を始める"))
    due_on = date_field(_("予定日"))
    note = text_field(_("メモ"), required=False, rows=2)


class ReachForm(forms.Form):
    done_on = date_field(_("達成日"), hint=_("空欄にすると、未達成に戻します。"), required=False)


def _figure(label: Any, hint: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=hint, max_value=_LARGEST, min_value=-_LARGEST, decimal_places=2
    )


class KpiForm(forms.Form):
    name = forms.CharField(label=_("指標"), max_length=120, help_text=_("例：手続きにかかる職員の時間"))
    unit = forms.CharField(label=_("単位"), max_length=20, help_text=_("例：時間、件、%"))
    rising = forms.TypedChoiceField(
        label=_("よい方向"),
        choices=[("yes", _("大きいほどよい")), ("no", _("小さいほどよい"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    together = forms.ChoiceField(
        label=_("自治体の値のまとめ方"), choices=ProjectKpi.Together.choices, widget=forms.RadioSelect
    )
    baseline = _figure(_("基準値"), _("始める前の値。まとめ方に合わせた、事業全体の値です。"))
    baseline_on = date_field(_("基準日"), hint=_("基準値を測った日。"))
    target = _figure(_("目標値"))
    target_on = date_field(_("目標の期日"))
    measured = text_field(
        _("測り方"), hint=_("どの自治体が測っても同じになるように書いてください。"), required=False
    )


class ReportForm(forms.Form):
    """A half-year of one town: what it did, and a value for each figure it is asked for."""

    did = text_field(_("行ったこと"), required=False)
    problems = text_field(_("困っていること・計画とのちがいの理由"), required=False)
    ahead = text_field(_("次の半期に行うこと"), required=False)
    spent = forms.IntegerField(
        label=_("この半期の支出（円）"), min_value=0, max_value=_MOST_YEN, required=False
    )

    def __init__(
        self, data: Any = None, *, kpis: list[ProjectKpi], report: ProjectReport | None = None
    ) -> None:
        super().__init__(data)
        self.kpis = kpis
        known = {} if report is None else dict(report.values.values_list("kpi", "value"))
        if report is not None:
            self.initial = {name: getattr(report, name) for name in ("did", "problems", "ahead", "spent")}
        for kpi in kpis:
            self.fields[f"kpi-{kpi.pk}"] = forms.DecimalField(
                label=f"{kpi.name}（{kpi.unit}）",
                help_text=escape(kpi.measured),  # the field shows it as it is
                required=False,
                initial=f"{known[kpi.pk].normalize():f}" if kpi.pk in known else None,
                max_value=_LARGEST,
                min_value=-_LARGEST,
                decimal_places=2,
            )

    def values(self) -> dict[int, Decimal | None]:
        return {kpi.pk: self.cleaned_data[f"kpi-{kpi.pk}"] for kpi in self.kpis}


class ReasonForm(forms.Form):
    reason = text_field(_("理由"), rows=3)


class SheetForm(forms.Form):
    summary = text_field(_("一言で言うと"), rows=2)
    problem = text_field(_("どんな困りごとを解いたか"))
    steps = text_field(_("進め方（1行に1つ）"), rows=6)
    needs = text_field(_("始める前に必要なもの（人・物・合意）"))
    costs = text_field(_("費用と期間の目安"))
    pitfalls = text_field(_("つまずいたところと、避け方"), required=False)
    fits = text_field(_("向いている自治体・向かない自治体"), required=False)


class AdoptForm(forms.Form):
    adopted_on = date_field(_("取り入れた日"))
    plan = text_field(_("どう取り入れるか"), hint=_("そのままか、どこを変えるか。"))


class OutcomeForm(forms.Form):
    state = forms.ChoiceField(label=_("結果"), choices=ModelAdoption.State.choices, widget=forms.RadioSelect)
    outcome = text_field(
        _("どうなったか"),
        hint=_("うまくいかなかったことも、次の自治体の役に立ちます。"),
        required=False,
    )


class QuestionForm(forms.Form):
    title = forms.CharField(label=_("件名"), max_length=120)
    question = text_field(_("質問"), hint=_("住民の個人情報は書かないでください。"))


class AnswerForm(forms.Form):
    answer = text_field(_("回答"), rows=6)
    for_all = forms.BooleanField(
        label=_("共同体のほかの自治体も読めるようにする"),
        required=False,
        help_text=_("質問と回答の両方が読めるようになります。"),
    )


class VisitForm(forms.Form):
    visited_on = date_field(_("訪問日"))
    present = forms.CharField(
        label=_("参加した人"), max_length=500, required=False, help_text=_("暗号化して保存します。")
    )
    seen = text_field(_("見たこと・聞いたこと"))
    agreed = text_field(_("次にすると決めたこと"), required=False)
    follow_up_on = date_field(_("次に確かめる日"), required=False)
    followed_up = text_field(_("その後どうなったか"), required=False)

    def __init__(self, data: Any = None, *, project: JointProject, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        towns = project.members.select_related("prefecture")
        self.fields["town"] = town_field(towns, _("訪問した自治体"))
        self.order_fields(("town",))
