"""Decided applications as files for existing systems: first a dry run with every problem, then the file."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from importlib.resources import files

from django.db.models import Prefetch
from django.utils import timezone

from machi.base import ledger
from machi.base.models import Municipality, Person
from machi.casework.domain.checking import flat
from machi.casework.domain.record import SYSTEM
from machi.casework.engine.output import Mapping, Written, read_mapping, write
from machi.casework.models import Application, FieldValue, Procedure

_FOLDER = "data/outputs"


@lru_cache(maxsize=1)
def mappings() -> dict[str, Mapping]:
    """Those that come with machi, by key; the first part of a key is the procedure's."""
    folder = files("machi.casework").joinpath(_FOLDER)
    found = [
        read_mapping(one.read_bytes(), one.name) for one in folder.iterdir() if one.name.endswith(".json")
    ]
    return {one.key: one for one in sorted(found, key=lambda one: one.key)}


def of_town() -> list[Mapping]:
    """For the procedures in use here."""
    keys = set(Procedure.objects.values_list("key", flat=True))
    return [one for one in mappings().values() if one.key.partition(".")[0] in keys]


def dry_run(mapping: Mapping, since: date, until: date) -> Written:
    """What would be written of what was decided from ``since`` to ``until``, and what is wrong with it; nothing is
    recorded, for nothing leaves."""
    return write(mapping, _records(mapping, since, until))


def write_out(
    municipality: Municipality, mapping: Mapping, since: date, until: date, person: Person | None
) -> Written:
    """The file; without errors the ledger has how many were handed over, to what mapping, and the file's digest."""
    written = dry_run(mapping, since, until)
    if not written.report.errors:
        ledger.record(
            municipality,
            system=SYSTEM,
            kind="application",
            subject="applications",
            actor=person,
            outputs={
                "action": "export",
                "mapping": mapping.key,
                "since": since.isoformat(),
                "until": until.isoformat(),
                "rows": written.report.rows,
            },
            inputs={"sha256": hashlib.sha256(written.data).hexdigest()},
        )
    return written


def _records(mapping: Mapping, since: date, until: date) -> list[dict[str, str]]:
    """What was approved; what was not, only where the mapping says which is which: whoever reads a file without the
    decision takes every row of it for granted."""
    both = any(one.field == "@outcome" for one in mapping.columns)
    outcomes = [outcome for outcome in Application.Outcome.values if outcome] if both else ["approved"]
    found = (
        Application.objects.filter(
            procedure__key=mapping.key.partition(".")[0],
            decided_at__date__gte=since,
            decided_at__date__lte=until,
            erased_at=None,
            outcome__in=outcomes,
        )
        .select_related("procedure")
        .prefetch_related(Prefetch("values", FieldValue.objects.order_by("ordinal")))
        .order_by("number")
    )
    return [
        {
            **flat(one.values.all(), one.procedure),
            "@reference": one.number,
            "@received": timezone.localdate(one.received_at).isoformat(),
            "@decided": timezone.localdate(one.decided_at).isoformat() if one.decided_at else "",
            "@outcome": one.outcome,
        }
        for one in found
    ]
