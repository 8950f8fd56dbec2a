"""Welfare places over HTTP and from the command line."""

import gzip
import json

import pytest
from click.testing import CliRunner
from django.test import Client

from machi.base.cli_options import NOT_RUNNING
from machi.base.models import Role
from machi.base.scoping import in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.cli.places import places as command
from machi.joint.domain.places_allocation import ALLOCATION
from machi.joint.models import PlaceAllocation, PlaceFamily
from tests.base.factories import a_person
from tests.joint.factories import client_of
from tests.joint.place_rounds import World, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = World()
    filled(made)
    return made


def at(town, rest=""):
    return f"/api/v1/joint/{town.pk}/places{rest}"


def test_rounds_are_read_by_staff_of_members_only(world):
    atsugi, yaizu, _kurashiki = world.towns
    assert Client().get(at(atsugi)).status_code == 401
    assert world.client(yaizu).get(at(atsugi)).status_code == 403
    assert world.client(atsugi).get(at(atsugi) + "?consortium=999").status_code == 404
    (found,) = world.client(atsugi).get(at(atsugi)).json()
    assert (found["kind"], found["state"], found["title"]) == ("childcare", "open", "保育の広域利用")


def test_allocating_and_confirming(world, django_capture_on_commit_callbacks):
    atsugi, yaizu, _kurashiki = world.towns
    rest = f"/{world.round.pk}/allocation"
    office = world.client(atsugi, "office")
    assert office.get(at(atsugi, rest)).status_code == 404
    early = office.post(at(atsugi, rest), {"trial": False}, content_type="application/json")
    assert (early.status_code, early["Content-Type"]) == (409, "application/problem+json")
    clerk = world.client(atsugi)
    refused = clerk.post(at(atsugi, rest), {"trial": True}, content_type="application/json")
    assert refused.status_code == 403
    world.close()
    with django_capture_on_commit_callbacks(execute=True):
        begun = office.post(at(atsugi, rest), {}, content_type="application/json")
    assert (begun.status_code, begun.json()["state"]) == (202, "running")
    world.work()
    found = clerk.get(at(atsugi, rest)).json()
    assert (found["placed"], found["stable"], found["unconfirmed"]) == (6, True, [t.pk for t in world.towns])
    hidden = {one["municipality"]: one["rate"] for one in found["shares"]}
    assert hidden == {"142123": 0.8, "222127": None, "332020": None}
    results = world.client(yaizu).get(at(yaizu, f"/{world.round.pk}/results")).json()
    assert [(one["number"], one["facility"]) for one in results] == [
        ("142123-0002-1", "Y1"),
        ("222127-0001-1", "Y1"),
    ]
    confirmation = f"/{world.round.pk}/confirmation"
    assert clerk.post(at(atsugi, confirmation)).status_code == 403
    for town in world.towns:
        done = world.client(town, "head").post(at(town, confirmation))
        assert done.status_code == 200
    assert done.json()["unconfirmed"] == []
    assert world.again().state == "confirmed"
    assert world.client(yaizu, "head").post(at(yaizu, confirmation)).status_code == 409


def test_an_unapproved_system_is_named(world):
    atsugi = world.towns[0]
    with in_municipality(world.towns[2]):
        RegisteredSystem.objects.filter(key=ALLOCATION).update(state="suspended")
    response = world.client(atsugi, "office").post(
        at(atsugi, f"/{world.round.pk}/allocation"), {"trial": True}, content_type="application/json"
    )
    assert (response.status_code, response.json()["system"]) == (403, ALLOCATION)
    done = run("allocate", world.round.pk, "-m", "142123", "--by", world.office.email, "--trial")
    assert done.exit_code == NOT_RUNNING


def run(*words):
    return CliRunner().invoke(command, [str(one) for one in words])


def test_commands(world, tmp_path):
    atsugi = world.towns[0]
    pk = world.round.pk
    assert json.loads(run("list", "-m", "142123", "--json").output)[0]["state"] == "open"
    assert "受付中" not in run("list", "-m", "142123").output
    listed = tmp_path / "list.csv"
    listed.write_text("家庭番号,代表者氏名,利用者氏名,区分,希望1\n9001,林,林 一,0歳児,A1\n", encoding="utf-8")
    words = ("import", pk, listed, "-m", "142123", "--by")
    clerk = world.clerks[atsugi.pk].email
    assert "not taken" in run(*words, clerk, "--dry-run").output
    with world.at(atsugi):
        assert not PlaceFamily.objects.filter(number="9001").exists()
    assert run(*words, world.office.email).exit_code == 1  # the joint office enters no families
    assert run(*words, clerk).output == "1 families, 1 applicants\n"
    listed.write_text("家庭番号,代表者氏名,利用者氏名,区分,希望1\n9002,林,林 一,0歳児,Z9\n", encoding="utf-8")
    assert "2行目の「希望1」" in run(*words, clerk).output
    tried = run("allocate", pk, "-m", "142123", "--by", world.office.email, "--trial")
    assert tried.output.startswith("6 of 8 placed.")
    world.close()
    assert run("results", pk, "-m", "142123").exit_code == 1
    assert run("allocate", pk, "-m", "142123", "--by", world.office.email).exit_code == 0
    shown = json.loads(run("results", pk, "-m", "222127", "--json").output)
    assert [one["number"] for one in shown] == ["142123-0002-1", "222127-0001-1"]
    assert "142123-0002-1 0歳児: Y1" in run("results", pk, "-m", "222127").output


def test_an_audit_record_is_checked(world, tmp_path):
    world.close()
    made = world.allocate()
    with world.at(world.towns[0]):
        data = bytes(PlaceAllocation.objects.get(pk=made.pk).audit)
    file = tmp_path / "audit.json.gz"
    file.write_bytes(data)
    assert run("check", file).output == "0 faults, 0 unmet claims, ranks follow points: True\n"
    record = json.loads(gzip.decompress(data))
    record["wish"][0] = None
    file.write_text(json.dumps(record))
    assert run("check", file).exit_code == 1
    file.write_text("{}")
    assert "not a sound record" in run("check", file).output


def test_who_may_do_what_on_the_command_line(world):
    stranger = a_person(Role.CLERK, world.towns[1])
    assert run("allocate", world.round.pk, "-m", "142123", "--by", stranger.email).exit_code == 1
    assert run("allocate", 999, "-m", "142123", "--by", world.office.email).exit_code == 1
    assert client_of(stranger).get(at(world.towns[0])).status_code == 403
