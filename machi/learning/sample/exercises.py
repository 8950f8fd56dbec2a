"""Exercises: a book of them for the sample consortium, with a cohort that works on it."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from django.utils import timezone

from machi.base.models import Consortium, Municipality, Person, Role
from machi.learning.engine import exercises
from machi.learning.engine.exercises import Written
from machi.learning.models import (
    Attempt,
    Cohort,
    Course,
    CourseVersion,
    Enrolment,
    Exercise,
    Lesson,
    Module,
)

BOOK = "exercise-book"
LESSONS: Mapping[str, str] = {
    "mask": "個人情報を隠す",
    "ground": "出典と見比べる",
    "instruct": "指示文を書く",
    "summarise": "要約を書く",
    "data": "データを読む",
    "quiz": "基本を確かめる",
}
_WITHOUT_MODEL = ("ground", "data", "quiz")
"""Kinds that are scored without loading the language model of names: making the sample stays quick."""
ROLES = (Role.CLERK, Role.MANAGER, Role.AI_OFFICER)


def load(consortium: Consortium) -> None:
    """Safe to call again: what people have changed since stays."""
    if Course.objects.filter(slug=BOOK).exists():
        return
    version = book(consortium)
    today = timezone.localdate()
    cohort = Cohort.objects.create(
        consortium=consortium,
        version=version,
        title="AI練習帳 第1回",
        state=Cohort.State.RUNNING,
        starts_on=today - timedelta(days=40),
        ends_on=today + timedelta(days=50),
    )
    cohort.instructors.set(Person.objects.filter(appointments__consortium=consortium))
    people = Person.objects.filter(
        appointments__municipality__memberships__consortium=consortium, appointments__role__in=ROLES
    )
    for person in people.distinct().order_by("pk"):
        Enrolment.objects.create(
            consortium=consortium,
            cohort=cohort,
            municipality=Municipality.objects.filter(appointments__person=person)[0],
            person=person,
        )
    _answer(cohort, random.Random(1))  # noqa: S311


def book(consortium: Consortium) -> CourseVersion:
    """A published course of nothing but exercises, two of each kind."""
    course = Course.objects.create(
        consortium=consortium,
        slug=BOOK,
        title="AI練習帳",
        summary="読むより、手を動かして覚えるための演習だけを集めました。",
    )
    version = CourseVersion.objects.create(
        consortium=consortium,
        course=course,
        number=1,
        state=CourseVersion.State.PUBLISHED,
        published_at=timezone.now(),
    )
    module = Module.objects.create(consortium=consortium, version=version, order=1, title="演習")
    listed = written()
    for order, (kind, title) in enumerate(LESSONS.items(), start=1):
        lesson = Lesson.objects.create(
            consortium=consortium,
            module=module,
            order=order,
            slug=kind,
            title=title,
            goals=[f"{title}ことができる。"],
            text="下の演習に挑戦してください。間違えても、理由を読んで何度でもやり直せます。",
        )
        for number, one in enumerate((one for one in listed if one.kind == kind), start=1):
            Exercise.objects.create(
                consortium=consortium,
                lesson=lesson,
                order=number,
                slug=one.slug,
                kind=one.kind,
                title=one.title,
                task=one.task,
                pass_percent=one.pass_percent,
                required=one.required,
            )
    return version


def written() -> list[Written]:
    """The exercises of the shipped file, as it stands: a test checks it."""
    data = json.loads(files("machi.learning.sample").joinpath("data/exercises.json").read_text("utf-8"))
    return [
        Written(
            one["slug"],
            one["kind"],
            one["title"],
            one["task"],
            one.get("pass_percent", exercises.PASS_PERCENT),
            one.get("required", True),
        )
        for one in data["exercises"]
    ]


def _answer(cohort: Cohort, chance: random.Random) -> None:
    """Real answers, scored; some right, some not. Days ago, so without entries of the ledger, which are made now."""
    found = list(Exercise.objects.filter(lesson__module__version=cohort.version, kind__in=_WITHOUT_MODEL))
    now = timezone.now()
    for enrolment in cohort.enrolments.order_by("pk"):
        skill = chance.uniform(0.5, 0.95)
        for one in found:
            given = _weakened(exercises.key(one.kind, one.task), skill, chance)
            result = exercises.score(one.kind, one.task, given)
            _attempt(
                enrolment,
                one,
                given,
                result.points,
                result.percent,
                now - timedelta(days=chance.choice((8, 15))),
            )


def _attempt(
    enrolment: Enrolment, one: Exercise, given: Any, points: dict[str, float], percent: int, at: datetime
) -> None:
    Attempt.objects.create(
        consortium_id=enrolment.consortium_id,
        enrolment=enrolment,
        exercise=one,
        answer=json.dumps(given, ensure_ascii=False),
        items=points,
        percent=percent,
        passed=percent >= one.pass_percent,
        at=at,
    )


def _weakened(given: dict[str, Any], skill: float, chance: random.Random) -> dict[str, Any]:
    """The key with some of its answers left out."""
    return {
        name: {item: one for item, one in answers.items() if chance.random() < skill}
        for name, answers in given.items()
    }


def generate(consortium: Consortium, seed: int) -> None:
    """Nothing of its own: attempts are made with the learners' progress (``sample.courses``)."""
