"""The questionnaire of a seminar: a survey (``surveys``, ``surveys_unnamed``), answered once per registration.

The link in the letter is the registration's own; the answer is kept under another secret (``seminars_links``), so that
it has no name and cannot be given one from the database.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.learning.domain import seminars_mail as mail
from machi.learning.domain import surveys, surveys_unnamed
from machi.learning.domain.seminars import State
from machi.learning.domain.seminars_form import QUESTIONNAIRE
from machi.learning.domain.seminars_links import questionnaire_secret
from machi.learning.domain.seminars_record import record_seminar
from machi.learning.domain.seminars_seats import locked
from machi.learning.engine.questionnaire import Answers, Question, parse
from machi.learning.models import Seminar, SeminarRegistration, Survey, SurveyResponse

R = SeminarRegistration.State


@transaction.atomic
def draft(seminar: Seminar, person: Person) -> Survey:
    """The survey of the seminar; made with the house's questions where there is none yet."""
    current = locked(seminar)
    if current.survey is None:
        current.survey = surveys.begin(
            current.consortium,
            current.municipality,
            person,
            purpose=Survey.Purpose.SEMINAR,
            series=f"seminar-{current.pk}",
            year=timezone.localtime(current.starts_at).year,
            form=parse(QUESTIONNAIRE),
            title=_("「%(title)s」のアンケート") % {"title": current.title[:100]},
        )
        current.save(update_fields=["survey"])
    seminar.survey = current.survey
    return current.survey


@transaction.atomic
def add_question(seminar: Seminar, person: Person, question: Question) -> None:
    """At the end of those that are there; Refused once the questionnaire has begun."""
    survey = _unsent(draft(seminar, person))
    surveys.put_question(survey, seminar.municipality, person, question)


@transaction.atomic
def remove_question(seminar: Seminar, person: Person, name: str) -> None:
    survey = _unsent(draft(seminar, person))
    surveys.remove_question(survey, seminar.municipality, person, name)


@transaction.atomic
def ask(seminar: Seminar, person: Person) -> int:
    """Opens the questionnaire and writes to everybody who came (where attendance was not taken, to everybody who had a
    seat) and was not yet asked; how many letters."""
    current = locked(seminar)
    if current.state not in (State.HELD, State.REPORTED):
        raise Refused(_("アンケートは、開催したあとに始められます。"))
    survey = draft(current, person)
    if survey.state == Survey.State.CLOSED:
        raise Refused(_("アンケートは締め切りました。"))
    if survey.state == Survey.State.DRAFT:
        surveys.publish(survey, current.municipality, person)
    letters = mail.queue(asked(current), "asked")
    record_seminar(current, person, "ask", letters=letters)
    return letters


@transaction.atomic
def close(seminar: Seminar, person: Person) -> None:
    current = locked(seminar)
    if current.survey is None or not current.survey.is_open:
        raise Refused(_("受け付けているアンケートはありません。"))
    surveys.close(current.survey, current.municipality, person)
    record_seminar(current, person, "close_questionnaire", answers=answers_of(current).count())


def asked(seminar: Seminar) -> QuerySet[SeminarRegistration, Any]:
    seated = seminar.registrations.filter(state=R.CONFIRMED, erased_at=None).select_related("seminar")
    came = seated.filter(attended_at__isnull=False)
    return came if came.exists() else seated


def may_answer(registration: SeminarRegistration) -> bool:
    """The questionnaire is open, the person was asked, and has not answered yet."""
    survey = registration.seminar.survey
    return (
        survey is not None
        and survey.is_open
        and asked(registration.seminar).filter(pk=registration.pk).exists()
        and not surveys_unnamed.has_answered(survey, questionnaire_secret(registration))
    )


def answer(registration: SeminarRegistration, answers: Answers) -> None:
    """Once; Refused where ``may_answer`` says no, or answers do not fit."""
    survey = registration.seminar.survey
    if survey is None or not asked(registration.seminar).filter(pk=registration.pk).exists():
        raise Refused(_("このアンケートは、参加した人に答えてもらうものです。"))
    surveys_unnamed.answer(survey, questionnaire_secret(registration), answers)


def answers_of(seminar: Seminar) -> QuerySet[SurveyResponse, Any]:
    return SurveyResponse.objects.filter(
        survey__seminar=seminar, state=SurveyResponse.State.HANDED_IN
    ).select_related("version")


def _unsent(survey: Survey) -> Survey:
    if survey.state != Survey.State.DRAFT:
        raise Refused(_("アンケートはもう始まっているので、質問は変えられません。"))
    return survey
