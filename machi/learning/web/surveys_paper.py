"""A questionnaire on paper: boxes to tick and lines to write on, or filled in as it has been answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.learning.domain.questionnaire_words import condition_told
from machi.learning.engine.questionnaire import Answers, Form, Kind, Question, said
from machi.learning.models import Survey

FONTS = [str(Path(str(files(f"noto_cjk_sans_jp_{weight}")))) for weight in ("regular", "bold")]
_ONE_COLUMN = 24
"""Options longer than so many letters stand one below the other."""


def paper(survey: Survey, form: Form, answers: Answers, *, town: str = "") -> bytes:
    """A PDF; byte-equal for equal answers."""
    import typst  # 80 MB: on first use

    language = get_language() or "ja"
    due = date_format(survey.due_on) if survey.due_on else ""
    told = {
        "lang": language[:2],
        "title": _("%(title)s（%(year)s年度）") % {"title": survey, "year": survey.year},
        "intro": survey.opening_words.splitlines(),
        "head": [[_("自治体"), town], [_("部署・書いた人"), ""], [_("しめきり"), due]],
        "needed": _("※必須"),
        "footer": str(survey),
        "questions": [_question(one, number, form, answers, language) for number, one in enumerate(form, 1)],
    }
    template = (files("machi.learning") / "data" / "questionnaire.typ").read_bytes()
    pdf: bytes = typst.compile(  # type: ignore[misc]
        template,
        font_paths=FONTS,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
        timestamp=0,
    )
    return pdf


def _question(question: Question, number: int, form: Form, answers: Answers, language: str) -> dict[str, Any]:
    given = answers.get(question.id)
    labels = [said(one.words, language) for one in question.options]
    taken = given if isinstance(given, list) else [given]
    rows: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    return {
        "kind": question.kind.value,
        "number": _("問%(number)s") % {"number": number},
        "text": said(question.words, language),
        "section": said(question.section, language),
        "help": said(question.help, language),
        "when": condition_told(question, form),
        "required": question.required,
        "wide": any(len(label) > _ONE_COLUMN for label in labels),
        "options": [
            {"text": label, "taken": one.id in taken}
            for one, label in zip(question.options, labels, strict=True)
        ],
        "rows": [
            {
                "text": said(row.words, language),
                "taken": [rows.get(row.id) == one.id for one in question.options],
            }
            for row in question.rows
        ],
        "unit": said(question.unit, language),
        "answer": ""
        if given is None or question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX)
        else str(given),
    }
