"""A cohort that works on the shipped exercise book, for the tests of exercises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.scoping import in_consortium
from machi.learning.models import Cohort, CourseVersion, Enrolment, Exercise
from machi.learning.sample.exercises import book, written
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, client_of, office_of

ATSUGI, KURASHIKI = "142123", "332020"
TASKS: dict[str, dict[str, Any]] = {one.slug: dict(one.task) for one in written()}
KINDS: dict[str, str] = {one.slug: one.kind for one in written()}


@dataclass(frozen=True)
class Class:
    """A running cohort of a consortium of three towns, one learner of Atsugi in it."""

    consortium: Consortium
    town: Municipality
    version: CourseVersion
    cohort: Cohort
    learner: Person
    enrolment: Enrolment

    def exercise(self, slug: str) -> Exercise:
        with in_consortium(self.consortium):
            return Exercise.objects.select_related("lesson__module").get(slug=slug)

    @property
    def office(self) -> Person:
        return office_of(self.consortium)

    @property
    def client(self) -> Client:
        return client_of(self.learner)

    def url(self, name: str, *arguments: object) -> str:
        return reverse(f"learning:{name}", args=[self.town.code, *arguments])


def a_class() -> Class:
    consortium = a_consortium()
    town = Municipality.objects.get(code=ATSUGI)
    today = timezone.localdate()
    with in_consortium(consortium):
        version = book(consortium)
        cohort = Cohort.objects.create(
            consortium=consortium,
            version=version,
            title="第1回",
            state=Cohort.State.RUNNING,
            starts_on=today - timedelta(days=10),
            ends_on=today + timedelta(days=30),
        )
        learner = a_person(Role.LEARNER, town)
        enrolment = enrol(cohort, town, learner)
    return Class(consortium, town, version, cohort, learner, enrolment)


def enrol(cohort: Cohort, town: Municipality, person: Person) -> Enrolment:
    return Enrolment.objects.create(
        consortium_id=cohort.consortium_id, cohort=cohort, municipality=town, person=person
    )
