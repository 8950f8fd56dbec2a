"""A deadline in words: how long is left, or since when it is past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Due:
    at: datetime
    words: str
    kind: str
    """Of the chip: danger when past, warning when soon."""
    icon: str


def due(at: datetime, now: datetime) -> Due:
    """``words`` rounds down to minutes below an hour, hours below two days, then days."""
    if at < now:
        return Due(at, _("期限を%(time)s超過") % {"time": _time(now - at)}, "danger", "warning")
    kind = "warning" if at - now <= SOON else ""
    return Due(at, _("あと%(time)s") % {"time": _time(at - now)}, kind, "schedule")


def _time(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return ngettext("%(count)d分", "%(count)d分", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(count)d時間", "%(count)d時間", hours) % {"count": hours}
    return ngettext("%(count)d日", "%(count)d日", hours // 24) % {"count": hours // 24}
