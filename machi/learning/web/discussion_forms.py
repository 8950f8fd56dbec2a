"""Forms of the discussion."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality, Person
from machi.learning.domain.discussion import LONGEST, MODERATE, cohorts_of
from machi.learning.domain.discussion_search import LONGEST as LONGEST_SEARCH
from machi.learning.models import Case, Cohort, Course, DigestWish
from machi.learning.web.personal_form import PersonalForm

_HINT = _(
    "Markdownで書けます。@2 のように番号で、@町の名前 で町の人を呼べます。個人の情報は書かないでください。"
)


def _body() -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 6})
    return forms.CharField(label=_("本文"), max_length=LONGEST, widget=widget, help_text=_HINT)


def _named() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("この話題では自分の名前を見せる"),
        required=False,
        help_text=_("選ばなければ、町の名前と番号だけが見えます。あとで変えられます。"),
    )


class AboutField(forms.ChoiceField):
    """A course, a cohort, a case, or nothing in particular; its value is what ``verbs`` take."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("何について"), required=False, **options)

    def offer(self, municipality: Municipality, person: Person, case: Case | None) -> None:
        """The courses, the cohorts one is in (a moderator: all) and the case that is asked about, if one."""
        cohorts = Cohort.objects.all() if person.has_perm(MODERATE, municipality) else cohorts_of(person)
        self.offered: dict[str, tuple[str, Any]] = {
            **{f"course-{one.pk}": ("course", one) for one in Course.objects.all()},
            **{f"cohort-{one.pk}": ("cohort", one) for one in cohorts},
            **({f"case-{case.pk}": ("case", case)} if case else {}),
        }
        labels = {
            "course": _now("研修：%(title)s"),
            "cohort": _now("研修の回：%(title)s（参加者だけ）"),
            "case": _now("事例：%(title)s"),
        }
        self.choices = [
            ("", _now("自由な話題")),
            *((key, labels[kind] % {"title": one.title}) for key, (kind, one) in self.offered.items()),
        ]

    def clean(self, value: Any) -> dict[str, Any]:
        chosen = super().clean(value)
        if not chosen:
            return {}
        kind, one = self.offered[chosen]
        return {kind: one}


class TopicForm(PersonalForm):
    title = forms.CharField(
        label=_("話題"), max_length=120, help_text=_("何を知りたいかが分かるように、短く書きます。")
    )
    about = AboutField()
    body = _body()
    named = _named()

    def __init__(
        self, data: Any = None, *, municipality: Municipality, person: Person, case: Case | None = None
    ) -> None:
        super().__init__(data, initial={"about": f"case-{case.pk}" if case else ""})
        field = self.fields["about"]
        assert isinstance(field, AboutField)
        field.offer(municipality, person, case)

    def given(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {**given, **given.pop("about")}


class ReplyForm(PersonalForm):
    body = _body()
    named = _named()


class ChangeForm(PersonalForm):
    body = _body()


class MoveForm(forms.Form):
    about = AboutField()

    def __init__(
        self, data: Any = None, *, municipality: Municipality, person: Person, case: Case | None = None
    ) -> None:
        super().__init__(data)
        field = self.fields["about"]
        assert isinstance(field, AboutField)
        field.offer(municipality, person, case)


class TopicFilter(forms.Form):
    KINDS = (
        ("", _("すべて")),
        ("free", _("自由な話題")),
        ("course", _("研修")),
        ("cohort", _("研修の回")),
        ("case", _("事例")),
    )
    STATES = (
        ("", _("すべて")),
        ("open", _("答えを待っている")),
        ("answered", _("役に立った答えがある")),
        ("followed", _("自分が追っている")),
    )
    q = forms.CharField(label=_("言葉"), required=False, max_length=LONGEST_SEARCH)
    kind = forms.ChoiceField(label=_("種類"), required=False, choices=KINDS)
    state = forms.ChoiceField(label=_("状態"), required=False, choices=STATES)


class SettingsForm(forms.Form):
    often = forms.ChoiceField(
        label=_("お知らせのメール"),
        choices=DigestWish.Often.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "追っている話題と、あなたが呼ばれた話題の新しい書き込みを知らせます。本文と名前は載せません。"
        ),
    )
