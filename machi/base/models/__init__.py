"""What the base room stores."""

from machi.base.models.jobs import Progress
from machi.base.models.ledger import (
    LedgerCheckpoint,
    LedgerEntry,
    LedgerHead,
    LedgerRoot,
    LedgerRuling,
    LedgerSalt,
)
from machi.base.models.municipalities import Consortium, ConsortiumMember, Division, Municipality, Prefecture
from machi.base.models.people import Appointment, Person, Role

__all__ = [
    "Appointment",
    "Consortium",
    "ConsortiumMember",
    "Division",
    "LedgerCheckpoint",
    "LedgerEntry",
    "LedgerHead",
    "LedgerRoot",
    "LedgerRuling",
    "LedgerSalt",
    "Municipality",
    "Person",
    "Prefecture",
    "Progress",
    "Role",
]
