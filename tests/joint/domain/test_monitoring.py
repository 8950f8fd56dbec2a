"""Joint projects: who may do what, what is compared with what, what waits."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Consortium, LedgerEntry, Municipality, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain import monitoring_mentoring as mentoring
from machi.joint.domain import monitoring_plan as plan
from machi.joint.domain import monitoring_reports as reports
from machi.joint.domain import monitoring_sheets as sheets
from machi.joint.domain import projects
from machi.joint.domain.monitoring_progress import money_of, progress_of
from machi.joint.domain.waiting import waiting
from machi.joint.engine.half_years import half_years
from machi.joint.engine.variance import Standing
from machi.joint.models import JointProject, ModelAdoption, ProjectKpi, ProjectReport
from tests.base.factories import a_person
from tests.joint.factories import office_of
from tests.joint.projects import a_kpi, a_project, a_report

pytestmark = pytest.mark.django_db
SHEET = {
    "summary": "一言",
    "problem": "困りごと",
    "steps": "1つめ\n2つめ",
    "needs": "人",
    "costs": "円",
    "pitfalls": "",
    "fits": "",
}


@pytest.fixture
def work():
    return a_project()


def given(work, **changes):
    names = projects.FIELDS
    return {**{name: getattr(work.project, name) for name in names}, **changes}


def actions(town):
    with in_municipality(town):
        entries = LedgerEntry.objects.filter(kind="joint_project").order_by("index")
        return [json.loads(entry.body)["outputs"]["action"] for entry in entries]


def counts(town, person):
    with in_municipality(town):
        return {str(one.label): one.count for one in waiting(town, person) if one.count}


def test_project_is_in_the_ledger_of_each_of_its_towns_and_of_no_other(work):
    assert actions(work.lead) == actions(work.partner) == ["register"]
    assert actions(work.outside) == []
    with in_municipality(work.partner):
        body = json.loads(LedgerEntry.objects.get(kind="joint_project").body)
        assert body["outputs"]["decided_in"] == work.lead.code
    assert ledger.verify(work.lead) == ledger.verify(work.partner) == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.JOINT_OFFICE])
def test_only_the_office_registers(work, role):
    person = a_person(role, work.lead)
    with in_consortium(work.consortium), pytest.raises(PermissionDenied):
        projects.register(work.consortium, work.lead, person, given(work), [work.partner])


def test_project_needs_two_towns_of_the_consortium_and_a_time(work):
    other = a_town_elsewhere()
    with in_consortium(work.consortium):
        for changes, towns, field in (
            ({}, [work.lead], "members"),
            ({}, [other], "members"),
            ({"ends_on": work.project.starts_on}, [work.partner], "ends_on"),
        ):
            with pytest.raises(Refused) as refused:
                projects.register(work.consortium, work.lead, work.office, given(work, **changes), towns)
            assert refused.value.field == field


def a_town_elsewhere():
    town = Municipality.objects.get(code="142123")
    return Municipality.objects.create(
        code="122025", prefecture=town.prefecture, name="銚子市", kana="", name_en=""
    )


def test_town_that_reported_stays_in_the_project(work):
    a_kpi(work)
    a_report(work, work.partner, 400)
    with in_consortium(work.consortium):
        with pytest.raises(Refused, match="外せません"):
            projects.change(work.project, work.lead, work.office, given(work), [work.outside])
        projects.change(work.project, work.lead, work.office, given(work), [work.partner, work.outside])
        assert work.project.members.count() == 3


def test_lead_towns_manager_plans_and_partners_does_not(work):
    milestone = {"title": "始める", "due_on": work.project.starts_on, "note": ""}
    with in_consortium(work.consortium):
        made = plan.add_milestone(work.project, work.lead, work.person(work.lead), milestone)
        for town, role in ((work.partner, Role.MANAGER), (work.lead, Role.CLERK)):
            with pytest.raises(PermissionDenied):
                plan.add_milestone(work.project, town, work.person(town, role), milestone)
        today = timezone.localdate()
        with pytest.raises(Refused, match="今日まで"):
            plan.reach_milestone(made, work.lead, work.office, on=today + timedelta(days=1), today=today)
        plan.reach_milestone(made, work.lead, work.office, on=today, today=today)
        made.refresh_from_db()
        assert made.done_on == today


def test_kpi_in_the_wrong_direction_is_refused(work):
    for changes, field in (
        ({"target": Decimal(2000)}, "target"),
        ({"target_on": work.project.starts_on}, "target_on"),
    ):
        with pytest.raises(Refused) as refused:
            a_kpi(work, **changes)
        assert refused.value.field == field
    a_kpi(work)
    with pytest.raises(Refused, match="同じ名前"):
        a_kpi(work)


def test_baseline_stays_once_figures_are_handed_in_and_target_may_move(work):
    kpi = a_kpi(work)
    a_report(work, work.lead, 400)
    fields = {name: getattr(kpi, name) for name in plan.KPI}
    with in_consortium(work.consortium):
        with pytest.raises(Refused, match="基準値"):
            plan.change_kpi(kpi, work.lead, work.office, {**fields, "baseline": Decimal(900)})
        plan.change_kpi(kpi, work.lead, work.office, {**fields, "target": Decimal(300)})
    with in_municipality(work.lead):
        body = json.loads(LedgerEntry.objects.order_by("-index")[0].body)
        assert (body["outputs"]["target"], body["outputs"]["target_before"]) == ("300", "200")


def test_figures_are_compared_when_every_town_has_reported(work):
    a_kpi(work)
    a_report(work, work.lead, 450)
    with in_consortium(work.consortium):
        (progress,) = progress_of([work.project])[work.project.pk]
        assert progress.latest is None
        assert progress.standing is Standing.UNKNOWN
        assert progress.begun is not None
        assert (progress.begun.combined.value, progress.begun.combined.counted) == (Decimal(450), 1)
    a_report(work, work.partner, 510)
    with in_consortium(work.consortium):
        (progress,) = progress_of([work.project])[work.project.pk]
        latest = progress.latest
        assert latest is not None
        days = (work.project.ends_on - work.project.starts_on).days
        gone = (work.over[0].ends - work.project.starts_on).days
        assert latest.variance.planned == Decimal(1000) - Decimal(800) * gone / days
        assert (latest.variance.actual, progress.standing) == (Decimal(960), Standing.BEHIND)
        assert latest.towns == {work.lead.code: 450, work.partner.code: 510}


def test_only_the_leads_figure_counts_where_that_was_agreed(work):
    kpi = a_kpi(work, together=ProjectKpi.Together.LEAD)
    with in_consortium(work.consortium):
        assert reports.asked_of(work.project, work.lead) == [kpi]
        assert reports.asked_of(work.project, work.partner) == []
    a_report(work, work.lead, 790)
    with in_consortium(work.consortium):
        (progress,) = progress_of([work.project])[work.project.pk]
        assert progress.latest is not None
        assert (progress.latest.combined.value, progress.standing) == (Decimal(790), Standing.ON_TRACK)


def test_money_is_an_even_plan_against_what_was_reported(work):
    a_report(work, work.lead, 1)
    a_report(work, work.partner, 1)
    with in_consortium(work.consortium):
        money = money_of(work.project, timezone.localdate())
    days = (work.project.ends_on - work.project.starts_on).days + 1
    gone = (work.over[-1].ends - work.project.starts_on).days + 1
    assert (money.planned, money.spent) == (24_000_000 * gone // days, 2_000_000)
    assert money.difference == money.spent - money.planned


def test_report_is_handed_in_by_the_manager_when_nothing_is_missing(work):
    a_kpi(work)
    clerk, manager, half = work.person(work.lead, Role.CLERK), work.person(work.lead), work.over[0]
    empty = {"did": "", "problems": "", "ahead": "", "spent": None}
    with in_consortium(work.consortium):
        report = reports.write(work.project, work.lead, clerk, half, empty, {})
        with pytest.raises(PermissionDenied):
            reports.submit(report, work.lead, clerk)
        with pytest.raises(Refused, match=r"行ったこと.*支出.*職員の時間"):
            reports.submit(report, work.lead, manager)
    assert a_report(work, work.lead, 400).state == ProjectReport.State.SUBMITTED
    with in_consortium(work.consortium), pytest.raises(Refused, match="提出済み"):
        reports.write(work.project, work.lead, clerk, half, empty, {})


def test_report_of_a_half_year_that_is_not_over_cannot_be_handed_in(work):
    now = next(
        one for one in half_years(work.project.starts_on, work.project.ends_on) if one not in work.over
    )
    with pytest.raises(Refused, match="半期が終わってから"):
        a_report(work, work.lead, 1, half=now)
    with pytest.raises(Refused, match="まだ始まっていない"):
        a_report(work, work.lead, 1, half=now.next)
    with pytest.raises(Refused, match="期間に入っていません"):
        a_report(
            work,
            work.lead,
            1,
            half=half_years(work.project.starts_on - timedelta(days=1), work.project.ends_on)[0],
        )


def test_draft_is_its_own_towns_and_report_the_projects(work):
    draft = a_report(work, work.lead, 1, submit=False)

    def readers(report):
        found = set()
        for town in (work.lead, work.partner, work.outside):
            for role in (Role.CLERK, Role.MANAGER, Role.AUDITOR):
                person = work.person(town, role)
                if reports.visible(work.project, town, person).filter(pk=report.pk).exists():
                    found.add((town.name, role.value))
        if reports.visible(work.project, work.lead, work.office).filter(pk=report.pk).exists():
            found.add(("office", ""))
        return found

    with in_consortium(work.consortium):
        assert readers(draft) == {("厚木市", "clerk"), ("厚木市", "manager")}
    handed_in = a_report(work, work.lead, 1)
    with in_consortium(work.consortium):
        assert readers(handed_in) == {
            (town, role) for town in ("厚木市", "倉敷市") for role in ("clerk", "manager", "auditor")
        } | {("office", "")}


def test_report_sent_back_no_longer_counts_until_it_is_handed_in_anew(work):
    a_kpi(work)
    report = a_report(work, work.lead, 400)
    with in_consortium(work.consortium):
        with pytest.raises(PermissionDenied):
            reports.send_back(report, work.lead, work.person(work.lead), "数が合いません")
        reports.send_back(report, work.lead, work.office, "数が合いません")
        (progress,) = progress_of([work.project])[work.project.pk]
        assert progress.steps[0].combined.counted == 0
        with pytest.raises(Refused):
            reports.confirm(report, work.lead, work.office)
    again = a_report(work, work.lead, 500)
    assert (again.pk, again.returned_because) == (report.pk, "")
    with in_consortium(work.consortium):
        reports.confirm(again, work.lead, work.office)
    assert actions(work.partner)[-3:] == ["return_report", "submit_report", "confirm_report"]


def test_what_waits_is_told_to_who_can_do_it(work):
    manager, halves = work.person(work.lead), len(work.over)
    assert counts(work.lead, manager) == {"出す時期の共同事業の報告": halves}
    assert counts(work.outside, work.person(work.outside)) == {}
    late = sum(one.due < timezone.localdate() for one in work.over)
    assert counts(work.lead, work.office).get("期限を過ぎた共同事業の報告", 0) == 2 * late
    report = a_report(work, work.lead, 1)
    assert counts(work.lead, work.office)["確認を待つ共同事業の報告"] == 1
    with in_consortium(work.consortium):
        reports.send_back(report, work.lead, work.office, "理由")
        mentoring.ask(work.project, work.lead, manager, title="件名", question="質問")
    told = counts(work.lead, manager)
    assert told["差し戻された共同事業の報告"] == 1
    assert told.get("出す時期の共同事業の報告", 0) == halves - 1
    assert counts(work.lead, work.office)["回答を待つ相談"] == 1
    with in_consortium(work.consortium):
        projects.end(work.project, work.lead, work.office, state="stopped", reason="予算がなくなった")
    assert counts(work.lead, manager) == {}


def test_ended_project_takes_no_more_plans_and_can_be_reopened(work):
    with in_consortium(work.consortium):
        for state, reason in (("running", "x"), ("done", " ")):
            with pytest.raises(Refused):
                projects.end(work.project, work.lead, work.office, state=state, reason=reason)
        projects.end(work.project, work.lead, work.office, state="done", reason="目標に達した")
        with pytest.raises(Refused, match="終わっています"):
            plan.add_milestone(
                work.project,
                work.lead,
                work.office,
                {"title": "x", "due_on": timezone.localdate(), "note": ""},
            )
        projects.reopen(work.project, work.lead, work.office)
        assert JointProject.objects.get().state == JointProject.State.RUNNING


def test_model_sheet_goes_from_lead_to_office_to_another_town(work):
    lead, outside = work.person(work.lead, Role.CLERK), work.person(work.outside)
    adopted = {"adopted_on": timezone.localdate(), "plan": "そのまま"}
    with in_consortium(work.consortium):
        with pytest.raises(PermissionDenied):
            sheets.write(work.project, work.partner, work.person(work.partner), SHEET)
        sheet = sheets.write(work.project, work.lead, lead, {**SHEET, "costs": ""})
        with pytest.raises(PermissionDenied):
            sheets.publish(sheet, work.lead, work.person(work.lead))
        with pytest.raises(Refused, match="費用と期間の目安"):
            sheets.publish(sheet, work.lead, work.office)
        with pytest.raises(Refused, match="公開されていない"):
            sheets.adopt(sheet, work.outside, outside, adopted)
        sheets.write(work.project, work.lead, lead, SHEET)
        sheets.publish(sheet, work.lead, work.office)
        with pytest.raises(Refused, match="参加している自治体"):
            sheets.adopt(sheet, work.partner, work.person(work.partner), adopted)
        adoption = sheets.adopt(sheet, work.outside, outside, adopted)
        with pytest.raises(Refused, match="もう"):
            sheets.adopt(sheet, work.outside, outside, adopted)
        with pytest.raises(Refused, match="どうなったか"):
            sheets.tell_outcome(adoption, work.outside, outside, state="failed", outcome="")
        sheets.tell_outcome(adoption, work.outside, outside, state="failed", outcome="人手が足りなかった")
        (found,) = sheets.published()
        assert (found.adopted, found.worked, found.failed) == (1, 0, 1)
        sheets.withdraw(sheet, work.lead, work.office, "内容が古い")
        assert list(sheets.published()) == []
        assert ModelAdoption.objects.count() == 1
    assert actions(work.outside) == ["adopt", "tell_outcome"]


def test_adoption_of_half_a_year_ago_waits_for_its_outcome(work):
    outside = work.person(work.outside)
    with in_consortium(work.consortium):
        sheet = sheets.write(work.project, work.lead, work.office, SHEET)
        sheets.publish(sheet, work.lead, work.office)
        long_ago = timezone.localdate() - timedelta(days=181)
        sheets.adopt(sheet, work.outside, outside, {"adopted_on": long_ago, "plan": "そのまま"})
    assert counts(work.outside, outside) == {"結果をまだ伝えていない横展開": 1}


def test_question_is_read_by_the_projects_towns_and_by_all_once_opened(work):
    with in_consortium(work.consortium):
        with pytest.raises(PermissionDenied):
            mentoring.ask(work.project, work.outside, work.person(work.outside), title="x", question="x")
        asked = mentoring.ask(work.project, work.lead, work.person(work.lead), title="件名", question="質問")

        def read_by(town):
            return mentoring.questions(town, work.person(town)).filter(pk=asked.pk).exists()

        assert [read_by(town) for town in (work.lead, work.partner, work.outside)] == [True, True, False]
        with pytest.raises(PermissionDenied):
            mentoring.answer(asked, work.lead, work.person(work.lead), text="答え", for_all=True)
        mentoring.answer(asked, work.lead, work.office, text="答え", for_all=False)
        assert not read_by(work.outside)
        mentoring.answer(asked, work.lead, work.office, text="改めた答え", for_all=True)
        assert read_by(work.outside)
    assert actions(work.partner)[-3:] == ["ask", "answer", "answer_again"]


def test_visit_note_keeps_names_out_of_database_text_and_ledger(work):
    note = {
        "town": work.partner,
        "visited_on": timezone.localdate(),
        "present": "倉敷花子",
        "seen": "画面を見た",
        "agreed": "",
        "follow_up_on": None,
        "followed_up": "",
    }
    with in_consortium(work.consortium):
        with pytest.raises(PermissionDenied):
            mentoring.note_visit(work.project, work.lead, work.person(work.lead), note)
        with pytest.raises(Refused, match="参加していない"):
            mentoring.note_visit(work.project, work.lead, work.office, {**note, "town": work.outside})
        mentoring.note_visit(work.project, work.lead, work.office, note)
        assert [one.present for one in mentoring.visits(work.partner, work.person(work.partner))] == [
            "倉敷花子"
        ]
        assert not mentoring.visits(work.outside, work.person(work.outside)).exists()
    with in_consortium(work.project.consortium), connection.cursor() as cursor:
        cursor.execute("SELECT present FROM joint_sitevisit")
        assert "倉敷花子" not in cursor.fetchone()[0]
    with in_municipality(work.partner):
        assert not LedgerEntry.objects.filter(body__contains="倉敷花子").exists()


def test_another_consortium_sees_nothing(work):
    other = Consortium.objects.create(name="よその共同体")
    office = office_of(other)
    with in_consortium(other):
        assert list(projects.projects()) == []
        assert list(mentoring.questions(work.lead, office)) == []
