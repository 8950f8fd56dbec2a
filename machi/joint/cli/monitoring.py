"""Joint projects under way, from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
from django.utils import timezone

from machi.base.cli_door import consortium_option, opened
from machi.base.cli_options import municipality_option
from machi.joint.domain import monitoring_reports as reports
from machi.joint.domain.monitoring_progress import progress_of
from machi.joint.domain.projects import projects as all_projects
from machi.joint.models import JointProject


@click.command()
@municipality_option()
@consortium_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def projects(code: str, consortium: int | None, as_json: bool) -> None:
    """List joint projects with how their figures stand against plan."""
    with opened(code, consortium):
        found = list(all_projects())
        progress = progress_of(found)
    told = [
        {
            "id": one.pk,
            "title": one.title,
            "state": one.state,
            "lead": one.lead_id,
            "ends_on": one.ends_on.isoformat(),
            "kpis": {kpi.kpi.name: kpi.standing.value for kpi in progress[one.pk]},
        }
        for one in found
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in told:
        click.echo(
            f"{line['id']} {line['title']}: {line['state']}, lead {line['lead']}, until {line['ends_on']}"
        )
        for name, standing in dict(line["kpis"]).items():
            click.echo(f"   {name}: {standing}")


@click.command("reports-due")
@municipality_option()
@consortium_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def reports_due(code: str, consortium: int | None, as_json: bool) -> None:
    """List the half-yearly reports of all towns that have not been handed in."""
    today = timezone.localdate()
    with opened(code, consortium):
        running = all_projects().filter(state=JointProject.State.RUNNING)
        waiting = [one for one in reports.expected(reports.with_reports(running), today) if one.waits(today)]
    told = [
        {
            "project": one.project.pk,
            "municipality": one.town.code,
            "half_year": str(one.half),
            "due": one.half.due.isoformat(),
            "overdue": one.overdue(today),
        }
        for one in waiting
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in told:
        late = " (overdue)" if line["overdue"] else ""
        click.echo(
            f"{line['municipality']} project {line['project']}, {line['half_year']}: due {line['due']}{late}"
        )


commands: Sequence[click.Command] = (projects, reports_due)
"""Below ``machi joint``."""
