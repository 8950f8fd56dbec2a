"""Applications over HTTP, for staff and the systems that act for them; signed in as on the pages."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Path, Query, Router, Schema, Status
from ninja.files import UploadedFile
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.scoping import in_municipality
from machi.base.web.access import live_municipality, visitor
from machi.base.web.problems import documented, problem
from machi.casework.domain import intake, queries, spots
from machi.casework.domain.checking import is_doubtful
from machi.casework.domain.intake_words import refusal_words
from machi.casework.models import Application, FieldValue, Procedure

router = Router(tags=["applications"])
SEE, PROCESS = "casework.see_applications", "casework.process_applications"
Code = Annotated[str, Path(pattern=r"^[0-9]{6}$", description="Code of the municipality.")]
Number = Annotated[int, Path(ge=1)]
_A_PAGE = 100


class ProcedureOut(Schema):
    key: str
    title: str
    version: str
    working_days: int
    straight_through: bool
    two_person: bool


class ApplicationOut(Schema):
    id: int
    number: str
    procedure: str = Field(description="Key of the procedure; empty while it is not known.")
    state: Application.State
    outcome: str
    received_at: datetime.datetime
    due_on: datetime.date
    lowest_confidence: float | None
    doubtful: int
    failed: int
    unsure: int
    straight_through: bool


class PlaceOut(Schema):
    page: int
    box: list[float] = Field(description="Left, top, right, bottom, in shares of the page.")


class SpotOut(Schema):
    kind: Literal["sheet", "table", "line"]
    number: int = Field(description="Which sheet, table or line of text, from 1.")
    name: str = Field(description="The sheet's; empty otherwise.")
    cells: str = Field(description="C5 or C5:F5 of a sheet, R3C2 of a table, empty for a line.")


class ValueOut(Schema):
    form: str
    field: str
    label: str
    kind: str
    raw: str
    value: str
    engine: str
    confidence: float
    doubtful: bool
    doubts: list[str]
    place: PlaceOut | None
    spot: SpotOut | None = Field(
        description="Of Office files, mails and texts: `place` is on a page drawn of them."
    )


class CheckOut(Schema):
    rule: str
    title: str
    result: str
    reason: str
    law: str


class ApplicationDetail(ApplicationOut):
    values: list[ValueOut]
    checks: list[CheckOut]


class TakenOut(Schema):
    name: str
    outcome: intake.Outcome
    application: int | None
    key: str = Field(description="Why it was refused; empty otherwise.")
    detail: str


class ApplicationIn(Schema):
    procedure: str = Field(description="Key of the procedure.", max_length=60)
    values: dict[str, dict[str, str]] = Field(description="By form, then by field: what was written.")
    language: str = Field("ja", pattern=r"^(ja|ja-easy|en)$")


@router.get(
    "casework/{code}/procedures",
    response=list[ProcedureOut],
    summary="Procedures in use in a municipality",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def list_procedures(request: HttpRequest, code: Code) -> list[ProcedureOut]:
    with opened(request, code, SEE):
        return [ProcedureOut.from_orm(one) for one in Procedure.objects.filter(active=True)]


@router.get(
    "casework/{code}/applications",
    response=list[ApplicationOut],
    summary="The queue of applications",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def list_applications(
    request: HttpRequest,
    code: Code,
    state: Annotated[str, Query(description="A state, `all`, or empty: what is not finished.")] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> list[ApplicationOut]:
    """A hundred a page, by deadline, then by doubt."""
    with opened(request, code, SEE):
        start = (page - 1) * _A_PAGE
        return [_application(one) for one in queries.queue(state=state)[start : start + _A_PAGE]]


@router.get(
    "casework/{code}/applications/{number}",
    response=ApplicationDetail,
    summary="An application with its values and checks",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def read_application(
    request: HttpRequest, response: HttpResponse, code: Code, number: Number
) -> ApplicationDetail:
    with opened(request, code, SEE):
        one = Application.objects.select_related("procedure").filter(pk=number, erased_at=None).first()
        if one is None:
            raise Http404("There is no application with this number here.")
        response["Cache-Control"] = "no-store"
        return _detail(one)


@router.post(
    "casework/{code}/files",
    response={200: list[TakenOut]},
    summary="Hand in files as applications",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def hand_in_files(
    request: HttpRequest,
    code: Code,
    files: Annotated[list[UploadedFile], File(description="Each file is an application of its own.")],
    procedure: Annotated[str, Query(description="Key; empty: the forms say which it is.")] = "",
) -> list[TakenOut] | HttpResponse:
    """Each file is judged by itself: what is hostile or unreadable is refused with its reason, the others are taken."""
    with opened(request, code, PROCESS) as (town, person):
        chosen = None
        if procedure:
            chosen = Procedure.objects.filter(key=procedure, active=True).first()
            if chosen is None:
                return _wrong("/procedure", "There is no such procedure in use here.")
        if len(files) > intake.MOST_AT_ONCE:
            return _wrong("/files", f"At most {intake.MOST_AT_ONCE} files at once.")
        taken = intake.take(
            town,
            [(one.name or "file", one.read()) for one in files],
            channel=Application.Channel.API,
            procedure=chosen,
            person=person,
        )
        return [
            TakenOut(
                name=one.name,
                outcome=one.outcome,
                application=one.application.pk if one.application else None,
                key=one.key,
                detail=refusal_words(one.key, one.arguments) if one.key else "",
            )
            for one in taken
        ]


@router.post(
    "casework/{code}/applications",
    response={201: ApplicationOut},
    summary="Hand in an application as values",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def hand_in_values(
    request: HttpRequest, code: Code, data: ApplicationIn
) -> Status[ApplicationOut] | HttpResponse:
    with opened(request, code, PROCESS) as (town, person):
        chosen = Procedure.objects.filter(key=data.procedure, active=True).first()
        if chosen is None:
            return _wrong("/procedure", "There is no such procedure in use here.")
        unknown = sorted(set(data.values) - set(chosen.content.get("forms", ())))
        if unknown:
            return _wrong("/values", f"The procedure has no such form: {', '.join(unknown)}")
        try:
            made = intake.take_values(
                town,
                chosen,
                data.values,
                channel=Application.Channel.API,
                language=data.language,
                person=person,
            )
        except Refused as refused:
            return _wrong("", str(refused))
        return Status(201, _application(made))


@contextmanager
def opened(request: HttpRequest, code: str, permission: str) -> Iterator[tuple[Municipality, Person]]:
    """The town's scope, for whoever may."""
    municipality, person = live_municipality(code), visitor(request)
    if not person.has_perm(permission, municipality):
        raise PermissionDenied
    with in_municipality(municipality):
        yield municipality, person


def _wrong(pointer: str, detail: str) -> HttpResponse:
    errors = [{"pointer": pointer, "detail": detail}]
    return problem(422, "This cannot be taken.", errors=errors)


def _fields(one: Application) -> dict[str, object]:
    same = {
        name: getattr(one, name)
        for name in ApplicationOut.model_fields
        if name not in ("id", "procedure", "state")
    }
    return {
        **same,
        "id": one.pk,
        "procedure": one.procedure.key if one.procedure else "",
        "state": Application.State(one.state),
    }


def _application(one: Application) -> ApplicationOut:
    return ApplicationOut.model_validate(_fields(one))


def _spot(value: FieldValue) -> SpotOut | None:
    spot = spots.spot_of(value)
    if spot is None:
        return None
    return SpotOut(kind=spot.kind, number=spot.number, name=spot.name, cells=spots.reference(spot))


def _detail(one: Application) -> ApplicationDetail:
    values = [
        ValueOut(
            form=value.form,
            field=value.field,
            label=value.label,
            kind=value.kind,
            raw=value.raw or "",
            value=value.value or "",
            engine=value.engine,
            confidence=value.confidence,
            doubtful=is_doubtful(value),
            doubts=value.doubts,
            place=PlaceOut(page=value.page, box=value.box) if value.page is not None and value.box else None,
            spot=_spot(value),
        )
        for value in one.values.all()
    ]
    checks = [
        CheckOut(
            rule=check.rule,
            title=check.title,
            result=check.result,
            reason=check.reason or "",
            law=check.law,
        )
        for check in one.checks.all()
    ]
    return ApplicationDetail.model_validate({**_fields(one), "values": values, "checks": checks})
