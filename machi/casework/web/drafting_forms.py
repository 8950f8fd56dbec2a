"""Forms of drafting. That of a draft is made from its template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.web.forms import date_field
from machi.casework.domain.drafting_given import LARGEST
from machi.casework.domain.recording_words import LANGUAGES
from machi.casework.domain.transcribing import LARGEST as LARGEST_RECORDING
from machi.casework.domain.transcribing import LONGEST_HOURS
from machi.casework.engine.draft_templates import Template, TemplateField
from machi.casework.engine.summary import LENGTHS
from machi.casework.models import Draft
from machi.governance.domain.personal_check import CHECKED

LENGTH_WORDS = {
    "short": gettext_lazy("短く（文の1割弱）"),
    "middle": gettext_lazy("ふつう（文の1割半）"),
    "long": gettext_lazy("長く（文の3割）"),
}
_LONGEST_FIELD, _LONGEST_LINE = 20_000, 300
AUDIO = ".wav,.mp3,.m4a,.aac,.ogg,.oga,.opus,.flac,.webm,.mp4"
PREFIX = "f_"
"""Before a template's own keys, so that none can be taken for a field of ours."""


class DraftForm(forms.Form):
    """The fields of a template."""

    def __init__(self, template: Template, *args: Any, ask_personal: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        for one in template.fields:
            self.fields[PREFIX + one.key] = _field(one)
        if ask_personal:
            self.fields[CHECKED] = forms.BooleanField(
                label=_("個人情報らしいものを確かめました。このまま作ります。"), required=False
            )

    def values(self) -> dict[str, Any]:
        return {
            name.removeprefix(PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }


class SummaryForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("題名"), required=False, max_length=200,
        help_text=gettext_lazy("空けておくと、文書の名前になります。"),
    )  # fmt: skip
    document = forms.TypedChoiceField(
        label=gettext_lazy("登録した資料から選ぶ"), required=False, coerce=int, empty_value=None,
        widget=forms.RadioSelect,
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("ファイルを渡す"), required=False,
        help_text=gettext_lazy("Word、PDF、Excel、HTML、CSV、文章のファイル。20MBまで。"),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("文章を貼り付ける"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    length = forms.ChoiceField(
        label=gettext_lazy("長さ"), choices=[(one, LENGTH_WORDS[one]) for one in LENGTHS], initial="middle"
    )

    def __init__(self, documents: list[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if documents:
            self.fields["document"].choices = documents  # type: ignore[attr-defined]
        else:
            del self.fields["document"]

    def clean_file(self) -> Any:
        return _size_checked(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        return _one_of_these(self, "document", "file", "text")


class MinutesForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("会議の名前"), max_length=200)
    held_on = date_field(
        gettext_lazy("会議の日"), hint=gettext_lazy("「来週の金曜日」などの期限を、この日から数えます。")
    )
    file = forms.FileField(
        label=gettext_lazy("文字起こしのファイル"), required=False,
        help_text=gettext_lazy("文章（「山本課長：…」）、Word、WebVTT、SRT。20MBまで。"),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("文字起こしを貼り付ける"), required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        return _size_checked(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        return _one_of_these(self, "file", "text")


class RecordingForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("会議の名前"), max_length=200)
    held_on = date_field(gettext_lazy("会議の日"))
    language = forms.ChoiceField(label=gettext_lazy("話されている言語"))
    file = forms.FileField(
        label=gettext_lazy("録音のファイル"), widget=forms.FileInput(attrs={"accept": AUDIO})
    )

    def __init__(self, languages: Sequence[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"].choices = [(one, _(LANGUAGES[one])) for one in languages]  # type: ignore[attr-defined]
        self.fields["file"].help_text = _(
            "WAV、MP3、M4A、AAC、Ogg、Opus、FLAC、WebM、MP4。%(megabytes)sMB、%(hours)s時間まで。映像は使いません。"
        ) % {"megabytes": LARGEST_RECORDING // 1_000_000, "hours": LONGEST_HOURS}

    def clean_file(self) -> Any:
        return _size_checked(self.cleaned_data["file"], LARGEST_RECORDING)


class EditForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("文章"), widget=forms.Textarea(attrs={"rows": 24}), max_length=200_000,
        help_text=gettext_lazy("「# 」で始まる行は見出し、「・」で始まる行は箇条書き、ほかは一行が一つの段落です。"),
    )  # fmt: skip
    number = forms.IntegerField(widget=forms.HiddenInput)


class EditTranscriptForm(EditForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].help_text = _("例：[00:01:05] 山本課長：それでは始めます。")


class ConfirmDraftForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput)
    read_checked = forms.BooleanField(label=gettext_lazy("全文を読み、必要なところを直しました"))

    def __init__(self, draft: Draft, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if draft.unsourced:
            label = (
                _("要確認の行（%(count)s）を、録音を聞いて確かめました")
                if draft.work == Draft.Work.TRANSCRIPT
                else _("出典のない文（%(count)s）が正しいことを、自分で確かめました")
            )
            self.fields["unsourced_checked"] = forms.BooleanField(
                label=label % {"count": draft.unsourced}, required=False
            )


class TemplateForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("ひな型（JSON）"), widget=forms.Textarea(attrs={"rows": 24}))


def _field(one: TemplateField) -> forms.Field:
    label, hint = one.label, one.hint
    if one.kind == "date":
        return date_field(label, hint=hint, required=one.required)
    if one.kind == "choice":
        choices = [(text, text) for text in one.options]
        blank = [] if one.required else [("", "—")]
        return forms.ChoiceField(
            label=label, help_text=hint, required=one.required, choices=[*blank, *choices]
        )
    if one.kind == "long":
        return forms.CharField(
            label=label, help_text=hint, required=one.required, max_length=_LONGEST_FIELD,
            widget=forms.Textarea(attrs={"rows": 5}),
        )  # fmt: skip
    return forms.CharField(label=label, help_text=hint, required=one.required, max_length=_LONGEST_LINE)


def _size_checked(file: Any, largest: int = LARGEST) -> Any:
    if file and file.size > largest:
        raise forms.ValidationError(
            _("ファイルが大きすぎます。%(size)sMBまでです。") % {"size": largest // 1_000_000}
        )
    return file


def _one_of_these(form: forms.Form, *names: str) -> dict[str, Any]:
    data = form.cleaned_data
    given = [name for name in names if data.get(name)]
    if len(given) != 1 and not form.errors:
        labels = "、".join(str(form.fields[name].label) for name in names if name in form.fields)
        raise forms.ValidationError(_("次のうち一つだけを入れてください：%(names)s") % {"names": labels})
    return data
