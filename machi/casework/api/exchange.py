"""What is exchanged with other systems over HTTP: their files in, decided applications out, each with a dry run."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.engine.tables import LARGEST
from machi.base.web.files import attached
from machi.base.web.problems import documented, problem
from machi.casework.api.applications import PROCESS, Code, opened
from machi.casework.domain import imports, mappings, output
from machi.casework.domain.importing import Preview
from machi.casework.domain.output_words import problem_words
from machi.casework.engine.output import Problem

router = Router(tags=["exchange"])
Layout = Annotated[str, Query(description="Key of the mapping.", max_length=80)]
DryRun = Annotated[bool, Query(description="Only say what would happen; nothing is kept.")]
_MOST_TOLD = 200


class MappingOut(Schema):
    key: str
    title: str
    file: Literal["csv", "fixed"]
    encoding: str
    columns: list[str]
    own: bool = Field(description="The town wrote it itself.")


class ToldOut(Schema):
    kind: Literal["error", "warning", "known"]
    row: int = Field(description="As a spreadsheet counts, from 1; 0: the file as a whole.")
    column: str
    key: str
    detail: str


class ImportOut(Schema):
    id: int | None = Field(description="None of a dry run, and where nothing was new.")
    rows: int
    fresh: int = Field(description="Rows that are taken, or would be.")
    known: int = Field(description="Rows that were taken before.")
    told: list[ToldOut] = Field(description=f"The first {_MOST_TOLD}.")


class ExportOut(Schema):
    rows: int
    warnings: list[str] = Field(description=f"The first {_MOST_TOLD}.")


@router.get(
    "casework/{code}/mappings",
    response=list[MappingOut],
    summary="How files of other systems are laid out",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def list_mappings(request: HttpRequest, code: Code) -> list[MappingOut]:
    with opened(request, code, PROCESS):
        return [
            MappingOut(
                key=key,
                title=one.mapping.title,
                file=one.mapping.file,
                encoding=one.mapping.encoding,
                columns=[column.title for column in one.mapping.columns],
                own=one.own is not None,
            )
            for key, one in mappings.offered().items()
        ]


@router.post(
    "casework/{code}/imports",
    response={200: ImportOut, 201: ImportOut},
    summary="Take another system's file as applications",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def take_file(
    request: HttpRequest,
    code: Code,
    file: Annotated[UploadedFile, File(description="CSV, fixed width or .xlsx.")],
    mapping: Layout,
    dry_run: DryRun = False,
) -> Status[ImportOut] | HttpResponse:
    """Each new row becomes an application; rows taken before are left out. All or nothing: where a cell is wrong the
    answer is 422 with each error, of a dry run too, and nothing is taken."""
    with opened(request, code, PROCESS) as (town, person):
        data = file.read(LARGEST + 1)
        try:
            if dry_run:
                outcome = imports.Outcome(imports.dry_run(mapping, data), None)
            else:
                outcome = imports.take(town, mapping, file.name or "file", data, person)
        except Refused as refused:
            return _refused(refused)
        if outcome.preview.errors:
            return _wrong(outcome.preview)
        return Status(201 if outcome.taken else 200, _out(outcome))


@router.post(
    "casework/{code}/exports",
    response={200: ExportOut},
    summary="Decided applications as a file for another system",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def write_file(
    request: HttpRequest,
    code: Code,
    mapping: Layout,
    since: Annotated[datetime.date, Query(description="First day of decision.")],
    until: Annotated[datetime.date, Query(description="Last day of decision.")],
    dry_run: DryRun = False,
) -> ExportOut | HttpResponse:
    """The file as the mapping says, and a ledger entry; 422 with each error where a value cannot be written. A dry run
    answers with how many there are and what to know of them."""
    with opened(request, code, PROCESS) as (town, person):
        try:
            layout = mappings.the(mapping)
        except Refused as refused:
            return _refused(refused)
        if dry_run:
            written = output.dry_run(layout, since, until)
        else:
            written = output.write_out(town, layout, since, until, person)
        report = written.report
        if report.errors:
            return _not_written(report.errors)
        if dry_run:
            warnings = [problem_words(one) for one in report.warnings[:_MOST_TOLD]]
            return ExportOut(rows=report.rows, warnings=warnings)
        return attached(
            written.data, f"{mapping.replace('.', '-')}.{layout.suffix}", "application/octet-stream"
        )


def _out(outcome: imports.Outcome) -> ImportOut:
    preview = outcome.preview
    told = [
        ToldOut(kind=one.sort, row=one.row, column=one.column, key=one.key, detail=one.words)
        for one in preview.told[:_MOST_TOLD]
    ]
    return ImportOut(
        id=outcome.taken.pk if outcome.taken else None,
        rows=preview.rows,
        fresh=len(preview.fresh),
        known=preview.known,
        told=told,
    )


def _refused(refused: Refused) -> HttpResponse:
    errors = [{"pointer": f"/{refused.field}" if refused.field else "", "detail": str(refused.message)}]
    return problem(422, "This cannot be taken.", errors=errors)


def _wrong(preview: Preview) -> HttpResponse:
    errors = [
        {"pointer": _pointer(one.row, one.column), "detail": str(one)} for one in preview.errors[:_MOST_TOLD]
    ]
    return problem(422, f"{preview.wrong} of {preview.rows} rows are wrong; nothing is taken.", errors=errors)


def _not_written(problems: tuple[Problem, ...]) -> HttpResponse:
    errors = [
        {"pointer": _pointer(one.row, one.column), "detail": problem_words(one)}
        for one in problems[:_MOST_TOLD]
    ]
    return problem(422, "Some values cannot be written; nothing is.", errors=errors)


def _pointer(row: int, column: str) -> str:
    """RFC 6901: ``~`` and ``/`` in a column's title are written ``~0`` and ``~1``."""
    escaped = column.replace("~", "~0").replace("/", "~1")
    return "/file" + (f"/{row}" if row else "") + (f"/{escaped}" if escaped else "")
