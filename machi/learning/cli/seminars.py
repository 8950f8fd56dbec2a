"""Seminars, from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from django.utils import timezone

from machi.base.cli_door import by_option, consortium_option, opened, the_person
from machi.base.cli_options import municipality_option
from machi.base.engine.letters import to_pdf, to_word
from machi.learning.domain import seminars as verbs
from machi.learning.domain import seminars_queries as queries
from machi.learning.domain import seminars_report as reports
from machi.learning.domain.seminars_daily import remind as remind_of
from machi.learning.domain.seminars_letters import letter
from machi.learning.domain.seminars_seats import locked
from machi.learning.models import Seminar

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
MAKERS = {".docx": to_word, ".pdf": to_pdf}


@click.group()
def seminars() -> None:
    """Seminars: what is ahead, who comes, reminders, the report."""


@seminars.command("list")
@municipality_option()
@consortium_option
@JSON
def list_seminars(code: str, consortium: int | None, as_json: bool) -> None:
    """List the consortium's seminars with how many come and wait."""
    with opened(code, consortium):
        rows = [
            {
                "id": one.pk,
                "title": one.title,
                "state": one.state,
                "starts_at": timezone.localtime(one.starts_at).isoformat(timespec="minutes"),
                "coming": one.coming,
                "waiting": one.waiting,
                "came": one.came,
            }
            for one in verbs.seminars()
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("\t".join(str(value) for value in row.values()))


@seminars.command()
@municipality_option()
@consortium_option
@click.argument("number", type=int)
def standing(code: str, consortium: int | None, number: int) -> None:
    """How one seminar stands: seats, letters, answers."""
    with opened(code, consortium):
        stands = queries.standing(_the(number))
    for name in stands.__slots__:
        click.echo(f"{name}\t{getattr(stands, name)}")


@seminars.command()
@municipality_option()
@consortium_option
@click.argument("number", type=int)
def remind(code: str, consortium: int | None, number: int) -> None:
    """Write the reminders that are due now; nobody gets one twice. The daily work does the same."""
    from django.db import transaction

    with opened(code, consortium), transaction.atomic():
        letters = remind_of(locked(_the(number)), timezone.now())
    click.echo(f"{letters} letters")


@seminars.command()
@municipality_option()
@consortium_option
@by_option
@click.argument("number", type=int)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Also write it as .docx or .pdf."
)
def report(code: str, consortium: int | None, email: str, number: int, out: Path | None) -> None:
    """Make the report of a seminar from the answers there are."""
    if out is not None and out.suffix not in MAKERS:
        raise click.ClickException("--out: .docx or .pdf")
    with opened(code, consortium) as (town, _):
        person = the_person(email, verbs.RUN, town)
        made = reports.make(_the(number), person)
        click.echo(f"{made.figures['answered']} answers, {made.quotes.count()} quotes")
        if out is not None:
            out.write_bytes(MAKERS[out.suffix]([letter(made)]))


def _the(number: int) -> Seminar:
    found = (
        Seminar.objects.select_related("municipality", "consortium", "survey__current")
        .filter(pk=number)
        .first()
    )
    if found is None:
        raise click.ClickException(f"there is no seminar {number}")
    return found


commands: Sequence[click.Command] = (seminars,)
