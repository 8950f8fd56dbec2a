"""Who takes part: a town enrols its own people, the joint office those of any town; whoever leaves stays on record."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.people import admit_learner
from machi.base.domain.towns import members
from machi.base.models import Municipality, Person
from machi.learning.domain.courses_access import ENROL, is_office, record
from machi.learning.domain.courses_cohorts import TAKES_PEOPLE, locked
from machi.learning.models import Cohort, Enrolment

State = Enrolment.State


def may_enrol(person: Person, municipality: Municipality, cohort: Cohort) -> bool:
    return cohort.state in TAKES_PEOPLE and person.has_perm(ENROL, municipality)


def towns_for(person: Person, municipality: Municipality, cohort: Cohort) -> QuerySet[Municipality]:
    """Towns whose people this person may enrol, working for ``municipality``."""
    if is_office(person, municipality):
        return members(cohort.consortium)
    return Municipality.objects.filter(pk=municipality.pk).select_related("prefecture")


@transaction.atomic
def enrol(
    cohort: Cohort, municipality: Municipality, by: Person, *, town: Municipality, email: str, name: str
) -> Enrolment:
    """The person with this address in ``town``; who has no account gets one as a learner. Who had left is back."""
    current = opened(cohort, municipality, by)
    if not towns_for(by, municipality, current).filter(pk=town.pk).exists():
        raise PermissionDenied
    person = admit_learner(town, by=by, email=email, name=name)
    enrolment = place(current, town, person)
    record(
        current.consortium,
        municipality,
        by,
        f"enrolment:{enrolment.pk}",
        "enrol",
        concerned=(town,),
        inputs={"email": person.email},
        cohort=current.pk,
        town=town.pk,
    )
    return enrolment


def opened(cohort: Cohort, municipality: Municipality, by: Person) -> Cohort:
    """The cohort, locked; Refused where it takes nobody."""
    if not by.has_perm(ENROL, municipality):
        raise PermissionDenied
    current = locked(cohort)
    if current.state not in TAKES_PEOPLE:
        raise Refused(_("この回は、受講者を受け付けていません。"))
    return current


def place(cohort: Cohort, town: Municipality, person: Person) -> Enrolment:
    """The person's place in the cohort; Refused where they have one, or had one for another town."""
    known = Enrolment.objects.select_for_update().filter(cohort=cohort, person=person).first()
    if known is None:
        return Enrolment.objects.create(
            consortium=cohort.consortium, cohort=cohort, municipality=town, person=person
        )
    if known.municipality_id != town.pk:
        raise Refused(_("この人は、ほかの自治体からもう登録されています。"), "email")
    if known.state != State.WITHDRAWN:
        raise Refused(_("この人は、もう登録されています。"), "email")
    known.state, known.withdrawn_at = State.ACTIVE, None
    known.save(update_fields=["state", "withdrawn_at"])
    return known


def may_withdraw(person: Person, municipality: Municipality, enrolment: Enrolment) -> bool:
    """Who could enrol them."""
    return person.has_perm(ENROL, municipality) and (
        is_office(person, municipality) or enrolment.municipality_id == municipality.pk
    )


@transaction.atomic
def withdraw(enrolment: Enrolment, municipality: Municipality, by: Person, reason: str) -> None:
    """What they did stays. The reason goes into the ledger as a digest: it may speak of the person."""
    if not may_withdraw(by, municipality, enrolment):
        raise PermissionDenied
    current = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort", "municipality")
        .get(pk=enrolment.pk)
    )
    if current.state != State.ACTIVE:
        raise Refused(_("受講中ではありません。"))
    current.state, current.withdrawn_at = State.WITHDRAWN, timezone.now()
    current.save(update_fields=["state", "withdrawn_at"])
    record(
        current.consortium,
        municipality,
        by,
        f"enrolment:{current.pk}",
        "withdraw",
        concerned=(current.municipality,),
        inputs={"reason": reason.strip()},
        cohort=current.cohort_id,
        town=current.municipality_id,
    )


def own_enrolments(person: Person) -> QuerySet[Enrolment, Any]:
    """A person's own places, those under way first."""
    return (
        Enrolment.objects.filter(person=person)
        .select_related("cohort__version__course", "municipality__prefecture")
        .order_by("state", "-cohort__starts_on", "-pk")
    )
