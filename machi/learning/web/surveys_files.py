"""A survey as files: on paper, as a list to be filled in with Excel or as CSV, and as JSON Schema for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.files import EXCEL, PDF, attached
from machi.learning.domain.surveys import edited
from machi.learning.domain.surveys_answering import own
from machi.learning.domain.surveys_record import ANSWER, SEE
from machi.learning.domain.surveys_sheets import rows, workbook
from machi.learning.engine.questionnaire import Form
from machi.learning.engine.questionnaire_schema import schema
from machi.learning.engine.questionnaire_sheet import COLUMNS
from machi.learning.models import Survey
from machi.learning.web.surveys_pages import the_survey
from machi.learning.web.surveys_paper import paper

JSON_SCHEMA = "application/schema+json"


@member(SEE)
def form_file(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, kind: str
) -> HttpResponseBase:
    """``?filled`` has what the town has answered so far, for who may read it."""
    survey = the_survey(request, municipality, pk)
    form, answers = _form(request, survey, municipality)
    name = f"{survey.series}-{survey.year}"
    match kind:
        case "pdf":
            town = str(municipality) if answers else ""
            return attached(paper(survey, form, answers, town=town), f"{name}.pdf", PDF)
        case "xlsx":
            return attached(workbook(survey, form, answers), f"{name}.xlsx", EXCEL)
        case "csv" | "csv-cp932":
            return export(request, name, list(COLUMNS), rows(form, answers), kind)
        case "schema.json":
            told = schema(form, str(survey), get_language() or "ja")
            return attached(
                json.dumps(told, ensure_ascii=False, indent=1).encode(), f"{name}.schema.json", JSON_SCHEMA
            )
    raise Http404


def _form(request: HttpRequest, survey: Survey, municipality: Municipality) -> tuple[Form, Mapping[str, Any]]:
    if "filled" in request.GET and visitor(request).has_perm(ANSWER, municipality):
        mine = own(survey, municipality)
        if mine is not None:
            return mine.version.parsed(), mine.answers
    if survey.current is None:
        return edited(survey), {}
    return survey.current.parsed(), {}
