"""Erasing what was written in free text, which may name people; what was chosen and counted stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.scoping import in_consortium
from machi.learning.domain.surveys_record import SYSTEM
from machi.learning.models import SurveyResponse

KEPT = timedelta(days=5 * 365)
"""After the survey was closed."""


@transaction.atomic
def erase(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> None:
    """The town's own answer, in whichever of its consortia; Refused where there is none to erase."""
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            found = (
                SurveyResponse.objects.select_for_update()
                .filter(town=municipality, pk=pk, erased_at=None)
                .first()
            )
            if found is None:
                continue
            found.words, found.erased_at = "{}", timezone.now()
            found.save(update_fields=["words", "erased_at"])
            erasing.erase_traces(
                municipality,
                [f"survey_response:{pk}"],
                ground=ground,
                reference=reference.strip(),
                person=person,
                system=SYSTEM,
                erased={"responses": 1},
            )
            return
    raise Refused(_("この番号の回答はないか、すでに消去されています。"), field="number")


def expired(municipality: Municipality, now: datetime) -> list[int]:
    found: list[int] = []
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            old = SurveyResponse.objects.filter(
                town=municipality, erased_at=None, survey__closed_at__lt=now - KEPT
            )
            found += old.order_by("pk").values_list("pk", flat=True)
    return found
