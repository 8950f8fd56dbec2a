"""The desk's pages: opened by who may, with what they must show, in a number of queries that does not grow."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from PIL import Image

from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import reading, ruling
from machi.casework.models import Application, CaseForm, FieldThreshold, SourceFile
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import (
    LAYOUT,
    VALUES,
    a_pdf,
    a_procedure,
    a_scan,
    an_excel,
    signed_in,
    taken,
    typed,
    url,
    value_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def test_application_page_shows_values_beside_their_places(town: Municipality) -> None:
    one = taken(town, a_procedure(town), a_pdf())
    clerk = signed_in(town)
    page = clerk.get(url(town, "application", one.pk))
    text = page.content.decode()
    assert "ポチ" in text
    assert "狂犬病予防法" in text
    with in_municipality(town):
        dog = value_of(one, "dog")
    snippet = clerk.get(url(town, "snippet", one.pk, dog.pk))
    assert snippet["Cache-Control"] == "no-store"
    image = Image.open(io.BytesIO(snippet.content))
    assert image.width > image.height  # a strip, not the page
    whole = clerk.get(url(town, "page_image", one.pk, 0))
    assert Image.open(io.BytesIO(whole.content)).height > image.height * 4


def test_value_of_a_sheet_is_shown_with_its_cell_and_a_picture_of_the_cells_around_it(
    town: Municipality,
) -> None:
    one = taken(town, a_procedure(town), an_excel())
    clerk = signed_in(town)
    with in_municipality(town):
        dog = value_of(one, "dog")
    for page in (url(town, "application", one.pk), url(town, "correct", one.pk) + f"?field={dog.pk}"):
        text = clerk.get(page).content.decode()
        assert "「申請書1」シート C6:F6" in text
        assert url(town, "snippet", one.pk, dog.pk) in text
    near = Image.open(io.BytesIO(clerk.get(url(town, "snippet", one.pk, dog.pk)).content))
    wide = Image.open(io.BytesIO(clerk.get(url(town, "snippet", one.pk, dog.pk) + "?wide=1").content))
    whole = Image.open(io.BytesIO(clerk.get(url(town, "page_image", one.pk, 0)).content))
    assert near.height < wide.height < whole.height
    assert (0, 23, 193) in {
        colour for _count, colour in near.getcolors(100_000) or ()
    }  # the value's cell is marked
    assert near.getpixel((2, 2)) == whole.getpixel((2, 2))  # the strips with letters and numbers are there


def test_sample_of_a_form_may_be_a_sheet(town: Municipality) -> None:
    a_procedure(town)
    administrator = signed_in(town, Role.MANAGER)
    with in_municipality(town):
        form = CaseForm.objects.get(key=LAYOUT.key)
    sent = {"sample": SimpleUploadedFile("見本.xlsx", an_excel())}
    text = administrator.post(url(town, "test_form", form.pk), sent).content.decode()
    assert "「申請書1」シート C6:F6" in text
    with in_municipality(town):
        assert Application.objects.count() == 0


def test_what_a_file_hides_is_said_beside_it(town: Municipality) -> None:
    """A picture that calls itself a PDF is opened as what it is."""
    one = taken(town, a_procedure(town), a_scan(), read=False)
    assert "中身は別の種類" in signed_in(town).get(url(town, "application", one.pk)).content.decode()


def test_pictures_are_not_for_others(town: Municipality) -> None:
    one = taken(town, a_procedure(town), a_pdf())
    other = a_municipality("332020")
    with in_municipality(town):
        dog, file = value_of(one, "dog"), SourceFile.objects.get(application=one)
    addresses = [
        url(town, "application", one.pk),
        url(town, "snippet", one.pk, dog.pk),
        url(town, "page_image", one.pk, 0),
        url(town, "source_file", one.pk, file.pk),
    ]
    for client in (signed_in(other, Role.MANAGER), signed_in(town, Role.LEARNER)):
        assert {client.get(address).status_code for address in addresses} == {403}
    # From the other town's own address the number leads nowhere.
    manager = signed_in(other, Role.MANAGER)
    assert manager.get(url(other, "application", one.pk)).status_code == 404
    assert manager.get(url(other, "snippet", one.pk, dog.pk)).status_code == 404
    # Auditors see, and take nothing away.
    auditor = signed_in(town, Role.AUDITOR)
    assert [auditor.get(address).status_code for address in addresses] == [200, 200, 200, 403]
    assert auditor.post(url(town, "approve", one.pk)).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_queue_takes_as_many_queries_for_many(town: Municipality, count: int) -> None:
    procedure = a_procedure(town)
    for number in range(count):
        typed(town, procedure, {**VALUES, "dog": f"犬{number}"})
    clerk = signed_in(town)
    clerk.get(url(town, "applications"))
    with CaptureQueriesContext(
        connection,
    ) as caught:
        page = clerk.get(url(town, "applications"))
    assert page.content.decode().count("犬の登録") >= count
    assert len(caught) <= 22


def test_export_has_no_names(town: Municipality) -> None:
    typed(town, a_procedure(town))
    clerk = signed_in(town)
    answered = clerk.get(url(town, "applications") + "?format=xlsx")
    (sheet,) = load_workbook(io.BytesIO(answered.getvalue())).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 2
    assert not any("山田" in str(cell) for row in rows for cell in row)


def test_upload_takes_the_good_and_names_the_bad(town: Municipality) -> None:
    procedure = a_procedure(town)
    clerk = signed_in(town)
    files = [
        SimpleUploadedFile("よい.pdf", a_pdf()),
        SimpleUploadedFile("同じ.pdf", a_pdf()),
        SimpleUploadedFile("壊れた.pdf", b"%PDF-1.7 nothing"),
        SimpleUploadedFile("危ない.html", b"<html><script>alert(1)</script></html>"),
        SimpleUploadedFile("空.pdf", b""),
    ]
    page = clerk.post(
        url(town, "upload_applications"), {"upload": files, "procedure": procedure.pk}
    ).content.decode()
    assert "1件の申請を受け付けました" in page
    assert "同じ内容のファイルが、すでに登録されています" in page
    assert "壊れている" in page
    assert "スクリプトは受け付けません" in page
    with in_municipality(town):
        assert Application.objects.count() == 1


def test_correcting_goes_from_doubt_to_doubt(town: Municipality) -> None:
    one = taken(town, a_procedure(town, threshold=1.0), a_pdf())
    clerk = signed_in(town)
    address = url(town, "correct", one.pk)
    seen = []
    for _ in range(20):
        page = clerk.get(address)
        if page.status_code == 302:
            break
        shown = page.context["shown"].value
        seen.append(shown.confidence)
        given = page.context["form"].initial["raw"]
        assert clerk.post(f"{address}?field={shown.pk}", {"raw": given}).status_code == 302
    assert seen == sorted(seen)
    with in_municipality(town):
        one.refresh_from_db()
        assert one.doubtful == 0
        assert not one.values.filter(corrected=True).exists()


def test_rule_that_speaks_of_the_field_is_shown_while_correcting_it(town: Municipality) -> None:
    one = typed(town, a_procedure(town), {**VALUES, "vaccinated": ""})
    with in_municipality(town):
        value = value_of(one, "vaccinated")
        other = value_of(one, "dog")
    page = signed_in(town).get(url(town, "correct", one.pk) + f"?field={value.pk}").content.decode()
    assert "予防注射を受けている" in page
    page = signed_in(town).get(url(town, "correct", one.pk) + f"?field={other.pk}").content.decode()
    assert "予防注射を受けている" not in page


def test_empty_fields_are_seen_all_at_once_and_only_those_shown(town: Municipality) -> None:
    one = taken(town, a_procedure(town), a_pdf(phone="", dog="", born=""))
    with in_municipality(town):
        one.values.filter(field__in=["phone", "dog", "born", "name"]).update(confidence=0.5)
        one.doubtful = 4  # as the reading would have counted them
        one.save()
        pks = dict(one.values.values_list("field", "pk"))
    clerk = signed_in(town)
    assert "まとめて確かめる" in clerk.get(url(town, "application", one.pk)).content.decode()
    address = url(town, "look_at_empty", one.pk)
    page = clerk.get(address).content.decode()
    for field in ("phone", "dog", "born"):
        assert url(town, "snippet", one.pk, pks[field]) in page
    # One is left out, and one was filled and not shown here: neither is looked at.
    clerk.post(address, {"field": [pks["phone"], pks["dog"], pks["name"], "x"]})
    with in_municipality(town):
        seen = set(one.values.exclude(looked_at=None).values_list("field", flat=True))
        assert seen == {"phone", "dog"}
    assert signed_in(town, Role.AUDITOR).get(address).status_code == 403


def test_decision_letter_and_status_page(town: Municipality) -> None:
    one = typed(town, a_procedure(town))
    clerk, stranger = signed_in(town), Client()
    assert clerk.post(url(town, "approve", one.pk), {"reason": ""}).status_code == 302
    with in_municipality(town):
        one.refresh_from_db()
        (letter,) = ruling.live_letters(one)
    pdf = clerk.get(url(town, "case_letter", one.pk, letter.pk, "pdf"))
    assert pdf.content.startswith(b"%PDF")
    assert clerk.get(url(town, "case_letter", one.pk, letter.pk, "docx")).content.startswith(b"PK")
    assert clerk.get(url(town, "case_letter", one.pk, letter.pk, "exe")).status_code == 404
    status = url(town, "status", one.token)
    page = stranger.get(status)
    assert page["Cache-Control"] == "no-store"
    assert "審査が終わりました" in page.content.decode()
    assert "承認" not in page.content.decode().replace("承認しない", "")
    for secret in ("山田", "ポチ", VALUES["phone"], VALUES["address"]):
        assert secret not in page.content.decode()
    clerk.post(url(town, "notify", one.pk))
    assert "結果をお知らせしました" in stranger.get(status).content.decode()
    assert stranger.get(url(town, "status", "nothing")).status_code == 404


def test_refusal_shows_the_remedies_and_needs_a_reason(town: Municipality) -> None:
    one = typed(town, a_procedure(town))
    clerk = signed_in(town)
    address = url(town, "refuse", one.pk)
    assert "行政不服審査法" in clerk.get(address).content.decode()
    assert clerk.post(address, {"reason": " "}).status_code == 200
    said = clerk.post(address, {"reason": "登録できない犬のため。"}, follow=True).content.decode()
    assert "通知書ができています" in said
    assert "登録できない犬" in said
    assert clerk.post(url(town, "undo", one.pk), follow=True).status_code == 200
    with in_municipality(town):
        one.refresh_from_db()
        assert one.state == Application.State.REVIEW


def test_every_page_of_the_desk_opens(town: Municipality) -> None:
    """With something on it: an audit, a proposal, a form of each kind."""
    procedure = a_procedure(town, straight_through=True, sampling_share=1.0)
    one = typed(town, procedure)
    manager = signed_in(town, Role.MANAGER)
    with in_municipality(town):
        audit = one.audit
        FieldThreshold.objects.create(
            municipality=town,
            form=LAYOUT.key,
            field="dog",
            label="犬の名前",
            before=0.99,
            value=0.9,
            seen=150,
            wrong=0,
        )
    names = ["applications", "upload_applications", "reading_now", "reading_quality", "workload", "audits"]
    names += ["output_applications", "procedures", "case_forms", "add_form", "apply_list"]
    for name in names:
        assert manager.get(url(town, name)).status_code == 200, name
    assert manager.get(url(town, "audit", audit.pk)).status_code == 200
    done = manager.post(url(town, "audit", audit.pk), {"right": "no", "note": "違う"}, follow=True)
    assert "取り消して審査に戻しました" in done.content.decode()
    assert manager.get(url(town, "procedure", procedure.pk)).status_code == 200
    for name in ("add_files", "choose_procedure", "erase_application", "amend", "approve"):
        assert manager.get(url(town, name, one.pk)).status_code == 200, name
    with in_municipality(town):
        threshold = FieldThreshold.objects.get()
    assert manager.post(url(town, "decide_threshold", threshold.pk, "accept")).status_code == 302
    assert signed_in(town).post(url(town, "decide_threshold", threshold.pk, "decline")).status_code == 403
    for name in ("applications", "reading_quality", "audits", "procedures", "case_forms", "workload"):
        answered = manager.get(url(town, name) + "?format=csv")
        assert answered.getvalue().startswith(b"\xef\xbb\xbf"), name


def test_law_says_of_which_day_its_text_was_held_against(town: Municipality) -> None:
    procedure = a_procedure(town)
    one = typed(town, procedure, {**VALUES, "vaccinated": ""})
    manager = signed_in(town, Role.MANAGER)
    page = url(town, "application", one.pk)
    assert "条文は未確認" in manager.get(page).content.decode()
    confirm = url(town, "confirm_law", procedure.pk)
    assert signed_in(town).get(confirm).status_code == 403
    later = manager.post(confirm, {"name": "狂犬病予防法 第5条", "as_of": "2999-01-01"})
    assert "これからの日は選べません" in later.content.decode()
    assert manager.post(confirm, {"name": "民法 第1条", "as_of": "2026-04-01"}).status_code == 200
    assert manager.post(confirm, {"name": "狂犬病予防法 第5条", "as_of": "2026-04-01"}).status_code == 302
    shown = manager.get(page).content.decode()
    assert "2026年4月1日の条文で確認" in shown
    assert "条文は未確認" not in shown
    settings = manager.get(url(town, "procedure", procedure.pk)).content.decode()
    assert "2026年4月1日" in settings
    assert "未確認" in settings  # 第4条, which nobody has held against its text


def test_queue_shows_and_finds_the_applicant(town: Municipality) -> None:
    procedure = a_procedure(town)
    typed(town, procedure)
    typed(town, procedure, {**VALUES, "name": "髙橋　はな"})
    clerk = signed_in(town)
    found = clerk.get(url(town, "applications") + "?number=山田太郎").content.decode()
    assert "山田" in found
    assert "はな" not in found
    assert (
        "この条件に合う申請はありません"
        in clerk.get(url(town, "applications") + "?number=鈴木").content.decode()
    )


def test_reading_is_stopped_and_resumed_on_the_page(town: Municipality) -> None:
    procedure = a_procedure(town)
    clerk = signed_in(town)
    clerk.post(url(town, "reading_act", "stop"))
    one = taken(town, procedure, a_pdf())
    with in_municipality(town):
        assert one.state == Application.State.RECEIVED
    assert "再開する" in clerk.get(url(town, "applications")).content.decode()
    clerk.post(url(town, "reading_act", "resume"))
    with in_municipality(town):
        assert reading.run(town) == 1


def test_form_is_drawn_saved_as_a_version_and_tried(town: Municipality) -> None:
    a_procedure(town)
    manager = signed_in(town, Role.MANAGER)
    page = manager.get(url(town, "case_forms"))
    assert "犬の登録申請書" in page.content.decode()
    stored = page.context["forms"][0]
    address = url(town, "case_form", stored.pk)
    page = manager.get(address)
    rows = page.context["rows"]
    data = {
        "title": "犬の登録申請書（改）",
        "marks": "犬",
        "f-TOTAL_FORMS": rows.total_form_count(),
        "f-INITIAL_FORMS": rows.initial_form_count(),
    }
    for at, row in enumerate(rows):
        for name, value in row.initial.items():
            if value not in (False, None):
                data[f"f-{at}-{name}"] = value
    at = rows.initial_form_count()
    new = {
        "key": "colour",
        "label": "毛色",
        "kind": "text",
        "note": "例 <b>茶</b>",
        "page": 1,
        "left": 10,
        "top": 80,
        "right": 5,
        "bottom": 85,
    }
    data |= {f"f-{at}-{name}": value for name, value in new.items()}
    assert "右は左より" in manager.post(address, data).content.decode()
    data[f"f-{at}-right"] = 40
    saved = manager.post(address, data)
    assert saved.status_code == 302
    assert "第2版" in manager.get(saved["Location"]).content.decode()
    assert "例 &lt;b&gt;茶&lt;/b&gt;" in Client().get(url(town, "apply", "dog")).content.decode()
    tried = manager.post(
        saved["Location"] + "test/", {"sample": SimpleUploadedFile("見本.pdf", a_pdf())}
    ).content.decode()
    assert "ポチ" in tried
    with in_municipality(town):
        assert not Application.objects.exists()
    assert LAYOUT.key == stored.key
    assert a_person(Role.CLERK, town).has_perm("casework.define_forms", town) is False
