"""Joint tourism: spots, routes, shareable plans, requests: from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.urls import reverse

from machi.base.cli_door import by_option, opened, the_person
from machi.base.cli_options import municipality_option
from machi.base.web.table_problems import told
from machi.joint.domain import tourism as verbs
from machi.joint.domain.tourism_gains import gains
from machi.joint.domain.tourism_plans import Wishes, make_plan
from machi.joint.domain.tourism_queries import clock_of, staff_spots
from machi.joint.engine.routes_travel import Mode
from machi.joint.engine.visit_gains import COUNTED, table
from machi.joint.models import Spot
from machi.joint.web.tourism_spots import PROBLEMS

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")


@click.command("spots")
@municipality_option()
@JSON
def list_spots(code: str, as_json: bool) -> None:
    """List a town's spots and what other members have published."""
    with opened(code) as (town, _):
        found = list(staff_spots(town))
    if as_json:
        fields = ("pk", "municipality_id", "kind", "category", "name", "latitude", "longitude", "published")
        click.echo(
            json.dumps([{name: getattr(one, name) for name in fields} for one in found], ensure_ascii=False)
        )
        return
    for one in found:
        click.echo(f"{one.pk}\t{one.municipality.name}\t{one.category}\t{one.name}")


@click.command("import-spots")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@municipality_option()
@click.option("--source", required=True, help="Whose data and which licence, as it must be shown.")
@click.option(
    "--category", default="facility", type=click.Choice(list(Spot.Category.values)), show_default=True
)
@click.option(
    "--minutes", default=60, show_default=True, help="How long a visit takes, for rows that do not say."
)
@by_option
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_spots(
    file: Path, code: str, source: str, category: str, minutes: int, email: str, dry_run: bool
) -> None:
    """Take a list of standard open data (観光施設一覧, イベント一覧 ...), all or nothing."""
    data = file.read_bytes()
    with opened(code) as (town, consortium):
        person = the_person(email, "joint.change_spots", town)
        found = verbs.preview(consortium, town, data, category, minutes)
        if found.listed.problems:
            raise click.ClickException("\n".join(told(found.listed.problems, PROBLEMS)))
        if not dry_run:
            verbs.take_list(
                consortium,
                town,
                person,
                data,
                category=category,
                visit_minutes=minutes,
                source=source,
                published=True,
            )
    figures = f"new {len(found.new)}, changed {len(found.changed)}, same {found.same}"
    click.echo(
        f"{figures}, hours not readable {len(found.hours_open)}, near wireless LAN {len(found.near_wifi)}"
    )


@click.command("plan-route")
@municipality_option()
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day.")
@click.option("--days", default=1, show_default=True)
@click.option("--mode", default="car", type=click.Choice([mode.value for mode in Mode]), show_default=True)
@click.option("--start", help="town:142123 or spot:12; the town itself if not given.")
@click.option("--interest", "interests", multiple=True, type=click.Choice(list(Spot.Category.values)))
@click.option("--must", multiple=True, type=int, help="Number of a spot.")
@JSON
def plan_route(
    code: str,
    day: datetime,
    days: int,
    mode: str,
    start: str | None,
    interests: Sequence[str],
    must: Sequence[int],
    as_json: bool,
) -> None:
    """Plan a route over the consortium's spots and keep it under a link, as any visitor may without an account."""
    with opened(code) as (town, consortium):
        wishes = Wishes(day.date(), days, mode, start or f"town:{code}", interests=interests, must=must)
        plan = make_plan(consortium, town, None, wishes)
        stops = list(plan.stops.select_related("spot"))
    page = settings.MACHI_URL + reverse("joint:visit_plan", args=[code, plan.token])
    if as_json:
        told_stops = [[stop.day + 1, stop.spot_id, stop.begins, stop.ends] for stop in stops]
        click.echo(json.dumps({"link": page, "stops": told_stops, **plan.result}, ensure_ascii=False))
        return
    for stop in stops:
        name = stop.spot.name if stop.spot else "昼休み"
        click.echo(f"{stop.day + 1}\t{clock_of(stop.begins)}-{clock_of(stop.ends)}\t{name}")
    click.echo(f"value {plan.result['value']}, at most {plan.result['bound']}\n{page}")


@click.command("visit-gains")
@municipality_option()
@JSON
def visit_gains(code: str, as_json: bool) -> None:
    """Which town gains what from joint tourism; small figures are not shown."""
    with opened(code) as (_, consortium):
        counted = gains(consortium)
    cells = table(counted)
    rows = [
        {
            "municipality": one.code,
            "spots": one.spots,
            **{name: cells[one.code][name].value for name in COUNTED},
        }
        for one in counted
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo("\t".join("-" if value is None else str(value) for value in row.values()))


commands: Sequence[click.Command] = (list_spots, import_spots, plan_route, visit_gains)
"""Below ``machi joint``."""
