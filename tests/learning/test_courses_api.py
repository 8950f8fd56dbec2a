"""Courses over HTTP and from the command line."""

import json

import pytest
from click.testing import CliRunner, Result

from machi.base.models import Person, Role
from machi.learning.cli import learning
from machi.learning.domain.courses_completion import settle
from machi.learning.engine.xapi import Statement
from machi.learning.models import Course, Enrolment
from machi.learning.sample.courses import curricula
from tests.joint.factories import client_of
from tests.learning.courses import a_course
from tests.learning.engine.test_courses_oneroster import V11, packed

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    return a_course()


def api(town, path):
    return f"/api/v1/learning/{town.code}/{path}"


def test_my_courses_and_cohorts(work):
    place = work.learner(work.town)
    client = client_of(place.person)
    with work.inside():
        work.finish(place, 1)
    (mine,) = client.get(api(work.town, "my-courses")).json()
    assert (mine["course"], mine["state"], mine["share"]) == ("AIの基礎", "active", 0.3333)
    (cohort,) = client.get(api(work.town, "cohorts")).json()
    assert (cohort["id"], cohort["learners"], cohort["version"]) == (work.cohort.pk, 1, 1)


def test_progress_is_everybodys_for_the_office_and_the_own_towns_for_a_manager(work):
    place = work.learner(work.town)
    work.learner(work.other)
    with work.inside():
        work.finish(place)
        settle(place)
    path = f"cohorts/{work.cohort.pk}/progress"
    told = work.client().get(api(work.town, path)).json()
    assert told["total"] == {"municipality": "", "learners": 2, "completed": 1, "behind": 1, "share": 0.5}
    assert [one["municipality"] for one in told["towns"]] == [work.town.code, work.other.code]
    own = work.client(work.other).get(api(work.other, path)).json()
    assert [one["municipality"] for one in own["towns"]] == [work.other.code]
    assert client_of(place.person).get(api(work.town, path)).status_code == 403
    assert work.client().get(api(work.town, "cohorts/999/progress")).status_code == 404


def test_enrolling(work):
    path = f"cohorts/{work.cohort.pk}/enrolments"
    given = {"name": "受講 一", "email": "one@town.example"}
    manager = work.client(work.town)
    made = manager.post(api(work.town, path), given, content_type="application/json")
    assert made.status_code == 200
    with work.inside():
        assert Enrolment.objects.get(pk=made.json()["enrolment"]).person.email == given["email"]
    for body, status in (
        (given, 409),
        ({**given, "email": "no address"}, 422),
        ({**given, "email": "x@y.example", "municipality": work.other.code}, 403),
        ({**given, "email": "x@y.example", "municipality": "999999"}, 404),
    ):
        assert (
            manager.post(api(work.town, path), body, content_type="application/json").status_code == status
        ), body
    clerk = work.client(work.town, Role.CLERK)
    assert clerk.post(api(work.town, path), given, content_type="application/json").status_code == 403


def test_statements_come_in_parts(work, monkeypatch):
    from machi.learning.api import courses

    place = work.learner(work.town)
    with work.inside():
        work.finish(place)
        settle(place)
    monkeypatch.setattr(courses, "_MOST", 3)
    office, path, found = work.client(), f"cohorts/{work.cohort.pk}/xapi", []
    for offset, more in ((0, 3), (3, 6), (6, None)):
        told = office.get(api(work.town, f"{path}?offset={offset}")).json()
        found += told["statements"]
        assert told["more"] == more
    assert len(found) == 8
    assert len({Statement.model_validate(one).id for one in found}) == 8
    assert work.client(work.town).get(api(work.town, path)).status_code == 403


def run(*arguments: object) -> Result:
    return CliRunner().invoke(learning, [str(one) for one in arguments])


def test_a_curriculum_is_checked_and_imported(work, tmp_path):
    folder = curricula()[0]
    assert "no problems" in run("check-curriculum", folder).output
    at = ("-m", work.town.code)
    done = run("import-curriculum", folder, *at, "--by", work.office.email)
    assert done.exit_code == 0, done.output
    with work.inside():
        assert Course.objects.filter(slug=folder.name).exists()
    again = run("import-curriculum", folder, *at, "--by", work.office.email)
    assert (again.exit_code, "下書き" in again.output) == (1, True)
    assert run("import-curriculum", folder, *at, "--by", work.person(work.town).email).exit_code == 1
    bad = tmp_path / "bad"
    bad.mkdir()
    told = run("check-curriculum", bad)
    assert (told.exit_code, "course.json: the file is not there" in told.output) == (1, True)


def test_enrolling_from_files(work, tmp_path):
    sheet, roster = tmp_path / "list.csv", tmp_path / "roster.zip"
    sheet.write_bytes("氏名,メールアドレス\n一,a@town.example\n二,\n".encode("cp932"))
    roster.write_bytes(packed(V11))
    at = ("-m", work.town.code, "--by", work.office.email)
    told = run("enrol", work.cohort.pk, sheet, *at)
    assert told.exit_code == 1
    assert "3行目の「メールアドレス」" in told.output
    sheet.write_bytes("氏名,メールアドレス\n一,a@town.example\n".encode("cp932"))
    assert "1 would be enrolled" in run("enrol", work.cohort.pk, sheet, *at, "--dry-run").output
    assert not Person.objects.filter(email="a@town.example").exists()
    assert "1 enrolled, 0 were already" in run("enrol", work.cohort.pk, sheet, *at).output
    assert "2 enrolled" in run("enrol", work.cohort.pk, roster, *at, "--oneroster").output
    assert run("enrol", 99, sheet, *at).exit_code == 1


def test_figures_and_statements(work):
    place = work.learner(work.town)
    with work.inside():
        work.finish(place)
        settle(place)
    at = ("-m", work.town.code)
    assert "1 learners, 1 completed" in run("cohorts", *at).output
    assert json.loads(run("cohorts", *at, "--json").output)[0]["completed"] == 1
    assert json.loads(run("progress", work.cohort.pk, *at, "--json").output)["total"]["percent"] == 100.0
    assert f"{work.town.code}: 1 learners" in run("progress", work.cohort.pk, *at).output
    told = run("xapi", work.cohort.pk, *at, "--by", work.office.email)
    first, *_rest = told.output.splitlines()
    assert Statement.model_validate_json(first).verb.display["en"] == "registered"
    assert run("xapi", work.cohort.pk, *at, "--by", work.person(work.town).email).exit_code == 1
