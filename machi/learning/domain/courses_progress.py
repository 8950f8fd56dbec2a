"""How far learners are: a person's lessons, each learner of a cohort, each town, all together.

For a whole cohort the figures are made by a fixed number of queries, however many learn in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from machi.base.models import Municipality
from machi.learning.domain.courses import lessons_of
from machi.learning.engine.pace import Standing, Work, standing
from machi.learning.models import Attempt, Cohort, Enrolment, Exercise, Lesson, LessonProgress

State = Enrolment.State


@dataclass(frozen=True, slots=True)
class LessonState:
    """One lesson for one learner. ``exercises``: each with whether it is passed (best attempt) and its best percent."""

    lesson: Lesson
    opened: bool
    finished: bool
    exercises: tuple[tuple[Exercise, bool, int | None], ...]

    @property
    def done(self) -> bool:
        return self.finished and all(passed for one, passed, _best in self.exercises if one.required)


@dataclass(frozen=True, slots=True)
class Learner:
    enrolment: Enrolment
    work: Work
    standing: Standing


@dataclass(frozen=True, slots=True)
class Group:
    """Figures of the learners of a town, or of all. ``share``: mean, 0 to 1."""

    town: Municipality | None
    learners: int
    completed: int
    behind: int
    """Learners with a reason to be asked how they are."""
    share: float


def lesson_states(enrolment: Enrolment) -> list[LessonState]:
    """All lessons of the version in order (four queries)."""
    version = enrolment.cohort.version
    progress = {one.lesson_id: one for one in enrolment.progress.all()}
    best = {
        row["exercise"]: (row["passed"] > 0, row["best"])
        for row in enrolment.attempts.values("exercise").annotate(
            best=Max("percent"), passed=Count("pk", filter=Q(passed=True))
        )
    }
    exercises: dict[int, list[Exercise]] = {}
    for one in Exercise.objects.filter(lesson__module__version=version).order_by("order").defer("task"):
        exercises.setdefault(one.lesson_id, []).append(one)
    found = []
    for lesson in lessons_of(version):
        own = progress.get(lesson.pk)
        states = tuple((one, *best.get(one.pk, (False, None))) for one in exercises.get(lesson.pk, []))
        found.append(LessonState(lesson, own is not None, bool(own and own.finished_at), states))
    return found


def taking_part(cohort: Cohort) -> QuerySet[Enrolment]:
    """Who has not left, by town and name."""
    return (
        cohort.enrolments.exclude(state=State.WITHDRAWN)
        .select_related("person", "municipality__prefecture", "certificate")
        .order_by("municipality__code", "person__name", "pk")
    )


_FEW = 200


def works_of(enrolments: Sequence[Enrolment]) -> dict[int, Work]:
    """What each has done, by number of the enrolment (four queries, of however many cohorts)."""
    versions = {one.cohort.version_id for one in enrolments}
    few = len(enrolments) <= _FEW
    inside = (
        Q(enrolment__in=[one.pk for one in enrolments])
        if few
        else Q(enrolment__cohort__in={one.cohort_id for one in enrolments})
    )
    lessons = _counted(Lesson.objects.filter(module__version__in=versions), "module__version")
    needed = Exercise.objects.filter(lesson__module__version__in=versions, required=True)
    required = _counted(needed, "lesson__module__version")
    read = {
        row["enrolment"]: row
        for row in LessonProgress.objects.filter(inside)
        .values("enrolment")
        .annotate(
            done=Count("finished_at"),
            last=Max(Greatest("opened_at", Coalesce("finished_at", F("opened_at")))),
        )
        .order_by()
    }
    passed = Q(passed=True, exercise__required=True)
    answered = {
        row["enrolment"]: row
        for row in Attempt.objects.filter(inside)
        .values("enrolment")
        .annotate(passed_of=Count("exercise", filter=passed, distinct=True), last=Max("at"))
        .order_by()
    }
    found = {}
    for one in enrolments:
        own: dict[str, Any] = read.get(one.pk, {})
        tried: dict[str, Any] = answered.get(one.pk, {})
        times: list[datetime] = [row["last"] for row in (own, tried) if row]
        last = timezone.localdate(max(times)) if times else None
        version = one.cohort.version_id
        found[one.pk] = Work(
            lessons.get(version, 0),
            own.get("done", 0),
            required.get(version, 0),
            tried.get("passed_of", 0),
            last,
        )
    return found


def _counted(rows: QuerySet[Any, Any], by: str) -> dict[int, int]:
    return {row[by]: row["count"] for row in rows.values(by).annotate(count=Count("pk")).order_by()}


def learners(cohort: Cohort, enrolments: Sequence[Enrolment], today: date) -> list[Learner]:
    """Each with how they stand today, in the order given."""
    works = works_of(enrolments)
    return [
        Learner(one, works[one.pk], standing(works[one.pk], cohort.starts_on, cohort.ends_on, today))
        for one in enrolments
    ]


def groups(found: Sequence[Learner]) -> tuple[Group, list[Group]]:
    """All together, and each town by code."""
    towns: dict[str, list[Learner]] = {}
    for one in found:
        towns.setdefault(one.enrolment.municipality_id, []).append(one)
    by_town = [_group(own[0].enrolment.municipality, own) for _code, own in sorted(towns.items())]
    return _group(None, found), by_town


def _group(town: Municipality | None, found: Sequence[Learner]) -> Group:
    return Group(
        town,
        len(found),
        sum(one.enrolment.state == State.COMPLETED for one in found),
        sum(bool(one.standing.reasons) for one in found),
        sum(one.standing.share for one in found) / len(found) if found else 0.0,
    )
