"""Courses for tests: a consortium of three towns with an office, a published version, a cohort that runs."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from machi.base.models import Appointment, Consortium, Municipality, Person, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import courses as versions
from machi.learning.domain import courses_cohorts as cohorts
from machi.learning.domain import courses_writing as writing
from machi.learning.domain.courses_completion import settle
from machi.learning.domain.courses_enrolment import enrol
from machi.learning.models import (
    Attempt,
    Cohort,
    CourseVersion,
    Enrolment,
    Exercise,
    Lesson,
    LessonProgress,
)
from machi.learning.sample.exercises import written
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, client_of, office_of, towns_of

LESSON = {
    "slug": "first",
    "title": "はじめのレッスン",
    "minutes": 20,
    "goals": ["説明できる。"],
    "text": "## 見出し\n\n本文です。",
    "sources": [{"title": "資料", "by": "作った人", "url": "https://example.org/", "date": "2026-01-01"}],
}
SOURCES = "資料 | 作った人 | https://example.org/ | 2026-01-01"
QUIZ = next(one.task for one in written() if one.kind == "quiz")
VTT = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nこんにちは\n"
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(2_000)
WEBM = (
    b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
    + bytes(500)
)


def png(width: int = 4, height: int = 3) -> bytes:
    """A real picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x20\x60\xc0" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@dataclass
class Work:
    consortium: Consortium
    towns: list[Municipality]
    office: Person
    version: CourseVersion
    cohort: Cohort
    people: dict[tuple[str, Role], Person] = field(default_factory=dict)

    @property
    def town(self) -> Municipality:
        return self.towns[0]

    @property
    def other(self) -> Municipality:
        return self.towns[1]

    def person(self, town: Municipality, role: Role = Role.MANAGER) -> Person:
        key = (town.pk, role)
        if key not in self.people:
            self.people[key] = a_person(role, town)
        return self.people[key]

    def client(self, town: Municipality | None = None, role: Role = Role.MANAGER) -> Client:
        """Of a person of a town; of the office where no town is named."""
        return client_of(self.person(town, role) if town else self.office)

    @contextmanager
    def inside(self, town: Municipality | None = None) -> Iterator[None]:
        with in_municipality(town or self.town), in_consortium(self.consortium):
            yield

    def learner(self, town: Municipality, email: str = "", name: str = "学ぶ 人") -> Enrolment:
        with self.inside():
            email = email or f"learner{Person.objects.count()}@{town.code}.example"
            return enrol(self.cohort, self.town, self.office, town=town, email=email, name=name)

    def lessons(self) -> list[Lesson]:
        return list(versions.lessons_of(self.version))

    def finish(self, place: Enrolment, count: int | None = None, at: Any = None) -> None:
        """Rows as if the first ``count`` lessons had been read; nothing is settled."""
        at = at or timezone.now()
        for lesson in self.lessons()[:count]:
            LessonProgress.objects.update_or_create(
                enrolment=place,
                lesson=lesson,
                defaults={"consortium": self.consortium, "opened_at": at, "finished_at": at},
            )

    def attempt(self, place: Enrolment, exercise: Exercise, percent: int) -> Attempt:
        return Attempt.objects.create(
            consortium=self.consortium,
            enrolment=place,
            exercise=exercise,
            percent=percent,
            passed=percent >= exercise.pass_percent,
            at=timezone.now(),
        )


def a_course(lessons: int = 3, exercises: int = 0, *, begun: int = 10, lasts: int = 30) -> Work:
    """A cohort that began ``begun`` days ago and lasts ``lasts``; each lesson has ``exercises`` required exercises."""
    consortium = a_consortium()
    towns = towns_of(consortium)
    office = office_of(consortium)
    with in_municipality(towns[0]), in_consortium(consortium):
        draft = a_draft(consortium, towns[0], office, lessons, exercises)
        versions.publish(draft, towns[0], office)
        draft.refresh_from_db()
        cohort = a_cohort(consortium, towns[0], office, draft, begun=begun, lasts=lasts)
    return Work(consortium, towns, office, draft, cohort)


def a_draft(
    consortium: Consortium,
    town: Municipality,
    office: Person,
    lessons: int = 3,
    exercises: int = 0,
    slug: str = "ai-basics",
) -> CourseVersion:
    given = {"slug": slug, "title": "AIの基礎", "summary": "AIを安全に使う。"}
    version = versions.create_course(consortium, town, office, given)
    module = writing.add_module(version, town, office, "第一章")
    for number in range(1, lessons + 1):
        about = {**LESSON, "slug": f"lesson-{number}", "title": f"レッスン{number}"}
        lesson = writing.add_lesson(module, town, office, about)
        for at in range(1, exercises + 1):
            Exercise.objects.create(
                consortium=consortium,
                lesson=lesson,
                order=at,
                slug=f"quiz-{at}",
                kind=Exercise.Kind.QUIZ,
                title=f"クイズ{number}-{at}",
                task=QUIZ,
            )
    return version


def a_cohort(
    consortium: Consortium,
    town: Municipality,
    office: Person,
    version: CourseVersion,
    *,
    begun: int = 10,
    lasts: int = 30,
    title: str = "第1回",
) -> Cohort:
    starts = timezone.localdate() - timedelta(days=begun)
    given = {"title": title, "starts_on": starts, "ends_on": starts + timedelta(days=lasts - 1)}
    cohort = cohorts.create_cohort(consortium, town, office, given, version, [])
    cohorts.pass_into(cohort, town, office, Cohort.State.OPEN)
    cohorts.pass_into(cohort, town, office, Cohort.State.RUNNING)
    cohort.refresh_from_db()
    return cohort


def url(town: Municipality, name: str, *args: object) -> str:
    return reverse(f"learning:{name}", args=[town.code, *args])


def a_learner_here(town: Municipality) -> Person:
    """Somebody with the learner's role and no place in a cohort."""
    person = a_person(Role.LEARNER, town)
    assert Appointment.objects.filter(person=person, municipality=town).count() == 1
    return person


def stored(work, model):
    with in_consortium(work.consortium):
        return model.objects.order_by("-pk")[0]


def lesson_form(**changes):
    return {**LESSON, "goals": "できる。\n説明できる。", "sources": SOURCES, **changes}


def version_lessons(work, version):
    with work.inside():
        return versions.lessons_of(version)


def through(work, place):
    """All read; with a certificate."""
    with work.inside():
        work.finish(place)
        return settle(place)
