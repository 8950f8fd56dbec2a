"""Use of AI in real work, counted from the ledger: of a cohort's people of one's own town, before and after; and each
month's counts of a town, which it shares with its consortium.

A result counts for whoever had it made (``actor``). Exercises are no real work: systems of this room do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from machi.base import ledger
from machi.base.domain.recording import record as record_joint
from machi.base.models import Consortium, LedgerEntry, LedgerRuling, Municipality
from machi.base.rooms import AISystem, rooms
from machi.learning.domain.follow_up_access import KIND, SYSTEM
from machi.learning.domain.follow_up_queries import system_words
from machi.learning.engine.effect import next_month
from machi.learning.engine.real_use import SMALLEST, Shown, Use, Windows, shown, windows
from machi.learning.models import Cohort, Enrolment, MonthlyUse

MONTHS = 24
"""How far back the monthly figures go."""
Verdict = LedgerRuling.Verdict


@dataclass(frozen=True, slots=True)
class Rulings:
    """By people of the group on anybody's results; None: fewer than five ruled."""

    agreed: int | None
    overruled: int | None


@dataclass(frozen=True, slots=True)
class SystemRow:
    title: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class RealUse:
    """``enough``: the group is large enough for anything to be shown."""

    windows: Windows
    enough: bool
    before: Shown
    after: Shown
    rulings_before: Rulings
    rulings_after: Rulings
    rows: tuple[SystemRow, ...]


def real_use(cohort: Cohort, municipality: Municipality, today: date) -> RealUse:
    """Of the cohort's people of ``municipality``, whose scope is open (five queries)."""
    frame = windows(cohort.starts_on, cohort.ends_on, today)
    group = list(
        Enrolment.objects.filter(cohort=cohort, municipality=municipality)
        .exclude(state=Enrolment.State.WITHDRAWN)
        .values_list("person", flat=True)
    )
    spans = ((frame.before_from, frame.before_until), (frame.after_from, frame.after_until))
    before, after = (shown(_uses(group, *span), len(group)) for span in spans)
    ruled = [_rulings(group, *span) for span in spans]
    keys = sorted({*before.systems, *after.systems})
    rows = tuple(
        SystemRow(system_words(key), before.systems.get(key, 0), after.systems.get(key, 0)) for key in keys
    )
    return RealUse(frame, len(group) >= SMALLEST, before, after, ruled[0], ruled[1], rows)


def _uses(group: list[int], start: date, until: date) -> list[Use]:
    found = (
        _results()
        .filter(actor__in=[f"person:{pk}" for pk in group], at__gte=_midnight(start), at__lt=_midnight(until))
        .values("system", "actor")
        .annotate(results=Count("pk"))
        .order_by("system", "actor")
    )
    return [Use(one["system"], one["actor"], one["results"]) for one in found]


def is_real_work(system: AISystem) -> bool:
    """Not one of this room's, which are for practice."""
    return not system.key.startswith("learning.")


def _results() -> QuerySet[LedgerEntry, Any]:
    """Results of AI systems of real work."""
    keys = [
        system.key for room in rooms() for system in room.ai_systems if not system.key.startswith("learning.")
    ]
    return LedgerEntry.objects.filter(kind=ledger.RESULT, system__in=keys)


def _rulings(group: list[int], start: date, until: date) -> Rulings:
    if len(group) < SMALLEST:
        return Rulings(None, None)
    found = LedgerRuling.objects.filter(
        person__in=group, at__gte=_midnight(start), at__lt=_midnight(until)
    ).aggregate(**_VERDICTS)
    if 0 < found["rulers"] < SMALLEST:
        return Rulings(None, None)
    return Rulings(found["agreed"], found["overruled"])


_VERDICTS: dict[str, Any] = {
    "rulers": Count("person", distinct=True),
    "agreed": Count("pk", filter=Q(verdict=Verdict.AGREE)),
    "overruled": Count("pk", filter=Q(verdict=Verdict.OVERRULE)),
}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@transaction.atomic
def share_months(municipality: Municipality, consortium: Consortium, today: date) -> int:
    """Stores the figures of each month that is over and is not stored yet, in both scopes; how many months.
    Safe to repeat: a month that is stored is not counted again."""
    end = today.replace(day=1)
    start = (end - timedelta(days=30 * MONTHS)).replace(day=1)
    known = set(MonthlyUse.objects.filter(municipality=municipality).values_list("month", flat=True))
    months = []
    month = start
    while month < end:
        if month not in known:
            months.append(month)
        month = next_month(month)
    if not months:
        return 0
    span = {"at__gte": _midnight(months[0]), "at__lt": _midnight(end)}
    used: dict[datetime, dict[str, Any]] = {
        row["month"]: dict(row)
        for row in _results()
        .filter(actor__startswith="person:", **span)
        .annotate(month=TruncMonth("at"))
        .values("month")
        .annotate(results=Count("pk"), users=Count("actor", distinct=True))
        .order_by("month")
    }
    ruled: dict[datetime, dict[str, Any]] = {
        row["month"]: dict(row)
        for row in LedgerRuling.objects.filter(**span)
        .annotate(month=TruncMonth("at"))
        .values("month")
        .annotate(**_VERDICTS)
        .order_by("month")
    }
    MonthlyUse.objects.bulk_create(
        _row(municipality, consortium, month, _of(used, month), _of(ruled, month)) for month in months
    )
    record_joint(
        consortium,
        municipality,
        None,
        system=SYSTEM,
        kind=KIND,
        subject=f"monthly_use:{municipality.code}",
        outputs={"action": "share_months", "from": f"{months[0]:%Y-%m}", "until": f"{months[-1]:%Y-%m}"},
    )
    return len(months)


def _of(rows: dict[datetime, dict[str, Any]], month: date) -> dict[str, Any]:
    return rows.get(_midnight(month), {})


def _row(
    municipality: Municipality,
    consortium: Consortium,
    month: date,
    used: dict[str, Any],
    ruled: dict[str, Any],
) -> MonthlyUse:
    few = 0 < used.get("users", 0) < SMALLEST
    few_rule = 0 < ruled.get("rulers", 0) < SMALLEST
    return MonthlyUse(
        consortium=consortium,
        municipality=municipality,
        month=month,
        users=None if few else used.get("users", 0),
        results=None if few else used.get("results", 0),
        agreed=None if few_rule else ruled.get("agreed", 0),
        overruled=None if few_rule else ruled.get("overruled", 0),
    )
