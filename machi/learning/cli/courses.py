"""Courses: curriculum, cohorts, enrolment, progress, certificates, from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from machi.learning.engine.curriculum import read_curriculum


@click.command("check-curriculum")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check_curriculum(folder: Path) -> None:
    """Say what is wrong with a curriculum in a folder, and where; nothing is stored."""
    found, problems = read_curriculum(folder)
    for problem in problems:
        click.echo(str(problem))
    if found is None:
        raise click.ClickException(f"{len(problems)} problems")
    lessons = list(found.lessons)
    exercises = sum(len(one.exercises) for one in lessons)
    minutes = sum(one.about.minutes for one in lessons)
    click.echo(
        f"{found.slug}: {len(found.modules)} modules, {len(lessons)} lessons ({minutes} minutes), "
        f"{exercises} exercises, no problems"
    )


commands: Sequence[click.Command] = (check_curriculum,)
