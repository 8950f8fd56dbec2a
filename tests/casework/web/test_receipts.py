"""What an applicant gets at once: the link to see how it stands, by mail or on paper, and to nobody else."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from django.core import mail as mailbox
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import intake, letters, mail
from machi.casework.models import Application, FieldValue
from tests.base.factories import a_municipality
from tests.casework.desk import VALUES, a_pdf, a_procedure, signed_in, taken, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def url(town: Municipality, name: str, *rest: object) -> str:
    return reverse(f"casework:{name}", args=[town.code, *rest])


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
    assert mail.status_url(one) in made.body
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
