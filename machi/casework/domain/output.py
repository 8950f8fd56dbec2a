"""Decided applications as files for existing systems: first a dry run with every problem, then the file."""

from __future__ import annotations

import hashlib
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone

from machi.base import ledger
from machi.base.models import Municipality, Person
from machi.casework.domain.checking import flat
from machi.casework.domain.mappings import procedure_key
from machi.casework.domain.record import SYSTEM
from machi.casework.engine.output import Mapping, Written, write
from machi.casework.models import Application, FieldValue


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
            procedure__key=procedure_key(mapping.key),
            decided_at__date__gte=since,
            decided_at__date__lte=until,
            erased_at=None,
            outcome__in=outcomes,
        )
        .select_related("procedure", "imported")
        .prefetch_related(Prefetch("values", FieldValue.objects.order_by("ordinal")))
        .order_by("number")
    )
    return [
        {
            **flat(one.values.all(), one.procedure),
            "@reference": one.number,
            "@origin": one.imported.reference or "" if hasattr(one, "imported") else "",
            "@received": timezone.localdate(one.received_at).isoformat(),
            "@decided": timezone.localdate(one.decided_at).isoformat() if one.decided_at else "",
            "@outcome": one.outcome,
        }
        for one in found
    ]
