"""Joint procurement: demand, lots, evaluation, award, who pays what: from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from django.utils.translation import override

from machi.base.cli_door import by_option, opened, the_person
from machi.base.cli_options import municipality_option
from machi.joint.domain import procurement as verbs
from machi.joint.domain import procurement_demand as demand
from machi.joint.domain import procurement_lots as lots
from machi.joint.domain.procurement_words import RULES
from machi.joint.models import JointPurchase, PurchaseLot

as_json_option = click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")


@click.group()
def purchases() -> None:
    """Joint purchases: what is bought together, what towns want, the lots, who pays what."""


@purchases.command("list")
@municipality_option()
@as_json_option
def list_purchases(code: str, as_json: bool) -> None:
    """List the joint purchases of the municipality's consortium."""
    with opened(code):
        found = list(verbs.purchases())
    if as_json:
        told = [
            {
                "id": one.pk,
                "title": one.title,
                "state": one.state,
                "collect_until": one.collect_until.isoformat(),
                "towns": one.town_count,
                "lots": one.lot_count,
            }
            for one in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.pk}  {one.state}  until {one.collect_until}  {one.town_count} towns  {one.title}")


@purchases.command("propose-lots")
@click.argument("purchase", type=int)
@municipality_option()
@as_json_option
def propose_lots(purchase: int, code: str, as_json: bool) -> None:
    """Show the lots that would be proposed now, and what each is expected to save; nothing is written."""
    with opened(code) as (town, _):
        found = lots.proposal(_the_purchase(purchase), town)
    if as_json:
        told = [
            {
                "number": one.number,
                "item": one.item.name,
                "on": one.on.isoformat(),
                "quantity": one.quantity,
                "towns": [line.municipality_id for line in one.demands],
                "saves": [one.expected.saves.least, one.expected.saves.most],
            }
            for one in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in found:
        saves = one.expected.saves
        click.echo(
            f"{one.number}  {one.item.name}  {one.quantity} {one.item.unit}  {len(one.demands)} towns  {one.on}  "
            f"saves {saves.least:,} to {saves.most:,} yen"
        )


@purchases.command("enter-demand")
@click.argument("purchase", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@municipality_option()
@by_option
@click.option("--dry-run", is_flag=True, help="Read the list and say what is wrong; take nothing.")
def enter_demand(purchase: int, file: Path, code: str, email: str, dry_run: bool) -> None:
    """Enter a municipality's demand from an Excel or CSV list, all of it or nothing."""
    from machi.base.web.table_problems import told

    with opened(code) as (town, _), override("ja"):
        person = the_person(email, "joint.enter_demand", town)
        found = _the_purchase(purchase)
        wanted, problems = demand.read(found, file.read_bytes())
        if problems:
            raise click.ClickException("\n".join(told(problems)))
        if not dry_run:
            demand.enter(found, town, person, wanted, source="cli")
    click.echo(f"{len(wanted)} lines {'would be' if dry_run else 'were'} taken")


@purchases.command("shares")
@click.argument("purchase", type=int)
@click.argument("lot", type=int)
@municipality_option()
@as_json_option
def shares(purchase: int, lot: int, code: str, as_json: bool) -> None:
    """Show who would pay what of a lot by each rule, as last computed."""
    with opened(code):
        found = PurchaseLot.objects.filter(purchase=purchase, number=lot).first()
        if found is None or found.sharing is None:
            raise click.ClickException("there is no such lot, or its shares are not computed yet")
    rules: list[dict[str, Any]] = found.sharing["rules"]
    if as_json:
        click.echo(json.dumps({"rule": found.rule, **found.sharing}, ensure_ascii=False))
        return
    with override("ja"):
        for one in rules:
            chosen = " *" if one["rule"] == found.rule else ""
            click.echo(f"{one['rule']} ({RULES[one['rule']]}){chosen}")
            for town, yen in one["pays"].items():
                click.echo(f"  {town}  {yen:>14,}  saves {one['saves'][town]:,}")


def _the_purchase(pk: int) -> JointPurchase:
    found = JointPurchase.objects.select_related("consortium").filter(pk=pk).first()
    if found is None:
        raise click.ClickException(f"there is no purchase {pk}; see `machi joint purchases list`")
    return found


commands: Sequence[click.Command] = (purchases,)
"""Below ``machi joint``."""
