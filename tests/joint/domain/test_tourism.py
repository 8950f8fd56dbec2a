"""Spots from lists and forms, routes for visitors, requests and their answers, gains: what the verbs keep true."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from machi.base import ledger
from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, LedgerSalt, Role
from machi.base.running import NotApproved
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import tourism as spots
from machi.joint.domain import tourism_erasure as erasure
from machi.joint.domain import tourism_plans as plans
from machi.joint.domain import tourism_requests as requests
from machi.joint.domain.tourism_gains import gains
from machi.joint.domain.tourism_queries import public_spots, staff_spots, window_on
from machi.joint.models import BookingRequest, Spot
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, towns_of

pytestmark = pytest.mark.django_db
HEADER = (
    "都道府県コード又は市区町村コード,NO,名称,緯度,経度,利用可能曜日,開始時間,終了時間,利用可能日時特記事項\n"
)
DAY = date(2027, 4, 5)  # a Monday
SECRETS = ("旅野 空", "sora@visit.example", "090-0000-0000", "車いすです")


@pytest.fixture
def consortium():
    made = a_consortium()
    with in_consortium(made):
        yield made


@pytest.fixture
def towns(consortium):
    return {town.code: town for town in towns_of(consortium)}


def a_spot(consortium, town, name="資料館", **given):
    number = Spot.objects.count()
    kept = {
        "category": "museum",
        "name": name,
        "latitude": 35.0 + 0.01 * number,
        "longitude": 139.0,
        "opens": time(9),
        "closes": time(17),
        "visit_minutes": 60,
        "published": True,
        **given,
    }
    return spots.add_spot(consortium, town, None, kept)


def taken(consortium, town, text, **options):
    kept = {"category": "facility", "visit_minutes": 45, "source": "見本", "published": True, **options}
    return spots.take_list(consortium, town, None, text.encode(), **kept)


def a_plan(consortium, town, **wishes):
    kept = {"starts_on": DAY, "days": 1, "mode": "car", "start": f"town:{town.code}", **wishes}
    return plans.make_plan(consortium, town, None, plans.Wishes(**kept))


def a_request(consortium, town, **given):
    spot = a_spot(
        consortium, town, "体験", takes_requests=True, largest_party=8, operator_email="work@shop.example"
    )
    plan = a_plan(consortium, town, must=(spot.pk,))
    name, email, telephone, words = SECRETS
    kept = {"on": DAY, "at": time(10), "party": 2, "name": name, "email": email, "telephone": telephone}
    return requests.ask(plan, spot, **{**kept, "words": words, **given})


def deliver():
    """What a worker would do: runs the letters that wait, once each."""
    for waiting in DBTaskResult.objects.filter(status=TaskResultStatus.READY).order_by("enqueued_at"):
        waiting.task.call(*waiting.args_kwargs["args"])
        waiting.delete()


def bodies(*towns):
    found = []
    for town in towns:
        with in_municipality(town):
            found += [json.loads(body) for body in LedgerEntry.objects.values_list("body", flat=True)]
    return found


def test_list_is_previewed_then_taken_and_taken_again_changes_nothing(consortium, towns):
    town = towns["142123"]
    text = (
        HEADER + "142123,1,博物館,35.4,139.3,火水木金土日,9:00,17:00,\n142123,2,公園,35.5,139.3,,,,いつでも\n"
    )
    found = spots.preview(consortium, town, text.encode(), "facility", 45)
    assert (len(found.new), len(found.changed), found.same) == (2, 0, 0)
    assert [row.name for row in found.hours_open] == ["公園"]
    assert Spot.objects.count() == 0
    taken(consortium, town, text)
    museum, park = Spot.objects.order_by("code")
    assert (museum.published, museum.weekdays, museum.visit_minutes) == (True, "0111111", 45)
    assert (park.published, park.hours_known) == (False, False)
    again = taken(consortium, town, text)
    assert (len(again.new), len(again.changed), again.same) == (0, 0, 2)
    assert [one["outputs"]["action"] for one in bodies(town)] == ["import", "import"]


def test_list_keeps_what_people_entered_besides(consortium, towns):
    town = towns["142123"]
    row = "142123,1,博物館,35.4,139.3,,,,\n"
    taken(consortium, town, HEADER + row)
    spot = Spot.objects.get()
    given = {
        "name_en": "Museum",
        "opens": time(10),
        "closes": time(16),
        "category": "museum",
        "published": True,
    }
    spots.change_spot(spot, town, a_person(Role.CLERK, town), given)
    taken(consortium, town, HEADER + row.replace("博物館", "新しい博物館"))
    spot = Spot.objects.get()
    assert (spot.name, spot.name_en, spot.category, spot.opens) == (
        "新しい博物館",
        "Museum",
        "museum",
        time(10),
    )


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("332020,1,博物館,35.4,139.3,,,,", "other_town", "都道府県コード又は市区町村コード"),
        ("142123,1,博物館,35.4,139.3,,9時半,17:00,", "not_a_time", "開始時間"),
        ("142123,1,博物館,北緯,139.3,,,,", "not_a_number", "緯度"),
        ("142123,1,博物館,35.4,13.9,,,,", "out_of_range", "経度"),
        ("142123,1,,35.4,139.3,,,,", "missing", "名称"),
        ("142123,1,博物館,35.4,139.3,平日,,,", "not_weekdays", "利用可能曜日"),
        ("142123,,博物館,35.4,139.3,,,,", "missing", "NO"),
    ],
)
def test_list_with_a_mistake_is_not_taken_at_all(consortium, towns, row, code, column):
    town = towns["142123"]
    text = HEADER + "142123,9,公園,35.5,139.3,,,,\n" + row + "\n"
    found = spots.preview(consortium, town, text.encode(), "facility", 45)
    assert [(one.code, one.row, one.column) for one in found.listed.problems] == [(code, 3, column)]
    with pytest.raises(Refused):
        taken(consortium, town, text)
    assert Spot.objects.count() == 0


def test_wireless_lan_list_marks_spots_beside_its_points(consortium, towns):
    town = towns["142123"]
    near, _far = a_spot(consortium, town), a_spot(consortium, town)
    text = f"名称,緯度,経度,SSID\n館内,{near.latitude + 0.0005},{near.longitude},FREE\n"
    assert taken(consortium, town, text).near_wifi == [near.name]
    assert list(Spot.objects.filter(wifi=True)) == [near]


def test_events_are_read_and_open_only_in_their_days(consortium, towns):
    header = "NO,イベント名,開始日,終了日,開始時間,終了時間,場所名称,緯度,経度\n"
    text = header + "1,花火,2027-08-01,2027-08-02,18:00,21:00,河原,35.4,139.3\n"
    taken(consortium, towns["142123"], text, category="festival")
    event = Spot.objects.get()
    assert (event.kind, event.description) == ("event", "河原")
    assert window_on(event, date(2027, 8, 2)) == (1080, 1260)
    assert window_on(event, date(2027, 8, 3)) is None


def test_window_knows_weekdays_days_off_and_midnight(consortium, towns):
    spot = a_spot(
        consortium,
        towns["142123"],
        weekdays="1011111",
        closed_dates=["2027-04-07"],
        closes=time(23, 59),
    )
    assert window_on(spot, DAY) == (540, 1440)
    assert window_on(spot, DAY + timedelta(days=1)) is None
    assert window_on(spot, DAY + timedelta(days=2)) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"opens": None}, "closes"),
        ({"opens": None, "closes": None}, "opens"),
        ({"opens": time(18)}, "closes"),
        ({"weekdays": "0000000"}, "weekdays"),
        ({"kind": "event"}, "starts_on"),
        ({"starts_on": DAY, "ends_on": date(2027, 1, 1)}, "ends_on"),
    ],
)
def test_spot_that_cannot_be_is_refused_at_its_field(consortium, towns, given, field):
    with pytest.raises(Refused) as refused:
        a_spot(consortium, towns["142123"], **given)
    assert refused.value.field == field


def test_town_changes_only_its_own_and_sees_others_when_published(consortium, towns):
    atsugi, yaizu = towns["142123"], towns["222127"]
    hidden = a_spot(consortium, yaizu, published=False)
    shown = a_spot(consortium, yaizu)
    clerk = a_person(Role.CLERK, atsugi)
    for verb in (
        lambda: spots.change_spot(shown, atsugi, clerk, {"name": "乗っ取り"}),
        lambda: spots.publish(shown, atsugi, clerk, shown=False),
    ):
        with pytest.raises(Refused):
            verb()
    assert list(staff_spots(atsugi)) == [shown]
    assert set(staff_spots(yaizu)) == {hidden, shown}
    assert list(public_spots()) == [shown]


def test_spots_of_a_town_that_left_are_no_longer_shown(consortium, towns):
    a_spot(consortium, towns["222127"])
    consortium.members.filter(municipality=towns["222127"]).update(until=timezone.localdate())
    assert list(public_spots()) == []


def test_plan_visits_by_prize_keeps_reasons_and_is_in_the_ledger(consortium, towns):
    atsugi, yaizu = towns["142123"], towns["222127"]
    wished = a_spot(consortium, atsugi, category="temple")
    must = a_spot(consortium, yaizu, category="food")
    closed = a_spot(consortium, atsugi, weekdays="0111111")
    avoided = a_spot(consortium, atsugi)
    plan = a_plan(consortium, atsugi, interests=("temple",), must=(must.pk,), avoid=(avoided.pk,))
    reasons = {stop.spot_id: stop.reason for stop in plan.stops.filter(spot__isnull=False)}
    assert reasons == {wished.pk: "interest", must.pk: "must"}
    assert plan.stops.filter(spot__isnull=True).count() == 1  # lunch
    assert (plan.result["value"], plan.result["bound"], plan.result["left"]) == (35, 35, {"closed": 1})
    (entry,) = [one for one in bodies(atsugi) if one["kind"] == ledger.RESULT]
    assert (entry["system"], entry["subject"]) == ("joint.route", f"visit_plan:{plan.pk}")
    assert "これより良い行程はない" in entry["explanation"]
    assert {source["spot"] for source in entry["sources"]} == {wished.pk, must.pk}
    assert closed.pk not in reasons
    assert list(plans.wishes_of(plan).must) == [must.pk]


def test_same_wishes_give_the_same_route(consortium, towns):
    town = towns["142123"]
    for _number in range(8):
        a_spot(consortium, town)
    made = [
        [(stop.day, stop.spot_id, stop.begins) for stop in a_plan(consortium, town, days=2).stops.all()]
        for _time in range(2)
    ]
    assert made[0] == made[1]


def test_planner_does_not_run_unapproved(consortium, towns):
    town = towns["142123"]
    a_spot(consortium, town)
    with in_municipality(town):
        RegisteredSystem.objects.filter(key="joint.route").update(state=RegisteredSystem.State.SUSPENDED)
    with pytest.raises(NotApproved):
        a_plan(consortium, town)


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"days": 6}, "days"),
        ({"begin": 600, "end": 630}, "end"),
        ({"start": "town:999999"}, "start"),
        ({"stay": "spot:0"}, "stay"),
        ({"towns": ("332020",)}, "towns"),
    ],
)
def test_wishes_that_cannot_be_planned_are_refused(consortium, towns, wishes, field):
    a_spot(consortium, towns["142123"])
    with pytest.raises(Refused) as refused:
        a_plan(consortium, towns["142123"], **wishes)
    assert refused.value.field == field


def test_request_goes_to_the_operator_and_back_without_names_in_mail_or_ledger(consortium, towns):
    town = towns["142123"]
    asked = a_request(consortium, town)
    deliver()
    assert [(letter.to, asked.operator_token in letter.body) for letter in mail.outbox] == [
        (["work@shop.example"], True)
    ]
    requests.answer(asked, "proposed", proposed_on=DAY, proposed_at=time(13), words="午後なら")
    deliver()
    asked.refresh_from_db()
    assert mail.outbox[1].to == ["sora@visit.example"]
    assert asked.token in mail.outbox[1].body
    requests.agree(asked)
    deliver()
    assert mail.outbox[2].to == ["work@shop.example"]
    asked.refresh_from_db()
    assert (asked.state, asked.at) == ("accepted", time(13))
    assert [(turn.who, turn.action) for turn in asked.turns.all()] == [
        ("visitor", "sent"),
        ("operator", "proposed"),
        ("visitor", "accepted"),
    ]
    told = json.dumps(bodies(*towns.values()), ensure_ascii=False) + "".join(
        str(one.body) for one in mail.outbox
    )
    assert [secret for secret in SECRETS if secret in told] == []
    mine = [one for one in bodies(town) if one["subject"] == f"visit_request:{asked.pk}"]
    assert [one["outputs"]["action"] for one in mine] == ["sent", "proposed", "accepted"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"party": 9}, "party"),
        ({"on": DAY - timedelta(days=3000)}, "on"),
        ({"at": time(20)}, "at"),
    ],
)
def test_request_that_cannot_be_is_refused(consortium, towns, given, field):
    with pytest.raises(Refused) as refused:
        a_request(consortium, towns["142123"], **given)
    assert refused.value.field == field
    assert BookingRequest.objects.count() == 0


def test_request_is_asked_once_and_only_of_spots_in_the_plan(consortium, towns):
    asked = a_request(consortium, towns["142123"])
    given = {"on": DAY, "at": time(10), "party": 1, "name": "a", "email": "a@b.example"}
    with pytest.raises(Refused, match="返事を待っている"):
        requests.ask(asked.plan, asked.spot, **given)
    other = a_spot(consortium, towns["222127"], takes_requests=True)
    with pytest.raises(Refused, match="この行程にない"):
        requests.ask(asked.plan, other, **given)


def test_staff_answer_for_their_own_town_only_and_nothing_twice(consortium, towns):
    asked = a_request(consortium, towns["142123"])
    stranger, clerk = a_person(Role.CLERK, towns["222127"]), a_person(Role.CLERK, towns["142123"])
    with pytest.raises(Refused, match="ほかの町"):
        requests.answer(asked, "accepted", person=stranger, town=towns["222127"])
    assert list(requests.requests_of(towns["222127"])) == []
    requests.answer(asked, "accepted", person=clerk, town=towns["142123"])
    assert asked.turns.last().who == "staff"
    with pytest.raises(Refused, match="終わっています"):
        requests.answer(asked, "declined", words="満席")


def test_refusal_needs_a_word_and_a_proposal_a_day_to_come(consortium, towns):
    asked = a_request(consortium, towns["142123"])
    with pytest.raises(Refused):
        requests.answer(asked, "declined")
    with pytest.raises(Refused):
        requests.answer(asked, "proposed", proposed_on=date(2020, 1, 1), proposed_at=time(9))
    with pytest.raises(Refused):
        requests.answer(asked, "withdrawn")


def test_withdrawn_then_erased_leaves_figures_and_dead_links(consortium, towns):
    asked = a_request(consortium, towns["142123"])
    requests.withdraw(asked)
    erasure.erase(asked)
    asked.refresh_from_db()
    assert (asked.name, asked.email, asked.telephone, asked.state) == (None, None, None, "withdrawn")
    assert [turn.words for turn in asked.turns.all()] == [None, None]
    assert requests.by_token(asked.token) is None
    assert requests.by_token(asked.operator_token, operator=True) is None


def test_contacts_are_erased_by_the_daily_work_when_their_time_is_over(consortium, towns):
    town = towns["142123"]
    asked = a_request(consortium, town)

    def due(days):
        at = timezone.make_aware(datetime.combine(DAY + timedelta(days=days), time(3)))
        return erasure.expired_requests(town, at)

    with in_municipality(town):
        assert (due(90), due(91)) == ([], [asked.pk])
        erasing.erase(town, f"visit_request:{asked.pk}", ground=erasing.Ground.RETENTION)
        assert due(91) == []
        with pytest.raises(Refused):
            erasing.erase(town, f"visit_request:{asked.pk}", ground=erasing.Ground.REQUEST)
        entries = LedgerEntry.objects.filter(subject=f"visit_request:{asked.pk}")
        assert not LedgerSalt.objects.filter(entry__in=entries.exclude(kind="erasure")).exists()
    asked.refresh_from_db()
    assert asked.email is None


def test_town_erases_requests_of_its_own_spots_only(consortium, towns):
    asked = a_request(consortium, towns["142123"])
    with in_municipality(towns["332020"]), pytest.raises(Refused):
        erasure.erase_request(towns["332020"], asked.pk, ground=erasing.Ground.REQUEST)
    asked.refresh_from_db()
    assert asked.email is not None


def test_gains_count_visitors_plans_by_town(consortium, towns):
    asked = a_request(consortium, towns["142123"])
    requests.answer(asked, "accepted")
    clerk = a_person(Role.CLERK, towns["142123"])
    wishes = plans.Wishes(DAY, 1, "car", "town:142123")
    plans.make_plan(consortium, towns["142123"], clerk, wishes)  # a model course of staff is not counted
    by_code = {one.code: one for one in gains(consortium)}
    atsugi = by_code["142123"]
    assert (atsugi.spots, atsugi.plans, atsugi.visits) == (1, 1, 1)
    assert (atsugi.requests, atsugi.accepted, atsugi.people) == (1, 1, 2)
    assert by_code["222127"].visits == 0
    assert gains(consortium, since=timezone.localdate() + timedelta(days=1))[0].visits == 0
