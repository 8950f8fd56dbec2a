"""Surveys of the joint office: begun, edited question by question, published in versions, closed, opened again.

What is edited is never what is being answered: ``publish`` makes a version that no longer changes. Answers given to the
version before stay; where they no longer fit, the town gets them back with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality, Person
from machi.learning.domain.questionnaire_words import told
from machi.learning.domain.surveys_record import RUN, ensure, record
from machi.learning.engine.maturity import check_scoring, parse_scoring
from machi.learning.engine.questionnaire import (
    Form,
    FormError,
    Question,
    check_form,
    dump,
    kept,
    parse,
    validate,
)
from machi.learning.models import Survey, SurveyFigures, SurveyResponse, SurveyVersion

FIELDS = ("title", "title_en", "introduction", "introduction_en", "due_on", "named")
OF_TOWNS = (Survey.Purpose.YEARLY, Survey.Purpose.ASSESSMENT)
State, Purpose = Survey.State, Survey.Purpose


def surveys() -> QuerySet[Survey, Any]:
    """Those that towns answer; questionnaires of seminars are the seminar's."""
    return Survey.objects.filter(purpose__in=OF_TOWNS).select_related("current")


def edited(survey: Survey) -> Form:
    """The form that is being edited."""
    return parse(survey.form) if survey.form else Form()


def has_changes(survey: Survey) -> bool:
    """What is edited is not what is answered."""
    return survey.current is None or survey.form != survey.current.form


@transaction.atomic
def begin(
    consortium: Consortium,
    municipality: Municipality,
    person: Person,
    *,
    purpose: str,
    series: str,
    year: int,
    form: Form | None = None,
    scoring: Mapping[str, Any] | None = None,
    **given: Any,
) -> Survey:
    """A new survey that nobody sees but the office. ``given``: any of ``FIELDS``."""
    ensure(person, RUN, municipality)
    if Survey.objects.filter(series=series, year=year).exists():
        raise Refused(_("この記号と年度の調査はもうあります。"), "series")
    survey = Survey.objects.create(
        consortium=consortium,
        purpose=purpose,
        series=series,
        year=year,
        form=dump(form or Form()),
        scoring=dict(scoring or {}),
        **given,
    )
    record(survey, municipality, person, "begin", purpose=purpose, series=series)
    return survey


def again(survey: Survey, municipality: Municipality, person: Person, *, year: int) -> Survey:
    """The same questions for another year, to be edited."""
    given = {name: getattr(survey, name) for name in FIELDS if name != "due_on"}
    return begin(
        survey.consortium,
        municipality,
        person,
        purpose=survey.purpose,
        series=survey.series,
        year=year,
        form=edited(survey),
        scoring=survey.scoring,
        **given,
    )


@transaction.atomic
def change(survey: Survey, municipality: Municipality, person: Person, given: Mapping[str, Any]) -> None:
    """Title, introduction and due date; the questions have verbs of their own. Whether towns see each other's answers
    is settled before the first of them answers."""
    current = _held(survey, municipality, person)
    if current.state != State.DRAFT and current.named != given["named"]:
        raise Refused(_("公開した後は、答えを見せ合うかどうかを変えられません。"), "named")
    for name in FIELDS:
        setattr(current, name, given[name])
    current.save(update_fields=FIELDS)
    due = current.due_on.isoformat() if current.due_on else ""
    record(current, municipality, person, "change", due_on=due)


# Questions


@transaction.atomic
def put_question(
    survey: Survey,
    municipality: Municipality,
    person: Person,
    question: Question,
    *,
    instead: str = "",
    after: str = "",
) -> None:
    """Adds ``question`` (at the end, or after another), or sets it ``instead`` of one. Conditions that would break are
    refused."""
    current = _held(survey, municipality, person)
    questions = list(edited(current))
    if instead:
        questions = [
            _renamed(question if one.id == instead else one, instead, question.id) for one in questions
        ]
    else:
        at = next((at for at, one in enumerate(questions, 1) if one.id == after), len(questions))
        questions.insert(at, question)
    _keep(current, questions)


@transaction.atomic
def remove_question(survey: Survey, municipality: Municipality, person: Person, name: str) -> None:
    current = _held(survey, municipality, person)
    _keep(current, [one for one in edited(current) if one.id != name])


@transaction.atomic
def move_question(survey: Survey, municipality: Municipality, person: Person, name: str, *, up: bool) -> None:
    """One place up or down; at the end it stays."""
    current = _held(survey, municipality, person)
    questions = list(edited(current))
    at = next((at for at, one in enumerate(questions) if one.id == name), None)
    if at is None:
        raise Refused(_("この質問はもうありません。"))
    to = at - 1 if up else at + 1
    if 0 <= to < len(questions):
        questions[at], questions[to] = questions[to], questions[at]
        _keep(current, questions)


@transaction.atomic
def put_form(survey: Survey, municipality: Municipality, person: Person, form: Form) -> None:
    """All questions at once, from a file or another program."""
    _keep(_held(survey, municipality, person), list(form))


def _renamed(question: Question, before: str, after: str) -> Question:
    """Conditions on a question whose sign has changed go on with it."""
    when = tuple(replace(one, question=after) if one.question == before else one for one in question.when)
    return replace(question, when=when)


def _keep(survey: Survey, questions: list[Question]) -> None:
    form = Form(tuple(questions))
    if wrong := check_form(form):
        raise Refused(" ".join(told(one, form) for one in wrong))
    survey.form = dump(form)
    survey.save(update_fields=["form"])


# Publishing


@transaction.atomic
def publish(survey: Survey, municipality: Municipality, person: Person, changes: str = "") -> SurveyVersion:
    """Makes what is edited what is asked, and opens a survey that was being prepared."""
    current = _held(survey, municipality, person)
    if current.state == State.CLOSED:
        raise Refused(_("締め切った調査には、新しい版を公開できません。先にもう一度開けてください。"))
    form = _publishable(current)
    if not has_changes(current):
        raise Refused(_("前の版から変わっていません。"))
    number = (current.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > 1 and not changes.strip():
        raise Refused(_("前の版から変えたことを書いてください。"), "changes")
    version = SurveyVersion.objects.create(
        consortium=current.consortium,
        survey=current,
        number=number,
        form=current.form,
        changes=changes.strip(),
        published_by=person,
    )
    current.current = version
    if current.state == State.DRAFT:
        current.state, current.opened_at = State.OPEN, timezone.now()
    current.save(update_fields=["current", "state", "opened_at"])
    returned = _carry_over(current, version, form)
    record(
        current,
        municipality,
        person,
        "publish",
        inputs={"form": current.form},
        version=number,
        questions=len(form),
        returned=returned,
    )
    return version


def _publishable(survey: Survey) -> Form:
    try:
        form = edited(survey)
    except FormError as wrong:
        raise Refused(" ".join(told(one) for one in wrong.problems)) from None
    if not len(form):
        raise Refused(_("質問が1つもありません。質問を加えてから公開してください。"))
    if survey.purpose == Purpose.ASSESSMENT:
        wrong_scores = check_scoring(form, parse_scoring(survey.scoring))
        if wrong_scores:
            raise Refused(
                _("点の付け方が質問と合っていません: %(places)s") % {"places": "、".join(wrong_scores)}
            )
    return form


def _carry_over(survey: Survey, version: SurveyVersion, form: Form) -> int:
    """Answers go on to the new version; what was handed in and no longer fits goes back to its town. How many did.

    Past rounds of an assessment stay with the version that they were given to: they are history."""
    moved, returned = [], 0
    for one in survey.responses.select_for_update().exclude(version=version):
        if one.state == SurveyResponse.State.HANDED_IN:
            if survey.purpose != Purpose.YEARLY:
                continue
            if validate(form, kept(form, one.answers)):
                one.state, one.handed_in_at, one.handed_in_by = SurveyResponse.State.DRAFT, None, None
                one.returned_because = _(
                    "質問票が第%(number)s版に変わりました。答えを確かめて、もう一度提出してください。"
                ) % {"number": version.number}
                returned += 1
        one.version = version
        moved.append(one)
    SurveyResponse.objects.bulk_update(
        moved,
        ["version", "state", "handed_in_at", "handed_in_by", "returned_because"],
        batch_size=200,
    )
    return returned


@transaction.atomic
def close(survey: Survey, municipality: Municipality, person: Person) -> None:
    """No more answers; drafts stay, uncounted."""
    current = _held(survey, municipality, person)
    if current.state != State.OPEN:
        raise Refused(_("回答を受け付けている調査だけを締め切れます。"))
    current.state, current.closed_at = State.CLOSED, timezone.now()
    current.save(update_fields=["state", "closed_at"])
    answered = current.responses.filter(state=SurveyResponse.State.HANDED_IN).count()
    record(current, municipality, person, "close", answered=answered)


@transaction.atomic
def reopen(
    survey: Survey, municipality: Municipality, person: Person, *, due_on: date | None, reason: str
) -> None:
    current = _held(survey, municipality, person)
    if current.state != State.CLOSED:
        raise Refused(_("締め切った調査だけを、もう一度開けます。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.state, current.closed_at, current.due_on = State.OPEN, None, due_on
    current.save(update_fields=["state", "closed_at", "due_on"])
    SurveyFigures.objects.filter(survey=current).update(final=False)
    record(
        current,
        municipality,
        person,
        "reopen",
        inputs={"reason": reason},
        due_on=due_on.isoformat() if due_on else "",
    )


def _held(survey: Survey, municipality: Municipality, person: Person) -> Survey:
    ensure(person, RUN, municipality)
    return (
        Survey.objects.select_for_update(of=("self",))
        .select_related("current", "consortium")
        .get(pk=survey.pk)
    )
