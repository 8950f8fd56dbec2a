"""Commands of applications: take in files, read what waits, see the queue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from machi.base.cli_door import by_option, the_person
from machi.base.cli_options import NotRunning, municipality_option, the_municipality
from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.casework.domain import intake, own_procedures, queries, reading
from machi.casework.domain.intake_words import refusal_words
from machi.casework.models import Application, Procedure


@contextmanager
def opened(code: str) -> Iterator[Municipality]:
    municipality = the_municipality(code)
    try:
        with in_municipality(municipality):
            yield municipality
    except NotApproved as refused:
        raise NotRunning(str(refused.message)) from None
    except Refused as refused:
        raise click.ClickException(str(refused.message)) from None


@click.command("intake")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@municipality_option()
@click.option("--procedure", "key", default="", help="Key of the procedure; none: the forms say which it is.")
@click.option("--move", is_flag=True, help="Move the files of folders to done/ and refused/ below them.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each file.")
def take_in(paths: tuple[Path, ...], code: str, key: str, move: bool, dry_run: bool) -> None:
    """Take files, and all files of folders, as applications. Exit status 1 where one was refused."""
    with opened(code) as municipality:
        procedure = _procedure(key)
        taken: list[intake.Taken] = []
        if dry_run:
            taken += intake.dry_run((one.name, one.read_bytes()) for path in paths for one in _files(path))
            paths = ()
        for path in paths:
            if path.is_dir() and move:
                taken += intake.take_folder(municipality, path, procedure=procedure)
                continue
            for file in _files(path):  # one at a time: a folder may be larger than the memory
                taken += intake.take(
                    municipality,
                    [(file.name, file.read_bytes())],
                    channel=Application.Channel.FOLDER,
                    procedure=procedure,
                )
        for one in taken:
            number = one.application.number if one.application else "-"
            why = f"\t{refusal_words(one.key, one.arguments)}" if one.key else ""
            click.echo(f"{one.outcome}\t{number}\t{one.name}{why}")
    if any(one.outcome == "refused" for one in taken):
        raise SystemExit(1)


@click.command("read")
@municipality_option()
def read(code: str) -> None:
    """Read and check all that waits now, in this process. Stopped and begun again it goes on where it was."""
    with opened(code) as municipality:
        if why := reading.may_not(municipality):
            raise NotRunning(why)
        if reading.stopped():
            raise click.ClickException("the reading was stopped on the page of applications; resume it there")
    with click.progressbar(length=1, label="reading", show_pos=True) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total or 1
            bar.update(done - bar.pos)

        done = reading.run(municipality, show)
    click.echo(f"{done} applications read")


@click.command("queue")
@municipality_option()
@click.option("--state", default="", help="A state, or all; none: what is not finished.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def queue(code: str, state: str, as_json: bool) -> None:
    """List applications by deadline and doubt. No names: those stand on the pages."""
    with opened(code):
        rows = [_row(one) for one in queries.queue(state=state)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("\t".join(str(value) for value in row.values()))


@click.command("procedure")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@municipality_option()
@by_option
@click.option("--form", "forms", multiple=True, help="Key of a form made on screen; the main form first.")
@click.option("--dry-run", is_flag=True, help="Only say what is wrong with it.")
def take_procedure(folder: Path, code: str, email: str, forms: tuple[str, ...], dry_run: bool) -> None:
    """Take the procedure described in FOLDER (procedure.json, rules.json, letters.json) into use, or change one."""
    with opened(code) as municipality:
        person = the_person(email, "casework.define_forms", municipality)
        about = own_procedures.check(folder, forms).about
        if not dry_run:
            own_procedures.take(municipality, folder, person, forms)
    click.echo(f"{about.key}\t{about.title}")


def _files(path: Path) -> list[Path]:
    return sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]


def _procedure(key: str) -> Procedure | None:
    if not key:
        return None
    found = Procedure.objects.filter(key=key).first()
    if found is None:
        raise click.ClickException(f"no procedure in use has the key {key}")
    return found


def _row(one: Application) -> dict[str, object]:
    return {
        "number": one.number,
        "procedure": one.procedure.key if one.procedure else "",
        "state": one.state,
        "due_on": one.due_on.isoformat(),
        "lowest_confidence": one.lowest_confidence,
        "doubtful": one.doubtful,
        "failed": one.failed,
        "unsure": one.unsure,
        "outcome": one.outcome,
        "straight_through": one.straight_through,
    }


commands: tuple[click.Command, ...] = (take_in, read, queue, take_procedure)
