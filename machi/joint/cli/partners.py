"""Partners, cost models, blocks of towns: from the command line."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from machi.base.cli_door import opened
from machi.base.cli_options import NotRunning, municipality_option, the_municipality
from machi.base.domain.errors import Refused
from machi.base.running import NotApproved, ensure_may_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from machi.base.models import Municipality

PURPOSES = ("total", "welfare", "public_works", "education", "staff")
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON value on standard output.")


@click.command("cost-curve")
@municipality_option()
@click.option("--purpose", type=click.Choice(PURPOSES), default="total", show_default=True)
@click.option(
    "--form", type=click.Choice(["spline", "translog", "linear"]), default="spline", show_default=True
)
@as_json
def cost_curve(code: str, purpose: str, form: str, as_json: bool) -> None:
    """How cost (or staff) per head falls with size, and where the town stands."""
    from machi.joint.domain import partners_costs as costs
    from machi.joint.engine.cost_model import Form
    from machi.joint.engine.cost_sample import Purpose

    with _running(the_municipality(code), costs.SYSTEM):
        asked = Purpose(purpose), Form(form)
        points = costs.curve_of(*asked, costs.SIZES)
        own = next(iter(costs.standings(asked[0], [code], asked[1])), None)
    if as_json:
        told = {
            "points": [[one.population, one.value, one.low, one.high] for one in points],
            "own": [own.population, own.actual, own.expected] if own else None,
        }
        click.echo(json.dumps(told))
        return
    for one in points:
        click.echo(f"{one.population:>10,.0f}  {one.value:>9,.1f}  {one.low:,.1f} - {one.high:,.1f}")
    if own:
        click.echo(f"{own.population:>10,}  {own.actual:>9,.1f}  expected {own.expected:,.1f}")


@click.command("partners")
@municipality_option()
@click.option("--likeness", type=click.FloatRange(0), default=1.0, show_default=True)
@click.option("--complement", type=click.FloatRange(0), default=1.0, show_default=True)
@click.option("--nearness", type=click.FloatRange(0), default=1.0, show_default=True)
@click.option("--within-km", type=click.FloatRange(1), help="Only town halls so near.")
@click.option("--members-only", is_flag=True, help="Only towns of the consortium.")
@click.option("--count", type=click.IntRange(1, 1741), default=10, show_default=True)
@as_json
def partners(
    code: str,
    likeness: float,
    complement: float,
    nearness: float,
    within_km: float | None,
    members_only: bool,
    count: int,
    as_json: bool,
) -> None:
    """Suggest towns to work with, and say why."""
    from machi.joint.domain import partners_atlas as atlas
    from machi.joint.domain.partners_suggest import SYSTEM, as_plain, suggested
    from machi.joint.engine.partners import Wish

    if not likeness + complement + nearness:
        raise click.UsageError("one of the weights must be greater than 0")
    wish = Wish(likeness, complement, nearness, within_km=within_km)
    with opened(code) as (town, together):
        ensure_may_run(town, SYSTEM)
        found = suggested(town, together, wish, members_only=members_only, count=count)
    if as_json:
        click.echo(json.dumps(as_plain(wish, members_only, found), ensure_ascii=False))
        return
    names = atlas.named(one.suggestion.code for one in found)
    for one in found:
        click.echo(f"{one.suggestion.score:5.1f}  {one.suggestion.code} {names[one.suggestion.code].name}")
        click.echo("".join(f"       {reason}\n" for reason in one.reasons), nl=False)


@click.command("joint-savings")
@click.argument("towns", nargs=-1, required=True)
@municipality_option()
@click.option("--part", type=click.FloatRange(0, 1, min_open=True), default=1.0, show_default=True)
@as_json
def savings(towns: tuple[str, ...], code: str, part: float, as_json: bool) -> None:
    """What joint work of TOWNS (codes) might save, with its 95 % interval, and what that does not show."""
    from machi.joint.domain import partners as choices
    from machi.joint.domain import partners_costs as costs
    from machi.joint.domain.partners_words import CAVEATS, PURPOSES

    with _running(the_municipality(code), costs.SYSTEM):
        found = choices.estimated(the_municipality(code), towns, part)
    if as_json:
        click.echo(json.dumps(costs.as_plain(found)))
        return
    for one in found:
        share = one.savings.share
        click.echo(f"{share.value:+7.1%}  [{share.low:+.1%}, {share.high:+.1%}]  {PURPOSES[one.purpose]}")
    for caveat in costs.caveats(found):
        click.echo(f"* {CAVEATS[caveat]}")


@click.command("town-blocks")
@municipality_option()
@click.option("--prefecture", required=True, help="Its code (200000 or 20).")
@click.option(
    "--fewest", type=click.IntRange(1), default=4, show_default=True, help="Towns of a block, at least."
)
@click.option(
    "--most", type=click.IntRange(1), default=8, show_default=True, help="Towns of a block, at most."
)
@click.option(
    "--objective", type=click.Choice(["compact", "similar", "balance"]), default="compact", show_default=True
)
@click.option("--number", type=click.IntRange(1), help="How many blocks; needed for balance.")
@click.option("--seconds", type=click.FloatRange(1), default=30.0, show_default=True)
@as_json
def blocks(
    code: str,
    prefecture: str,
    fewest: int,
    most: int,
    objective: str,
    number: int | None,
    seconds: float,
    as_json: bool,
) -> None:
    """Divide a prefecture's towns into contiguous blocks; waits for the solver, stores nothing."""
    from machi.joint.domain import partners_atlas as atlas
    from machi.joint.domain import partners_blocks as verbs
    from machi.joint.engine.grouping import Objective

    if not atlas.of_prefecture(prefecture):
        raise click.BadParameter("there is no such prefecture", param_hint="--prefecture")
    began = time.monotonic()
    with _running(the_municipality(code), verbs.KEY):
        try:
            found = verbs.solved(
                prefecture, (fewest, most), Objective(objective), blocks=number, seconds=seconds
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    plain = verbs.as_plain(found, time.monotonic() - began)
    if as_json:
        click.echo(json.dumps(plain))
        return
    if "why" in plain:
        raise click.ClickException(f"no grouping: {plain['why']}")
    names = atlas.named(town for block in plain["blocks"] for town in block["towns"])
    for at, block in enumerate(plain["blocks"], 1):
        towns = " ".join(names[town].name for town in block["towns"])
        click.echo(f"{at:>3}  {block['population']:>10,}  {towns}")
    proof = "proven best" if plain["gap"] == 0 else f"at most {plain['gap']:.1%} from the best"
    click.echo(f"{plain['value']:,} ({proof}), {plain['seconds']} s")


@click.command("town-pairs")
@municipality_option()
@as_json
def pairs(code: str, as_json: bool) -> None:
    """Towns of the consortium that have both said yes to each other."""
    from machi.joint.domain import partners_interests as interests

    with opened(code):
        found = list(interests.pairs())
    if as_json:
        told = [{"asking": one.asking_id, "asked": one.asked_id, "work": one.work} for one in found]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.asking.name} - {one.asked.name}: {one.work}")


@contextmanager
def _running(town: Municipality, system: str) -> Iterator[None]:
    """Ends the command with a clear word where the AI system may not run, or the request makes no sense."""
    try:
        ensure_may_run(town, system)
        yield
    except NotApproved as refused:
        raise NotRunning(str(refused.message)) from None
    except Refused as refused:
        raise click.ClickException(str(refused.message)) from None


commands: Sequence[Any] = (cost_curve, partners, savings, blocks, pairs)
"""Below ``machi joint``."""
