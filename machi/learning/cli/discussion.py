"""Discussion across towns, from the command line: ``machi learning topics`` and ``send-digests``."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from machi.base.cli_door import by_option, consortium_option, opened, the_person
from machi.base.cli_options import municipality_option
from machi.learning.domain import discussion_digest
from machi.learning.domain.discussion import DISCUSS, visible


@click.command()
@municipality_option()
@consortium_option
@by_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def topics(code: str, consortium: int | None, email: str, as_json: bool) -> None:
    """List the topics a person may read, the last written in first."""
    with opened(code, consortium) as (municipality, _):
        person = the_person(email, DISCUSS, municipality)
        found = [
            {
                "id": one.pk,
                "title": str(one),
                "posts": one.said,
                "last_at": one.last_at.isoformat(),
                "answered": one.accepted_id is not None,
            }
            for one in visible(municipality, person).order_by("-last_at", "-pk")
        ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in found:
        answered = ", answered" if line["answered"] else ""
        click.echo(f"{line['id']} {line['title']}: {line['posts']} posts{answered}")


@click.command("send-digests")
@municipality_option()
@consortium_option
def send_digests(code: str, consortium: int | None) -> None:
    """Send the letters of what is new that are due in a town (the daily work does so by itself)."""
    with opened(code, consortium) as (municipality, found):
        sent = discussion_digest.each_day(municipality, found)
    click.echo(f"{sent} letters")


commands: Sequence[click.Command] = (topics, send_digests)
"""Below ``machi learning``."""
