"""A plan for the visitor's own calendar (iCalendar, RFC 5545)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from machi.joint.web.tourism_shown import ShownPlan

TOKYO = ZoneInfo("Asia/Tokyo")


def calendar(made: ShownPlan, address: str) -> bytes:
    """One event a stop; equal bytes for an equal plan in one language. The plan's secret is in its links only."""
    book = Calendar()
    book.add("prodid", "-//machi//joint tourism//")
    book.add("version", "2.0")
    for day in made.days:
        for place, stop in enumerate(day.stops):
            event = Event()
            event.add("uid", f"plan-{made.plan.pk}-{day.number}-{place}@machi")
            event.add("dtstamp", made.plan.made_at.replace(microsecond=0))
            event.add("dtstart", _at(day.date, stop.stop.begins))
            event.add("dtend", _at(day.date, stop.stop.ends))
            spot = stop.stop.spot
            event.add("summary", str(spot) if spot else _("昼休み"))
            if spot:
                event.add("location", spot.address or str(spot.municipality))
                event.add("geo", (spot.latitude, spot.longitude))
                event.add("description", "\n".join(filter(None, (spot.told, spot.hours_note, spot.url))))
            event.add("url", address)
            book.add_component(event)
    data: bytes = book.to_ical()
    return data


def _at(day: date, minutes: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=TOKYO) + timedelta(minutes=minutes)
