"""Joint projects through their pages: from registration to the model another town adopted."""

from io import BytesIO

import pytest
from django.utils import timezone
from docx import Document

from machi.base.models import Role
from machi.base.scoping import in_consortium
from machi.joint.models import (
    JointProject,
    MentoringQuestion,
    ModelSheet,
    ProjectKpi,
    ProjectReport,
    SiteVisit,
)
from tests.frontdesk.web.staff import lines, queries
from tests.governance.pages import data, text
from tests.joint.factories import client_of, many_towns, office_of, towns_of, url
from tests.joint.projects import a_kpi, a_project, a_report

pytestmark = pytest.mark.django_db
SHEET = {"summary": "一言", "problem": "困りごと", "steps": "1つめ\n2つめ", "needs": "人", "costs": "円"}


@pytest.fixture
def work():
    return a_project()


@pytest.fixture
def office(work):
    return client_of(work.office)


def clerk_of(work, town):
    return client_of(work.person(town, Role.CLERK))


def manager_of(work, town):
    return client_of(work.person(town))


def stored(work, model):
    with in_consortium(work.consortium):
        return model.objects.order_by("-pk")[0]


def test_whole_cycle(work, office):
    lead = work.lead
    form = {
        "title": "備蓄の共同管理",
        "area": "disaster",
        "lead": lead.pk,
        "members": [work.partner.pk],
        "amount": "5000000",
        "starts_on": work.project.starts_on.isoformat(),
        "ends_on": work.project.ends_on.isoformat(),
    }
    response = office.post(url(lead, "register_project"), form)
    project = stored(work, JointProject)
    assert response["Location"] == url(lead, "project", project.pk)

    planner = manager_of(work, lead)
    figure = {
        "name": "廃棄",
        "unit": "箱",
        "rising": "no",
        "together": "sum",
        "baseline": "100",
        "baseline_on": form["starts_on"],
        "target": "20",
        "target_on": form["ends_on"],
    }
    planner.post(url(lead, "add_kpi", project.pk), figure)
    kpi = stored(work, ProjectKpi)
    planner.post(url(lead, "add_milestone", project.pk), {"title": "数える", "due_on": form["starts_on"]})
    assert "予定日を過ぎた" in text(planner.get(url(lead, "project", project.pk)))

    half = work.over[0]
    for town, value in ((lead, "40"), (work.partner, "38")):
        clerk = clerk_of(work, town)
        address = url(town, "write_report", project.pk, half)
        response = clerk.post(address, {"did": "数えた", f"kpi-{kpi.pk}": value})
        report = stored(work, ProjectReport)
        assert response["Location"] == url(town, "report", project.pk, report.pk)
        assert "この半期の支出を入れてください" in text(clerk.get(response["Location"]))
        clerk.post(address, {"did": "数えた", f"kpi-{kpi.pk}": value, "spent": "100"})
        assert "管理職の提出を待っています" in text(clerk.get(response["Location"]))
        manager = manager_of(work, town)
        submit = url(town, "submit_report", project.pk, report.pk)
        assert "提出しますか" in text(manager.get(submit))
        manager.post(submit)
        assert stored(work, ProjectReport).state == "submitted"
    page = text(planner.get(url(lead, "kpi", project.pk, kpi.pk)))
    assert "計画どおり" in page
    assert "<svg" in page
    assert '<td class="number">40</td>' in page

    first = f"{lead}「備蓄の共同管理」"
    assert first in text(office.get(url(lead, "reports_due")))
    office.post(url(lead, "confirm_report", project.pk, report.pk))
    assert stored(work, ProjectReport).state == "confirmed"

    clerk_of(work, lead).post(url(lead, "write_sheet", project.pk), SHEET)
    sheet = stored(work, ModelSheet)
    outside = manager_of(work, work.outside)
    assert outside.get(url(work.outside, "model_sheet", sheet.pk)).status_code == 403
    office.post(url(lead, "publish_sheet", sheet.pk))
    assert "自分の自治体で取り入れる" in text(outside.get(url(work.outside, "model_sheet", sheet.pk)))
    today = timezone.localdate().isoformat()
    outside.post(url(work.outside, "adopt_sheet", sheet.pk), {"adopted_on": today, "plan": "そのまま"})
    outside.post(url(work.outside, "tell_outcome", sheet.pk), {"state": "worked", "outcome": "減った"})
    page = text(office.get(url(lead, "model_sheet", sheet.pk)))
    assert "うまくいった" in page
    assert "減った" in page

    ending = {"state": "done", "reason": "目標に達した"}
    office.post(url(lead, "end_project", project.pk), ending)
    assert "完了" in text(outside.get(url(work.outside, "project", project.pk)))


def test_other_towns_see_the_whole_and_not_the_parts(work, office):
    kpi = a_kpi(work)
    report = a_report(work, work.lead, 450)
    a_report(work, work.partner, 510)
    outside, auditor = manager_of(work, work.outside), client_of(work.person(work.partner, Role.AUDITOR))
    page = text(outside.get(url(work.outside, "kpi", work.project.pk, kpi.pk)))
    assert "960" in page
    assert "自治体ごとの値" not in page
    assert "自治体ごとの値" in text(auditor.get(url(work.partner, "kpi", work.project.pk, kpi.pk)))
    project = text(outside.get(url(work.outside, "project", work.project.pk)))
    assert "半期ごとの報告" not in project
    assert "相談と現地訪問" not in project
    assert outside.get(url(work.outside, "project_reports", work.project.pk)).status_code == 403
    assert outside.get(url(work.outside, "report", work.project.pk, report.pk)).status_code == 404
    assert outside.get(url(work.outside, "write_report", work.project.pk, work.over[0])).status_code == 403
    assert outside.get(url(work.outside, "ask_office", work.project.pk)).status_code == 403
    assert outside.get(url(work.outside, "add_kpi", work.project.pk)).status_code == 403
    assert outside.post(url(work.outside, "confirm_report", work.project.pk, report.pk)).status_code == 403


def test_town_outside_the_consortium_meets_nothing(work):
    other = many_towns(2)
    stranger = office_of(other)
    town = towns_of(other)[0]
    client = client_of(stranger)
    assert client.get(url(town, "project", work.project.pk)).status_code == 404
    assert work.project.title not in text(client.get(url(town, "projects")))
    assert client.get(url(work.lead, "project", work.project.pk)).status_code == 403


def test_measure_that_is_markup_is_shown_as_text(work):
    a_kpi(work, name="<b>名</b>", measured="<script>alert(1)</script>")
    page = text(clerk_of(work, work.lead).get(url(work.lead, "write_report", work.project.pk, work.over[0])))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "<b>名" not in page


def test_questions_and_visits_through_their_pages(work, office):
    clerk, lead = clerk_of(work, work.lead), work.lead
    clerk.post(url(lead, "ask_office", work.project.pk), {"title": "測り方", "question": "電話を入れますか"})
    asked = stored(work, MentoringQuestion)
    outside = manager_of(work, work.outside)
    assert outside.get(url(work.outside, "question", asked.pk)).status_code == 404
    assert "電話を入れますか" in text(office.get(url(lead, "answer_question", asked.pk)))
    office.post(url(lead, "answer_question", asked.pk), {"answer": "入れます", "for_all": "on"})
    assert "入れます" in text(outside.get(url(work.outside, "question", asked.pk)))
    assert "測り方" in text(clerk.get(url(lead, "questions") + "?q=電話"))
    assert "この言葉を含む相談はありません" in text(clerk.get(url(lead, "questions") + "?q=宇宙"))
    note = {
        "town": lead.pk,
        "visited_on": timezone.localdate().isoformat(),
        "seen": "見た",
        "present": "山田",
    }
    office.post(url(lead, "add_visit", work.project.pk), note)
    visit = stored(work, SiteVisit)
    assert "山田" in text(clerk.get(url(lead, "site_visit", visit.pk)))
    office.post(url(lead, "change_visit", visit.pk), {**note, "followed_up": "直っていた"})
    assert "直っていた" in text(clerk.get(url(lead, "site_visit", visit.pk)))
    assert outside.get(url(work.outside, "site_visit", visit.pk)).status_code == 404


def test_report_sent_back_says_why(work, office):
    report = a_report(work, work.lead, 1)
    clerk, address = clerk_of(work, work.lead), url(work.lead, "write_report", work.project.pk, work.over[0])
    assert clerk.get(address)["Location"] == url(work.lead, "report", work.project.pk, report.pk)
    assert "理由" in text(
        office.post(url(work.lead, "return_report", work.project.pk, report.pk), {"reason": ""})
    )
    office.post(url(work.lead, "return_report", work.project.pk, report.pk), {"reason": "支出が合いません"})
    assert "支出が合いません" in text(clerk.get(address))


@pytest.mark.parametrize("half", ["x", "2026-3", "20261"])
def test_half_year_that_is_none_is_not_found(half, work):
    assert (
        clerk_of(work, work.lead).get(url(work.lead, "write_report", work.project.pk, half)).status_code
        == 404
    )


def test_ended_project_is_reopened_by_the_office(work, office):
    office.post(url(work.lead, "end_project", work.project.pk), {"state": "stopped", "reason": "予算"})
    assert "実施中に戻しますか" in text(office.get(url(work.lead, "reopen_project", work.project.pk)))
    office.post(url(work.lead, "reopen_project", work.project.pk))
    assert stored(work, JointProject).state == "running"


def test_lists_are_exported(work, office):
    a_kpi(work)
    a_report(work, work.lead, 450)
    lead = work.lead
    clerk = clerk_of(work, lead)
    clerk.post(url(lead, "ask_office", work.project.pk), {"title": "測り方", "question": "質問"})
    projects = lines(clerk.get(url(lead, "projects") + "?format=csv&area=shared_it"))
    assert projects[1][:5] == ["窓口AIの共同利用", "情報システムの共同利用", "厚木市", "2", "24000000"]
    assert len(lines(clerk.get(url(lead, "projects") + "?format=csv&area=tourism"))) == 1
    reports = lines(clerk.get(url(lead, "project_reports", work.project.pk) + "?format=csv"))
    assert (reports[0][-1], reports[1][-1]) == ("職員の時間（時間）", "450.00")
    due = lines(office.get(url(lead, "reports_due") + "?format=csv"))
    assert len(due) - 1 == 2 * len(work.over) - 1
    for name in ("questions", "visits", "model_sheets"):
        assert len(lines(clerk.get(url(lead, name) + "?format=csv"))) >= 1
    kpi = stored(work, ProjectKpi)
    assert len(lines(clerk.get(url(lead, "kpi", work.project.pk, kpi.pk) + "?format=csv"))) == 5


def test_files_say_what_the_pages_say(work):
    a_kpi(work)
    a_report(work, work.lead, 450)
    a_report(work, work.partner, 510)
    client = manager_of(work, work.lead)
    word = Document(BytesIO(data(client.get(url(work.lead, "project_file", work.project.pk, "docx")))))
    told = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "「窓口AIの共同利用」の進み具合" in told
    assert "計画より遅れている" in told
    assert data(client.get(url(work.lead, "project_file", work.project.pk, "pdf")))[:5] == b"%PDF-"
    assert client.get(url(work.lead, "project_file", work.project.pk, "exe")).status_code == 404
    outside = manager_of(work, work.outside)
    word = Document(BytesIO(data(outside.get(url(work.outside, "project_file", work.project.pk, "docx")))))
    assert "進めた" not in "\n".join(paragraph.text for paragraph in word.paragraphs)
    client.post(url(work.lead, "write_sheet", work.project.pk), SHEET)
    sheet = stored(work, ModelSheet)
    assert data(client.get(url(work.lead, "sheet_file", sheet.pk, "pdf")))[:5] == b"%PDF-"
    assert outside.get(url(work.outside, "sheet_file", sheet.pk, "pdf")).status_code == 403


def test_lists_take_the_same_number_of_queries_at_one_and_three(work, office):
    names = ("projects", "reports_due", "model_sheets", "questions", "visits")

    def counted():
        return [queries(office, url(work.lead, name)) for name in names]

    def filled(one):
        a_kpi(one)
        report = a_report(one, one.lead, 450)
        office.post(url(one.lead, "write_sheet", one.project.pk), SHEET)
        office.post(url(one.lead, "publish_sheet", stored(one, ModelSheet).pk))
        clerk_of(one, one.lead).post(
            url(one.lead, "ask_office", one.project.pk), {"title": "測り方", "question": "質問"}
        )
        note = {"town": one.lead.pk, "visited_on": timezone.localdate().isoformat(), "seen": "見た"}
        office.post(url(one.lead, "add_visit", one.project.pk), note)
        return report

    filled(work)
    first = counted()
    for title in ("2つめ", "3つめ"):
        filled(a_project(work.consortium, title))
    assert counted() == first


def test_towns_are_named_where_there_are_too_many_to_tick():
    consortium = many_towns(104)
    office, towns = client_of(office_of(consortium)), towns_of(consortium)
    page = text(office.get(url(towns[0], "register_project")))
    assert "1行に1つ、名前、よみ、6桁のコード" in page
    form = {
        "title": "広域",
        "area": "other",
        "lead": towns[0].pk,
        "members": f"{towns[1].name}\n{towns[2].code}、どこにもない町",
        "amount": "1",
        "starts_on": "2026-04-01",
        "ends_on": "2027-03-31",
    }
    assert "どこにもない町" in text(office.post(url(towns[0], "register_project"), form))
    response = office.post(
        url(towns[0], "register_project"), {**form, "members": f"{towns[1].name}\n{towns[2].code}"}
    )
    assert response.status_code == 302
    with in_consortium(consortium):
        assert set(JointProject.objects.get().members.all()) == set(towns[:3])
