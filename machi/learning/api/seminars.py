"""Seminars over HTTP: the list, and registering. For people who are signed in, as on the pages."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Schema, Status
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.web.access import limit
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented, problem
from machi.learning.domain import seminars as verbs
from machi.learning.domain.seminars_register import Given, register
from machi.learning.models import Seminar, SeminarRegistration, Way

router = Router(tags=["seminars"])


class SeatsOut(Schema):
    way: Way
    capacity: int | None = Field(description="None: no limit.")
    free: int | None


class SessionOut(Schema):
    id: int
    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    room: str
    chosen: bool = Field(description="People choose it when they register.")


class SeminarOut(Schema):
    id: int
    title: str
    purpose: str
    state: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    venue: str
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    waiting_list: bool
    seats: list[SeatsOut]
    sessions: list[SessionOut]
    page: str


class RegistrationIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    email: str = Field(max_length=254, description="Where the secret link is sent.")
    role: SeminarRegistration.Role
    way: Way
    town: str | None = Field(None, pattern=r"^[0-9]{6}$", description="Of the consortium's.")
    organisation: str = Field("", max_length=160)
    needs: str = Field("", max_length=1000)
    sessions: list[int] = Field(default_factory=list, max_length=60)
    answers: dict[str, Any] = Field(
        default_factory=dict, description="Number of a question of the office, as text, to its answer."
    )


class RegistrationOut(Schema):
    number: int
    state: str = Field(description="`confirmed` or `waiting`.")


class PersonOut(Schema):
    number: int
    state: str
    way: str
    role: str
    town: str | None
    attended: bool


@router.get(
    "learning/{code}/seminars",
    response=list[SeminarOut],
    summary="Seminars that are public",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def list_seminars(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[SeminarOut]:
    with opened(request, code, "learning.learn", consortium) as (town, _, _):
        return [_seminar(request, one, town.code) for one in verbs.public_seminars()]


@router.post(
    "learning/{code}/seminars/{number}/registrations",
    response={201: RegistrationOut},
    summary="Register somebody for a seminar",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 409, 422, 429),
)
def register_somebody(
    request: HttpRequest, code: Code, number: int, data: RegistrationIn, consortium: Chosen = None
) -> Status[RegistrationOut] | HttpResponse:
    """A seat or a place on the waiting list; the secret link goes by mail to the address given, not to the caller."""
    limit(request, "learning.seminars", settings.MACHI_REGISTER_RATE)
    with opened(request, code, "learning.learn", consortium) as (_, shared, _):
        seminar = verbs.public_seminars().filter(pk=number).first()
        if seminar is None:
            return problem(404, "There is no such seminar.")
        town = members(shared).filter(pk=data.town).first() if data.town else None
        if data.town and town is None:
            return _wrong("town", "The town is not one of the consortium's.")
        given = Given(
            name=data.name,
            email=data.email,
            role=data.role,
            way=data.way,
            town=town,
            organisation=data.organisation,
            needs=data.needs,
            sessions=data.sessions,
            answers=data.answers,
        )
        try:
            made, new = register(seminar, given)
        except Refused as refused:
            return _wrong(refused.field or "", str(refused))
        if not new:
            return problem(409, "The address was registered before.")
        return Status(201, RegistrationOut(number=made.number, state=made.state))


@router.get(
    "learning/{code}/seminars/{number}/registrations",
    response=list[PersonOut],
    summary="Who registered, without names",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def list_registrations(
    request: HttpRequest, code: Code, number: int, consortium: Chosen = None
) -> list[PersonOut] | HttpResponse:
    with opened(request, code, verbs.RUN, consortium):
        seminar = Seminar.objects.filter(pk=number).first()
        if seminar is None:
            return problem(404, "There is no such seminar.")
        return [
            PersonOut(
                number=one.number,
                state=one.state,
                way=one.way,
                role=one.role,
                town=one.town_id,
                attended=one.attended_at is not None,
            )
            for one in seminar.registrations.order_by("number")
        ]


def _wrong(field: str, detail: str) -> HttpResponse:
    return problem(422, "This cannot be registered.", errors=[{"pointer": f"/{field}", "detail": detail}])


def _seminar(request: HttpRequest, one: Seminar, code: str) -> SeminarOut:
    page = reverse("learning:public_seminar", args=[code, one.pk])
    names = (
        "title",
        "purpose",
        "state",
        "starts_at",
        "ends_at",
        "venue",
        "opens_at",
        "closes_at",
        "waiting_list",
    )
    return SeminarOut(
        id=one.pk,
        seats=[
            SeatsOut(way=Way(seats.way), capacity=seats.capacity, free=seats.free)
            for seats in one.whole  # type: ignore[attr-defined]
        ],
        sessions=[
            SessionOut(
                id=session.pk,
                title=session.title,
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                room=session.room,
                chosen=session.chosen,
            )
            for session in one.sessions.all()
        ],
        page=request.build_absolute_uri(f"{page}?consortium={one.consortium_id}"),
        **{name: getattr(one, name) for name in names},
    )
