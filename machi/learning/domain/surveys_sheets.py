"""Filling in a survey with Excel or CSV: the list to be filled in, and reading it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.base.engine.tables import Problem, read_table
from machi.learning.domain.questionnaire_words import how_to_answer, why
from machi.learning.engine import questionnaire_sheet as sheet
from machi.learning.engine.questionnaire import Answers, Form
from machi.learning.models import Survey


@dataclass(frozen=True, slots=True)
class Read:
    """``answers`` to be kept, where nothing is wrong: with the file as a whole, or with single cells (in words)."""

    answers: dict[str, Any] = field(default_factory=dict)
    file_problems: Sequence[Problem] = ()
    cell_problems: Sequence[str] = ()


def workbook(survey: Survey, form: Form, answers: Answers) -> bytes:
    language = get_language() or "ja"
    due = _("しめきり: %(day)s") % {"day": date_format(survey.due_on)} if survey.due_on else ""
    notes = [
        _(
            "色の付いた「答え」の列だけに書いてください。空欄のところは、いま保存されている答えのまま変わりません。"
        ),
        _("書き終えたら保存し、調査のページの「Excelから取り込む」で選んでください。"),
        due,
    ]
    return sheet.workbook(
        form,
        answers,
        title=str(survey),
        notes=[note for note in notes if note],
        hows=[how_to_answer(line.question, form) for line in sheet.lines(form, answers)],
        language=language,
    )


def rows(form: Form, answers: Answers) -> list[tuple[str | int, ...]]:
    """The same as a plain list, for CSV; columns: ``questionnaire_sheet.COLUMNS``."""
    language = get_language() or "ja"
    return [
        sheet.cells(line, how_to_answer(line.question, form), language)
        for line in sheet.lines(form, answers, language)
    ]


def read_back(form: Form, data: bytes, before: Answers) -> Read:
    table = read_table(data, sheet.REQUIRED)
    if table.problems:
        return Read(file_problems=table.problems)
    answers, wrong = sheet.read(form, table.rows, before)
    if wrong:
        return Read(cell_problems=[_cell(one, form) for one in wrong])
    return Read(answers)


def _cell(one: sheet.SheetProblem, form: Form) -> str:
    column = sheet.KEY if one.problem.code in ("unknown_question", "line_twice", "no_key") else sheet.ANSWER
    place = _("%(row)s行目の「%(column)s」") % {"row": one.row, "column": column}
    value = _("（「%(value)s」）") % {"value": one.problem.value} if one.problem.value else ""
    return f"{place}{value}: {why(one.problem)}"
