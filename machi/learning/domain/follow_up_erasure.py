"""Erasing the words of plans and check-ins: on request, or a year after the cohort ended, when the last check-in is
long past. Outcomes and hours stay as figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.scoping import in_consortium
from machi.learning.domain.follow_up_access import SUBJECT, SYSTEM
from machi.learning.models import CheckIn, PracticePlan

KEPT = timedelta(days=365)
"""After the last day of the cohort; plans made later are kept until their last check-in can be told no more."""
_CHECKED_FOR = timedelta(days=150)


def erase_plan(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> None:
    """A plan of one of the town's people, in whichever of its consortia; Refused where there is none to erase."""
    for consortium in municipality.consortia_today():
        with in_consortium(consortium), transaction.atomic():
            erasing.overwrite_what_is_deleted()
            found = (
                PracticePlan.objects.select_for_update(of=("self",))
                .filter(enrolment__municipality=municipality, pk=pk, erased_at=None)
                .first()
            )
            if found is not None:
                erasing.erase_traces(
                    municipality,
                    [f"{SUBJECT}:{pk}"],
                    ground=ground,
                    reference=reference.strip(),
                    person=person,
                    system=SYSTEM,
                    erased=wipe([found]),
                )
                return
    raise Refused(_("この番号の実践計画はないか、すでに消去されています。"), field="number")


def wipe(plans: Iterable[PracticePlan]) -> dict[str, int]:
    """Their words and those of their check-ins, inside a transaction; how many of each."""
    keys = [one.pk for one in plans]
    now = timezone.now()
    return {
        "plans": PracticePlan.objects.filter(pk__in=keys).update(
            will=None, work=None, see=None, shared=False, erased_at=now
        ),
        "check_ins": CheckIn.objects.filter(plan__in=keys).update(reason=None, helped=None, hindered=None),
    }


def expired_plans(municipality: Municipality, now: datetime) -> list[int]:
    today = timezone.localdate(now)
    found: list[int] = []
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            old = PracticePlan.objects.filter(
                enrolment__municipality=municipality,
                erased_at=None,
                enrolment__cohort__ends_on__lt=today - KEPT,
                made_on__lt=today - _CHECKED_FOR,
            )
            found += old.order_by("pk").values_list("pk", flat=True)
    return found
