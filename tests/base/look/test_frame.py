"""The frame around every page, and the pages that must come even when nothing else does."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from machi.base.models import Municipality, Person
from machi.base.web.errors import server_error

Page = Callable[..., BeautifulSoup]


@pytest.fixture
def page(rf: RequestFactory) -> Page:
    def render(template: str, user: Any = None, path: str = "/", **context: Any) -> BeautifulSoup:
        request = rf.get(path)
        request.user = user or AnonymousUser()
        return BeautifulSoup(render_to_string(template, context, request), "lxml")

    return render


def _one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    found = soup.select(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


MENU = [
    {"label": "引き継ぎ", "url": "/a", "current": True, "group": "窓口"},
    {"label": "資料", "url": "/b", "current": False, "group": "窓口"},
    {"label": "AI台帳", "url": "/c", "current": False, "group": "AI統制"},
]


@pytest.mark.parametrize(("language", "lang"), [("ja", "ja"), ("en", "en")])
def test_frame_says_its_language(page: Page, language: str, lang: str) -> None:
    with translation.override(language):
        assert _one(page("base/frame.html"), "html")["lang"] == lang


def test_frame_skip_link_leads_to_main(page: Page) -> None:
    soup = page("base/frame.html")
    target = str(_one(soup, "a.skip-link")["href"])
    assert _one(soup, target).name == "main"


def test_frame_title_is_heading_and_window_title(page: Page) -> None:
    soup = page("base/frame.html", title="引き継ぎ", municipality=Municipality(name="厚木市"))
    assert _one(soup, "h1").text == "引き継ぎ"
    assert _one(soup, "title").text == "引き継ぎ | 厚木市 machi"


def test_frame_offers_the_other_languages_by_post_back_to_the_same_page(page: Page) -> None:
    soup = page("base/frame.html", path="/142123/?q=1")
    form = _one(soup, ".languages form")
    assert form["method"] == "post"
    assert _one(form, "input[name=next]")["value"] == "/142123/?q=1"
    offered = [str(button["value"]) for button in form.select("button[name=language]")]
    assert offered[0] == "ja"
    assert "en" in offered
    assert _one(form, "[aria-current]")["value"] == "ja"


def test_frame_groups_the_menu_and_marks_the_current_entry(page: Page) -> None:
    soup = page("base/frame.html", menu=MENU)
    assert [group.text for group in soup.select(".menu-group > summary")] == ["窓口", "AI統制"]
    assert _one(soup, ".menu [aria-current=page]").text == "引き継ぎ"
    button = _one(soup, ".menu-button")
    assert _one(soup, f"#{button['popovertarget']}").name == "nav"


def test_frame_without_menu_shows_a_resident_no_menu(page: Page) -> None:
    soup = page("base/frame.html")
    assert soup.select(".menu, .menu-button") == []
    assert "resident" in _one(soup, "body")["class"]


def test_frame_shows_staff_who_they_are_and_a_way_out_by_post(page: Page) -> None:
    soup = page("base/frame.html", user=Person(name="佐藤 花子", email="a@example.jp"), menu=MENU)
    assert "staff" in _one(soup, "body")["class"]
    assert _one(soup, ".menu-person strong").text == "佐藤 花子"
    assert _one(soup, ".menu-person form")["method"] == "post"


def test_server_error_is_told_even_when_the_person_cannot_be_read(rf: RequestFactory) -> None:
    class Broken:
        @property
        def is_authenticated(self) -> bool:
            raise DatabaseError

    request = rf.get("/")
    request.user = Broken()  # type: ignore[assignment]
    response = server_error(request)
    assert response.status_code == 500
    assert "システムに問題が起きました" in response.content.decode()


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "429", "500"])
def test_error_page_needs_no_request(code: str) -> None:
    soup = BeautifulSoup(render_to_string(f"{code}.html"), "lxml")
    assert _one(soup, "h1").text.strip() != ""
    assert code[:3] in _one(soup, "main").text
    assert soup.select("form") == []
