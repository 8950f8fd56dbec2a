"""Surveys and the self-assessment of AI maturity, over HTTP: the form, the town's answers, the results."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented
from machi.learning.domain import surveys as verbs
from machi.learning.domain import surveys_answering as answering
from machi.learning.domain.questionnaire_words import told
from machi.learning.domain.surveys_figures import results
from machi.learning.domain.surveys_record import ANSWER, HAND_IN, RUN, SEE
from machi.learning.engine.maturity import parse_scoring, score
from machi.learning.engine.questionnaire import Form, said
from machi.learning.engine.questionnaire_schema import schema
from machi.learning.models import Survey, SurveyResponse

router = Router()


class SurveyOut(Schema):
    id: int
    series: str
    year: int
    purpose: str
    title: str
    state: str
    due_on: datetime.date | None
    version: int | None = Field(description="Of the form that is answered.")
    own_state: str = Field(description="`draft`, `handed_in`, or empty: not begun.")


class AnswersIn(Schema):
    answers: dict[str, Any] = Field(
        description="Question -> answer, as the JSON Schema has them; null takes one away. What is not named stays."
    )


class ProblemOut(Schema):
    question: str
    row: str
    code: str
    message: str


class AnswersOut(Schema):
    id: int
    state: str
    version: int
    round: int
    answers: dict[str, Any]
    missing: list[ProblemOut] = Field(description="What still keeps them from being handed in.")


class ClassOut(Schema):
    low: int
    high: int | None
    counted: int


class ResultsOut(Schema):
    counted: int
    hidden: bool = Field(description="Small counts are null, and figures are renewed every few answers.")
    at: datetime.datetime
    classes: list[ClassOut] = Field(description="Classes of population; counts are by class, over all last.")
    own_class: int
    questions: dict[str, Any]


class ScoreOut(Schema):
    dimension: str
    words: str
    level: int | None
    mean: float | None
    held_back_by: list[str] = Field(description="Questions whose answers are the lowest.")
    next: str


@router.get(
    "learning/{code}/surveys",
    auth=django_auth,
    response=list[SurveyOut],
    summary="Surveys and self-assessments of a consortium",
    openapi_extra=documented(401, 403, 404, 422),
)
def list_surveys(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[SurveyOut]:
    with opened(request, code, SEE, consortium) as (municipality, _, person):
        rounds = SurveyResponse.objects.filter(town=municipality).order_by("round")
        own = dict(rounds.values_list("survey", "state"))
        return [_survey(one, own.get(one.pk, "")) for one in _seen(municipality, person)]


@router.get(
    "learning/{code}/surveys/{pk}/schema",
    auth=django_auth,
    response=dict[str, Any],
    summary="JSON Schema (2020-12) of a survey's answers",
    openapi_extra=documented(401, 403, 404, 422),
)
def survey_schema(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> dict[str, Any]:
    with opened(request, code, SEE, consortium) as (municipality, _, person):
        survey = _the_survey(municipality, person, pk)
        return schema(_form(survey), str(survey), get_language() or "ja")


@router.get(
    "learning/{code}/surveys/{pk}/form",
    auth=django_auth,
    response=dict[str, Any],
    summary="The form of a survey: questions, options, conditions",
    openapi_extra=documented(401, 403, 404, 422),
)
def survey_form(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> dict[str, Any]:
    with opened(request, code, SEE, consortium) as (municipality, _, person):
        survey = _the_survey(municipality, person, pk)
        _form(survey)
        assert survey.current is not None
        form: dict[str, Any] = survey.current.form
        return form


@router.get(
    "learning/{code}/surveys/{pk}/answers",
    auth=django_auth,
    response=AnswersOut,
    summary="The own town's answers",
    openapi_extra=documented(401, 403, 404, 422),
)
def own_answers(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> AnswersOut:
    with opened(request, code, ANSWER, consortium) as (municipality, _, person):
        own = answering.own(_the_survey(municipality, person, pk), municipality)
        if own is None:
            raise Http404("The town has not begun to answer.")
        return _answers(own)


@router.put(
    "learning/{code}/surveys/{pk}/answers",
    auth=django_auth,
    response=AnswersOut,
    summary="Write the own town's answers as a draft",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def write_answers(
    request: HttpRequest, code: Code, pk: int, given: AnswersIn, consortium: Chosen = None
) -> AnswersOut:
    """Nothing is kept where one of them does not fit."""
    with opened(request, code, ANSWER, consortium) as (municipality, _, person):
        survey = _the_survey(municipality, person, pk)
        try:
            return _answers(answering.write(survey, municipality, person, given.answers))
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None


@router.post(
    "learning/{code}/surveys/{pk}/hand-in",
    auth=django_auth,
    response=AnswersOut,
    summary="Hand in the own town's answers",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def hand_in(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> AnswersOut:
    with opened(request, code, HAND_IN, consortium) as (municipality, _, person):
        own = answering.own(_the_survey(municipality, person, pk), municipality)
        if own is None:
            raise Http404("The town has not begun to answer.")
        try:
            answering.hand_in(own, municipality, person)
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        own.refresh_from_db()
        return _answers(own)


@router.get(
    "learning/{code}/surveys/{pk}/results",
    auth=django_auth,
    response=ResultsOut,
    summary="Counts of a survey by classes of towns of like size",
    openapi_extra=documented(401, 403, 404, 422),
)
def survey_results(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> ResultsOut:
    with opened(request, code, SEE, consortium) as (municipality, _, person):
        found = results(_the_survey(municipality, person, pk), municipality, person)
        if found is None:
            raise Http404("Too few towns have answered.")
        by_class = found.figures["counted"]
        return ResultsOut(
            counted=found.counted,
            hidden=found.hidden,
            at=found.at,
            classes=[
                ClassOut(low=one.low, high=one.high, counted=by_class[at])
                for at, one in enumerate(found.classes)
            ],
            own_class=found.own,
            questions=found.figures["questions"],
        )


@router.get(
    "learning/{code}/surveys/{pk}/maturity",
    auth=django_auth,
    response=list[ScoreOut],
    summary="The own town's last self-assessment: levels and next steps",
    openapi_extra=documented(401, 403, 404, 422),
)
def maturity(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> list[ScoreOut]:
    with opened(request, code, SEE, consortium) as (municipality, _, person):
        survey = _the_survey(municipality, person, pk)
        last = answering.past(survey, municipality).first()
        if last is None or survey.purpose != Survey.Purpose.ASSESSMENT:
            raise Http404("No self-assessment has been handed in.")
        language = get_language() or "ja"
        scores = score(last.version.parsed(), parse_scoring(survey.scoring), last.answers)
        return [
            ScoreOut(
                dimension=one.dimension.id,
                words=said(one.dimension.words, language),
                level=one.level,
                mean=one.mean,
                held_back_by=[reason.question for reason in one.holding_back],
                next=said(one.next.words, language) if one.next else "",
            )
            for one in scores
        ]


def _seen(municipality: Municipality, person: Person) -> Any:
    found = verbs.surveys()
    return found if person.has_perm(RUN, municipality) else found.exclude(state=Survey.State.DRAFT)


def _the_survey(municipality: Municipality, person: Person, pk: int) -> Survey:
    found: Survey = get_object_or_404(_seen(municipality, person), pk=pk)
    return found


def _form(survey: Survey) -> Form:
    if survey.current is None:
        raise Http404("Nothing is published yet.")
    return survey.current.parsed()


def _survey(one: Survey, own: str) -> SurveyOut:
    return SurveyOut(
        id=one.pk,
        series=one.series,
        year=one.year,
        purpose=one.purpose,
        title=str(one),
        state=one.state,
        due_on=one.due_on,
        version=one.current.number if one.current else None,
        own_state=own,
    )


def _answers(own: SurveyResponse) -> AnswersOut:
    form = own.version.parsed()
    draft = own.state == SurveyResponse.State.DRAFT
    return AnswersOut(
        id=own.pk,
        state=own.state,
        version=own.version.number,
        round=own.round,
        answers=own.answers,
        missing=[
            ProblemOut(question=one.question, row=one.row, code=one.code, message=told(one, form))
            for one in (answering.missing(own) if draft else ())
        ],
    )
