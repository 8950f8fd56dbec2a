"""Who may sign in for a municipality and with which roles: made, appointed, dismissed, stopped, reset.

What always holds. An administrator gives and takes roles in their own municipality only, never their own, and
never a role of a consortium or of the whole platform. What reaches beyond the municipality (the account itself:
its name, its password, whether it is active) they may change only while everything the person may do lies
within what they administer. So nobody can take over an account to get in elsewhere, nor plant one: an account
that roles elsewhere rest on is not appointed by its e-mail address, and an account nobody appoints any more is
taken up with its old ways of signing in forgotten. Every change is in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Appointment, Division, Municipality, Person, Role

MANAGE = "base.manage_people"
ADMIT = "base.admit_learners"
GRANTABLE = (Role.CLERK, Role.MANAGER, Role.AI_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.LEARNER)
"""Roles that a municipality gives; the joint office is a consortium's."""


def people_of(municipality: Municipality) -> QuerySet[Person, Any]:
    """Those with a role of this municipality: ``.here`` their appointments, ``.has_mfa``, ``.elsewhere``."""
    here = Appointment.objects.filter(municipality=municipality).select_related("division").order_by("role")
    theirs = Appointment.objects.filter(person=OuterRef("pk"))
    return (
        Person.objects.filter(Exists(theirs.filter(municipality=municipality)))
        .annotate(
            has_mfa=Exists(_second_factors().filter(user=OuterRef("pk"))),
            elsewhere=Exists(theirs.exclude(municipality=municipality)),
        )
        .prefetch_related(Prefetch("appointments", here, to_attr="here"))
        .order_by("name", "pk")
    )


def appointed_above(municipality: Municipality) -> QuerySet[Appointment]:
    """Roles that hold here through a consortium or the whole platform, which this municipality cannot change."""
    consortia = municipality.memberships.filter(until__isnull=True).values("consortium")
    return (
        Appointment.objects.filter(
            Q(consortium__in=consortia) | Q(municipality__isnull=True, consortium__isnull=True),
            person__is_active=True,
        )
        .select_related("person", "consortium")
        .order_by("person__name", "pk")
    )


def may_change_account(by: Person, person: Person) -> bool:
    """Does everything ``person`` may do lie in municipalities where ``by`` administers people?"""
    if by.pk == person.pk:
        return False
    appointments = person.appointments.select_related("municipality")
    return all(one.municipality is not None and by.has_perm(MANAGE, one.municipality) for one in appointments)


@transaction.atomic
def create_person(
    municipality: Municipality,
    *,
    by: Person,
    email: str,
    name: str,
    role: str,
    division: Division | None = None,
) -> Person:
    """The person with this e-mail address, appointed; without a password they need a link (``password_link``).

    Refused where the person is here already, or where the address belongs to an account that has roles beyond
    what ``by`` administers.
    """
    _check(municipality, by)
    person = _with_address(municipality, by, email, name)
    if person.appointments.filter(municipality=municipality).exists():
        raise Refused(_("この人はすでに登録されています。職員の一覧から選んでください。"), "email")
    _give(municipality, by, person, role, division)
    return person


@transaction.atomic
def admit_learner(municipality: Municipality, *, by: Person, email: str, name: str) -> Person:
    """The person with this e-mail address, so that they can take part in courses here; whoever works here already is
    returned as they are. Refused for a stopped account, and where the address has roles elsewhere only."""
    if not by.has_perm(ADMIT, municipality):
        raise PermissionDenied
    person = _with_address(municipality, by, email, name)
    if not person.is_active:
        raise Refused(_("停止中の人です。先に停止を解いてください。"), "email")
    if not person.appointments.filter(municipality=municipality).exists():
        _give(municipality, by, person, Role.LEARNER, None)
    return person


def _with_address(municipality: Municipality, by: Person, email: str, name: str) -> Person:
    """The person who signs in with ``email``: already here, made, or taken up; Refused where they belong elsewhere."""
    email = email.strip().lower()  # as sign-in looks it up
    person = Person.objects.select_for_update().filter(email__iexact=email).first()
    if person is None:
        person = Person.objects.create_user(email, name=name.strip())
        _record(municipality, by, person, "create", inputs={"email": email, "name": person.name})
    elif person.appointments.filter(municipality=municipality).exists():
        pass
    elif not person.appointments.exists():
        person.name, person.is_active = name.strip(), True
        person.save(update_fields=["name", "is_active"])
        _forget_sign_in(person)
        _record(municipality, by, person, "take_up", inputs={"email": email, "name": person.name})
    elif not may_change_account(by, person):
        raise Refused(
            _(
                "このメールアドレスは、ほかの自治体か共同体ですでに使われています。"
                "両方を受け持つ管理者に登録を頼んでください。"
            ),
            "email",
        )
    return person


@transaction.atomic
def appoint(
    municipality: Municipality, person: Person, *, by: Person, role: str, division: Division | None = None
) -> None:
    """Gives a role here to a person who has one here; the same role again changes its division."""
    _check(municipality, by, person)
    _give(municipality, by, person, role, division)


@transaction.atomic
def dismiss(municipality: Municipality, person: Person, *, by: Person, role: str) -> None:
    """Takes a role here away. What the person is elsewhere stays."""
    _check(municipality, by, person)
    deleted, _by_model = person.appointments.filter(municipality=municipality, role=role).delete()
    if not deleted:
        raise Refused(_("この人は、その役割を持っていません。"))
    _record(municipality, by, person, "dismiss", outputs={"role": role})


@transaction.atomic
def rename(municipality: Municipality, person: Person, *, by: Person, name: str) -> None:
    _check_account(municipality, by, person)
    person.name = name.strip()
    person.save(update_fields=["name"])
    _record(municipality, by, person, "rename", inputs={"name": person.name})


@transaction.atomic
def deactivate(municipality: Municipality, person: Person, *, by: Person) -> None:
    """Stops the account: it cannot sign in, and whoever is signed in with it no longer is. Its roles are kept."""
    _check_account(municipality, by, person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    _record(municipality, by, person, "deactivate")


@transaction.atomic
def reactivate(municipality: Municipality, person: Person, *, by: Person) -> None:
    _check_account(municipality, by, person)
    person.is_active = True
    person.save(update_fields=["is_active"])
    _record(municipality, by, person, "reactivate")


@transaction.atomic
def reset(municipality: Municipality, person: Person, *, by: Person) -> None:
    """Forgets password, second factors, linked accounts and open sessions; ``password_link`` lets them in again."""
    _check_account(municipality, by, person)
    if not person.is_active:
        raise Refused(_("停止中の人です。先に停止を解いてください。"))
    _forget_sign_in(person)
    _record(municipality, by, person, "reset")


def password_link(person: Person) -> str:
    """The address under which this person sets a password: works once, and for PASSWORD_RESET_TIMEOUT seconds."""
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), key])
    return f"{settings.MACHI_URL.rstrip('/')}{path}"


def send_password_link(person: Person) -> None:
    """By e-mail to the person. OSError (smtplib's errors are) when the mail server does not take it."""
    about = {
        "person": person,
        "link": password_link(person),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    send_mail(
        subject=_("パスワードを設定してください"),
        message=render_to_string("base/mail/password_link.txt", about),
        from_email=None,
        recipient_list=[person.email],
    )


def _give(
    municipality: Municipality, by: Person, person: Person, role: str, division: Division | None
) -> None:
    if role not in GRANTABLE:
        raise Refused(_("この役割は、自治体では付けられません。"), "role")
    if division is not None and division.municipality_id != municipality.pk:
        raise Refused(_("この自治体の課を選んでください。"), "division")
    if not person.is_active:
        raise Refused(_("停止中の人です。先に停止を解いてください。"))
    Appointment.objects.update_or_create(
        person=person, role=role, municipality=municipality, defaults={"division": division}
    )
    outputs = {"role": str(role), "division": division.pk if division else None}
    _record(municipality, by, person, "appoint", outputs=outputs)


def _check(municipality: Municipality, by: Person, person: Person | None = None) -> None:
    if not by.has_perm(MANAGE, municipality):
        raise PermissionDenied
    if person is None:
        return
    if person.pk == by.pk:
        raise Refused(_("自分の役割やアカウントは変えられません。ほかの管理者に頼んでください。"))
    # Locked, so that two changes of one person follow each other; and seen to be one of ours.
    list(Person.objects.select_for_update().filter(pk=person.pk))
    if not person.appointments.filter(municipality=municipality).exists():
        raise Refused(_("この人は、この自治体の役割を持っていません。"))


def _check_account(municipality: Municipality, by: Person, person: Person) -> None:
    _check(municipality, by, person)
    if not may_change_account(by, person):
        raise Refused(
            _(
                "この人は、ほかの自治体か共同体でも役割を持っています。"
                "ここで変えられるのは、この自治体での役割だけです。"
            )
        )


def _forget_sign_in(person: Person) -> None:
    person.set_unusable_password()  # which also ends every open session
    person.save(update_fields=["password"])
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()


def _second_factors() -> QuerySet[Any]:
    found: QuerySet[Any] = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return found


def _record(
    municipality: Municipality,
    by: Person,
    person: Person,
    action: str,
    *,
    inputs: Mapping[str, object] | None = None,
    outputs: Mapping[str, object] | None = None,
) -> None:
    ledger.record(
        municipality,
        system="base.people",
        kind="people",
        subject=f"person:{person.pk}",
        actor=by,
        inputs=inputs,
        outputs={"action": action, **(outputs or {})},
    )
