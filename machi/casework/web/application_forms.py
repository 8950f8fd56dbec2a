"""Forms of the applications' pages. They check what was typed; what may be done is the verbs' to say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from machi.base.web.forms import date_field, text_field
from machi.casework.domain.intake import MOST_AT_ONCE
from machi.casework.domain.queries import TO_TELL
from machi.casework.engine.intake import LIMITS
from machi.casework.engine.types import FieldDefinition
from machi.casework.models import Application, FieldValue, Procedure

ACCEPT = ".pdf,.png,.jpg,.jpeg,.tif,.tiff,.xlsx,.docx,.eml,application/pdf,image/jpeg,image/png"
"""With the kinds of pictures by name an iPhone, whose camera writes HEIC, hands over JPEG."""
MARKS = ("check", "seal", "signature")


class ManyFiles(forms.FileField):
    """Several files at once. Empty ones too: each is judged by itself (``domain.intake``)."""

    def __init__(self, *, most: int = MOST_AT_ONCE, **options: Any) -> None:
        self.most = most
        widget = forms.FileInput(attrs={"accept": ACCEPT})
        widget.allow_multiple_selected = True
        widget.attrs["multiple"] = True
        super().__init__(widget=widget, **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list) else [data] if data else []
        if len(given) > self.most:
            raise forms.ValidationError(
                _("一度に%(most)s件までです。もっと多いときは、フォルダーから取り込んでください。")
                % {"most": self.most}
            )
        if not given:
            super().clean(None, initial)
        return given


def read_each(files: list[UploadedFile[Any]]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes, one file at a time. Of one that is too large no more than shows it, so that it is refused by
    itself like any other and not the whole form with it."""
    for one in files:
        yield one.name or "file", one.read(LIMITS.size + 1)


class UploadForm(forms.Form):
    upload = ManyFiles(
        label=_("申請のファイル"),
        help_text=_("画像（PNG、JPEG、TIFF）、PDF、Excel、Word、メール（.eml）。まとめて選べます。"),
    )
    procedure = forms.ModelChoiceField(
        label=_("手続"),
        queryset=Procedure.objects.none(),
        required=False,
        empty_label=_("様式から判断する"),
    )
    together = forms.BooleanField(label=_("選んだファイルは、全部で1件の申請"), required=False)

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        _procedures(self.fields["procedure"])


class ProcedureForm(forms.Form):
    procedure = forms.ModelChoiceField(label=_("手続"), queryset=Procedure.objects.none())

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        _procedures(self.fields["procedure"])


class QueueFilter(forms.Form):
    number = forms.CharField(label=_("受付番号か氏名"), required=False, max_length=40)
    procedure = forms.ChoiceField(label=_("手続"), required=False)
    state = forms.ChoiceField(
        label=_("状態"),
        required=False,
        choices=[
            ("", _("決まっていないもの")),
            (TO_TELL, _("通知を待っているもの")),
            ("all", _("すべて")),
            *Application.State.choices,
        ],
    )
    overdue = forms.BooleanField(label=_("期限を過ぎたものだけ"), required=False)
    doubtful = forms.BooleanField(label=_("確認が要るものだけ"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        named = [(str(one.pk), one.title) for one in Procedure.objects.all()]
        self.fields["procedure"].choices = [("", _("すべて")), *named]  # type: ignore[attr-defined]


class ValueForm(forms.Form):
    """One value, as a person sees it on the page."""

    def __init__(self, data: Any, value: FieldValue, definition: FieldDefinition | None) -> None:
        super().__init__(data)
        self.fields["raw"] = field_for(value.kind, value.label, definition, autofocus=True)
        self.fields["raw"].required = False
        shown = (value.value or "") if value.kind in (*MARKS, "choice") else (value.raw or "")
        self.initial["raw"] = shown.split(",") if value.kind == "choice" and shown else shown

    def raw(self) -> str:
        given = self.cleaned_data["raw"]
        return ",".join(given) if isinstance(given, list) else str(given)


def field_for(
    kind: str, label: Any, definition: FieldDefinition | None = None, *, autofocus: bool = False
) -> forms.Field:
    """The input in which a value of this kind is typed."""
    attributes: dict[str, Any] = {"autofocus": True, "autocomplete": "off"} if autofocus else {}
    if kind in MARKS:
        choices = [("1", _("ある")), ("", _("ない"))]
        return forms.ChoiceField(
            label=label, required=False, choices=choices, widget=forms.RadioSelect(attrs=attributes)
        )
    if kind == "choice" and definition is not None and definition.options:
        options = [(one.key, one.label) for one in definition.options]
        return forms.MultipleChoiceField(
            label=label,
            required=False,
            choices=options,
            widget=forms.CheckboxSelectMultiple(attrs={} if not autofocus else {"autofocus": True}),
        )
    modes = {"telephone": "tel", "postal_code": "numeric", "number": "numeric", "yen": "numeric"}
    if kind in modes:
        attributes["inputmode"] = modes[kind]
    return forms.CharField(label=label, max_length=2000, widget=forms.TextInput(attrs=attributes))


class ApproveForm(forms.Form):
    reason = text_field(
        _("付記（申請者への通知に載ります）"),
        required=False,
        rows=3,
        hint=_("満たさない条件や判断できない条件があるときは、承認する理由を必ず書いてください。"),
    )


class RefuseForm(forms.Form):
    reason = text_field(
        _("承認しない理由"),
        hint=_(
            "どの事実に、どの決まりを当てはめたかが分かるように書いてください（行政手続法第8条）。1行が一つの理由になります。"
        ),
        rows=5,
    )


class AmendForm(forms.Form):
    what = text_field(_("補正してほしいこと"), rows=6)
    until = date_field(_("期限"))
    openly = forms.BooleanField(
        label=_("申請者のページとメールにも書く"),
        required=False,
        initial=True,
        help_text=_(
            "印を外すと、補正が必要なことだけを知らせ、内容は文書にだけ載せます。"
            "病気や家族のことなど、人に見られると困る内容のときは外してください。"
        ),
    )

    def __init__(self, data: Any, asked: str, today: date) -> None:
        super().__init__(data, initial={"what": asked, "until": today + timedelta(days=14)})


class ReasonForm(forms.Form):
    reason = text_field(_("戻す理由"), rows=3)


class AuditForm(forms.Form):
    right = forms.ChoiceField(
        label=_("結果"),
        widget=forms.RadioSelect,
        choices=[("yes", _("正しかった")), ("no", _("誤りがあった"))],
    )
    note = text_field(
        _("気づいたこと"), required=False, rows=3, hint=_("誤りがあったときは必ず書いてください。")
    )


class SettingsForm(forms.ModelForm[Procedure]):
    class Meta:
        model = Procedure
        fields = (
            "active",
            "web_form",
            "working_days",
            "two_person",
            "straight_through",
            "threshold",
            "sampling_share",
            "kept_days",
        )
        help_texts: ClassVar = {
            "active": _("外すと、新しい申請を受け付けません。いまある申請はそのまま進められます。"),
            "two_person": _(
                "決定した人とは別の管理職が承認して、はじめて決まります。自動の承認とは一緒に使えません。"
            ),
            "threshold": _("0.99は99%。これより確かさの低い欄は、職員が確かめます。"),
            "sampling_share": _("0.1は10%。自動で承認したものから抜き取ります。"),
            "kept_days": _("1825日は5年。過ぎると個人情報を消します。"),
        }


def _procedures(field: forms.Field) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = Procedure.objects.filter(active=True)
