"""Consortia for the joint room's tests: the three real towns, or as many as are asked for."""

from django.test import Client
from django.urls import reverse

from machi.base.domain.register import load_register
from machi.base.models import Consortium, ConsortiumMember, Municipality, Person, Role
from machi.base.sample_generated import members_only
from tests.base.factories import TOWNS, a_municipality, a_person


def a_consortium() -> Consortium:
    """Atsugi, Kurashiki and Yaizu, every AI system approved in each."""
    consortium = Consortium.objects.create(name="三市共同体")
    for code in TOWNS:
        ConsortiumMember.objects.create(
            consortium=consortium, municipality=a_municipality(code), since="2026-04-01"
        )
    return consortium


def many_towns(size: int = 52) -> Consortium:
    """``size`` real towns of the register with people, no AI system approved."""
    load_register()
    return members_only(size)


def towns_of(consortium: Consortium) -> list[Municipality]:
    return list(Municipality.objects.filter(memberships__consortium=consortium).order_by("code"))


def office_of(consortium: Consortium) -> Person:
    return a_person(Role.JOINT_OFFICE, consortium=consortium)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(town: Municipality, name: str, *args: object) -> str:
    return reverse(f"joint:{name}", args=[town.code, *args])
