"""Commands of drafting."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import get_args

import click

from machi.base.cli_door import by_option, the_person
from machi.base.cli_options import NotRunning, municipality_option, the_municipality
from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.casework.domain import drafting as verbs
from machi.casework.domain import drafting_files as files
from machi.casework.domain import drafting_queries as queries
from machi.casework.domain import transcribing as recording
from machi.casework.domain.drafting_edit import body
from machi.casework.domain.drafting_given import readable
from machi.casework.domain.drafting_templates import offered
from machi.casework.domain.recording_words import refusal
from machi.casework.engine.draft_pieces import as_text
from machi.casework.engine.draft_templates import shipped_text
from machi.casework.engine.speech_audio import wav
from machi.casework.engine.speech_isolated import hear
from machi.casework.engine.speech_models import digest
from machi.casework.engine.speech_types import RATE, Language, NotHeard
from machi.casework.engine.summary import LENGTHS
from machi.casework.models import Draft

PERMISSION = "casework.draft"
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@contextmanager
def _opened(code: str) -> Iterator[Municipality]:
    municipality = the_municipality(code)
    try:
        with in_municipality(municipality):
            yield municipality
    except NotApproved as refused:
        raise NotRunning(str(refused.message)) from None
    except Refused as refused:
        raise click.ClickException(str(refused.message)) from None


@click.command("drafts")
@municipality_option()
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def list_drafts(code: str, as_json: bool) -> None:
    """List drafts, summaries and minutes, newest change first."""
    with _opened(code):
        found = list(queries.drafts())
    if as_json:
        fields = ("pk", "work", "title", "state", "number", "unsourced")
        click.echo(
            json.dumps([{name: getattr(one, name) for name in fields} for one in found], ensure_ascii=False)
        )
        return
    for one in found:
        click.echo(f"{one.pk}\t{one.work}\t{one.state}\t{one.title}")


@click.command("draft")
@click.argument("template")
@municipality_option()
@by_option
@click.option("--set", "values", multiple=True, metavar="FIELD=TEXT", help="A field of the template.")
@click.option("--personal-checked", is_flag=True, help="You have looked at the personal information found.")
def draft(template: str, code: str, email: str, values: Sequence[str], personal_checked: bool) -> None:
    """Draft from TEMPLATE (letter-reply, notice-change, council-answer, article-event, easy-rewrite, or the town's)."""
    with _opened(code) as town:
        person = the_person(email, PERMISSION, town)
        one = offered().get(template)
        if one is None:
            raise click.ClickException(f"no template {template}; there are {', '.join(offered())}")
        given = dict(value.split("=", 1) for value in values if "=" in value)
        text = one.own.text if one.own else shipped_text(template)
        made = verbs.make_draft(town, person, one.template, text, given, personal_checked=personal_checked)
        _tell(made)


@click.command("summarise")
@FILE
@municipality_option()
@by_option
@click.option("--length", type=click.Choice(list(LENGTHS)), default="middle", show_default=True)
def summarise(file: Path, code: str, email: str, length: str) -> None:
    """Summarise FILE (Word, PDF, Excel, HTML, text)."""
    with _opened(code) as town:
        person = the_person(email, PERMISSION, town)
        given = readable(name=file.name, data=file.read_bytes())
        _tell(verbs.start_summary(town, person, given=given, length=length))


@click.command("minutes")
@FILE
@municipality_option()
@by_option
@click.option("--on", "held_on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of the meeting.")
@click.option("--title", required=True, help="Name of the meeting.")
def minutes(file: Path, code: str, email: str, held_on: datetime, title: str) -> None:
    """Minutes of the transcript FILE (text, Word, WebVTT, SRT)."""
    with _opened(code) as town:
        person = the_person(email, PERMISSION, town)
        given = readable(name=file.name, data=file.read_bytes())
        _tell(verbs.start_minutes(town, person, given=given, title=title, held_on=held_on.date()))


@click.command("transcribe")
@FILE
@municipality_option()
@by_option
@click.option("--on", "held_on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of the meeting.")
@click.option("--title", required=True, help="Name of the meeting.")
@click.option("--language", type=click.Choice(get_args(Language)), required=True, help="Spoken in it.")
def transcribe(file: Path, code: str, email: str, held_on: datetime, title: str, language: Language) -> None:
    """Write the recording FILE down, here and now; the transcript is a draft to be corrected and confirmed."""
    with _opened(code) as town:
        person = the_person(email, PERMISSION, town)
        draft = recording.take(
            town, person, data=lambda: _pieces(file), title=title, held_on=held_on.date(), language=language
        )
        shown = 0
        with click.progressbar(length=1, label="listening", file=sys.stderr) as bar:

            def report(done: int, total: int) -> None:
                nonlocal shown
                bar.length = max(total, 1)
                bar.update(done - shown)
                shown = done

            made = recording.write_down(draft, person, report)
        if not made.number:
            raise click.ClickException(made.reason)
        click.echo(f"{made.pk}: {files.label(made)}", err=True)
        click.echo(as_text(body(made).pieces))


@click.command("speech")
def speech() -> None:
    """Which model recordings are written down with; tries it on a second of silence. Status 1 where there is none."""
    try:
        model = recording.the_model()
        click.echo(
            f"model\t{model.name}{' (of the extra speech)' if model.shipped else ''}\nfolder\t{model.folder}\n"
            f"languages\t{' '.join(model.languages)}\nsha256\t{digest(model)}"
        )
        hear([wav(bytes(2 * RATE))], model, model.languages[0])
    except NotHeard as refused:
        told = " ".join(f"{name}={value}" for name, value in refused.arguments.items())
        raise click.ClickException(f"{f'{refused.key} {told}'.strip()}: {refusal(refused)}") from None
    click.echo("works\tyes")


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(1 << 20):
            yield piece


def _tell(made: Draft) -> None:
    if not made.number:
        click.echo(f"{made.pk}: waiting for a worker")
        return
    click.echo(f"{made.pk}\n{files.markdown(made)}")


commands: tuple[click.Command, ...] = (list_drafts, draft, summarise, minutes, transcribe, speech)
