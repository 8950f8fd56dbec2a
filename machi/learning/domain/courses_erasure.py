"""Erasing what a learner left in a course: answers, plans, the name on the certificate. Figures and the ledger stay.

It is kept for five years from the end of the cohort, as long as files of training usually are; then the daily work
erases it. Before that whoever may do so erases it on request. A certificate without its name can still be checked: the
page says that the name was erased.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.scoping import in_consortium
from machi.learning.domain.courses_access import SYSTEM
from machi.learning.domain.exercises import SUBJECT as ANSWERS
from machi.learning.domain.follow_up_access import SUBJECT as PLAN
from machi.learning.domain.follow_up_erasure import wipe
from machi.learning.models import Attempt, Certificate, Enrolment

KEPT_YEARS = 5


def erase_enrolment(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> None:
    """A place of one of the town's people, in whichever of its consortia; Refused where there is none to erase."""
    for consortium in municipality.consortia_today():
        with in_consortium(consortium), transaction.atomic():
            found = (
                Enrolment.objects.select_for_update()
                .filter(municipality=municipality, pk=pk, erased_at=None)
                .first()
            )
            if found is not None:
                _erase(found, municipality, ground=ground, reference=reference, person=person)
                return
    raise Refused(_("この番号の受講はないか、すでに消去されています。"), field="number")


def _erase(
    enrolment: Enrolment, municipality: Municipality, *, ground: str, reference: str, person: Person | None
) -> None:
    erasing.overwrite_what_is_deleted()
    plans = list(enrolment.plans.filter(erased_at=None))
    erased = {
        "answers": Attempt.objects.filter(enrolment=enrolment)
        .filter(answer__isnull=False)
        .update(answer=None),
        "certificates": Certificate.objects.filter(enrolment=enrolment).update(name=None),
        "enrolments": 1,
        **wipe(plans),
    }
    now = timezone.now()
    if enrolment.state == Enrolment.State.ACTIVE:
        enrolment.state, enrolment.withdrawn_at = Enrolment.State.WITHDRAWN, now
    enrolment.erased_at = now
    enrolment.save(update_fields=["state", "withdrawn_at", "erased_at"])
    erasing.erase_traces(
        municipality,
        [
            f"enrolment:{enrolment.pk}",
            f"{ANSWERS}:{enrolment.pk}",
            *(f"{PLAN}:{one.pk}" for one in plans),
        ],
        ground=ground,
        reference=reference.strip(),
        person=person,
        system=SYSTEM,
        erased=erased,
    )


def expired_enrolments(municipality: Municipality, now: datetime) -> list[int]:
    """Those of cohorts whose last day is ``KEPT_YEARS`` past."""
    today = timezone.localdate(now)
    last = date(today.year - KEPT_YEARS, today.month, 1)
    found: list[int] = []
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            old = Enrolment.objects.filter(
                municipality=municipality, erased_at=None, cohort__ends_on__lt=last
            )
            found += old.order_by("pk").values_list("pk", flat=True)
    return found
