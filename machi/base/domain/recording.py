"""Writing what towns decide together into the ledger of each town it concerns.

Every town has a log of its own and must be able to prove what concerned it without asking another, so a joint
decision is one entry in the log of the town that acted and one in each other town's that it concerns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from machi.base import ledger
from machi.base.domain import erasing
from machi.base.engine.canonical import digest
from machi.base.models import Consortium, LedgerEntry, Municipality, Person
from machi.base.scoping import every_municipality, in_municipality


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
    own: Mapping[str, Mapping[str, Any]] | None = None,
    lists: Mapping[str, Any] | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
    explanation: str = "",
) -> LedgerEntry:
    """One entry for ``acting`` (returned) and one for each other town in ``concerned``; call it in the transaction
    of what it speaks of. The rules of ``ledger.record`` hold: no personal data but in ``inputs``.

    ``own``: what the entry of a town (by its code) says besides. ``lists``: what has a line for every town; it stands
    whole in the entry of ``acting``, and by its digest (SHA-256 of RFC 8785, ``name_sha256``) in the others', since a
    list of n towns in n logs would grow with the square of n.
    """
    towns = {town.pk: town for town in (acting, *concerned)}
    digests = {f"{name}_sha256": digest(value) for name, value in (lists or {}).items()}
    told = {
        code: {
            **(dict(lists or {}) if code == acting.pk else {"decided_in": acting.code, **digests}),
            **(own or {}).get(code, {}),
        }
        for code in towns
    }
    return ledger.record_each(
        list(towns.values()),
        system=system,
        kind=kind,
        subject=subject,
        actor=person,
        inputs=inputs,
        outputs={"consortium": consortium.pk, **(outputs or {})},
        own=told,
        sources=sources,
        explanation=explanation,
    )[0]


def erase_recorded(
    acting: Municipality,
    person: Person | None,
    subjects: Sequence[str],
    *,
    system: str,
    ground: str,
    reference: str,
    erased: Mapping[str, int],
) -> LedgerEntry:
    """What the ledgers could still tell of ``subjects`` (``erasing.erase_traces``), in each town that has entries of
    them, and that it was done; returns the entry of ``acting``. Call it in the transaction that erases."""
    with every_municipality():  # which towns wrote of them is known from their ledgers alone
        codes = set(
            LedgerEntry.objects.filter(subject__in=subjects).values_list("municipality_id", flat=True)
        )
    entries = {}
    for town in Municipality.objects.filter(pk__in={*codes, acting.pk}).order_by("pk"):
        with in_municipality(town):
            entries[town.pk] = erasing.erase_traces(
                town,
                subjects,
                ground=ground,
                reference=reference.strip(),
                person=person,
                system=system,
                erased=erased,
            )
    return entries[acting.pk]
