"""A real installation begins with nobody in it: the command line opens a town and lets the first person in."""

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from machi.base import ledger
from machi.base.cli import open_command
from machi.base.domain import opening
from machi.base.domain.errors import Refused
from machi.base.models import Appointment, LedgerEntry, Municipality, Person, Role
from machi.base.scoping import in_municipality
from tests.base.factories import a_municipality, a_person

pytestmark = pytest.mark.django_db


def entries(town: Municipality) -> list[LedgerEntry]:
    with in_municipality(town):
        return list(LedgerEntry.objects.order_by("index"))


def test_open_municipality_fills_an_empty_register_and_makes_only_that_town_live() -> None:
    town = opening.open_municipality("142123")
    assert town.name == "厚木市"
    assert list(Municipality.objects.filter(live=True)) == [town]
    assert Municipality.objects.count() == 1741


def test_open_municipality_twice_is_recorded_once() -> None:
    a_municipality("142123", live=False)
    opening.open_municipality("142123")
    town = opening.open_municipality("142123")
    assert [json.loads(entry.body)["outputs"] for entry in entries(town)] == [{"action": "open"}]


def test_open_municipality_refuses_a_code_that_no_municipality_has() -> None:
    a_municipality("142123", live=False)
    with pytest.raises(Refused):
        opening.open_municipality("142124")
    assert not Municipality.objects.filter(live=True).exists()


def test_appoint_administrator_makes_the_account_and_names_no_actor_in_the_ledger() -> None:
    town = a_municipality()
    person = opening.appoint_administrator(town, email=" Joho@Town.Example ", name="情報 学")
    assert (person.email, person.name) == ("joho@town.example", "情報 学")
    assert not person.has_usable_password()
    assert person.has_perm("base.manage_people", town)
    (entry,) = entries(town)
    body = json.loads(entry.body)
    assert (body["actor"], body["subject"]) == ("", f"person:{person.pk}")
    assert body["outputs"] == {"action": "appoint", "role": "administrator", "division": None}
    assert ledger.verify(town) == []


def test_appoint_administrator_keeps_an_account_as_it_is_and_repeats_nothing() -> None:
    town, other = a_municipality(), a_municipality("332020")
    known = a_person(Role.CLERK, other, email="hanako@town.example")
    for _ in range(2):
        assert opening.appoint_administrator(town, email="HANAKO@town.example", name="別の名") == known
    known.refresh_from_db()
    assert known.name == "職員 1"
    assert Appointment.objects.filter(person=known, municipality=town).count() == 1
    assert len(entries(town)) == 1


def test_appoint_administrator_refuses_a_stopped_account() -> None:
    town = a_municipality()
    Person.objects.create_user("gone@town.example", name="退職 者", is_active=False)
    with pytest.raises(Refused):
        opening.appoint_administrator(town, email="gone@town.example", name="退職 者")


def test_open_command_prints_a_link_under_which_the_administrator_sets_a_password(client: Client) -> None:
    a_municipality(live=False)
    result = CliRunner().invoke(open_command, ["142123", "--administrator", "joho@town.example", "情報 学"])
    assert result.exit_code == 0, result.output
    link = result.output.split()[-1]
    page = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    password = "kawa-no-nagare-7"
    page = client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})
    assert page.status_code == 302
    assert client.login(email="joho@town.example", password=password)
    assert client.get("/m/142123/people/").status_code == 200


def test_open_command_says_what_is_wrong() -> None:
    a_municipality(live=False)
    result = CliRunner().invoke(open_command, ["999999"])
    assert result.exit_code == 1
    assert "no municipality has the code 999999" in result.output
