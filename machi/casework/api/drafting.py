"""Drafts, summaries and minutes over HTTP. For staff, signed in as on the pages."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.base.web.access import live_municipality, visitor
from machi.base.web.api_door import Code
from machi.base.web.problems import documented, problem
from machi.casework.domain import drafting as verbs
from machi.casework.domain import drafting_queries as queries
from machi.casework.domain import transcribing
from machi.casework.domain.drafting_edit import body
from machi.casework.domain.drafting_files import label
from machi.casework.domain.drafting_given import LONGEST, readable
from machi.casework.domain.drafting_templates import offered
from machi.casework.engine.draft_pieces import mark
from machi.casework.engine.draft_templates import shipped_text
from machi.casework.engine.speech_types import Language
from machi.casework.models import Draft
from machi.frontdesk.models import Document

router = Router(tags=["drafting"])
PERMISSION = "casework.draft"


class DraftLine(Schema):
    id: int
    work: str
    title: str
    state: str
    version: int
    unsourced: int
    by_model: bool
    made_at: datetime.datetime
    changed_at: datetime.datetime


class PlaceOut(Schema):
    kind: Literal["document", "given"]
    id: int
    start: int
    end: int
    title: str


class PieceOut(Schema):
    text: str
    role: str
    made: str
    mark: str = Field(description="source, template, field, or none: nothing supports it.")
    place: PlaceOut | None


class DroppedOut(Schema):
    text: str
    why: str
    missing: list[str]


class DraftOut(DraftLine):
    label: str = Field(description="To be shown with the text; empty once a person has confirmed it.")
    pieces: list[PieceOut]
    dropped: list[DroppedOut]


class DraftIn(Schema):
    template: str
    values: dict[str, str] = Field(default_factory=dict)
    personal_checked: bool = Field(
        False, description="A person has looked at the personal information found."
    )


class SummaryIn(Schema):
    title: str = Field("", max_length=200)
    document: int | None = None
    text: str = Field("", max_length=LONGEST)
    length: Literal["short", "middle", "long"] = "middle"


class MinutesIn(Schema):
    title: str = Field(max_length=200)
    held_on: datetime.date
    text: str = Field(max_length=LONGEST)


class RecordingIn(Schema):
    title: str = Field(max_length=200)
    held_on: datetime.date
    language: Language = Field(description="Spoken in it; a model of English alone takes nothing else.")


@contextmanager
def _opened(request: HttpRequest, code: str) -> Iterator[tuple[Municipality, Person]]:
    municipality, person = live_municipality(code), visitor(request)
    if not person.has_perm(PERMISSION, municipality):
        raise PermissionDenied
    with in_municipality(municipality):
        yield municipality, person


@router.get(
    "casework/{code}/drafts",
    response=list[DraftLine],
    summary="Drafts, summaries and minutes",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def list_drafts(
    request: HttpRequest,
    code: Code,
    work: Literal["", "draft", "summary", "minutes", "transcript"] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[DraftLine]:
    """Newest change first."""
    with _opened(request, code):
        return [DraftLine(**_line(one)) for one in queries.drafts(work)[offset : offset + limit]]


@router.get(
    "casework/{code}/drafts/{pk}",
    response=DraftOut,
    summary="One of them, each sentence with its source",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def get_draft(request: HttpRequest, code: Code, pk: int) -> DraftOut:
    with _opened(request, code):
        return _out(_found(pk))


@router.post(
    "casework/{code}/drafts",
    response={201: DraftOut},
    summary="Draft from a template",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def make_draft(request: HttpRequest, code: Code, data: DraftIn) -> Status[DraftOut] | HttpResponse:
    with _opened(request, code) as (municipality, person):
        one = offered().get(data.template)
        if one is None:
            errors = [{"pointer": "/template", "detail": "no such template"}]
            return problem(422, "This cannot be drafted.", errors=errors)
        text = one.own.text if one.own else shipped_text(data.template)
        try:
            made = verbs.make_draft(
                municipality,
                person,
                one.template,
                text,
                data.values,
                personal_checked=data.personal_checked,
            )
        except NotApproved:
            raise
        except Refused as refused:
            return _refused(refused)
        return Status(201, _out(_found(made.pk)))


@router.post(
    "casework/{code}/summaries",
    response={201: DraftOut},
    summary="Summarise a document",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def summarise(request: HttpRequest, code: Code, data: SummaryIn) -> Status[DraftOut] | HttpResponse:
    """Of a registered document or of ``text``; a long one is made by a job (``state`` is ``waiting`` meanwhile)."""
    with _opened(request, code) as (municipality, person):
        document = Document.objects.filter(pk=data.document).first() if data.document else None
        if data.document and document is None:
            raise Http404
        try:
            given = readable(name=data.title, text=data.text) if data.text else None
            made = verbs.start_summary(
                municipality, person, given=given, document=document, title=data.title, length=data.length
            )
        except NotApproved:
            raise
        except Refused as refused:
            return _refused(refused)
        return Status(201, _out(_found(made.pk)))


@router.post(
    "casework/{code}/minutes",
    response={201: DraftOut},
    summary="Minutes of a transcript",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def minutes(request: HttpRequest, code: Code, data: MinutesIn) -> Status[DraftOut] | HttpResponse:
    with _opened(request, code) as (municipality, person):
        try:
            given = readable(name=data.title, text=data.text)
            made = verbs.start_minutes(
                municipality, person, given=given, title=data.title, held_on=data.held_on
            )
        except NotApproved:
            raise
        except Refused as refused:
            return _refused(refused)
        return Status(201, _out(_found(made.pk)))


@router.post(
    "casework/{code}/transcripts",
    response={201: DraftOut},
    summary="Write a recording down",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def transcribe(
    request: HttpRequest,
    code: Code,
    about: Form[RecordingIn],
    file: Annotated[UploadedFile, File(description="WAV, MP3, M4A, AAC, Ogg, Opus, FLAC, WebM, MP4.")],
) -> Status[DraftOut] | HttpResponse:
    """By a job (``state`` is ``waiting`` meanwhile). The transcript is a draft: minutes are made of it on its page,
    once a person has corrected and confirmed it. The recording is deleted as soon as it is written down."""
    with _opened(request, code) as (municipality, person):
        try:
            made = transcribing.start_transcript(
                municipality,
                person,
                data=file.chunks,
                title=about.title,
                held_on=about.held_on,
                language=about.language,
            )
        except NotApproved:
            raise
        except Refused as refused:
            return _refused(refused)
        return Status(201, _out(_found(made.pk)))


def _refused(refused: Refused) -> HttpResponse:
    errors = [{"pointer": f"/{refused.field or ''}", "detail": str(refused)}]
    return problem(422, "This cannot be made.", errors=errors)


def _found(pk: int) -> Draft:
    one: Draft | None = queries.whole().filter(pk=pk).first() if pk < 2**63 else None
    if one is None:
        raise Http404
    return one


def _line(one: Draft) -> dict[str, Any]:
    same = ("work", "title", "state", "unsourced", "by_model", "made_at", "changed_at")
    return {"id": one.pk, "version": one.number, **{name: getattr(one, name) for name in same}}


def _out(one: Draft) -> DraftOut:
    found = body(one) if one.number else None
    pieces = [
        PieceOut(
            text=piece.text,
            role=piece.role,
            made=piece.made,
            mark=mark(piece),
            place=PlaceOut.from_orm(piece.place) if piece.place else None,
        )
        for piece in (found.pieces if found else ())
    ]
    dropped = [
        DroppedOut(text=gone.text, why=gone.why, missing=list(gone.missing))
        for gone in (found.dropped if found else ())
    ]
    return DraftOut(**_line(one), label=label(one), pieces=pieces, dropped=dropped)
