"""Cases and discussion over HTTP."""

import json

import pytest

from machi.base.models import LedgerEntry, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.models import Case, Post
from tests.joint.factories import client_of, many_towns, office_of, towns_of
from tests.learning.cases import GARBAGE, MINUTES, a_scene

pytestmark = pytest.mark.django_db
API = "/api/v1/learning"


@pytest.fixture
def scene():
    return a_scene()


def send(client, method, path, body=None):
    return client.generic(method, f"{API}/{path}", json.dumps(body or {}), "application/json")


def test_cases_are_searched_sorted_and_recorded(scene):
    yaizu = scene.towns[1]
    minutes, garbage = scene.case(), scene.case(GARBAGE)
    scene.indexed()
    clerk = scene.client(yaizu)
    listed = clerk.get(f"{API}/{yaizu.code}/cases").json()
    assert [one["id"] for one in listed["cases"]] == [garbage.pk, minutes.pk]
    assert (listed["count"], listed["by_ai"]) == (2, False)
    assert listed["cases"][0]["evidence"]["level"] == "told"
    found = clerk.get(f"{API}/{yaizu.code}/cases", {"q": "議事録", "field": "minutes"}).json()
    assert [one["id"] for one in found["cases"]] == [minutes.pk]
    assert found["by_ai"]
    with in_municipality(yaizu):
        assert LedgerEntry.objects.filter(system="learning.case_search").count() == 1
    assert clerk.get(f"{API}/{yaizu.code}/cases", {"sort": "wrong"}).status_code == 422
    assert clerk.get(f"{API}/{yaizu.code}/cases", {"size": 7}).status_code == 422


def test_draft_is_begun_changed_and_read_by_its_own_town(scene):
    atsugi, yaizu, _ = scene.towns
    clerk = scene.client(atsugi)
    given = {"title": "題", "field": "minutes", "tool": "speech", "year": 2025}
    made = send(clerk, "POST", f"{atsugi.code}/cases", given)
    assert made.status_code == 201
    told = made.json()
    assert (told["state"], told["revision"], told["municipality"]) == ("draft", 1, atsugi.code)
    assert "「困っていたこと」が空欄です。" in told["missing"]
    path = f"{atsugi.code}/cases/{told['id']}"
    changed = send(clerk, "PUT", f"{path}?revision=1", MINUTES).json()
    assert (changed["title"], changed["revision"], changed["missing"]) == (MINUTES["title"], 2, [])
    assert send(clerk, "PUT", f"{path}?revision=1", MINUTES).status_code == 409
    other = scene.client(yaizu)
    assert other.get(f"{API}/{yaizu.code}/cases/{told['id']}").status_code == 404
    assert send(other, "PUT", f"{yaizu.code}/cases/{told['id']}?revision=2", MINUTES).status_code == 404
    auditor = scene.client(atsugi, Role.AUDITOR)
    assert send(auditor, "POST", f"{atsugi.code}/cases", given).status_code == 403
    assert send(clerk, "POST", f"{atsugi.code}/cases", {**given, "year": 1999}).status_code == 422


def test_case_is_adopted_and_its_result_told(scene):
    atsugi, yaizu, _ = scene.towns
    case = scene.case()
    manager = scene.client(yaizu, Role.MANAGER)
    path = f"{yaizu.code}/cases/{case.pk}/adoption"
    assert send(manager, "POST", path, {}).status_code == 409
    assert send(manager, "POST", path, {"project": 999}).status_code == 404
    assert send(manager, "POST", path, {"plan": "使う"}).status_code == 201
    assert send(scene.client(yaizu), "POST", path, {"plan": "使う"}).status_code == 403
    result = {"state": "worked", "hours_saved": 10, "counted": "measured", "differed": "同じ"}
    assert send(manager, "PUT", path, result).json()["hours_saved"] == 10
    told = scene.client(atsugi).get(f"{API}/{atsugi.code}/cases/{case.pk}").json()
    assert told["evidence"]["level"] == "tried"
    assert told["adoptions"][0]["municipality"] == yaizu.code
    own = scene.client(atsugi, Role.MANAGER)
    assert send(own, "PUT", f"{atsugi.code}/cases/{case.pk}/adoption", result).status_code == 404


def test_topics_are_opened_answered_and_read_without_names(scene):
    atsugi, yaizu, _ = scene.towns
    asker, answerer = scene.client(atsugi), scene.client(yaizu)
    opened = send(asker, "POST", f"{atsugi.code}/topics", {"title": "要約", "body": "どう直しますか。"})
    assert opened.status_code == 201
    pk = opened.json()["id"]
    path = f"{yaizu.code}/topics/{pk}/posts"
    refused = send(answerer, "POST", path, {"body": "山田太郎係長に聞いてください。"})
    assert refused.status_code == 409
    assert "山田" not in refused.json()["detail"]
    assert send(answerer, "POST", path, {"body": "名簿を使います。"}).status_code == 201
    told = asker.get(f"{API}/{atsugi.code}/topics/{pk}")
    assert [(one["municipality"], one["participant"]) for one in told.json()["said"]] == [
        (atsugi.code, 1),
        (yaizu.code, 2),
    ]
    assert scene.person(yaizu).name not in told.content.decode()
    with in_consortium(scene.consortium):
        Post.objects.filter(ordinal=2).update(hidden_at="2026-01-01T00:00:00Z")
    assert asker.get(f"{API}/{atsugi.code}/topics/{pk}").json()["said"][1]["body"] is None
    assert asker.get(f"{API}/{atsugi.code}/topics", {"q": "要約"}).json()["count"] == 1
    assert asker.get(f"{API}/{atsugi.code}/topics", {"q": "宇宙"}).json()["count"] == 0


def test_topic_is_about_one_thing_that_can_be_talked_about(scene):
    atsugi = scene.towns[0]
    clerk, draft = scene.client(atsugi), scene.case(state="draft")
    given = {"title": "要約", "body": "どう直しますか。"}
    assert send(clerk, "POST", f"{atsugi.code}/topics", {**given, "case": draft.pk}).status_code == 409
    assert send(clerk, "POST", f"{atsugi.code}/topics", {**given, "cohort": 99}).status_code == 404
    assert send(clerk, "POST", f"{atsugi.code}/topics", {**given, "body": ""}).status_code == 422


def test_other_consortia_meet_nothing(scene):
    case = scene.case()
    other = many_towns(2)
    town = towns_of(other)[0]
    office = client_of(office_of(other))
    assert office.get(f"{API}/{town.code}/cases/{case.pk}").status_code == 404
    assert office.get(f"{API}/{town.code}/cases").json()["count"] == 0
    assert office.get(f"{API}/{town.code}/cases?consortium={scene.consortium.pk}").status_code == 404
    with in_consortium(scene.consortium):
        assert Case.objects.count() == 1
