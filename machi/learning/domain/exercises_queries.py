"""What is read of exercises: a learner's attempts, what comes again today, what may be practised, item statistics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from machi.base.models import Municipality, Person
from machi.learning.engine import exercises
from machi.learning.engine.item_statistics import ItemStatistics, item_statistics
from machi.learning.engine.review_schedule import STEPS, Review, due, next_review
from machi.learning.models import Attempt, Cohort, CourseVersion, Enrolment, Exercise, Lesson


def own_enrolments(person: Person, municipality: Municipality) -> QuerySet[Enrolment]:
    """A person's places for that town, in the consortium whose scope is open."""
    return Enrolment.objects.filter(person=person, municipality=municipality).select_related(
        "cohort__version__course", "municipality", "person"
    )


def exercises_of(version_id: int) -> QuerySet[Exercise]:
    return Exercise.objects.filter(lesson__module__version_id=version_id).select_related("lesson__module")


def own_attempts(person: Person, municipality: Municipality) -> QuerySet[Attempt]:
    """The latest first."""
    return (
        Attempt.objects.filter(enrolment__person=person, enrolment__municipality=municipality)
        .select_related("exercise__lesson", "enrolment__cohort", "enrolment__municipality")
        .order_by("-at", "-pk")
    )


def lessons_to_practise() -> QuerySet[Lesson]:
    """Lessons of published courses that have exercises, with them."""
    return (
        Lesson.objects.filter(module__version__state=CourseVersion.State.PUBLISHED, exercises__isnull=False)
        .distinct()
        .select_related("module__version__course")
        .prefetch_related(Prefetch("exercises", Exercise.objects.order_by("order")))
        .order_by("module__version__course__title", "module__version__number", "module__order", "order")
    )


def to_practise(pk: int) -> Exercise | None:
    """An exercise of a published course; drafts are nobody's to see here."""
    return (
        Exercise.objects.filter(pk=pk, lesson__module__version__state=CourseVersion.State.PUBLISHED)
        .select_related("lesson__module__version")
        .first()
    )


@dataclass(frozen=True, slots=True)
class DueReview:
    enrolment: Enrolment
    exercise: Exercise
    review: Review

    @property
    def days(self) -> int:
        """After how many days it comes again."""
        return STEPS[self.review.step]


def reviews(person: Person, municipality: Municipality, today: date) -> tuple[list[DueReview], date | None]:
    """What comes again today, the longest due first; and the next day on which something does."""
    places = {
        one.pk: one for one in own_enrolments(person, municipality).exclude(state=Enrolment.State.WITHDRAWN)
    }
    made: dict[tuple[int, int], list[tuple[date, bool]]] = defaultdict(list)
    attempts = Attempt.objects.filter(enrolment__in=places).order_by("at", "pk")
    for enrolment, exercise, at, passed in attempts.values_list(
        "enrolment_id", "exercise_id", "at", "passed"
    ):
        made[enrolment, exercise].append((timezone.localdate(at), passed))
    now = {pair: review for pair, days in made.items() if (review := due(days, today))}
    ahead = [review.due for days in made.values() if (review := next_review(days)) and review.due > today]
    by_pk = Exercise.objects.select_related("lesson").in_bulk({exercise for _place, exercise in now})
    found = [DueReview(places[place], by_pk[exercise], review) for (place, exercise), review in now.items()]
    return sorted(found, key=lambda one: (one.review.due, one.exercise.pk)), min(ahead, default=None)


def taught_by(person: Person, municipality: Municipality) -> QuerySet[Cohort]:
    """Cohorts whose statistics the person may see: all for the joint office, else those one instructs."""
    cohorts = Cohort.objects.select_related("version__course")
    if not person.has_perm("learning.run_courses", municipality):
        cohorts = cohorts.filter(instructors=person)
    return cohorts


@dataclass(frozen=True, slots=True)
class ExerciseStatistics:
    exercise: Exercise
    learners: int
    lines: Sequence[tuple[str, ItemStatistics]]
    """What the item asks, as its code or text; its figures."""


def statistics_of(cohort: Cohort) -> list[ExerciseStatistics]:
    """Of each exercise of the cohort's course, from each learner's first attempt: later ones know the key."""
    firsts: dict[int, dict[int, dict[str, float]]] = defaultdict(dict)
    attempts = Attempt.objects.filter(enrolment__cohort=cohort).order_by("at", "pk")
    for enrolment, number, points in attempts.values_list("enrolment_id", "exercise_id", "items"):
        firsts[number].setdefault(enrolment, points)
    found = []
    for exercise in exercises_of(cohort.version_id).order_by(
        "lesson__module__order", "lesson__order", "order"
    ):
        items = exercises.items_of(exercise.kind, exercise.task)
        answers = list(firsts[exercise.pk].values())
        figures = item_statistics(answers, [item.id for item in items])
        lines = [(item.about, line) for item, line in zip(items, figures, strict=True)]
        found.append(ExerciseStatistics(exercise, len(answers), lines))
    return found


def over(today: date) -> Q:
    """Of attempts: the cohort has ended."""
    return Q(enrolment__cohort__state=Cohort.State.ENDED) | Q(enrolment__cohort__ends_on__lt=today)
