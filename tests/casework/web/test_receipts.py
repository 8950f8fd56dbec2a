"""What an applicant gets at once: the link to see how it stands, by mail or on paper, and to nobody else."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
import pytest
from django.core import mail as mailbox
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from machi.base.engine.letters import Picture, to_pdf, to_word
from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import intake, letters, mail, ruling
from machi.casework.domain.links import status_url
from machi.casework.models import Application, FieldValue
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import VALUES, a_pdf, a_procedure, signed_in, taken, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Applications whose receipt was put into the queue, sent at once."""
    found: list[int] = []

    def enqueue(task: object, code: str, pk: int) -> None:
        found.append(pk)
        mail.send_receipt_mail.call(code, pk)

    monkeypatch.setattr(type(mail.send_receipt_mail), "enqueue", enqueue)
    monkeypatch.setattr("machi.casework.domain.reading.wake", lambda town: None)
    return found


def test_link_is_sent_to_the_address_left_on_the_web_form(
    town: Municipality, sent: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    a_procedure(town)
    with django_capture_on_commit_callbacks(execute=True):
        posted = Client().post(url(town, "apply", "dog"), {**VALUES, "contact-email": "yamada@mail.example"})
    with in_municipality(town):
        one = Application.objects.get()
    assert posted["Location"] == url(town, "status", one.token)
    assert sent == [one.pk]
    [letter] = mailbox.outbox
    assert letter.to == ["yamada@mail.example"]
    assert one.token in letter.body
    assert one.number in letter.body
    assert "山田" not in letter.body


def test_nothing_is_sent_where_no_address_was_left(
    town: Municipality, sent: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    a_procedure(town)
    with django_capture_on_commit_callbacks(execute=True):
        assert Client().post(url(town, "apply", "dog"), VALUES).status_code == 302
    assert sent == []


def test_sender_of_a_mail_gets_the_link(
    town: Municipality, sent: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    text = b"From: yamada@mail.example\r\nTo: dogs@town.example\r\nSubject: dog\r\n\r\nHello"
    with in_municipality(town), django_capture_on_commit_callbacks(execute=True):
        intake.take(town, [("a.eml", text)], channel="upload")
    assert [letter.to for letter in mailbox.outbox] == [["yamada@mail.example"]]


def test_receipt_on_paper_has_the_link_and_its_code(town: Municipality) -> None:
    one = taken(town, a_procedure(town), a_pdf())
    with in_municipality(town):
        made = letters.receipt(one)
    assert status_url(one) in made.body
    clerk = signed_in(town)
    pdf = clerk.get(url(town, "case_receipt", one.pk, "pdf"))
    text = pypdfium2.PdfDocument(io.BytesIO(pdf.content)).get_page(0).get_textpage().get_text_bounded()
    assert one.token in text
    assert clerk.get(url(town, "case_receipt", one.pk, "docx")).content.startswith(b"PK")
    assert clerk.get(url(town, "case_receipt", one.pk, "exe")).status_code == 404
    assert signed_in(town, Role.AUDITOR).get(url(town, "case_receipt", one.pk, "pdf")).status_code == 403


def test_receipt_goes_only_to_an_address_that_somebody_has_seen(
    town: Municipality, sent: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    one = typed(town, a_procedure(town))
    clerk = signed_in(town)
    none = clerk.post(url(town, "send_receipt", one.pk))
    assert "メールアドレスがありません" in none.content.decode()
    with in_municipality(town):
        Application.objects.filter(pk=one.pk).update(email="a@mail.example")
        FieldValue.objects.filter(application=one, field="dog").update(kind="email", confidence=0.5)
    doubtful = clerk.post(url(town, "send_receipt", one.pk))
    assert "先に確かめてください" in doubtful.content.decode()
    assert sent == []
    with in_municipality(town):
        FieldValue.objects.filter(application=one, field="dog").update(confidence=1.0)
    with django_capture_on_commit_callbacks(execute=True):
        assert clerk.post(url(town, "send_receipt", one.pk)).status_code == 302
    assert sent == [one.pk]
    with in_municipality(town):
        said = LedgerEntry.objects.filter(subject=f"application:{one.pk}").order_by("index").last()
        assert said is not None
        assert '"action":"receipt"' in said.body.replace(" ", "")


def test_amendment_asks_for_each_thing_once_and_in_words_for_the_applicant(town: Municipality) -> None:
    rules = [
        {
            "kind": "required",
            "key": "written",
            "title": "必要な欄が書かれている",
            "fields": ["name", "address"],
        },
        {"kind": "duplicate", "key": "twice", "title": "同じ申請がない", "fields": ["name"], "days": 30},
    ]
    procedure = a_procedure(town, rules=rules)
    typed(town, procedure)
    one = typed(town, procedure, {**VALUES, "address": ""})
    with in_municipality(town):
        assert one.failed == 2
        assert letters.asked_to_amend(one) == ["次のものが足りません: 住所"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Applications whose applicant is to be told, sent at once."""
    found: list[int] = []

    def enqueue(task: object, code: str, *which: int) -> None:
        if task is mail.send_applicant_mail:
            found.extend(which)
            mail.send_applicant_mail.call(code, *which)

    monkeypatch.setattr(type(mail.send_applicant_mail), "enqueue", enqueue)
    return found


def _amended(
    town: Municipality, capture: DjangoCaptureOnCommitCallbacks, **more: str
) -> tuple[Application, Any]:
    one = typed(town, a_procedure(town))
    with in_municipality(town):
        Application.objects.filter(pk=one.pk).update(email="a@mail.example")
    given = {
        "what": "予防注射の証明を送ってください。\n「住所」に番地を書いてください。",
        "until": "2099-03-31",
        "openly": "on",
    }
    with capture(execute=True):
        answer = signed_in(town).post(url(town, "amend", one.pk), {**given, **more})
    return one, answer


def test_mail_says_what_is_to_be_amended_by_when_and_where(
    town: Municipality, asked: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    one, answer = _amended(town, django_capture_on_commit_callbacks)
    assert answer.status_code == 302
    [letter] = mailbox.outbox
    assert letter.subject == f"{town}：申請に直していただきたいところがあります"
    told = letter.body.splitlines()
    assert told[:8] == [
        f"申請（受付番号 {one.number}）に、直していただきたいところがあります。",
        "",
        "・予防注射の証明を送ってください。",
        "・「住所」に番地を書いてください。",
        "",
        "2099年3月31日までに、次のページを開き、直した書類の写真かPDFを選んで「送る」を押してください。",
        "",
        status_url(one),
    ]
    assert "山田" not in letter.body
    page = Client().get(url(town, "status", one.token)).content.decode()
    assert "2099年3月31日までに、次のものを送ってください。" in page
    assert "「住所」に番地を書いてください。" in page


def test_what_is_confidential_stands_in_the_letter_alone(
    town: Municipality, asked: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    one, answer = _amended(town, django_capture_on_commit_callbacks, openly="")
    assert answer.status_code == 302
    [letter] = mailbox.outbox
    assert "予防注射" not in letter.body
    assert "内容は、役所からの手紙に書いてあります。" in letter.body
    assert "2099年3月31日までに" in letter.body
    assert "予防注射" not in Client().get(url(town, "status", one.token)).content.decode()
    with in_municipality(town):
        [stored] = Application.objects.get().letters.all()
        made = letters.letter_of(stored)
    assert "予防注射" in str(made.body)
    assert made.note == "書類の読み取りと点検に機械を使い、職員が確かめました。"
    text = pypdfium2.PdfDocument(to_pdf([made])).get_page(0).get_textpage().get_text_bounded()
    assert "直した書類を送るには" in text
    assert one.token in text
    assert isinstance(made.body[-1], Picture)
    assert to_word([made]).startswith(b"PK")


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("046-225-0000に電話してください。", "電話番号「046-225-0000」"),
        ("山田太郎の印がありません。", "山田"),
    ],
)
def test_personal_information_is_not_mailed(
    town: Municipality,
    asked: list[int],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    what: str,
    found: str,
) -> None:
    _one, answer = _amended(town, django_capture_on_commit_callbacks, what=what)
    page = answer.content.decode()
    assert found in page
    assert what in page  # nothing typed is lost
    assert asked == []
    with in_municipality(town):
        assert Application.objects.get().state == Application.State.REVIEW


def test_nothing_is_mailed_to_an_address_that_nobody_has_seen(
    town: Municipality, asked: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    one = typed(town, a_procedure(town))
    with in_municipality(town):
        Application.objects.filter(pk=one.pk).update(email="a@mail.example")
        FieldValue.objects.filter(application=one, field="dog").update(kind="email", confidence=0.5)
    clerk = signed_in(town)
    assert "メールは送りません" in clerk.get(url(town, "amend", one.pk)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        clerk.post(
            url(town, "amend", one.pk),
            {"what": "住所を書いてください。", "until": "2099-03-31", "openly": "on"},
        )
    assert asked == []
    with in_municipality(town):
        assert Application.objects.get().state == Application.State.AMENDMENT


def test_mail_that_was_overtaken_says_nothing(
    town: Municipality, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    one, _answer = _amended(town, django_capture_on_commit_callbacks)
    mailbox.outbox.clear()
    with in_municipality(town):
        ruling.undo(one, a_person())
    mail.send_applicant_mail.call(town.code, one.pk)
    assert mailbox.outbox == []
