"""Joint tourism through its pages: visitors without an account, operators by link, staff of each town."""

from __future__ import annotations

import json
from datetime import time, timedelta
from io import BytesIO

import icalendar
import openpyxl
import pypdfium2
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from machi.base.models import Consortium, ConsortiumMember, LedgerEntry, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.cli import joint
from machi.joint.domain import tourism as spots
from machi.joint.domain import tourism_requests as requests
from machi.joint.models import BookingRequest, Spot, VisitPlan
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, client_of, office_of, towns_of, url

pytestmark = pytest.mark.django_db
DAY = timezone.localdate() + timedelta(days=30)
LIST = "NO,名称,緯度,経度,利用可能曜日,開始時間,終了時間\n1,博物館,35.01,139.01,,9:00,17:00\n2,公園,35.02,139.02,,,\n"


@pytest.fixture
def consortium():
    return a_consortium()


@pytest.fixture
def towns(consortium):
    return {town.code: town for town in towns_of(consortium)}


@pytest.fixture
def atsugi(towns):
    return towns["142123"]


def a_spot(consortium, town, name="資料館", **given):
    with in_consortium(consortium):
        number = Spot.objects.count()
        kept = {
            "category": "museum",
            "name": name,
            "latitude": 35.0 + 0.01 * number,
            "longitude": 139.0,
            "opens": time(9),
            "closes": time(17),
            "published": True,
            **given,
        }
        return spots.add_spot(consortium, town, None, kept)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def wishes(town, **given):
    kept = {
        "starts_on": DAY.isoformat(),
        "days": "1",
        "start": f"town:{town.code}",
        "mode": "car",
        "begin": "540",
        "end": "1020",
        "lunch": "60",
    }
    return {**kept, **given}


def a_plan(consortium, town, **given):
    """Made by a visitor; returns it and the address of its page."""
    response = Client().post(url(town, "visit_planner"), wishes(town, **given))
    assert response.status_code == 302, response.content.decode()
    with in_consortium(consortium):
        return VisitPlan.objects.first(), response["Location"]


def a_request(consortium, town):
    """Asked by a visitor through the plan's page; returns it and the visitor's page."""
    spot = a_spot(
        consortium, town, "陶芸体験", name_en="Pottery", takes_requests=True, operator_email="o@shop.example"
    )
    plan, _page = a_plan(consortium, town, must=[spot.pk])
    given = {
        "on": DAY.isoformat(),
        "at": "10:00",
        "party": "2",
        "name": "旅野 空",
        "email": "sora@visit.example",
        "words": "車いすです",
    }
    response = Client().post(url(town, "visit_ask", plan.token, spot.pk), given)
    assert response.status_code == 302, response.content.decode()
    with in_consortium(consortium):
        return BookingRequest.objects.select_related("spot").get(), response["Location"]


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_clerk_takes_a_list_after_looking_at_what_it_changes(consortium, atsugi):
    clerk = client_of(a_person(Role.CLERK, atsugi))
    options = {"category": "museum", "visit_minutes": "60", "source": "厚木市、CC BY 4.0", "published": "on"}
    file = SimpleUploadedFile("spots.csv", LIST.encode("cp932"))
    response = clerk.post(url(atsugi, "import_spots"), {"file": file, **options})
    assert response.status_code == 302
    page = text(clerk.get(response["Location"]))
    assert "spots.csv" in page
    assert "公園" in page
    with in_consortium(consortium):
        assert Spot.objects.count() == 0
    assert clerk.post(response["Location"])["Location"] == url(atsugi, "spots")
    page = text(clerk.get(url(atsugi, "spots")))
    assert "新しい 2件" in page
    assert page.count("公開中") == 1
    assert clerk.get(response["Location"]).status_code == 404


def test_list_with_mistakes_says_row_column_and_reason(consortium, atsugi):
    clerk = client_of(a_person(Role.CLERK, atsugi))
    file = SimpleUploadedFile("spots.csv", LIST.replace("9:00", "朝").encode())
    options = {"category": "museum", "visit_minutes": "60", "source": "x"}
    page = text(clerk.post(url(atsugi, "import_spots"), {"file": file, **options}))
    assert "2行目の「開始時間」（「朝」）: 時刻として読めません。" in page


def test_written_out_list_can_be_read_in_again(consortium, atsugi):
    a_spot(consortium, atsugi, name_en="Archive", weekdays="0111110", description="古い文書")
    clerk = client_of(a_person(Role.CLERK, atsugi))
    data = b"".join(clerk.get(url(atsugi, "spots") + "?format=xlsx").streaming_content)
    with in_consortium(consortium):
        found = spots.preview(consortium, atsugi, data, "facility", 10)
        assert (found.listed.problems, found.new, found.changed, found.same) == ((), [], [], 1)


def test_spot_is_entered_changed_and_hidden_by_form(consortium, atsugi):
    clerk = client_of(a_person(Role.CLERK, atsugi))
    given = {
        "kind": "spot",
        "category": "temple",
        "name": "飯山観音",
        "latitude": "35.4757",
        "longitude": "139.3147",
        "weekdays": ["0", "5", "6"],
        "closed_dates": "2027-01-01、2027-01-02",
        "visit_minutes": "45",
        "largest_party": "20",
        "published": "on",
    }
    assert "公開するには、開く時刻と閉まる時刻が要ります" in text(clerk.post(url(atsugi, "add_spot"), given))
    page = text(clerk.post(url(atsugi, "add_spot"), {**given, "latitude": "3"}))
    assert "20" in page
    given |= {"opens": "09:00", "closes": "16:00"}
    response = clerk.post(url(atsugi, "add_spot"), given)
    assert response.status_code == 302
    with in_consortium(consortium):
        spot = Spot.objects.get()
    assert (spot.weekdays, spot.closed_dates) == ("1000011", ["2027-01-01", "2027-01-02"])
    page = text(clerk.get(url(atsugi, "change_spot", spot.pk)))
    assert 'value="2027-01-01、2027-01-02"' in page
    clerk.post(url(atsugi, "change_spot", spot.pk), {**given, "name_en": "Iiyama Kannon"})
    clerk.post(url(atsugi, "publish_spot", spot.pk))
    page = text(clerk.get(url(atsugi, "spot", spot.pk)))
    assert "Iiyama Kannon" in page
    assert "公開をやめた" in page  # from the ledger
    assert Client().get(url(atsugi, "visit_spot", spot.pk)).status_code == 404


def test_other_towns_see_what_is_published_and_change_nothing(consortium, towns, atsugi):
    hidden = a_spot(consortium, atsugi, "準備中", published=False)
    shown = a_spot(consortium, atsugi, "資料館", operator_email="secret@shop.example")
    yaizu = towns["222127"]
    clerk = client_of(a_person(Role.CLERK, yaizu))
    page = text(clerk.get(url(yaizu, "spots")))
    assert "資料館" in page
    assert "準備中" not in page
    assert clerk.get(url(yaizu, "spot", hidden.pk)).status_code == 404
    page = text(clerk.get(url(yaizu, "spot", shown.pk)))
    assert "secret@shop.example" not in page
    for name in ("change_spot", "publish_spot"):
        assert clerk.post(url(yaizu, name, shown.pk)).status_code == 404
    assert client_of(office_of(consortium)).get(url(atsugi, "change_spot", hidden.pk)).status_code == 200


def test_roles_without_the_work_see_figures_only(consortium, atsugi):
    asked, _page = a_request(consortium, atsugi)
    for person in (a_person(Role.AUDITOR, atsugi), office_of(consortium), a_person(Role.AI_OFFICER, atsugi)):
        client = client_of(person)
        assert client.get(url(atsugi, "visit_requests")).status_code == 403
        assert client.get(url(atsugi, "visit_request", asked.pk)).status_code == 403
        assert client.get(url(atsugi, "visit_gains")).status_code == 200


def test_another_consortium_reaches_nothing(consortium, towns, atsugi):
    asked, _page = a_request(consortium, atsugi)
    other = Consortium.objects.create(name="別の共同体")
    yaizu = towns["222127"]
    ConsortiumMember.objects.filter(municipality=yaizu).update(consortium=other)
    client = client_of(a_person(Role.CLERK, yaizu))
    assert "陶芸体験" not in text(client.get(url(yaizu, "spots")))
    assert "陶芸体験" not in text(Client().get(url(yaizu, "visit")))
    for name, key in (
        ("visit_plan", asked.plan.token),
        ("visitor_request", asked.token),
        ("operator_request", asked.operator_token),
        ("visit_spot", asked.spot_id),
    ):
        assert Client().get(url(yaizu, name, key)).status_code == 404, name


def test_visitor_picks_plans_and_shares_in_three_languages(consortium, towns, atsugi):
    must = a_spot(
        consortium, towns["222127"], "漁港の市場", name_en="Fish market", name_kana="ギョコウノイチバ"
    )
    a_spot(consortium, atsugi, "資料館", name_en="Archive", source="厚木市、CC BY 4.0")
    visitor = Client()
    assert "漁港の市場" in text(visitor.get(url(atsugi, "visit")))
    visitor.post(url(atsugi, "visit_pick", must.pk), {"as": "must"})
    page = text(visitor.get(url(atsugi, "visit_planner")))
    assert f'value="{must.pk}"' in page
    response = visitor.post(
        url(atsugi, "visit_planner"), wishes(atsugi, must=[must.pk], interests=["museum"])
    )
    address = response["Location"]
    page = text(Client().get(address))  # whoever has the link
    assert "必ず行きたい所" in page
    assert "関心に合う所" in page
    assert "これより点の高い行程はありません" in page
    assert "<svg" in page
    assert "国土数値情報" in page
    english = text(Client().get(address + "?lang=en"))
    assert "Fish market" in english
    easy = text(Client().get(address + "?lang=ja-easy"))
    assert "漁港の市場（ギョコウノイチバ）" in easy
    assert Client().get(address)["X-Robots-Tag"] == "noindex"
    begun = text(
        visitor.get(url(atsugi, "visit_planner") + f"?from={address.split('/')[-2]}&avoid={must.pk}")
    )
    assert begun.count("漁港の市場") >= 1


def test_plan_as_calendar_leaflet_and_map(consortium, atsugi):
    a_spot(consortium, atsugi, "資料館", name_en="Archive", description="古い文書")
    plan, _page = a_plan(consortium, atsugi)
    visitor = Client()
    events = icalendar.Calendar.from_ical(
        visitor.get(url(atsugi, "visit_calendar", plan.token)).content
    ).events
    assert {str(event["SUMMARY"]) for event in events} == {"資料館", "昼休み"}
    assert {event.start.date() for event in events} == {DAY}
    pdf = visitor.get(url(atsugi, "visit_leaflet", plan.token) + "?lang=en").content
    told = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "Archive" in told
    drawn = visitor.get(url(atsugi, "visit_map", plan.token, 1))
    assert drawn["Content-Type"] == "image/svg+xml"
    assert visitor.get(url(atsugi, "visit_map", plan.token, 2)).status_code == 404


def test_planner_refuses_at_the_field_and_says_when_it_does_not_run(consortium, atsugi):
    a_spot(consortium, atsugi)
    visitor = Client()
    past = {"starts_on": (timezone.localdate() - timedelta(days=1)).isoformat()}
    assert "今日から2年先まで" in text(visitor.post(url(atsugi, "visit_planner"), wishes(atsugi, **past)))
    short = {"begin": "600", "end": "600"}
    assert "1時間以上後" in text(visitor.post(url(atsugi, "visit_planner"), wishes(atsugi, **short)))
    with in_municipality(atsugi):
        RegisteredSystem.objects.filter(key="joint.route").update(state=RegisteredSystem.State.SUSPENDED)
    assert visitor.post(url(atsugi, "visit_planner"), wishes(atsugi)).status_code == 403


def test_request_is_answered_by_link_and_followed_by_the_visitor(consortium, atsugi):
    asked, page = a_request(consortium, atsugi)
    visitor, operator = Client(), Client()
    assert "返事待ち" in text(visitor.get(page))
    theirs = url(atsugi, "operator_request", asked.operator_token)
    shown = text(operator.get(theirs))
    assert "sora@visit.example" in shown
    assert "車いすです" in shown
    answer = {
        "state": "proposed",
        "proposed_on": DAY.isoformat(),
        "proposed_at": "14:00",
        "words": "午後なら",
    }
    assert operator.post(theirs, answer).status_code == 302
    shown = text(visitor.get(page))
    assert "午後なら" in shown
    agree = url(atsugi, "visitor_act", asked.token, "agree")
    assert "この日時に決めますか" in text(visitor.get(agree))
    visitor.post(agree)
    assert "14:00" in text(visitor.get(page))
    with in_consortium(consortium):
        assert BookingRequest.objects.get().state == "accepted"
    assert "終わっています" in text(operator.post(theirs, {"state": "declined", "words": "満席"}))


def test_visitor_erases_who_asked_and_the_links_are_dead(consortium, atsugi):
    asked, page = a_request(consortium, atsugi)
    visitor = Client()
    visitor.post(url(atsugi, "visitor_act", asked.token, "erase"))
    assert visitor.get(page).status_code == 404
    assert visitor.get(url(atsugi, "operator_request", asked.operator_token)).status_code == 404
    assert visitor.get(url(atsugi, "visitor_act", asked.token, "explode")).status_code == 404
    clerk = client_of(a_person(Role.CLERK, atsugi))
    shown = text(clerk.get(url(atsugi, "visit_request", asked.pk)))
    assert "sora@visit.example" not in shown
    assert "名前と連絡先は消しました" in shown


def test_staff_answer_on_behalf_and_export_without_names(consortium, towns, atsugi):
    asked, page = a_request(consortium, atsugi)
    clerk = client_of(a_person(Role.CLERK, atsugi))
    assert "陶芸体験" in text(clerk.get(url(atsugi, "visit_requests")))
    assert "旅野 空" in text(clerk.get(url(atsugi, "visit_request", asked.pk)))
    response = clerk.post(url(atsugi, "visit_request", asked.pk), {"state": "accepted", "words": "どうぞ"})
    assert response.status_code == 302
    assert "町の職員が、運営者に代わって受け付けました" in text(Client().get(page))
    data = b"".join(clerk.get(url(atsugi, "visit_requests") + "?format=xlsx").streaming_content)
    (sheet,) = openpyxl.load_workbook(BytesIO(data)).worksheets
    cells = [cell.value for row in sheet for cell in row]
    assert "陶芸体験" in cells
    assert "旅野 空" not in cells
    yaizu = towns["222127"]
    other = client_of(a_person(Role.CLERK, yaizu))
    assert "陶芸体験" not in text(other.get(url(yaizu, "visit_requests")))
    assert other.get(url(yaizu, "visit_request", asked.pk)).status_code == 404
    clerk.post(url(atsugi, "erase_visit_request", asked.pk))
    with in_consortium(consortium):
        assert requests.by_token(asked.token) is None


def test_gains_hide_small_figures_and_export(consortium, atsugi):
    a_request(consortium, atsugi)
    auditor = client_of(a_person(Role.AUDITOR, atsugi))
    page = text(auditor.get(url(atsugi, "visit_gains")))
    assert "5未満" in page
    assert "10未満" in page
    data = b"".join(auditor.get(url(atsugi, "visit_gains") + "?format=csv").streaming_content).decode(
        "utf-8-sig"
    )
    assert data.splitlines()[1] == "厚木市,1,5未満,5未満,5未満,0,0"


@pytest.mark.parametrize("name", ["spots", "visit_requests", "visit", "visit_gains"])
def test_lists_ask_the_database_as_often_for_three_as_for_one(consortium, atsugi, name):
    client = client_of(a_person(Role.CLERK, atsugi))
    a_request(consortium, atsugi)
    once = queries(client, url(atsugi, name))
    for number in range(2):
        spot = a_spot(consortium, atsugi, f"館{number}", takes_requests=True)
        plan, _page = a_plan(consortium, atsugi, must=[spot.pk])
        with in_consortium(consortium):
            requests.ask(plan, spot, on=DAY, at=time(10), party=1, name="a", email="a@b.example")
    assert queries(client, url(atsugi, name)) == once


def test_pages_that_have_nothing_yet_say_what_to_do(consortium, atsugi):
    clerk = client_of(a_person(Role.CLERK, atsugi))
    assert "観光施設一覧があれば" in text(clerk.get(url(atsugi, "spots")))
    assert "予約の希望はまだありません" in text(clerk.get(url(atsugi, "visit_requests")))
    assert "まだ行程がありません" in text(clerk.get(url(atsugi, "visit_gains")))
    assert "公開されたスポットがまだありません" in text(Client().get(url(atsugi, "visit")))


def test_api_lists_spots_plans_and_tells_gains(consortium, towns, atsugi):
    spot = a_spot(consortium, atsugi)
    a_spot(consortium, towns["222127"], "準備中", published=False)
    client = client_of(a_person(Role.CLERK, atsugi))
    base = f"/api/v1/joint/{atsugi.code}"
    assert [one["name"] for one in client.get(f"{base}/spots").json()] == ["資料館"]
    asked = {"starts_on": DAY.isoformat(), "start": f"town:{atsugi.code}", "must": [spot.pk]}
    made = client.post(f"{base}/routes", asked, "application/json")
    assert made.status_code == 201
    assert [stop["spot"] for stop in made.json()["stops"] if stop["spot"]] == [spot.pk]
    wrong = client.post(f"{base}/routes", {**asked, "start": "town:999999"}, "application/json")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/start")
    gains = {one["municipality"]: one["visits"] for one in client.get(f"{base}/visit-gains").json()}
    assert gains == {"142123": 0, "222127": 0, "332020": 0}  # staff's own course is not counted
    assert client.get("/api/v1/joint/222127/spots").status_code == 403
    assert Client().get(f"{base}/spots").status_code == 401


def test_commands_take_lists_and_plan(consortium, atsugi, tmp_path):
    file = tmp_path / "spots.csv"
    file.write_text(LIST)
    run = CliRunner().invoke
    clerk, foreign = a_person(Role.CLERK, atsugi), a_person(Role.CLERK, towns_of(consortium)[1])
    given = ["import-spots", str(file), "-m", atsugi.code, "--source", "厚木市", "--by"]
    assert "may not do this" in run(joint, [*given, foreign.email]).output
    given.append(clerk.email)
    assert "new 2, changed 0" in run(joint, [*given, "--dry-run"]).output
    assert "new 2, changed 0" in run(joint, given).output
    with in_municipality(atsugi):
        actors = LedgerEntry.objects.filter(subject__startswith="spots:").values_list("actor", flat=True)
        assert list(actors) == [f"person:{clerk.pk}"]
    assert "new 0, changed 0, same 2" in run(joint, given).output
    listed = json.loads(run(joint, ["spots", "-m", atsugi.code, "--json"]).output)
    assert {one["name"]: one["published"] for one in listed} == {"博物館": True, "公園": False}
    made = run(joint, ["plan-route", "-m", atsugi.code, "--on", DAY.isoformat(), "--json"])
    assert made.exit_code == 0, made.output
    assert len(json.loads(made.output)["stops"]) == 2  # the museum and lunch
    assert json.loads(run(joint, ["visit-gains", "-m", atsugi.code, "--json"]).output)[0]["spots"] == 1
    file.write_text(LIST.replace("35.01", "北"))
    assert "2行目の「緯度」" in run(joint, given).output
