"""What a cohort did as xAPI statements, for a learning record store elsewhere: under pseudonyms, in order of time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction

from machi.base.models import Municipality, Person
from machi.learning.domain.courses_access import ensure_office, record
from machi.learning.engine.xapi import Statement, statement
from machi.learning.models import Attempt, Cohort, Enrolment, LessonProgress


@transaction.atomic
def record_export(cohort: Cohort, municipality: Municipality, person: Person) -> None:
    """That figures about people left the installation is on record before they do."""
    ensure_office(person, municipality)
    record(cohort.consortium, municipality, person, f"cohort:{cohort.pk}", "export_xapi")


def statements(cohort: Cohort) -> Iterator[Statement]:
    """All of the cohort's, the oldest first; who left is among them."""
    enrolments = {one.pk: one for one in cohort.enrolments.all()}
    write = _Writer(cohort, enrolments)
    yield from heapq.merge(
        write.sorted(write.places()),
        write.sorted(write.lessons()),
        write.sorted(write.attempts()),
        key=lambda one: one.timestamp,
    )


class _Writer:
    def __init__(self, cohort: Cohort, enrolments: dict[int, Enrolment]) -> None:
        self.cohort, self.enrolments = cohort, enrolments
        course = cohort.version.course
        self.site = settings.MACHI_URL.rstrip("/")
        self.course = (
            f"/xapi/courses/{cohort.consortium_id}/{course.slug}/{cohort.version.number}",
            course.title,
        )

    @staticmethod
    def sorted(found: Iterator[Statement]) -> list[Statement]:
        return sorted(found, key=lambda one: one.timestamp)

    def places(self) -> Iterator[Statement]:
        for one in self.enrolments.values():
            yield self._said(one.pk, "registered", "course", *self.course, one.enrolled_at)
            if one.completed_at:
                yield self._said(
                    one.pk,
                    "completed",
                    "course",
                    *self.course,
                    one.completed_at,
                    completion=True,
                    success=True,
                )
            if one.withdrawn_at:
                yield self._said(one.pk, "abandoned", "course", *self.course, one.withdrawn_at)

    def lessons(self) -> Iterator[Statement]:
        found = LessonProgress.objects.filter(enrolment__cohort=self.cohort).select_related("lesson")
        for one in found.defer("lesson__text"):
            path, title = f"{self.course[0]}/{one.lesson.slug}", one.lesson.title
            yield self._said(one.enrolment_id, "initialized", "lesson", path, title, one.opened_at)
            if one.finished_at:
                yield self._said(
                    one.enrolment_id, "completed", "lesson", path, title, one.finished_at, completion=True
                )

    def attempts(self) -> Iterator[Statement]:
        found = Attempt.objects.filter(enrolment__cohort=self.cohort).select_related("exercise__lesson")
        for one in found.defer("answer", "exercise__task", "exercise__lesson__text"):
            path = f"{self.course[0]}/{one.exercise.lesson.slug}/{one.exercise.slug}"
            verb = "passed" if one.passed else "failed"
            yield self._said(
                one.enrolment_id,
                verb,
                "exercise",
                path,
                one.exercise.title,
                one.at,
                percent=one.percent,
                success=one.passed,
            )

    def _said(
        self,
        enrolment: int,
        verb: str,
        kind: str,
        path: str,
        title: str,
        at: datetime,
        *,
        percent: int | None = None,
        success: bool | None = None,
        completion: bool | None = None,
    ) -> Statement:
        return statement(
            site=self.site,
            salt=self.cohort.salt,
            enrolment=enrolment,
            person=self.enrolments[enrolment].person_id,
            verb=verb,
            kind=kind,
            path=path,
            title=title,
            at=at,
            grouping=None if kind == "course" else self.course,
            percent=percent,
            success=success,
            completion=completion,
        )
