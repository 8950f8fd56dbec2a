"""What an incident obliges a municipality to do, and by when. Pure rules over declared facts.

Followed: 個人情報の保護に関する法律 第68条 and its 施行規則 第43条 (which cases of leaks of personal information
held by public bodies) and 第44条 (a preliminary report within three to five days of knowing, the final one within
30 days, 60 where a wrongful purpose is suspected). The last of the five days is taken for the deadline, the day of
knowing for day 1. Leaks that include My Number have rules of their own in the 番号法; here every one is taken as one
to report. No lawyer has checked this reading: the screens say that the municipality must check it against the
articles. The first response and the lesson are rules of this house.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from machi.base.engine.workdays import after_working_days

FIRST_RESPONSE = timedelta(hours=24)
PRELIMINARY_DAYS = 5
FINAL_DAYS = 30
FINAL_DAYS_WRONGFUL = 60
MANY_PEOPLE = 100
"""More people than this make any leak one to report (規則 第43条)."""
LESSON_WORKING_DAYS = 20
CLOSING = time(17, 15)


class Kind(StrEnum):
    WRONG_ANSWER = "wrong_answer"
    PERSONAL_INFORMATION = "personal_information"
    UNFAIR = "unfair"
    COPYRIGHT = "copyright"
    OUTAGE = "outage"
    UNAPPROVED = "unapproved"
    OTHER = "other"


class Duty(StrEnum):
    FIRST_RESPONSE = "first_response"
    PRELIMINARY_REPORT = "preliminary_report"
    FINAL_REPORT = "final_report"
    TELL_PEOPLE = "tell_people"
    LESSON = "lesson"


OUTSIDE = (Duty.PRELIMINARY_REPORT, Duty.FINAL_REPORT)
"""Reports to the Personal Information Protection Commission."""


class Ground(StrEnum):
    """Why a leak must be reported."""

    SENSITIVE = "sensitive"
    """Special care-required information, also by ordinance."""
    PROPERTY = "property"
    """Misuse may cost people money."""
    WRONGFUL = "wrongful"
    """Perhaps done with a wrongful purpose."""
    MANY = "many"
    """More than 100 people."""
    MY_NUMBER = "my_number"
    """Includes My Number (the 番号法 has its own cases; here every one is taken to be one, to be safe)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an incident. Times are aware; ``noticed_at`` is when anyone on the staff knew."""

    kind: Kind
    noticed_at: datetime
    filed_at: datetime
    leaked: bool = False
    """Personal information has left, or may have left, the municipality's hands."""
    affected: int | None = None
    """People concerned; None: not known."""
    sensitive: bool = False
    property_damage: bool = False
    wrongful: bool = False
    my_number: bool = False


@dataclass(frozen=True, slots=True)
class Obligation:
    duty: Duty
    due_at: datetime | None
    """None: promptly, as the case allows."""


def grounds(facts: Facts) -> tuple[Ground, ...]:
    """Why this leak must be reported to the Commission; empty: no leak, or none of its cases (as far as known)."""
    if not facts.leaked:
        return ()
    cases = (
        (Ground.SENSITIVE, facts.sensitive),
        (Ground.PROPERTY, facts.property_damage),
        (Ground.WRONGFUL, facts.wrongful),
        (Ground.MANY, facts.affected is not None and facts.affected > MANY_PEOPLE),
        (Ground.MY_NUMBER, facts.my_number),
    )
    return tuple(ground for ground, holds in cases if holds)


def obligations(facts: Facts, zone: tzinfo) -> tuple[Obligation, ...]:
    """What must be done and by when, in the order to be met.

    Days are counted in ``zone``, the day of knowing as the first. The 30th or 60th day stands even where it is a
    holiday: a day too early harms nobody.
    """
    found = [Obligation(Duty.FIRST_RESPONSE, facts.filed_at + FIRST_RESPONSE)]
    if why := grounds(facts):
        final = FINAL_DAYS_WRONGFUL if Ground.WRONGFUL in why else FINAL_DAYS
        found += [
            Obligation(Duty.PRELIMINARY_REPORT, _day(facts.noticed_at, PRELIMINARY_DAYS, zone)),
            Obligation(Duty.TELL_PEOPLE, None),
            Obligation(Duty.FINAL_REPORT, _day(facts.noticed_at, final, zone)),
        ]
    lesson = after_working_days(facts.filed_at.astimezone(zone).date(), LESSON_WORKING_DAYS)
    return (*found, Obligation(Duty.LESSON, datetime.combine(lesson, CLOSING, zone)))


def first_due(due: Sequence[datetime | None]) -> datetime | None:
    """The earliest of several deadlines; None where none has a date."""
    return min((one for one in due if one is not None), default=None)


def _day(noticed_at: datetime, days: int, zone: tzinfo) -> datetime:
    """Closing time of the ``days``-th day, that of ``noticed_at`` being the first."""
    day = noticed_at.astimezone(zone).date() + timedelta(days=days - 1)
    return datetime.combine(day, CLOSING, zone)
