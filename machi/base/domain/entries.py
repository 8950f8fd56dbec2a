"""Reading the ledger: which entries, what one says, whether it still stands in the log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from machi.base import ledger
from machi.base.domain.ledger_words import Actors
from machi.base.engine.merkle import TreeHead, leaf_hash
from machi.base.engine.proof import InclusionProof, verify_inclusion
from machi.base.models import LedgerEntry, LedgerHead, LedgerRuling, LedgerSalt, Municipality, Person
from machi.base.rooms import LedgerSource, rooms

Plain = str | int | float | bool | None
VERIFICATION = "verification"
"""Kind of the entry that a verification of the whole log leaves behind."""
NOBODY = "nobody"
"""Asks for entries that no person of the staff made."""


@dataclass(frozen=True, slots=True)
class SourceThen:
    """One of an entry's sources: as recorded, and as its room can still show it."""

    recorded: list[tuple[str, Plain]]
    shown: LedgerSource | None


@dataclass(frozen=True, slots=True)
class ShownRuling:
    ruling: LedgerRuling
    as_recorded: bool
    """The reason kept is the one whose digest is in the ledger."""


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry opened. ``readable`` False: its content is no longer what ``ledger.record`` writes."""

    entry: LedgerEntry
    readable: bool
    version: str
    inputs: list[tuple[str, Plain]]
    """Names with salted digests. Pairs, for a template would take a mapping's entry "items" for its method."""
    outputs: list[tuple[str, Plain]]
    sources: list[SourceThen]
    explanation: str
    actor: str
    """Name of the person as they are called now; the reference where there is no such person any more."""
    rulings: list[ShownRuling]
    """On this entry, the oldest first."""
    erased: LedgerEntry | None
    """The entry that tells of the erasure of what this one speaks of."""
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
    person: str = "",
    subject: str = "",
    text: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[LedgerEntry]:
    """Entries of the municipality in whose scope we are, newest first; ``until`` is included.

    ``person``: a reference such as ``person:12``, or ``NOBODY``.
    """
    entries = LedgerEntry.objects.order_by("-index")
    if system:
        entries = entries.filter(system=system)
    if kind:
        entries = entries.filter(kind=kind)
    if person:
        entries = entries.filter(actor="" if person == NOBODY else person)
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


def actors() -> list[str]:
    """References of the staff in the log."""
    found = LedgerEntry.objects.exclude(actor="").order_by("actor").values_list("actor", flat=True)
    return list(found.distinct())


def verdicts(shown: Iterable[LedgerEntry]) -> dict[int, str]:
    """What was ruled last on each of these entries, by their ``pk`` (one query)."""
    rulings = LedgerRuling.objects.filter(on__in=[entry.pk for entry in shown]).order_by("entry_id")
    return dict(rulings.values_list("on_id", "verdict"))


def shown(entry: LedgerEntry) -> ShownEntry:
    body = body_of(entry)
    proof, head = _proof(entry)
    return ShownEntry(
        entry=entry,
        readable=bool(body),
        version=str(body.get("version", "")),
        inputs=_plain(_mapping(body.get("inputs"))),
        outputs=_plain(_mapping(body.get("outputs"))),
        sources=sources_then(body),
        explanation=str(body.get("explanation", "")),
        actor=Actors.of({entry.actor}).label(entry.actor),
        rulings=rulings_on(entry),
        erased=LedgerEntry.objects.filter(
            subject=entry.subject, kind=ledger.ERASURE, index__gt=entry.index
        ).first(),
        proof=proof,
        head=head,
    )


def sources_then(body: Mapping[str, Any]) -> list[SourceThen]:
    """The sources of an entry, each shown by the first room that knows it."""
    recorded: Sequence[dict[str, Any]] = [
        one for one in _sequence(body.get("sources")) if isinstance(one, dict)
    ]
    shown: list[LedgerSource | None] = [None] * len(recorded)
    for room in rooms():
        told = room.sources_as_they_were(recorded)
        shown = [before or now for before, now in zip(shown, told, strict=True)]
    return [SourceThen(_plain(one), seen) for one, seen in zip(recorded, shown, strict=True)]


def rulings_on(entry: LedgerEntry) -> list[ShownRuling]:
    """In two queries, however many there are."""
    rulings = list(
        LedgerRuling.objects.filter(on=entry).select_related("entry", "person").order_by("entry_id")
    )
    salts = {
        salt.entry_id: salt for salt in LedgerSalt.objects.filter(entry__in=[one.entry for one in rulings])
    }
    return [
        ShownRuling(
            one,
            one.erased_at is not None
            or ledger.matches_with(salts.get(one.entry_id), one.entry, "reason", one.reason or ""),
        )
        for one in rulings
    ]


def last_verification() -> Verification | None:
    entry = LedgerEntry.objects.filter(system="base.ledger", kind=VERIFICATION).order_by("-index").first()
    if entry is None:
        return None
    size = _mapping(body_of(entry).get("outputs")).get("size", entry.index)
    return Verification(entry.at, int(size), Actors.of({entry.actor}).label(entry.actor))


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


def body_of(entry: LedgerEntry) -> dict[str, Any]:
    """What the entry says; empty where it is no longer readable."""
    try:
        return _mapping(json.loads(entry.body))
    except ValueError:
        return {}


def _plain(values: dict[str, Any]) -> list[tuple[str, Plain]]:
    """Lists and mappings inside as JSON text."""
    return [
        (name, value if isinstance(value, Plain) else json.dumps(value, ensure_ascii=False))
        for name, value in values.items()
    ]


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
