"""Use of AI systems in real work before and after a course: counts of a group, and none that tell of a person.

A count is hidden where fewer than ``smallest`` people stand behind it (0 is shown). Counts add up, so a hidden one
could be had by subtraction: the total is shown only where the people behind all hidden counts together are at
least ``smallest`` (or none). The group itself must be that large.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

SMALLEST = 5
WINDOW = 90
"""Days looked at before the first, and after the last day of a course."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Days from .. until (not included). ``after_days`` grows to ``WINDOW`` as time passes; 0: not over yet."""

    before_from: date
    before_until: date
    after_from: date
    after_until: date

    @property
    def before_days(self) -> int:
        return (self.before_until - self.before_from).days

    @property
    def after_days(self) -> int:
        return (self.after_until - self.after_from).days


def windows(starts_on: date, ends_on: date, today: date, days: int = WINDOW) -> Windows:
    """Whole days only: today is not over. ValueError where the course ends before it starts."""
    if ends_on < starts_on:
        raise ValueError("a course ends on or after the day it starts")
    after = ends_on + timedelta(days=1)
    until = max(after, min(after + timedelta(days=days), today))
    return Windows(starts_on - timedelta(days=days), starts_on, after, until)


@dataclass(frozen=True, slots=True)
class Use:
    """Results that one person had of one system within a window."""

    system: str
    who: str
    results: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a window: results by system (None: hidden), all together, and people who had any."""

    systems: dict[str, int | None]
    total: int | None
    users: int | None


def shown(uses: Iterable[Use], group: int, smallest: int = SMALLEST) -> Shown:
    """``group``: people whose use was looked for, whether or not they had any."""
    counts: dict[str, int] = {}
    people: dict[str, set[str]] = {}
    for one in uses:
        counts[one.system] = counts.get(one.system, 0) + one.results
        people.setdefault(one.system, set()).add(one.who)
    if group < smallest:
        return Shown(dict.fromkeys(sorted(counts)), None, None)
    hidden = {system for system, own in people.items() if len(own) < smallest}
    behind = set().union(*(people[one] for one in hidden))
    everybody = set().union(*people.values())
    return Shown(
        {one: None if one in hidden else counts[one] for one in sorted(counts)},
        sum(counts.values()) if not hidden or len(behind) >= smallest else None,
        len(everybody) if not everybody or len(everybody) >= smallest else None,
    )


def per_month(results: int | None, days: int) -> float | None:
    """Results in 30 days, so that windows of unlike length can be compared; None where there is nothing to say."""
    return None if results is None or days <= 0 else results * 30 / days
