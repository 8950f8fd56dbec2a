"""What waits of subsidies: deadlines of programmes that the town chose to apply for."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality, Person
from machi.base.rooms import Waiting
from machi.joint.domain.funding_matching import CHECK
from machi.joint.models import FundingCheck

SOON = timedelta(days=30)


def waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    if not person.has_perm(CHECK, municipality):
        return []
    today = timezone.localdate()
    near = FundingCheck.objects.filter(
        town=municipality, chosen__deadline__gte=today, chosen__deadline__lte=today + SOON
    )
    return [Waiting(_("締切が30日以内の、申請すると決めた制度"), near.count(), "joint:funding_checks")]
