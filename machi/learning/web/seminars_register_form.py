"""The form by which people register, with what the office asks besides; and what keeps machines from filling it.

No outside service: a field that people do not see and must leave empty, and a signed time at which the page was asked
for. What is sent sooner than somebody could have read it is asked for again, and nothing typed is lost.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from machi.base.domain.towns import members
from machi.base.web.towns import town_field
from machi.learning.domain.seminars_register import Given
from machi.learning.engine.seminar_answers import LONGEST
from machi.learning.models import Seminar, SeminarQuestion, SeminarRegistration, SeminarSession

LEAST_SECONDS = 3
MOST_SECONDS = 24 * 3600
TRAP = "web_page"
_SALT = "learning.seminars.form"


class RegisterForm(forms.Form):
    """``registration``: what is being changed; its address stays. The fields against machines are for
    strangers only."""

    name = forms.CharField(
        label=_("お名前"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("メールアドレス"),
        help_text=_("確認のメールを送ります。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    role = forms.ChoiceField(
        label=_("立場"), choices=SeminarRegistration.Role.choices, widget=forms.RadioSelect
    )
    organisation = forms.CharField(
        label=_("勤め先・団体"),
        required=False,
        max_length=160,
        help_text=_("住民の方は、書かなくてもかまいません。"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    way = forms.ChoiceField(label=_("参加のしかた"), widget=forms.RadioSelect)
    sessions = forms.MultipleChoiceField(
        label=_("参加するセッション"), required=False, widget=forms.CheckboxSelectMultiple
    )
    needs = forms.CharField(
        label=_("配慮してほしいこと"),
        required=False,
        max_length=1_000,
        help_text=_("例: 手話通訳、要約筆記、車いすの席、通訳、席の場所"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        seminar: Seminar,
        registration: SeminarRegistration | None = None,
        by_staff: bool = False,
    ) -> None:
        self.seminar, self.questions = seminar, list(seminar.questions.all())
        self.registration = registration
        super().__init__(data, initial=_initial(registration) if registration else {})
        fields: dict[str, Any] = self.fields
        fields["town"] = town_field(
            members(seminar.consortium),
            _("市区町村"),
            required=False,
            empty=_("この中にない、または答えない"),
        )
        fields["way"].choices = [(way.value, way_label(seminar, way)) for way in seminar.ways]
        if len(seminar.ways) == 1:
            fields["way"].initial = seminar.ways[0].value
        choosable = [one for one in seminar.sessions.all() if one.chosen]
        fields["sessions"].choices = [(str(one.pk), session_label(one)) for one in choosable]
        if not choosable:
            del fields["sessions"]
        for one in self.questions:
            fields[f"answer_{one.pk}"] = answer_field(one)
        if registration is not None:
            del fields["email"]
        elif not by_staff:
            fields[TRAP] = forms.CharField(required=False, label=_("この欄には何も書かないでください"))
            fields["begun"] = forms.CharField(required=False, widget=forms.HiddenInput)
            self.initial["begun"] = begun(seminar)
        self.order_fields(("name", "email", "role", "town"))

    @property
    def trap(self) -> forms.BoundField | None:
        return self[TRAP] if TRAP in self.fields else None

    def visible_fields(self) -> list[forms.BoundField]:
        """Without the trap, which the template draws out of sight."""
        return [field for field in super().visible_fields() if field.name != TRAP]

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or {}
        if kept.get("role") not in (None, "resident", "other") and not (
            kept.get("town") or kept.get("organisation")
        ):
            self.add_error("organisation", gettext("市区町村を選ぶか、勤め先・団体を書いてください。"))
        if "begun" in self.fields:
            self._ensure_a_person(kept)
        return kept

    def _ensure_a_person(self, kept: dict[str, Any]) -> None:
        if kept.get(TRAP):
            self.add_error(
                None, gettext("見えない欄に文字が入っていました。空にして、もう一度送ってください。")
            )
        try:
            since = signing.loads(kept.get("begun") or "", salt=_SALT, max_age=MOST_SECONDS)
        except signing.BadSignature:
            since = None
        now = timezone.now().timestamp()
        if not isinstance(since, list) or since[0] != self.seminar.pk:
            self.add_error(
                None, gettext("ページを開いてから時間がたちました。もう一度「申し込む」を押してください。")
            )
            self._stamp()
        elif now - since[1] < LEAST_SECONDS:
            self.add_error(
                None, gettext("確認のため、少し待ってから、もう一度「申し込む」を押してください。")
            )

    def _stamp(self) -> None:
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["begun"] = begun(self.seminar)  # type: ignore[index]

    def given(self) -> Given:
        kept = self.cleaned_data
        return Given(
            name=kept["name"],
            email=kept.get("email", ""),
            role=kept["role"],
            way=kept["way"],
            town=kept["town"],
            organisation=kept["organisation"],
            needs=kept["needs"],
            sessions=[int(one) for one in kept.get("sessions", ())],
            answers={
                str(one.pk): kept[f"answer_{one.pk}"]
                for one in self.questions
                if kept.get(f"answer_{one.pk}") not in (None, "")
            },
            language=get_language() or "ja",
        )


def begun(seminar: Seminar) -> str:
    """The time at which the page was asked for, signed."""
    return signing.dumps([seminar.pk, timezone.now().timestamp()], salt=_SALT)


def way_label(seminar: Seminar, way: Any) -> str:
    seats = next((one for one in seminar.seats.all() if one.session_id is None and one.way == way), None)
    if seats is None or seats.free is None:
        return str(way.label)
    if seats.free:
        return gettext("%(way)s（残り%(free)s席）") % {"way": way.label, "free": seats.free}
    if seminar.waiting_list:
        return gettext("%(way)s（満席・キャンセル待ち）") % {"way": way.label}
    return gettext("%(way)s（満席）") % {"way": way.label}


def session_label(session: SeminarSession) -> str:
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    label = f"{time_format(starts)}–{time_format(ends)} {session}"
    if session.room:
        label += f"（{session.room}）"
    seats = getattr(session, "seats", None)
    if seats is None or seats.free is None:
        return label
    return (
        f"{label} {gettext('残り%(free)s席') % {'free': seats.free} if seats.free else gettext('会場は満席')}"
    )


def answer_field(one: SeminarQuestion) -> forms.Field:
    """Whatever is wrong with an answer the verb says; the field only shapes it."""
    label: dict[str, Any] = {"label": str(one), "required": one.required}
    choices = [(choice, choice) for choice in one.choices]
    match one.kind:
        case SeminarQuestion.Kind.TEXT:
            return forms.CharField(
                **label, max_length=LONGEST["text"], widget=forms.Textarea(attrs={"rows": 3})
            )
        case SeminarQuestion.Kind.YES:
            return forms.BooleanField(**label)
        case SeminarQuestion.Kind.ONE:
            blank = [] if one.required else [("", gettext("答えない"))]
            return forms.ChoiceField(**label, choices=[*choices, *blank], widget=forms.RadioSelect)
        case SeminarQuestion.Kind.SOME:
            return forms.MultipleChoiceField(**label, choices=choices, widget=forms.CheckboxSelectMultiple)
        case SeminarQuestion.Kind.NUMBER:
            return forms.DecimalField(**label)
    return forms.CharField(**label, max_length=LONGEST["line"])


def _initial(registration: SeminarRegistration) -> dict[str, Any]:
    answers = json.loads(registration.answers or "{}")
    return {
        "name": registration.name,
        "role": registration.role,
        "way": registration.way,
        "town": registration.town_id,
        "organisation": registration.organisation,
        "needs": registration.needs,
        "sessions": [str(one.session_id) for one in registration.choices.all()],
        **{f"answer_{key}": value for key, value in answers.items()},
    }
