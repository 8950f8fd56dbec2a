"""Erasing what two towns wrote to each other about working together: people write names and telephone numbers there.

Which towns, about which work, and how it was answered stays. What was written is kept for three years after the last
word; before that a manager of one of the two erases it on request.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.domain.recording import erase_recorded
from machi.base.models import LedgerEntry, Municipality, Person
from machi.base.scoping import every_municipality, in_consortium
from machi.joint.domain.partners import SYSTEM
from machi.joint.models import Interest, InterestMessage

KEPT = timedelta(days=3 * 365 + 1)


@transaction.atomic
def erase_talk(
    interest: Interest, acting: Municipality, person: Person | None, *, ground: str, reference: str = ""
) -> LedgerEntry:
    """All that was written so far; the two may go on. Returns the entry in the ledger of ``acting``."""
    current = Interest.objects.select_for_update().get(pk=interest.pk)
    written = InterestMessage.objects.filter(interest=current, text__isnull=False)
    if not written.exists():
        raise Refused(_("消去するやりとりがありません。"), "number")
    erasing.overwrite_what_is_deleted()  # before the first row goes
    return erase_recorded(
        acting,
        person,
        [f"interest:{current.pk}"],
        system=SYSTEM,
        ground=ground,
        reference=reference,
        erased={"messages": written.update(text=None)},
    )


def erase_interest(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> LedgerEntry:
    """One in which the municipality asks or is asked; Refused where there is none, or nothing left in it."""
    with every_municipality():
        mine = Interest.objects.filter(Q(asking=municipality) | Q(asked=municipality), pk=pk)
        interest = mine.select_related("consortium").first()
    if interest is None:
        raise Refused(_("この番号の関心の表明はありません。"), "number")
    with in_consortium(interest.consortium):
        return erase_talk(interest, municipality, person, ground=ground, reference=reference)


def expired_interests(municipality: Municipality, now: datetime) -> list[int]:
    """Those that the municipality began, ``KEPT`` after the last word."""
    with every_municipality():
        old = (
            Interest.objects.filter(asking=municipality, messages__text__isnull=False)
            .annotate(last=Max("messages__at"))
            .filter(last__lt=now - KEPT)
        )
        return list(old.order_by("pk").values_list("pk", flat=True))
