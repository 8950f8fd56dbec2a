"""Results of a survey: counted by classes of towns of like size, live for those who may see each town's answer.

Who may not (towns, unless they have agreed to show each other their answers) sees counts with small ones hidden, and
only as they were when the last ``BATCH`` towns had answered: two counts that differ by one town's answer would tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from machi.base.domain.towns import members
from machi.base.models import Municipality, Person
from machi.joint.domain.partners_atlas import populations
from machi.learning.domain.surveys_record import RUN
from machi.learning.engine.figures import Figures, figures
from machi.learning.engine.maturity import TOP, parse_scoring, score
from machi.learning.engine.questionnaire import Answers, Form, Kind, Option, Question
from machi.learning.engine.size_classes import SizeClass, size_classes
from machi.learning.engine.small_counts import SMALLEST
from machi.learning.models import Survey, SurveyFigures, SurveyResponse

BATCH = SMALLEST


@dataclass(frozen=True, slots=True)
class Results:
    """``figures``: see ``engine.figures``; ``own``: the class of the town that looks, an index."""

    form: Form
    figures: Figures
    classes: tuple[SizeClass, ...]
    own: int
    at: datetime
    hidden: bool

    @property
    def counted(self) -> int:
        return int(self.figures["counted"][-1])

    @property
    def like(self) -> SizeClass:
        return self.classes[self.own]

    @property
    def like_counted(self) -> int:
        return int(self.figures["counted"][self.own])


def sees_towns(survey: Survey, municipality: Municipality, person: Person) -> bool:
    """Every single town's answer: the office; towns where it was said before anybody answered. Self-assessments are
    never shown to other towns."""
    return person.has_perm(RUN, municipality) or (survey.named and survey.purpose == Survey.Purpose.YEARLY)


def results(survey: Survey, municipality: Municipality, person: Person, *, only: str = "") -> Results | None:
    """None while too few have answered, or nothing is published. ``only`` one question, where they are counted live."""
    if survey.current is None:
        return None
    form = counted_form(survey)
    classes = classes_of(survey)
    own = next((at for at, one in enumerate(classes) if municipality.code in one.towns), 0)
    if sees_towns(survey, municipality, person):
        asked = Form(tuple(one for one in form if one.id == only)) if only else form
        found = _count(asked, latest_answers(survey), classes, hidden=False)
        return Results(form, found, classes, own, timezone.now(), False) if found["counted"][-1] else None
    kept = _kept(survey, form, classes)
    return Results(_still(form, kept.figures), kept.figures, classes, own, kept.at, True) if kept else None


def _still(form: Form, kept: Figures) -> Form:
    """The questions that were counted in the same way when the figures were made: a version may have come since."""

    def same(question: Question) -> bool:
        counted = kept["questions"].get(question.id, {})
        rows = {one.id for one in question.rows}
        return counted.get("kind") == question.kind.value and rows <= set(counted.get("rows", ()))

    return Form(tuple(one for one in form if same(one)))


def classes_of(survey: Survey) -> tuple[SizeClass, ...]:
    """Of all the consortium's towns, so that the classes stay as they are while answers come in."""
    known = populations()
    codes = members(survey.consortium).values_list("code", flat=True)
    return size_classes({code: known.get(code, 0) for code in codes})


def counted_form(survey: Survey) -> Form:
    """The questions that are counted; of an assessment, its dimensions, each answered with a level."""
    assert survey.current is not None
    if survey.purpose != Survey.Purpose.ASSESSMENT:
        return survey.current.parsed()
    levels = tuple(Option(f"l{level}", {"ja": str(level)}) for level in range(TOP + 1))
    return Form(
        tuple(
            Question(one.id, Kind.SINGLE, one.words, options=levels)
            for one in parse_scoring(survey.scoring).dimensions
        )
    )


def latest_answers(survey: Survey) -> dict[str, Mapping[str, Any]]:
    """Town -> what is counted of its last answer handed in; free text is not read."""
    counted = _levels(survey) if survey.purpose == Survey.Purpose.ASSESSMENT else dict
    rows = _latest(survey).values_list("town", "choices")
    last = dict(rows)  # by round: a later one takes the place of an earlier
    return {town: counted(choices) for town, choices in last.items()}


def _latest(survey: Survey) -> QuerySet[SurveyResponse, Any]:
    handed_in = SurveyResponse.objects.filter(
        survey=survey, state=SurveyResponse.State.HANDED_IN, town__isnull=False
    )
    return handed_in.order_by("round")


def _marks(survey: Survey) -> dict[str, str]:
    """Town -> a mark that changes whenever its answer does."""
    rows = _latest(survey).values_list("town", "pk", "handed_in_at")
    return {town: f"{pk}:{at.isoformat() if at else ''}" for town, pk, at in rows}


def _levels(survey: Survey) -> Callable[[Answers], dict[str, Any]]:
    """Of an assessment the levels are counted, not the statements they come from."""
    assert survey.current is not None
    form, scoring = survey.current.parsed(), parse_scoring(survey.scoring)

    def levels(answers: Answers) -> dict[str, Any]:
        scores = score(form, scoring, answers)
        return {one.dimension.id: f"l{one.level}" for one in scores if one.level is not None}

    return levels


def _count(
    form: Form, answers: Mapping[str, Answers], classes: Sequence[SizeClass], *, hidden: bool
) -> Figures:
    where = {code: at for at, one in enumerate(classes) for code in one.towns}
    given = [(where[town], one) for town, one in answers.items() if town in where]
    return figures(form, given, len(classes), hidden=hidden)


@transaction.atomic
def _kept(survey: Survey, form: Form, classes: Sequence[SizeClass]) -> SurveyFigures | None:
    """What towns are shown: counted anew when ``BATCH`` towns' answers are new, and once when the survey is closed."""
    kept = SurveyFigures.objects.filter(survey=survey).first()
    closed = survey.state == Survey.State.CLOSED
    if kept is not None and closed and kept.final:
        return kept
    marks = _marks(survey)
    if len(marks) < SMALLEST:
        return None
    if kept is not None and not closed:
        before = kept.figures["of"]
        changed = {town for town in {*before, *marks} if before.get(town) != marks.get(town)}
        if len(changed) < BATCH:
            return kept
    found = _count(form, latest_answers(survey), classes, hidden=True)
    made, _created = SurveyFigures.objects.update_or_create(
        survey=survey,
        defaults={
            "consortium": survey.consortium,
            "counted": found["counted"][-1],
            "figures": {**found, "of": marks},
            "final": closed,
            "at": timezone.now(),
        },
    )
    return made


def earlier(survey: Survey) -> list[Survey]:
    """The same survey in this and earlier years, oldest first."""
    return list(
        Survey.objects.filter(
            series=survey.series, year__lte=survey.year, purpose=survey.purpose, current__isnull=False
        )
        .select_related("current", "consortium")
        .order_by("year")
    )
