"""What stands in the ledger of seminars: steps, numbers and states; never who it is."""

from __future__ import annotations

from machi.base.domain.recording import record
from machi.base.domain.towns import members
from machi.base.models import Person
from machi.learning.models import Seminar, SeminarRegistration

SYSTEM, KIND = "learning.seminars", "seminar"


def record_seminar(
    seminar: Seminar, person: Person | None, action: str, *, everywhere: bool = False, **outputs: object
) -> None:
    """In the host's ledger; with ``everywhere`` in each member's: it concerns the residents of all."""
    record(
        seminar.consortium,
        seminar.municipality,
        person,
        system=SYSTEM,
        kind=KIND,
        subject=f"seminar:{seminar.pk}",
        concerned=members(seminar.consortium) if everywhere else (),
        outputs={"action": action, **outputs},
    )


def record_registration(
    seminar: Seminar,
    registration: SeminarRegistration,
    action: str,
    person: Person | None = None,
    **outputs: object,
) -> None:
    """``person``: staff who did it; None: whoever it is about, or the machine."""
    record(
        seminar.consortium,
        seminar.municipality,
        person,
        system=SYSTEM,
        kind=KIND,
        subject=f"seminar_registration:{registration.pk}",
        outputs={
            "action": action,
            "seminar": seminar.pk,
            "number": registration.number,
            "state": str(registration.state),
            "way": str(registration.way),
            **outputs,
        },
    )
