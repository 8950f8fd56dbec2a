"""Erasing what ledgers keep of something towns share: its digests stand in the log of each town that acted on it."""

from __future__ import annotations

from collections.abc import Mapping

from machi.base import ledger
from machi.base.domain import erasing
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person
from machi.base.scoping import in_municipality


def erase_shared_traces(
    consortium: Consortium,
    municipality: Municipality,
    subject: str,
    *,
    ground: str,
    reference: str,
    person: Person | None,
    system: str,
    erased: Mapping[str, int],
) -> None:
    """The salts of ``subject`` in the log of every member; one entry tells so, in that of ``municipality``, whose the
    subject is. Call it in the transaction in which the subject is erased."""
    for town in members(consortium).exclude(pk=municipality.pk):
        with in_municipality(town):
            ledger.erase(subject)
    with in_municipality(municipality):
        erasing.erase_traces(
            municipality,
            [subject],
            ground=ground,
            reference=reference.strip(),
            person=person,
            system=system,
            erased=erased,
        )
