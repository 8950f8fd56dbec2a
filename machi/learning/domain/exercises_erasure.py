"""Erasing what learners wrote: when the cohort has ended (daily), or before on request. Scores stay as figures."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.scoping import in_consortium
from machi.learning.domain.exercises import SUBJECT, SYSTEM
from machi.learning.domain.exercises_queries import over
from machi.learning.models import Attempt


def erase_answers(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> None:
    """The words of all attempts of one of the town's enrolments; Refused where there are none."""
    for consortium in municipality.consortia_today():
        with in_consortium(consortium), transaction.atomic():
            erasing.overwrite_what_is_deleted()
            mine = Attempt.objects.filter(enrolment=pk, enrolment__municipality=municipality)
            count = mine.filter(answer__isnull=False).update(answer=None)
            if count:
                erasing.erase_traces(
                    municipality,
                    [f"{SUBJECT}:{pk}"],
                    ground=ground,
                    reference=reference.strip(),
                    person=person,
                    system=SYSTEM,
                    erased={"answers": count},
                )
                return
    raise Refused(_("この番号の受講に、消去する答えはありません。"), field="number")


def expired_answers(municipality: Municipality, now: datetime) -> list[int]:
    """Enrolments of cohorts that have ended whose answers are still there."""
    found: set[int] = set()
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            mine = Attempt.objects.filter(over(timezone.localdate(now)), enrolment__municipality=municipality)
            found |= set(mine.filter(answer__isnull=False).values_list("enrolment_id", flat=True))
    return sorted(found)
