"""Exercises over HTTP."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from machi.base.models import Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.learning.domain import exercises as verbs
from machi.learning.engine import exercises as engine
from machi.learning.models import Attempt, CourseVersion
from tests.base.factories import a_person
from tests.joint.factories import client_of
from tests.learning.domain.test_exercises import rows
from tests.learning.exercises import KINDS, TASKS, a_class

pytestmark = pytest.mark.django_db
API = "/api/v1/learning/142123"


@pytest.fixture
def work():
    return a_class()


def answer(slug):
    return {"answer": engine.key(KINDS[slug], TASKS[slug])}


def test_exercises_are_told_without_their_keys(work):
    listed = work.client.get(f"{API}/practice").json()
    assert {one["slug"] for one in listed} == set(TASKS)
    exercise = work.exercise("data-ageing")
    told = work.client.get(f"{API}/practice/{exercise.pk}").json()
    assert told["task"]["table"]["rows"][0]["name"] == "厚木市"
    assert "why" not in json.dumps(told)
    with in_consortium(work.consortium):
        CourseVersion.objects.update(state=CourseVersion.State.DRAFT)
    assert work.client.get(f"{API}/practice/{exercise.pk}").status_code == 404


def test_practice_scores_and_keeps_nothing(work):
    exercise = work.exercise("instruct-notice")
    client = work.client
    client.get(f"{API}/practice")
    before = rows()
    told = client.post(f"{API}/practice/{exercise.pk}", answer("instruct-notice"), "application/json").json()
    assert (told["percent"], told["passed"], told["attempt"]) == (100, True, None)
    assert told["output"].startswith("粗大ごみは予約制です。")
    assert rows() == before


def test_an_attempt_is_kept_and_comes_again(work):
    exercise, client = work.exercise("quiz-rules"), work.client
    address = f"{API}/enrolments/{work.enrolment.pk}"
    told = client.post(f"{address}/exercises/{exercise.pk}", answer("quiz-rules"), "application/json").json()
    assert (told["percent"], told["passed"]) == (100, True)
    assert {item["points"] for item in told["items"]} == {1.0}
    (listed,) = client.get(f"{address}/attempts").json()
    assert (listed["id"], listed["exercise"], listed["percent"]) == (told["attempt"], exercise.pk, 100)
    assert client.get(f"{API}/review").json() == []
    with in_consortium(work.consortium):
        Attempt.objects.update(at=timezone.now() - timedelta(days=1))
    (due,) = client.get(f"{API}/review").json()
    assert (due["enrolment"], due["exercise"], due["days"]) == (work.enrolment.pk, exercise.pk, 1)


def test_others_are_refused(work):
    exercise = work.exercise("quiz-rules")
    address = f"{API}/enrolments/{work.enrolment.pk}"
    for person in (a_person(Role.LEARNER, work.town), work.office):
        client = client_of(person)
        post = client.post(f"{address}/exercises/{exercise.pk}", answer("quiz-rules"), "application/json")
        assert post.status_code == 404
        assert client.get(f"{address}/attempts").status_code == 404
    assert work.client.get(f"{API}/cohorts/{work.cohort.pk}/item-statistics").status_code == 404
    assert work.client.post(f"{API}/check-exercises", b"{}", "application/json").status_code == 403


def test_what_is_not_approved_or_refused_is_told(work):
    address = f"{API}/enrolments/{work.enrolment.pk}/exercises"
    number = {"answer": {"instruction": "個人番号123456789018の人に案内文を作ってください。"}}
    told = work.client.post(f"{address}/{work.exercise('instruct-notice').pk}", number, "application/json")
    assert told.status_code == 409
    with in_municipality(work.town):
        RegisteredSystem.objects.filter(key=verbs.CHECK).update(state="suspended")
    exercise = work.exercise("mask-callback")
    for path in (f"{address}/{exercise.pk}", f"{API}/practice/{exercise.pk}"):
        told = work.client.post(path, answer("mask-callback"), "application/json")
        assert told.status_code == 403
        assert "止めています" in told.json()["detail"]
    with in_consortium(work.consortium):
        assert not Attempt.objects.exists()


def test_statistics_for_the_office(work):
    lines = client_of(work.office).get(f"{API}/cohorts/{work.cohort.pk}/item-statistics").json()
    assert len(lines) == sum(len(engine.items_of(KINDS[slug], TASKS[slug])) for slug in TASKS)
    assert {(line["number"], *line["words"]) for line in lines} == {(None, "few")}


def test_an_authors_file_is_checked(work):
    task = {**TASKS["quiz-rules"], "items": [{**TASKS["quiz-rules"]["items"][0], "key": "12"}]}
    body = json.dumps([{"slug": "a", "kind": "quiz", "title": "題", "task": task}]).encode()
    told = client_of(work.office).post(f"{API}/check-exercises", body, "application/json").json()
    assert told["exercises"] == []
    (problem,) = told["problems"]
    assert (problem["path"], problem["code"]) == ("exercises[0].task.items[0].key", "not_number")
    assert problem["words"] == "exercises[0].task.items[0].key: 数ではありません。"
