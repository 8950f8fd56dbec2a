"""Joint projects, programmes and sheets over HTTP."""

import pytest
from django.test import Client

from machi.base.models import Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import funding_register as register
from machi.joint.models import BenefitSheet, ProjectReport
from machi.joint.sample.funding import programmes
from tests.joint.domain.test_funding_benefits import a_sheet
from tests.joint.factories import client_of
from tests.joint.projects import a_kpi, a_project, a_report

pytestmark = pytest.mark.django_db
API = "/api/v1/joint/142123"


@pytest.fixture
def work():
    return a_project()


@pytest.fixture
def clerk(work):
    return client_of(work.person(work.lead, Role.CLERK))


def test_project_is_told_with_its_figures_against_plan(work, clerk):
    a_kpi(work)
    a_report(work, work.lead, 450)
    a_report(work, work.partner, 510)
    (listed,) = clerk.get(f"{API}/projects").json()
    assert (listed["title"], listed["lead"], listed["amount"]) == ("窓口AIの共同利用", "142123", 24_000_000)
    told = clerk.get(f"{API}/projects/{listed['id']}").json()
    assert told["members"] == ["142123", "332020"]
    (kpi,) = told["kpis"]
    assert kpi["standing"] == "behind"
    first = kpi["steps"][0]
    assert (first["half_year"], first["reported"], first["expected"]) == (str(work.over[0]), 2, 2)
    assert float(first["actual"]) == 960
    assert kpi["steps"][1]["actual"] is None


def test_reports_due_are_the_own_towns_and_for_the_office_all(work, clerk):
    due = clerk.get(f"{API}/reports-due").json()
    assert [one["municipality"] for one in due] == ["142123"] * len(work.over)
    assert len(client_of(work.office).get(f"{API}/reports-due").json()) == 2 * len(work.over)


def test_report_is_written_as_a_draft(work, clerk):
    a_kpi(work)
    address = f"{API}/projects/{work.project.pk}/reports/{work.over[0]}"
    given = {"did": "進めた", "kpis": {"職員の時間": 450}}
    response = clerk.put(address, given, "application/json")
    assert response.status_code == 200
    assert response.json()["missing"] == ["この半期の支出を入れてください。支出がなければ0です。"]
    with in_consortium(work.consortium):
        assert ProjectReport.objects.get().values.get().value == 450
    unknown = {**given, "kpis": {"別の": 1}}
    assert clerk.put(address, unknown, "application/json").status_code == 422
    assert (
        clerk.put(f"{API}/projects/{work.project.pk}/reports/x", given, "application/json").status_code == 404
    )
    early = f"{API}/projects/{work.project.pk}/reports/2001-1"
    response = clerk.put(early, given, "application/json")
    assert (response.status_code, response["Content-Type"]) == (409, "application/problem+json")


def test_who_may_not_come_in_and_what_is_not_there(work, clerk):
    assert Client().get(f"{API}/projects").status_code == 401
    elsewhere = client_of(work.person(work.outside))
    assert elsewhere.get(f"{API}/projects").status_code == 403
    assert clerk.get(f"{API}/projects?consortium=99").status_code == 404
    assert clerk.get("/api/v1/joint/1/projects").status_code == 422
    auditor = client_of(work.person(work.lead, Role.AUDITOR))
    assert auditor.get(f"{API}/benefits").status_code == 403
    outsider = client_of(work.person(work.outside, Role.CLERK))
    address = f"/api/v1/joint/{work.outside.code}/projects/{work.project.pk}/reports/{work.over[0]}"
    assert outsider.put(address, {}, "application/json").status_code == 403


def test_plan_is_checked_and_kept(work, clerk):
    with in_consortium(work.consortium):
        register.take(work.consortium, work.lead, work.office, programmes(work.project.ends_on))
    assert len(clerk.get(f"{API}/programmes?purpose=tourism").json()) == 1
    plan = {"title": "計画", "purposes": ["disaster"], "costs": {"devices": 2_000_000}, "towns": ["332020"]}
    response = clerk.post(f"{API}/funding-checks", plan, "application/json")
    assert response.status_code == 201
    made = response.json()
    stock = next(one for one in made["matches"] if "防災備蓄" in one["name"])
    assert (stock["granted"], stock["own"]) == (1_000_000, 1_000_000)
    assert clerk.get(f"{API}/funding-checks/{made['id']}").json() == made
    for wrong in ({"costs": {"devices": -1}}, {"towns": ["999999"]}, {"purposes": ["x"]}):
        assert clerk.post(f"{API}/funding-checks", {**plan, **wrong}, "application/json").status_code == 422
    empty = {**plan, "costs": {}}
    assert clerk.post(f"{API}/funding-checks", empty, "application/json").status_code == 409
    with in_municipality(work.lead):
        RegisteredSystem.objects.filter(key="joint.funding_match").update(
            state=RegisteredSystem.State.SUSPENDED
        )
    response = clerk.post(f"{API}/funding-checks", plan, "application/json")
    assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")


def test_sheet_is_told_in_ranges(work, clerk):
    a_sheet(work, fix=True)
    with in_consortium(work.consortium):
        pk = BenefitSheet.objects.get().pk
    (listed,) = clerk.get(f"{API}/benefits").json()
    told = clerk.get(f"{API}/benefits/{pk}").json()
    assert listed["result"] == told["result"]
    assert told["result"]["net"]["p50"] == 6_200_000
    assert (told["state"], told["facts"]) == ("fixed", [])
