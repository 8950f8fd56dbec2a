"""Commands of the front desk: ask, sources, index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import click
from django.utils import timezone

from machi.base.cli_options import NotRunning, municipality_option, the_municipality
from machi.base.domain.errors import Refused
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.frontdesk.domain import answers, asking, indexing
from machi.frontdesk.domain import sources as source_verbs
from machi.frontdesk.engine.reading import ReadResult, files_in
from machi.frontdesk.models import Inquiry, Source


def _day(context: click.Context, parameter: click.Parameter, value: str | None) -> date:
    if value is None:
        return timezone.localdate()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("a day is written like 2025-04-01") from None


@click.command()
@click.argument("question")
@municipality_option()
@click.option("--on", callback=_day, help="Day for which the sources must be valid (default: today).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def ask(question: str, code: str, on: date, as_json: bool) -> None:
    """Ask a municipality's front desk; the answer comes with its sources."""
    municipality = the_municipality(code)
    with in_municipality(municipality):
        try:
            inquiry = asking.ask(municipality, question, language="ja", channel=Inquiry.Channel.CLI, on=on)
        except NotApproved as refused:
            _print_urgent(answers.urgent_contacts(asking.urgent_kinds(question), "ja"), err=True)
            raise NotRunning(str(refused.message)) from None
        except Refused as refused:
            raise click.ClickException(str(refused.message)) from None
        shown = answers.shown(inquiry)
        if as_json:
            click.echo(json.dumps(_as_json(shown), ensure_ascii=False))
            return
        _print_urgent(shown.urgent)
        if not shown.known:
            click.echo("町の資料からは答えが見つかりませんでした。（分かりません）")
        for part in shown.parts:
            for about, citations in groupby(part.citations, key=lambda citation: citation.about):
                if about:
                    click.echo(f"【{about}】")
                for citation in citations:
                    click.echo(f"{citation.text} [{part.number}]")
        if shown.known:
            click.echo(f"\n確からしさ: {shown.percent} %")
        for part in shown.parts:
            day = f"、{part.document.date}" if part.document.date else ""
            click.echo(
                f"[{part.number}] {part.source.name}「{part.document.title}」{day} {part.document.url}"
            )
        for reason in shown.reasons:
            click.echo(f"・{reason}")


def _print_urgent(contacts: Sequence[answers.UrgentContact], *, err: bool = False) -> None:
    for contact in contacts:
        click.secho(
            f"{contact.label}: {' / '.join(number for number, _ in contact.numbers)}", bold=True, err=err
        )


def _as_json(shown: answers.ShownAnswer) -> dict[str, object]:
    return {
        "known": shown.known,
        "confidence": round(shown.inquiry.confidence, 4),
        "sentences": [
            {
                "text": citation.text,
                "about": citation.about,
                "source": part.source.name,
                "title": part.document.title,
                "date": part.document.date.isoformat() if part.document.date else None,
                "url": part.document.url,
                "document": part.document.pk,
                "start": citation.start,
                "end": citation.end,
            }
            for part in shown.parts
            for citation in part.citations
        ],
        "urgent": [[contact.label, [number for number, _ in contact.numbers]] for contact in shown.urgent],
        "reasons": shown.reasons,
    }


@click.group()
def sources() -> None:
    """The documents a front desk answers from."""


@sources.command("list")
@municipality_option()
def list_sources(code: str) -> None:
    """List sources and their files."""
    with in_municipality(the_municipality(code)):
        for source in Source.objects.prefetch_related("files"):
            files = [file for file in source.files.all() if file.current]
            state = "" if source.active else " (not used)"
            click.echo(
                f"{source.name}{state}: {len(files)} files, {source.documents.filter(current=True).count()} documents"
            )
            for file in files:
                click.echo(
                    f"  {file.name} v{file.version}  {file.kind}  read {file.read}, not read {file.not_read}"
                )


def _files(named: Sequence[Path]) -> list[tuple[str, Path]]:
    return [file for path in named for file in files_in(path)]


@sources.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@municipality_option()
@click.option("--source", "name", required=True, help="Name of the source; it is made where there is none.")
@click.option("--url", default="", help="Where the source is published.")
@click.option("--attribution", default="", help="Credit and licence to be shown.")
def add(paths: tuple[Path, ...], code: str, name: str, url: str, attribution: str) -> None:
    """Read files and folders into a source. Known files with new contents become new versions.

    Exit status 1 where something could not be read.
    """
    municipality = the_municipality(code)
    failed = 0
    with in_municipality(municipality):
        source = Source.objects.filter(name=name).first() or source_verbs.add_source(
            municipality, name=name, url=url, attribution=attribution
        )
        files = _files(paths)
        with click.progressbar(files, label="reading", show_pos=True) as bar:
            added = []
            for file_name, path in bar:
                try:
                    added.append(source_verbs.add_file(source, file_name, path.read_bytes()))
                except Refused as refused:
                    failed += 1
                    click.echo(f"\n{file_name}: {refused.message}", err=True)
        for file in added:
            click.echo(f"{file.name} v{file.version}: read {file.read}, not read {file.not_read}")
            for problem in file.problems:
                failed += problem["severity"] == "error"
                click.echo(f"  {problem['severity']} {problem['place']} {problem['message']}")
    if failed:
        raise SystemExit(1)


@sources.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def check(paths: tuple[Path, ...]) -> None:
    """Say what would be read of files and folders and what not; nothing is stored. Exit status 1 on errors."""
    errors = 0
    for name, path in _files(paths):
        try:
            result: ReadResult = source_verbs.check_file(name, path.read_bytes())
        except Refused as refused:
            errors += 1
            click.echo(f"{name}: {refused.message}", err=True)
            continue
        click.echo(
            f"{name}: {result.kind}, {len(result.documents)} documents, read {result.read}, not read {result.not_read}"
        )
        for problem in result.problems:
            errors += problem.severity == "error"
            click.echo(f"  {problem.severity} {problem.place} {problem.message}")
    if errors:
        raise SystemExit(1)


@click.group()
def index() -> None:
    """The search index of a municipality."""


@index.command()
@municipality_option()
@click.option("--no-embeddings", is_flag=True, help="Full text only.")
def build(code: str, no_embeddings: bool) -> None:
    """Bring the index up to date now, in this process."""
    municipality = the_municipality(code)
    indexing.build(municipality)
    if not no_embeddings:
        with click.progressbar(length=1, label="embedding", show_pos=True) as bar:

            def show(done: int, total: int) -> None:
                bar.length = total or 1
                bar.update(done - bar.pos)

            indexing.embed(municipality, show)
    _status(code)


@index.command()
@municipality_option()
def status(code: str) -> None:
    """Say how far the index is."""
    _status(code)


def _status(code: str) -> None:
    municipality = the_municipality(code)
    with in_municipality(municipality):
        state = indexing.status(municipality)
    click.echo(
        f"{municipality.code} {municipality.name}: {state.passages} passages, {state.indexed} in full text, "
        f"{state.embedded} embedded, revision {state.revision}{', working' if state.running else ''}"
    )


commands = (ask, sources, index)
