"""What is said in the ledger of applications: never a value, only places, figures and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from machi.base import ledger
from machi.base.models import LedgerEntry, Person
from machi.casework.models import Application

SYSTEM = "casework.applications"
READ, CHECK, STRAIGHT = "casework.read_form", "casework.check", "casework.straight_through"
KIND = "application"


def subject(application: Application) -> str:
    return f"application:{application.pk}"


def record(
    application: Application,
    action: str,
    person: Person | None = None,
    *,
    inputs: Mapping[str, Any] | None = None,
    **outputs: Any,
) -> LedgerEntry:
    """What people, or applicants, did. Words go into ``inputs``, of which only digests are kept."""
    return ledger.record(
        application.municipality,
        system=SYSTEM,
        kind=KIND,
        subject=subject(application),
        actor=person,
        inputs=inputs,
        outputs={"action": action, **outputs},
    )


def result(
    application: Application,
    system: str,
    *,
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Any],
    sources: Sequence[Mapping[str, Any]] = (),
) -> LedgerEntry:
    """What the machine read or checked."""
    return ledger.record(
        application.municipality,
        system=system,
        subject=subject(application),
        inputs=inputs,
        outputs=outputs,
        sources=sources,
    )
