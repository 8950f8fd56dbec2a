"""The button for a draft on the page of a hand-over, and its label until a person has edited it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client

from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import DRAFTS
from machi.frontdesk.domain import indexing
from machi.frontdesk.domain.sources import add_file, add_source
from machi.frontdesk.models import HandOver, Message
from machi.governance.models import RegisteredSystem
from tests.base.factories import a_municipality
from tests.frontdesk.factories import a_hand_over, a_question, signed_in
from tests.frontdesk.web.staff import text, url
from tests.governance.gates import an_endpoint
from tests.language_model_server.scripted import Scripted, says, scripted

LABEL = "AIの下書き（未編集）"
ADDED = "下書きを、職員が確かめてそのまま送ったものです"


@pytest.fixture
def town(db: None) -> Municipality:
    town = a_municipality()
    with in_municipality(town):
        add_file(
            add_source(town, name="町の案内"),
            "gomi.md",
            "# 粗大ごみの出し方\n粗大ごみは事前の申し込みが必要です。手数料は1点500円です。".encode(),
        )
    indexing.build(town)
    return town


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        running.steps = [says("手数料は1点500円です。手数料は無料です。")]
        yield running


@pytest.fixture
def handed(town: Municipality) -> HandOver:
    return a_hand_over(town, inquiry=a_question(town, "粗大ごみの手数料はいくらですか"))


@pytest.fixture
def client(town: Municipality) -> Client:
    return signed_in(town)


def field(page: str, name: str) -> str:
    """The value of a hidden field or of the text area."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page) or re.search(
        rf'<textarea name="{name}"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL
    )
    return unescape(found[1]) if found else ""


def drafted(client: Client, town: Municipality, handed: HandOver, **data: object) -> str:
    return text(client.post(url(town, "hand_over", handed.pk), {"make_draft": "1", **data}))


def test_the_page_offers_a_draft(client: Client, town: Municipality, handed: HandOver) -> None:
    page = text(client.get(url(town, "hand_over", handed.pk)))
    assert "回答の下書きを作る" in page
    assert LABEL not in page


def test_a_draft_shows_sources_and_what_was_taken_out(
    client: Client, town: Municipality, handed: HandOver, server: Scripted
) -> None:
    an_endpoint(town, server)
    page = drafted(client, town, handed)
    assert field(page, "body") == "手数料は1点500円です。"
    assert "根拠が確かめられず除いた文（1）" in page
    assert "<s>手数料は無料です。</s>" in page
    assert "scripted-1" in page
    assert LABEL in page
    assert re.search(r'name="documents" value="\d+" id="document-\d+" checked', page)
    place = re.search(r'href="([^"]*start=\d+&amp;end=\d+#cited)"', page)
    assert place is not None
    assert "手数料は1点500円です。" in text(Client().get(unescape(place[1])))


def test_without_a_model_the_page_says_that_it_was_extracted(
    client: Client, town: Municipality, handed: HandOver
) -> None:
    page = drafted(client, town, handed)
    assert "資料から文をそのまま抜き出しました" in page
    assert "言語モデルの接続先がありません" in page


def test_what_the_clerk_has_begun_is_not_written_over(
    client: Client, town: Municipality, handed: HandOver
) -> None:
    page = drafted(client, town, handed, body="自分で書いた回答")
    assert field(page, "body") == "自分で書いた回答"
    assert LABEL not in page


def test_the_label_stays_through_search_and_check_until_edited(
    client: Client, town: Municipality, handed: HandOver
) -> None:
    page = drafted(client, town, handed)
    kept: dict[str, Any] = {
        "draft": field(page, "draft"),
        "body": field(page, "body"),
        "documents": re.findall(r'name="documents" value="(\d+)" id="document-\d+" checked', page),
    }
    address = url(town, "hand_over", handed.pk)
    assert LABEL in text(client.post(address, {**kept, "search": "1", "find": "ごみ"}))
    check = text(client.post(address, {**kept, "check": "1"}))
    assert LABEL in check
    # Signed anew, so the time in it may be a second later.
    assert field(check, "draft").rsplit(":", 2)[0] == kept["draft"].rsplit(":", 2)[0]
    edited = {**kept, "body": kept["body"] + "\nお電話ください。"}
    assert LABEL not in text(client.post(address, {**edited, "check": "1"}))
    assert LABEL not in text(client.post(address, {**edited, "edit": "1"}))


@pytest.mark.parametrize("edited", [False, True])
def test_a_draft_sent_unedited_says_so_to_the_resident(
    edited: bool, client: Client, town: Municipality, handed: HandOver
) -> None:
    page = drafted(client, town, handed)
    sent = {
        "draft": field(page, "draft"),
        "body": field(page, "body").replace("\n", "\r\n") + ("お電話ください。" if edited else ""),
        "documents": re.findall(r'name="documents" value="(\d+)" id="document-\d+" checked', page),
        "send": "1",
    }
    assert client.post(url(town, "hand_over", handed.pk), sent).status_code == 302
    with in_municipality(town):
        body = Message.objects.get(from_staff=True).body
    assert (ADDED in body) is not edited


def test_a_draft_that_we_did_not_sign_is_nothing(
    client: Client, town: Municipality, handed: HandOver
) -> None:
    page = text(
        client.post(url(town, "hand_over", handed.pk), {"draft": "forged", "body": "はい", "edit": "1"})
    )
    assert 'name="draft"' not in page


def test_where_drafts_are_not_approved_the_page_says_why_and_offers_none(
    client: Client, town: Municipality, handed: HandOver
) -> None:
    with in_municipality(town):
        RegisteredSystem.objects.filter(key=DRAFTS).update(state=RegisteredSystem.State.SUSPENDED)
    address = url(town, "hand_over", handed.pk)
    page = text(client.get(address))
    assert "職員の回答の下書き」は、いま止めています" in page
    assert "make_draft" not in page
    assert "いま止めています" in text(client.post(address, {"make_draft": "1"}))


def test_only_those_who_answer_may_ask_for_a_draft(town: Municipality, handed: HandOver) -> None:
    officer = signed_in(town, Role.AI_OFFICER)
    assert officer.post(url(town, "hand_over", handed.pk), {"make_draft": "1"}).status_code == 403
