"""Numbers and deadlines of applications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from machi.base.engine.workdays import after_working_days
from machi.base.models import Municipality
from machi.casework.models import Application, Procedure

UNSORTED_DAYS = 10
"""Working days for what is not yet known to belong to a procedure."""


def next_number(municipality: Municipality, at: datetime) -> str:
    """``2026-000012``: counted a year, in the municipality's scope. Call it inside the transaction that uses it: until
    that ends, whoever else wants a number here waits."""
    return next_numbers(municipality, [at])[0]


def next_numbers(municipality: Municipality, moments: Sequence[datetime]) -> list[str]:
    """The same for many at once."""
    list(Municipality.objects.select_for_update(no_key=True).filter(pk=municipality.pk).values_list("pk"))
    counted: dict[int, int] = {}
    found = []
    for at in moments:
        year = timezone.localtime(at).year
        if year not in counted:
            of_year = Application.objects.filter(number__startswith=f"{year}-")
            last = of_year.aggregate(last=Max("number"))["last"]
            counted[year] = int(last.rpartition("-")[2]) if last else 0
        counted[year] += 1
        found.append(f"{year}-{counted[year]:06d}")
    return found


def due_on(received: datetime, procedure: Procedure | None) -> date:
    days = procedure.working_days if procedure else UNSORTED_DAYS
    return after_working_days(timezone.localdate(received), days)
