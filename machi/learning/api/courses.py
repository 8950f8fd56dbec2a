"""Courses: curriculum, cohorts, enrolment, progress, certificates, over HTTP."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented
from machi.learning.domain import courses_cohorts as verbs
from machi.learning.domain.courses_access import ENROL, LEARN, RUN, is_office, sees_everybody, sees_own_town
from machi.learning.domain.courses_enrolment import enrol, own_enrolments
from machi.learning.domain.courses_progress import Group, groups, learners, taking_part, works_of
from machi.learning.domain.courses_xapi import record_export, statements
from machi.learning.models import Cohort

router = Router()
_MOST = 1_000
"""Statements in one answer."""


class MineOut(Schema):
    enrolment: int
    course: str
    cohort: str
    state: str
    share: float = Field(description="Of lessons and required exercises, 0 to 1.")
    starts_on: datetime.date
    ends_on: datetime.date


class CohortOut(Schema):
    id: int
    title: str
    course: str
    version: int
    state: str
    starts_on: datetime.date
    ends_on: datetime.date
    learners: int
    completed: int


class GroupOut(Schema):
    municipality: str = Field(description="Code; empty: all together.")
    learners: int
    completed: int
    behind: int = Field(description="Learners whom somebody should ask how they are.")
    share: float = Field(description="Mean, 0 to 1.")


class ProgressOut(Schema):
    total: GroupOut = Field(description="Of those whose progress you may see.")
    towns: list[GroupOut]


class EnrolIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    email: str = Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    municipality: str = Field("", description="Code; none: the town you work for.")


class EnrolledOut(Schema):
    enrolment: int


class StatementsOut(Schema):
    statements: list[dict[str, Any]] = Field(description="xAPI 1.0.3, the oldest first.")
    more: int | None = Field(description="Ask again with this as `offset`; null: there are no more.")


@router.get(
    "learning/{code}/my-courses",
    auth=django_auth,
    response=list[MineOut],
    summary="Courses you take part in",
    openapi_extra=documented(401, 403, 404, 422),
)
def my_courses(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[MineOut]:
    with opened(request, code, LEARN, consortium) as (_, _, person):
        own = list(own_enrolments(person))
        works = works_of(own)
        return [
            MineOut(
                enrolment=one.pk,
                course=one.cohort.version.course.title,
                cohort=one.cohort.title,
                state=one.state,
                share=round(works[one.pk].share, 4),
                starts_on=one.cohort.starts_on,
                ends_on=one.cohort.ends_on,
            )
            for one in own
        ]


@router.get(
    "learning/{code}/cohorts",
    auth=django_auth,
    response=list[CohortOut],
    summary="Cohorts of a consortium",
    openapi_extra=documented(401, 403, 404, 422),
)
def cohorts(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[CohortOut]:
    with opened(request, code, LEARN, consortium) as (municipality, _, person):
        found = verbs.cohorts()
        if not is_office(person, municipality):
            found = found.exclude(state=Cohort.State.PLANNED)
        return [
            CohortOut(
                id=one.pk,
                title=one.title,
                course=one.version.course.title,
                version=one.version.number,
                state=one.state,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
                learners=one.learners,
                completed=one.completed,
            )
            for one in found
        ]


@router.get(
    "learning/{code}/cohorts/{pk}/progress",
    auth=django_auth,
    response=ProgressOut,
    summary="How far a cohort is, town by town",
    openapi_extra=documented(401, 403, 404, 422),
)
def progress(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> ProgressOut:
    """All towns for the office and the cohort's instructors, the own town for its managers. No names."""
    with opened(request, code, LEARN, consortium) as (municipality, _, person):
        found = _the_cohort(pk)
        everybody = sees_everybody(person, municipality, found)
        if not everybody and not sees_own_town(person, municipality):
            raise PermissionDenied
        places = taking_part(found)
        if not everybody:
            places = places.filter(municipality=municipality)
        total, towns = groups(learners(found, list(places), timezone.localdate()))
        return ProgressOut(total=_group(total), towns=[_group(one) for one in towns])


@router.post(
    "learning/{code}/cohorts/{pk}/enrolments",
    auth=django_auth,
    response=EnrolledOut,
    summary="Enrol a person",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def enrol_person(
    request: HttpRequest, code: Code, pk: int, given: EnrolIn, consortium: Chosen = None
) -> EnrolledOut:
    """Whoever has no account gets one as a learner, which opens nothing but courses."""
    with opened(request, code, ENROL, consortium) as (municipality, _, person):
        found = _the_cohort(pk)
        town = municipality
        if given.municipality:
            town = get_object_or_404(Municipality, code=given.municipality)
        try:
            made = enrol(found, municipality, person, town=town, email=given.email, name=given.name)
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        return EnrolledOut(enrolment=made.pk)


@router.get(
    "learning/{code}/cohorts/{pk}/xapi",
    auth=django_auth,
    response=StatementsOut,
    summary="Learning records as xAPI 1.0.3 statements",
    openapi_extra=documented(401, 403, 404, 422),
)
def xapi(
    request: HttpRequest, code: Code, pk: int, offset: int = 0, consortium: Chosen = None
) -> StatementsOut:
    """Under pseudonyms, up to 1,000 at a time. That they were asked for is recorded in the ledger."""
    with opened(request, code, RUN, consortium) as (municipality, _, person):
        found = _the_cohort(pk)
        record_export(found, municipality, person)
        told, more = [], None
        for at, one in enumerate(statements(found)):
            if at >= offset + _MOST:
                more = at
                break
            if at >= offset:
                told.append(one.model_dump(mode="json", by_alias=True, exclude_none=True))
        return StatementsOut(statements=told, more=more)


def _the_cohort(pk: int) -> Cohort:
    found = (
        Cohort.objects.select_related("version__course", "consortium")
        .prefetch_related("instructors")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("There is no such cohort.")
    return found


def _group(one: Group) -> GroupOut:
    return GroupOut(
        municipality=one.town.code if one.town else "",
        learners=one.learners,
        completed=one.completed,
        behind=one.behind,
        share=round(one.share, 4),
    )
