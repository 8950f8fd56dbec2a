"""Welfare places across towns: from the command line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from machi.base.cli_door import by_option, opened, the_person
from machi.base.cli_options import municipality_option
from machi.base.web.table_problems import told as told_problems
from machi.joint.domain import places as verbs
from machi.joint.domain import places_allocation as allocating
from machi.joint.domain import places_confirming as confirming
from machi.joint.domain import places_facilities_import as facilities
from machi.joint.domain import places_import as importing
from machi.joint.domain.places_shown import offers
from machi.joint.engine.welfare_record import check as checked
from machi.joint.models import PlaceAllocation, PlaceRound


def _round(number: int) -> PlaceRound:
    found = PlaceRound.objects.select_related("consortium").filter(pk=number).first()
    if found is None:
        raise click.ClickException(f"there is no round {number}; see `machi joint places list`")
    return found


@click.group()
def places() -> None:
    """Welfare places across towns: rounds, applications, allocation, audit."""


@places.command("list")
@municipality_option()
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def list_rounds(code: str, as_json: bool) -> None:
    """List the rounds of the municipality's consortium."""
    with opened(code):
        found = [
            {
                "id": one.pk,
                "kind": one.kind,
                "title": one.title,
                "deadline": one.deadline.isoformat(),
                "state": one.state,
            }
            for one in verbs.rounds()
        ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one['id']} {one['title']}: {one['kind']}, {one['state']}, {one['deadline']}")


@places.command("import")
@click.argument("number", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@municipality_option()
@by_option
@click.option("--dry-run", is_flag=True, help="Only read and check.")
def import_families(number: int, file: Path, code: str, email: str, dry_run: bool) -> None:
    """Take families from a list in Excel or CSV, all or none."""
    with opened(code) as (town, _):
        about, person = _round(number), the_person(email, "joint.enter_places", town)
        found = importing.preview(about, town, file.read_bytes())
        if found.problems:
            raise click.ClickException("\n".join(told_problems(found.problems, importing.CODES)))
        people = sum(len(one.applicants) for one in found.families)
        if not dry_run:
            importing.take(importing.keep(about, town, person, found), town, person)
    click.echo(f"{len(found.families)} families, {people} applicants{' (not taken)' if dry_run else ''}")


@places.command("import-facilities")
@click.argument("number", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@municipality_option()
@by_option
@click.option("--dry-run", is_flag=True, help="Only read and check.")
def import_facilities(number: int, file: Path, code: str, email: str, dry_run: bool) -> None:
    """Take the municipality's facilities from a list in Excel or CSV, all or none."""
    with opened(code) as (town, _):
        about, person = _round(number), the_person(email, "joint.enter_places", town)
        found = facilities.preview(about, town, file.read_bytes())
        if found.problems:
            raise click.ClickException("\n".join(told_problems(found.problems, facilities.CODES)))
        if not dry_run:
            facilities.take(about, town, person, found.facilities)
    told = f"{len(found.facilities)} facilities, {len(found.changed)} of them changed"
    click.echo(f"{told}{' (not taken)' if dry_run else ''}")


@places.command()
@click.argument("number", type=int)
@municipality_option()
@by_option
@click.option("--trial", is_flag=True, help="Figures from what is there now; never a result.")
def allocate(number: int, code: str, email: str, trial: bool) -> None:
    """Allocate the places of a round here and now, without a worker."""
    with opened(code) as (town, _):
        person = the_person(email, "joint.run_places", town)
        started = allocating.start(_round(number), town, person, trial=trial)
        made = PlaceAllocation.objects.select_related("round", "office", "by", "consortium").get(
            pk=started.pk
        )
        allocating.run(made)
        if made.state != PlaceAllocation.State.DONE:
            raise click.ClickException(made.why)
        told = made.summary
    click.echo(f"{told['placed']} of {told['applicants']} placed. {allocating.stability(told)}")


@places.command()
@click.argument("number", type=int)
@municipality_option()
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def results(number: int, code: str, as_json: bool) -> None:
    """List the municipality's results, and who comes to its facilities, by number."""
    with opened(code) as (town, _):
        proposal = confirming.proposal(_round(number))
        if proposal is None:
            raise click.ClickException("nothing has been allocated yet")
        found: list[dict[str, Any]] = [
            {
                "number": one.number,
                "home": one.home_id,
                "class": one.class_label,
                "facility": one.facility.code if one.facility else None,
                "rank": one.rank,
            }
            for one in offers(proposal, town, everything=False)
        ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one['number']} {one['class']}: {one['facility'] or 'waiting'}")


@places.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Go through an allocation's audit record again (the file that its page offers)."""
    data = file.read_bytes()
    text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    try:
        found = checked(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(f"not a sound record: {error}") from None
    click.echo(
        f"{len(found.faults)} faults, {found.unmet} unmet claims, ranks follow points: {found.ranks_follow}"
    )
    if not found.sound:
        raise click.ClickException("the record does not hold")


commands: Sequence[click.Command] = (places,)
