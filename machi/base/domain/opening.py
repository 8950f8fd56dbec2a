"""How a municipality begins: it takes part from now on, and its first administrator lets the others in.

There is nobody yet who could appoint that person, so this is for an administrator of the whole platform, or for
whoever runs the installation, by the command line. The ledger tells the latter: it names no actor.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.domain.register import load_register
from machi.base.models import Appointment, Municipality, Person, Role

OPEN = "base.open_municipality"


def ensure_register() -> None:
    """Fills the register of municipalities where it is empty."""
    if not Municipality.objects.exists():
        load_register()


@transaction.atomic
def open_municipality(code: str, *, by: Person | None = None) -> Municipality:
    """The municipality with this code, live; the register is filled where it is empty. Refused: no such code.

    ``by`` None: whoever runs the installation.
    """
    _check(by)
    ensure_register()
    municipality = Municipality.objects.select_for_update().filter(code=code).first()
    if municipality is None:
        raise Refused(f"no municipality has the code {code} (six digits, check digit included)")
    if not municipality.live:
        municipality.live = True
        municipality.save(update_fields=["live"])
        _record(municipality, by, "municipality", {"action": "open"})
    return municipality


@transaction.atomic
def appoint_administrator(
    municipality: Municipality, *, email: str, name: str, by: Person | None = None
) -> Person:
    """The person with this address, made where there is none, as administrator here. An account keeps its name."""
    _check(by)
    person = _person(email, name)
    _, is_new = Appointment.objects.get_or_create(
        person=person, role=Role.ADMINISTRATOR, municipality=municipality
    )
    if is_new:
        _record(
            municipality,
            by,
            f"person:{person.pk}",
            {"action": "appoint", "role": str(Role.ADMINISTRATOR), "division": None},
        )
    return person


@transaction.atomic
def appoint_platform_administrator(*, email: str, name: str) -> Person:
    """The person with this address, made where there is none, as administrator of the whole platform: may open
    municipalities. Only for whoever runs the installation."""
    person = _person(email, name)
    Appointment.objects.get_or_create(
        person=person, role=Role.ADMINISTRATOR, municipality=None, consortium=None
    )
    return person


def _check(by: Person | None) -> None:
    if by is not None and not by.has_perm(OPEN):
        raise PermissionDenied


def _person(email: str, name: str) -> Person:
    email = email.strip().lower()  # as sign-in looks it up
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        return Person.objects.create_user(email, name=name.strip())
    if not person.is_active:
        raise Refused(
            _("{email} のアカウントは停止されています。先に停止を解いてください。").format(email=email),
            "email",
        )
    return person


def _record(municipality: Municipality, by: Person | None, subject: str, outputs: dict[str, object]) -> None:
    ledger.record(
        municipality,
        system="base.people",
        kind="people",
        subject=subject,
        actor=by,
        outputs=outputs,
        explanation="" if by else "on the command line of the installation",
    )
