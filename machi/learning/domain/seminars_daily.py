"""What seminars need once a day: what ends by the clock, seats not taken up, reminders seven days and one before."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from machi.base.models import Consortium, Municipality
from machi.learning.domain import seminars_mail as mail
from machi.learning.domain.seminars import State, pass_time
from machi.learning.domain.seminars_seats import R, locked, promote
from machi.learning.models import Seminar

WEEK = 7


def each_day(municipality: Municipality, consortium: Consortium) -> None:
    """For the seminars that the town hosts, so that it is done once; safe to repeat."""
    now = timezone.now()
    for one in Seminar.objects.filter(municipality=municipality, state__in=(State.PUBLISHED, State.CLOSED)):
        with transaction.atomic():
            current = locked(one)
            promote(current)
            remind(current, now)
            pass_time(current, now)


def remind(seminar: Seminar, now: datetime) -> int:
    """Letters to those who have a seat: one in the week before (not to who registered in it), one on the day before,
    or on the day itself where that was missed. Nobody gets one twice (``seminar_mail_once``)."""
    today, day = timezone.localdate(now), timezone.localdate(seminar.starts_at)
    if seminar.starts_at <= now:
        return 0
    seated = seminar.registrations.filter(state=R.CONFIRMED, erased_at=None).select_related("seminar")
    left = (day - today).days
    if left <= 1:
        return mail.queue(seated, "day")
    if left <= WEEK:
        return mail.queue(seated.filter(made_at__lt=_begin(day - timedelta(days=WEEK))), "week")
    return 0


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
