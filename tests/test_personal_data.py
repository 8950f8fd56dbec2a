"""Seeded personal data goes through every part of the house that takes words, and is then looked for in
everything that must not hold it: the log, what a language model was sent, the ledger, pages of errors."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import every_municipality, in_municipality
from machi.frontdesk.domain import asking, drafts, hand_over, indexing
from machi.frontdesk.domain.sources import add_file, add_source
from machi.frontdesk.models import Inquiry
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
        waiting = hand_over.HandOver.objects
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
        one = hand_over.HandOver.objects.get()
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
