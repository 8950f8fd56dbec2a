"""Follow-up over HTTP and from the command line; what the sample and a generated consortium hold."""

import csv
import io
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from machi.base import sample as base_sample
from machi.base.models import Consortium, Role
from machi.base.scoping import in_consortium
from machi.learning.cli import learning
from machi.learning.domain.follow_up_effect import Measure, groups_for, panel
from machi.learning.models import CheckIn, Cohort, MonthlyUse, PracticePlan
from machi.learning.sample import courses as courses_sample
from machi.learning.sample import follow_up as sample
from tests.joint.factories import client_of, many_towns
from tests.learning.courses import a_course
from tests.learning.follow_up import GIVEN, finished, planned

pytestmark = pytest.mark.django_db
API = "/api/v1/learning/142123"


@pytest.fixture
def work():
    return a_course(lessons=1)


def run(*arguments, status=0):
    result = CliRunner().invoke(learning, ["follow-up", *(str(one) for one in arguments)])
    assert result.exit_code == status, result.output
    return result.output


def test_a_plan_and_its_check_in_over_http(work):
    place = finished(work)
    client = client_of(place.person)
    address = f"{API}/enrolments/{place.pk}/plans"
    assert client.post(address, {**GIVEN, "will": " "}, "application/json").status_code == 409
    made = client.post(address, GIVEN, "application/json")
    assert made.status_code == 201
    plan = made.json()
    assert [one["state"] for one in plan["check_ins"]] == ["waiting", "waiting"]
    check = f"{API}/plans/{plan['id']}/check-ins/30"
    assert client.post(check, {"outcome": "done"}, "application/json").status_code == 409
    with work.inside():
        PracticePlan.objects.update(made_on=timezone.localdate() - timedelta(days=30))
    assert client.post(check, {"outcome": "nearly"}, "application/json").status_code == 422
    told = client.post(check, {"outcome": "done", "hours": "2.5"}, "application/json").json()
    assert (told["check_ins"][0]["outcome"], float(told["check_ins"][0]["hours"])) == ("done", 2.5)
    assert [one["id"] for one in client.get(f"{API}/plans").json()] == [plan["id"]]
    for other in (work.office, work.person(work.town)):
        assert client_of(other).post(address, GIVEN, "application/json").status_code == 404
        assert client_of(other).post(check, {"outcome": "done"}, "application/json").status_code == 404
        assert client_of(other).get(f"{API}/plans").json() == []


def test_counts_and_panel_over_http_and_from_the_command_line(work):
    for _ in range(5):
        planned(work, finished(work), ago=31)
    address = f"{API}/cohorts/{work.cohort.pk}/follow-up"
    told = work.client(work.town).get(address).json()
    assert (told["people"], told["planners"], told["check_ins"][0]["due"]) == (5, 5, 5)
    assert work.client(work.town, Role.CLERK).get(address).status_code == 403
    assert work.client(work.town).get(f"{API}/cohorts/999999/follow-up").status_code == 404
    manager = work.person(work.town)
    assert json.loads(run("counts", work.cohort.pk, "-m", "142123", "--by", manager.email))["plans"] == 5
    assert "no cohort" in run("counts", 999999, "-m", "142123", "--by", manager.email, status=1)
    clerk = work.person(work.town, Role.CLERK)
    assert "may not" in run("counts", work.cohort.pk, "-m", "142123", "--by", clerk.email, status=1)

    assert run("each-day", "-m", "142123").startswith("mails: 5, months shared: 2")
    assert run("each-day", "-m", "142123") == "mails: 0, months shared: 0\n"
    with work.inside():
        months = MonthlyUse.objects.count()
    assert work.client(work.town).get(f"{API}/effect/panel").status_code == 403
    rows = work.client().get(f"{API}/effect/panel?measure=users").json()
    assert len(rows) == 3 * months
    assert {one["value"] for one in rows if one["unit"] == "142123"} == {0.0}
    assert {one["value"] for one in rows if one["unit"] != "142123"} == {None}
    assert "joint office" in run("panel", "-m", "142123", "--by", manager.email, status=1)
    lines = list(csv.reader(io.StringIO(run("panel", "-m", "142123", "--by", work.office.email))))
    assert len(lines) == 3 * months + 1
    assert lines[0][:2] == ["unit", "period"]


def test_the_sample_has_something_on_every_page_and_is_loaded_once():
    base_sample.load()
    consortium = Consortium.objects.get()
    with in_consortium(consortium):
        courses_sample.load(consortium)
        sample.load(consortium)
        counted = [one.objects.count() for one in (Cohort, PracticePlan, CheckIn, MonthlyUse)]
        assert counted[:2] == [2, 15]
        assert min(counted[2:]) > 15
        sample.load(consortium)
        assert [one.objects.count() for one in (Cohort, PracticePlan, CheckIn, MonthlyUse)] == counted
        found = panel(consortium, Measure.RESULTS, timezone.localdate())
        assert len(groups_for(found, office=True)) == 2


def test_a_generated_consortium_of_any_size_is_filled(settings):
    settings.MACHI_SAMPLE = True
    consortium = many_towns(8)
    with in_consortium(consortium):
        courses_sample.generate(consortium, 1)
        sample.generate(consortium, 1)
        counted = [one.objects.count() for one in (Cohort, PracticePlan, CheckIn, MonthlyUse)]
        assert counted[1] > 40
        sample.generate(consortium, 1)
        assert [one.objects.count() for one in (Cohort, PracticePlan, CheckIn, MonthlyUse)] == counted
