"""A town's answers: written by several, kept as a draft, handed in by who speaks for the town.

Two people who write at once do not undo each other's work: each save says what the page showed before (``base``), and
only what was changed since is taken over. Where both changed the same question, the first stays and the second is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.engine.canonical import canonical_json
from machi.base.models import Municipality, Person
from machi.learning.domain.questionnaire_words import told
from machi.learning.domain.surveys_record import ANSWER, HAND_IN, RUN, ensure, record
from machi.learning.engine.questionnaire import Answers, Problem, is_empty, kept, validate
from machi.learning.models import Survey, SurveyResponse

State, Purpose = SurveyResponse.State, Survey.Purpose
SHOWN = 5
"""Problems that a refusal names; the page shows all at the questions."""


class Conflict(Refused):
    """Somebody else has changed the same questions meanwhile. Everything else was kept."""

    def __init__(self, questions: list[str], kept: SurveyResponse) -> None:
        super().__init__(
            _(
                "ほかの人が同じ質問の答えを先に変えました。いま保存されている答えを確かめ、必要ならもう一度直してください。"
            )
        )
        self.questions, self.response = questions, kept


def own(survey: Survey, municipality: Municipality) -> SurveyResponse | None:
    """The town's answers, of an assessment the last round."""
    return (
        SurveyResponse.objects.filter(survey=survey, town=municipality)
        .select_related("version", "changed_by", "handed_in_by")
        .order_by("-round")
        .first()
    )


def past(survey: Survey, municipality: Municipality) -> QuerySet[SurveyResponse, Any]:
    """What the town has handed in, the newest first."""
    return (
        SurveyResponse.objects.filter(survey=survey, town=municipality, state=State.HANDED_IN)
        .select_related("version", "handed_in_by")
        .order_by("-round")
    )


def handed_in(survey: Survey) -> QuerySet[SurveyResponse, Any]:
    """For the joint office: all towns' by code."""
    return survey.responses.filter(state=State.HANDED_IN, town__isnull=False).select_related(
        "town", "town__prefecture", "version", "handed_in_by"
    )


def readable(survey: Survey, municipality: Municipality, person: Person) -> QuerySet[SurveyResponse, Any]:
    """One's own town's; handed in, for the office, and where towns show each other their answers for them."""
    found = SurveyResponse.objects.filter(survey=survey).select_related("town", "town__prefecture", "version")
    others = person.has_perm(RUN, municipality) or (survey.named and survey.purpose == Purpose.YEARLY)
    if not others:
        return found.filter(town=municipality)
    mine = person.has_perm(ANSWER, municipality)
    return found.filter(state=State.HANDED_IN, town__isnull=False) | (
        found.filter(town=municipality) if mine else found.none()
    )


def write(
    survey: Survey,
    municipality: Municipality,
    person: Person,
    answers: Answers,
    *,
    base: Answers | None = None,
) -> SurveyResponse:
    """Keeps ``answers`` as the town's draft, however little it is; a value None takes an answer away.

    ``base``: what the writer saw, question by question; questions that are in ``base`` and not in ``answers`` were
    emptied. Without it ``answers`` are set over what is there. Raises Conflict when the rest is kept; Refused where a
    value does not fit.
    """
    ensure(person, ANSWER, municipality)
    with transaction.atomic():
        response = _draft(survey, municipality, person)
        form = response.version.parsed()
        before = response.answers
        wanted, clashing = merged(before, answers, base)
        if wrong := _wrong(validate(form, wanted, complete=False), answers):
            raise Refused(" ".join(told(one, form) for one in wrong[:SHOWN]))
        if wanted != before:
            response.put(form, wanted)
            response.changed_at, response.changed_by = timezone.now(), person
            response.save()
    if clashing:
        raise Conflict(clashing, response)
    return response


def merged(before: Answers, answers: Answers, base: Answers | None) -> tuple[dict[str, Any], list[str]]:
    """What is to be kept, and the questions that two changed to different values (which stay as they are)."""
    wanted, clashing = dict(before), []
    seen = {} if base is None else base
    for name in [*answers, *(one for one in seen if one not in answers)]:
        mine = answers.get(name)
        if base is not None:
            if mine == base.get(name):
                continue  # not touched by whoever saves
            if before.get(name) != base.get(name) and before.get(name) != mine:
                clashing.append(name)
                continue
        if is_empty(mine):
            wanted.pop(name, None)
        else:
            wanted[name] = mine
    return wanted, clashing


def _wrong(problems: list[Problem], answers: Answers) -> list[Problem]:
    """Problems with what is being saved; what an earlier version left behind is for handing in to say."""
    return [one for one in problems if one.question in answers or not one.question]


@transaction.atomic
def begin_again(survey: Survey, municipality: Municipality, person: Person) -> SurveyResponse:
    """Another round of an assessment, begun with the answers of the last one."""
    ensure(person, ANSWER, municipality)
    current = _open(survey)
    last = own(current, municipality)
    if current.purpose != Purpose.ASSESSMENT or last is None or last.state != State.HANDED_IN:
        raise Refused(_("前の回を提出してから、次の回を始められます。"))
    assert current.current is not None
    form = current.current.parsed()
    again = SurveyResponse(
        consortium=current.consortium,
        survey=current,
        version=current.current,
        town=municipality,
        round=last.round + 1,
        changed_by=person,
    )
    again.put(form, _fitting(form, last.answers))
    again.save()
    record(
        current, municipality, person, "begin_round", subject=f"survey_response:{again.pk}", round=again.round
    )
    return again


@transaction.atomic
def take_last_years(survey: Survey, municipality: Municipality, person: Person) -> int:
    """Fills questions that are still empty with what the town handed in for the year before. How many."""
    ensure(person, ANSWER, municipality)
    before = last_year(survey, municipality)
    if before is None:
        raise Refused(_("前の年の回答はありません。"))
    response = _draft(survey, municipality, person)
    form = response.version.parsed()
    given = response.answers
    new = {name: value for name, value in _fitting(form, before.answers).items() if name not in given}
    response.put(form, {**given, **new})
    response.changed_at, response.changed_by = timezone.now(), person
    response.save()
    return len(new)


def last_year(survey: Survey, municipality: Municipality) -> SurveyResponse | None:
    """What the town handed in for the same series in the latest year before."""
    return (
        SurveyResponse.objects.filter(
            survey__series=survey.series,
            survey__year__lt=survey.year,
            survey__purpose=Purpose.YEARLY,
            town=municipality,
            state=State.HANDED_IN,
        )
        .order_by("-survey__year")
        .first()
    )


def _fitting(form: Any, answers: Answers) -> dict[str, Any]:
    """Those that the form's own questions still take."""
    known = {one.id: one for one in form}
    given = {name: value for name, value in answers.items() if name in known}
    broken = {one.question for one in validate(form, given, complete=False)}
    return {name: value for name, value in given.items() if name not in broken}


def missing(response: SurveyResponse) -> list[Problem]:
    """What keeps it from being handed in."""
    form = response.version.parsed()
    return validate(form, kept(form, response.answers))


@transaction.atomic
def hand_in(response: SurveyResponse, municipality: Municipality, person: Person) -> None:
    """Who speaks for the town says that this is its answer. What is not asked, given the other answers, is left out."""
    ensure(person, HAND_IN, municipality)
    current = _own(response, municipality)
    _open(current.survey)
    if current.state == State.HANDED_IN:
        raise Refused(_("もう提出されています。"))
    form = current.version.parsed()
    answers = kept(form, current.answers)
    if wrong := validate(form, answers):
        more = len(wrong) - SHOWN
        words = " ".join(told(one, form) for one in wrong[:SHOWN])
        raise Refused(words + (_(" ほか%(number)s件") % {"number": more} if more > 0 else ""))
    current.put(form, answers)
    current.state, current.handed_in_at, current.handed_in_by = State.HANDED_IN, timezone.now(), person
    current.changed_at, current.returned_because = timezone.now(), ""
    current.save()
    record(
        current.survey,
        municipality,
        person,
        "hand_in",
        subject=f"survey_response:{current.pk}",
        inputs={"answers": answers},
        version=current.version.number,
        form=hashlib.sha256(canonical_json(current.version.form)).hexdigest(),
        answered=len(answers),
        round=current.round,
    )


@transaction.atomic
def take_back(response: SurveyResponse, municipality: Municipality, person: Person, reason: str) -> None:
    """The town corrects what it handed in, while the survey is open."""
    ensure(person, HAND_IN, municipality)
    current = _own(response, municipality)
    _open(current.survey)
    _back(current, municipality, person, reason, "take_back")


@transaction.atomic
def send_back(response: SurveyResponse, municipality: Municipality, person: Person, reason: str) -> None:
    """The office asks a town to look again. It is in both towns' ledgers."""
    ensure(person, RUN, municipality)
    current = _locked(response)
    _open(current.survey)
    _back(current, municipality, person, reason, "send_back")


def _back(
    current: SurveyResponse, municipality: Municipality, person: Person, reason: str, action: str
) -> None:
    if current.state != State.HANDED_IN:
        raise Refused(_("提出された回答だけを、記入に戻せます。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.state, current.handed_in_at, current.handed_in_by = State.DRAFT, None, None
    current.returned_because, current.changed_at = reason.strip(), timezone.now()
    current.save()
    record(
        current.survey,
        municipality,
        person,
        action,
        concerned=[current.town] if current.town else [],
        subject=f"survey_response:{current.pk}",
        inputs={"reason": reason},
    )


def _draft(survey: Survey, municipality: Municipality, person: Person) -> SurveyResponse:
    """The town's draft, locked; begun where there is none."""
    current = _open(survey)
    assert current.current is not None
    if not members(current.consortium).filter(pk=municipality.pk).exists():
        raise PermissionDenied
    found = own(current, municipality)
    if found is None:
        found, created = SurveyResponse.objects.get_or_create(
            survey=current,
            town=municipality,
            round=1,
            defaults={"consortium": current.consortium, "version": current.current, "changed_by": person},
        )
        if created:
            record(current, municipality, person, "begin_answer", subject=f"survey_response:{found.pk}")
    response = _locked(found)
    if response.state == State.HANDED_IN:
        raise Refused(_("提出済みの回答は直せません。直すときは、先に記入に戻してください。"))
    return response


def _open(survey: Survey) -> Survey:
    current = Survey.objects.select_related("current", "consortium").get(pk=survey.pk)
    if not current.is_open:
        raise Refused(_("この調査は、いま回答を受け付けていません。"))
    return current


def _own(response: SurveyResponse, municipality: Municipality) -> SurveyResponse:
    current = _locked(response)
    if current.town_id != municipality.pk:
        raise PermissionDenied
    return current


def _locked(response: SurveyResponse) -> SurveyResponse:
    return (
        SurveyResponse.objects.select_for_update(of=("self",))
        .select_related("survey__consortium", "version", "town")
        .get(pk=response.pk)
    )


def counts(survey: Survey) -> Mapping[str, int]:
    """Towns asked, begun, handed in."""
    states = list(survey.responses.exclude(town=None).values_list("state", "town"))
    done = {town for state, town in states if state == State.HANDED_IN}
    return {
        "asked": members(survey.consortium).count(),
        "begun": len({town for _state, town in states} - done),
        "handed_in": len(done),
    }
