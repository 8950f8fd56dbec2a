"""How what happens to experts, their rounds and agreements is written into the ledgers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from machi.base.domain.recording import record
from machi.base.models import Consortium, LedgerEntry, Municipality, Person

SYSTEM = "joint.experts"
KIND = "experts"


def noted(
    consortium: Consortium,
    acting: Municipality,
    person: Person | None,
    action: str,
    subject: str,
    *,
    concerned: Iterable[Municipality] = (),
    inputs: Mapping[str, Any] | None = None,
    explanation: str = "",
    **outputs: object,
) -> LedgerEntry:
    """One act in the ledger of the town that acts and of those it concerns. Names and reasons only as ``inputs``."""
    return record(
        consortium,
        acting,
        person,
        system=SYSTEM,
        kind=KIND,
        subject=subject,
        concerned=concerned,
        inputs=inputs,
        outputs={"action": action, **outputs},
        explanation=explanation,
    )
