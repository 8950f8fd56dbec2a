"""The pages of drafting: who may see them, lists, forms, citations that open the place, files, versions."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import drafting, drafting_edit
from machi.casework.engine.draft_pieces import as_text
from machi.casework.engine.draft_templates import shipped_text
from machi.casework.models import Draft, DraftTemplate, GivenText
from machi.frontdesk.models import Document
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import url
from tests.casework.drafts import MEETING, NOTICE, a_notice, a_town_with_documents, some_minutes
from tests.frontdesk.factories import signed_in
from tests.frontdesk.web.staff import lines, queries, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_town_with_documents()


@pytest.fixture
def client(town):
    return signed_in(town)


def fields(**changes: str) -> dict[str, str]:
    return {f"f_{name}": value for name, value in {**NOTICE, **changes}.items()}


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.CLERK, True),
        (Role.MANAGER, True),
        (Role.AUDITOR, False),
        (Role.AI_OFFICER, False),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_only_clerks_and_managers_of_the_town_draft(town, role, may):
    client = signed_in(town, role)
    draft = a_notice(town, a_person(Role.CLERK, town))
    pages = [
        url(town, name) for name in ("drafts", "new_draft", "new_summary", "new_minutes", "draft_templates")
    ]
    pages += [url(town, name, draft.pk) for name in ("draft", "edit_draft", "confirm_draft")]
    pages += [url(town, "draft_file", draft.pk, "md"), url(town, "new_draft_of", "letter-reply")]
    for page in pages:
        assert client.get(page).status_code == (200 if may else 403), page
    for page in (url(town, "add_draft_template"), url(town, "erase_draft", draft.pk)):
        assert client.get(page).status_code == (200 if role == Role.MANAGER else 403), page


def test_another_towns_draft_and_text_are_not_there(town, client):
    other = a_municipality("332020")
    stranger = a_person(Role.CLERK, other)
    foreign = some_minutes(other, stranger)
    for page in (
        url(town, "draft", foreign.pk),
        url(town, "draft_file", foreign.pk, "docx"),
        url(town, "given_text", foreign.given_id),
        url(town, "draft_version", foreign.pk, 1),
    ):
        assert client.get(page).status_code == 404, page
    assert client.get(url(other, "drafts")).status_code == 403
    assert (
        client.post(url(town, "confirm_draft", foreign.pk), {"number": 1, "read_checked": "on"}).status_code
        == 404
    )
    assert Client().get(url(town, "drafts")).status_code == 302


def test_the_list_takes_as_many_queries_for_three_as_for_one_and_exports(town, client):
    assert "まだ何も作られていません" in text(client.get(url(town, "drafts")))
    a_notice(town, client.person)
    one = queries(client, url(town, "drafts"))
    for _ in range(2):
        some_minutes(town, client.person)
    assert queries(client, url(town, "drafts")) == one
    rows = lines(client.get(url(town, "drafts"), {"format": "csv", "work": "minutes"}))
    assert [row[1:4] for row in rows[1:]] == [["会議の記録", "警備会議", "未確認"]] * 2
    assert "この条件に合うものはありません" in text(client.get(url(town, "drafts"), {"work": "summary"}))


def test_a_draft_is_made_from_the_form_and_each_sentence_opens_its_place(town, client):
    response = client.post(url(town, "new_draft_of", "notice-change"), fields())
    with in_municipality(town):
        draft = Draft.objects.get()
        document = Document.objects.get()
    assert response.url == url(town, "draft", draft.pk)
    page = text(client.get(response.url))
    assert "職員の確認前" in page
    start = document.text.index("手数料は1点")
    end = start + len("手数料は1点500円です。")
    address = f"{reverse('frontdesk:document', args=[town.code, document.pk])}?start={start}&end={end}"
    assert f"{address}#cited".replace("&", "&amp;") in page
    assert '<mark id="cited">手数料は1点500円です。</mark>' in text(client.get(address))


def test_a_form_that_lacks_a_field_keeps_what_was_typed(town, client):
    page = text(
        client.post(url(town, "new_draft_of", "notice-change"), fields(contact="", to="町民の皆様へ"))
    )
    assert "町民の皆様へ" in page
    assert "入力内容を確認してください" in page
    assert client.get(url(town, "new_draft_of", "nothing")).status_code == 404


def test_personal_information_is_asked_about_first(town, client):
    given = fields(point="粗大ごみの手数料 090-1234-5678")
    page = text(client.post(url(town, "new_draft_of", "notice-change"), given))
    assert "電話番号 1" in page
    assert 'name="personal_checked"' in page
    response = client.post(url(town, "new_draft_of", "notice-change"), {**given, "personal_checked": "on"})
    assert response.status_code == 302


def test_minutes_from_a_file_and_the_line_they_cite(town, client):
    file = SimpleUploadedFile("kaigi.txt", MEETING.encode())
    response = client.post(
        url(town, "new_minutes"), {"title": "警備会議", "held_on": "2026-05-12", "file": file}
    )
    page = text(client.get(response.url))
    assert "【佐藤係長／5月20日＝2026-05-20】" in page
    with in_municipality(town):
        given = GivenText.objects.get()
    start = MEETING.index("警備員は26人")
    shown = text(client.get(url(town, "given_text", given.pk), {"start": start, "end": start + 6}))
    assert '<dt>2</dt><dd>山本課長：<mark id="cited">警備員は26</mark>' in shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"title": "会議", "held_on": "2026-05-12"}, "一つだけ"),
        ({"title": "会議", "held_on": "2026-05-12", "text": MEETING, "file": "both"}, "一つだけ"),
        ({"title": "会議", "held_on": "きのう", "text": MEETING}, "会議の日"),
    ],
)
def test_minutes_need_one_text_and_a_day(town, client, given, told):
    if given.get("file"):
        given = {**given, "file": SimpleUploadedFile("a.txt", MEETING.encode())}
    page = text(client.post(url(town, "new_minutes"), given))
    assert told in page
    with in_municipality(town):
        assert GivenText.objects.count() == 0


def test_a_file_that_cannot_be_read_leaves_nothing(town, client):
    file = SimpleUploadedFile("kaigi.docx", b"PK\x03\x04 broken")
    page = text(
        client.post(url(town, "new_minutes"), {"title": "会議", "held_on": "2026-05-12", "file": file})
    )
    assert "読めませんでした" in page
    with in_municipality(town):
        assert (GivenText.objects.count(), Draft.objects.count()) == (0, 0)


def test_a_registered_document_is_found_and_summarised(town, client):
    page = text(client.get(url(town, "new_summary"), {"q": "粗大ごみ"}))
    with in_municipality(town):
        document = Document.objects.get()
    assert f'value="{document.pk}"' in page
    response = client.post(url(town, "new_summary"), {"document": document.pk, "length": "long"})
    assert "だれが・いつまでに・何をするか" in text(client.get(response.url))
    foreign = client.post(url(town, "new_summary"), {"document": 999_999, "length": "long"})
    assert foreign.status_code == 200


def test_editing_confirming_and_the_files(town, client):
    draft = a_notice(town, client.person)
    with in_municipality(town):
        words = as_text(drafting_edit.body(draft).pieces)
    edit = url(town, "edit_draft", draft.pk)
    assert "手数料は1点500円です。" in text(client.get(edit))
    client.post(edit, {"text": words + "\n来年も続けます。", "number": 1})
    assert "出典なし" in text(client.get(url(town, "draft", draft.pk)))
    late = text(client.post(edit, {"text": words, "number": 1}))
    assert "ほかの人が先に書きかえました" in late
    confirm = url(town, "confirm_draft", draft.pk)
    assert "確かめたことを示してください" in text(client.post(confirm, {"number": 2, "read_checked": "on"}))
    client.post(confirm, {"number": 2, "read_checked": "on", "unsourced_checked": "on"})
    page = text(client.get(url(town, "draft", draft.pk)))
    assert "AIが作成した下書き・職員の確認前" not in page
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("md", "# 粗大ごみ".encode())):
        answer = client.get(url(town, "draft_file", draft.pk, kind))
        assert answer.content.startswith(begins)
        assert "attachment" in answer["Content-Disposition"]
    assert client.get(url(town, "draft_file", draft.pk, "exe")).status_code == 404
    with in_municipality(town):
        told = LedgerEntry.objects.filter(subject=f"draft:{draft.pk}").latest("index")
        assert '"action":"exported"' in told.body
    assert "第1版" in text(client.get(url(town, "draft_version", draft.pk, 1)))
    client.post(url(town, "restore_draft", draft.pk, 1))
    assert "来年も続けます。" not in text(client.get(url(town, "draft", draft.pk)))


def test_a_draft_that_waits_shows_that_it_does_and_has_no_files(town, client):
    draft = some_minutes(town, client.person, MEETING + "山本課長：続けます。\n" * 5_000)
    page = text(client.get(url(town, "draft", draft.pk)))
    assert "順番を待っています" in page
    assert client.get(url(town, "draft_file", draft.pk, "pdf")).status_code == 404
    address, asks = url(town, "draft", draft.pk), {"HX-Request": "true"}
    assert 'hx-trigger="every 3s"' in text(client.get(address, headers=asks))
    with in_municipality(town):
        drafting.extract(Draft.objects.select_related("given").get(), client.person)
    assert client.get(address, headers=asks)["HX-Refresh"] == "true"
    assert "決まったこと" in text(client.get(address))


def test_a_draft_takes_as_many_queries_however_many_versions_and_sources_it_has(town, client):
    draft = a_notice(town, client.person)
    address = url(town, "draft", draft.pk)
    one = queries(client, address)
    with in_municipality(town):
        words = as_text(drafting_edit.body(draft).pieces)
        for number in (1, 2):
            drafting_edit.edit(draft, client.person, words + f"\n{number}つ目の文です。", number)
    # Two more entries of the ledger and versions, by the same person: one query more, for who did it, at most.
    assert queries(client, address) <= one + 1


def test_a_town_writes_its_own_template(town):
    client = signed_in(town, Role.MANAGER)
    own = shipped_text("letter-reply").replace('"version": "1"', '"version": "町1"')
    assert "letter-reply" in text(client.get(url(town, "add_draft_template")))
    client.post(url(town, "add_draft_template"), {"text": own})
    assert "町のひな型" in text(client.get(url(town, "draft_templates")))
    assert lines(client.get(url(town, "draft_templates"), {"format": "csv"}))[1][3] == "町1"
    wrong = text(client.post(url(town, "add_draft_template"), {"text": own.replace("{matter}", "{x}")}))
    assert "という欄はありません" in wrong
    client.post(url(town, "withdraw_draft_template", "letter-reply"))
    with in_municipality(town):
        assert not DraftTemplate.objects.get().active


def test_erasing_asks_why_and_takes_all(town, client):
    draft = some_minutes(town, client.person)
    page = url(town, "erase_draft", draft.pk)
    assert page not in text(client.get(url(town, "draft", draft.pk)))
    manager = signed_in(town, Role.MANAGER)
    assert page in text(manager.get(url(town, "draft", draft.pk)))
    manager.post(page, {"ground": "request", "sure": "on"})
    with in_municipality(town):
        assert (Draft.objects.count(), GivenText.objects.count()) == (0, 0)


def test_over_http_the_same_permissions_and_the_same_sources(town, client):
    base = f"/api/v1/casework/{town.code}"
    made = client.post(
        f"{base}/minutes",
        {"title": "会議", "held_on": "2026-05-12", "text": MEETING},
        content_type="application/json",
    )
    assert made.status_code == 201
    pieces = made.json()["pieces"]
    decided = next(one for one in pieces if "決定します" in one["text"])
    assert decided["mark"] == "source"
    assert MEETING[decided["place"]["start"] : decided["place"]["end"]].startswith("警備員は")
    assert client.get(f"{base}/drafts").json()[0]["title"] == "会議"
    wrong = client.post(
        f"{base}/drafts", {"template": "nothing", "values": {}}, content_type="application/json"
    )
    assert wrong.status_code == 422
    auditor = signed_in(town, Role.AUDITOR)
    assert auditor.get(f"{base}/drafts").status_code == 403
    other = a_municipality("332020")
    assert client.get(f"/api/v1/casework/{other.code}/drafts").status_code == 403
    foreign = some_minutes(other, a_person(Role.CLERK, other))
    assert client.get(f"{base}/drafts/{foreign.pk}").status_code == 404
