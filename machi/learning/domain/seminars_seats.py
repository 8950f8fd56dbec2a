"""Seats: taken one at a time, given back, offered to those who wait, in the order in which they came.

Every verb here is called with the seminar's row ``locked``, inside the transaction of what it is for.
Should that lock ever be forgotten, the database still refuses: ``seminar_never_overbooked``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from machi.base.models import Consortium
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import seminars_mail as mail
from machi.learning.domain.seminars_record import record_registration
from machi.learning.models import Seminar, SeminarRegistration, SeminarSeats, Way

R = SeminarRegistration.State
HOLDING = (R.CONFIRMED, R.OFFERED)


def take(seminar: Seminar, way: str) -> bool:
    """One seat of that way of attending; False where none is left."""
    return _take(SeminarSeats.objects.filter(seminar=seminar, way=way, session=None))


def take_session(session: int) -> bool:
    """A seat in a session's room; True as well where the room has no limit."""
    seats = SeminarSeats.objects.filter(session_id=session)
    return not seats.exists() or _take(seats)


def give_back(registration: SeminarRegistration) -> None:
    """The seat of whoever holds one, and those in rooms."""
    _give(SeminarSeats.objects.filter(seminar=registration.seminar, way=registration.way, session=None))
    leave_sessions(registration)


def leave_sessions(registration: SeminarRegistration) -> None:
    if registration.way == Way.ON_SITE:
        for session in registration.choices.filter(seated=True).values_list("session_id", flat=True):
            _give(SeminarSeats.objects.filter(session_id=session))
    registration.choices.update(seated=False)


def seat_in_sessions(registration: SeminarRegistration) -> list[int]:
    """Seats in the rooms of the chosen sessions, where there are any left; the sessions that were full."""
    full = []
    for choice in registration.choices.filter(seated=False):
        if registration.way == Way.ON_SITE and not take_session(choice.session_id):
            full.append(choice.session_id)
            continue
        choice.seated = True
        choice.save(update_fields=["seated"])
    return full


def promote(seminar: Seminar) -> int:
    """Offers every free seat to whoever has waited longest for it; how many offers. First, what was offered and not
    answered in time becomes free."""
    now = timezone.now()
    _lapse(seminar, now)
    if seminar.state not in (Seminar.State.PUBLISHED, Seminar.State.CLOSED) or seminar.starts_at <= now:
        return 0
    offers = 0
    for way in seminar.ways:
        queue = seminar.registrations.filter(state=R.WAITING, way=way).order_by("number")
        while (first := queue.first()) is not None and take(seminar, way):
            _offer(seminar, first, now)
            offers += 1
    return offers


def _offer(seminar: Seminar, registration: SeminarRegistration, now: datetime) -> None:
    registration.state = R.OFFERED
    registration.offered_until = min(now + timedelta(hours=seminar.offer_hours), seminar.starts_at)
    registration.changed_at = now
    registration.save(update_fields=["state", "offered_until", "changed_at"])
    seat_in_sessions(registration)
    record_registration(seminar, registration, "offer", until=registration.offered_until.isoformat())
    mail.queue([registration], "offer")
    ends = registration.offered_until + timedelta(seconds=1)
    promote_task.using(run_after=ends).enqueue(seminar.consortium_id, seminar.pk)


def _lapse(seminar: Seminar, now: datetime) -> None:
    for one in seminar.registrations.filter(state=R.OFFERED, offered_until__lte=now).order_by("number"):
        give_back(one)
        one.state, one.changed_at = R.LAPSED, now
        one.save(update_fields=["state", "changed_at"])
        record_registration(seminar, one, "lapse")
        mail.queue([one], "lapsed")


@task()
def promote_task(consortium: int, pk: int) -> None:
    """When an offer ends: what was not answered goes to the next."""
    with in_consortium(Consortium.objects.get(pk=consortium)):
        seminar = Seminar.objects.select_related("municipality").filter(pk=pk).first()
        if seminar is None:
            return
        with in_municipality(seminar.municipality), transaction.atomic():
            promote(locked(seminar))


def locked(seminar: Seminar) -> Seminar:
    """All that concerns seats holds this lock, so that registrations of one seminar come one after the other."""
    found: Seminar = (
        Seminar.objects.select_for_update(of=("self",))
        .select_related("municipality", "consortium")
        .get(pk=seminar.pk)
    )
    return found


def _take(seats: QuerySet[SeminarSeats, Any]) -> bool:
    free = seats.filter(Q(capacity=None) | Q(taken__lt=F("capacity")))
    return bool(free.update(taken=F("taken") + 1))


def _give(seats: QuerySet[SeminarSeats, Any]) -> None:
    seats.filter(taken__gt=0).update(taken=F("taken") - 1)
