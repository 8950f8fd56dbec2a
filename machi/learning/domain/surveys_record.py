"""Who may do what with surveys, and what is written into the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied

from machi.base.domain.recording import record as record_joint
from machi.base.models import Municipality, Person
from machi.learning.models import Survey

SYSTEM = "learning.surveys"
RUN, SEE = "learning.run_surveys", "learning.see_surveys"
ANSWER, HAND_IN = "learning.answer_surveys", "learning.hand_in_surveys"


def ensure(person: Person, permission: str, municipality: Municipality) -> None:
    if not person.has_perm(permission, municipality):
        raise PermissionDenied


def record(
    survey: Survey,
    municipality: Municipality,
    person: Person | None,
    action: str,
    *,
    subject: str = "",
    concerned: Iterable[Municipality] = (),
    inputs: Mapping[str, Any] | None = None,
    explanation: str = "",
    **outputs: Any,
) -> None:
    """In the ledger of the town where it was done: what a town hands in names the version it was asked, so that the
    town can prove it without an entry for every town whenever the office changes something."""
    record_joint(
        survey.consortium,
        municipality,
        person,
        system=SYSTEM,
        kind="survey",
        subject=subject or f"survey:{survey.pk}",
        concerned=concerned,
        inputs=inputs,
        outputs={"action": action, "survey": survey.pk, "year": survey.year, **outputs},
        explanation=explanation,
    )
