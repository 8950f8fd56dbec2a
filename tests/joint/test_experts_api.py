"""Experts over HTTP."""

import pytest
from django.test import Client

from tests.base.factories import a_person
from tests.joint.experts import PROFILE, a_scene
from tests.joint.factories import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return a_scene()


def path(scene, tail):
    return f"/api/v1/municipalities/{scene.atsugi.code}/{tail}"


def test_reading_asks_for_a_sign_in_and_a_permission(scene):
    assert Client().get(path(scene, "expert-rounds")).status_code == 401
    assert client_of(a_person()).get(path(scene, "expert-rounds")).status_code == 403


def test_towns_read_rounds_postings_and_experts_without_names(scene):
    scene.posting(scene.yaizu)
    scene.posting(scene.yaizu, published=False, title="下書き")
    scene.expert()
    scene.expert(accepted=False)
    client = client_of(scene.clerks["142123"])
    told = client.get(path(scene, "expert-rounds")).json()
    assert [(one["state"], one["postings"], one["experts"]) for one in told] == [("open", 1, 2)]
    pk = told[0]["id"]
    postings = client.get(path(scene, f"expert-rounds/{pk}/postings")).json()
    assert [one["municipality"] for one in postings] == ["222127"]
    response = client.get(path(scene, f"expert-rounds/{pk}/experts"))
    assert [one["number"] for one in response.json()] == [1]
    assert PROFILE["name"] not in response.content.decode()
    assert client.get(path(scene, "expert-rounds/999/experts")).status_code == 404


def test_the_joint_office_computes_and_reads_reasons(scene):
    posting, expert = scene.posting(scene.yaizu), scene.expert()
    office = client_of(scene.office)
    address = path(scene, f"expert-rounds/{scene.round.pk}/runs")
    assert office.post(address, {}, "application/json").status_code == 409
    scene.rank()
    assert client_of(scene.clerks["142123"]).post(address, {}, "application/json").status_code == 403
    response = office.post(address, {"pins": [[expert.pk, posting.pk]]}, "application/json")
    assert response.status_code == 201
    run = response.json()
    assert [one["method"] for one in run["results"]] == ["experts", "towns", "fit"]
    assert run["results"][0]["pairs"][0]["why"] == "pinned"
    assert office.get(path(scene, f"expert-runs/{run['id']}")).json() == run
    assert office.post(address, {"pins": [[1, 10**9]]}, "application/json").status_code == 409
