"""What a learner reads of their own plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from machi.base.models import Person
from machi.base.rooms import ai_system
from machi.learning.domain.follow_up import MOST_PLANS
from machi.learning.domain.follow_up_access import may_plan
from machi.learning.engine.check_in import Due, State, schedule
from machi.learning.models import CheckIn, Enrolment, PracticePlan


@dataclass(frozen=True, slots=True)
class Step:
    """A check-in that will be, is, or was asked for; with what was told, if it was."""

    due: Due
    told: CheckIn | None


@dataclass(frozen=True, slots=True)
class Followed:
    """A plan with its two check-ins. ``system``: words for the AI system, empty: none."""

    plan: PracticePlan
    system: str
    steps: tuple[Step, ...]

    @property
    def open(self) -> Due | None:
        return next((one.due for one in self.steps if one.due.state == State.OPEN), None)

    @property
    def changeable(self) -> bool:
        return all(one.told is None for one in self.steps)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """For a course's page: ``asked`` when the course is behind the learner."""

    asked: bool
    plans: tuple[Followed, ...]

    @property
    def room(self) -> bool:
        return self.asked and len(self.plans) < MOST_PLANS


def follow_up_of(enrolment: Enrolment, today: date) -> FollowUp:
    """Of a learner's own place, two queries however many plans."""
    own = enrolment.plans.filter(erased_at=None).prefetch_related("check_ins").order_by("made_on", "pk")
    return FollowUp(may_plan(enrolment, today), tuple(followed(one, today) for one in own))


def followed(plan: PracticePlan, today: date) -> Followed:
    """``check_ins`` are to be prefetched."""
    told = {one.days: one for one in plan.check_ins.all()}
    steps = tuple(Step(one, told.get(one.days)) for one in schedule(plan.made_on, today, told.keys()))
    return Followed(plan, system_words(plan.system), steps)


def own_plans(person: Person) -> QuerySet[PracticePlan, Any]:
    return (
        PracticePlan.objects.filter(enrolment__person=person, erased_at=None)
        .select_related("enrolment__cohort__version__course", "enrolment__municipality", "consortium")
        .prefetch_related("check_ins")
        .order_by("-made_on", "-pk")
    )


def system_words(key: str) -> str:
    """Title of a declared system; a key that is declared no more stands for itself."""
    if not key:
        return ""
    try:
        return str(ai_system(key).title)
    except KeyError:
        return key
