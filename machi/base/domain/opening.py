"""How a municipality begins: it takes part from now on, and its first administrator lets the others in.

There is nobody yet who could appoint that person, so this is for whoever runs the installation, by the command
line. The ledger tells it from an administrator's appointment: it names no actor.
"""

from __future__ import annotations

from django.db import transaction

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.domain.register import load_register
from machi.base.models import Appointment, Municipality, Person, Role


@transaction.atomic
def open_municipality(code: str) -> Municipality:
    """The municipality with this code, live; the register is filled where it is empty. Refused: no such code."""
    if not Municipality.objects.exists():
        load_register()
    municipality = Municipality.objects.select_for_update().filter(code=code).first()
    if municipality is None:
        raise Refused(f"no municipality has the code {code} (six digits, check digit included)")
    if not municipality.live:
        municipality.live = True
        municipality.save(update_fields=["live"])
        _record(municipality, "municipality", {"action": "open"})
    return municipality


@transaction.atomic
def appoint_administrator(municipality: Municipality, *, email: str, name: str) -> Person:
    """The person with this address, made where there is none, as administrator here. An account keeps its name."""
    email = email.strip().lower()  # as sign-in looks it up
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        person = Person.objects.create_user(email, name=name.strip())
    elif not person.is_active:
        raise Refused(f"the account of {email} is stopped; an administrator must restart it first")
    _, is_new = Appointment.objects.get_or_create(
        person=person, role=Role.ADMINISTRATOR, municipality=municipality
    )
    if is_new:
        _record(
            municipality,
            f"person:{person.pk}",
            {"action": "appoint", "role": str(Role.ADMINISTRATOR), "division": None},
        )
    return person


def _record(municipality: Municipality, subject: str, outputs: dict[str, object]) -> None:
    ledger.record(
        municipality,
        system="base.people",
        kind="people",
        subject=subject,
        outputs=outputs,
        explanation="on the command line of the installation",
    )
