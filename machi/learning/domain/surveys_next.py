"""What a self-assessment leads to: lessons, cases and experts' skills that go with the next step of a dimension.

Lessons and cases are of other subjects of the room; a step names them by slug and field, and what is not there (a
course not published, no case in that field) is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from machi.joint.domain.experts_words import SKILLS
from machi.joint.engine.matching_fit import Skill
from machi.learning.engine.maturity import Score
from machi.learning.models import CourseVersion, Lesson


@dataclass(frozen=True, slots=True)
class Leads:
    """``lessons`` that are taught; ``skills`` in words."""

    lessons: tuple[Lesson, ...]
    cases: tuple[str, ...]
    skills: tuple[str, ...]


def leads(scores: Iterable[Score]) -> Mapping[str, Leads]:
    """Dimension -> what its next step leads to (one query)."""
    steps = {one.dimension.id: one.next for one in scores if one.next is not None}
    wanted = {slug for step in steps.values() for slug in step.lessons}
    known = {
        lesson.slug: lesson
        for lesson in Lesson.objects.filter(
            slug__in=wanted, module__version__state=CourseVersion.State.PUBLISHED
        ).select_related("module__version__course")
    }
    return {
        name: Leads(
            tuple(known[slug] for slug in step.lessons if slug in known),
            step.cases,
            tuple(str(SKILLS[Skill(one)]) for one in step.skills),
        )
        for name, step in steps.items()
    }
