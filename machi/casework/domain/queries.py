"""Reading: the queue and what its pages show, in a number of queries that does not grow with the applications."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from machi.casework.engine.likeness import comparable
from machi.casework.models import Application

State = Application.State
OPEN_STATES = (
    State.RECEIVED,
    State.READING,
    State.CHECKING,
    State.REVIEW,
    State.SECOND,
    State.AMENDMENT,
)
_MOST_NAMED = 500
TO_NOTIFY = (State.APPROVED, State.REFUSED)
TO_TELL = "to-notify"
"""Asks ``queue`` for what is decided and not told yet."""


@dataclass(frozen=True, slots=True)
class Figures:
    review: int
    overdue: int
    second: int
    amendment: int
    unread: int
    to_notify: int


def queue(
    *,
    state: str = "",
    procedure: int | None = None,
    overdue: bool = False,
    doubtful: bool = False,
    number: str = "",
) -> QuerySet[Application]:
    """By deadline, then by doubt: the least sure first. ``state``: one, ``TO_TELL`` or ``all``; else what is open.
    ``number``: a part of the number, or of the applicant's name; whatever state it is in, unless one is given."""
    found = Application.objects.filter(erased_at=None).select_related("procedure")
    if state in State.values:
        found = found.filter(state=state)
    elif state == TO_TELL:
        found = found.filter(state__in=TO_NOTIFY)
    elif state != "all" and not number:
        found = found.filter(state__in=OPEN_STATES)
    if procedure is not None:
        found = found.filter(procedure_id=procedure)
    if overdue:
        found = found.filter(due_on__lt=timezone.localdate(), state__in=OPEN_STATES)
    if doubtful:
        found = found.filter(Q(doubtful__gt=0) | Q(unsure__gt=0) | Q(failed__gt=0))
    if number:
        found = found.filter(Q(number__contains=number.strip()) | Q(pk__in=_named(found, number)))
    return found.order_by("due_on", "lowest_confidence", "pk")


def _named(found: QuerySet[Application], words: str) -> list[int]:
    """Names are encrypted, so each is decrypted and looked at: a hundred thousand take seconds, a town's year less."""
    wanted = comparable(words)
    if not wanted or wanted.isdecimal():
        return []
    names = found.order_by("-pk").values_list("pk", "applicant").iterator()
    matching = (pk for pk, name in names if name and wanted in comparable(name))
    return list(islice(matching, _MOST_NAMED))


def figures() -> Figures:
    """In one query."""
    today = timezone.localdate()
    counted = Application.objects.filter(erased_at=None).aggregate(
        review=Count("pk", filter=Q(state=State.REVIEW)),
        overdue=Count("pk", filter=Q(state__in=OPEN_STATES, due_on__lt=today)),
        second=Count("pk", filter=Q(state=State.SECOND)),
        amendment=Count("pk", filter=Q(state=State.AMENDMENT)),
        unread=Count("pk", filter=Q(state__in=(State.RECEIVED, State.READING, State.CHECKING), read_at=None)),
        to_notify=Count("pk", filter=Q(state__in=TO_NOTIFY)),
    )
    return Figures(**counted)
