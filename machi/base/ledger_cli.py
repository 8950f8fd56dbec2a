"""Commands of the ledger: verify it, sign it, publish its monthly root, hand it out, erase what it speaks of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from machi.base import ledger as the_ledger
from machi.base.cli_options import municipality_option, the_municipality
from machi.base.domain import erasing, roots
from machi.base.domain.errors import Refused
from machi.base.engine import offline
from machi.base.models import LedgerEntry, Municipality
from machi.base.scoping import in_municipality


@click.group()
def ledger() -> None:
    """The ledger: verify it, sign where it stands, publish it."""


@ledger.command()
@municipality_option(required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def verify(code: str | None, as_json: bool) -> None:
    """Find any edit, removal or reordering; of all municipalities, or of one. Exit status 1 when found."""
    towns = list(_towns(code))
    found = {town.code: the_ledger.verify(town) for town in towns}
    if as_json:
        told = {
            town: [
                {"kind": f.kind, "index": f.index, "until": f.until, "message": f.message} for f in findings
            ]
            for town, findings in found.items()
        }
        click.echo(json.dumps({"findings": told, "ok": not any(found.values())}, ensure_ascii=False))
    else:
        for town in towns:
            head = getattr(town, "ledger_head", None)
            size = head.size if head else 0
            click.echo(
                f"{town.code} {town.name}: {size} entries, {'ok' if not found[town.code] else 'NOT INTACT'}"
            )
            for finding in found[town.code]:
                click.echo(f"  entry {finding.index}: {finding.kind}: {finding.message}")
    if any(found.values()):
        raise SystemExit(1)


@ledger.command()
@municipality_option(required=False)
def checkpoint(code: str | None) -> None:
    """Sign where the log stands and print the note, to be kept somewhere else."""
    for town in _towns(code):
        with in_municipality(town):
            signed = the_ledger.checkpoint(town)
        click.echo(signed.note if signed else f"{town.code}: nothing recorded yet")


@ledger.command()
@municipality_option(required=False)
@click.option("--month", help="A month that is over, like 2026-10. Default: all that were not published yet.")
def publish(code: str | None, month: str | None) -> None:
    """Sign the monthly root, to be seen by everybody, and print it."""
    for town in _towns(code):
        try:
            done = [roots.publish(town, month)] if month else roots.publish_due(town)
        except (Refused, roots.NotIntact) as refused:
            raise click.ClickException(f"{town.code}: {refused}") from None
        for root in done:
            click.echo(f"{town.code} {root.month}: {root.size} entries\n{root.note}")


@ledger.command("export")
@municipality_option()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_log(code: str, folder: Path) -> None:
    """Write the log and what was signed of it into FOLDER, to be verified anywhere."""
    town = the_municipality(code)
    folder.mkdir(parents=True, exist_ok=True)
    log, heads, script = (folder / name for name in (f"{code}.jsonl", f"{code}.heads.json", "offline.py"))
    with log.open("wb") as file:
        file.writelines(roots.log_lines(town))
    heads.write_text(roots.as_text(roots.heads_document(town, until_now=True)), encoding="utf-8")
    script.write_bytes(Path(offline.__file__).read_bytes())
    click.echo(f"{log}\n{heads}\n{script}\n\npython offline.py {log.name} --heads {heads.name}")


@ledger.command()
@municipality_option()
@click.argument("index", type=int)
def proof(code: str, index: int) -> None:
    """Print the entry with this number and the proof that it is in the signed log."""
    town = the_municipality(code)
    with in_municipality(town):
        entry = LedgerEntry.objects.filter(index=index).first()
        if entry is None:
            raise click.ClickException(f"{code} has no entry {index}")
        click.echo(roots.as_text(roots.proof_document(entry)), nl=False)


@ledger.command("check-proof")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--heads", type=click.Path(exists=True, dir_okay=False), help="Signed heads, for a whole log (.jsonl)."
)
@click.option(
    "--key", default="", help="The public key you trust; without it, the file's own is used and told."
)
@click.option("--municipality", "-m", "code", default="", help="Whose ledger it must be.")
def check_proof(files: tuple[str, ...], heads: str | None, key: str, code: str) -> None:
    """Verify proofs, signed heads and whole logs in FILES; reads no database. Exit status 1 where one is broken."""
    options = [*(["--heads", heads] if heads else []), "--key", key, "--municipality", code]
    if status := offline.main([*files, *options]):
        raise SystemExit(status)


@ledger.command()
def key() -> None:
    """Print the public key that what is signed here is verified with, and its fingerprint."""
    public = the_ledger.signer().verifier.encode()
    click.echo(f"{public}\n{offline.fingerprint(public)}")


@click.command()
@municipality_option()
@click.option("--subject", "subjects", multiple=True, help="What to erase, like inquiry:12; may be repeated.")
@click.option("--expired", is_flag=True, help="All that was kept for as long as the municipality keeps it.")
@click.option("--dry-run", is_flag=True, help="With --expired: only list it.")
@click.option(
    "--ground",
    type=click.Choice([str(one) for one in erasing.Ground.values]),
    default=str(erasing.Ground.REQUEST),
    show_default=True,
)
@click.option("--reference", default="", help="Number of the decision or request; no personal data.")
def erase(
    code: str, subjects: tuple[str, ...], expired: bool, dry_run: bool, ground: str, reference: str
) -> None:
    """Erase residents' data for good; the ledger stays verifiable and tells that it was done."""
    town = the_municipality(code)
    if expired == bool(subjects):
        raise click.UsageError("name what to erase: --subject, or --expired")
    try:
        if subjects:
            for subject in subjects:
                erasing.erase(town, subject, ground=ground, reference=reference)
        else:
            subjects = tuple(erasing.expired(town) if dry_run else erasing.erase_expired(town))
    except Refused as refused:
        raise click.ClickException(str(refused.message)) from None
    for subject in subjects:
        click.echo(f"{subject}{' would be erased' if dry_run else ': erased'}")


def _towns(code: str | None) -> Iterator[Municipality]:
    """The one named, or all that have a ledger."""
    if code:
        yield the_municipality(code)
    else:
        yield from Municipality.objects.filter(ledger_head__isnull=False)
