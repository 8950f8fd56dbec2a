"""Calls for joint projects: proposals, screening, reviews, ranking, selection, letters: from the command line.

What decides or computes something asks who does it, and of them the permission that the pages ask for; drafts are
shown to nobody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from machi.base.cli_door import by_option, opened, the_person
from machi.base.cli_options import municipality_option
from machi.base.engine.letters import to_pdf, to_word
from machi.base.web.table_problems import told
from machi.joint.domain import calls_evaluation, calls_import, calls_letters, calls_review
from machi.joint.domain.calls_access import RUN
from machi.joint.domain.calls_record import Acting
from machi.joint.domain.calls_words import because, rule_names
from machi.joint.models import Call

_json = click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
_call = click.option(
    "--call", "number", type=int, required=True, help="Number of the call (`machi joint calls`)."
)


@click.command("calls")
@municipality_option()
@_json
def list_calls(code: str, as_json: bool) -> None:
    """List the calls of the municipality's consortium."""
    with opened(code):
        rows = [
            {
                "id": one.pk,
                "title": one.title,
                "state": one.state,
                "closes_on": one.closes_on.isoformat(),
                "budget": one.budget,
                "proposals": one.proposals.filter(number__isnull=False).count(),
            }
            for one in Call.objects.all()
        ]
    _told(rows, as_json, "{id}: {title} [{state}] 締切 {closes_on} 予算 {budget:,}円 提案 {proposals}件")


@click.command("proposals")
@municipality_option()
@_call
@_json
def list_proposals(code: str, number: int, as_json: bool) -> None:
    """List the proposals handed in to a call."""
    with opened(code):
        rows = [
            {
                "number": one.number,
                "title": one.title,
                "state": one.state,
                "area": one.area,
                "lead": one.lead_id,
                "members": [member.municipality_id for member in one.members.all()],
                "amount": one.amount,
            }
            for one in _the(number)
            .proposals.filter(number__isnull=False)
            .prefetch_related("members")
            .order_by("number")
        ]
    _told(rows, as_json, "{number}: {title} [{state}] {lead} {amount:,}円")


@click.command("import-proposals")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@municipality_option()
@_call
@by_option
@click.option("--dry-run", is_flag=True, help="Only tell what would be taken.")
def import_proposals(file: Path, code: str, number: int, email: str, dry_run: bool) -> None:
    """Take applications from an Excel or CSV file: all of them, or none and why."""
    data = file.read_bytes()
    with opened(code) as (town, _):
        by = Acting(town, the_person(email, RUN, town))
        call = _the(number)
        read = calls_import.read(call, data)
        for problem in told(read.problems, calls_import.SAID):
            click.echo(problem, err=True)
        if read.problems:
            raise click.exceptions.Exit(1)
        if dry_run:
            click.echo(f"{len(read.applied)} 件を取り込めます")
        else:
            click.echo(f"{calls_import.take(call, by, data)} 件を取り込みました")


@click.command("assign-reviewers")
@municipality_option()
@_call
@by_option
def assign_reviewers(code: str, number: int, email: str) -> None:
    """Assign the call's reviewers to its proposals, without conflicts of interest and evenly."""
    with opened(code) as (town, _):
        by = Acting(town, the_person(email, RUN, town))
        call = _the(number)
        done = calls_review.assign(call, by)
    click.echo(f"{len(done.pairs)} 件、1人あたり {min(done.loads.values())}～{max(done.loads.values())} 件")


@click.command("rank-proposals")
@municipality_option()
@_call
@by_option
@click.option(
    "--steadiness", is_flag=True, help="Also compute here and now how steady the recommendation is."
)
@_json
def rank_proposals(code: str, number: int, email: str, steadiness: bool, as_json: bool) -> None:
    """Rank the proposals by their marks and recommend a selection within the budget."""
    with opened(code) as (town, _):
        by = Acting(town, the_person(email, RUN, town))
        call = _the(number)
        evaluation = calls_evaluation.evaluate(call, by)
        if steadiness:
            calls_evaluation.compute_steadiness(evaluation, by.person)
        names = rule_names(evaluation)
        rows = [
            {
                "rank": place["rank"],
                "number": place["number"],
                "score": round(place["score"], 4),
                "recommended": place["selected"],
                "reason": because(place, names),
                "steadiness": evaluation.steadiness.get(str(place["proposal"])),
            }
            for place in evaluation.places
        ]
    _told(rows, as_json, "{rank}位 提案{number} {score:.2f}点 {reason}")


@click.command("notification-letters")
@municipality_option()
@_call
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def notification_letters(code: str, number: int, file: Path) -> None:
    """Write all letters of a decided call into FILE (.pdf or .docx)."""
    makers = {".pdf": to_pdf, ".docx": to_word}
    if file.suffix not in makers:
        raise click.ClickException("FILE must end in .pdf or .docx")
    with opened(code):
        letters = calls_letters.letters_of(_the(number))
    if not letters:
        raise click.ClickException("この公募の採否は、まだ決まっていません。")
    file.write_bytes(makers[file.suffix](letters))
    click.echo(f"{file}: {len(letters)} 通")


def _the(number: int) -> Call:
    found = Call.objects.select_related("consortium").filter(pk=number).first()
    if found is None:
        raise click.ClickException(f"there is no call {number}; see `machi joint calls`")
    return found


def _told(rows: Sequence[Mapping[str, object]], as_json: bool, line: str) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(line.format(**row))


commands: Sequence[click.Command] = (
    list_calls,
    list_proposals,
    import_proposals,
    assign_reviewers,
    rank_proposals,
    notification_letters,
)
"""Below ``machi joint``."""
