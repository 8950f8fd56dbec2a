"""Commands of the gate to language models."""

from __future__ import annotations

import json

import click
from django.utils import timezone

from machi.base.cli_options import municipality_option, the_municipality
from machi.base.domain.errors import Refused
from machi.base.scoping import in_municipality
from machi.governance.domain import gate as the_gate
from machi.governance.domain import gate_breaker, gate_budget, gate_endpoints
from machi.governance.models import Endpoint


@click.group()
def gate() -> None:
    """The gate to language models: endpoints, caps, a trial."""


@gate.command()
@municipality_option()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def status(code: str, as_json: bool) -> None:
    """Say which endpoints there are, how they stand, what this month has cost. Exit status 1 if one is blocked."""
    municipality = the_municipality(code)
    now = timezone.now()
    with in_municipality(municipality):
        endpoints = [
            {
                "name": one.name,
                "purpose": one.purpose,
                "base_url": one.base_url,
                "model": one.model,
                "active": one.active,
                "breaker": gate_breaker.state_of(one, now),
                "blocked": gate_endpoints.why_not(one),
            }
            for one in Endpoint.objects.select_related("breaker")
        ]
        uses = [
            {
                "division": use.cap.division.name if use.cap.division else None,
                "yen": float(use.yen),
                "yen_cap": use.cap.yen,
                "tokens": use.tokens,
                "tokens_cap": use.cap.tokens,
            }
            for use in gate_budget.uses()
        ]
        profile = gate_endpoints.settings_of(municipality).profile
    if as_json:
        click.echo(json.dumps({"profile": profile, "endpoints": endpoints, "caps": uses}, ensure_ascii=False))
    else:
        click.echo(f"network: {profile}")
        if not endpoints:
            click.echo("no model: answers are extracted")
        for one in endpoints:
            state = "disabled" if not one["active"] else one["blocked"] or f"breaker {one['breaker']}"
            click.echo(f"{one['name']}  {one['purpose']}  {one['model']}  {one['base_url']}  {state}")
        for use in uses:
            yen = f"{use['yen']:,.2f} of {use['yen_cap']:,} yen" if use["yen_cap"] is not None else ""
            tokens = (
                f"{use['tokens']:,} of {use['tokens_cap']:,} tokens" if use["tokens_cap"] is not None else ""
            )
            click.echo(f"{use['division'] or 'whole municipality'}: {', '.join(filter(None, (yen, tokens)))}")
    if any(one["active"] and one["blocked"] for one in endpoints):
        raise SystemExit(1)


@gate.command("try")
@click.argument("text")
@municipality_option()
@click.option(
    "--system", required=True, help="Key of the AI system in whose name it is asked (machi systems list)."
)
@click.option("--max-tokens", default=200, show_default=True, type=click.IntRange(1, 4000))
def try_command(text: str, code: str, system: str, max_tokens: int) -> None:
    """Ask the model of an AI system, as that system would: hidden, capped, recorded. Fails where none can be asked."""
    try:
        got = the_gate.complete(
            the_municipality(code),
            system=system,
            messages=[{"role": "user", "content": text}],
            subject="gate:try",
            max_tokens=max_tokens,
        )
    except KeyError:
        raise click.ClickException(f"no AI system has the key {system}") from None
    except Refused as refused:
        raise click.ClickException(str(refused.message)) from None
    click.echo(got.text)
    click.echo(
        f"[{got.model}  {got.tokens_in} + {got.tokens_out} tokens  {got.yen.normalize():f} yen"
        f"{'  cached' if got.cached else ''}  ledger {got.ledger_index}]",
        err=True,
    )
