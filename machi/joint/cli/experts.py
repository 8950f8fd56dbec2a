"""Shared staff and external experts: needs, registration, matching, agreements: from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from machi.base.cli_door import by_option, opened, the_person
from machi.base.cli_options import municipality_option
from machi.base.web.table_problems import told
from machi.joint.domain import experts as rounds
from machi.joint.domain import experts_import, experts_matching
from machi.joint.domain.experts_cards import card
from machi.joint.engine.matching import Side, deferred_acceptance
from machi.joint.engine.matching_csv import read_side, to_market, write_pairs
from machi.joint.engine.matching_limits import blocking
from machi.joint.models import Expert, ExpertRound, MatchingRun

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("match-csv")
@click.argument("experts", type=_FILE)
@click.argument("towns", type=_FILE)
@click.option(
    "--propose",
    type=click.Choice([side.value for side in Side]),
    default=Side.EXPERTS.value,
    show_default=True,
)
@click.option("--seed", default="1", show_default=True, help="What the lots that break ties hang on.")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Where the pairs go.")
def match_csv(experts: Path, towns: Path, propose: str, seed: str, output: Path | None) -> None:
    """Match two files of preferences stably; no database, no personal data.

    Each file has the columns name,quota,choices; choices are names from best to worst parted by blanks, ties in
    brackets: h3 (h1 h2) h4. Residents and hospitals of published instances are experts and towns.
    """
    try:
        sides = [read_side(path.read_text("utf-8-sig")) for path in (experts, towns)]
        both = to_market(sides[0], sides[1], seed)
        matching = deferred_acceptance(both, Side(propose))
    except (ValueError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    text = write_pairs(both, matching, sides[0].names, sides[1].names)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")
    click.echo(
        f"{len(matching.entries)} pairs, {len(blocking(both, matching.entries))} blocking pairs", err=True
    )


@click.command("expert-rounds")
@municipality_option()
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def list_rounds(code: str, as_json: bool) -> None:
    """List the rounds of the municipality's consortium."""
    with opened(code):
        found = [
            {
                "round": one.pk,
                "title": one.title,
                "state": one.state,
                "postings": one.posting_count,
                "experts": one.expert_count,
            }
            for one in rounds.rounds()
        ]
    _print(found, as_json, "{round}: {title} ({state}), {postings} postings, {experts} experts")


@click.command("expert-list")
@municipality_option()
@click.option("--round", "number", type=int, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def list_experts(code: str, number: int, as_json: bool) -> None:
    """List the registered experts of a round, without names."""
    with opened(code):
        begun = _round(number)
        experts = begun.experts.filter(state=Expert.State.ACCEPTED, erased_at=None).select_related(
            "home__prefecture"
        )
        found = [
            {
                "number": one.number,
                "kind": one.kind,
                "skills": one.skills,
                "hours": one.hours,
                "on_site": one.on_site,
                "prefecture": card(one).prefecture.name,
                "fee": one.fee,
            }
            for one in experts
        ]
    _print(found, as_json, "{number}: {kind}, {hours} h, {fee} yen/h, {prefecture}, {skills}")


@click.command("expert-import")
@municipality_option()
@click.option("--round", "number", type=int, required=True)
@by_option
@click.option("--dry-run", is_flag=True, help="Only tell what is in the list and what is wrong with it.")
@click.argument("file", type=_FILE)
def import_list(code: str, number: int, email: str, dry_run: bool, file: Path) -> None:
    """Register external experts from a list in Excel or CSV, all or none."""
    with opened(code) as (town, _):
        begun, who = _round(number), the_person(email, rounds.OFFICE, town)
        sheet = experts_import.read(file.read_bytes(), begun)
        if sheet.problems:
            raise click.ClickException("\n".join(told(sheet.problems, experts_import.WORDS)))
        if dry_run:
            click.echo(f"{len(sheet.registrations)} registrations, nothing wrong, nothing taken")
            return
        count = experts_import.take(sheet, begun, town, who, None)
    click.echo(f"{count} registered")


@click.command("expert-match")
@municipality_option()
@click.option("--round", "number", type=int, required=True)
@by_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def match(code: str, number: int, email: str, as_json: bool) -> None:
    """Match a round by all three methods; nothing is released."""
    with opened(code) as (town, _):
        begun, who = _round(number), the_person(email, rounds.OFFICE, town)
        run = experts_matching.compute(begun, town, who)
        if run.state == MatchingRun.State.WAITING:
            click.echo(f"run {run.pk} is left to a worker (machi worker)", err=True)
            return
        found = [
            {"run": run.pk, "method": one.method, **one.figures, "digest": run.digest}
            for one in run.results.all()
        ]
    _print(
        found, as_json, "run {run}, {method}: {pairs} pairs, total fit {fit:.2f}, {blocking} blocking pairs"
    )


def _round(number: int) -> ExpertRound:
    found = ExpertRound.objects.select_related("consortium").filter(pk=number).first()
    if found is None:
        raise click.ClickException(f"there is no round {number}; see `machi joint expert-rounds`")
    return found


def _print(found: Sequence[dict[str, Any]], as_json: bool, line: str) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        click.echo(line.format(**one))


commands: Sequence[click.Command] = (match_csv, list_rounds, list_experts, import_list, match)
"""Below ``machi joint``."""
