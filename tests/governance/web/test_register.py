"""The screens of the register and of a review, by role and from another town."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from machi.base.models import Role
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import ANSWERS
from machi.governance.domain import register
from machi.governance.models import RegisteredSystem, Review, ReviewItem
from tests.base.factories import a_municipality, a_person
from tests.governance.systems import Town, an_unapproved_town, approve, settle_all

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def town() -> Town:
    return an_unapproved_town()


@pytest.fixture
def officer(town: Town) -> Client:
    return signed_in(town.officer)


def url(town: Town, name: str, *args: object) -> str:
    return reverse(f"governance:{name}", args=[town.municipality.code, *args])


def submitted(town: Town) -> Review:
    with in_municipality(town.municipality):
        return register.submit(town.municipality, ANSWERS, by=town.officer)


def said_of(town: Town, review: Review, **of_first: object) -> dict[str, object]:
    """What the review's form sends when every item is said to be met; ``of_first`` changes the first item."""
    with in_municipality(town.municipality):
        rows = list(review.items.all())
    data: dict[str, object] = {}
    for row in rows:
        said = {"state": "met", "reference": "見本の規程", "note": "", "owner": "", "done_on": ""}
        if row is rows[0]:
            said |= of_first
        data |= {f"{row.item}-{name}": value for name, value in said.items()}
    return data


def state(town: Town) -> str:
    with in_municipality(town.municipality):
        return register.entry(town.municipality, ANSWERS).row.state


def test_register_lists_each_system_with_its_state(town: Town, officer: Client) -> None:
    page = officer.get(url(town, "register")).content.decode()
    assert "総合窓口の自動回答" in page
    assert "未審査" in page
    exported = officer.get(url(town, "register") + "?format=csv")
    assert "総合窓口の自動回答" in b"".join(exported.streaming_content).decode("utf-8-sig")


def test_officer_takes_a_system_through_the_screens(town: Town, officer: Client) -> None:
    response = officer.post(url(town, "system_submit", ANSWERS))
    with in_municipality(town.municipality):
        review = Review.objects.get()
    assert response["Location"] == url(town, "review", review.pk)
    page = officer.get(response["Location"]).content.decode()
    assert "異常なし" in page  # the ledger's verification is offered
    refused = officer.post(url(town, "system_approve", ANSWERS), {"until": "2999-01-01"})
    assert refused.status_code == 200
    assert state(town) == "under_review"
    assert officer.post(response["Location"], said_of(town, review)).status_code == 302
    form = officer.get(url(town, "system_approve", ANSWERS)).content.decode()
    until = re.search(r'name="until" value="([\d-]+)"', form)
    assert until is not None
    officer.post(url(town, "system_approve", ANSWERS), {"until": until[1], "conditions": "窓口だけ"})
    assert state(town) == "approved"
    page = officer.get(url(town, "system", ANSWERS)).content.decode()
    assert "動いています" in page
    assert "窓口だけ" in page
    officer.post(url(town, "system_suspend", ANSWERS), {"notice": "点検中"})
    assert state(town) == "suspended"
    officer.post(url(town, "system_resume", ANSWERS))
    assert state(town) == "approved"
    officer.post(url(town, "system_retire", ANSWERS), {"reason": "後継へ"})
    assert state(town) == "retired"
    assert "後継へ" in officer.get(url(town, "system", ANSWERS)).content.decode()


def test_approve_page_names_what_is_open(town: Town, officer: Client) -> None:
    review = submitted(town)
    with in_municipality(town.municipality):
        settle_all(review, town.officer, but=1)
    page = officer.get(url(town, "system_approve", ANSWERS)).content.decode()
    assert "確かめていない項目が1件" in page
    assert "やめるときにデータが戻る" in page


def test_a_review_that_is_refused_keeps_what_was_typed_and_saves_nothing(town: Town, officer: Client) -> None:
    review = submitted(town)
    response = officer.post(
        url(town, "review", review.pk), said_of(town, review, reference=" ", note="考え中")
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "根拠の説明、文書名、ファイル" in page
    assert "考え中" in page
    with in_municipality(town.municipality):
        assert not review.items.exclude(state=ReviewItem.State.OPEN).exists()


def test_what_is_only_offered_is_nobodys_word_until_an_item_is_settled(town: Town, officer: Client) -> None:
    review = submitted(town)
    form = officer.get(url(town, "review", review.pk)).context["lines"][0].form
    data = said_of(town, review, state="open", reference=form.initial["reference"])
    officer.post(url(town, "review", review.pk), data)
    with in_municipality(town.municipality):
        assert review.items.all()[0].reference == ""


def test_evidence_is_handed_in_checked_and_handed_out_as_a_download(town: Town, officer: Client) -> None:
    review = submitted(town)
    with in_municipality(town.municipality):
        row = review.items.all()[0]
    bad = {f"{row.item}-file": SimpleUploadedFile("規程.pdf", b"MZ\x90\x00")}
    page = officer.post(url(town, "review", review.pk), {**said_of(town, review), **bad}).content.decode()
    assert "この形式のファイルは受け取れません" in page
    good = {f"{row.item}-file": SimpleUploadedFile("規程.pdf", PDF)}
    assert officer.post(url(town, "review", review.pk), {**said_of(town, review), **good}).status_code == 302
    response = officer.get(url(town, "evidence", row.pk))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert signed_in(town.clerk).get(url(town, "evidence", row.pk)).status_code == 403


def test_managers_gather_and_only_the_officer_decides(town: Town) -> None:
    review = submitted(town)
    manager = signed_in(town.manager)
    assert manager.post(url(town, "review", review.pk), said_of(town, review)).status_code == 302
    page = manager.get(url(town, "review", review.pk)).content.decode()
    assert "承認に進む" not in page
    for name in ("approve", "suspend", "resume", "retire", "send_back"):
        assert manager.get(url(town, f"system_{name}", ANSWERS)).status_code == 403, name


def test_auditors_read_and_change_nothing(town: Town) -> None:
    review = submitted(town)
    auditor = signed_in(a_person(Role.AUDITOR, town.municipality))
    page = auditor.get(url(town, "review", review.pk))
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    auditor.post(url(town, "review", review.pk), said_of(town, review))
    with in_municipality(town.municipality):
        assert not review.items.exclude(state=ReviewItem.State.OPEN).exists()


def test_another_towns_review_is_not_there(town: Town, officer: Client) -> None:
    other = an_unapproved_town("332020")
    review = submitted(other)
    stranger = signed_in(other.officer)
    assert officer.get(url(town, "review", review.pk)).status_code == 404
    assert officer.get(url(other, "review", review.pk)).status_code == 403
    assert stranger.post(url(town, "system_suspend", ANSWERS), {"notice": "x"}).status_code == 403
    with in_municipality(other.municipality):
        row = review.items.all()[0]
    assert officer.get(url(town, "evidence", row.pk)).status_code == 404


def test_a_system_nobody_declares_is_not_there(town: Town, officer: Client) -> None:
    assert officer.get(url(town, "system", "no.such")).status_code == 404


def test_board_report_and_raising_go_through_their_pages(town: Town, officer: Client) -> None:
    review = submitted(town)
    officer.post(url(town, "review_raise", review.pk))
    told = {
        "on": "2026-01-05",
        "reference": "第1回会議",
        "opinion": "with_conditions",
        "text": "半年後に見直す",
    }
    officer.post(url(town, "review_board", review.pk), told)
    page = officer.get(url(town, "review", review.pk)).content.decode()
    assert "条件を付ければ進めてよい" in page
    assert "半年後に見直す" in page


def test_what_an_officer_writes_is_shown_as_text(town: Town, officer: Client) -> None:
    approve(town, conditions="<script>alert(1)</script>")
    for page in (url(town, "system", ANSWERS), url(town, "transparency")):
        shown = officer.get(page).content.decode()
        assert "<script>alert" not in shown
        assert "&lt;script&gt;" in shown


def test_the_review_page_takes_the_same_queries_however_many_items(town: Town, officer: Client) -> None:
    from tests.frontdesk.web.staff import queries

    review = submitted(town)
    many = queries(officer, url(town, "review", review.pk))
    with in_municipality(town.municipality):
        kept = [row.pk for row in review.items.all()[:2]]
        review.items.exclude(pk__in=kept).delete()
    assert queries(officer, url(town, "review", review.pk)) == many


def test_public_page_tells_state_conditions_quality_and_what_it_never_does(
    town: Town, client: Client
) -> None:
    page = client.get(url(town, "transparency")).content.decode()
    assert "まだ審査しておらず、使っていません" in page
    approve(town, conditions="窓口だけ")
    page = client.get(url(town, "transparency")).content.decode()
    assert "承認されて、使っています" in page
    assert "窓口だけ" in page
    assert "申請の可否を決めません" in page
    assert "68.2 %" in page
    assert "職員 1" not in page  # roles, no names
    with in_municipality(town.municipality):
        register.suspend(town.municipality, ANSWERS, by=town.officer, notice="点検中です")
    page = client.get(url(town, "transparency")).content.decode()
    assert "いまは止めています" in page
    assert "点検中です" in page


def test_public_page_is_linked_at_the_foot_of_the_towns_pages(town: Town, client: Client) -> None:
    assert (
        f'href="{url(town, "transparency")}"' in client.get(f"/m/{town.municipality.code}/").content.decode()
    )
    assert "AIの使い方" not in client.get("/").content.decode()


def test_register_of_a_town_shows_only_its_own_rows(town: Town, officer: Client) -> None:
    approve(an_unapproved_town("332020"))
    assert "承認" not in {
        one.row.state for one, _chip in officer.get(url(town, "register")).context["entries"]
    }
    assert state(town) == RegisteredSystem.State.DRAFT


def test_xlsx_of_the_register_opens(town: Town, officer: Client) -> None:
    from openpyxl import load_workbook

    response = officer.get(url(town, "register") + "?format=xlsx")
    data = b"".join(response.streaming_content) if response.streaming else response.content
    assert load_workbook(io.BytesIO(data)).active["A2"].value == "総合窓口の自動回答"


def test_approved_town_of_factories_is_approved_for_all() -> None:
    municipality = a_municipality()
    with in_municipality(municipality):
        assert all(one.runs for one in register.entries(municipality))
