"""Completing a course: every lesson finished and every required exercise passed, by the best attempt. Then, and only
then, there is a certificate."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from machi.base.models import Municipality, Person
from machi.learning.domain.courses import minutes_of
from machi.learning.domain.courses_access import ensure_office, record
from machi.learning.domain.courses_progress import works_of
from machi.learning.engine.certificate_code import BASE, RANDOM, code_of, read
from machi.learning.models import Certificate, Cohort, Enrolment

State = Enrolment.State


@transaction.atomic
def settle(enrolment: Enrolment) -> Certificate | None:
    """The certificate, if what is asked for is done; call it after a lesson was finished or an exercise passed.
    Safe to call again: there is one certificate for a place in a cohort. Once the cohort has ended nobody completes."""
    current = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort__version__course", "municipality__prefecture", "person", "consortium")
        .get(pk=enrolment.pk)
    )
    if current.state != State.ACTIVE or current.cohort.state == Cohort.State.ENDED:
        return Certificate.objects.filter(enrolment=current).first()
    if not works_of([current])[current.pk].complete:
        return None
    current.state, current.completed_at = State.COMPLETED, timezone.now()
    current.save(update_fields=["state", "completed_at"])
    enrolment.state, enrolment.completed_at = current.state, current.completed_at
    certificate = certify(current, minutes_of(current.cohort.version))
    certificate.save()
    record(
        current.consortium,
        current.municipality,
        None,
        f"enrolment:{current.pk}",
        "complete",
        inputs={"name": current.person.name},
        cohort=current.cohort_id,
        version=current.cohort.version_id,
        certificate=certificate.pk,
    )
    return certificate


def certify(enrolment: Enrolment, minutes: int) -> Certificate:
    """The certificate of a completed place, not saved: what it says is what was true on the day."""
    version, town = enrolment.cohort.version, enrolment.municipality
    return Certificate(
        consortium=enrolment.consortium,
        enrolment=enrolment,
        code=code_of([secrets.randbelow(BASE) for _ in range(RANDOM)]),
        name=enrolment.person.name,
        town=f"{town.prefecture.name}{town.name}",
        course=version.course.title,
        version=version.number,
        minutes=minutes,
        issued_on=timezone.localdate(enrolment.completed_at),
    )


def found_by_code(text: str) -> Certificate | None:
    """What a person typed, or None: no such certificate was given out in this consortium. A revoked one is found,
    so that the page can say that it no longer counts."""
    code = read(text)
    return Certificate.objects.filter(code=code).first() if code else None


@transaction.atomic
def revoke(certificate: Certificate, municipality: Municipality, person: Person, reason: str) -> None:
    """It was given out by mistake. The reason goes into the ledger as a digest."""
    ensure_office(person, municipality)
    current = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("enrolment__municipality")
        .get(pk=certificate.pk)
    )
    if current.revoked_at is None:
        current.revoked_at = timezone.now()
        current.save(update_fields=["revoked_at"])
        record(
            current.consortium,
            municipality,
            person,
            f"enrolment:{current.enrolment_id}",
            "revoke",
            concerned=(current.enrolment.municipality,),
            inputs={"reason": reason.strip()},
            certificate=current.pk,
        )


def settle_all(cohort: Cohort, municipality: Municipality) -> int:
    """Everybody of the town who is through and was not told; how many. For the daily work."""
    active = list(cohort.enrolments.filter(state=State.ACTIVE, municipality=municipality))
    works = works_of(active)
    return sum(settle(one) is not None for one in active if works[one.pk].complete)
