"""The first page: a resident finds their town, whatever they call it."""

from collections.abc import Callable

import pytest
from django.test import Client

from machi.base.domain.finding import find_municipalities
from machi.base.domain.register import load_register
from machi.base.models import Municipality
from tests.base.factories import a_municipality

pytestmark = pytest.mark.django_db


def found(words: str) -> list[str]:
    return [town.name for town in find_municipalities(words)]


WAYS = {
    "厚木市": [
        "厚木市",
        "厚木",
        "あつぎし",
        "アツギ",
        "ｱﾂｷﾞ",
        "神奈川県厚木市",
        "神奈川県\u3000厚木市",
        "Atsugi",
        "ATSUGI",
        "142123",
        "14212",
        "１４２１２３",
    ],
    "札幌市": ["11002", "011002", " さっぽろ ", "Sapporo City", "北海道札幌"],
    "府中市": ["府中", "132063", "Fuchu"],
}
NOWHERE = ["", "   ", "ほげほげ", "142124", "\x00", "'; DROP TABLE", "%", "_", "あ" * 100_000]


def test_towns_are_found_by_whatever_people_call_them() -> None:
    load_register()
    Municipality.objects.filter(code="142123").update(live=True)
    missed = [(name, way) for name, ways in WAYS.items() for way in ways if name not in found(way)]
    assert missed == []
    assert [way for way in ("142123", "14212", "１４２１２３") if found(way) != ["厚木市"]] == []
    assert [words for words in NOWHERE if found(words)] == []
    # Those that take part come first.
    assert found("神奈川県")[0] == "厚木市"
    assert len(found("神奈川県")) == 33


def test_home_shows_live_towns_as_links_to_their_front_desk(client: Client) -> None:
    a_municipality("142123")
    a_municipality("332020", live=False)
    page = client.get("/").content.decode()
    assert 'href="/m/142123/"' in page
    assert "厚木市" in page
    assert "倉敷市" not in page


def test_home_says_plainly_that_a_town_does_not_take_part(client: Client) -> None:
    town = a_municipality("332020", live=False)
    town.website = "https://www.city.kurashiki.example/"
    town.save()
    page = client.get("/", {"q": "くらしき"}).content.decode()
    assert "まだサービスを始めていない自治体" in page
    assert "https://www.city.kurashiki.example/" in page
    assert "/m/332020/" not in page


def test_home_says_when_nothing_is_found_and_what_to_do(client: Client) -> None:
    page = client.get("/", {"q": "ほげ"}).content.decode()
    assert "見つかりませんでした" in page
    assert "短い言葉でもう一度" in page


def test_home_escapes_what_was_asked(client: Client) -> None:
    page = client.get("/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_home_shows_how_many_more_were_found(client: Client) -> None:
    load_register()
    page = client.get("/", {"q": "北海道"}).content.decode()
    assert page.count("公式サイト<span") == 30
    assert "ほかに149件" in page


def test_home_leads_by_prefecture_where_there_are_many_towns(client: Client) -> None:
    load_register()
    Municipality.objects.update(live=True)
    page = client.get("/").content.decode()
    assert "都道府県から選ぶ" in page
    assert "?prefecture=140007" in page
    page = client.get("/", {"prefecture": "140007"}).content.decode()
    assert page.count('class="town"') == 33


def test_home_without_any_town_says_so(client: Client) -> None:
    assert "まだありません" in client.get("/").content.decode()


@pytest.mark.parametrize("query", [{}, {"q": "市"}])
def test_home_asks_the_database_as_often_for_three_towns_as_for_one(
    count_queries: Callable[..., int], query: dict[str, str]
) -> None:
    a_municipality("142123")
    once = count_queries("/", query)
    a_municipality("332020")
    a_municipality("222127")
    assert count_queries("/", query) == once


def test_health_answers_while_the_database_does(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_language_switch_keeps_the_page_and_is_remembered(client: Client) -> None:
    a_municipality("142123")
    response = client.post("/language/", {"language": "en", "next": "/?q=x"})
    assert (response.status_code, response["Location"]) == (302, "/?q=x")
    page = client.get("/").content.decode()
    assert '<html lang="en">' in page
    assert "Atsugi City" in page


def test_language_switch_leads_to_no_foreign_site(client: Client) -> None:
    assert client.post("/language/", {"language": "en", "next": "https://evil.example/"})["Location"] == "/"
