"""Exercises that check themselves, the practice room, spaced review, over HTTP."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.running import NotApproved
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented
from machi.learning.domain import exercises as verbs
from machi.learning.domain import exercises_queries as queries
from machi.learning.domain.exercises_words import about_words, problem_words, reason_words, result_words
from machi.learning.engine import exercises
from machi.learning.engine.exercise_types import Result
from machi.learning.engine.exercise_without_key import without_key
from machi.learning.models import Enrolment, Exercise

router = Router()
LEARN = "learning.learn"


class ExerciseOut(Schema):
    id: int
    slug: str
    kind: str
    title: str
    lesson: str
    pass_percent: int


class ExerciseDetailOut(ExerciseOut):
    task: dict[str, Any] = Field(description="What is asked, without the key.")


class AnswerIn(Schema):
    answer: dict[str, Any] = Field(
        description="As the kind of the exercise wants it (docs/learning-exercises.md)."
    )


class ItemOut(Schema):
    id: str
    about: str
    points: float
    reasons: list[str]
    why: str
    read_again: str


class ResultOut(Schema):
    percent: int
    passed: bool
    reasons: list[str]
    items: list[ItemOut]
    output: str | None = Field(None, description="What an instruction made of its source.")
    attempt: int | None = Field(None, description="None in the practice room: nothing is kept.")


class AttemptOut(Schema):
    id: int
    exercise: int
    title: str
    percent: int
    passed: bool
    at: datetime.datetime


class ReviewOut(Schema):
    enrolment: int
    exercise: int
    title: str
    due: datetime.date
    days: int = Field(description="After how many days from passing: 1, 7 or 30.")


class ItemStatisticsOut(Schema):
    exercise: int
    item: str
    number: int | None = Field(description="None: fewer than five learners, and no figures.")
    difficulty: float | None
    discrimination: float | None
    words: list[str]


class ProblemOut(Schema):
    path: str
    code: str
    words: str


class CheckedOut(Schema):
    exercises: list[str] = Field(description="Slugs of those that are right.")
    problems: list[ProblemOut]


@router.get(
    "learning/{code}/practice",
    auth=django_auth,
    response=list[ExerciseOut],
    summary="Exercises of published courses",
    openapi_extra=documented(401, 403, 404, 422),
)
def list_practice(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[ExerciseOut]:
    with opened(request, code, LEARN, consortium):
        return [
            _told(one, lesson.title)
            for lesson in queries.lessons_to_practise()
            for one in lesson.exercises.all()
        ]


@router.get(
    "learning/{code}/practice/{pk}",
    auth=django_auth,
    response=ExerciseDetailOut,
    summary="One exercise, as a learner sees it",
    openapi_extra=documented(401, 403, 404, 422),
)
def one_practice(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> ExerciseDetailOut:
    with opened(request, code, LEARN, consortium):
        found = _published(pk)
        told = _told(found, found.lesson.title).model_dump()
        return ExerciseDetailOut(**told, task=without_key(found.kind, found.task))


@router.post(
    "learning/{code}/practice/{pk}",
    auth=django_auth,
    response=ResultOut,
    summary="Score an answer in the practice room; nothing is kept",
    openapi_extra=documented(401, 403, 404, 422),
)
def practise(
    request: HttpRequest, code: Code, pk: int, given: AnswerIn, consortium: Chosen = None
) -> ResultOut:
    with opened(request, code, LEARN, consortium) as (municipality, _, _person):
        found = _published(pk)
        tried = verbs.practise(municipality, found, given.answer)
        return _result(tried, tried.result.percent >= found.pass_percent)


@router.post(
    "learning/{code}/enrolments/{enrolment}/exercises/{pk}",
    auth=django_auth,
    response=ResultOut,
    summary="Answer an exercise of one's own course",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def attempt(
    request: HttpRequest, code: Code, enrolment: int, pk: int, given: AnswerIn, consortium: Chosen = None
) -> ResultOut:
    """The answer is kept, encrypted, until the cohort has ended; the score stays."""
    with opened(request, code, LEARN, consortium) as (municipality, _, person):
        place = get_object_or_404(
            queries.own_enrolments(person, municipality).exclude(state=Enrolment.State.WITHDRAWN),
            pk=enrolment,
        )
        found = get_object_or_404(queries.exercises_of(place.cohort.version_id), pk=pk)
        try:
            made = verbs.attempt(place, found, person, given.answer)
        except NotApproved:
            raise
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        return _result(verbs.shown(made), made.passed, made.pk)


@router.get(
    "learning/{code}/enrolments/{enrolment}/attempts",
    auth=django_auth,
    response=list[AttemptOut],
    summary="One's own attempts in a course",
    openapi_extra=documented(401, 403, 404, 422),
)
def list_attempts(
    request: HttpRequest, code: Code, enrolment: int, consortium: Chosen = None
) -> list[AttemptOut]:
    with opened(request, code, LEARN, consortium) as (municipality, _, person):
        place = get_object_or_404(queries.own_enrolments(person, municipality), pk=enrolment)
        found = queries.own_attempts(person, municipality).filter(enrolment=place).defer("answer")
        return [
            AttemptOut(
                id=one.pk,
                exercise=one.exercise_id,
                title=one.exercise.title,
                percent=one.percent,
                passed=one.passed,
                at=one.at,
            )
            for one in found
        ]


@router.get(
    "learning/{code}/review",
    auth=django_auth,
    response=list[ReviewOut],
    summary="What comes again today",
    openapi_extra=documented(401, 403, 404, 422),
)
def review(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[ReviewOut]:
    with opened(request, code, LEARN, consortium) as (municipality, _, person):
        found, _following = queries.reviews(person, municipality, timezone.localdate())
        return [
            ReviewOut(
                enrolment=one.enrolment.pk,
                exercise=one.exercise.pk,
                title=one.exercise.title,
                due=one.review.due,
                days=one.days,
            )
            for one in found
        ]


@router.get(
    "learning/{code}/cohorts/{pk}/item-statistics",
    auth=django_auth,
    response=list[ItemStatisticsOut],
    summary="Item statistics of a cohort one teaches",
    openapi_extra=documented(401, 403, 404, 422),
)
def item_statistics(
    request: HttpRequest, code: Code, pk: int, consortium: Chosen = None
) -> list[ItemStatisticsOut]:
    with opened(request, code, LEARN, consortium) as (municipality, _, person):
        cohort = get_object_or_404(queries.taught_by(person, municipality), pk=pk)
        return [
            ItemStatisticsOut(
                exercise=one.exercise.pk,
                item=line.item,
                number=line.number,
                difficulty=line.difficulty,
                discrimination=line.discrimination,
                words=[str(word) for word in line.words],
            )
            for one in queries.statistics_of(cohort)
            for _about, line in one.lines
        ]


@router.post(
    "learning/{code}/check-exercises",
    auth=django_auth,
    response=CheckedOut,
    summary="Check exercises as an author writes them; nothing is kept",
    openapi_extra=documented(401, 403, 404, 422),
)
def check_exercises(request: HttpRequest, code: Code, consortium: Chosen = None) -> CheckedOut:
    """The body is the file itself (machi/learning/data/exercises.md)."""
    with opened(request, code, "learning.run_courses", consortium):
        written, problems = exercises.read_file(request.body)
        return CheckedOut(
            exercises=[one.slug for one in written],
            problems=[ProblemOut(path=one.path, code=one.code, words=problem_words(one)) for one in problems],
        )


def _published(pk: int) -> Exercise:
    found = queries.to_practise(pk)
    if found is None:
        raise Http404
    return found


def _told(one: Exercise, lesson: str) -> ExerciseOut:
    return ExerciseOut(
        id=one.pk,
        slug=one.slug,
        kind=one.kind,
        title=one.title,
        lesson=lesson,
        pass_percent=one.pass_percent,
    )


def _result(tried: verbs.Tried, passed: bool, attempt: int | None = None) -> ResultOut:
    result: Result = tried.result
    return ResultOut(
        percent=result.percent,
        passed=passed,
        reasons=result_words(result),
        items=[
            ItemOut(
                id=one.id,
                about=about_words(one),
                points=round(one.points, 4),
                reasons=[reason_words(reason) for reason in one.reasons],
                why=one.why,
                read_again=one.read_again,
            )
            for one in result.items
        ],
        output=tried.answer.get("output"),
        attempt=attempt,
    )
