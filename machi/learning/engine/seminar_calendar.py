"""A seminar for one's own calendar (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Event

TOKYO = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True, slots=True)
class Entry:
    """``uid`` stays the same when the entry changes, so that a calendar replaces it; ``changed``: when it last did."""

    uid: str
    title: str
    starts: datetime
    ends: datetime
    changed: datetime
    place: str = ""
    about: str = ""
    url: str = ""
    cancelled: bool = False
    remind: timedelta | None = None


def calendar(entries: Sequence[Entry]) -> bytes:
    """Equal bytes for equal entries. ValueError for times without a zone."""
    from icalendar import Calendar

    book = Calendar()
    book.add("prodid", "-//machi//seminars//")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    for one in entries:
        book.add_component(_event(one))
    data: bytes = book.to_ical()
    return data


def _event(one: Entry) -> Event:
    from icalendar import Alarm, Event

    if one.starts.tzinfo is None or one.ends.tzinfo is None or one.changed.tzinfo is None:
        raise ValueError("times with a zone")
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", one.changed.astimezone(ZoneInfo("UTC")).replace(microsecond=0))
    event.add("dtstart", one.starts.astimezone(TOKYO))
    event.add("dtend", one.ends.astimezone(TOKYO))
    event.add("summary", one.title)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    for name, text in (("location", one.place), ("description", one.about), ("url", one.url)):
        if text:
            event.add(name, text)
    if one.remind is not None and not one.cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one.title)
        alarm.add("trigger", -one.remind)
        event.add_component(alarm)
    return event
