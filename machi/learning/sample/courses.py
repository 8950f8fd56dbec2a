"""Courses: curriculum, cohorts, enrolment, progress, certificates: the sample consortium's, and a generated one's."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from machi.base.domain.towns import members
from machi.base.models import Appointment, Consortium, Municipality, Person, Role
from machi.base.sample import people as sample_people
from machi.learning.domain.courses import lessons_of, minutes_of, publish
from machi.learning.domain.courses_cohorts import create_cohort, pass_into
from machi.learning.domain.courses_completion import certify, settle
from machi.learning.domain.courses_enrolment import enrol
from machi.learning.domain.courses_import import take_curriculum
from machi.learning.engine.curriculum import read_curriculum
from machi.learning.engine.exercises import items_of
from machi.learning.models import (
    Attempt,
    Certificate,
    Cohort,
    Course,
    CourseVersion,
    Enrolment,
    Exercise,
    Lesson,
    LessonProgress,
)

LEARNERS_A_TOWN = 20
_BEGUN = timedelta(days=35)
_LASTS = timedelta(days=70)
_SURNAMES = (
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "松本",
)
_GIVEN = (
    "葵",
    "蓮",
    "陽菜",
    "湊",
    "結衣",
    "樹",
    "凛",
    "悠真",
    "美咲",
    "大和",
    "さくら",
    "健",
    "直子",
    "誠",
    "恵",
    "翔",
)
_DONE = {"clerk": 0.5, "clerk2": 0.1, "manager": 1.0}
"""Share of the course that the sample's people have done, by the beginning of their mail address."""


def curricula() -> list[Path]:
    """Folders of the curricula that come with machi."""
    root = Path(str(files("machi.learning"))) / "data" / "curriculum"
    return sorted(one.parent for one in root.glob("*/course.json"))


def load(consortium: Consortium) -> None:
    """Safe to call again: what people have changed since stays."""
    if Course.objects.filter(slug__in=[one.name for one in curricula()]).exists():
        return
    towns = list(members(consortium))
    office = _office(consortium)
    if office is None or not towns:
        return
    with override("ja"), transaction.atomic():
        version = _taught(consortium, towns[0], office)
        cohort = _cohort(
            consortium, towns[0], office, version, "第1回 AI研修（見本）", _instructors(towns[0])
        )
        for town in towns:
            for person in Person.objects.filter(
                appointments__municipality=town, appointments__role__in=(Role.CLERK, Role.MANAGER)
            ).distinct():
                place = enrol(cohort, towns[0], office, town=town, email=person.email, name=person.name)
                _learn(place, _DONE.get(person.email.partition("@")[0], 0.0))
        cohort.enrolments.update(enrolled_at=timezone.now() - _BEGUN)
        pass_into(cohort, towns[0], office, Cohort.State.RUNNING)


def _taught(consortium: Consortium, town: Municipality, office: Person) -> CourseVersion:
    """Every curriculum that comes with machi, published; the first is the one that is taught."""
    versions = []
    for folder in curricula():
        found, problems = read_curriculum(folder)
        if found is None:
            raise ValueError(f"{folder.name}: {problems[0]}")
        version = take_curriculum(consortium, town, office, found)
        publish(version, town, office)
        version.refresh_from_db()
        versions.append(version)
    return versions[0]


def _cohort(
    consortium: Consortium,
    town: Municipality,
    office: Person,
    version: CourseVersion,
    title: str,
    instructors: list[Person],
) -> Cohort:
    begun = timezone.localdate() - _BEGUN
    given = {"title": title, "starts_on": begun, "ends_on": begun + _LASTS}
    cohort = create_cohort(consortium, town, office, given, version, instructors)
    pass_into(cohort, town, office, Cohort.State.OPEN)
    return cohort


def _office(consortium: Consortium) -> Person | None:
    return Person.objects.filter(
        appointments__consortium=consortium, appointments__role=Role.JOINT_OFFICE
    ).first()


def _instructors(town: Municipality) -> list[Person]:
    return list(
        Person.objects.filter(appointments__municipality=town, appointments__role=Role.AI_OFFICER).distinct()
    )


def _learn(place: Enrolment, share: float) -> None:
    """Lessons read and exercises passed over the last weeks, in order, up to ``share`` of the course."""
    lessons = lessons_of(place.cohort.version)
    begun = timezone.now() - _BEGUN + timedelta(days=1)
    chance = random.Random(place.pk)  # noqa: S311  (no secret hangs on it)
    rows, attempts = _history(place, lessons, _required(place.cohort.version), begun, share, chance)
    LessonProgress.objects.bulk_create(rows)
    Attempt.objects.bulk_create(attempts)
    settle(place)


def _required(version: CourseVersion) -> dict[int, list[Exercise]]:
    found: dict[int, list[Exercise]] = {}
    for one in Exercise.objects.filter(lesson__module__version=version, required=True):
        found.setdefault(one.lesson_id, []).append(one)
    return found


def _history(
    place: Enrolment,
    lessons: Sequence[Lesson],
    exercises: dict[int, list[Exercise]],
    begun: datetime,
    share: float,
    chance: random.Random,
    until: datetime | None = None,
) -> tuple[list[LessonProgress], list[Attempt]]:
    """What somebody did who has done ``share`` of the lessons, evenly from ``begun`` to ``until`` (None: now); one in
    five went at the pace of the course and stopped."""
    rows, attempts = [], []
    done = round(share * len(lessons))
    span = (until or timezone.now()) - begun
    step = span / ((len(lessons) if chance.random() < 0.2 else done) + 1)
    for number, lesson in enumerate(lessons[:done]):
        at = begun + step * (number + chance.random())
        rows.append(
            LessonProgress(
                consortium=place.consortium,
                enrolment=place,
                lesson=lesson,
                opened_at=at,
                finished_at=at + timedelta(minutes=lesson.minutes),
            )
        )
        for exercise in exercises.get(lesson.pk, []):
            outcomes = [False, True] if chance.random() < 0.3 else [True]
            for tried, passing in enumerate(outcomes, 1):
                points = _points(exercise, passing, chance)
                percent = _percent(points)
                attempts.append(
                    Attempt(
                        consortium=place.consortium,
                        enrolment=place,
                        exercise=exercise,
                        items=points,
                        percent=percent,
                        passed=percent >= exercise.pass_percent,
                        at=at + timedelta(minutes=lesson.minutes + 5 * tried),
                    )
                )
    return rows, attempts


def _points(exercise: Exercise, passing: bool, chance: random.Random) -> dict[str, float]:
    """Points of the items, by chance: enough to pass, or too few. Figures, with no words behind them."""
    items = [one.id for one in items_of(exercise.kind, exercise.task)]
    points = {item: float(chance.random() < 0.75) for item in items}
    for item in chance.sample(items, len(items)):
        if (_percent(points) >= exercise.pass_percent) == passing:
            break
        points[item] = float(passing)
    return points


def _percent(points: Mapping[str, float]) -> int:
    return int(100 * sum(points.values()) / len(points))


@transaction.atomic
def generate(consortium: Consortium, seed: int) -> None:
    """For a generated consortium of any size: ``LEARNERS_A_TOWN`` learners in each town, all in one cohort, the same
    for the same ``seed``. Safe to call again."""
    if Course.objects.filter(slug__in=[one.name for one in curricula()]).exists():
        return
    towns, office = list(members(consortium)), _office(consortium)
    if office is None or not towns:
        return
    chance = random.Random(seed)  # noqa: S311  (no secret hangs on it)
    with override("ja"):
        version = _taught(consortium, towns[0], office)
        cohort = _cohort(
            consortium, towns[0], office, version, "第1回 AI研修（生成）", _instructors(towns[0])
        )
        places = enrol_generated(cohort, towns, chance)
        cohort.enrolments.update(enrolled_at=timezone.now() - _BEGUN)
        learn_generated(cohort, places, [_share(chance) for _ in places], chance)
        pass_into(cohort, towns[0], office, Cohort.State.RUNNING)


def enrol_generated(
    cohort: Cohort, towns: list[Municipality], chance: random.Random, count: int = LEARNERS_A_TOWN
) -> list[Enrolment]:
    """``count`` learners of each town with places, and accounts with the sample's password
    (``learner01@202011.example``)."""
    known = sample_people()
    hashed = make_password(known[0]["password"] if known else None)
    people = [
        Person(
            email=f"learner{number:02}@{town.code}.example",
            password=hashed,
            name=f"{chance.choice(_SURNAMES)} {chance.choice(_GIVEN)}",
        )
        for town in towns
        for number in range(1, count + 1)
    ]
    Person.objects.bulk_create(people, batch_size=500)
    homes = [town for town in towns for _ in range(count)]
    Appointment.objects.bulk_create(
        (
            Appointment(person=person, role=Role.LEARNER, municipality=town)
            for person, town in zip(people, homes, strict=True)
        ),
        batch_size=500,
    )
    return Enrolment.objects.bulk_create(
        (
            Enrolment(consortium=cohort.consortium, cohort=cohort, municipality=town, person=person)
            for person, town in zip(people, homes, strict=True)
        ),
        batch_size=500,
    )


def learn_generated(
    cohort: Cohort,
    places: list[Enrolment],
    shares: list[float],
    chance: random.Random,
    span: tuple[datetime, datetime] | None = None,
) -> None:
    """Gives each place its share of the course; who has done all of it completes, with a certificate. ``span``: from
    when until when (None: the last weeks)."""
    lessons, exercises = lessons_of(cohort.version), _required(cohort.version)
    begun, until = span or (timezone.now() - _BEGUN + timedelta(days=1), timezone.now())
    rows: list[LessonProgress] = []
    attempts: list[Attempt] = []
    for place, share in zip(places, shares, strict=True):
        own_rows, own_attempts = _history(place, lessons, exercises, begun, share, chance, until)
        rows += own_rows
        attempts += own_attempts
        if len(own_rows) == len(lessons):
            place.state, place.completed_at = Enrolment.State.COMPLETED, own_rows[-1].finished_at
    LessonProgress.objects.bulk_create(rows, batch_size=500)
    Attempt.objects.bulk_create(attempts, batch_size=500)
    through = [one for one in places if one.state == Enrolment.State.COMPLETED]
    Enrolment.objects.bulk_update(through, ["state", "completed_at"], batch_size=500)
    minutes = minutes_of(cohort.version)
    Certificate.objects.bulk_create((certify(one, minutes) for one in through), batch_size=500)


def _share(chance: random.Random) -> float:
    """A third is through, some have not begun, the others are somewhere."""
    drawn = chance.random()
    if drawn < 0.33:
        return 1.0
    return 0.0 if drawn > 0.94 else chance.betavariate(2.2, 1.8)
