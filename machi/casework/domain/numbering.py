"""Numbers and deadlines of applications."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from machi.base.engine.workdays import after_working_days
from machi.casework.models import Application, Procedure

UNSORTED_DAYS = 10
"""Working days for what is not yet known to belong to a procedure."""


def next_number(at: datetime) -> str:
    """``2026-000012``: counted a year, in the municipality in whose scope we are. Call it inside the transaction that
    uses it; the constraint on numbers refuses the second of two at once."""
    year = timezone.localtime(at).year
    last = Application.objects.filter(number__startswith=f"{year}-").aggregate(last=Max("number"))["last"]
    return f"{year}-{int(last.rpartition('-')[2]) + 1 if last else 1:06d}"


def due_on(received: datetime, procedure: Procedure | None) -> date:
    days = procedure.working_days if procedure else UNSORTED_DAYS
    return after_working_days(timezone.localdate(received), days)
