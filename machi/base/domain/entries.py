"""Reading the ledger: which entries, what one says, whether it still stands in the log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from machi.base import ledger
from machi.base.engine.merkle import TreeHead, leaf_hash
from machi.base.engine.proof import InclusionProof, verify_inclusion
from machi.base.models import LedgerEntry, LedgerHead, Municipality, Person

Plain = str | int | float | bool | None
VERIFICATION = "verification"
"""Kind of the entry that a verification of the whole log leaves behind."""


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry opened. ``readable`` False: its content is no longer what ``ledger.record`` writes."""

    entry: LedgerEntry
    readable: bool
    version: str
    inputs: dict[str, str]
    """Salted digests by name."""
    outputs: dict[str, Plain]
    sources: list[dict[str, Plain]]
    explanation: str
    actor: str
    """Name of the person as they are called now; the reference where there is no such person any more."""
    rulings: list[LedgerEntry]
    proof: InclusionProof | None
    """That the entry is in the log under ``head``; None where that cannot be shown."""
    head: TreeHead | None


@dataclass(frozen=True, slots=True)
class Verification:
    """The last verification of the whole log that found nothing."""

    at: datetime
    size: int
    by: str


def search(
    *,
    system: str = "",
    kind: str = "",
    subject: str = "",
    text: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[LedgerEntry]:
    """Entries of the municipality in whose scope we are, newest first; ``until`` is included."""
    entries = LedgerEntry.objects.order_by("-index")
    if system:
        entries = entries.filter(system=system)
    if kind:
        entries = entries.filter(kind=kind)
    if subject:
        entries = entries.filter(subject=subject)
    if text:
        entries = entries.filter(body__icontains=text)
    if since:
        entries = entries.filter(at__gte=_midnight(since))
    if until:
        entries = entries.filter(at__lt=_midnight(until + timedelta(days=1)))
    return entries


def systems() -> list[str]:
    return list(LedgerEntry.objects.order_by("system").values_list("system", flat=True).distinct())


def kinds() -> list[str]:
    return list(LedgerEntry.objects.order_by("kind").values_list("kind", flat=True).distinct())


def actor_names(references: set[str]) -> dict[str, str]:
    """Names for references such as ``person:12``; what is no person of ours is left out."""
    keys = {reference.removeprefix("person:") for reference in references}
    people = Person.objects.filter(pk__in=[int(key) for key in keys if key.isascii() and key.isdigit()])
    return {f"person:{person.pk}": person.name for person in people}


def shown(entry: LedgerEntry) -> ShownEntry:
    body = _body(entry)
    proof, head = _proof(entry)
    return ShownEntry(
        entry=entry,
        readable=bool(body),
        version=str(body.get("version", "")),
        inputs=_mapping(body.get("inputs")),
        outputs=_plain(_mapping(body.get("outputs"))),
        sources=[_plain(one) for one in _sequence(body.get("sources")) if isinstance(one, dict)],
        explanation=str(body.get("explanation", "")),
        actor=actor_names({entry.actor}).get(entry.actor, entry.actor),
        rulings=[
            ruling
            for ruling in LedgerEntry.objects.filter(subject=entry.subject, kind="ruling").order_by("index")
            if _mapping(_body(ruling).get("outputs")).get("entry") == entry.index
        ],
        proof=proof,
        head=head,
    )


def last_verification() -> Verification | None:
    entry = LedgerEntry.objects.filter(system="base.ledger", kind=VERIFICATION).order_by("-index").first()
    if entry is None:
        return None
    size = _mapping(_body(entry).get("outputs")).get("size", entry.index)
    return Verification(entry.at, int(size), actor_names({entry.actor}).get(entry.actor, entry.actor))


def record_verification(municipality: Municipality, person: Person) -> None:
    """That this person saw the whole log verified and nothing found."""
    head = LedgerHead.objects.filter(municipality=municipality).first()
    ledger.record(
        municipality,
        system="base.ledger",
        kind=VERIFICATION,
        subject="ledger",
        actor=person,
        outputs={"size": head.size if head else 0, "findings": 0},
    )


def _proof(entry: LedgerEntry) -> tuple[InclusionProof | None, TreeHead | None]:
    try:
        stored = LedgerHead.objects.get(municipality_id=entry.municipality_id)
        head = TreeHead(stored.size, bytes.fromhex(stored.root))
        proof = ledger.prove(entry)
    except (LedgerHead.DoesNotExist, LookupError, ValueError):  # entries it needs are missing or no hashes
        return None, None
    # The leaf is computed from the content, not taken from the column beside it.
    proven = verify_inclusion(proof, leaf_hash(entry.body.encode()), head)
    return (proof if proven else None), head


def _body(entry: LedgerEntry) -> dict[str, Any]:
    try:
        return _mapping(json.loads(entry.body))
    except ValueError:
        return {}


def _plain(values: dict[str, Any]) -> dict[str, Plain]:
    """Lists and mappings inside as JSON text."""
    return {
        name: value if isinstance(value, Plain) else json.dumps(value, ensure_ascii=False)
        for name, value in values.items()
    }


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
