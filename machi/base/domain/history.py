"""What people did with one thing, as the ledger has it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from machi.base.models import LedgerEntry, Person


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    action: str
    """``outputs["action"]`` of the entry."""
    person: Person | None
    """None: a resident, or the machine."""


def history(subject: str) -> list[Event]:
    """Events of ``subject`` (``faq:3``), oldest first (two queries)."""
    entries = list(LedgerEntry.objects.filter(subject=subject).order_by("index"))
    people = Person.objects.in_bulk(
        [int(entry.actor.removeprefix("person:")) for entry in entries if entry.actor]
    )
    return [
        Event(
            entry.at,
            str(json.loads(entry.body)["outputs"].get("action", "")),
            people.get(int(entry.actor.removeprefix("person:"))) if entry.actor else None,
        )
        for entry in entries
    ]
