"""The pages of what comes after a course: for whom, with what, in a constant number of queries."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from machi.base.models import Role
from machi.learning.models import CheckIn, MonthlyUse, PracticePlan
from tests.joint.factories import client_of
from tests.learning.courses import a_course, url
from tests.learning.follow_up import GIVEN, SECRETS, finished, over, planned, used

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    return a_course(lessons=1)


def told(response) -> str:
    assert response.status_code == 200, response
    main = BeautifulSoup(response.content, "lxml").find("main")
    assert main is not None
    return main.get_text(" ", strip=True)


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_course_asks_for_a_plan_and_the_plan_for_check_ins(work):
    place = work.learner(work.town)
    course, client = url(work.town, "my_course", place.pk), client_of(place.person)
    assert "実践計画" not in told(client.get(course))
    response = client.get(url(work.town, "make_plan", place.pk), follow=True)
    assert "修了してから" in response.content.decode()
    over(work, days=1)
    assert "実践計画を立てる" in told(client.get(course))
    address = url(work.town, "make_plan", place.pk)
    page = told(client.get(address))
    assert "総合窓口の自動回答" in page
    assert "演習の採点" not in page  # nobody plans to practise
    sent = {**GIVEN, "system": "frontdesk.drafts"}
    sent.pop("shared")
    assert client.post(address, {**sent, "see": ""}).status_code == 200
    response = client.post(address, sent, follow=True)
    assert "30日後に" in response.content.decode()
    with work.inside():
        plan = PracticePlan.objects.get()
        assert (plan.will, plan.system, plan.shared) == (GIVEN["will"], "frontdesk.drafts", False)
    assert "会議の要点" in told(client.get(course))

    page_of_plan = url(work.town, "practice_plan", plan.pk)
    check = url(work.town, "check_in", plan.pk, 30)
    assert client.get(check).status_code == 302  # not yet
    client.post(url(work.town, "change_plan", plan.pk), {**sent, "will": "要約を5回試す。"})
    with work.inside():
        PracticePlan.objects.update(made_on=timezone.localdate() - timedelta(days=31))
    assert "30日後の振り返りを書く" in told(client.get(page_of_plan))
    answer = {"outcome": "given_up", "reason": "", "hours": ""}
    assert "やめた理由を書いてください" in told(client.post(check, answer))
    assert client.post(check, {**answer, "reason": "忙しい", "hours": "301"}).status_code == 200
    assert client.post(check, {**answer, "reason": "忙しい", "hours": "1.5"}).status_code == 302
    shown = told(client.get(page_of_plan))
    assert "要約を5回試す。" in shown
    assert "やめた" in shown
    assert "忙しい" in shown
    assert "計画を直す" not in shown
    assert client.get(url(work.town, "check_in", plan.pk, 31)).status_code == 404


def test_a_plan_is_seen_by_others_only_once_it_is_shared(work):
    place = finished(work)
    plan = planned(work, place, ago=31)
    manager, learner = work.client(work.town), client_of(place.person)
    page, shared = url(work.town, "practice_plan", plan.pk), url(work.town, "shared_plans")
    for client in (manager, work.client(), work.client(work.town, Role.AUDITOR)):
        assert client.get(page).status_code == 404
        for name in ("change_plan", "share_plan"):
            assert client.post(url(work.town, name, plan.pk), {"shared": "on"}).status_code == 404
        assert client.get(url(work.town, "check_in", plan.pk, 30)).status_code == 404
        assert client.get(url(work.town, "make_plan", place.pk)).status_code == 404
    assert "ありません" in told(manager.get(shared))
    learner.post(url(work.town, "share_plan", plan.pk), {"shared": "on"})
    assert "会議の要点" in told(manager.get(page))
    assert "だれが読めるか" not in told(manager.get(page))
    assert place.person.name in told(manager.get(shared))
    rows = list(csv.reader(io.StringIO(manager.get(f"{shared}?format=csv").getvalue().decode("utf-8-sig"))))
    assert rows[1][0] == place.person.name
    assert GIVEN["will"] in rows[1]
    other = work.client(work.other)
    assert other.get(url(work.other, "practice_plan", plan.pk)).status_code == 404
    learner.post(url(work.town, "share_plan", plan.pk), {})
    assert manager.get(page).status_code == 404


def test_lists_take_the_same_number_of_queries_at_one_and_at_three(work):
    numbers: dict[str, list[int]] = {}
    for count in (1, 2):
        for _ in range(count):
            place = finished(work)
            planned(work, place, ago=31, shared=True)
            with work.inside():
                CheckIn.objects.create(
                    consortium=work.consortium,
                    plan=PracticePlan.objects.latest("pk"),
                    days=30,
                    outcome="done",
                    at=timezone.now(),
                )
        for name, client, address in (
            ("shared", work.client(work.town), url(work.town, "shared_plans")),
            ("cohorts", work.client(work.town), url(work.town, "follow_ups")),
            ("counts", work.client(), url(work.town, "follow_up", work.cohort.pk)),
            ("effect", work.client(), url(work.town, "effect")),
        ):
            numbers.setdefault(name, []).append(queries(client, address))
    assert {name: len(set(found)) for name, found in numbers.items()} == dict.fromkeys(numbers, 1), numbers
    with work.inside():
        place = PracticePlan.objects.earliest("pk").enrolment
    client = client_of(place.person)
    one = queries(client, url(work.town, "my_plans"))
    planned(work, place)
    planned(work, place)
    assert queries(client, url(work.town, "my_plans")) == one
    book = load_workbook(io.BytesIO(client.get(f"{url(work.town, 'my_plans')}?format=xlsx").getvalue()))
    assert book.active is not None
    assert book.active.max_row == 4


def test_counts_are_for_those_who_may_and_hide_few(work):
    places = [finished(work) for _ in range(5)]
    page = url(work.town, "follow_up", work.cohort.pk)
    for place in places:
        planned(work, place, ago=31)
    over(work)
    for place in places:
        used(work.town, place, work.cohort.starts_on - timedelta(days=2))
        used(work.town, place, work.cohort.ends_on + timedelta(days=2), 3)
    with work.inside():
        for plan in PracticePlan.objects.all():
            CheckIn.objects.create(
                consortium=work.consortium, plan=plan, days=30, outcome="done", hours=2, at=timezone.now()
            )
    for role in (Role.MANAGER, Role.AI_OFFICER, Role.AUDITOR):
        shown = told(work.client(work.town, role).get(page))
        assert "計画を立てた人 5 人" in shown
        assert "10時間" in shown
        assert "職員の回答の下書き" in shown
        assert "自治体ごと" not in shown
        assert not [word for word in SECRETS if word in shown]
    for role in (Role.CLERK, Role.LEARNER):
        assert work.client(work.town, role).get(page).status_code == 403
    office = told(work.client().get(page))
    assert "自治体ごと" in office
    assert "仕事でのAIの利用" not in office  # the ledger is the town's
    elsewhere = told(work.client(work.other).get(url(work.other, "follow_up", work.cohort.pk)))
    assert "5人に満たないので" in elsewhere
    assert "計画を立てた人" not in elsewhere
    table = work.client(work.town).get(f"{page}?format=csv&list=use").getvalue().decode("utf-8-sig")
    assert "職員の回答の下書き,5,15" in table
    refused = work.client(work.town).get(f"{page}?format=csv&list=towns").getvalue().decode("utf-8-sig")
    assert "焼津" not in refused
    assert "厚木市,5" in work.client().get(f"{page}?format=csv&list=towns").getvalue().decode("utf-8-sig")


def test_the_effect_page_describes_and_claims_nothing(work):
    page = url(work.town, "effect")
    manager = work.client(work.town)
    assert "月ごとの数はまだありません" in told(manager.get(page))
    finished(work)
    with work.inside():
        for number, town in enumerate(work.towns, 1):
            for month in (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)):
                MonthlyUse.objects.create(
                    consortium=work.consortium,
                    municipality=town,
                    month=month,
                    users=10,
                    results=100 * number,
                    agreed=3,
                    overruled=1,
                )
    shown = told(manager.get(page))
    assert "効果の推定ではありません" in shown
    assert "推定した効果" not in shown
    assert "100" in shown  # the own town's
    assert "200" not in shown
    assert "250" not in shown  # nor the mean of the two others
    assert "自治体×月の表" not in shown
    office = work.client().get(page)
    assert "250.0" in told(office)
    assert b"<polyline" in office.content
    assert "使った人" in told(work.client().get(f"{page}?measure=users"))
    assert work.client().get(f"{page}?measure=nonsense").status_code == 200
    panel = url(work.town, "effect_panel")
    assert manager.get(panel).status_code == 403
    rows = list(csv.reader(io.StringIO(work.client().get(panel).getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["unit", "period", "time", "first_treated", "first_treated_time", "results"]
    assert len(rows) == 10
    assert work.client(work.town, Role.CLERK).get(page).status_code == 403
    assert "始めた月" in manager.get(f"{page}?format=csv").getvalue().decode("utf-8-sig")
