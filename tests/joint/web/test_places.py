"""Welfare places through their pages: who may do what, what each town sees, lists in and out."""

import gzip
import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from machi.base.models import Consortium, ConsortiumMember, Progress, Role
from machi.base.scoping import in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import places_allocation as allocating
from machi.joint.domain import places_second
from machi.joint.models import PlaceAgreement, PlaceFamily, PlaceOffer, PlaceRound, PlaceTable, PlaceUpload
from tests.base.factories import a_person
from tests.joint.factories import client_of, url
from tests.joint.place_rounds import World, filled

pytestmark = pytest.mark.django_db
ROUND = {
    "kind": "childcare",
    "title": "新しい回",
    "year": "2099",
    "deadline": "2098-11-30",
    "starts_on": "2099-04-01",
    "classes": "",
}
NAMES = ("青木", "石井", "上田", "江口")


@pytest.fixture
def world():
    return World()


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def rows(response) -> list[list[str]]:
    assert response.status_code == 200
    data = b"".join(response.streaming_content)
    return [
        ["" if cell is None else str(cell) for cell in line]
        for line in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True)
    ]


def test_the_whole_cycle_through_pages(world, django_capture_on_commit_callbacks):
    atsugi = world.towns[0]
    office = world.client(atsugi, "office")
    response = office.post(url(atsugi, "place_begin"), ROUND)
    assert response.status_code == 302
    filled(world)
    pk = world.round.pk
    assert "締め切る" in text(office.get(url(atsugi, "place_round", pk)))
    with django_capture_on_commit_callbacks(execute=True):
        assert office.post(url(atsugi, "place_trial", pk)).status_code == 302
    assert "試算しています" in text(office.get(url(atsugi, "place_round", pk)))
    world.work()
    shown = text(office.get(url(atsugi, "place_round", pk)))
    assert "試算（結果ではありません）" in shown
    assert "安定しています" in shown
    office.post(url(atsugi, "place_close", pk))
    with django_capture_on_commit_callbacks(execute=True):
        office.post(url(atsugi, "place_allocate", pk))
    world.work()
    assert "案です。すべての町が確かめるまで" in text(office.get(url(atsugi, "place_round", pk)))
    for town in world.towns:
        head = world.client(town, "head")
        assert "結果を確かめる" in text(head.get(url(town, "place_round", pk)))
        head.post(url(town, "place_confirm", pk))
    assert world.again().state == "confirmed"
    clerk = world.client(atsugi)
    pdf = clerk.get(url(atsugi, "place_letters", pk, 1, "pdf"))
    assert pdf.content[:5] == b"%PDF-"
    word = Document(io.BytesIO(clerk.get(url(atsugi, "place_letters", pk, 1, "docx")).content))
    said = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert [f"{name} 様" in said for name in NAMES] == [True] * 4
    assert "岡田" not in said
    assert "残った枠で次の回を始める" in text(office.get(url(atsugi, "place_round", pk)))
    dates = {"title": "二次", "year": "2099", "deadline": "2099-01-31", "starts_on": "2099-04-01"}
    assert office.post(url(atsugi, "place_second", pk), dates).status_code == 302
    with world.at(atsugi):
        second = PlaceRound.objects.get(title="二次")
    assert "前の回" in text(office.get(url(atsugi, "place_round", second.pk)))


def test_the_page_tells_how_far_who_waits_has_been_moved(world, django_capture_on_commit_callbacks):
    filled(world)
    world.close()
    world.allocate()
    world.confirm()
    atsugi = world.towns[0]
    office = world.client(atsugi, "office")
    dates = {"title": "二次", "year": "2099", "deadline": "2099-01-31", "starts_on": "2099-04-01"}
    with django_capture_on_commit_callbacks() as asked:
        office.post(url(atsugi, "place_second", world.round.pk), dates)
    assert len(asked) == 1
    with world.at(atsugi):
        second = PlaceRound.objects.get(title="二次")
        Progress.objects.create(
            municipality=atsugi, key=places_second.progress_key(second), label="", done=1, total=3
        )
    page = url(atsugi, "place_round", second.pk)
    shown = text(office.get(page))
    assert 'hx-get="' + page + '?moving=1"' in shown
    assert "待機している人を、前の回から移しています" in shown
    assert '<progress value="1" max="3">' in shown
    polled = office.get(page + "?moving=1", headers={"HX-Request": "true"})
    assert "HX-Refresh" not in polled
    with world.at(atsugi):
        Progress.objects.update(error="OperationalError")
    shown = text(office.get(page))
    assert "移しきれませんでした" in shown
    assert "hx-get" not in shown
    again = url(atsugi, "place_move_again", second.pk)
    assert again in shown
    assert world.client(atsugi).post(again).status_code == 403
    assert office.get(again).status_code == 405
    with django_capture_on_commit_callbacks() as asked:
        assert office.post(again).status_code == 302
    assert len(asked) == 1
    with world.at(atsugi):
        places_second.move(second, atsugi)
    polled = office.get(page + "?moving=1", headers={"HX-Request": "true"})
    assert polled["HX-Refresh"] == "true"
    with django_capture_on_commit_callbacks() as asked:
        office.post(again)
    assert not asked  # everybody is there


def test_names_are_seen_by_the_familys_town_only(world):
    filled(world)
    world.close()
    world.allocate()
    atsugi, yaizu, _kurashiki = world.towns
    pk = world.round.pk
    assert NAMES[0] in text(world.client(atsugi).get(url(atsugi, "place_families", pk)))
    pages = ("place_round", "place_results", "place_demand", "place_tables", "place_facilities")
    others = [
        (world.client(yaizu), yaizu, (*pages, "place_families")),
        (world.client(yaizu, "head"), yaizu, (*pages, "place_families")),
        (world.client(atsugi, "office"), atsugi, pages),
        (client_of(a_person(Role.AUDITOR, atsugi)), atsugi, pages),
        (client_of(a_person(Role.AI_OFFICER, atsugi)), atsugi, pages),
    ]
    for client, town, names in others:
        for name in names:
            assert not any(one in text(client.get(url(town, name, pk))) for one in NAMES)
    with world.at(atsugi):
        family = PlaceFamily.objects.get(number="0001")
        offer = PlaceOffer.objects.get(number="142123-0001-1")
    assert world.client(yaizu).get(url(yaizu, "place_family", pk, family.pk)).status_code == 404
    assert world.client(yaizu).get(url(yaizu, "place_result", pk, offer.pk)).status_code == 404
    assert world.client(yaizu).get(url(atsugi, "place_families", pk)).status_code == 403
    for client, town in ((others[2][0], atsugi), (others[3][0], atsugi), (others[4][0], atsugi)):
        assert client.get(url(town, "place_families", pk)).status_code == 403
        assert client.get(url(town, "place_result", pk, offer.pk)).status_code == 403


def test_rows_of_results_by_who_asks(world):
    filled(world)
    world.close()
    world.allocate()
    atsugi, yaizu, _kurashiki = world.towns

    def numbers(client, town, query=""):
        address = url(town, "place_results", world.round.pk) + f"?format=xlsx{query}"
        return [line[0] for line in rows(client.get(address))[1:]]

    assert numbers(world.client(yaizu), yaizu) == ["142123-0002-1", "222127-0001-1"]
    assert len(numbers(world.client(atsugi, "office"), atsugi)) == 7
    assert numbers(world.client(atsugi), atsugi, "&state=waiting") == ["142123-0003-1"]
    assert world.client(yaizu).get(url(yaizu, "place_audit", world.round.pk)).status_code == 403
    audit = client_of(a_person(Role.AUDITOR, yaizu)).get(url(yaizu, "place_audit", world.round.pk))
    assert json.loads(gzip.decompress(audit.content))["seed"] == world.round.seed


def test_another_consortium_and_a_town_outside_see_nothing(world):
    filled(world)
    kurashiki = world.towns[2]
    ConsortiumMember.objects.filter(municipality=kurashiki).delete()
    alone = Consortium.objects.create(name="別の共同体")
    ConsortiumMember.objects.create(consortium=alone, municipality=kurashiki, since="2026-04-01")
    client = world.client(kurashiki)
    assert world.round.title not in text(client.get(url(kurashiki, "place_rounds")))
    for name in ("place_round", "place_facilities", "place_families", "place_demand", "place_results"):
        assert client.get(url(kurashiki, name, world.round.pk)).status_code == 404


def test_acts_by_role(world):
    filled(world)
    atsugi = world.towns[0]
    pk = world.round.pk
    office, head, clerk = (world.client(atsugi, role) for role in ("office", "head", "clerk"))
    for name in ("place_close", "place_trial", "place_cancel", "place_change"):
        assert head.get(url(atsugi, name, pk)).status_code == 403
        assert office.get(url(atsugi, name, pk)).status_code == 200
    for name in ("place_add_facility", "place_table", "place_add_family", "place_import"):
        assert office.get(url(atsugi, name, pk)).status_code == 403
        assert clerk.get(url(atsugi, name, pk)).status_code == 200
    assert clerk.get(url(atsugi, "place_propose_agreement", pk)).status_code == 403
    assert head.get(url(atsugi, "place_propose_agreement", pk)).status_code == 200


def test_an_unapproved_system_shows_why(world):
    filled(world)
    world.close()
    atsugi, yaizu, _kurashiki = world.towns
    with in_municipality(yaizu):
        RegisteredSystem.objects.filter(key=allocating.ALLOCATION).update(state="suspended")
    response = world.client(atsugi, "office").post(url(atsugi, "place_allocate", world.round.pk))
    assert response.status_code == 403
    assert "焼津市" in response.content.decode()


def test_facility_table_and_agreement_are_entered(world):
    atsugi, yaizu, _kurashiki = world.towns
    pk = world.round.pk
    clerk = world.client(atsugi)
    given = {"code": "A1", "name": "中央保育園", "seats-0": "3", "seats-1": "4", "flexible": "0"}
    assert clerk.post(url(atsugi, "place_add_facility", pk), given).status_code == 302
    assert "もう使われています" in text(clerk.post(url(atsugi, "place_add_facility", pk), given))
    shared = {**given, "code": "A2", "flexible": "2"}
    assert "融通できる区分を選んで" in text(clerk.post(url(atsugi, "place_add_facility", pk), shared))
    found = rows(clerk.get(url(atsugi, "place_facilities", pk) + "?format=xlsx"))
    assert found[1][:6] == ["厚木市", "A1", "中央保育園", "", "3", "4"]
    points = {
        "points-work": "12",
        "own-label-1": "市内に祖父母がいない",
        "own-points-1": "3",
        "own-most-1": "1",
        "tie-1": "income:low",
    }
    assert clerk.post(url(atsugi, "place_table", pk), points).status_code == 302
    with world.at(atsugi):
        made = PlaceTable.objects.get()
    assert {one["key"]: one["points"] for one in made.items if one["points"]} == {"work": 12, "142123-1": 3}
    assert made.ties == [{"key": "income", "higher": False}]
    form = text(clerk.get(url(atsugi, "place_table", pk)))
    assert "市内に祖父母がいない" in form
    head = world.client(yaizu, "head")
    given = {"home": atsugi.pk, "quota": "2", "equal": "on"}
    assert head.post(url(yaizu, "place_propose_agreement", pk), given).status_code == 302
    with world.at(atsugi):
        agreement = PlaceAgreement.objects.get()
    ours = world.client(atsugi, "head")
    assert "合意を待つもの1件" in text(ours.get(url(atsugi, "place_round", pk)))
    assert ours.post(url(atsugi, "place_agree", pk, agreement.pk)).status_code == 302
    with world.at(atsugi):
        assert PlaceAgreement.objects.get().agreed_at is not None


def test_a_family_is_entered_and_its_points_shown(world):
    places = filled(world)
    atsugi = world.towns[0]
    pk = world.round.pk
    clerk = world.client(atsugi)
    given = {"name": "新井", "address": "中町1", "together": "separate"}
    response = clerk.post(url(atsugi, "place_add_family", pk), given)
    with world.at(atsugi):
        family = PlaceFamily.objects.get(number="0005")
    assert response["Location"] == url(atsugi, "place_add_applicant", pk, family.pk)
    person = {
        "name": "新井 あおい",
        "class_label": "0歳児",
        "wish_1": places["A1"].pk,
        "wish_2": places["Y1"].pk,
        "item-work": "2",
        "item-single": "on",
        "item-sibling": [places["A1"].pk],
    }
    assert clerk.post(url(atsugi, "place_add_applicant", pk, family.pk), person).status_code == 302
    shown = text(clerk.get(url(atsugi, "place_family", pk, family.pk)))
    assert "2 × 10 = 20" in shown
    assert '<td role="cell" class="number" data-label="点数">42</td>' in shown
    assert '<td role="cell" class="number" data-label="点数">32</td>' in shown
    twice = {**person, "wish_2": places["A1"].pk}
    assert "同じ施設が2回" in text(clerk.post(url(atsugi, "place_add_applicant", pk, family.pk), twice))
    with world.at(atsugi):
        applicant = family.applicants.get()
    clerk.post(url(atsugi, "place_withdraw", pk, family.pk, applicant.pk))
    assert "取り下げられています" in text(clerk.get(url(atsugi, "place_family", pk, family.pk)))
    head = world.client(atsugi, "head")
    erased = {"ground": "request", "reference": "", "sure": "on"}
    assert head.post(url(atsugi, "place_erase", pk, family.pk), erased).status_code == 302
    assert "新井" not in text(clerk.get(url(atsugi, "place_family", pk, family.pk)))


def listed(data: bytes, name="申込.csv"):
    return {"file": SimpleUploadedFile(name, data)}


def test_a_list_is_shown_before_it_is_taken(world):
    filled(world)
    atsugi = world.towns[0]
    pk = world.round.pk
    clerk = world.client(atsugi)
    good = (
        "家庭番号,代表者氏名,住所,利用者氏名,区分,2人以上のとき,一部でもよい,希望1,希望2,"
        "保護者の就労,ひとり親の家庭,きょうだいが在園している施設\n"
        "0001,青木,中町,青木 一,０歳児,同じ施設だけ,はい,A1,Y1,３,はい,A1\n"
        "0001,青木,中町,青木 二,1歳児,同じ施設だけ,はい,A1,,3,はい,\n"
        "T1,高木,旭町,高木 花,0歳児,,,A2,,0,いいえ,\n"
    )
    response = clerk.post(url(atsugi, "place_import", pk), listed(good.encode("cp932")))
    assert response["Location"] == url(atsugi, "place_take", pk)
    with world.at(atsugi):
        assert not PlaceFamily.objects.filter(number="T1").exists()
    shown = text(clerk.get(url(atsugi, "place_take", pk)))
    assert "2家庭・3人の申込を取り込みますか" in shown
    assert "新しい家庭が1件、置き換える家庭が1件" in shown
    assert clerk.post(url(atsugi, "place_take", pk)).status_code == 302
    with world.at(atsugi):
        family = PlaceFamily.objects.get(number="0001")
        assert (family.together, family.partly, family.applicants.count()) == ("same", True, 2)
        first = family.applicants.get(ordinal=1)
        assert first.facts == {"work": 3, "single": 1}
        assert list(first.facts_at.values()) == [{"sibling": 1}]
        assert not PlaceUpload.objects.exists()
    exported = rows(clerk.get(url(atsugi, "place_families", pk) + "?format=xlsx"))
    assert exported[1][:9] == ["0001", "青木", "中町", "青木 一", "0歳児", "同じ施設だけ", "はい", "A1", "Y1"]
    back = clerk.get(url(atsugi, "place_families", pk) + "?format=xlsx")
    data = b"".join(back.streaming_content)
    assert clerk.post(url(atsugi, "place_import", pk), listed(data, "申込.xlsx")).status_code == 302


def test_a_list_with_mistakes_says_where_and_takes_nothing(world):
    filled(world)
    atsugi = world.towns[0]
    clerk = world.client(atsugi)
    bad = (
        "家庭番号,代表者氏名,利用者氏名,区分,希望1,保護者の就労\n"
        "T1,高木,高木 花,0歳児,K1,9\nT1,高橋,,9歳児,A1,\n"
    )
    shown = text(clerk.post(url(atsugi, "place_import", world.round.pk), listed(bad.encode())))
    for said in (
        "2行目の「希望1」（「K1」）: この町の人が申し込める施設の番号ではありません。",
        "2行目の「保護者の就労」（「9」）: 入れられる範囲の外です。",
        "3行目の「代表者氏名」（「高橋」）: 同じ家庭番号のほかの行と違います。",
        "3行目の「利用者氏名」: 空欄です。",
        "3行目の「区分」（「9歳児」）: 選べる値ではありません。",
    ):
        assert said in shown
    with world.at(atsugi):
        assert not PlaceFamily.objects.filter(number="T1").exists()
        assert not PlaceUpload.objects.exists()
    form = rows(clerk.get(url(atsugi, "place_form", world.round.pk)))
    assert form[0][:3] == ["家庭番号", "代表者氏名", "住所"]


def test_a_result_is_changed_with_its_reason(world):
    filled(world)
    world.close()
    world.allocate()
    atsugi = world.towns[0]
    with world.at(atsugi):
        offer = PlaceOffer.objects.get(number="142123-0002-1")
    head, clerk = world.client(atsugi, "head"), world.client(atsugi)
    address = url(atsugi, "place_result", world.round.pk, offer.pk)
    assert "第1希望 A1園: あなたの点数は20点で" in text(clerk.get(address))
    change = url(atsugi, "place_change_result", world.round.pk, offer.pk)
    assert clerk.post(change, {"reason": "x"}).status_code == 403
    assert head.post(change, {"facility": "", "reason": "転居する"}).status_code == 302
    shown = text(clerk.get(address))
    assert "転居する" in shown
    assert "待機" in shown


def test_lists_take_a_constant_number_of_queries(world):
    atsugi = world.towns[0]
    place = world.facility(atsugi, "A1", {"0歳児": 1})
    world.tables()
    pages = ("place_families", "place_facilities", "place_demand", "place_results", "place_tables")

    def counted(client):
        found = {}
        for name in (*pages, "place_rounds", "place_agreements"):
            args = () if name == "place_rounds" else (world.round.pk,)
            client.get(url(atsugi, name, *args))
            with CaptureQueriesContext(connection) as captured:
                client.get(url(atsugi, name, *args))
            found[name] = len(captured)
        return found

    client = world.client(atsugi)
    world.family(atsugi, "一", ("0歳児", [place], {"work": 1}, {}))
    before = counted(client)
    for at, name in enumerate(("二", "三"), 2):
        world.family(atsugi, name, ("0歳児", [place], {"work": 1}, {}))
        world.facility(atsugi, f"A{at}", {"0歳児": 1})
    assert counted(client) == before


def test_deadline_today_is_needed_to_close(world):
    filled(world)
    with world.at(world.towns[0]):
        PlaceRound.objects.update(deadline=timezone.localdate() + timezone.timedelta(days=3))
    atsugi = world.towns[0]
    shown = text(world.client(atsugi, "office").post(url(atsugi, "place_close", world.round.pk)))
    assert "になるまで、締め切れません" in shown
