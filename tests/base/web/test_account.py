"""Signing in, and a person's own page."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from machi.base.models import Municipality, Person, Role
from tests.base.factories import a_person

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/login/"
PASSWORD = "correct horse battery"


@pytest.fixture
def clerk(town: Municipality) -> Person:
    person = a_person(Role.CLERK, town, email="clerk@town.example")
    person.set_password(PASSWORD)
    person.save()
    return person


def signing_in(
    client: Client, email: str = "clerk@town.example", password: str = PASSWORD, **more: str
) -> Any:
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def sample_people(home: Path) -> None:
    people = [
        {"role": "clerk", "name": "窓口 花子", "email": "clerk@atsugi.example", "municipality": "厚木市"}
    ]
    (home / "sample-people.json").write_text(json.dumps({"password": "machi-0000", "people": people}))


def test_sign_in_leads_to_work(client: Client, clerk: Person) -> None:
    response = signing_in(client)
    assert (response.status_code, response["Location"]) == (302, "/work/")
    assert client.get("/work/")["Location"] == "/m/142123/work/"


def test_sign_in_leads_back_to_the_page_asked_for(client: Client, clerk: Person) -> None:
    asked = client.get("/m/142123/status/")
    assert asked["Location"] == "/account/login/?next=/m/142123/status/"
    assert signing_in(client, next="/m/142123/status/")["Location"] == "/m/142123/status/"
    assert signing_in(client, next="https://evil.example/")["Location"] != "https://evil.example/"


@pytest.mark.parametrize(
    ("email", "password"), [("clerk@town.example", "wrong"), ("nobody@town.example", PASSWORD)]
)
def test_sign_in_refuses_without_saying_which_was_wrong(
    client: Client, clerk: Person, email: str, password: str
) -> None:
    response = signing_in(client, email, password)
    assert response.status_code == 200
    assert len(response.context["form"].errors) == 1
    assert client.get("/work/")["Location"] == "/account/login/?next=/work/"


def test_sign_in_of_a_stopped_account_is_refused(client: Client, clerk: Person) -> None:
    clerk.is_active = False
    clerk.save()
    signing_in(client)
    assert client.get("/work/")["Location"] == "/account/login/?next=/work/"


def test_sample_people_are_shown_in_sample_mode_only(client: Client, home: Path, settings: Any) -> None:
    sample_people(home)
    settings.MACHI_SAMPLE = False
    assert "machi-0000" not in client.get(SIGN_IN).content.decode()
    settings.MACHI_SAMPLE = True
    page = client.get(SIGN_IN).content.decode()
    assert "machi-0000" in page
    assert "clerk@atsugi.example" in page


def test_sample_people_are_shown_on_no_other_page(client: Client, home: Path, settings: Any) -> None:
    settings.MACHI_SAMPLE = True
    sample_people(home)
    for address in ("/", "/account/password/reset/", "/about/"):
        assert "machi-0000" not in client.get(address).content.decode()


def test_nobody_signs_up(client: Client) -> None:
    client.post("/account/signup/", {"email": "x@town.example", "password1": PASSWORD, "password2": PASSWORD})
    assert not Person.objects.exists()


def test_nobody_changes_their_address(as_person: Callable[[Person], Client], clerk: Person) -> None:
    """It is what administrators appoint by: who could take another's would be appointed in their place."""
    response = as_person(clerk).post("/account/email/", {"action_add": "", "email": "mayor@town.example"})
    assert "clerk@town.example" in response.content.decode()
    assert not EmailAddress.objects.filter(user=clerk).exists()
    clerk.refresh_from_db()
    assert clerk.email == "clerk@town.example"


def test_profile_shows_name_roles_and_missing_factor(
    as_person: Callable[[Person], Client], clerk: Person, town: Municipality
) -> None:
    page = as_person(clerk).get("/account/profile/").content.decode()
    assert clerk.name in page
    assert "厚木市: 窓口職員" in page
    assert "未設定" in page
    assert "多要素認証を設定してください" not in page


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AI_OFFICER, Role.AUDITOR])
def test_profile_asks_those_with_wide_roles_for_a_second_factor(
    as_person: Callable[[Person], Client], town: Municipality, role: Role
) -> None:
    person = a_person(role, town)
    client = as_person(person)
    assert "多要素認証を設定してください" in client.get("/account/profile/").content.decode()
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    assert "多要素認証を設定してください" not in client.get("/account/profile/").content.decode()


def test_profile_is_for_the_signed_in(client: Client) -> None:
    assert client.get("/account/profile/")["Location"] == "/account/login/?next=/account/profile/"


def test_second_factor_is_set_up_and_then_asked_for(client: Client, clerk: Person) -> None:
    """Also by one who came by a password link, which leaves an unverified address behind."""
    EmailAddress.objects.create(user=clerk, email=clerk.email, verified=False)
    signing_in(client)
    again = client.get("/account/2fa/totp/activate/")["Location"]
    assert again.startswith("/account/reauthenticate/")
    page = client.post(again, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    assert Authenticator.objects.filter(user=clerk, type=Authenticator.Type.TOTP).exists()
    client.post("/account/logout/")
    response = signing_in(client)
    assert response["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/work/")["Location"] == "/account/login/?next=/work/"
    cache.clear()  # which remembers that this code was used
    client.post(response["Location"], {"code": code(secret)})
    assert client.get("/work/")["Location"] == "/m/142123/work/"


def code(secret: str) -> str:
    made: str = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    return made
