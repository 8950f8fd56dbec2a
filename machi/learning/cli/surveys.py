"""Surveys and the self-assessment of AI maturity, from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from machi.base.cli_door import by_option, consortium_option, opened, the_person
from machi.base.cli_options import municipality_option
from machi.learning.domain import surveys as verbs
from machi.learning.domain import surveys_answering as answering
from machi.learning.domain.questionnaire_words import told
from machi.learning.domain.surveys_figures import results as results_of
from machi.learning.domain.surveys_ready import NAMES, begin_ready
from machi.learning.domain.surveys_record import ANSWER, HAND_IN, RUN, SEE
from machi.learning.domain.surveys_reminders import remind_now
from machi.learning.domain.surveys_sheets import read_back
from machi.learning.engine.questionnaire import FormError, dump, parse
from machi.learning.engine.questionnaire_schema import schema as schema_of
from machi.learning.models import Survey

survey_argument = click.argument("number", type=int)


@click.group()
def surveys() -> None:
    """Surveys that towns answer, and the self-assessment of AI maturity."""


def _the_survey(number: int) -> Survey:
    found: Survey | None = verbs.surveys().select_related("consortium").filter(pk=number).first()
    if found is None:
        raise click.ClickException(f"no survey {number}")
    return found


@surveys.command("list")
@municipality_option()
@consortium_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def list_all(code: str, consortium: int | None, as_json: bool) -> None:
    """List surveys with how many towns have handed in."""
    with opened(code, consortium):
        lines = [
            {
                "id": one.pk,
                "series": one.series,
                "year": one.year,
                "title": one.title,
                "state": one.state,
                "due_on": one.due_on.isoformat() if one.due_on else None,
                **answering.counts(one),
            }
            for one in verbs.surveys().select_related("consortium")
        ]
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False))
        return
    for one in lines:
        done = f"{one['handed_in']}/{one['asked']}"
        click.echo(f"{one['id']} {one['series']} {one['year']} {one['title']}: {one['state']}, {done}")


@surveys.command()
@municipality_option()
@consortium_option
@by_option
@click.option("--name", type=click.Choice(NAMES), required=True)
@click.option("--year", type=int, required=True)
def ready(code: str, consortium: int | None, email: str, name: str, year: int) -> None:
    """Begin one of the surveys that come with machi, to be published after a look."""
    with opened(code, consortium) as (municipality, chosen):
        person = the_person(email, RUN, municipality)
        made = begin_ready(chosen, municipality, person, name=name, year=year)
    click.echo(f"{made.pk} {made.title}")


@surveys.command("export-form")
@municipality_option()
@consortium_option
@survey_argument
@click.option("--schema", "as_schema", is_flag=True, help="The JSON Schema of the answers instead.")
def export_form(code: str, consortium: int | None, number: int, as_schema: bool) -> None:
    """Print the questions of a survey as JSON."""
    with opened(code, consortium):
        survey = _the_survey(number)
        form = verbs.edited(survey)
        data: dict[str, Any] = schema_of(form, survey.title) if as_schema else dump(form)
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


@surveys.command("import-form")
@municipality_option()
@consortium_option
@by_option
@survey_argument
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_form(code: str, consortium: int | None, email: str, number: int, file: Path) -> None:
    """Take the questions of a survey from JSON; towns see them when they are published."""
    try:
        form = parse(json.loads(file.read_text(encoding="utf-8")))
    except FormError as wrong:
        raise click.ClickException("\n".join(told(one) for one in wrong.problems)) from None
    except ValueError as wrong:
        raise click.ClickException(f"{file}: {wrong}") from None
    with opened(code, consortium) as (municipality, _):
        verbs.put_form(_the_survey(number), municipality, the_person(email, RUN, municipality), form)
    click.echo(f"{len(form)} questions")


@surveys.command()
@municipality_option()
@consortium_option
@by_option
@survey_argument
@click.option("--changes", default="", help="What has changed since the version before.")
def publish(code: str, consortium: int | None, email: str, number: int, changes: str) -> None:
    """Publish the questions as a new version."""
    with opened(code, consortium) as (municipality, _):
        version = verbs.publish(
            _the_survey(number), municipality, the_person(email, RUN, municipality), changes
        )
    click.echo(f"version {version.number}")


@surveys.command()
@municipality_option()
@consortium_option
@by_option
@survey_argument
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--hand-in", "hands_in", is_flag=True, help="And hand it in, with the permission for it.")
def answer(code: str, consortium: int | None, email: str, number: int, file: Path, hands_in: bool) -> None:
    """Fill in the town's answers from an Excel, CSV or JSON file."""
    with opened(code, consortium) as (municipality, _):
        person, survey = the_person(email, ANSWER, municipality), _the_survey(number)
        own = answering.own(survey, municipality)
        version = own.version if own else survey.current
        if version is None:
            raise click.ClickException("the survey is not open")
        given = _read(file, version.parsed(), own.answers if own else {})
        response = answering.write(survey, municipality, person, given)
        if hands_in:
            answering.hand_in(response, municipality, the_person(email, HAND_IN, municipality))
        else:
            for one in answering.missing(response):
                click.echo(told(one, version.parsed()))
    click.echo("handed in" if hands_in else "kept as a draft")


def _read(file: Path, form: Any, before: Any) -> dict[str, Any]:
    if file.suffix == ".json":
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as wrong:
            raise click.ClickException(f"{file}: {wrong}") from None
        if not isinstance(found, dict):
            raise click.ClickException(f"{file}: not an object of answers")
        return found
    read = read_back(form, file.read_bytes(), before)
    if read.file_problems or read.cell_problems:
        lines = [f"{one.code} {one.row or ''} {one.column}" for one in read.file_problems]
        raise click.ClickException("\n".join([*lines, *read.cell_problems]))
    return read.answers


@surveys.command()
@municipality_option()
@consortium_option
@by_option
@survey_argument
def results(code: str, consortium: int | None, email: str, number: int) -> None:
    """Print the counts that a person may see, as JSON."""
    with opened(code, consortium) as (municipality, _):
        found = results_of(_the_survey(number), municipality, the_person(email, SEE, municipality))
    if found is None:
        raise click.ClickException("too few towns have answered")
    classes = [{"low": one.low, "high": one.high} for one in found.classes]
    told_ = {"hidden": found.hidden, "classes": classes, "own_class": found.own}
    figures = {name: value for name, value in found.figures.items() if name != "of"}
    click.echo(json.dumps({**told_, **figures}, ensure_ascii=False))


@surveys.command()
@municipality_option()
@consortium_option
@by_option
@survey_argument
def remind(code: str, consortium: int | None, email: str, number: int) -> None:
    """Write to the towns that have not handed in and have had no letter today."""
    with opened(code, consortium) as (municipality, _):
        reminded = remind_now(_the_survey(number), municipality, the_person(email, RUN, municipality))
    click.echo(f"{timezone.localdate()}: {reminded}")


commands: Sequence[click.Command] = (surveys,)
