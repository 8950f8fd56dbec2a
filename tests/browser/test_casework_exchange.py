"""A list of an online service, from the town's own mapping to applications in the queue, on a screen and on a phone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import _check

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
CODE = "142123"
KEY = "park-event-permit.browser-test"
FIELDS = {
    "申請ID": "@origin",
    "申請日": "@received",
    "氏名": "applicant_name",
    "電話番号": "applicant_telephone",
    "公園名": "park_name",
    "内容": "activity",
}
MAPPING = {
    "key": KEY,
    "title": "公園の催し（取り込みの試験）",
    "encoding": "cp932",
    "columns": [
        {"title": title, "field": field, "format": "date" if field == "@received" else "text"}
        for title, field in FIELDS.items()
    ],
}
HEAD = ",".join(FIELDS)


def _url(site: Site, path: str) -> str:
    return f"{site.url}/m/{CODE}/casework/applications/{path}"


def _hand_in(page: Page, site: Site, *rows: str) -> None:
    page.goto(_url(site, "import/"))
    page.locator("[name=mapping]").select_option(KEY)
    data = "\r\n".join((HEAD, *rows, "")).encode("cp932")
    page.locator("[name=file]").set_input_files({"name": "一覧.csv", "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="確かめる").click()


def _look(page: Page) -> None:
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)
        assert _check(page, page.url) == []


def test_list_is_looked_at_and_taken_by_a_mapping_of_the_towns_own(browser: Browser, site: Site) -> None:
    manager = browser.new_context(viewport=WIDE, locale="ja-JP").new_page()
    sign_in(manager, site, "manager@atsugi.example")
    manager.goto(_url(site, "mappings/add/"))
    file = {"name": "m.json", "mimeType": "application/json", "buffer": json.dumps(MAPPING).encode()}
    manager.locator("[name=file]").set_input_files(file)
    _look(manager)
    manager.get_by_role("button", name="登録する").click()
    expect(manager.locator("main")).to_contain_text("形を登録しました")
    _look(manager)
    manager.goto(_url(site, "mappings/"))
    _look(manager)

    clerk = browser.new_context(viewport=WIDE, locale="ja-JP").new_page()
    sign_in(clerk, site, "clerk@atsugi.example")
    _hand_in(clerk, site, "B-1,2026/02/30,試験 一郎,046-225-0000,中央公園,集会・祭り")
    expect(clerk.locator("main")).to_contain_text("1件も取り込んでいません")
    expect(clerk.locator("main")).to_contain_text("2026/02/30")
    _look(clerk)
    clerk.get_by_role("button", name="取り込まずに消す").click()
    expect(clerk.locator("main")).to_contain_text("ファイルを消しました")

    many = [f"B-{at},2026/02/28,試験 一郎,046-225-0000,中央公園,集会・祭り" for at in range(60)]
    _hand_in(clerk, site, *many)
    clerk.get_by_role("button", name="60件を取り込む").click()
    # In the background; the page says so by itself when it is done.
    expect(clerk.locator("#import")).to_contain_text("60件の申請を取り込みました", timeout=120_000)
    _look(clerk)
    clerk.locator("#import tbody a").first.click()
    expect(clerk.locator("main")).to_contain_text("相手のシステムの番号")
    clerk.goto(_url(site, "import/"))
    _look(clerk)
    _hand_in(clerk, site, *many)
    expect(clerk.locator("#import")).to_contain_text("新しい申請はありません")

    manager.goto(_url(site, f"mappings/{KEY}/withdraw/"))
    _look(manager)
    manager.get_by_role("button", name="使うのをやめる").click()
    expect(manager.locator("main")).to_contain_text("形を使わないようにしました")
