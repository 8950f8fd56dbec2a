"""Erasing who asked for a booking: names, contacts, words and links go; day, party and state stay as figures."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain.tourism import SYSTEM
from machi.joint.models import BookingRequest

State = BookingRequest.State
KEPT = timedelta(days=90)
"""After the day asked for."""


@transaction.atomic
def erase(
    asked: BookingRequest,
    person: Person | None = None,
    *,
    ground: str = erasing.Ground.REQUEST,
    reference: str = "",
) -> None:
    """In the scope of its consortium. Done once; a second time nothing happens."""
    current = (
        BookingRequest.objects.select_for_update(of=("self",))
        .select_related("spot__municipality")
        .get(pk=asked.pk)
    )
    if current.erased_at:
        return
    current.name = current.email = current.telephone = None
    current.erased_at = timezone.now()
    if current.state in (State.SENT, State.PROPOSED):
        current.state = State.WITHDRAWN
    current.save()
    turns = current.turns.update(words=None)
    town = current.spot.municipality
    with in_municipality(town):
        erasing.erase_traces(
            town,
            [f"visit_request:{current.pk}"],
            ground=ground,
            reference=reference.strip(),
            person=person,
            system=SYSTEM,
            erased={"requests": 1, "turns": turns},
        )


def erase_request(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> None:
    """One of the town's own spots, in whichever of its consortia; Refused where there is none to erase."""
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            found = BookingRequest.objects.filter(
                spot__municipality=municipality, pk=pk, erased_at=None
            ).first()
            if found is not None:
                erase(found, person, ground=ground, reference=reference)
                return
    raise Refused(_("この番号の予約の希望はないか、すでに消去されています。"), field="number")


def expired_requests(municipality: Municipality, now: datetime) -> list[int]:
    """Those whose day, and the day proposed instead, are ``KEPT`` past."""
    last = timezone.localdate(now) - KEPT
    old = Q(on__lt=last) & (Q(proposed_on__isnull=True) | Q(proposed_on__lt=last))
    found: list[int] = []
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            mine = BookingRequest.objects.filter(old, spot__municipality=municipality, erased_at=None)
            found += mine.order_by("pk").values_list("pk", flat=True)
    return found
