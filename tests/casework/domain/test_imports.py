"""Applications from another system's file: shown before they are taken, all or none, and none twice."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import Workbook

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import daily, erasure, imports, intake, mappings, output, reading
from machi.casework.domain.importing import Preview
from machi.casework.domain.importing_words import Told, kept, unkept
from machi.casework.domain.mappings import the
from machi.casework.models import Application, Import, ImportedRow, OwnMapping, Procedure
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import ONLINE_ROW, a_mapping, a_procedure, online, value_of

pytestmark = pytest.mark.django_db
KEY = "dog.online"


@pytest.fixture
def town() -> Municipality:
    town = a_municipality()
    a_procedure(town)
    a_mapping(town)
    return town


def looked_at(town: Municipality, data: bytes) -> Preview:
    with in_municipality(town):
        return imports.dry_run(KEY, data)


def said(preview: Preview, sort: str) -> list[str]:
    return [str(one) for one in preview.told if one.sort == sort]


def taken(town: Municipality, data: bytes) -> imports.Outcome:
    with in_municipality(town):
        outcome = imports.take(town, KEY, "申請一覧.csv", data, a_person(Role.CLERK, town))
        reading.run(town)
        return outcome


def test_rows_become_applications_that_are_checked_like_any_other(town: Municipality) -> None:
    outcome = taken(town, online({}, {"申請番号": "E-2", "犬の名前": "ハチ", "注射": "×"}))
    assert outcome.taken is not None
    with in_municipality(town):
        first, second = Application.objects.order_by("number")
        assert (first.channel, first.state, first.applicant) == ("import", "review", "山田　太郎")
        assert timezone.localdate(first.received_at) == date(2026, 11, 30)
        assert (first.failed, second.failed) == (0, 1)
        sex, born = value_of(first, "sex"), value_of(first, "born")
        assert (sex.value, born.value, born.engine, born.confidence) == ("male", "2024-05-01", "import", 1.0)
        assert (born.page, born.box) == (None, None)
        row = second.imported
        assert (row.row, row.reference) == (3, "E-2")
        assert json.loads(row.cells)["dog"] == ["犬の名前", "ハチ"]


def test_dry_run_stores_nothing_and_says_what_would_be(town: Municipality) -> None:
    preview = looked_at(town, online({}, {"申請番号": "E-2"}))
    assert (preview.rows, len(preview.fresh), preview.known, preview.wrong) == (2, 2, 0, 0)
    with in_municipality(town):
        assert not Application.objects.exists()
        assert not Import.objects.exists()


def test_wrong_cells_are_told_by_row_column_and_what_stands_there(town: Municipality) -> None:
    preview = looked_at(
        town,
        online(
            {},
            {"申請番号": "E-2", "生年月日": "13月40日"},
            {"申請番号": "E-3", "氏名": "", "性別": "両方"},
            {"申請番号": "E-4", "申請日": "2099-01-01"},
            {"申請番号": "E-1", "犬の名前": "別"},
        ),
    )
    assert said(preview, "error") == [
        "3行目「生年月日」（13月40日）: 形に合いません。正しい形: 2026-11-30",
        "4行目「氏名」: 必要な値が空です。",
        "4行目「性別」（両方）: 選べる値ではありません。選べるもの: おす、めす",
        "5行目「申請日」（2099-01-01）: 受付日が、今日より後です。",
        "6行目「申請番号」（E-1）: 2行目と番号が同じで、内容が違います。どちらかを直してください。",
    ]
    assert (preview.wrong, [one.row for one in preview.fresh]) == (4, [2])
    assert taken(town, online({}, {"申請番号": "E-2", "氏名": ""})).taken is None
    with in_municipality(town):
        assert not Application.objects.exists()


def test_what_a_person_will_have_to_look_at_is_said_before(town: Municipality) -> None:
    preview = looked_at(town, online({"電話番号": "12"}))
    assert preview.errors == []
    assert said(preview, "warning") == [
        "2行目「電話番号」（12）: 電話番号として正しくありません。取り込むと、確かめる欄になります。"
    ]


def test_same_row_is_known_again_by_its_number(town: Municipality) -> None:
    taken(town, online({}))
    again = looked_at(town, online({}, {"申請番号": "E-2"}, {"申請番号": "E-2"}))
    with in_municipality(town):
        number = Application.objects.get().number
    assert (len(again.fresh), again.known) == (1, 2)
    assert said(again, "known") == [
        f"2行目「申請番号」（E-1）: すでに取り込んであります。 {number}",
        "4行目「申請番号」（E-2）: 3行目と同じ行です。一度だけ取り込みます。",
    ]
    changed = looked_at(town, online({"犬の名前": "クロ"}))
    assert (len(changed.fresh), changed.known, len(said(changed, "warning"))) == (0, 1, 1)
    assert taken(town, online({})).taken is None


def test_rows_without_a_number_are_known_by_what_stands_in_them(town: Municipality) -> None:
    from tests.casework.desk import LAYOUT_ONLINE

    a_mapping(town, columns=LAYOUT_ONLINE["columns"][1:])
    data = online({}, {"犬の名前": "ハチ"})
    assert taken(town, data).taken is not None
    assert looked_at(town, data).known == 2


def test_another_towns_rows_are_not_known_here(town: Municipality) -> None:
    taken(town, online({}))
    other = a_municipality("332020")
    a_procedure(other)
    a_mapping(other)
    assert len(looked_at(other, online({})).fresh) == 1


def test_excel_with_merged_cells_full_width_figures_and_eras(town: Municipality) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["電子申請の一覧"])
    sheet.append(list(ONLINE_ROW))
    for number, dog in (("Ｅ－１", "ポチ"), ("E-2", "ハチ")):
        sheet.append(
            list({**ONLINE_ROW, "申請番号": number, "犬の名前": dog, "生年月日": "令和６年５月１日"}.values())
        )
    sheet.merge_cells("C3:C4")
    sheet["B3"] = date(2026, 11, 29)
    file = io.BytesIO()
    book.save(file)
    taken(town, file.getvalue())
    with in_municipality(town):
        first, second = Application.objects.order_by("number")
        assert [value_of(one, "born").value for one in (first, second)] == ["2024-05-01"] * 2
        assert [one.applicant for one in (first, second)] == ["山田　太郎"] * 2
        assert timezone.localdate(first.received_at) == date(2026, 11, 29)
        assert (first.imported.row, second.imported.row) == (3, 4)
    # The same number typed otherwise, in another kind of file, is the same.
    assert looked_at(town, online({"申請日": "2026-11-29"})).known == 1


def test_too_many_rows_are_told_before_any_is_looked_at(town: Municipality) -> None:
    preview = looked_at(town, online(*({"申請番号": f"E-{at}"} for at in range(3_001))))
    assert (said(preview, "error"), preview.fresh) == (["多すぎます（3000行まで）。"], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_whatever_encoding_the_file_has(town: Municipality, encoding: str) -> None:
    taken(town, online({"犬の名前": "太郎①"}, encoding=encoding))
    with in_municipality(town):
        assert value_of(Application.objects.get(), "dog").value == "太郎①"


def test_file_waits_until_a_person_says_so(town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    with in_municipality(town):
        one = imports.hand_in(town, KEY, "a.csv", online({}, {"申請番号": "E-2", "電話番号": "12"}), clerk)
        assert (one.state, one.rows, one.fresh) == ("waiting", 2, 2)
        assert not Application.objects.exists()
        assert [told.text for told in unkept(one.report)] == ["12"]
        one = imports.confirm(one, clerk)
        assert (one.state, one.data) == ("taken", None)
        assert Application.objects.count() == 2
        assert [told.text for told in unkept(one.report)] == [""]
        with pytest.raises(Refused, match="もう取り込んだ"):
            imports.confirm(one, clerk)


def test_what_changed_meanwhile_is_not_taken_unseen(town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    with in_municipality(town):
        one = imports.hand_in(town, KEY, "a.csv", online({}, {"申請番号": "E-2"}), clerk)
    taken(town, online({}))
    with in_municipality(town):
        one = imports.confirm(one, clerk)
        assert (one.state, one.overtaken, one.fresh, one.known) == ("waiting", True, 1, 1)
        assert Application.objects.count() == 1
        assert imports.confirm(one, clerk).state == "taken"
        assert Application.objects.count() == 2


def test_mapping_withdrawn_meanwhile_stops_the_taking(town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    with in_municipality(town):
        one = imports.hand_in(town, KEY, "a.csv", online({}), clerk)
        mappings.withdraw(OwnMapping.objects.get(), clerk)
        one = imports.confirm(one, clerk)
        assert (one.state, one.overtaken, one.wrong) == ("waiting", True, 1)
        assert [str(told) for told in unkept(one.report)] == ["この形か手続は、いま使われていません。"]
        assert not Application.objects.exists()


def test_what_fails_while_it_is_stored_leaves_nothing_and_can_be_taken_again(town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    with in_municipality(town):
        one = imports.hand_in(town, KEY, "a.csv", online({}, {"申請番号": "E-2"}), clerk)
        taken_number = intake.take_values(town, one.procedure, {}, channel=Application.Channel.API)
        Application.objects.filter(pk=taken_number.pk).update(number="2026-000x")  # no number can follow it
        with pytest.raises(ValueError, match="invalid literal"):
            imports.confirm(one, clerk)
        Application.objects.filter(pk=taken_number.pk).update(number="2026-000001")
        one.refresh_from_db()
        assert (one.state, one.overtaken, Application.objects.count()) == ("waiting", True, 1)
        assert imports.confirm(one, clerk).state == "taken"
        assert Application.objects.count() == 3


def test_files_of_a_procedure_that_takes_nothing_stay_where_they_are(town: Municipality) -> None:
    with in_municipality(town):
        folder = imports.drop_folder(town) / KEY
        folder.mkdir(parents=True)
        (folder / "good.csv").write_bytes(online({}))
        Procedure.objects.update(active=False)
        daily.each_day(town)
        assert (folder / "good.csv").exists()
        with pytest.raises(Refused, match="いま受け付けていません"):
            imports.dry_run(KEY, online({}))


def test_of_very_many_problems_the_first_are_kept_and_the_others_counted() -> None:
    told = [Told("error", row, "a", "empty-required") for row in range(5_003)]
    found = unkept(kept(told))
    assert (len(found), str(found[-1])[:7]) == (5_001, "ほかに3件あり")


def test_file_with_an_error_cannot_be_confirmed(town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    with in_municipality(town):
        one = imports.hand_in(town, KEY, "a.csv", online({"氏名": ""}), clerk)
        with pytest.raises(Refused, match="取り込める申請はありません"):
            imports.confirm(one, clerk)
        imports.discard(one)
        assert not Import.objects.exists()


def test_long_file_is_looked_at_and_taken_in_the_background(town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    rows = [{"申請番号": f"E-{at}", "住所": "神奈川県厚木市中町三丁目17番17号" * 40} for at in range(60)]
    with in_municipality(town):
        one = imports.hand_in(town, KEY, "a.csv", online(*rows), clerk)
        assert one.state == "looking"
    imports.run(town, one.pk)
    with in_municipality(town):
        one.refresh_from_db()
        assert (one.state, one.fresh) == ("waiting", 60)
        one = imports.confirm(one, clerk)
        assert one.state == "taking"
    imports.run(town, one.pk)
    imports.run(town, one.pk)  # begun again: nothing twice
    with in_municipality(town):
        assert Application.objects.count() == 60
        assert len(set(Application.objects.values_list("number", flat=True))) == 60


def test_ledger_has_the_file_and_each_application_and_no_name(town: Municipality) -> None:
    outcome = taken(town, online({}))
    assert outcome.taken is not None
    with in_municipality(town):
        application = Application.objects.get()
        entry = LedgerEntry.objects.get(subject=f"import:{outcome.taken.pk}")
        body = json.loads(entry.body)
        assert body["outputs"] == {"action": "import", "mapping": KEY, "rows": 1, "taken": 1, "known": 0}
        assert ledger.matches(entry, "sha256", outcome.taken.sha256)
        received = LedgerEntry.objects.get(
            subject=f"application:{application.pk}", system="casework.applications"
        )
        assert json.loads(received.body)["outputs"]["row"] == 2
        assert not any("山田" in one.body for one in LedgerEntry.objects.all())
    assert ledger.verify(town) == []


def test_erasing_forgets_the_row(town: Municipality) -> None:
    taken(town, online({}))
    with in_municipality(town):
        erasure.erase_application(town, Application.objects.get().pk, ground="request")
        assert not ImportedRow.objects.exists()


def test_decisions_of_others_are_not_taken(town: Municipality) -> None:
    columns = [
        {"title": "番号", "field": "@reference"},
        {"title": "氏名", "field": "name"},
        {"title": "結果", "field": "@outcome"},
    ]
    a_mapping(town, columns=columns)
    with in_municipality(town):
        outcome = imports.take(town, KEY, "a.csv", "番号,氏名,結果\n1,山田 太郎,不許可\n".encode(), None)
        assert said(outcome.preview, "warning") == [
            "「結果」: この列は取り込みません。決めるのは、ここの職員です。",
            "必須なのに、ファイルに列がない欄があります。空のまま取り込みます: 住所",
        ]
        reading.run(town)
        assert (Application.objects.get().state, Application.objects.get().outcome) == ("review", "")


def test_other_systems_number_goes_back_with_the_decision(town: Municipality) -> None:
    taken(town, online({}))
    with in_municipality(town):
        Application.objects.update(outcome="approved", decided_at=timezone.now())
        today = timezone.localdate()
        written = output.dry_run(the(KEY), today, today)
        assert written.report.errors == ()
        assert "E-1,2026-11-30,山田　太郎" in written.data.decode("utf-8-sig")


def test_dropped_files_are_taken_and_wrong_ones_told_beside_them(town: Municipality) -> None:
    with in_municipality(town):
        folder: Path = imports.drop_folder(town) / KEY
        folder.mkdir(parents=True)
        (folder / "good.csv").write_bytes(online({}))
        (folder / "bad.csv").write_bytes(online({"申請番号": "E-2", "氏名": ""}))
        daily.each_day(town)
        assert Application.objects.count() == 1
        assert (folder / "done/good.csv").exists()
        told = (folder / "refused/bad.csv.txt").read_text("utf-8-sig")
        assert told == "2行目「氏名」: 必要な値が空です。\n"


def test_what_nobody_took_is_forgotten_after_a_day(town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    with in_municipality(town):
        one = imports.hand_in(town, KEY, "a.csv", online({}), clerk)
        imports.forget_old(timezone.now() + timedelta(hours=23))
        assert Import.objects.exists()
        imports.forget_old(timezone.now() + timedelta(hours=25))
        assert not Import.objects.exists()
        with pytest.raises(Import.DoesNotExist):
            imports.confirm(one, clerk)
