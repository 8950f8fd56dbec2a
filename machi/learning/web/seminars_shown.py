"""How a seminar is told on pages and in files: its seats, its entry in a calendar, the code at the entrance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.learning.engine.seminar_calendar import Entry
from machi.learning.models import Seminar, SeminarRegistration, SeminarSession, Way

CALENDAR = "text/calendar; charset=utf-8"


def seats_told(seminar: Seminar) -> list[dict[str, Any]]:
    """Each way of attending with its capacity and what is left, for public pages (``seats`` prefetched)."""
    told = []
    for one in sorted(seminar.whole, key=lambda seats: seats.way != Way.ON_SITE):  # type: ignore[attr-defined]
        free = one.free
        if free is None:
            words, kind = _("定員なし"), "info"
        elif free:
            words, kind = (
                _("残り%(free)s席（定員%(all)s人）") % {"free": free, "all": one.capacity},
                "success",
            )
        elif seminar.waiting_list:
            words, kind = _("満席・キャンセル待ち受付"), "warning"
        else:
            words, kind = _("満席"), "warning"
        told.append({"way": one.get_way_display(), "words": words, "kind": kind})
    return told


def calendar_entry(seminar: Seminar, *, way: str = "", url: str = "") -> Entry:
    """The seminar as a whole; with ``way``, for somebody who has a seat there."""
    page = reverse("learning:public_seminar", args=[seminar.municipality_id, seminar.pk])
    place = " ".join(filter(None, (seminar.venue, seminar.address)))
    if way == Way.ONLINE:
        place = seminar.online_url
    return Entry(
        uid=f"seminar-{seminar.pk}@machi",
        title=str(seminar),
        starts=seminar.starts_at,
        ends=seminar.ends_at,
        changed=seminar.published_at or seminar.opens_at,
        place=place,
        about=seminar.told,
        url=url or f"{settings.MACHI_URL}{page}?consortium={seminar.consortium_id}",
        cancelled=seminar.state == Seminar.State.CANCELLED,
        remind=timedelta(days=1),
    )


def calendar_entries(registration: SeminarRegistration, url: str) -> list[Entry]:
    """The chosen sessions that have a seat, and the seminar around them."""
    seminar = registration.seminar
    chosen = [one.session for one in registration.choices.select_related("session") if one.seated]
    whole = calendar_entry(seminar, way=registration.way, url=url)
    return [whole, *(_session_entry(seminar, one, whole) for one in chosen)]


def _session_entry(seminar: Seminar, session: SeminarSession, whole: Entry) -> Entry:
    return Entry(
        uid=f"seminar-{seminar.pk}-session-{session.pk}@machi",
        title=f"{session} ({seminar})",
        starts=session.starts_at,
        ends=session.ends_at,
        changed=whole.changed,
        place=" ".join(filter(None, (whole.place, session.room))),
        about=session.about,
        url=whole.url,
        cancelled=whole.cancelled,
    )


def check_in_address(registration: SeminarRegistration) -> str:
    """Where the code at the entrance leads: a page of the office, which asks for a sign-in."""
    seminar = registration.seminar
    page = reverse("learning:seminar_check_in", args=[seminar.municipality_id, seminar.pk])
    return f"{settings.MACHI_URL}{page}?consortium={seminar.consortium_id}&code={registration.code}"


def qr_path(address: str) -> dict[str, Any]:
    """A QR code (ISO/IEC 18004) as the path of an SVG drawing, and its size in modules."""
    import qrcode  # type: ignore[import-untyped]

    code = qrcode.QRCode(border=2)
    code.add_data(address)
    code.make(fit=True)
    matrix = code.get_matrix()
    path = "".join(
        f"M{column},{row}h1v1h-1z"
        for row, line in enumerate(matrix)
        for column, dark in enumerate(line)
        if dark
    )
    return {"path": path, "size": len(matrix)}
