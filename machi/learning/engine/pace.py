"""How far a learner is, and how far they should be: by the time that has passed, in words that say why.

A course is a row of units (a lesson read, a required exercise passed). Who goes at an even pace has done, on any day of
the cohort, the same share of the units as has passed of its days. ``standing`` compares the two; nothing is learnt or
guessed, and everybody can do the sum by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

SLACK = 0.2
"""Share of the course that one may be behind before anybody is told: a fortnight's holiday in a course of ten weeks."""
IDLE_DAYS = 14
"""Days without opening anything after which somebody should ask what is the matter."""


class Why(Enum):
    """What keeps a learner from being on time."""

    NOT_BEGUN = "not_begun"
    BEHIND = "behind"
    IDLE = "idle"
    EXERCISES_LEFT = "exercises_left"
    """Every lesson is read; what is missing are exercises not passed."""
    OVER = "over"
    """The cohort has ended."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one learner has done of the course, in whole units; ``last``: the day they last opened or answered
    anything (None: never)."""

    lessons: int
    lessons_done: int
    exercises: int
    """Required ones."""
    exercises_passed: int
    last: date | None

    def __post_init__(self) -> None:
        if not (0 <= self.lessons_done <= self.lessons and 0 <= self.exercises_passed <= self.exercises):
            raise ValueError(f"more done than there is: {self}")

    @property
    def share(self) -> float:
        """0 to 1; of an empty course nothing can be done."""
        units = self.lessons + self.exercises
        return (self.lessons_done + self.exercises_passed) / units if units else 0.0

    @property
    def complete(self) -> bool:
        return self.lessons > 0 and self.share == 1.0


@dataclass(frozen=True, slots=True)
class Standing:
    share: float
    expected: float
    idle_days: int | None
    """Since anything was opened; None: nothing ever was."""
    reasons: tuple[Why, ...]
    """Empty: on time, or done."""


def expected_share(starts: date, ends: date, today: date) -> float:
    """Share of the days from ``starts`` to ``ends`` (both included) that are over before ``today``; 0 before, 1 after.

    ValueError where the end lies before the start.
    """
    if ends < starts:
        raise ValueError(f"ends {ends} before it starts {starts}")
    days = (ends - starts).days + 1
    return min(1.0, max(0.0, (today - starts).days / days))


def standing(work: Work, starts: date, ends: date, today: date) -> Standing:
    """How a learner stands on ``today``. Reasons are in the order in which they should be told."""
    expected = expected_share(starts, ends, today)
    idle = (today - work.last).days if work.last else None
    if work.complete:
        return Standing(work.share, expected, idle, ())
    reasons = []
    if today > ends:
        reasons.append(Why.OVER)
    late = expected - work.share > SLACK
    if late and work.last is None:
        reasons.append(Why.NOT_BEGUN)
    elif work.lessons_done == work.lessons and work.lessons and late:
        reasons.append(Why.EXERCISES_LEFT)
    elif late:
        reasons.append(Why.BEHIND)
    if idle is not None and idle >= IDLE_DAYS and starts <= today <= ends:
        reasons.append(Why.IDLE)
    return Standing(work.share, expected, idle, tuple(reasons))


def due_dates(minutes: Sequence[int], starts: date, ends: date) -> list[date]:
    """The day by which each module should be done at an even pace: the days are shared out by the modules' minutes,
    the last is the cohort's last day. ValueError where the end lies before the start."""
    if ends < starts:
        raise ValueError(f"ends {ends} before it starts {starts}")
    days, total, until, found = (ends - starts).days, sum(minutes), 0, []
    for one in minutes:
        until += one
        found.append(starts + timedelta(days=round(days * until / total)) if total else ends)
    return found
