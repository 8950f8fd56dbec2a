"""Commands of the governance room: the AI systems of a municipality, for whoever runs the installation."""

from __future__ import annotations

import json
from collections.abc import Callable

import click
from django.utils import timezone

from machi.base.cli import municipality_option, the_municipality
from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.scoping import in_municipality
from machi.governance.domain import register
from machi.governance.gate_cli import gate
from machi.language.cli import personal


@click.group()
def systems() -> None:
    """The AI systems of a municipality: which may run, and stopping one at once."""


@systems.command("list")
@municipality_option()
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def list_systems(code: str, as_json: bool) -> None:
    """List the AI systems with their state."""
    town = the_municipality(code)
    with in_municipality(town):
        entries = register.entries(town)
    if as_json:
        told = [
            {
                "key": one.system.key,
                "state": one.row.state,
                "runs": one.runs,
                "version": one.system.version,
                "approved_version": one.row.version,
                "approved_until": one.row.approved_until.isoformat() if one.row.approved_until else None,
            }
            for one in entries
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in entries:
        until = f", until {one.row.approved_until}" if one.row.approved_until and one.runs else ""
        runs = "runs" if one.runs else "does not run"
        click.echo(f"{one.system.key} v{one.system.version}: {one.row.state}, {runs}{until}")


@systems.command()
@click.argument("key")
@municipality_option()
@click.option("--notice", required=True, help="What users read while it is stopped.")
def stop(key: str, code: str, notice: str) -> None:
    """Stop an AI system from the next request on."""
    _decide(code, key, lambda town: register.suspend(town, key, by=None, notice=notice))


@systems.command()
@click.argument("key")
@municipality_option()
def resume(key: str, code: str) -> None:
    """Let a stopped AI system run again, as it was approved."""
    _decide(code, key, lambda town: register.resume(town, key, by=None))


def _decide(code: str, key: str, act: Callable[[Municipality], None]) -> None:
    town = the_municipality(code)
    try:
        with in_municipality(town):
            act(town)
    except KeyError:
        raise click.ClickException(f"there is no AI system {key}; see `machi systems list`") from None
    except Refused as refused:
        raise click.ClickException(str(refused.message)) from None
    click.echo(f"{timezone.localtime():%Y-%m-%d %H:%M} {code} {key}: done")


commands = (systems, gate, personal)
"""``personal`` is the language room's, which is an engine and has no configuration of its own."""
