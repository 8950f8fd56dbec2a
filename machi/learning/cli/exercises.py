"""Exercises from the command line: for whoever writes them. Files alone, no database, nothing kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from machi.joint.engine.indicators import shipped
from machi.learning.domain.exercises_words import about_words, problem_words, reason_words, result_words
from machi.learning.engine import exercises
from machi.learning.engine.exercises import Written

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("check-exercises")
@click.argument("file", type=_FILE)
def check_exercises(file: Path) -> None:
    """Name everything that is wrong with the exercises of FILE, by JSON path."""
    written, problems = exercises.read_file(file.read_bytes())
    for problem in problems:
        click.echo(problem_words(problem), err=True)
    if problems:
        raise click.ClickException(f"problems: {len(problems)}")
    click.echo(f"exercises: {len(written)}, no problems")


@click.command()
@click.argument("task", type=_FILE)
@click.argument("answer", type=_FILE)
@click.option("--slug", default="", help="Which exercise of TASK, where it holds several.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def score(task: Path, answer: Path, slug: str, as_json: bool) -> None:
    """Score the ANSWER (JSON) to the exercise in TASK, with the reason for each item."""
    one = _the_exercise(task, slug)
    try:
        given = json.loads(answer.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise click.ClickException(f"{answer} is not JSON: {fault}") from None
    result = exercises.score(one.kind, one.task, given)
    passed = result.percent >= one.pass_percent
    if as_json:
        told = {
            "percent": result.percent,
            "passed": passed,
            "points": result.points,
            "reasons": {item.id: [reason.code for reason in item.reasons] for item in result.items},
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{one.title}: {result.percent}% ({'passed' if passed else 'not passed'})")
    for line in result_words(result):
        click.echo(f"  {line}")
    for item in result.items:
        said = " ".join(reason_words(reason) for reason in item.reasons)
        click.echo(f"  {item.id} {item.points:.2f} {about_words(item)}: {said}")


@click.command()
@click.argument("word", default="")
def indicators(word: str) -> None:
    """List the indicators of SSDSE-A whose name holds WORD, for data exercises."""
    for one in shipped().indicators:
        if word in one.name:
            click.echo(f"{one.code} {one.name} ({one.year})")


def _the_exercise(file: Path, slug: str) -> Written:
    written, problems = exercises.read_file(file.read_bytes())
    if problems:
        raise click.ClickException("\n".join(problem_words(one) for one in problems))
    found = [one for one in written if slug in ("", one.slug)]
    if len(found) != 1:
        named = ", ".join(one.slug for one in written)
        raise click.ClickException(f"name one exercise with --slug: {named}")
    return found[0]


commands: Sequence[click.Command] = (check_exercises, score, indicators)
