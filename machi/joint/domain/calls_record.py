"""Who acts in a call, and how it is written into the ledger.

Scores and reviewers' names are for the joint office alone, so they never stand in an entry: the entry of a result has
their digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from machi.base.domain.recording import record
from machi.base.models import LedgerEntry, Municipality, Person
from machi.joint.models import Call, Proposal

SYSTEM = "joint.calls"
KIND = "call"


@dataclass(frozen=True, slots=True)
class Acting:
    """The town somebody works for, and who it is."""

    town: Municipality
    person: Person


def record_call(
    call: Call,
    by: Acting,
    action: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    explanation: str = "",
    **outputs: object,
) -> LedgerEntry:
    return record(
        call.consortium,
        by.town,
        by.person,
        system=SYSTEM,
        kind=KIND,
        subject=f"call:{call.pk}",
        inputs=inputs,
        outputs={"action": action, "state": call.state, **outputs},
        explanation=explanation,
    )


def record_proposal(
    proposal: Proposal,
    by: Acting,
    action: str,
    *,
    concerned: Iterable[Municipality] = (),
    inputs: Mapping[str, Any] | None = None,
    explanation: str = "",
    **outputs: object,
) -> LedgerEntry:
    """``concerned``: other towns that may know of it now (before the decision only those who wrote it)."""
    return record(
        proposal.consortium,
        by.town,
        by.person,
        system=SYSTEM,
        kind=KIND,
        subject=f"proposal:{proposal.pk}",
        concerned=concerned,
        inputs=inputs,
        outputs={"action": action, "call": proposal.call_id, **outputs},
        explanation=explanation,
    )
