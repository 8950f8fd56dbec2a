"""Erasing a family: names, address, circumstances, reasons. Numbers, places and the ledger stay.

A family is kept for five years from the end of its round's year (as long as files of admissions usually are), then the
daily work erases it; before that whoever may do so erases it on request.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Municipality, Person
from machi.base.scoping import every_municipality
from machi.joint.domain.places import SYSTEM
from machi.joint.models import PlaceApplicant, PlaceFamily, PlaceReasons, PlaceRound, PlaceUpload

KEPT_YEARS = 5


@transaction.atomic
def erase_family(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> LedgerEntry:
    """Erases it for good and returns the entry that tells so; Refused where it is not there or was erased before.

    While applications are taken it leaves the round; once closed its number and its place stay as they are.
    """
    family = PlaceFamily.objects.select_for_update().filter(pk=pk).first()
    if family is None:
        raise Refused(_("この番号の家庭はありません。"), field="number")
    if family.erased_at is not None:
        raise Refused(_("この家庭はすでに消去されています。"), field="number")
    erasing.overwrite_what_is_deleted()
    now = timezone.now()
    people = PlaceApplicant.objects.filter(family=family)
    PlaceApplicant.objects.filter(family=family, withdrawn_at=None).update(withdrawn_at=now)
    reasons = PlaceReasons.objects.filter(applicant__family=family)
    uploads = PlaceUpload.objects.filter(round_id=family.round_id)  # lists not taken yet may name the family
    erased = {"uploads": uploads.delete()[0], "families": 1}
    erased["reasons"] = reasons.update(reasons=[], ruling=None)
    erased["applicants"] = people.update(name=None, circumstances=None)
    family.name = family.address = None
    family.erased_at = now
    family.save()
    return erasing.erase_traces(
        municipality,
        [f"place_family:{pk}"],
        ground=ground,
        reference=reference.strip(),
        person=person,
        system=SYSTEM,
        erased=erased,
    )


def expired_families(municipality: Municipality, now: datetime) -> list[int]:
    """Families of rounds whose fiscal year ended ``KEPT_YEARS`` ago, and that are not open any more."""
    today = timezone.localdate(now)
    this_year = today.year - (today.month < 4)
    with every_municipality():  # rounds belong to consortia, and which of them is not known here
        old = list(
            PlaceRound.objects.filter(year__lt=this_year - KEPT_YEARS)
            .exclude(state__in=(PlaceRound.State.OPEN, PlaceRound.State.CLOSED))
            .values_list("pk", flat=True)
        )
    found = PlaceFamily.objects.filter(municipality=municipality, round_id__in=old, erased_at=None)
    return list(found.order_by("pk").values_list("pk", flat=True))
