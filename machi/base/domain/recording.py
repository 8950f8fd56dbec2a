"""Writing what towns decide together into the ledger of each town it concerns.

Every town has a log of its own and must be able to prove what concerned it without asking another, so a joint
decision is one entry in the log of the town that acted and one in each other town's that it concerns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from machi.base import ledger
from machi.base.models import Consortium, LedgerEntry, Municipality, Person


def record(
    consortium: Consortium,
    acting: Municipality,
    person: Person | None,
    *,
    system: str,
    kind: str,
    subject: str,
    concerned: Iterable[Municipality] = (),
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
    explanation: str = "",
) -> LedgerEntry:
    """One entry for ``acting`` (returned) and one for each other town in ``concerned``; call it in the transaction
    of what it speaks of. The rules of ``ledger.record`` hold: no personal data but in ``inputs``."""
    outputs = {"consortium": consortium.pk, **(outputs or {})}

    def entry(town: Municipality) -> LedgerEntry:
        return ledger.record(
            town,
            system=system,
            kind=kind,
            subject=subject,
            actor=person,
            inputs=inputs,
            outputs=outputs if town.pk == acting.pk else {**outputs, "decided_in": acting.code},
            sources=sources,
            explanation=explanation,
        )

    first = entry(acting)
    for town in {town.pk: town for town in concerned if town.pk != acting.pk}.values():
        entry(town)
    return first
