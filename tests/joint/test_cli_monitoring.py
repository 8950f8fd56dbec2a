"""Projects and funding from the command line."""

import json

import pytest
from click.testing import CliRunner

from machi.base.models import Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.cli import joint
from machi.joint.models import FundingProgramme
from tests.joint.projects import a_kpi, a_project, a_report

pytestmark = pytest.mark.django_db
LIST = "名称,実施主体,目的,補助率\n見本：甲,見本の財団,AI・データ活用,1/2\n"


@pytest.fixture
def work():
    return a_project()


def run(*arguments, status=0):
    result = CliRunner().invoke(joint, [str(one) for one in arguments])
    assert result.exit_code == status, result.output
    return result.output


def test_projects_and_reports_due(work):
    a_kpi(work)
    a_report(work, work.lead, 450)
    (told,) = json.loads(run("projects", "-m", "142123", "--json"))
    assert (told["title"], told["kpis"]) == ("窓口AIの共同利用", {"職員の時間": "unknown"})
    due = json.loads(run("reports-due", "-m", "142123", "--json"))
    assert len(due) == 2 * len(work.over) - 1
    assert due[0]["municipality"] in run("reports-due", "-m", "142123")
    assert "職員の時間: unknown" in run("projects", "-m", "142123")
    assert "no such consortium" in run("projects", "-m", "142123", "--consortium", 99, status=1)


def test_list_is_tried_and_taken_by_the_office_only(work, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="cp932")
    office, clerk = work.office.email, work.person(work.lead, Role.CLERK).email
    told = run("import-programmes", file, "-m", "142123", "--by", office, "--dry-run")
    assert told == "new: 見本：甲 (見本の財団)\n"
    with in_consortium(work.consortium):
        assert not FundingProgramme.objects.exists()
    assert "may not" in run("import-programmes", file, "-m", "142123", "--by", clerk, status=1)
    assert run("import-programmes", file, "-m", "142123", "--by", office) == "new 1, changed 0, unchanged 0\n"
    assert "may not" in run("import-programmes", file, "-m", "142123", "--by", "x@x.example", status=1)
    file.write_text(LIST.replace("1/2", "半分"), encoding="utf-8")
    assert "補助率" in run("import-programmes", file, "-m", "142123", "--by", office, status=1)
    (listed,) = json.loads(run("programmes", "-m", "142123", "--json"))
    assert (listed["name"], listed["rate"]) == ("見本：甲", "1/2")


def test_funding_is_checked_where_the_system_may_run(work, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    run("import-programmes", file, "-m", "142123", "--by", work.office.email)
    clerk = work.person(work.lead, Role.CLERK).email
    asked = ("funding-check", "-m", "142123", "--by", clerk, "--title", "計画", "--purpose", "ai")
    (told,) = json.loads(run(*asked, "--cost", "setup=3000000", "--with", "332020", "--json"))
    assert (told["fits"], told["granted"]) == (True, 1_500_000)
    assert run(*asked, "--cost", "setup=3000000") == "見本：甲: 1,500,000 yen\n"
    assert "one of setup" in run(*asked, "--cost", "house=1", status=2)
    with in_municipality(work.lead):
        RegisteredSystem.objects.filter(key="joint.funding_match").update(
            state=RegisteredSystem.State.SUSPENDED
        )
    run(*asked, "--cost", "setup=3000000", status=3)
