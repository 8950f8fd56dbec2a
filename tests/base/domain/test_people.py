"""Who may give, take and change what: no administrator reaches beyond what they administer."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory

from machi.base.domain import people
from machi.base.domain.errors import Refused
from machi.base.models import (
    Appointment,
    Consortium,
    ConsortiumMember,
    LedgerEntry,
    Municipality,
    Person,
    Role,
)
from machi.base.scoping import in_municipality
from tests.base.factories import a_division, a_municipality, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality("142123")


@pytest.fixture
def other() -> Municipality:
    return a_municipality("332020")


@pytest.fixture
def admin(town: Municipality) -> Person:
    return a_person(Role.ADMINISTRATOR, town)


def a_consortium(*towns: Municipality) -> Consortium:
    consortium = Consortium.objects.create(name="見本共同体")
    for one in towns:
        ConsortiumMember.objects.create(consortium=consortium, municipality=one, since="2026-04-01")
    return consortium


def actions(municipality: Municipality) -> list[dict[str, Any]]:
    with in_municipality(municipality):
        return [json.loads(entry.body)["outputs"] for entry in LedgerEntry.objects.order_by("index")]


def new(town: Municipality, admin: Person, **given: Any) -> Person:
    whole = {"email": "hanako@town.example", "name": "窓口 花子", "role": Role.CLERK, **given}
    return people.create_person(town, by=admin, **whole)


def refused(verb: Callable[..., object], *args: object, **kwargs: object) -> Refused:
    with pytest.raises(Refused) as caught:
        verb(*args, **kwargs)
    return caught.value


def test_create_person_appoints_and_leaves_no_password(town: Municipality, admin: Person) -> None:
    division = a_division(town, "市民課")
    person = new(town, admin, division=division)
    assert not person.has_usable_password()
    assert list(person.appointments.values_list("role", "municipality", "division")) == [
        ("clerk", "142123", division.pk)
    ]


def test_create_person_is_recorded_without_name_or_address(town: Municipality, admin: Person) -> None:
    person = new(town, admin)
    with in_municipality(town):
        entries = list(LedgerEntry.objects.order_by("index"))
    assert [json.loads(entry.body)["outputs"]["action"] for entry in entries] == ["create", "appoint"]
    assert {(entry.system, entry.kind, entry.subject, entry.actor) for entry in entries} == {
        ("base.people", "people", f"person:{person.pk}", f"person:{admin.pk}")
    }
    text = "".join(entry.body for entry in entries)
    assert "花子" not in text
    assert "hanako" not in text


def test_create_person_writes_address_as_sign_in_looks_it_up(
    town: Municipality, admin: Person, rf: RequestFactory
) -> None:
    person = new(town, admin, email=" Hanako@Town.Example ")
    assert person.email == "hanako@town.example"
    person.set_password("correct horse battery")
    person.save()
    found = AuthenticationBackend().authenticate(
        rf.post("/"), email="HANAKO@town.example", password="correct horse battery"
    )
    assert found == person


def test_create_person_refuses_one_already_here(town: Municipality, admin: Person) -> None:
    new(town, admin)
    assert refused(new, town, admin, email="HANAKO@town.example", role=Role.MANAGER).field == "email"
    assert Appointment.objects.filter(role=Role.MANAGER).count() == 0


def test_create_person_refuses_an_account_with_roles_elsewhere(
    town: Municipality, other: Municipality, admin: Person
) -> None:
    foreign = a_person(Role.CLERK, other, email="jiro@other.example")
    assert refused(new, town, admin, email="jiro@other.example").field == "email"
    assert not foreign.appointments.filter(municipality=town).exists()
    assert actions(town) == []


@pytest.mark.parametrize("platform", [True, False])
def test_create_person_refuses_accounts_of_a_consortium_or_the_platform(
    town: Municipality, admin: Person, platform: bool
) -> None:
    consortium = None if platform else a_consortium(town)
    a_person(Role.JOINT_OFFICE, consortium=consortium, email="joint@machi.example")
    assert refused(new, town, admin, email="joint@machi.example").field == "email"


def test_create_person_appoints_an_account_whose_every_role_the_administrator_administers(
    town: Municipality, other: Municipality
) -> None:
    above = a_person(Role.ADMINISTRATOR, consortium=a_consortium(town, other))
    shared = a_person(Role.CLERK, other, email="shared@other.example")
    shared.set_password("correct horse battery")
    shared.save()
    assert new(town, above, email="shared@other.example", name="別の名前") == shared
    shared.refresh_from_db()
    assert shared.name != "別の名前"
    assert shared.check_password("correct horse battery")
    assert shared.appointments.filter(municipality=town, role=Role.CLERK).exists()


def test_an_account_nobody_appoints_is_taken_up_with_its_ways_of_signing_in_forgotten(
    town: Municipality, other: Municipality, admin: Person
) -> None:
    """Else whoever made it elsewhere, and knows its password or holds its passkey, would come in with it."""
    planted = a_person(email="hanako@town.example")
    planted.set_password("known to another")
    planted.is_active = False
    planted.save()
    Authenticator.objects.create(user=planted, type=Authenticator.Type.WEBAUTHN, data={})
    SocialAccount.objects.create(user=planted, provider="oidc", uid="1")
    assert new(town, admin) == planted
    planted.refresh_from_db()
    assert (planted.name, planted.is_active) == ("窓口 花子", True)
    assert not planted.has_usable_password()
    assert not Authenticator.objects.filter(user=planted).exists()
    assert not SocialAccount.objects.filter(user=planted).exists()


@pytest.mark.parametrize("role", [Role.JOINT_OFFICE, "superuser", ""])
def test_roles_that_no_municipality_gives_are_refused(town: Municipality, admin: Person, role: str) -> None:
    assert refused(new, town, admin, role=role).field == "role"
    assert not Person.objects.filter(email="hanako@town.example").exists()


def test_appointments_are_always_of_the_municipality(town: Municipality, admin: Person) -> None:
    person = new(town, admin)
    for role in people.GRANTABLE:
        people.appoint(town, person, by=admin, role=role)
    assert {(one.municipality, one.consortium) for one in person.appointments.all()} == {(town, None)}
    assert person.appointments.count() == len(people.GRANTABLE)


def test_appoint_again_changes_the_division(town: Municipality, admin: Person) -> None:
    person = new(town, admin)
    division = a_division(town, "税務課")
    people.appoint(town, person, by=admin, role=Role.CLERK, division=division)
    assert [one.division_id for one in person.appointments.all()] == [division.pk]


def test_appoint_refuses_a_division_of_another_municipality(
    town: Municipality, other: Municipality, admin: Person
) -> None:
    person = new(town, admin)
    foreign = a_division(other)
    error = refused(people.appoint, town, person, by=admin, role=Role.MANAGER, division=foreign)
    assert error.field == "division"


def test_appoint_reaches_nobody_who_is_not_here(
    town: Municipality, other: Municipality, admin: Person
) -> None:
    foreign = a_person(Role.CLERK, other)
    refused(people.appoint, town, foreign, by=admin, role=Role.CLERK)
    above = a_person(Role.JOINT_OFFICE, consortium=a_consortium(town))
    refused(people.appoint, town, above, by=admin, role=Role.CLERK)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_change_people(town: Municipality, role: Role) -> None:
    person = a_person(Role.CLERK, town)
    by = a_person(role, town)
    for verb, given in (
        (people.appoint, {"role": Role.MANAGER}),
        (people.dismiss, {"role": Role.CLERK}),
        (people.rename, {"name": "X"}),
        (people.deactivate, {}),
        (people.reactivate, {}),
        (people.reset, {}),
    ):
        with pytest.raises(PermissionDenied):
            verb(town, person, by=by, **given)
    with pytest.raises(PermissionDenied):
        new(town, by)


def test_administrator_of_another_municipality_changes_nobody_here(
    town: Municipality, other: Municipality
) -> None:
    foreign_admin = a_person(Role.ADMINISTRATOR, other)
    person = a_person(Role.CLERK, town)
    with pytest.raises(PermissionDenied):
        people.dismiss(town, person, by=foreign_admin, role=Role.CLERK)
    # Nor by way of their own municipality.
    refused(people.dismiss, other, person, by=foreign_admin, role=Role.CLERK)
    assert person.appointments.count() == 1


def test_nobody_changes_themselves(town: Municipality, admin: Person) -> None:
    for verb, given in (
        (people.appoint, {"role": Role.AUDITOR}),
        (people.dismiss, {"role": Role.ADMINISTRATOR}),
        (people.rename, {"name": "X"}),
        (people.deactivate, {}),
        (people.reset, {}),
    ):
        refused(verb, town, admin, by=admin, **given)
    assert list(admin.appointments.values_list("role", flat=True)) == ["administrator"]


def test_dismiss_takes_one_role_here_and_leaves_elsewhere(
    town: Municipality, other: Municipality, admin: Person
) -> None:
    person = a_person(Role.CLERK, town)
    Appointment.objects.create(person=person, role=Role.MANAGER, municipality=town)
    Appointment.objects.create(person=person, role=Role.CLERK, municipality=other)
    people.dismiss(town, person, by=admin, role=Role.CLERK)
    assert sorted(person.appointments.values_list("role", "municipality")) == [
        ("clerk", "332020"),
        ("manager", "142123"),
    ]
    assert actions(town) == [{"action": "dismiss", "role": "clerk"}]


def test_dismiss_of_a_role_not_held_is_refused(town: Municipality, admin: Person) -> None:
    person = a_person(Role.CLERK, town)
    refused(people.dismiss, town, person, by=admin, role=Role.MANAGER)
    assert actions(town) == []


@pytest.mark.parametrize(
    ("verb", "given"),
    [(people.rename, {"name": "X"}), (people.deactivate, {}), (people.reset, {}), (people.reactivate, {})],
)
@pytest.mark.parametrize("where", ["municipality", "consortium", "platform"])
def test_the_account_of_one_with_roles_beyond_is_out_of_reach(
    town: Municipality,
    other: Municipality,
    admin: Person,
    verb: Callable[..., None],
    given: dict[str, Any],
    where: str,
) -> None:
    person = a_person(Role.CLERK, town)
    person.set_password("correct horse battery")
    person.save()
    Appointment.objects.create(
        person=person,
        role=Role.CLERK,
        municipality=other if where == "municipality" else None,
        consortium=a_consortium(town) if where == "consortium" else None,
    )
    refused(verb, town, person, by=admin, **given)
    person.refresh_from_db()
    assert person.is_active
    assert person.name != "X"
    assert person.check_password("correct horse battery")
    people.dismiss(town, person, by=admin, role=Role.CLERK)  # the role here remains theirs to take


def test_the_account_of_one_shared_by_two_towns_is_in_reach_of_who_administers_both(
    town: Municipality, other: Municipality
) -> None:
    above = a_person(Role.ADMINISTRATOR, consortium=a_consortium(town, other))
    person = a_person(Role.CLERK, town)
    Appointment.objects.create(person=person, role=Role.CLERK, municipality=other)
    people.deactivate(town, person, by=above)
    person.refresh_from_db()
    assert not person.is_active


def test_deactivate_keeps_roles_and_is_undone(town: Municipality, admin: Person) -> None:
    person = a_person(Role.CLERK, town)
    people.deactivate(town, person, by=admin)
    person = Person.objects.get(pk=person.pk)
    assert not person.is_active
    assert not person.has_perm("base.work", town)
    refused(people.appoint, town, person, by=admin, role=Role.MANAGER)
    refused(people.reset, town, person, by=admin)
    people.reactivate(town, person, by=admin)
    assert Person.objects.get(pk=person.pk).has_perm("base.work", town)
    assert [one["action"] for one in actions(town)] == ["deactivate", "reactivate"]


def test_deactivated_person_is_signed_out(town: Municipality, admin: Person, client: Client) -> None:
    person = a_person(Role.CLERK, town)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/account/profile/").status_code == 200
    people.deactivate(town, person, by=admin)
    assert client.get("/account/profile/").status_code == 302


def test_reset_forgets_password_factors_and_sessions(
    town: Municipality, admin: Person, client: Client
) -> None:
    person = a_person(Role.CLERK, town)
    person.set_password("correct horse battery")
    person.save()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    people.reset(town, person, by=admin)
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert not Authenticator.objects.filter(user=person).exists()
    assert client.get("/account/profile/").status_code == 302


def test_password_link_works_once(town: Municipality, admin: Person, client: Client) -> None:
    person = new(town, admin)
    path = people.password_link(person).removeprefix("http://127.0.0.1:8000")
    page = client.get(path, follow=True)
    assert page.status_code == 200
    form_path = page.redirect_chain[-1][0]
    password = "ものすごく長い合言葉です"
    assert client.post(form_path, {"password1": password, "password2": password}).status_code == 302
    person.refresh_from_db()
    assert person.check_password(password)
    again = client.get(path, follow=True)
    assert "password1" not in again.content.decode()


def test_send_password_link_goes_to_the_person(town: Municipality, admin: Person) -> None:
    person = new(town, admin)
    people.send_password_link(person)
    (letter,) = mail.outbox
    assert letter.to == ["hanako@town.example"]
    assert "http://127.0.0.1:8000/account/password/reset/key/" in letter.body
    assert "窓口 花子 様" in letter.body


def test_people_of_shows_those_with_a_role_here_and_only_roles_here(
    town: Municipality, other: Municipality, admin: Person
) -> None:
    person = a_person(Role.CLERK, town)
    Appointment.objects.create(person=person, role=Role.MANAGER, municipality=other)
    a_person(Role.CLERK, other)
    found = {one.pk: one for one in people.people_of(town)}
    assert set(found) == {admin.pk, person.pk}
    assert [one.role for one in found[person.pk].here] == ["clerk"]
    assert found[person.pk].elsewhere
    assert not found[admin.pk].elsewhere


def test_recovery_codes_alone_are_no_second_factor(town: Municipality) -> None:
    person = a_person(Role.CLERK, town)
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not people.people_of(town).get().has_mfa
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    assert people.people_of(town).get().has_mfa


def test_appointed_above_shows_current_consortia_and_the_platform(
    town: Municipality, other: Municipality
) -> None:
    inside = a_person(Role.JOINT_OFFICE, consortium=a_consortium(town))
    left = Consortium.objects.create(name="前の共同体")
    ConsortiumMember.objects.create(
        consortium=left, municipality=town, since="2020-04-01", until="2024-03-31"
    )
    a_person(Role.JOINT_OFFICE, consortium=left)
    platform = a_person(Role.ADMINISTRATOR)
    a_person(Role.CLERK, town)
    assert {one.person for one in people.appointed_above(town)} == {inside, platform}
    assert {one.person for one in people.appointed_above(other)} == {platform}
