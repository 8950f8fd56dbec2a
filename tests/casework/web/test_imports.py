"""Pages of import and of mappings: what a clerk sees before anything is taken, and who may do what."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import reading
from machi.casework.models import Application, Import, OwnMapping
from tests.base.factories import a_municipality
from tests.casework.desk import LAYOUT_ONLINE, a_mapping, a_procedure, online, signed_in, typed, url, value_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    town = a_municipality()
    a_procedure(town)
    a_mapping(town)
    return town


def sent(data: bytes, name: str = "申請一覧.csv") -> dict[str, object]:
    return {"mapping": "dog.online", "file": SimpleUploadedFile(name, data)}


def test_clerk_sees_what_would_happen_and_then_takes_it(town: Municipality) -> None:
    clerk = signed_in(town)
    page = clerk.post(
        url(town, "imports"), sent(online({}, {"申請番号": "E-2", "電話番号": "12"})), follow=True
    )
    text = page.content.decode()
    assert "2件の申請を取り込めます。まだ取り込んでいません。" in text
    assert "電話番号として正しくありません" in text
    with in_municipality(town):
        one = Import.objects.get()
        assert not Application.objects.exists()
    page = clerk.post(url(town, "import_file", one.pk), {"take": "1"}, follow=True)
    text = page.content.decode()
    assert "2件の申請を取り込みました" in text
    with in_municipality(town):
        reading.run(town)
        first = Application.objects.order_by("number")[0]
        born = value_of(first, "born")
    assert url(town, "application", first.pk) in text
    text = clerk.get(url(town, "application", first.pk)).content.decode()
    assert "2行目「生年月日」: 令和6年5月1日" in text
    assert "申請一覧.csv" in text
    assert "E-1" in text
    assert "確かさ 100%" not in text
    assert "機械が読み取った値です" not in text
    text = clerk.get(url(town, "correct", first.pk), {"field": born.pk}).content.decode()
    assert "2行目「生年月日」: 令和6年5月1日" in text
    assert "ページの場所がありません" not in text


def test_file_with_errors_names_them_and_takes_nothing(town: Municipality) -> None:
    clerk = signed_in(town)
    page = clerk.post(
        url(town, "imports"), sent(online({}, {"申請番号": "E-2", "生年月日": "昨日"})), follow=True
    )
    text = page.content.decode()
    assert "取り込めません。1件も取り込んでいません。" in text
    assert "3行目" in text
    assert "昨日" in text
    assert 'name="take"' not in text
    with in_municipality(town):
        one = Import.objects.get()
    page = clerk.post(url(town, "import_file", one.pk), {"take": "1"}, follow=True)
    assert "取り込める申請はありません" in page.content.decode()
    clerk.post(url(town, "import_file", one.pk), {"discard": "1"})
    with in_municipality(town):
        assert not Import.objects.exists()
        assert not Application.objects.exists()


def test_report_is_taken_away_as_csv_and_excel(town: Municipality) -> None:
    clerk = signed_in(town)
    clerk.post(url(town, "imports"), sent(online({}, {"申請番号": "E-2", "性別": "=1+1"})))
    with in_municipality(town):
        address = url(town, "import_file", Import.objects.get().pk)
    rows = {}
    for kind, encoding in (("csv", "utf-8-sig"), ("csv-cp932", "cp932")):
        data = b"".join(clerk.get(address, {"format": kind}))
        rows[kind] = list(csv.reader(io.StringIO(data.decode(encoding))))
    assert rows["csv"] == rows["csv-cp932"]
    assert rows["csv"] == [
        ["行", "列", "書かれた値", "結果", "説明", "受付番号"],
        ["3", "性別", "'=1+1", "誤り", "選べる値ではありません。選べるもの: おす、めす", ""],
    ]
    book = load_workbook(io.BytesIO(b"".join(clerk.get(address, {"format": "xlsx"}))))
    assert [cell.value for cell in book.worksheets[0][2]][:4] == [3, "性別", "=1+1", "誤り"]


def test_report_of_what_was_taken_has_every_application(town: Municipality) -> None:
    clerk = signed_in(town)
    clerk.post(url(town, "imports"), sent(online({})))
    with in_municipality(town):
        one = Import.objects.get()
    clerk.post(url(town, "import_file", one.pk), {"take": "1"})
    with in_municipality(town):
        number = Application.objects.get().number
    data = b"".join(clerk.get(url(town, "import_file", one.pk), {"format": "csv"})).decode("utf-8-sig")
    assert data.splitlines()[1] == f"2,,,取り込んだ,,{number}"
    listed = b"".join(clerk.get(url(town, "imports"), {"format": "csv"})).decode("utf-8-sig")
    assert "dog.online,取り込み済み,1,1,0,0" in listed
    assert "申請一覧" not in listed


@pytest.mark.parametrize("name", ["imports", "mappings"])
def test_lists_open_and_say_what_to_do_where_nothing_is_there(name: str) -> None:
    town = a_municipality()
    text = signed_in(town).get(url(town, name)).content.decode()
    assert "手続を使い始めると、その手続の形を選べます。" in text


def test_pages_ask_as_often_however_many_rows(town: Municipality) -> None:
    clerk = signed_in(town)
    asked = []
    for count in (1, 8):
        clerk.post(
            url(town, "imports"), sent(online(*({"申請番号": f"{count}-{at}"} for at in range(count))))
        )
        with in_municipality(town):
            one = Import.objects.order_by("-pk")[0]
        clerk.post(url(town, "import_file", one.pk), {"take": "1"})
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert clerk.get(url(town, "import_file", one.pk)).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_other_towns_files_lead_nowhere(town: Municipality) -> None:
    clerk = signed_in(town)
    clerk.post(url(town, "imports"), sent(online({})))
    with in_municipality(town):
        one = Import.objects.get()
    other = a_municipality("332020")
    manager = signed_in(other, Role.MANAGER)
    assert manager.get(url(other, "import_file", one.pk)).status_code == 404
    assert manager.post(url(other, "import_file", one.pk), {"take": "1"}).status_code == 404
    assert manager.get(url(town, "import_file", one.pk)).status_code == 403
    assert manager.get(url(other, "mapping", "dog.online")).status_code == 404
    assert signed_in(town, Role.AUDITOR).get(url(town, "import_file", one.pk)).status_code == 403


def test_auditor_sees_the_row_and_gets_no_file(town: Municipality) -> None:
    clerk = signed_in(town)
    clerk.post(url(town, "imports"), sent(online({})))
    with in_municipality(town):
        one = Import.objects.get()
    clerk.post(url(town, "import_file", one.pk), {"take": "1"})
    with in_municipality(town):
        application = Application.objects.get()
    text = signed_in(town, Role.AUDITOR).get(url(town, "application", application.pk)).content.decode()
    assert "申請一覧.csv" in text
    assert url(town, "import_file", one.pk) not in text


def test_applications_of_other_channels_say_nothing_of_rows(town: Municipality) -> None:
    with in_municipality(town):
        from machi.casework.models import Procedure

        procedure = Procedure.objects.get()
    one = typed(town, procedure)
    assert "行目" not in signed_in(town).get(url(town, "application", one.pk)).content.decode()


def test_manager_registers_replaces_and_withdraws_a_mapping(town: Municipality) -> None:
    manager = signed_in(town, Role.MANAGER)
    changed = json.dumps({**LAYOUT_ONLINE, "title": "新しい形", "encoding": "cp932"}, ensure_ascii=False)
    page = manager.post(url(town, "add_mapping"), {"text": changed})
    assert "「dog.online」はすでにあります" in page.content.decode()
    assert "新しい形" in page.content.decode()  # nothing that was typed is lost
    file = SimpleUploadedFile("m.json", b"\xef\xbb\xbf" + changed.encode())
    page = manager.post(url(town, "add_mapping"), {"file": file, "replace": "on"}, follow=True)
    text = page.content.decode()
    assert "形を登録しました" in text
    assert "Shift_JIS" in text
    with in_municipality(town):
        assert list(OwnMapping.objects.values_list("version", "active")) == [(2, True), (1, False)]
    empty = manager.get(url(town, "mapping", "dog.online"), {"format": "csv"})
    assert b"".join(empty).decode("utf-8-sig").startswith("申請番号,申請日,氏名")
    assert json.loads(
        manager.get(url(town, "mapping", "dog.online"), {"format": "json"}).content
    ) == json.loads(changed)
    manager.post(url(town, "withdraw_mapping", "dog.online"))
    assert manager.get(url(town, "mapping", "dog.online")).status_code == 404
    clerk = signed_in(town)
    assert clerk.post(url(town, "add_mapping"), {"text": changed}).status_code == 403


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "定義（JSON）として読めません"),
        ('{"key": "dog.x", "title": "x", "columns": [{"title": "a"}]}', "「columns.0 (a)」を直してください"),
        (
            '{"key": "cat.x", "title": "x", "columns": [{"title": "a", "field": "name"}]}',
            "「key」を直してください",
        ),
        (
            '{"key": "dog", "title": "x", "columns": [{"title": "a", "field": "name"}]}',
            "「key」を直してください",
        ),
        ('{"key": "dog.x", "title": "x", "columns": [{"title": "a", "field": "tail"}]}', "様式にありません"),
        (
            '{"key": "dog.x", "title": "x", "columns": [{"title": "a", "field": "sex", "codes": {"other": "1"}}]}',
            "選択肢にないもの",
        ),
        ('{"key": "dog.x", "title": "x", "columns": [{"title": "a", "field": "name", "wide": 1}]}', "wide"),
        ("", "どちらか一つ"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told_by_place(town: Municipality, text: str, told: str) -> None:
    page = signed_in(town, Role.MANAGER).post(url(town, "add_mapping"), {"text": text})
    assert told in page.content.decode()
    with in_municipality(town):
        assert OwnMapping.objects.count() == 1


def test_own_mapping_stands_in_the_place_of_machis_until_it_is_withdrawn() -> None:
    from machi.casework.domain import mappings, procedures

    town = a_municipality()
    manager = signed_in(town, Role.MANAGER)
    key = "park-event-permit.cp932"
    with in_municipality(town):
        procedures.adopt(town, "park-event-permit")
        shipped = mappings.offered()[key]
        text = json.dumps({**json.loads(shipped.text), "title": "町の形です"}, ensure_ascii=False)
        mappings.add(town, manager.person, text, replace=True)
        assert mappings.the(key).title == "町の形です"
        assert "町の形です" in manager.get(url(town, "output_applications")).content.decode()
        mappings.withdraw(OwnMapping.objects.get(), manager.person)
        assert mappings.the(key) == shipped.mapping
