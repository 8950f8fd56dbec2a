"""A town's facilities from Excel and CSV as offices save them: shown first, taken as a whole, or told what is wrong."""

import io
import json
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from machi.base.models import LedgerEntry, Role
from machi.base.scoping import in_municipality
from machi.joint.cli.places import places as commands
from machi.joint.domain import places_facilities_import as verbs
from machi.joint.models import PlaceFacility
from tests.base.factories import a_person
from tests.joint.factories import client_of, url
from tests.joint.place_rounds import World

pytestmark = pytest.mark.django_db
GOOD = (
    "あつぎ市の施設一覧,,,,,,\n"
    "施設番号（必須）,施設名※必須,地区,０歳児,1歳児,融通できる枠,融通できる区分,ほかの町の人\n"
    "Ａ１,中央保育園,中央,６,１２,0,,合意による\n"
    "A2,ひがし園,東,,3,２,0歳児、1歳児,受け入れない\n"
)


@pytest.fixture
def world():
    return World()


def listed(data: bytes, name: str = "施設.csv") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data)}


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def payload(page: str) -> str:
    return page.split('name="payload" value="')[1].split('"')[0]


def facilities(world, town) -> dict[str, PlaceFacility]:
    with world.at(town):
        return {one.code: one for one in PlaceFacility.objects.filter(town=town)}


@pytest.mark.parametrize(
    "data", [GOOD.encode("cp932"), GOOD.encode("utf-8-sig"), GOOD.replace(",", "\t").encode()]
)
def test_a_list_is_shown_before_it_is_taken(world, data):
    atsugi = world.towns[0]
    kept = world.facility(atsugi, "A2", {"0歳児": 9})
    world.facility(atsugi, "A9", {"0歳児": 1})
    clerk = world.client(atsugi)
    pk = world.round.pk
    page = text(clerk.post(url(atsugi, "place_import_facilities", pk), listed(data)))
    assert "新しい施設が1件、直す施設が1件です" in page
    assert "中央保育園" in page
    assert facilities(world, atsugi)["A2"].name == "A2園"  # nothing yet
    taken = clerk.post(url(atsugi, "place_take_facilities", pk), {"payload": payload(page)})
    assert taken["Location"] == url(atsugi, "place_facilities", pk)
    found = facilities(world, atsugi)
    assert set(found) == {"A1", "A2", "A9"}  # what is not in the list stays
    assert found["A1"].seats == {"0歳児": 6, "1歳児": 12}
    assert (found["A1"].area, found["A1"].own_only, found["A1"].flexible) == ("中央", False, 0)
    assert found["A2"].pk == kept.pk
    assert found["A2"].seats == {"1歳児": 3}
    assert (found["A2"].flexible, found["A2"].shared, found["A2"].own_only) == (2, ["0歳児", "1歳児"], True)
    with in_municipality(atsugi):
        told = json.loads(LedgerEntry.objects.order_by("-index")[0].body)["outputs"]
    assert told["action"] == "import_facilities"
    assert [one["code"] for one in told["facilities"]] == ["A1", "A2"]
    assert told["changed"] == 1
    assert "施設を一覧から取り込んだ" in text(clerk.get(url(atsugi, "place_round", pk)))


def test_merged_cells_of_a_workbook_count_for_every_row_they_cover(world):
    atsugi = world.towns[0]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["施設番号", "施設名", "地区", "0歳児", "1歳児"])
    sheet.append([101, "中央保育園", "中央", 3, None])
    sheet.append([102, "中央第二保育園", None, "４人", 5.0])
    sheet.merge_cells("C2:C3")
    out = io.BytesIO()
    book.save(out)
    with world.at(atsugi):
        found = verbs.preview(world.round, atsugi, out.getvalue())
    assert found.problems == []
    assert [(one.code, one.area, one.seats) for one in found.facilities] == [
        ("101", "中央", {"0歳児": 3}),
        ("102", "中央", {"0歳児": 4, "1歳児": 5}),
    ]


def test_weeks_of_short_stay_may_be_headed_by_the_era():
    world = World(kind="short_stay")
    atsugi = world.towns[0]
    first, second = world.round.classes[:2]
    assert first == "2099年4月1日から7日間"
    week = "令和81年4月1日から7日間"
    data = f"施設番号,施設名,{week},{second},融通できる枠,融通できる区分\nS1,やすらぎ荘,2,1,1,{week}\n"
    with world.at(atsugi):
        found = verbs.preview(world.round, atsugi, data.encode())
    assert found.problems == []
    assert found.facilities[0].seats == {first: 2, second: 1}
    assert found.facilities[0].shared == [first]


def test_classes_with_a_middle_dot_are_not_taken_apart():
    world = World(kind="elderly")
    label = world.round.classes[1]
    assert "・" in label
    data = f"施設番号,施設名,融通できる枠,融通できる区分\nE1,せせらぎ苑,2,{label}\n"
    with world.at(world.towns[0]):
        assert verbs.preview(world.round, world.towns[0], data.encode()).facilities[0].shared == [label]


def test_every_mistake_is_told_by_row_and_column_and_nothing_is_taken(world):
    atsugi, yaizu, _kurashiki = world.towns
    world.facility(yaizu, "Y1", {"0歳児": 1})
    bad = (
        "自治体,施設番号,施設名,0歳児,1歳児,融通できる枠,融通できる区分,ほかの町の人\n"
        "厚木市,A1,,3,,,,\n"
        "焼津市,A2,港保育園,1,,,,\n"
        "142123,Y1,北保育園,1,,,,\n"
        "厚木市,A3,南保育園,三人,1000,,,\n"
        "厚木市,A4,西保育園,1,,2,,半分\n"
        "厚木市,A4,東保育園,,,,9歳児,\n"
    )
    clerk = world.client(atsugi)
    page = text(clerk.post(url(atsugi, "place_import_facilities", world.round.pk), listed(bad.encode())))
    for said in (
        "2行目の「施設名」: 空欄です。",
        "3行目の「自治体」（「焼津市」）: ほかの町の施設です。",
        "4行目の「施設番号」（「Y1」）: ほかの町が使っている施設番号です。",
        "5行目の「0歳児」（「三人」）: 数として読めません。",
        "5行目の「1歳児」（「1000」）: 入れられる範囲の外です。",
        "6行目の「融通できる区分」: 融通できる枠があるときは",
        "6行目の「ほかの町の人」（「半分」）: 選べる値ではありません。",
        "7行目の「施設番号」（「A4」）: 同じものが2回あります。",
        "7行目の「融通できる区分」（「9歳児」）: 選べる値ではありません。",
        "7行目の「施設名」（「東保育園」）: 枠を1つは入れてください。",
    ):
        assert said in page, said
    assert facilities(world, atsugi) == {}


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"PK\x03\x04broken", "品目,数量\n机,1\n".encode()])
def test_a_file_that_is_no_such_list_is_told(world, data):
    with world.at(world.towns[0]):
        found = verbs.preview(world.round, world.towns[0], data)
    assert found.problems
    assert not found.facilities


@pytest.mark.parametrize("kind", ["xlsx", "csv", "csv-cp932"])
def test_the_form_holds_what_is_there_and_is_read_again(world, kind):
    atsugi = world.towns[0]
    world.facility(atsugi, "A1", {"0歳児": 2, "5歳児": 7}, area="中央", flexible=3, shared=["3歳児", "4歳児"])
    world.facility(atsugi, "A2", {"1歳児": 1}, own_only=True)
    clerk = world.client(atsugi)
    response = clerk.get(url(atsugi, "place_facility_form", world.round.pk), {"format": kind})
    data = b"".join(response.streaming_content)
    with world.at(atsugi):
        found = verbs.preview(world.round, atsugi, data)
        assert found.problems == []
        assert found.changed == {"A1", "A2"}
        before = list(PlaceFacility.objects.filter(town=atsugi).values())
        verbs.take(world.round, atsugi, world.clerks[atsugi.pk], found.facilities)
        assert list(PlaceFacility.objects.filter(town=atsugi).values()) == before


def test_the_export_of_all_towns_is_refused_for_the_rows_of_others(world):
    atsugi, yaizu, _kurashiki = world.towns
    world.facility(atsugi, "A1", {"0歳児": 2})
    world.facility(yaizu, "Y1", {"0歳児": 2})
    response = world.client(atsugi).get(url(atsugi, "place_facilities", world.round.pk) + "?format=csv")
    with world.at(atsugi):
        found = verbs.preview(world.round, atsugi, b"".join(response.streaming_content))
    assert [(one.code, one.row) for one in found.problems] == [("other_town", 3), ("taken", 3)]


def test_who_may_not_enter_may_not_import(world):
    atsugi, yaizu, _kurashiki = world.towns
    pk = world.round.pk
    for client, town in (
        (world.client(atsugi, "office"), atsugi),
        (client_of(a_person(Role.AUDITOR, atsugi)), atsugi),
        (world.client(yaizu), atsugi),
    ):
        for name in ("place_import_facilities", "place_facility_form", "place_take_facilities"):
            assert client.get(url(town, name, pk)).status_code == 403
            assert client.post(url(town, name, pk), listed(GOOD.encode())).status_code == 403


def test_what_was_shown_to_one_town_is_not_taken_by_another_nor_changed_on_the_way(world):
    atsugi, yaizu, _kurashiki = world.towns
    page = text(
        world.client(atsugi).post(
            url(atsugi, "place_import_facilities", world.round.pk), listed(GOOD.encode())
        )
    )
    sent = payload(page)
    for town, given in ((yaizu, sent), (atsugi, sent[:-3] + "xyz")):
        refused = world.client(town).post(
            url(town, "place_take_facilities", world.round.pk), {"payload": given}
        )
        assert "ファイルをもう一度選んでください" in text(refused)
    assert facilities(world, atsugi) == facilities(world, yaizu) == {}


def test_nothing_is_taken_once_the_round_is_closed(world):
    atsugi = world.towns[0]
    world.facility(atsugi, "A9", {"0歳児": 1})
    world.tables()
    clerk = world.client(atsugi)
    page = text(clerk.post(url(atsugi, "place_import_facilities", world.round.pk), listed(GOOD.encode())))
    world.close()
    refused = clerk.post(url(atsugi, "place_take_facilities", world.round.pk), {"payload": payload(page)})
    assert "受付は終わっています" in text(refused)
    assert set(facilities(world, atsugi)) == {"A9"}


def test_from_the_command_line(world, tmp_path):
    atsugi = world.towns[0]
    file = tmp_path / "施設.csv"
    file.write_bytes(GOOD.encode("cp932"))
    command = ["import-facilities", str(world.round.pk), str(file), "-m", atsugi.pk]
    by = ["--by", world.clerks[atsugi.pk].email]
    dry = CliRunner().invoke(commands, [*command, *by, "--dry-run"])
    assert dry.output == "2 facilities, 0 of them changed (not taken)\n"
    assert facilities(world, atsugi) == {}
    assert CliRunner().invoke(commands, [*command, *by]).output == "2 facilities, 0 of them changed\n"
    assert set(facilities(world, atsugi)) == {"A1", "A2"}
    file.write_text("施設番号,施設名,0歳児\nA1,,x\n")
    wrong = CliRunner().invoke(commands, [*command, *by])
    assert wrong.exit_code != 0
    assert "2行目の「施設名」" in wrong.output
    assert "2行目の「0歳児」" in wrong.output
