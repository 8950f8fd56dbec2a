"""Seeded personal data goes through every part of the house that takes words, and is then looked for in
everything that must not hold it: the log, what a language model was sent, the ledger, pages of errors, letters,
exports, problem details of the API."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from machi.base.models import Division, LedgerEntry, Municipality, Role
from machi.base.scoping import every_municipality, in_municipality
from machi.frontdesk.domain import asking, drafts, hand_over, indexing, mail
from machi.frontdesk.domain.sources import add_file, add_source
from machi.frontdesk.models import HandOver, Inquiry
from machi.governance.domain import incident_mail, incidents
from machi.governance.domain.gate import GateClosed
from tests.base.factories import a_division, a_municipality, a_person
from tests.frontdesk.factories import signed_in
from tests.governance.gates import an_endpoint
from tests.language_model_server.scripted import Scripted, says, scripted

pytestmark = pytest.mark.django_db

NAME = "小鳥遊 梓紗"
ADDRESS = "厚木市中町三丁目17番17号"
TELEPHONE = "046-555-0147"
EMAIL = "azusa.takanashi@mail.example"
MY_NUMBER = "123456789018"
BORN = "昭和63年2月29日"
SEEDS = (NAME, "小鳥遊", ADDRESS, "17番17号", TELEPHONE, EMAIL, MY_NUMBER, BORN)
QUESTION = (
    f"{NAME}と申します。生年月日は{BORN}、住所は{ADDRESS}、電話は{TELEPHONE}、メールは{EMAIL}です。"
    "粗大ごみの手数料はいくらですか。"
)
WITH_MY_NUMBER = f"私のマイナンバーは{MY_NUMBER}です。転入届はどこに出しますか。"
GUIDE = "# 粗大ごみ\n粗大ごみの手数料は1点500円です。環境課に電話で申し込んでください。\n"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that the site would have written, as it would have been written."""
    (real,) = [handler for handler in logging.getLogger().handlers if handler.get_name() == "stderr"]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(real.formatter)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def model() -> Iterator[Scripted]:
    with scripted() as running:
        running.steps = [says("手数料は1点500円です。")]
        yield running


@pytest.fixture
def town() -> Municipality:
    town = a_municipality()
    a_division(town, "環境課")
    with in_municipality(town):
        add_file(add_source(town, name="町の案内"), "gomi.md", GUIDE.encode())
    indexing.build(town)
    return town


def held(text: str) -> list[str]:
    return [seed for seed in SEEDS if seed in text]


def ledger_of(town: Municipality) -> str:
    with every_municipality():
        rows = LedgerEntry.objects.values_list("body", "subject", "actor", "system")
        assert rows
        return "\n".join(part for row in rows for part in row)


def handed(town: Municipality, question: str) -> int:
    """The question asked and handed over, with all there is to say about who asked."""
    with in_municipality(town):
        inquiry = asking.ask(
            town, question, language="ja", channel=Inquiry.Channel.WEB, on=timezone.localdate()
        )
        one = hand_over.hand_over(inquiry, wish=QUESTION, name=NAME, email=EMAIL, telephone=TELEPHONE)
        return one.pk


def test_model_sees_nothing_true_and_a_my_number_reaches_it_in_no_form(
    town: Municipality, model: Scripted, log: io.StringIO
) -> None:
    an_endpoint(town, model)
    clerk = a_person(Role.CLERK, town)
    with in_municipality(town):
        waiting = HandOver.objects
        draft = drafts.make(waiting.get(pk=handed(town, QUESTION)), clerk)
        assert draft.sentences
        assert model.received
        assert held(model.everything) == []
        before = len(model.received)
        with pytest.raises(GateClosed):
            drafts.make(waiting.get(pk=handed(town, WITH_MY_NUMBER)), clerk)
        assert len(model.received) == before
    assert held(ledger_of(town)) == []
    assert held(log.getvalue()) == []


def test_work_of_the_desk_leaves_no_personal_data_in_ledger_or_log(
    town: Municipality, log: io.StringIO
) -> None:
    desk = Client()
    asked = desk.post(reverse("frontdesk:ask", args=[town.code]), {"question": QUESTION})
    assert asked.status_code == 302
    token = asked["Location"].rstrip("/").split("/")[-1]
    told = desk.post(
        reverse("frontdesk:ask_staff", args=[town.code, token]),
        {"wish": QUESTION, "name": NAME, "email": EMAIL, "telephone": TELEPHONE},
    )
    assert told.status_code == 302
    staff = signed_in(town, Role.CLERK)
    with in_municipality(town):
        one = HandOver.objects.get()
        hand_over.note(one, staff.person, f"{NAME}さんに電話した（{TELEPHONE}）")
        hand_over.answer(
            one, staff.person, f"{NAME}様、500円です。", [], no_source=f"{NAME}様に電話で確かめた"
        )
    assert held(ledger_of(town)) == []
    assert held(log.getvalue()) == []


def test_error_pages_and_their_log_lines_repeat_nothing(
    town: Municipality, log: io.StringIO, home: Path
) -> None:
    client = Client(raise_request_exception=False)
    ask_api = "/api/v1/inquiries"
    said = [
        client.post(ask_api, {"municipality": "999999", "question": QUESTION}, "application/json"),
        client.post(ask_api, {"municipality": town.code, "question": [QUESTION]}, "application/json"),
        client.post(ask_api, f'{{"question": "{QUESTION}"', "application/json"),
        client.get(f"/m/{town.code}/nothing/?q={NAME}&tel={TELEPHONE}"),
        client.post("/m/999999/ask/", {"question": QUESTION}),
    ]
    # A broken index: the desk itself fails, with the question in its hands.
    (manifest,) = (town.folder).rglob("manifest.json")
    manifest.write_bytes(b"{")
    said.append(client.post(reverse("frontdesk:ask", args=[town.code]), {"question": QUESTION}))
    said.append(client.post(ask_api, {"municipality": town.code, "question": QUESTION}, "application/json"))
    assert [one.status_code for one in said] == [404, 422, 400, 404, 404, 500, 500]
    for one in said:
        assert held(one.content.decode()) == []
    client.get(f"/m/{town.code}/{TELEPHONE}/{EMAIL}/")  # the page may name its own address, the log may not
    assert "Traceback" in log.getvalue()
    assert held(log.getvalue()) == []


@pytest.fixture
def worked(town: Municipality) -> HandOver:
    """A hand-over of which letters went out: to the division, to the resident; and an incident that was filed."""
    with in_municipality(town):
        Division.objects.update(email="kankyo@city.example.lg.jp")
        one = HandOver.objects.get(pk=handed(town, QUESTION))
        answered = hand_over.answer(
            one, a_person(Role.CLERK, town), f"{NAME}様、500円です。", [], no_source="電話で確かめた"
        )
        facts = {
            "kind": "personal_information",
            "severity": "high",
            "noticed_at": timezone.now(),
            "systems": [],
            "affected": 1,
            "leaked": True,
            "sensitive": False,
            "property_damage": False,
            "wrongful": False,
            "my_number": True,
        }
        filed = incidents.file(
            town, a_person(Role.MANAGER, town), happened=QUESTION + WITH_MY_NUMBER, facts=facts
        )
        mail.send_division_mail.call(town.code, one.pk)
        mail.send_answer_mail.call(town.code, answered.pk)
        incident_mail.send_filed.call(town.code, filed.pk, a_person(Role.AI_OFFICER, town).pk)
    return one


def test_letters_hold_nothing_but_the_answer_to_who_asked(
    worked: HandOver, mailoutbox: list[EmailMessage], log: io.StringIO
) -> None:
    mine = [letter for letter in mailoutbox if letter.to == [EMAIL]]
    others = [letter for letter in mailoutbox if letter.to != [EMAIL]]
    assert len(mine) == 1
    assert len(others) == 2, "the division's and the AI officer's"
    assert [held(f"{one.subject}{one.from_email}{one.body}{one.extra_headers}") for one in others] == [
        []
    ] * len(others)
    assert held(mine[0].subject) == []
    assert held(log.getvalue()) == []


@pytest.mark.parametrize("kind", ["csv", "csv-cp932", "xlsx"])
def test_exports_hold_no_personal_data(worked: HandOver, town: Municipality, kind: str) -> None:
    """What is downloaded of the ledger, its disclosure, the incidents and the gate's calls."""
    auditor, officer = signed_in(town, Role.AUDITOR), signed_in(town, Role.AI_OFFICER)
    pages = [
        auditor.get(reverse("base:ledger", args=[town.code]), {"format": kind}),
        auditor.post(
            reverse("governance:disclosure", args=[town.code]) + "?kind=",
            {"reference": "情公第1号", "left_out": "", "format": kind},
        ),
        officer.get(reverse("governance:incidents", args=[town.code]), {"format": kind, "state": "all"}),
        auditor.get(reverse("governance:gate_calls", args=[town.code]), {"format": kind}),
        auditor.get(reverse("base:ledger_log", args=[town.code]), {"format": "jsonl"}),
        Client().get(reverse("base:ledger_roots_json", args=[town.code])),
        Client().get(reverse("api:ai_systems", args=[town.code])),
    ]
    assert [one.status_code for one in pages] == [200] * len(pages)
    assert [held(downloaded(one)) for one in pages] == [[]] * len(pages)


def downloaded(response: HttpResponseBase) -> str:
    """All that is written in a file, also in the sheets inside an Excel file, in whatever encoding."""
    data = response.getvalue()
    if not data.startswith(b"PK"):
        return data.decode("cp932" if "Shift_JIS" in response.get("Content-Type", "") else "utf-8")
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist())


def test_problem_details_of_the_api_repeat_nothing(town: Municipality, log: io.StringIO) -> None:
    """Each way in which a request of the API can be wrong, with a person's data in each place of the request."""
    client = Client(raise_request_exception=False)
    ask, read = "/api/v1/inquiries", "/api/v1/inquiries/{}?municipality={}"
    full = {"municipality": town.code, "question": "粗大ごみの手数料は", "language": "ja"}
    said = [
        client.post(ask, {**full, "language": NAME}, "application/json"),
        client.post(ask, {**full, "municipality": TELEPHONE}, "application/json"),
        client.post(ask, {**full, NAME: EMAIL}, "application/json"),
        client.post(ask, {**full, "question": QUESTION * 60}, "application/json"),
        client.post(ask, QUESTION, "text/plain"),
        client.get(read.format(TELEPHONE, town.code)),
        client.get(read.format("x", EMAIL)),
        client.get(f"/api/v1/municipalities/{TELEPHONE}/ai-systems"),
        client.get(f"/api/v1/nothing?name={NAME}", headers={"authorization": f"Bearer {MY_NUMBER}"}),
        client.put(ask, {"question": QUESTION}, "application/json"),
    ]
    wrong = [one for one in said if one.status_code >= 400]
    assert len(wrong) >= 8
    assert [(one.status_code, held(one.content.decode())) for one in wrong] == [
        (one.status_code, []) for one in wrong
    ]
    assert held(log.getvalue()) == []
