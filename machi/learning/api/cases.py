"""The case library, over HTTP: searched, read, written as drafts, adopted."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.web.access import limit
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented
from machi.joint.domain.projects import projects_of
from machi.learning.domain import cases as verbs
from machi.learning.domain import cases_adoption as adoption
from machi.learning.domain.cases_search import Line, Wanted, library, record_search
from machi.learning.domain.cases_words import reasons
from machi.learning.models import Case, CaseAdoption, CaseField, CaseTool

router = Router()
A_PAGE = 50


class CaseIn(Schema):
    """What a draft holds; only the first four are needed to begin one."""

    title: str = Field(min_length=1, max_length=120)
    field: CaseField
    tool: CaseTool
    year: int = Field(ge=2000, le=2100)
    system: str = Field("", max_length=120)
    problem: str = Field("", max_length=8_000)
    before: str = Field("", max_length=8_000)
    after: str = Field("", max_length=8_000)
    cost_once: int | None = Field(None, ge=0, le=100_000_000_000, description="Yen.")
    cost_yearly: int | None = Field(None, ge=0, le=100_000_000_000, description="Yen.")
    hours_saved: int | None = Field(None, ge=0, le=100_000, description="A month, in the whole town.")
    counted: Literal["", "measured", "records", "estimated"] = ""
    counted_how: str = Field("", max_length=8_000)
    risk_checked: str = Field("", max_length=8_000)
    risk_result: str = Field("", max_length=8_000)
    ask_division: str = Field("", max_length=60, description="A division, never a person.")


class EvidenceOut(Schema):
    level: Literal["told", "tried", "repeated", "steady", "mixed"]
    reasons: list[str]


class LineOut(Schema):
    id: int
    title: str
    municipality: str
    field: str
    tool: str
    year: int
    hours_saved: int | None
    adopted: int = Field(description="Towns that adopted it.")
    evidence: EvidenceOut
    likeness: float | None = Field(description="Of its town with the own one, 0 to 100 (SSDSE).")
    score: float | None = Field(description="Of the search; none without words.")
    sample: bool


class FoundOut(Schema):
    count: int
    by_ai: bool = Field(description="Found by words and meaning; else the words were looked for as written.")
    cases: list[LineOut]


class AdoptionOut(Schema):
    municipality: str
    adopted_on: datetime.date
    project: int | None
    plan: str
    state: Literal["trying", "worked", "partly", "failed"]
    hours_saved: int | None
    counted: str
    cost_once: int | None
    cost_yearly: int | None
    differed: str
    told_on: datetime.date | None


class CaseOut(CaseIn):
    id: int
    state: str
    revision: int
    municipality: str
    sample: bool
    evidence: EvidenceOut
    adoptions: list[AdoptionOut]
    missing: list[str] = Field(description="What is still to be written before it can be handed in.")


class AdoptIn(Schema):
    project: int | None = Field(None, description="A joint project of the town; else `plan` is needed.")
    plan: str = Field("", max_length=8_000)
    adopted_on: datetime.date | None = Field(None, description="None: today.")


class ResultIn(Schema):
    state: Literal["trying", "worked", "partly", "failed"]
    hours_saved: int | None = Field(None, ge=0, le=100_000)
    counted: Literal["", "measured", "records", "estimated"] = ""
    cost_once: int | None = Field(None, ge=0, le=100_000_000_000)
    cost_yearly: int | None = Field(None, ge=0, le=100_000_000_000)
    differed: str = Field("", max_length=8_000)


class Asked(Schema):
    q: str = Field("", max_length=200)
    field: CaseField | Literal[""] = ""
    tool: CaseTool | Literal[""] = ""
    size: int | None = Field(None, ge=0, le=6, description="Class of population, smallest 0.")
    sort: Literal["best", "new", "like", "hours", "evidence"] = "best"
    offset: int = Field(0, ge=0, le=10_000)


@router.get(
    "learning/{code}/cases",
    auth=django_auth,
    response=FoundOut,
    summary="Published cases, searched and sorted",
    openapi_extra=documented(401, 403, 404, 422, 429),
)
def list_cases(request: HttpRequest, code: Code, asked: Query[Asked], consortium: Chosen = None) -> FoundOut:
    """At most 50 from `offset` on. A search is recorded in the town's ledger, its words as a digest."""
    with opened(request, code, verbs.READ, consortium) as (municipality, found, person):
        if asked.q:
            limit(request, "learning.case_search", "60/m")
        wanted = Wanted(asked.q, asked.field, asked.tool, asked.size, asked.sort)
        result = library(found, municipality, wanted)
        if result.by_ai and asked.offset == 0:
            record_search(found, municipality, person, wanted, result)
        lines = result.lines[asked.offset : asked.offset + A_PAGE]
        return FoundOut(count=len(result.lines), by_ai=result.by_ai, cases=[_line(one) for one in lines])


@router.get(
    "learning/{code}/cases/{pk}",
    auth=django_auth,
    response=CaseOut,
    summary="One case, with who adopted it and what came of it",
    openapi_extra=documented(401, 403, 404, 422),
)
def one_case(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> CaseOut:
    with opened(request, code, verbs.READ, consortium) as (municipality, _, person):
        return _case(get_object_or_404(verbs.readable(municipality, person), pk=pk))


@router.post(
    "learning/{code}/cases",
    auth=django_auth,
    response={201: CaseOut},
    summary="Begin a draft of the own town",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def begin_case(request: HttpRequest, code: Code, given: CaseIn, consortium: Chosen = None) -> Status[CaseOut]:
    """Handing it in and publishing it are for people, on the pages: they look at what the recogniser found."""
    with opened(request, code, verbs.WRITE, consortium) as (municipality, found, person):
        try:
            made = verbs.begin(found, municipality, person, given.model_dump())
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        return Status(201, _case(made))


@router.put(
    "learning/{code}/cases/{pk}",
    auth=django_auth,
    response=CaseOut,
    summary="Change a draft of the own town",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def change_case(
    request: HttpRequest, code: Code, pk: int, given: CaseIn, revision: int, consortium: Chosen = None
) -> CaseOut:
    """`revision`: of the draft as it was read; another one has saved since where it is refused."""
    with opened(request, code, verbs.WRITE, consortium) as (municipality, _, person):
        case = get_object_or_404(verbs.readable(municipality, person), pk=pk)
        try:
            return _case(verbs.write(case, municipality, person, given.model_dump(), revision))
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None


@router.post(
    "learning/{code}/cases/{pk}/adoption",
    auth=django_auth,
    response={201: AdoptionOut},
    summary="Adopt a case in the own town",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def adopt_case(
    request: HttpRequest, code: Code, pk: int, given: AdoptIn, consortium: Chosen = None
) -> Status[AdoptionOut]:
    with opened(request, code, verbs.ADOPT, consortium) as (municipality, _, person):
        case = get_object_or_404(verbs.readable(municipality, person), pk=pk)
        project = None
        if given.project is not None:
            project = get_object_or_404(projects_of(municipality), pk=given.project)
        asked = {
            "project": project,
            "plan": given.plan,
            "adopted_on": given.adopted_on or timezone.localdate(),
        }
        try:
            return Status(201, _adoption(adoption.adopt(case, municipality, person, asked)))
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None


@router.put(
    "learning/{code}/cases/{pk}/adoption",
    auth=django_auth,
    response=AdoptionOut,
    summary="Tell what came of the own town's adoption",
    openapi_extra=documented(401, 403, 404, 409, 422),
)
def tell_result(
    request: HttpRequest, code: Code, pk: int, given: ResultIn, consortium: Chosen = None
) -> AdoptionOut:
    with opened(request, code, verbs.ADOPT, consortium) as (municipality, _, person):
        own = get_object_or_404(CaseAdoption, case=pk, town=municipality)
        try:
            adoption.tell_result(own, municipality, person, given.model_dump())
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        return _adoption(CaseAdoption.objects.get(pk=own.pk))


def _line(one: Line) -> LineOut:
    return LineOut(
        id=one.case.pk,
        title=one.case.title,
        municipality=one.case.town_id,
        field=one.case.field,
        tool=one.case.tool,
        year=one.case.year,
        hours_saved=one.case.hours_saved,
        adopted=one.adopted,
        evidence=EvidenceOut(level=one.evidence.level.value, reasons=reasons(one.evidence)),
        likeness=None if one.likeness is None else round(one.likeness, 1),
        score=None if one.score is None else round(one.score, 4),
        sample=one.case.sample,
    )


def _case(case: Case) -> CaseOut:
    adoptions = list(case.adoptions.all())
    evidence = adoption.evidence_of(case, adoptions)
    given: dict[str, Any] = {name: getattr(case, name) for name in verbs.FIELDS}
    texts = {name: given[name] or "" for name in verbs.TEXTS}
    return CaseOut(
        **{**given, **texts},
        id=case.pk,
        state=case.state,
        revision=case.revision,
        municipality=case.town_id,
        sample=case.sample,
        evidence=EvidenceOut(level=evidence.level.value, reasons=reasons(evidence)),
        adoptions=[_adoption(one) for one in adoptions],
        missing=verbs.what_is_missing(case) if case.state in verbs.WRITABLE else [],
    )


def _adoption(one: CaseAdoption) -> AdoptionOut:
    return AdoptionOut(
        municipality=one.town_id,
        adopted_on=one.adopted_on,
        project=one.project_id,
        plan=one.plan or "",
        state=one.state,  # type: ignore[arg-type]
        hours_saved=one.hours_saved,
        counted=one.counted,
        cost_once=one.cost_once,
        cost_yearly=one.cost_yearly,
        differed=one.differed or "",
        told_on=one.told_on,
    )
