"""When a plan made after a course is looked back on: 30 and 90 days later, and how long it can be told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAYS = (30, 90)
OPEN_FOR = 60
"""Days, from the due one on, on which it can be told. The 30-day check-in thus ends as the 90-day one begins: memory
of what was saved in a month does not reach further back."""
REMIND_FOR = 14
"""Days, from the due one on, on which a mail may still be written: a job that was down for a month sends none."""
PLAN_AFTER = 3
"""Days after the end of the course on which whoever has no plan is asked for one by mail."""


class State(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    ANSWERED = "answered"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Due:
    """``due``: first day, ``until``: last day on which it can be told."""

    days: int
    due: date
    until: date
    state: State


def schedule(made_on: date, today: date, answered: Collection[int]) -> tuple[Due, ...]:
    """Both check-ins of a plan made on a day, as they stand ``today``. ``answered``: which of ``DAYS`` were."""
    found = []
    for days in DAYS:
        due = made_on + timedelta(days=days)
        until = due + timedelta(days=OPEN_FOR - 1)
        if days in answered:
            state = State.ANSWERED
        elif today < due:
            state = State.WAITING
        else:
            state = State.OPEN if today <= until else State.MISSED
        found.append(Due(days, due, until, state))
    return tuple(found)


def to_remind(made_on: date, today: date, answered: Collection[int]) -> int | None:
    """Which check-in a mail is due for today, if any: they never overlap."""
    for one in schedule(made_on, today, answered):
        if one.state == State.OPEN and today < one.due + timedelta(days=REMIND_FOR):
            return one.days
    return None


def ask_for_plan(finished_on: date, today: date) -> bool:
    """Is it the time to write to whoever has finished and has no plan?"""
    return PLAN_AFTER <= (today - finished_on).days < PLAN_AFTER + REMIND_FOR
