"""A questionnaire as a form on screen. It works without JavaScript: questions with conditions say when they are to be
answered, and what is not asked is left out; ``learning/questionnaire.js`` hides them meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.base.engine.tables import read_date, read_number
from machi.learning.domain.questionnaire_words import condition_told, why
from machi.learning.engine.questionnaire import (
    Answers,
    Form,
    Kind,
    Problem,
    Question,
    dump_question,
    kept,
    said,
    validate,
)

PREFIX = "q_"
_MOST_RADIOS = 8
"""Options that are shown as radio buttons; of more one is chosen from a list."""
_ONE_LINE = 200


class RowsWidget(forms.MultiWidget):
    """The rows of a matrix: a labelled list of options for each."""

    template_name = "learning/surveys/rows.html"

    def __init__(self, question: Question, language: str) -> None:
        self.rows = [(row.id, said(row.words, language)) for row in question.rows]
        choices = [("", _("選んでください")), *_choices(question, language)]
        super().__init__({name: forms.Select(choices=choices) for name, _label in self.rows})

    def decompress(self, value: Any) -> list[Any]:
        given = value if isinstance(value, Mapping) else {}
        return [given.get(name, "") for name, _label in self.rows]

    def value_from_datadict(  # type: ignore[override]
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> dict[str, str]:
        values = super().value_from_datadict(data, files, name)
        found = zip(self.rows, values, strict=True)
        return {row: value for (row, _label), value in found if value}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, self.decompress(value), attrs)
        for (_name, label), part in zip(self.rows, context["widget"]["subwidgets"], strict=True):
            part["label"] = label
        return context


class QuestionField(forms.Field):
    """Takes whatever was written; whether it fits is the engine's to say (``QuestionnaireForm.clean``)."""

    template_name = "learning/surveys/question.html"

    def __init__(self, question: Question, number: int, form: Form, language: str) -> None:
        self.question, self.number = question, number
        self.needed = question.required
        self.section = said(question.section, language)
        self.unit = said(question.unit, language)
        self.only_when = condition_told(question, form)
        self.when = json.dumps(dump_question(question).get("when", []))
        super().__init__(
            label=said(question.words, language),
            help_text=said(question.help, language),
            required=False,
            widget=_widget(question, language),
        )
        self.template_name = "learning/surveys/question.html"

    def clean(self, value: Any) -> Any:
        return _read(self.question, value)


class QuestionnaireForm(forms.Form):
    """``complete``: what must be answered is. ``answers`` has, after ``is_valid``, all that could be read and fits,
    also where the form as a whole is not valid."""

    def __init__(
        self,
        asked: Form,
        data: Any = None,
        *,
        given: Answers | None = None,
        complete: bool = True,
        auto_id: str = "id_%s",
    ) -> None:
        self.asked, self.complete = asked, complete
        self.answers: dict[str, Any] = {}
        initial = {f"{PREFIX}{name}": value for name, value in (given or {}).items()}
        super().__init__(data, initial=initial, auto_id=auto_id)
        language = get_language() or "ja"
        for number, question in enumerate(asked, 1):
            self.fields[f"{PREFIX}{question.id}"] = QuestionField(question, number, asked, language)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = {
            name.removeprefix(PREFIX): value
            for name, value in cleaned.items()
            if value not in (None, "", [], {})
        }
        wrong = validate(
            self.asked, kept(self.asked, given) if self.complete else given, complete=self.complete
        )
        broken = {one.question for one in wrong}
        self.answers = {name: value for name, value in given.items() if name not in broken}
        if self.complete:
            self.answers = kept(self.asked, self.answers)
        self.show(wrong)
        return cleaned

    def show(self, problems: list[Problem]) -> None:
        """Each at its question, with the row of a matrix it is about."""
        language = get_language() or "ja"
        for one in problems:
            name = f"{PREFIX}{one.question}"
            if name not in self.fields or name in self.errors:
                continue
            question = self.asked[one.question]
            row = next((said(row.words, language) for row in question.rows if row.id == one.row), "")
            self.add_error(name, f"{row}: {why(one)}" if row else why(one))


def check_again(asked: Form, given: Answers) -> QuestionnaireForm:
    """The form with what has been kept and everything that is still wrong or missing, shown at the questions."""
    form = QuestionnaireForm(asked, _posted(asked, given))
    form.is_valid()
    return form


def _posted(asked: Form, given: Answers) -> MultiValueDict[str, Any]:
    data: MultiValueDict[str, Any] = MultiValueDict()
    for question in asked:
        value, name = given.get(question.id), f"{PREFIX}{question.id}"
        if isinstance(value, Mapping):
            for row, option in value.items():
                data[f"{name}_{row}"] = option
        elif isinstance(value, list):
            data.setlist(name, value)
        elif value is not None:
            data[name] = str(value)
    return data


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _read(question: Question, value: Any) -> Any:
    match question.kind:
        case Kind.NUMBER if value not in (None, ""):
            try:
                number = read_number(str(value))
            except ValueError:
                raise forms.ValidationError(why(Problem("not_a_number"))) from None
            return int(number) if number == number.to_integral_value() else float(number)
        case Kind.DATE if value:
            try:
                return read_date(str(value)).isoformat()
            except ValueError:
                raise forms.ValidationError(why(Problem("not_a_date"))) from None
        case Kind.TEXT if value:
            return str(value).strip().replace("\r\n", "\n")
    return value


def _choices(question: Question, language: str) -> list[tuple[str, str]]:
    return [(one.id, said(one.words, language)) for one in question.options]


def _widget(question: Question, language: str) -> forms.Widget:
    match question.kind:
        case Kind.SINGLE:
            choices = _choices(question, language)
            if len(choices) > _MOST_RADIOS:
                return forms.Select(choices=[("", _("選んでください")), *choices])
            # A radio button once pressed cannot be let go: where nothing need be answered, that is a choice too.
            none = [] if question.required else [("", _("答えない"))]
            return forms.RadioSelect(choices=[*choices, *none])
        case Kind.MULTIPLE:
            return forms.CheckboxSelectMultiple(choices=_choices(question, language))
        case Kind.MATRIX:
            return RowsWidget(question, language)
        case Kind.NUMBER:
            return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"})
        case Kind.DATE:
            return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        case Kind.TEXT:
            if question.longest <= _ONE_LINE:
                return forms.TextInput(attrs={"maxlength": question.longest})
            return forms.Textarea(attrs={"rows": 4, "maxlength": question.longest})
