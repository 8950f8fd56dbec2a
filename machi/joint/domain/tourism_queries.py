"""What is known of spots: for visitors, for staff, and when a spot is open."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from machi.base.models import Municipality
from machi.joint.engine.routes_model import Window
from machi.joint.models import Spot


def public_spots() -> QuerySet[Spot, Any]:
    """Shown to visitors: published, of a town that is a member today, and events that are not over."""
    return (
        Spot.objects.select_related("municipality")
        .filter(
            published=True,
            municipality__memberships__consortium_id=_here(),
            municipality__memberships__until__isnull=True,
        )
        .exclude(kind=Spot.Kind.EVENT, ends_on__lt=timezone.localdate())
        .order_by("municipality", "kind", "name", "pk")
    )


def staff_spots(town: Municipality) -> QuerySet[Spot, Any]:
    """What staff of ``town`` see: all of their own first, and what others have published."""
    return (
        Spot.objects.select_related("municipality")
        .filter(Q(municipality=town) | Q(published=True))
        .annotate(elsewhere=Case(When(municipality=town, then=0), default=1))
        .order_by("elsewhere", "municipality", "name", "pk")
    )


def window_on(spot: Spot, day: date) -> Window | None:
    """When the spot is open on that day, in minutes; None: closed, or its hours are not known."""
    if spot.opens is None or spot.closes is None or spot.weekdays[day.weekday()] == "0":
        return None
    if day.isoformat() in spot.closed_dates:
        return None
    if spot.starts_on and day < spot.starts_on:
        return None
    if spot.kind == Spot.Kind.EVENT and day > (spot.ends_on or spot.starts_on or day):
        return None
    if spot.ends_on and day > spot.ends_on:
        return None
    return minutes_of(spot.opens), 1440 if spot.closes == time(23, 59) else minutes_of(spot.closes)


def minutes_of(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def clock_of(minutes: int) -> str:
    """``9:05``; past midnight goes on counting, as timetables do."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _here() -> int:
    from machi.base.scoping import current_consortium

    consortium = current_consortium()
    assert consortium is not None
    return consortium.pk
