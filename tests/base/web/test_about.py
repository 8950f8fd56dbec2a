"""The pages about the site: whose work it stands on, and what is honestly known of its accessibility."""

from typing import Any

import pytest
from django.test import Client

from machi.base.rooms import Attribution, rooms
from machi.base.web.markdown import render_markdown

pytestmark = pytest.mark.django_db


def test_about_says_how_many_towns_take_part(client: Client) -> None:
    assert "いま、0の自治体" in client.get("/about/").content.decode()


def test_sources_names_every_attribution_with_its_licence(client: Client) -> None:
    page = client.get("/about/sources/").content.decode()
    declared = [one for room in rooms() for one in room.attributions]
    assert len(declared) >= 4
    for one in declared:
        assert str(one.title) in page
        assert str(one.licence) in page


def test_sources_shows_shipped_credit_in_full(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    room = rooms()[0]
    credit = Attribution("登録簿", "code4fukui", "CC0", "試験", text="machi.base.data:README.md")
    monkeypatch.setattr(type(room), "attributions", [credit])
    page = client.get("/about/sources/").content.decode()
    assert "<h4>Register of local governments</h4>" in page


def test_markdown_keeps_no_html_and_no_script_links() -> None:
    made = render_markdown(
        "# A\n\n<script>alert(1)</script> [x](javascript:alert(1)) [y](https://e.example/)", "A"
    )
    assert "<h4>A</h4>" in made
    assert "<script>" not in made
    assert 'href="javascript' not in made
    assert 'href="https://e.example/"' in made


def test_accessibility_names_target_and_contact(client: Client, settings: Any) -> None:
    settings.MACHI_CONTACT = "共同事務局 046-000-0000"
    page = client.get("/about/accessibility/").content.decode()
    assert "JIS X 8341-3:2016" in page
    assert "WCAG 2.2" in page
    assert "まだ行っていません" in page
    assert "046-000-0000" in page
