"""Commands of what is exchanged with other systems: write applications out, take theirs in, the mappings for both."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from machi.base.cli_door import by_option, the_person
from machi.base.cli_options import municipality_option
from machi.casework.cli.applications import opened
from machi.casework.domain import imports, mappings, output
from machi.casework.domain.importing_words import of_sort
from machi.casework.domain.output_words import problem_words
from machi.casework.models import OwnMapping

PROCESS, DEFINE = "casework.process_applications", "casework.define_forms"


@click.command("export")
@municipality_option()
@click.option("--mapping", "key", required=True, help="Key of the mapping, e.g. park-event-permit.cp932.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day of decision.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day of decision.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="Folder to drop the file into.")
@click.option("--dry-run", is_flag=True, help="Only say what is wrong with it.")
def export(code: str, key: str, since: datetime, until: datetime, to: Path | None, dry_run: bool) -> None:
    """Write decided applications for another system. Exit status 1 where one cannot be written: then none is."""
    if to is None and not dry_run:
        raise click.ClickException("--to or --dry-run")
    with opened(code) as municipality:
        layout = mappings.the(key)
        if dry_run:
            written = output.dry_run(layout, since.date(), until.date())
        else:
            written = output.write_out(municipality, layout, since.date(), until.date(), None)
    for problem in (*written.report.errors, *written.report.warnings):
        click.echo(problem_words(problem), err=True)
    if written.report.errors:
        raise SystemExit(1)
    click.echo(f"{written.report.rows} applications")
    if to is not None and not dry_run:
        to.mkdir(parents=True, exist_ok=True)
        name = f"{key.replace('.', '-')}-{since:%Y%m%d}-{until:%Y%m%d}.{layout.suffix}"
        partly = to / f".{name}"
        partly.write_bytes(written.data)
        partly.chmod(0o600)
        partly.replace(to / name)  # whoever watches the folder sees it whole
        click.echo(str(to / name))


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@municipality_option()
@by_option
@click.option("--mapping", "key", required=True, help="Key of the mapping (machi casework mapping list).")
@click.option("--move", is_flag=True, help="Of a folder: move its files to done/ and refused/ below it.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each row.")
def take(path: Path, code: str, email: str, key: str, move: bool, dry_run: bool) -> None:
    """Take the rows of another system's file, or of all files of a folder, as applications: of each file all that is
    new, or nothing. Exit status 1 where something is wrong."""
    wrong = False
    with opened(code) as municipality:
        person = the_person(email, PROCESS, municipality)
        mappings.the(key)
        if move and path.is_dir() and not dry_run:
            for name, outcome in imports.take_folder(municipality, path, key, person):
                wrong |= _told(name, outcome)
            return _ended(wrong)
        for file in sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]:
            data = file.read_bytes()
            if dry_run:
                found = imports.Outcome(imports.dry_run(key, data), None)
            else:
                found = imports.take(municipality, key, file.name, data, person)
            wrong |= _told(file.name, found, dry_run=dry_run)
    return _ended(wrong)


@click.group("mapping")
def mapping() -> None:
    """How files of other systems are laid out: machi's own and the town's."""


@mapping.command("list")
@municipality_option()
def list_mappings(code: str) -> None:
    """List the mappings for the procedures in use."""
    with opened(code):
        for key, one in mappings.offered().items():
            whose = f"town v{one.own.version}" if one.own else "machi"
            click.echo(f"{key}\t{whose}\t{one.mapping.title}")


@mapping.command("show")
@click.argument("key")
@municipality_option()
def show(key: str, code: str) -> None:
    """Print the definition of KEY, to begin one's own with."""
    with opened(code):
        mappings.the(key)
        click.echo(mappings.offered()[key].text)


@mapping.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@municipality_option()
@by_option
@click.option("--replace", is_flag=True, help="Use it in the place of one with the same key.")
@click.option("--dry-run", is_flag=True, help="Only say what is wrong with it.")
def add(file: Path, code: str, email: str, replace: bool, dry_run: bool) -> None:
    """Take the mapping described in FILE (JSON) into use."""
    with opened(code) as municipality:
        person = the_person(email, DEFINE, municipality)
        try:
            text = file.read_text("utf-8-sig")
        except UnicodeDecodeError:
            raise click.ClickException(f"{file.name} is not UTF-8") from None
        found = mappings.check(text)
        version = "" if dry_run else f"\tv{mappings.add(municipality, person, text, replace=replace).version}"
        click.echo(f"{found.key}{version}\t{found.title}")


@mapping.command("withdraw")
@click.argument("key")
@municipality_option()
@by_option
def withdraw(key: str, code: str, email: str) -> None:
    """Use the town's own mapping KEY no longer; machi's own of that key, if there is one, is used again."""
    with opened(code) as municipality:
        person = the_person(email, DEFINE, municipality)
        one = OwnMapping.objects.filter(key=key, active=True).first()
        if one is None:
            raise click.ClickException(f"the town has no mapping of its own called {key}")
        mappings.withdraw(one, person)


def _told(name: str, outcome: imports.Outcome, *, dry_run: bool = False) -> bool:
    """Says what became of a file; whether something is wrong with it."""
    preview = outcome.preview
    for told in (*preview.errors, *of_sort(preview.told, "warning"), *of_sort(preview.told, "known")):
        click.echo(f"{name}: {told}", err=True)
    new = len(preview.fresh)
    counted = f"{preview.rows} rows, {preview.known} known"
    if preview.errors:
        click.echo(f"{name}: {counted}, {preview.wrong} wrong: nothing taken")
    else:
        click.echo(f"{name}: {counted}, {new} {'would be taken' if dry_run else 'taken'}")
    return bool(preview.errors)


def _ended(wrong: bool) -> None:
    if wrong:
        raise SystemExit(1)


commands: tuple[click.Command, ...] = (export, take, mapping)
