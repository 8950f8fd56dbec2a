"""The dates of a cohort for people's own calendars (iCalendar, RFC 5545)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from machi.learning.engine.pace import due_dates
from machi.learning.models import Cohort, Module


def milestones(cohort: Cohort) -> list[tuple[Module, date]]:
    """Each module with the day by which it is done at an even pace."""
    modules = list(cohort.version.modules.annotate(minutes=Sum("lessons__minutes")).order_by("order"))
    minutes = [one.minutes or 0 for one in modules]
    return list(zip(modules, due_dates(minutes, cohort.starts_on, cohort.ends_on), strict=True))


def cohort_calendar(cohort: Cohort, address: str = "") -> bytes:
    """First day, the day by which each module should be done, last day: whole days. Equal bytes for equal dates."""
    book = Calendar()
    book.add("prodid", "-//machi//learning//")
    book.add("version", "2.0")
    course = cohort.version.course.title
    days = [(0, _("%(course)s: 始まり") % {"course": course}, cohort.starts_on)]
    days += [
        (at, _("%(course)s: 「%(module)s」をここまでに") % {"course": course, "module": module.title}, day)
        for at, (module, day) in enumerate(milestones(cohort), 1)
    ]
    days.append((len(days), _("%(course)s: 最後の日") % {"course": course}, cohort.ends_on))
    stamp = (cohort.version.published_at or timezone.now()).replace(microsecond=0)
    for at, title, day in days:
        event = Event()
        event.add("uid", f"cohort-{cohort.pk}-{at}@machi")
        event.add("dtstamp", stamp)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", title)
        event.add("description", cohort.title)
        if address:
            event.add("url", address)
        book.add_component(event)
    data: bytes = book.to_ical()
    return data
