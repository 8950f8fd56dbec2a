"""The case library, from the command line: ``machi learning cases``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from machi.base.cli_door import by_option, consortium_option, opened, the_person
from machi.base.cli_options import municipality_option
from machi.base.web.export import FORMATS, write_csv, write_excel
from machi.base.web.table_problems import told
from machi.learning.domain import cases as verbs
from machi.learning.domain import cases_import, cases_index
from machi.learning.domain.cases_search import SORTS, Wanted, library, record_search
from machi.learning.models import Case, CaseField, CaseTool


@click.group()
def cases() -> None:
    """The case library: what towns did with AI."""


@cases.command()
@municipality_option()
@consortium_option
@by_option
@click.argument("words", default="")
@click.option("--field", type=click.Choice(CaseField.values), default=None)
@click.option("--tool", type=click.Choice(CaseTool.values), default=None)
@click.option("--size", type=click.IntRange(0, 6), default=None, help="Class of population, smallest 0.")
@click.option("--sort", type=click.Choice(SORTS), default="best", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def search(
    code: str,
    consortium: int | None,
    email: str,
    words: str,
    field: str | None,
    tool: str | None,
    size: int | None,
    sort: str,
    as_json: bool,
) -> None:
    """Find published cases by WORDS (and meaning, where the search may run); recorded as on the pages."""
    with opened(code, consortium) as (municipality, found):
        person = the_person(email, verbs.READ, municipality)
        wanted = Wanted(words, field or "", tool or "", size, sort)
        result = library(found, municipality, wanted)
        if result.by_ai:
            record_search(found, municipality, person, wanted, result)
    if result.refused:
        click.echo(result.refused, err=True)
    told_lines = [
        {
            "id": one.case.pk,
            "title": one.case.title,
            "municipality": one.case.town_id,
            "hours_saved": one.case.hours_saved,
            "evidence": one.evidence.level.value,
            "adopted": one.adopted,
        }
        for one in result.lines
    ]
    if as_json:
        click.echo(json.dumps(told_lines, ensure_ascii=False))
        return
    for line in told_lines:
        click.echo(
            f"{line['id']} {line['municipality']} {line['title']}: {line['evidence']}, adopted {line['adopted']}"
        )


@cases.command("export")
@municipality_option()
@consortium_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_cases(code: str, consortium: int | None, file: Path) -> None:
    """Write all published cases to FILE (.xlsx or .csv, UTF-8); it can be read in again."""
    kind = file.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise click.ClickException("the file must end in .xlsx or .csv")
    with opened(code, consortium), file.open("wb") as out:
        published = Case.objects.filter(state=Case.State.PUBLISHED).select_related("town").order_by("pk")
        rows = [cases_import.as_row(one) for one in published]
        if kind == "xlsx":
            write_excel(out, cases_import.COLUMNS, rows)
        else:
            write_csv(out, cases_import.COLUMNS, rows, "utf-8-sig")
    click.echo(f"{len(rows)} cases")


@cases.command("import")
@municipality_option()
@consortium_option
@by_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what is in it and what is wrong.")
def import_cases(code: str, consortium: int | None, email: str, file: Path, dry_run: bool) -> None:
    """Read the town's cases from FILE (.xlsx or .csv) as drafts: all rows, or none."""
    with opened(code, consortium) as (municipality, found):
        person = the_person(email, verbs.WRITE, municipality)
        sheet = cases_import.read(file.read_bytes(), found, municipality)
        if sheet.problems:
            raise click.ClickException("\n".join(told(sheet.problems, cases_import.WORDS)))
        count = len(sheet.rows) if dry_run else cases_import.take(sheet, found, person)
    click.echo(f"{count} drafts{' (dry run)' if dry_run else ''}")


@cases.command()
@municipality_option()
@consortium_option
def index(code: str, consortium: int | None) -> None:
    """Bring the consortium's search index up to date now, vectors and all."""
    with opened(code, consortium) as (_, found):
        cases_index.build(found.pk)
        embedded = cases_index.embed(found.pk)
        status = cases_index.index_of(found).status()
    click.echo(f"{status.passages} passages, {embedded} newly embedded, revision {status.revision}")


commands: Sequence[click.Command] = (cases,)
