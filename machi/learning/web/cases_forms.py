"""Forms of the case library."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality
from machi.base.web.forms import TableField, date_field, text_field
from machi.joint.domain.projects import projects_of
from machi.joint.models import JointProject
from machi.learning.domain.cases import FIELDS
from machi.learning.domain.cases_import import LARGEST
from machi.learning.domain.cases_search import LONGEST, Wanted
from machi.learning.domain.cases_words import size_choices
from machi.learning.models import Case, CaseAdoption, CaseField, CaseTool
from machi.learning.web.personal_form import PersonalForm

MOST_YEN = 100_000_000_000
_ANY: list[tuple[str, Any]] = [("", _("すべて"))]
SORTS = (
    ("best", _("おすすめの順")),
    ("like", _("自分の町に似た順")),
    ("evidence", _("結果が確かな順")),
    ("hours", _("減った時間が多い順")),
    ("new", _("新しい順")),
)


def _yen(label: Any, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, required=False, min_value=0, max_value=MOST_YEN)


def _hours() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("減った時間（月あたり時間）"),
        help_text=_("町全体で、1か月に何時間減ったか。分からなければ空欄にします。"),
        required=False,
        min_value=0,
        max_value=100_000,
    )


def _counted() -> forms.ChoiceField:
    choices = [("", _("選んでください")), *Case.Counted.choices]
    return forms.ChoiceField(label=_("時間の数え方"), required=False, choices=choices)


class SearchForm(forms.Form):
    q = forms.CharField(label=_("言葉"), required=False, max_length=LONGEST)
    field = forms.ChoiceField(label=_("分野"), required=False, choices=[*_ANY, *CaseField.choices])
    tool = forms.ChoiceField(label=_("道具の種類"), required=False, choices=[*_ANY, *CaseTool.choices])
    size = forms.ChoiceField(label=_("町の大きさ"), required=False)
    sort = forms.ChoiceField(label=_("並べ方"), required=False, choices=SORTS)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["size"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*_ANY, *size_choices()]

    def wanted(self) -> Wanted:
        """What is asked for; what is not one of the choices is not asked."""
        self.full_clean()
        given = self.cleaned_data
        size = given.get("size", "")
        return Wanted(
            given.get("q", ""),
            given.get("field", ""),
            given.get("tool", ""),
            int(size) if size else None,
            given.get("sort") or "best",
        )


class CaseForm(forms.Form):
    """A draft may be saved with only its title, field, tool and year."""

    title = forms.CharField(
        label=_("題名"),
        max_length=120,
        help_text=_("何をどうしたかが分かるように。例：議事録を半日で公開する"),
    )
    field = forms.ChoiceField(label=_("分野"), choices=CaseField.choices)
    tool = forms.ChoiceField(label=_("道具の種類"), choices=CaseTool.choices)
    system = forms.CharField(label=_("使ったAIシステム・道具の名前"), max_length=120, required=False)
    year = forms.IntegerField(label=_("始めた年"), min_value=2000, max_value=2100)
    problem = text_field(_("困っていたこと"), required=False)
    before = text_field(_("前のやり方"), required=False)
    after = text_field(
        _("いまのやり方"), hint=_("だれが、どの場面で、何を確かめながら使うか。"), required=False
    )
    cost_once = _yen(_("はじめの費用（円）"), _("かからなければ0、分からなければ空欄にします。"))
    cost_yearly = _yen(_("毎年の費用（円）"))
    hours_saved = _hours()
    counted = _counted()
    counted_how = text_field(
        _("数え方の説明"), hint=_("いつ、何件を、どう数えたか。"), required=False, rows=3
    )
    risk_checked = text_field(
        _("確かめたリスク"),
        hint=_("個人情報、まちがい、著作権など、何を確かめたか。"),
        required=False,
        rows=3,
    )
    risk_result = text_field(_("確かめた結果と、決めた約束"), required=False, rows=3)
    ask_division = forms.CharField(
        label=_("問い合わせ先の課"),
        max_length=60,
        required=False,
        help_text=_("課の名前だけを書きます。個人の名前や連絡先は書きません。"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, case: Case | None = None) -> None:
        initial = (
            {name: getattr(case, name) for name in FIELDS} if case else {"year": timezone.localdate().year}
        )
        super().__init__(data, initial={**initial, "revision": case.revision if case else 1})


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}))


class AttachForm(forms.Form):
    file = forms.FileField(
        label=_("ファイル"),
        help_text=_("PDF、画像、Word、Excel、PowerPoint、テキスト。10 MBまで。中身も確かめます。"),
    )


class AdoptForm(forms.Form):
    project = forms.ModelChoiceField(
        JointProject.objects.none(),
        label=_("共同事業"),
        required=False,
        empty_label=_("共同事業ではなく、自分の町の計画で行う"),
    )
    plan = text_field(_("自分の町の計画"), hint=_("どの課が、いつから、どの仕事で使うか。"), required=False)
    adopted_on = date_field(_("取り入れた日"))

    def __init__(self, data: Any = None, *, municipality: Municipality) -> None:
        super().__init__(data, initial={"adopted_on": timezone.localdate()})
        field = self.fields["project"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = projects_of(municipality)


class ResultForm(forms.Form):
    state = forms.ChoiceField(label=_("結果"), choices=CaseAdoption.State.choices, widget=forms.RadioSelect)
    hours_saved = _hours()
    counted = _counted()
    cost_once = _yen(_("はじめの費用（円）"))
    cost_yearly = _yen(_("毎年の費用（円）"))
    differed = text_field(
        _("元の事例とちがったこと"),
        hint=_("やり方、費用、うまくいかなかったこと。次に取り入れる町が読みます。"),
        required=False,
    )


class SubmitForm(PersonalForm):
    """Asks only whether somebody has looked, where there is something to look at."""


class ImportForm(forms.Form):
    file = TableField(
        label=_("事例の一覧"),
        help_text=_("ExcelかCSV。2 MB、500件まで。まず確かめるだけで、何も取り込みません。"),
        largest=LARGEST,
    )
