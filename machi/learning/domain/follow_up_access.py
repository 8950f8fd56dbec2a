"""Who sees what of plans: whoever made one; shared, also who instructs the cohort and the managers of the own town.
What somebody wrote and how it went never goes into the ledger but as digests: auditors read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from machi.base.domain.recording import record as record_joint
from machi.base.models import Municipality, Person, Role
from machi.base.rules import holds
from machi.learning.models import Cohort, Enrolment, PracticePlan

SYSTEM, KIND, SUBJECT = "learning.follow_up", "follow_up", "practice_plan"
SEE_EFFECT = "learning.see_effect"
_manages = holds(Role.MANAGER)


def manages(person: Person, municipality: Municipality) -> bool:
    """Plans that are shared are for managers and not, as figures are, for AI officers or auditors as well."""
    return bool(_manages(person, municipality))


def shared_plans(person: Person, municipality: Municipality) -> QuerySet[PracticePlan, Any]:
    """What others have shared with this person, working for ``municipality``; the newest first."""
    seen = Q(enrolment__cohort__in=Cohort.objects.filter(instructors=person))
    if manages(person, municipality):
        seen |= Q(enrolment__municipality=municipality)
    return (
        PracticePlan.objects.filter(seen, shared=True, erased_at=None)
        .exclude(enrolment__person=person)
        .select_related("enrolment__person", "enrolment__municipality__prefecture", "enrolment__cohort")
        .prefetch_related("check_ins")
        .order_by("-made_on", "-pk")
    )


def may_plan(enrolment: Enrolment, today: date) -> bool:
    """The course is behind them: completed, or its cohort is over and they did not leave."""
    if enrolment.erased_at is not None or enrolment.state == Enrolment.State.WITHDRAWN:
        return False
    cohort = enrolment.cohort
    return (
        enrolment.state == Enrolment.State.COMPLETED
        or cohort.state == Cohort.State.ENDED
        or cohort.ends_on < today
    )


def record(
    plan: PracticePlan, person: Person | None, action: str, inputs: Mapping[str, Any], **outputs: Any
) -> None:
    """In the ledger of the town whose person made the plan."""
    enrolment = plan.enrolment
    record_joint(
        plan.consortium,
        enrolment.municipality,
        person,
        system=SYSTEM,
        kind=KIND,
        subject=f"{SUBJECT}:{plan.pk}",
        inputs=inputs,
        outputs={"action": action, "cohort": enrolment.cohort_id, **outputs},
    )
