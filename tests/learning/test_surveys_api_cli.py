"""Surveys over HTTP and from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner
from django.test import Client

from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.scoping import in_consortium
from machi.learning.cli import learning
from machi.learning.engine.questionnaire import parse
from machi.learning.models import Survey, SurveyResponse
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, client_of, office_of, towns_of
from tests.learning.surveys import FULL, SMALL, an_open_survey

pytestmark = pytest.mark.django_db
TOWN = "142123"
API = f"/api/v1/learning/{TOWN}/surveys"


@pytest.fixture
def consortium() -> Consortium:
    return a_consortium()


@pytest.fixture
def office(consortium: Consortium) -> Person:
    return office_of(consortium)


@pytest.fixture
def town(consortium: Consortium) -> Municipality:
    return towns_of(consortium)[0]


@pytest.fixture
def survey(consortium: Consortium, town: Municipality, office: Person) -> Survey:
    return an_open_survey(consortium, town, office, named=True)


def put(client: Client, address: str, answers: dict[str, Any]) -> Any:
    return client.put(address, json.dumps({"answers": answers}), content_type="application/json")


def test_answers_are_written_checked_and_handed_in(survey: Survey, town: Municipality) -> None:
    clerk, manager = client_of(a_person(Role.CLERK, town)), client_of(a_person(Role.MANAGER, town))
    (listed,) = clerk.get(API).json()
    assert (listed["id"], listed["state"], listed["version"], listed["own_state"]) == (
        survey.pk,
        "open",
        1,
        "",
    )
    judge = jsonschema_rs.Draft202012Validator(clerk.get(f"{API}/{survey.pk}/schema").json())
    assert judge.is_valid(FULL)
    assert not judge.is_valid({})
    assert parse(clerk.get(f"{API}/{survey.pk}/form").json()) == parse(SMALL)
    assert clerk.get(f"{API}/{survey.pk}/answers").status_code == 404
    half = put(clerk, f"{API}/{survey.pk}/answers", {"uses": "yes"}).json()
    assert [(one["question"], one["code"]) for one in half["missing"]] == [("tools", "missing")]
    refused = put(clerk, f"{API}/{survey.pk}/answers", {"uses": "maybe"})
    assert refused.status_code == 409
    assert "選択肢の中から" in refused.json()["detail"]
    assert manager.post(f"{API}/{survey.pk}/hand-in").status_code == 409
    put(clerk, f"{API}/{survey.pk}/answers", dict(FULL))
    assert clerk.post(f"{API}/{survey.pk}/hand-in").status_code == 403
    done = manager.post(f"{API}/{survey.pk}/hand-in").json()
    assert (done["state"], done["answers"]) == ("handed_in", FULL)
    results = clerk.get(f"{API}/{survey.pk}/results").json()
    assert (results["counted"], results["questions"]["uses"]["options"]["yes"]) == (1, [1, 1])
    assert clerk.get(f"{API}/{survey.pk}/maturity").status_code == 404


def test_what_is_not_there_or_not_allowed_is_told(survey: Survey, town: Municipality) -> None:
    assert Client().get(API).status_code == 401
    learner = client_of(a_person(Role.LEARNER, town))
    assert learner.get(API).status_code == 403
    clerk = client_of(a_person(Role.CLERK, town))
    assert clerk.get(f"{API}/999/answers").status_code == 404
    assert (
        client_of(a_person(Role.CLERK, town))
        .get(f"/api/v1/learning/332020/surveys/{survey.pk}/answers")
        .status_code
        == 403
    )


def run(*arguments: object, status: int = 0) -> str:
    done = CliRunner().invoke(learning, ["surveys", *[str(one) for one in arguments]])
    assert done.exit_code == status, done.output
    return done.output


def test_a_survey_is_made_and_answered_from_the_command_line(
    consortium: Consortium, town: Municipality, office: Person, tmp_path: Path
) -> None:
    manager = a_person(Role.MANAGER, town)
    run("ready", "-m", TOWN, "--by", office.email, "--name", "ai-adoption", "--year", 2026)
    with in_consortium(consortium):
        number = Survey.objects.get().pk
    form = tmp_path / "form.json"
    form.write_text(json.dumps(SMALL, ensure_ascii=False), encoding="utf-8")
    assert run("import-form", "-m", TOWN, "--by", office.email, number, form) == "6 questions\n"
    assert json.loads(run("export-form", "-m", TOWN, number))["questions"][0]["id"] == "uses"
    assert "2020-12" in json.loads(run("export-form", "-m", TOWN, number, "--schema"))["$schema"]
    assert run("publish", "-m", TOWN, "--by", office.email, number) == "version 1\n"
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"uses": "yes"}), encoding="utf-8")
    told = run("answer", "-m", TOWN, "--by", manager.email, number, answers)
    assert "使っているもの: 答えてください。" in told
    answers.write_text(json.dumps(FULL), encoding="utf-8")
    assert "handed in" in run("answer", "-m", TOWN, "--by", manager.email, number, answers, "--hand-in")
    (listed,) = json.loads(run("list", "-m", TOWN, "--json"))
    assert (listed["handed_in"], listed["asked"]) == (1, 3)
    assert "1/3" in run("list", "-m", TOWN)
    figures = json.loads(run("results", "-m", TOWN, "--by", office.email, number))
    assert figures["questions"]["uses"]["options"]["yes"][-1] == 1
    assert "of" not in figures
    assert run("remind", "-m", TOWN, "--by", office.email, number).endswith(": 2\n")


def test_what_is_wrong_with_a_file_is_told_and_nothing_kept(
    consortium: Consortium, survey: Survey, town: Municipality, office: Person, tmp_path: Path
) -> None:
    clerk = a_person(Role.CLERK, town)
    file = tmp_path / "answers.csv"
    file.write_bytes("記号,答え\nuses,たぶん\n".encode("cp932"))
    told = run("answer", "-m", TOWN, "--by", clerk.email, survey.pk, file, status=1)
    assert "2行目の「答え」（「たぶん」）: 選択肢の中から選んでください。" in told
    bad = tmp_path / "form.json"
    bad.write_text('{"questions": [{"id": "a", "kind": "poem", "words": "x"}]}')
    assert "質問として読めません" in run(
        "import-form", "-m", TOWN, "--by", office.email, survey.pk, bad, status=1
    )
    assert "may not" in run("publish", "-m", TOWN, "--by", clerk.email, survey.pk, status=1)
    with in_consortium(consortium):
        assert not SurveyResponse.objects.exists()
