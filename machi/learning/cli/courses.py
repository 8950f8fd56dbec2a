"""Courses: curriculum, cohorts, enrolment, progress, certificates, from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import click
from django.utils import timezone

from machi.base.cli_door import by_option, consortium_option, opened, the_person
from machi.base.cli_options import municipality_option
from machi.base.web.table_problems import told
from machi.learning.domain import courses_lists as lists
from machi.learning.domain.courses_access import ENROL, RUN
from machi.learning.domain.courses_cohorts import cohorts as all_cohorts
from machi.learning.domain.courses_import import take_curriculum
from machi.learning.domain.courses_progress import groups, taking_part
from machi.learning.domain.courses_progress import learners as how_far
from machi.learning.domain.courses_xapi import record_export, statements
from machi.learning.engine.curriculum import Curriculum, read_curriculum
from machi.learning.models import Cohort

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("check-curriculum")
@click.argument("folder", type=FOLDER)
def check_curriculum(folder: Path) -> None:
    """Say what is wrong with a curriculum in a folder, and where; nothing is stored."""
    found = _read(folder)
    lessons = list(found.lessons)
    exercises = sum(len(one.exercises) for one in lessons)
    minutes = sum(one.about.minutes for one in lessons)
    click.echo(
        f"{found.slug}: {len(found.modules)} modules, {len(lessons)} lessons ({minutes} minutes), "
        f"{exercises} exercises, no problems"
    )


@click.command("import-curriculum")
@click.argument("folder", type=FOLDER)
@municipality_option()
@by_option
@consortium_option
def import_curriculum(folder: Path, code: str, email: str, consortium: int | None) -> None:
    """Make a draft of a curriculum in a folder: of a new course, or the next version of the one with its name."""
    found = _read(folder)
    with opened(code, consortium) as (municipality, chosen):
        person = the_person(email, RUN, municipality)
        version = take_curriculum(chosen, municipality, person, found)
        click.echo(f"{version.course.title}: draft of version {version.number}")


@click.command()
@municipality_option()
@consortium_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def cohorts(code: str, consortium: int | None, as_json: bool) -> None:
    """List the cohorts with how many learn in them."""
    with opened(code, consortium):
        found = [
            {
                "cohort": one.pk,
                "title": one.title,
                "course": one.version.course.title,
                "state": one.state,
                "starts_on": one.starts_on.isoformat(),
                "ends_on": one.ends_on.isoformat(),
                "learners": one.learners,
                "completed": one.completed,
            }
            for one in all_cohorts()
        ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in found:
        click.echo(
            f"{line['cohort']} {line['title']} ({line['state']}, {line['starts_on']} to {line['ends_on']}): "
            f"{line['learners']} learners, {line['completed']} completed"
        )


@click.command()
@click.argument("cohort", type=int)
@click.argument("file", type=FILE)
@municipality_option()
@by_option
@consortium_option
@click.option("--oneroster", is_flag=True, help="The file is a OneRoster zip; otherwise Excel or CSV.")
@click.option("--class", "chosen", default="", help="sourcedId or title of the OneRoster class.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done, and what is wrong.")
def enrol(
    cohort: int,
    file: Path,
    code: str,
    email: str,
    consortium: int | None,
    oneroster: bool,
    chosen: str,
    dry_run: bool,
) -> None:
    """Enrol learners from a list; all of it or nothing."""
    with opened(code, consortium) as (municipality, _):
        person = the_person(email, ENROL, municipality)
        found = _the_cohort(cohort)
        data = file.read_bytes()
        read = (
            lists.read_oneroster(found, municipality, person, data, chosen)
            if oneroster
            else lists.read_list(found, municipality, person, data)
        )
        for line in told(read.problems, lists.CODES):
            click.echo(line)
        if read.problems:
            raise click.ClickException(f"{len(read.problems)} problems; nobody was enrolled")
        if dry_run:
            click.echo(f"{len(read.lines)} would be enrolled, {len(read.known)} are already")
            return
        made = lists.take(found, municipality, person, read, way="oneroster" if oneroster else "list")
        click.echo(f"{len(made)} enrolled, {len(read.known)} were already")


@click.command()
@click.argument("cohort", type=int)
@municipality_option()
@consortium_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def progress(cohort: int, code: str, consortium: int | None, as_json: bool) -> None:
    """Say how far a cohort is, all together and town by town; no names."""
    with opened(code, consortium):
        found = _the_cohort(cohort)
        total, towns = groups(how_far(found, list(taking_part(found)), timezone.localdate()))
    rows = [
        {
            "municipality": one.town.code if one.town else "",
            "learners": one.learners,
            "completed": one.completed,
            "behind": one.behind,
            "percent": round(100 * one.share, 1),
        }
        for one in (total, *towns)
    ]
    if as_json:
        click.echo(json.dumps({"total": rows[0], "towns": rows[1:]}))
        return
    for row in rows:
        click.echo(
            f"{row['municipality'] or 'all'}: {row['learners']} learners, {row['completed']} completed, "
            f"{row['behind']} behind, {row['percent']}% on average"
        )


@click.command()
@click.argument("cohort", type=int)
@municipality_option()
@by_option
@consortium_option
@click.option("--output", type=click.File("wb"), default="-", help="Standard output unless given.")
def xapi(cohort: int, code: str, email: str, consortium: int | None, output: IO[bytes]) -> None:
    """Write a cohort's learning records as xAPI 1.0.3 statements, one a line, under pseudonyms."""
    with opened(code, consortium) as (municipality, _):
        person = the_person(email, RUN, municipality)
        found = _the_cohort(cohort)
        record_export(found, municipality, person)
        for one in statements(found):
            output.write(one.as_json().encode() + b"\n")


def _read(folder: Path) -> Curriculum:
    found, problems = read_curriculum(folder)
    for problem in problems:
        click.echo(str(problem))
    if found is None:
        raise click.ClickException(f"{len(problems)} problems")
    return found


def _the_cohort(pk: int) -> Cohort:
    found = Cohort.objects.select_related("version__course", "consortium").filter(pk=pk).first()
    if found is None:
        raise click.ClickException(f"there is no cohort {pk} in this consortium")
    return found


commands: Sequence[click.Command] = (
    check_curriculum,
    import_curriculum,
    cohorts,
    enrol,
    progress,
    xapi,
)
