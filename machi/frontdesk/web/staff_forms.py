"""Forms of the pages for staff. They check what was typed; what may be done is the verbs' to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from machi.base.models import Division
from machi.frontdesk.models import Document, Faq, HandOver

ALL = "all"
MOST_FILES = 20
"""Files taken at once: they are read while the person waits."""


class QueueFilter(forms.Form):
    division = forms.ChoiceField(label=_("課"), required=False)
    state = forms.ChoiceField(
        label=_("状態"),
        required=False,
        choices=[("", _("回答待ち")), *HandOver.State.choices],
    )
    overdue = forms.BooleanField(label=_("期限を過ぎたものだけ"), required=False)

    def __init__(self, data: Any, *, mine: bool) -> None:
        """``mine``: the visitor belongs to a division, which then comes first."""
        super().__init__(data)
        own = [("", _("自分の課と、職員のいない課"))] if mine else []
        named = [(str(division.pk), division.name) for division in Division.objects.all()]
        self.fields["division"].choices = [*own, (ALL, _("すべての課")), *named]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    body = forms.CharField(
        label=_("回答"),
        error_messages={"required": _("回答を書いてください。")},
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("この文章がそのまま住民に届きます。専門の言葉は言いかえてください。"),
    )
    documents = forms.ModelMultipleChoiceField(
        label=_("根拠にした資料"), queryset=Document.objects.none(), required=False
    )
    without_source = forms.BooleanField(label=_("根拠になる資料がない"), required=False)
    no_source = forms.CharField(
        label=_("資料がない理由"),
        required=False,
        max_length=300,
        help_text=_("職員の記録に残ります。住民には見えません。例：担当者に電話で確認した"),
    )
    find = forms.CharField(label=_("ほかの資料を探す"), required=False, max_length=100)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["documents"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Document.objects.filter(current=True).select_related("source")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "documents" not in self.errors:
            chosen, without = bool(given.get("documents")), given.get("without_source")
            if chosen and without:
                self.add_error(
                    "without_source", _("資料を選んだときは、「根拠になる資料がない」を外してください。")
                )
            elif not chosen and not without:
                self.add_error(
                    "documents",
                    _(
                        "根拠にした資料を選んでください。なければ「根拠になる資料がない」を選び、理由を書いてください。"
                    ),
                )
        if given.get("without_source") and not given.get("no_source", "").strip():
            self.add_error("no_source", _("資料がない理由を書いてください。"))
        return given


class NoteForm(forms.Form):
    body = forms.CharField(
        label=_("職員だけのメモ"),
        error_messages={"required": _("メモを書いてください。")},
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("住民には見えません。"),
    )


class MoveForm(forms.Form):
    division = forms.ModelChoiceField(
        label=_("引き継ぐ課"),
        error_messages={"required": _("引き継ぐ課を選んでください。")},
        queryset=Division.objects.none(),
        empty_label=_("選んでください"),
    )
    reason = forms.CharField(
        label=_("理由"),
        error_messages={"required": _("理由を書いてください。")},
        max_length=300,
        help_text=_("引き継ぐ課の職員が読みます。住民には見えません。"),
    )

    def __init__(self, data: Any = None, *, leaving: Division) -> None:
        super().__init__(data)
        field = self.fields["division"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Division.objects.exclude(pk=leaving.pk)


class FaqForm(forms.Form):
    question = forms.CharField(
        label=_("質問"),
        error_messages={"required": _("質問を書いてください。")},
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("だれが読んでも分かる、一般的な質問に直してください。"),
    )
    answer = forms.CharField(
        label=_("回答"),
        error_messages={"required": _("回答を書いてください。")},
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("住民の質問に、この文章から答えます。金額や期限は正確に書いてください。"),
    )
    valid_until = forms.DateField(
        label=_("有効期間の末日"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("この日を過ぎると、回答に使いません。決まっていなければ空欄のままにしてください。"),
    )
    nobody_named = forms.BooleanField(
        label=_("個人が分かる内容（名前・住所・電話番号・事情など）がないことを確かめました"),
        error_messages={"required": _("個人が分かる内容がないことを確かめて、チェックを入れてください。")},
    )

    def __init__(
        self, data: Any = None, *, initial: dict[str, Any] | None = None, private: Sequence[str] = ()
    ) -> None:
        """``private``: what is known of the resident, none of which may stand in a public text."""
        super().__init__(data, initial=initial)
        self._private = [words for words in private if len(words.strip()) > 1]

    def clean_question(self) -> str:
        return self._public(self.cleaned_data["question"])

    def clean_answer(self) -> str:
        return self._public(self.cleaned_data["answer"])

    def _public(self, text: str) -> str:
        if any(words in text for words in self._private):
            raise forms.ValidationError(_("問い合わせた方の名前か連絡先が入っています。消してください。"))
        return text


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"),
        error_messages={"required": _("理由を書いてください。")},
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FaqFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("状態"), required=False, choices=[("", _("すべて")), *Faq.State.choices]
    )
    words = forms.CharField(label=_("質問や回答の言葉"), required=False, max_length=100)


class SourceForm(forms.Form):
    name = forms.CharField(
        label=_("名前"),
        error_messages={"required": _("名前を書いてください。")},
        max_length=120,
        help_text=_("住民にも、回答の出典として見えます。例：広報あつぎ"),
    )
    url = forms.URLField(
        label=_("リンク"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("元のページがあるときに入力してください。"),
    )
    attribution = forms.CharField(
        label=_("出典の表示とライセンス"),
        required=False,
        max_length=300,
        help_text=_("例：厚木市、CC BY 4.0"),
    )
    division = forms.ModelChoiceField(
        label=_("担当課"),
        required=False,
        queryset=Division.objects.none(),
        empty_label=_("決まっていない"),
        help_text=_("この情報源に関する質問が、ほかに手がかりがないときに届く課です。"),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["division"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Division.objects.all()


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once (Django's own pattern for it)."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(_FilesField, self).clean(one, initial) for one in given or [None]]


class UploadForm(forms.Form):
    file = _FilesField(
        label=_("ファイル"),
        allow_empty_file=True,  # the report says that it is empty
        error_messages={"required": _("ファイルを選んでください。")},
        help_text=_(
            "CSV、Excel、Word、PDF、HTML、Markdown、テキスト。20個まで一度に選べます。まず内容を確かめ、登録は次の画面で決めます。"
        ),
    )

    def __init__(self, data: Any = None, files: Any = None, *, limit: int) -> None:
        """``limit``: bytes a file may have."""
        super().__init__(data, files)
        self._limit = limit

    def clean_file(self) -> list[UploadedFile[Any]]:
        given: list[UploadedFile[Any]] = self.cleaned_data["file"]
        names = [file.name for file in given]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(
                ngettext(
                    "一度に選べるのは%(most)d個までです。", "一度に選べるのは%(most)d個までです。", MOST_FILES
                )
                % {"most": MOST_FILES}
            )
        wrong = [
            _("「%(name)s」は大きすぎます（%(size)s）。%(limit)sまでのファイルに分けてください。")
            % {"name": file.name, "size": filesizeformat(file.size), "limit": filesizeformat(self._limit)}
            for file in given
            if file.size and file.size > self._limit
        ]
        wrong += [
            _("「%(name)s」という名前のファイルが2つあります。名前を変えてください。") % {"name": name}
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]
        if wrong:
            raise forms.ValidationError(wrong)
        return given


class DocumentFilter(forms.Form):
    CURRENT, ENDED, COPIES, OLD = "current", "ended", "copies", "old"
    show = forms.ChoiceField(
        label=_("表示するもの"),
        required=False,
        choices=[
            ("", _("今の版のすべて")),
            (CURRENT, _("今日、回答に使うもの")),
            (ENDED, _("有効期間が過ぎたもの")),
            (COPIES, _("ほかの文書と同じ内容のもの")),
            (OLD, _("前の版と取り下げたもの")),
        ],
    )
    words = forms.CharField(label=_("題名や本文の言葉"), required=False, max_length=100)


class DivisionForm(forms.Form):
    name = forms.CharField(
        label=_("課名"), error_messages={"required": _("課名を書いてください。")}, max_length=60
    )
    duties = forms.CharField(
        label=_("担当する仕事"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "住民が使う言葉で、空白か「、」で区切って書いてください。質問にこの言葉があると、この課に届きます。例：ごみ、粗大ごみ、リサイクル、収集日"
        ),
    )
    email = forms.EmailField(
        label=_("メールアドレス"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("問い合わせが届いたことを、ここにお知らせします。"),
    )
    telephone = forms.CharField(
        label=_("電話番号"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    is_default = forms.BooleanField(
        label=_("行き先が分からない問い合わせを受ける"),
        required=False,
        help_text=_("1つの課だけが受けます。"),
    )


class PassOnForm(forms.Form):
    division = forms.ModelChoiceField(
        label=_("担当課"),
        error_messages={"required": _("担当課を選んでください。")},
        queryset=Division.objects.none(),
        empty_label=_("選んでください"),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["division"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Division.objects.all()


class PeriodForm(forms.Form):
    USUAL = 30
    days = forms.ChoiceField(
        label=_("期間"),
        required=False,
        choices=[("", _("30日間")), ("7", _("7日間")), ("90", _("90日間")), ("365", _("1年間"))],
    )
