"""Forms of the survey builder: one question, and one condition on an earlier question."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.learning.domain.questionnaire_words import KINDS
from machi.learning.engine.questionnaire import (
    CHOSEN,
    LONGEST_TEXT,
    Condition,
    Kind,
    Option,
    Question,
    said,
)

ALONE = "［単独］"
"""At the end of an option's line: goes with no other."""
_ALONE = re.compile(r"\s*[［\[]\s*(単独|alone)\s*[］\]]\s*$", re.IGNORECASE)
_LINE = re.compile(r"^\s*(?:([a-z][a-z0-9_]{0,39})\s*[=＝]\s*)?(.+?)\s*$")


class LinesField(forms.CharField):
    """Options or rows of a question, one a line: ``記号 = 日本語 | English``. The sign is made where there is none."""

    widget = forms.Textarea(attrs={"rows": 8})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(_written(one) for one in value)

    def clean(self, value: Any) -> tuple[Option, ...]:
        found: list[Option] = []
        for line in str(super().clean(value) or "").splitlines():
            if not line.strip():
                continue
            alone = bool(_ALONE.search(line))
            match = _LINE.match(_ALONE.sub("", line))
            if match is None:
                raise forms.ValidationError(_("読めない行があります: %(line)s") % {"line": line})
            ja, _bar, en = re.sub("｜", "|", match[2]).partition("|")
            words = {"ja": ja.strip(), **({"en": en.strip()} if en.strip() else {})}
            found.append(Option(match[1] or f"o{len(found) + 1}_{secrets.token_hex(2)}", words, alone))
        return tuple(found)


def _written(one: Option) -> str:
    words = one.words.get("ja", "")
    english = f" | {one.words['en']}" if one.words.get("en") else ""
    return f"{one.id} = {words}{english}{f' {ALONE}' if one.alone else ''}"


class QuestionForm(forms.Form):
    """One question, all but its conditions. What does not belong to its kind is not asked."""

    text = forms.CharField(label=gettext_lazy("質問"), max_length=500)
    text_en = forms.CharField(label=gettext_lazy("質問（英語）"), max_length=500, required=False)
    help = forms.CharField(
        label=gettext_lazy("答え方の説明"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    help_en = forms.CharField(label=gettext_lazy("答え方の説明（英語）"), max_length=1_000, required=False)
    section = forms.CharField(
        label=gettext_lazy("この質問から始まる部の見出し"), max_length=100, required=False
    )
    section_en = forms.CharField(label=gettext_lazy("見出し（英語）"), max_length=100, required=False)
    required = forms.BooleanField(label=gettext_lazy("必ず答える"), required=False)
    rows = LinesField(
        label=gettext_lazy("表の行"),
        required=False,
        help_text=gettext_lazy("1行に1つ。「| 」の後に英語を書けます。"),
    )
    options = LinesField(
        label=gettext_lazy("選択肢"),
        required=False,
        help_text=gettext_lazy(
            "1行に1つ。「| 」の後に英語を書けます。行の終わりに［単独］と書くと、ほかといっしょに選べなくなります。"
            "直すときは「記号 =」を消さないでください。消すと別の選択肢になり、前の年と比べられません。"
        ),
    )
    least = forms.FloatField(label=gettext_lazy("下限"), required=False)
    most = forms.FloatField(label=gettext_lazy("上限"), required=False)
    whole = forms.BooleanField(label=gettext_lazy("小数を使わない"), required=False)
    unit = forms.CharField(label=gettext_lazy("単位"), max_length=20, required=False)
    unit_en = forms.CharField(label=gettext_lazy("単位（英語）"), max_length=20, required=False)
    longest = forms.IntegerField(
        label=gettext_lazy("文字数の上限"), required=False, min_value=1, max_value=LONGEST_TEXT
    )
    sign = forms.CharField(
        label=gettext_lazy("質問の記号"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "小文字の英数字。ファイルやAPIで使います。空欄なら自動で付けます。毎年同じにすると比べられます。"
        ),
    )

    def __init__(self, kind: Kind, *args: Any, question: Question | None = None, **options: Any) -> None:
        options["initial"] = _initial(question) if question else {"longest": 1_000}
        super().__init__(*args, **options)
        self.kind, self.question = kind, question
        for name in _absent(kind):
            del self.fields[name]
        if kind in CHOSEN:
            self.fields["options"].required = True
        if kind is Kind.MATRIX:
            self.fields["rows"].required = True
        if kind is Kind.MULTIPLE:
            self.fields["least"].label, self.fields["most"].label = _("選ぶ数の下限"), _("選ぶ数の上限")

    def made(self) -> Question:
        given = self.cleaned_data
        before = self.question
        return Question(
            id=given["sign"] or (before.id if before else f"q_{secrets.token_hex(3)}"),
            kind=self.kind,
            words=_two(given, "text"),
            help=_two(given, "help"),
            section=_two(given, "section"),
            required=given["required"],
            options=given.get("options") or (),
            rows=given.get("rows") or (),
            when=before.when if before else (),
            unit=_two(given, "unit"),
            least=given.get("least"),
            most=given.get("most"),
            whole=given.get("whole", False),
            longest=given.get("longest") or 2_000,
        )


def _absent(kind: Kind) -> list[str]:
    absent = [] if kind in CHOSEN else ["options"]
    if kind is not Kind.MATRIX:
        absent.append("rows")
    if kind not in (Kind.NUMBER, Kind.MULTIPLE):
        absent += ["least", "most"]
    if kind is not Kind.NUMBER:
        absent += ["whole", "unit", "unit_en"]
    if kind is not Kind.TEXT:
        absent.append("longest")
    return absent


def _initial(question: Question) -> dict[str, Any]:
    found: dict[str, Any] = {"sign": question.id, "required": question.required, "whole": question.whole}
    for name, words in (
        ("text", question.words),
        ("help", question.help),
        ("section", question.section),
        ("unit", question.unit),
    ):
        found[name], found[f"{name}_en"] = words.get("ja", ""), words.get("en", "")
    for name in ("options", "rows", "least", "most", "longest"):
        found[name] = getattr(question, name)
    return found


def _two(given: dict[str, Any], name: str) -> dict[str, str]:
    both = {"ja": given.get(name, ""), "en": given.get(f"{name}_en", "")}
    return {language: text for language, text in both.items() if text}


class WhenForm(forms.Form):
    """A condition on an earlier question: which of its answers, or between which numbers."""

    row = forms.ChoiceField(label=gettext_lazy("表のどの行"), required=False)
    options = forms.MultipleChoiceField(
        label=gettext_lazy("どれかを選んだとき"), required=False, widget=forms.CheckboxSelectMultiple
    )
    least = forms.FloatField(label=gettext_lazy("この数以上"), required=False)
    most = forms.FloatField(label=gettext_lazy("この数以下"), required=False)
    negated = forms.BooleanField(label=gettext_lazy("そうでないとき（逆にする）"), required=False)

    def __init__(self, on: Question, language: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on = on
        self._choose("options", on.options, language)
        self._choose("row", on.rows, language, [("", _("どの行でも"))])
        if on.kind is not Kind.NUMBER:
            del self.fields["least"], self.fields["most"]

    def _choose(
        self, name: str, parts: Sequence[Option], language: str, first: Sequence[tuple[str, str]] = ()
    ) -> None:
        if not parts:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*first, *((one.id, said(one.words, language)) for one in parts)]

    def made(self) -> Condition:
        given = self.cleaned_data
        return Condition(
            self.on.id,
            tuple(given.get("options", ())),
            given.get("row", ""),
            given.get("least"),
            given.get("most"),
            given["negated"],
        )


class KindForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("質問の種類"), choices=[(one.value, words) for one, words in KINDS.items()]
    )
