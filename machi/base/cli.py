"""Commands of the base room: run, set up, open a municipality, workers; the ledger's are in ``ledger_cli``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command
from filelock import FileLock

from machi.base.cli_options import municipality_option, the_municipality
from machi.base.domain import opening, people
from machi.base.domain.daily import ensure_scheduled, run_daily
from machi.base.domain.errors import Refused
from machi.base.domain.jobs import requeue_abandoned
from machi.base.ledger_cli import erase, ledger
from machi.base.rooms import rooms
from machi.base.tables import make_or_migrate

__all__ = ["commands", "municipality_option", "the_municipality"]

SECONDS_TO_FINISH = 3


@click.command()
def setup() -> None:
    """Make or update the database, the static files and the translations."""
    # Servers that start together on one home do this one after the other: each would take away the other's files.
    with FileLock(settings.MACHI_HOME / "setup.lock"):
        compile_catalogues()
        make_or_migrate()
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)


def compile_catalogues() -> None:
    """Writes .mo beside every .po that is newer (GNU gettext is not needed to run machi)."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for path in settings.LOCALE_PATHS:
        for po in sorted(Path(path).glob("*/LC_MESSAGES/*.po")):
            mo = po.with_suffix(".mo")
            if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
                continue
            with po.open("rb") as source, mo.open("wb") as target:
                write_mo(target, read_po(source))


@click.command()
def sample() -> None:
    """Load the sample consortium: three real towns with their documents (safe to repeat)."""
    for room in rooms():
        if load := room.load_sample():
            load()


@click.command("open")
@click.argument("code")
@click.option("--administrator", nargs=2, metavar="EMAIL NAME", help="Also appoint an administrator.")
def open_command(code: str, administrator: tuple[str, str] | None) -> None:
    """Let a municipality take part; with its first administrator, whose link to set a password is printed."""
    try:
        municipality = opening.open_municipality(code)
        click.echo(f"{municipality.code} {municipality.name}: {settings.MACHI_URL}/m/{municipality.code}/")
        if administrator:
            email, name = administrator
            person = opening.appoint_administrator(municipality, email=email, name=name)
            if not person.has_usable_password():
                click.echo(f"{person.email}: {people.password_link(person)}")
    except Refused as refused:
        raise click.ClickException(str(refused.message)) from None


@click.command("platform-administrator")
@click.argument("email")
@click.argument("name")
def platform_administrator(email: str, name: str) -> None:
    """Let a person open municipalities in the screens; their link to set a password is printed."""
    try:
        person = opening.appoint_platform_administrator(email=email, name=name)
    except Refused as refused:
        raise click.ClickException(str(refused.message)) from None
    if person.has_usable_password():
        click.echo(f"{person.email}: {settings.MACHI_URL}/platform/")
    else:
        click.echo(f"{person.email}: {people.password_link(person)}")


@click.command()
@click.option("--batch", is_flag=True, help="Stop once nothing is left to do.")
@click.option("--queues", default="default,embedding", show_default=True, help="Queues to work on.")
def worker(batch: bool, queues: str) -> None:
    """Work on background jobs until stopped."""
    os.nice(10)  # people who wait for a page come first
    ensure_scheduled()
    call_command("db_worker", queue_name=queues, interval=0.5, batch=batch, reload=False, verbosity=0)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers/--no-workers", default=True, show_default=True, help="Also work on background jobs.")
def run(host: str, port: int, workers: bool) -> None:
    """Set up what is missing and serve machi; in sample mode with the sample consortium."""
    setup.callback()  # type: ignore[misc]
    if settings.MACHI_SAMPLE:
        sample.callback()  # type: ignore[misc]
    for room in rooms():
        room.begin()
    # uvicorn ends itself with the signal it was sent; as an exception it lets us stop the workers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    children: list[subprocess.Popen[bytes]] = []
    if workers:
        requeue_abandoned()
        # Embedding takes minutes: a worker of its own keeps other jobs from waiting behind it.
        command = [sys.executable, "-m", "machi", "worker", "--queues"]
        children = [subprocess.Popen([*command, queue]) for queue in ("default", "embedding")]
    try:
        import uvicorn

        click.echo(f"machi: http://{host}:{port}")
        uvicorn.run(
            "machi.site.asgi:application",
            host=host,
            port=port,
            access_log=False,  # addresses may carry residents' secret links
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=5,
        )
    finally:
        _stop(children)


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Asks the workers to finish, then insists: whatever they do is begun anew by the next `run`."""
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=SECONDS_TO_FINISH)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@click.command()
def daily() -> None:
    """Do now what workers do once a day: publish monthly roots, erase what was kept long enough."""
    if failed := run_daily():
        raise click.ClickException(f"{failed} parts failed; see the log")


@click.command("compile-messages")
def compile_messages() -> None:
    """Compile the translations (part of setup)."""
    compile_catalogues()


commands = (
    run,
    setup,
    sample,
    open_command,
    platform_administrator,
    worker,
    daily,
    ledger,
    erase,
    compile_messages,
)
