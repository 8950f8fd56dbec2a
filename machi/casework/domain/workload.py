"""How much comes and how long it takes, from the town's own applications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Min
from django.db.models.functions import TruncDate
from django.utils import timezone

from machi.base.engine.workdays import is_working_day
from machi.casework.engine.workload import Expected, Times, forecast, times, working_days_between
from machi.casework.models import Application

DAYS = 10
_BACK = timedelta(weeks=14)


@dataclass(frozen=True, slots=True)
class OfProcedure:
    title: str
    times: Times


def expected(today: date) -> list[Expected]:
    """The next two weeks; empty until enough days have been counted."""
    since = Application.objects.aggregate(first=Min("received_at"))["first"]
    if since is None:
        return []
    return forecast(arrivals(today), today, DAYS, is_working_day, since=timezone.localdate(since))


def arrivals(today: date) -> dict[date, int]:
    """A day of the last fourteen weeks; what comes on a closed day counts for the next open one."""
    counted = (
        Application.objects.filter(received_at__date__gte=today - _BACK)
        .annotate(day=TruncDate("received_at"))
        .values_list("day")
        .annotate(count=Count("pk"))
    )
    found: dict[date, int] = {}
    for day, count in counted:
        while not is_working_day(day):
            day += timedelta(days=1)
        found[day] = found.get(day, 0) + count
    return found


def by_procedure(since: date) -> Sequence[OfProcedure]:
    """Decided since then, in working days from receipt to decision."""
    spans: dict[str, list[tuple[int, bool]]] = {}
    decided = Application.objects.filter(decided_at__date__gte=since).exclude(outcome="")
    for title, received, done, due in decided.values_list(
        "procedure__title", "received_at", "decided_at", "due_on"
    ).iterator():
        end = timezone.localdate(done)
        taken = working_days_between(timezone.localdate(received), end, is_working_day)
        spans.setdefault(title or "", []).append((taken, end > due))
    found = [(title, times(days)) for title, days in sorted(spans.items())]
    return [OfProcedure(title, one) for title, one in found if one is not None]
