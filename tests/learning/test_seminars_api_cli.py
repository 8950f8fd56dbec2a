"""Seminars over HTTP and from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from django.test import Client

from machi.base.models import Consortium, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.cli import learning
from machi.learning.models import SeminarMail, SeminarRegistration
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, client_of, office_of, towns_of
from tests.learning.seminars import a_seminar, held, moved, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Iterator[Consortium]:
    consortium = a_consortium()
    with in_municipality(towns_of(consortium)[0]), in_consortium(consortium):
        yield consortium


@pytest.fixture
def town(consortium):
    return towns_of(consortium)[0]


@pytest.fixture
def office(consortium):
    return office_of(consortium)


@pytest.fixture
def seminar(consortium, town, office):
    return a_seminar(consortium, town, office)


def post(client: Client, here, seminar, **changes: object):
    sent = {
        "name": "職員 太郎",
        "email": "taro@town.example",
        "role": "staff",
        "way": "on_site",
        "town": here.code,
        **changes,
    }
    page = f"/api/v1/learning/{here.code}/seminars/{seminar.pk}/registrations"
    return client.post(page, json.dumps(sent), content_type="application/json")


def test_list_tells_seats_and_hides_drafts(consortium, town, office, seminar):
    a_seminar(consortium, town, office, title="下書き", published=False)
    registered(seminar, 1)
    client = client_of(a_person(Role.LEARNER, town))
    (told,) = client.get(f"/api/v1/learning/{town.code}/seminars").json()
    assert told["title"] == "AIセミナー"
    assert told["seats"] == [{"way": "on_site", "capacity": 2, "free": 1}]


def test_register_once_and_no_secret_goes_to_the_caller(town, seminar):
    client = client_of(a_person(Role.CLERK, town))
    answer = post(client, town, seminar)
    assert (answer.status_code, answer.json()) == (201, {"number": 1, "state": "confirmed"})
    assert post(client, town, seminar).status_code == 409
    registered(seminar, 2)
    assert post(client, town, seminar, email="c@town.example").json() == {"number": 3, "state": "waiting"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"town": "999999"}, "/town"),
        ({"email": "nobody"}, "/email"),
        ({"way": "online"}, "/way"),
        ({"sessions": [99]}, "/sessions"),
    ],
)
def test_what_does_not_fit_is_named(town, seminar, changes, pointer):
    answer = post(client_of(a_person(Role.CLERK, town)), town, seminar, **changes)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert SeminarRegistration.objects.count() == 0


def test_list_of_people_is_the_office_s_and_without_names(town, office, seminar):
    registered(seminar, 1)
    page = f"/api/v1/learning/{town.code}/seminars/{seminar.pk}/registrations"
    assert client_of(a_person(Role.MANAGER, town)).get(page).status_code == 403
    told = client_of(office).get(page).json()
    assert told == [
        {
            "number": 1,
            "state": "confirmed",
            "way": "on_site",
            "role": "staff",
            "town": None,
            "attended": False,
        }
    ]


def run(*arguments: str) -> str:
    done = CliRunner().invoke(learning, ["seminars", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_commands_list_and_tell_how_it_stands(town, seminar):
    registered(seminar, 1, 2, 3)
    (told,) = json.loads(run("list", "-m", town.code, "--json"))
    assert (told["coming"], told["waiting"]) == (2, 1)
    assert "waiting\t1" in run("standing", "-m", town.code, str(seminar.pk))
    done = CliRunner().invoke(learning, ["seminars", "standing", "-m", town.code, "999"])
    assert done.exit_code == 1


def test_command_reminds_once(town, seminar):
    from datetime import timedelta

    from django.utils import timezone

    registered(seminar, 1, 2, 3)
    moved(seminar, timezone.now() + timedelta(hours=20))
    assert run("remind", "-m", town.code, str(seminar.pk)) == "2 letters\n"
    assert run("remind", "-m", town.code, str(seminar.pk)) == "0 letters\n"
    assert SeminarMail.objects.filter(kind="day").count() == 2


def test_command_makes_the_report_as_a_file(town, office, seminar, tmp_path):
    held(seminar, office)
    out = tmp_path / "report.docx"
    told = run("report", "-m", town.code, "--by", office.email, "--out", str(out), str(seminar.pk))
    assert told == "0 answers, 0 quotes\n"
    assert out.read_bytes().startswith(b"PK")
    clerk = a_person(Role.CLERK, town)
    done = CliRunner().invoke(
        learning, ["seminars", "report", "-m", town.code, "--by", clerk.email, str(seminar.pk)]
    )
    assert done.exit_code == 1
