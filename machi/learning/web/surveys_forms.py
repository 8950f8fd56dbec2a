"""Forms of the joint office about surveys."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from machi.base.web.forms import TableField
from machi.learning.domain.surveys_ready import NAMES, ready
from machi.learning.models import Survey

_AREA = {"rows": 4}


def this_year() -> int:
    """The fiscal year, which begins in April."""
    today = timezone.localdate()
    return today.year - (today.month < 4)


class _DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AboutForm(forms.ModelForm):  # type: ignore[type-arg]
    """Title, words to begin with, last day."""

    class Meta:
        model = Survey
        fields: ClassVar[tuple[str, ...]] = (
            "title",
            "title_en",
            "introduction",
            "introduction_en",
            "due_on",
            "named",
        )
        widgets: ClassVar = {
            "introduction": forms.Textarea(attrs=_AREA),
            "introduction_en": forms.Textarea(attrs=_AREA),
            "due_on": _DayInput(),
        }
        help_texts: ClassVar = {
            "due_on": gettext_lazy(
                "決めると、しめきりの14・7・3・1日前と当日、過ぎてからは7日ごとに、未提出の自治体にメールで知らせます。"
            ),
            "named": gettext_lazy(
                "選ばないと、ほかの自治体には数だけを見せ、少ない数は隠します。公開した後は変えられません。"
            ),
        }


class BeginForm(AboutForm):
    class Meta(AboutForm.Meta):
        fields: ClassVar[tuple[str, ...]] = ("purpose", "series", "year", *AboutForm.Meta.fields)
        help_texts: ClassVar = {
            **AboutForm.Meta.help_texts,
            "series": gettext_lazy("毎年同じ記号にすると、年ごとに比べられます。例 ai-use"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(Survey.Purpose.YEARLY.value, Survey.Purpose.YEARLY.label)]
        self.fields["year"].initial = this_year()


class ReadyForm(forms.Form):
    """One of the surveys that come with machi."""

    name = forms.ChoiceField(label=gettext_lazy("そろっている調査"), widget=forms.RadioSelect)
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    due_on = forms.DateField(label=gettext_lazy("しめきり"), required=False, widget=_DayInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, ready(name)["title"]) for name in NAMES]
        self.fields["year"].initial = this_year()


class YearForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)


class ChangesForm(forms.Form):
    changes = forms.CharField(
        label=gettext_lazy("前の版から変えたこと"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs=_AREA),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=1_000, required=False, widget=forms.Textarea(attrs=_AREA)
    )


class ReopenForm(ReasonForm):
    due_on = forms.DateField(label=gettext_lazy("新しいしめきり"), required=False, widget=_DayInput())


class UploadForm(forms.Form):
    file = TableField(
        label=gettext_lazy("書き込んだExcelかCSV"),
        help_text=gettext_lazy("空欄のところは、いま保存されている答えのまま変わりません。"),
    )
