"""What the room does once a day in each town, within each of its consortia."""

from collections.abc import Callable, Sequence

from machi.base.models import Consortium, Municipality
from machi.base.scoping import in_consortium
from machi.learning.domain import (
    cases_index,
    courses_reminders,
    discussion_digest,
    follow_up_reminders,
    seminars_daily,
    surveys_reminders,
)

SUBJECTS: Sequence[Callable[[Municipality, Consortium], object]] = (
    courses_reminders.each_day,
    surveys_reminders.each_day,
    seminars_daily.each_day,
    cases_index.each_day,
    discussion_digest.each_day,
    follow_up_reminders.each_day,
)
"""Each is called in both scopes and is safe to repeat."""


def each_day(municipality: Municipality) -> None:
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            for subject in SUBJECTS:
                subject(municipality, consortium)
