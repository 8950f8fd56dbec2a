"""``machi learning follow-up``: counts of a cohort, use in real work, the panel of towns by month."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence

import click
from django.utils import timezone

from machi.base.cli_door import by_option, consortium_option, opened, the_person
from machi.base.cli_options import municipality_option
from machi.learning.domain.courses_access import is_office
from machi.learning.domain.follow_up_access import SEE_EFFECT
from machi.learning.domain.follow_up_counts import cohorts_begun
from machi.learning.domain.follow_up_counts import counts as counted
from machi.learning.domain.follow_up_effect import Measure
from machi.learning.domain.follow_up_effect import panel as the_panel
from machi.learning.domain.follow_up_reminders import remind as send_reminders
from machi.learning.domain.follow_up_use import share_months
from machi.learning.engine.effect import long_rows
from machi.learning.models import Cohort


@click.group("follow-up")
def follow_up() -> None:
    """After a course: plans, check-ins, use in real work."""


@follow_up.command()
@click.argument("cohort", type=int)
@municipality_option()
@by_option
@consortium_option
def counts(cohort: int, code: str, email: str, consortium: int | None) -> None:
    """Plans and check-ins of COHORT as one JSON object: of the own town's people, for the joint office of all."""
    today = timezone.localdate()
    with opened(code, consortium) as (municipality, _chosen):
        person = the_person(email, SEE_EFFECT, municipality)
        town = None if is_office(person, municipality) else municipality
        found = counted(_cohort(cohort), town, today)
    told = {
        "people": found.people,
        "planners": found.planners,
        "plans": found.plans,
        "check_ins": [
            {
                "days": one.days,
                "due": one.due,
                "answered": one.answered,
                "outcomes": one.outcomes,
                "hours": None if one.hours is None else float(one.hours),
            }
            for one in found.check_ins
        ],
    }
    click.echo(json.dumps(told, ensure_ascii=False))


@follow_up.command()
@click.option(
    "--measure", type=click.Choice([one.value for one in Measure]), default="results", show_default=True
)
@municipality_option()
@by_option
@consortium_option
def panel(measure: str, code: str, email: str, consortium: int | None) -> None:
    """Towns by month as CSV, as difference-in-differences estimators take it. For the joint office."""
    with opened(code, consortium) as (municipality, chosen):
        person = the_person(email, SEE_EFFECT, municipality)
        if not is_office(person, municipality):
            raise click.ClickException(f"{email} does not work for the joint office")
        found = the_panel(chosen, Measure(measure), timezone.localdate())
    lines = csv.writer(sys.stdout)
    lines.writerow(["unit", "period", "time", "first_treated", "first_treated_time", measure])
    lines.writerows(long_rows(found))


@follow_up.command("each-day")
@municipality_option()
@consortium_option
def each_day(code: str, consortium: int | None) -> None:
    """Do now what the daily work does: write the mails that are due, share the months that are over."""
    today = timezone.localdate()
    with opened(code, consortium) as (municipality, chosen):
        mails = send_reminders(municipality, chosen, today)
        months = share_months(municipality, chosen, today)
    click.echo(f"mails: {mails}, months shared: {months}")


def _cohort(pk: int) -> Cohort:
    found: Cohort | None = cohorts_begun(timezone.localdate()).filter(pk=pk).first()
    if found is None:
        raise click.ClickException(f"no cohort {pk} has begun in this consortium")
    return found


commands: Sequence[click.Command] = (follow_up,)
