"""A document's page: its structure, the cited place, and whether it still holds."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from machi.base.scoping import in_municipality
from machi.frontdesk.domain import sources
from machi.frontdesk.models import Document, Source
from tests.base.factories import a_municipality
from tests.frontdesk.web.desks import GARBAGE, add, an_open_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return an_open_desk()


def the_document(town, **wanted):
    with in_municipality(town):
        return Document.objects.get(**{"title": "粗大ごみの出し方", "current": True, **wanted})


def page(client, document, query=""):
    return client.get(reverse("frontdesk:document", args=[document.municipality_id, document.pk]) + query)


def test_headings_lists_and_tables_are_shown_as_such(client, town):
    shown = page(client, the_document(town)).content.decode()
    assert "<h2>電話の受付</h2>" in shown
    assert "<li>処理手数料は1点につき500円です。</li>" in shown
    assert '<th scope="col">受付時間</th>' in shown
    assert "<td>9時から12時</td>" in shown
    assert "厚木市 CC BY 4.0" in shown
    assert 'href="https://town.example/guide"' in shown


def test_cited_place_is_marked_inside_a_table(client, town):
    document = the_document(town)
    start = document.text.index("9時から12時")
    shown = page(client, document, f"?start={start}&end={start + 8}").content.decode()
    assert '<td><mark id="cited">9時から12時</mark></td>' in shown


@pytest.mark.parametrize(
    "query",
    ["?start=5", "?start=x&end=y", "?start=9&end=3", "?start=-1&end=2", "?start=" + "9" * 400 + "&end=1"],
)
def test_nonsense_in_the_address_marks_nothing(client, town, query):
    response = page(client, the_document(town), query)
    assert response.status_code == 200
    assert "<mark" not in response.content.decode()


def test_old_version_says_so_and_leads_to_the_new_one(client, town):
    old = the_document(town)
    with in_municipality(town):
        add(Source.objects.get(), "gomi", GARBAGE.replace("500円", "600円"))
    new = the_document(town)
    response = page(client, old)
    shown = response.content.decode()
    assert new.pk != old.pk
    assert "新しい版があります" in shown
    assert reverse("frontdesk:document", args=[town.code, new.pk]) in shown
    assert "500円" in shown
    assert response["X-Robots-Tag"] == "noindex"
    assert "新しい版があります" not in page(client, new).content.decode()


def test_withdrawn_document_says_that_it_is_not_used(client, town):
    document = the_document(town)
    with in_municipality(town):
        sources.withdraw_file(document.file, None)
    assert "いまは役所の案内に使われていません" in page(client, document).content.decode()


def test_document_of_a_source_out_of_use_says_so(client, town):
    document = the_document(town)
    with in_municipality(town):
        sources.set_active(document.source, False, None)
    assert "いまは役所の案内に使われていません" in page(client, document).content.decode()


def test_expired_document_says_until_when_it_held(client, town):
    document = the_document(town)
    with in_municipality(town):
        Document.objects.filter(pk=document.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    assert "期限が過ぎています" in page(client, document).content.decode()


def test_document_that_begins_later_says_so(client, town):
    document = the_document(town)
    with in_municipality(town):
        Document.objects.filter(pk=document.pk).update(valid_from=timezone.localdate() + timedelta(days=2))
    assert "まだ始まっていません" in page(client, document).content.decode()


def test_address_that_is_no_web_address_is_no_link(client, town):
    document = the_document(town)
    with in_municipality(town):
        Document.objects.filter(pk=document.pk).update(url="javascript:alert(1)")
    shown = page(client, document).content.decode()
    assert "javascript:" not in shown
    assert 'href="https://town.example/guide"' in shown


def test_markup_in_a_source_is_shown_as_text(client):
    town = an_open_desk(x="# 題名です\n\n本文 `<script>alert(1)</script>` です。\n")
    shown = page(client, the_document(town, title="題名です")).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_long_document_opens_at_the_cited_page(client):
    town = an_open_desk(x="# 長い資料\n\n" + "\n\n".join(f"第{n}段落。" + "あ" * 500 for n in range(1, 61)))
    document = the_document(town, title="長い資料")
    start = document.text.index("第58段落。")
    shown = page(client, document, f"?start={start}&end={start + 6}").content.decode()
    assert '<mark id="cited">第58段落。</mark>' in shown
    assert "第1段落。" not in shown
    assert "2ページ中 2ページ目" in shown
    assert "第1段落。" in page(client, document).content.decode()


def test_document_of_one_town_is_not_found_in_another(client, town):
    document = the_document(town)
    other = a_municipality("332020")
    assert client.get(reverse("frontdesk:document", args=[other.code, document.pk])).status_code == 404
