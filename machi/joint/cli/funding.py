"""Programmes, what fits a plan, and cost-and-benefit sheets: from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from machi.base.cli_door import by_option, consortium_option, opened, the_person
from machi.base.cli_options import municipality_option, the_municipality
from machi.base.web.table_problems import told as told_problems
from machi.joint.domain import funding_lists as lists
from machi.joint.domain import funding_matching as matching
from machi.joint.domain import funding_register as register
from machi.joint.domain.funding_words import shown
from machi.joint.models import Cost, Purpose


@click.command()
@municipality_option()
@consortium_option
@click.option("--open-only", is_flag=True, help="Only those one can still apply for.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def programmes(code: str, consortium: int | None, open_only: bool, as_json: bool) -> None:
    """List programmes and subsidies, the nearest deadline first."""
    with opened(code, consortium):
        found = [
            {
                "id": one.pk,
                "name": one.name,
                "giver": one.giver,
                "purposes": one.purposes,
                "rate": one.rate,
                "ceiling": one.ceiling,
                "deadline": one.deadline.isoformat() if one.deadline else None,
            }
            for one in register.programmes(open_only=open_only)
        ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in found:
        click.echo(f"{line['id']} {line['name']} ({line['giver']}): {line['rate']}, until {line['deadline']}")


@click.command("import-programmes")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@municipality_option()
@consortium_option
@by_option
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_programmes(file: Path, code: str, consortium: int | None, email: str, dry_run: bool) -> None:
    """Take a list of programmes (Excel or CSV); all of it or nothing. Exit status 1 with problems."""
    with opened(code, consortium) as (municipality, found):
        person = the_person(email, "joint.manage_programmes", municipality)
        read = lists.read(file.read_bytes())
        if read.problems:
            raise click.ClickException("\n".join(told_problems(read.problems, lists.WORDS)))
        if dry_run:
            for one in lists.preview(read.rows):
                click.echo(f"{one.state}: {one.name} ({one.giver})")
            return
        added, changed, same = register.take(found, municipality, person, read.rows)
    click.echo(f"new {added}, changed {changed}, unchanged {same}")


@click.command("funding-check")
@municipality_option()
@consortium_option
@by_option
@click.option("--title", required=True)
@click.option("--purpose", "purposes", multiple=True, required=True, type=click.Choice(Purpose.values))
@click.option(
    "--cost", "costs", multiple=True, required=True, help="kind=yen, e.g. setup=3000000; repeatable."
)
@click.option("--with", "others", multiple=True, help="Code of a town that would apply together; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def funding_check(
    code: str,
    consortium: int | None,
    email: str,
    title: str,
    purposes: tuple[str, ...],
    costs: tuple[str, ...],
    others: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say which programmes fit a plan, how much they give, and why the others do not."""
    plan = {
        "title": title,
        "project": None,
        "towns": [the_municipality(other) for other in others],
        "purposes": list(purposes),
        "costs": dict(_cost(one) for one in costs),
    }
    with opened(code, consortium) as (municipality, found):
        person = the_person(email, matching.CHECK, municipality)
        made = matching.check(found, municipality, person, plan)
        results = shown(made)
    if as_json:
        told = [
            {
                "programme": one.programme,
                "name": one.name,
                "fits": one.fits,
                "granted": one.granted,
                "unmet": list(one.unmet),
            }
            for one in results
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in results:
        click.echo(f"{one.name}: {one.granted:,} yen" if one.fits else f"{one.name}: {'; '.join(one.unmet)}")


def _cost(text: str) -> tuple[str, int]:
    kind, _, yen = text.partition("=")
    if kind not in Cost.values or not yen.isdecimal():
        raise click.BadParameter(f"{text}: one of {', '.join(Cost.values)}, =, yen")
    return kind, int(yen)


commands: Sequence[click.Command] = (programmes, import_programmes, funding_check)
"""Below ``machi joint``."""
