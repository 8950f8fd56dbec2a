"""What can be said of a course's effect on towns: the panel, its description, and estimates of whoever can make them.

Towns see each other's monthly figures only as means of at least ``FEWEST_TOWNS``; the joint office sees each town's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Min
from django.utils.translation import gettext as _

from machi.base.domain.towns import members
from machi.base.models import Consortium
from machi.learning.engine.effect import (
    EffectEstimator,
    Estimate,
    NotEstimable,
    Panel,
    StartGroup,
    next_month,
    start_groups,
)
from machi.learning.models import Cohort, Enrolment, MonthlyUse

FEWEST_TOWNS = 4
_ESTIMATORS: dict[str, EffectEstimator] = {}


class Measure(StrEnum):
    """Columns of ``MonthlyUse``."""

    RESULTS = "results"
    USERS = "users"
    AGREED = "agreed"
    OVERRULED = "overruled"


@dataclass(frozen=True, slots=True)
class Said:
    """What an estimator said of a panel: an estimate, or why there is none."""

    key: str
    estimate: Estimate | None
    why_not: str


def register(estimator: EffectEstimator) -> None:
    """Called by the room that has one, when it starts."""
    _ESTIMATORS[estimator.key] = estimator


def forget(key: str) -> None:
    _ESTIMATORS.pop(key, None)


def panel(consortium: Consortium, measure: Measure, today: date) -> Panel:
    """Town by month, of all months that any town has shared (three queries)."""
    towns = [one.pk for one in members(consortium)]
    begun = dict(
        Enrolment.objects.filter(municipality__in=towns, cohort__starts_on__lte=today)
        .exclude(state=Enrolment.State.WITHDRAWN)
        .exclude(cohort__state=Cohort.State.PLANNED)
        .values_list("municipality")
        .annotate(first=Min("cohort__starts_on"))
        .order_by("municipality")
    )
    rows = list(
        MonthlyUse.objects.filter(municipality__in=towns).values_list("municipality", "month", str(measure))
    )
    months = sorted({month for _town, month, _value in rows})
    periods: list[date] = []
    while months and (not periods or periods[-1] < months[-1]):
        periods.append(next_month(periods[-1]) if periods else months[0])
    known = {(town, month): value for town, month, value in rows}
    return Panel(
        str(measure),
        tuple(periods),
        {town: begun[town].replace(day=1) if town in begun else None for town in towns},
        {town: tuple(_number(known.get((town, month))) for month in periods) for town in towns},
    )


def _number(value: int | None) -> float | None:
    return None if value is None else float(value)


def groups_for(found: Panel, office: bool) -> list[StartGroup]:
    """Towns by start. For a town no mean of so few that another town's figure can be read from it."""
    return start_groups(found, 1 if office else FEWEST_TOWNS)


def estimates(found: Panel) -> Sequence[Said]:
    """Of each registered estimator. None is: the page says so and claims nothing."""
    said = []
    for key, one in sorted(_ESTIMATORS.items()):
        try:
            said.append(Said(key, one.estimate(found), ""))
        except NotEstimable as reason:
            said.append(Said(key, None, str(reason) or _("この表からは推定できません。")))
    return said
