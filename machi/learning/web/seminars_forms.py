"""The office's forms of a seminar: what it is, its programme, who came, what is quoted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from machi.base.web.forms import TableField
from machi.learning.models import (
    Seminar,
    SeminarMail,
    SeminarQuestion,
    SeminarQuote,
    SeminarRegistration,
    SeminarSession,
    SeminarSpeaker,
    Way,
)

_MOST_SEATS = 100_000


def moment(label: Any, *, hint: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=hint, widget=widget)


def text(
    label: Any, *, longest: int = 4_000, rows: int = 4, required: bool = False, hint: Any = ""
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=longest, widget=widget, help_text=hint)


def line(label: Any, *, longest: int = 160, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=longest, help_text=hint)


def number(
    label: Any, *, least: int = 1, most: int = _MOST_SEATS, required: bool = False, hint: Any = ""
) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, min_value=least, max_value=most, help_text=hint)


class SeminarForm(forms.Form):
    title = line(_("セミナーの名前"), longest=120, required=True)
    title_en = line(_("名前（英語）"))
    purpose = text(_("目的と内容"), required=True)
    purpose_easy = text(_("目的と内容（やさしい日本語）"), rows=3)
    purpose_en = text(_("目的と内容（英語）"), rows=3)
    form = forms.ChoiceField(
        label=_("開催の形"), choices=Seminar.Format.choices, widget=forms.RadioSelect, initial="on_site"
    )
    starts_at = moment(_("始まり"))
    ends_at = moment(_("終わり"))
    venue = line(_("会場"), longest=120)
    address = line(_("住所"), longest=200)
    seats_on_site = number(_("会場の定員"), hint=_("空欄なら、定員を設けません。"))
    online_url = forms.URLField(
        label=_("オンライン会場のURL"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("オンラインの席がある人にだけ伝えます。"),
    )
    seats_online = number(_("オンラインの定員"), hint=_("空欄なら、定員を設けません。"))
    opens_at = moment(_("受付の始まり"))
    closes_at = moment(_("受付の終わり"))
    waiting_list = forms.BooleanField(
        label=_("満席のとき、キャンセル待ちを受け付ける"), required=False, initial=True
    )
    offer_hours = number(
        _("席が空いたとき、待っている人が返事をするまでの時間（時間）"), most=336, required=True
    )
    spoken = line(_("使う言語"), longest=120, hint=_("例: 日本語（手話通訳・英語字幕あり）"))
    contact = line(_("問い合わせ先"), longest=200, required=True)
    kept_days = number(
        _("終わってから、申し込んだ人の個人情報を消すまでの日数"), least=7, most=365, required=True
    )

    def __init__(self, data: Any = None, *, seminar: Seminar | None = None) -> None:
        super().__init__(data, initial=_initial(seminar) if seminar else {"offer_hours": 48, "kept_days": 90})

    def given(self) -> dict[str, Any]:
        kept = dict(self.cleaned_data)
        seats = {Way.ON_SITE: kept.pop("seats_on_site"), Way.ONLINE: kept.pop("seats_online")}
        return {**kept, "seats": {str(way): capacity for way, capacity in seats.items()}}


def _initial(seminar: Seminar) -> dict[str, Any]:
    seats = {f"seats_{one.way}": one.capacity for one in seminar.seats.all() if one.session_id is None}
    kept = {name: getattr(seminar, name) for name in SeminarForm.base_fields if hasattr(seminar, name)}
    return {**kept, **seats}


class SpeakerForm(forms.Form):
    name = line(_("氏名"), longest=80, required=True)
    belongs = line(_("所属・肩書き"))
    biography = text(_("紹介"), longest=1_000)
    consented_on = forms.DateField(
        label=_("掲載に本人が同意した日"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("同意があるまで、公開のページに氏名も紹介も出ません。"),
    )

    def __init__(self, data: Any = None, *, speaker: SeminarSpeaker | None = None) -> None:
        names = tuple(self.base_fields)
        super().__init__(data, initial={name: getattr(speaker, name) for name in names} if speaker else None)

    def clean_consented_on(self) -> Any:
        day = self.cleaned_data["consented_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(gettext("先の日は入れられません。"))
        return day


class SessionForm(forms.Form):
    title = line(_("題"), required=True)
    title_en = line(_("題（英語）"), longest=200)
    about = text(_("内容"), longest=2_000, rows=3)
    starts_at = moment(_("始まり"))
    ends_at = moment(_("終わり"))
    room = line(_("部屋"), longest=80)
    chosen = forms.BooleanField(
        label=_("申し込むときに選んでもらう"),
        required=False,
        help_text=_("選ばないセッションは、全員が参加するものです。"),
    )
    capacity = number(_("部屋の定員"), hint=_("選んでもらうときだけ数えます。空欄なら、定員を設けません。"))

    def __init__(self, data: Any = None, *, seminar: Seminar, session: SeminarSession | None = None) -> None:
        initial: dict[str, Any] = {"starts_at": seminar.starts_at, "ends_at": seminar.ends_at}
        if session:
            names = ("title", "title_en", "about", "starts_at", "ends_at", "room", "chosen")
            initial = {name: getattr(session, name) for name in names}
            initial["capacity"] = session.seats.capacity if hasattr(session, "seats") else None
            initial["speakers"] = list(session.speakers.all())
        super().__init__(data, initial=initial)
        if (speakers := seminar.speakers.all()).exists():
            self.fields["speakers"] = forms.ModelMultipleChoiceField(
                speakers, label=_("登壇者"), required=False, widget=forms.CheckboxSelectMultiple
            )

    def given(self) -> dict[str, Any]:
        return {"speakers": [], **self.cleaned_data}


class QuestionForm(forms.Form):
    label = line(_("質問"), required=True)
    label_en = line(_("質問（英語）"), longest=200)
    kind = forms.ChoiceField(label=_("答え方"), choices=SeminarQuestion.Kind.choices)
    choices = text(_("選択肢"), longest=3_000, hint=_("「選ぶ」ときだけ。1行に1つ書いてください。"))
    required = forms.BooleanField(label=_("必ず答えてもらう"), required=False)

    def __init__(self, data: Any = None, *, question: SeminarQuestion | None = None) -> None:
        initial = None
        if question:
            initial = {name: getattr(question, name) for name in ("label", "label_en", "kind", "required")}
            initial["choices"] = "\n".join(question.choices)
        super().__init__(data, initial=initial)

    def clean_choices(self) -> list[str]:
        return [one.strip() for one in self.cleaned_data["choices"].splitlines() if one.strip()]


class MaterialForm(forms.Form):
    title = line(_("資料の題"), required=True)
    file = forms.FileField(
        label=_("ファイル"), help_text=_("PDF、画像、Word、Excel、PowerPoint、テキスト。10 MBまで。")
    )


class CancelForm(forms.Form):
    reason = text(
        _("中止の理由"),
        longest=1_000,
        required=True,
        hint=_("申し込んだ人へのメールと、公開のページに出ます。"),
    )


class SeminarFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("状態"), required=False, choices=[("", _("すべて")), *Seminar.State.choices]
    )


class PeopleFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("状態"), required=False, choices=[("", _("すべて")), *SeminarRegistration.State.choices]
    )
    way = forms.ChoiceField(
        label=_("参加のしかた"), required=False, choices=[("", _("すべて")), *Way.choices]
    )


class MailFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("状態"), required=False, choices=[("", _("すべて")), *SeminarMail.State.choices]
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("受付で見せる番号"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("8文字。QRコードを読み取ると、自動で入ります。"),
    )


class ListForm(forms.Form):
    file = TableField(
        label=_("出席の一覧（ExcelまたはCSV）"),
        help_text=_("「受付番号」と「出席」の列。出席は「出席」「欠席」か ○ ×。空欄の人は変えません。"),
    )


class HideForm(forms.Form):
    why = forms.ChoiceField(
        label=_("載せない理由"), choices=SeminarQuote.Why.choices, widget=forms.RadioSelect
    )


class SummaryForm(forms.Form):
    summary = text(_("事務局のまとめ"), hint=_("報告の最初に出ます。事務局の言葉で書いてください。"))


class OwnQuestionForm(forms.Form):
    """A question of the office's own in the questionnaire."""

    words = line(_("質問"), longest=200, required=True)
    kind = forms.ChoiceField(
        label=_("答え方"),
        choices=[("text", _("自由に書く")), ("single", _("1つ選ぶ")), ("multiple", _("いくつでも選ぶ"))],
    )
    options = text(_("選択肢"), longest=3_000, hint=_("「選ぶ」ときだけ。1行に1つ書いてください。"))

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or {}
        lines = [one.strip() for one in kept.get("options", "").splitlines() if one.strip()]
        if kept.get("kind") in ("single", "multiple") and not 2 <= len(lines) <= 30:
            self.add_error("options", gettext("選択肢を、1行に1つ、2個から30個まで書いてください。"))
        return {**kept, "options": lines}
