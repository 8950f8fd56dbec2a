"""Plan against fact of a figure that a project promised to move from a baseline to a target.

The plan in between is the straight line: nobody writes down more than where they start and where they want to be.
What the towns report is put together (their sum, their mean, or the lead town's figure) and compared with the line on
the last day of the half-year. A tenth of the whole way is tolerance: below that a figure counts as on its way. All in
exact decimals.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

TOLERANCE = Decimal("0.1")
"""Of the way from baseline to target; of the target where the figure is only to be kept."""


@dataclass(frozen=True, slots=True)
class Course:
    baseline: Decimal
    target: Decimal
    starts: date
    ends: date
    """The day by which the target is to be reached."""
    rising: bool = True
    """More is better. Must agree with the target unless that equals the baseline."""


class Together(StrEnum):
    """How the towns' figures make the project's."""

    SUM = "sum"
    MEAN = "mean"
    LEAD = "lead"
    """The lead town's alone counts."""


class Standing(StrEnum):
    AHEAD = "ahead"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Combined:
    value: Decimal | None
    counted: int
    expected: int

    @property
    def complete(self) -> bool:
        return self.value is not None and self.counted == self.expected


@dataclass(frozen=True, slots=True)
class Variance:
    planned: Decimal
    actual: Decimal | None
    difference: Decimal | None
    """Fact less plan."""
    reached: Decimal | None
    """Share of the way from baseline to target; None where there is no way to go."""
    standing: Standing


def check(course: Course) -> None:
    """ValueError where the course makes no sense; for forms too."""
    if course.ends <= course.starts:
        raise ValueError("the target lies before the beginning")
    if course.target != course.baseline and (course.target > course.baseline) != course.rising:
        raise ValueError("the target lies in the wrong direction")


def planned(course: Course, on: date) -> Decimal:
    """The straight line at the end of a day, level before and after."""
    days = (course.ends - course.starts).days
    gone = min(max((on - course.starts).days, 0), days)
    return course.baseline + (course.target - course.baseline) * gone / days


def combined(how: Together, reported: Mapping[str, Decimal], towns: Collection[str], lead: str) -> Combined:
    """The project's figure of what ``towns`` have reported so far (figures by code)."""
    counting = {lead} if how is Together.LEAD else set(towns)
    values = [value for code, value in reported.items() if code in counting]
    if not values:
        return Combined(None, 0, len(counting))
    total = sum(values, Decimal(0))
    return Combined(total / len(values) if how is Together.MEAN else total, len(values), len(counting))


def variance(course: Course, on: date, actual: Decimal | None) -> Variance:
    """ValueError as in ``check``."""
    check(course)
    plan = planned(course, on)
    if actual is None:
        return Variance(plan, None, None, None, Standing.UNKNOWN)
    way = course.target - course.baseline
    reached = (actual - course.baseline) / way if way else None
    better = (actual - plan) if course.rising else (plan - actual)
    slack = abs(way or course.target) * TOLERANCE
    standing = Standing.ON_TRACK
    if better > slack:
        standing = Standing.AHEAD
    if better < -slack:
        standing = Standing.BEHIND
    return Variance(plan, actual, actual - plan, reached, standing)
