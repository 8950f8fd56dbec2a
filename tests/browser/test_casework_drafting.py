"""Drafting clicked through, on a phone and at a desk: a notice with its sources, edited, confirmed, taken as Word;
minutes whose tasks open the line; words made easier; with axe."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import docx
import pytest
from playwright.sync_api import Browser, Download, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import _check

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TOWN = "142123"
MEETING = (
    "議題1 警備について\n山本課長：警備員は26人とすることに決定します。\n"
    "佐藤係長：発注書は5月20日までに私が作成します。\n"
)


@pytest.fixture(params=[390, pytest.param(1280, marks=pytest.mark.long)])
def clerk(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 900}, locale="ja-JP")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, site, "clerk@atsugi.example")
    yield page
    context.close()
    assert complaints == []


def start(site: Site) -> str:
    return f"{site.url}/m/{TOWN}/casework/drafting/"


def word(page: Page) -> str:
    with page.expect_download() as got:
        page.get_by_role("link", name="Word", exact=True).click()
    download: Download = got.value
    document = docx.Document(io.BytesIO(download.path().read_bytes()))
    return "\n".join(one.text for one in document.paragraphs)


def test_a_notice_from_the_towns_documents_to_a_confirmed_word_file(clerk: Page, site: Site) -> None:
    clerk.goto(start(site))
    assert _check(clerk, clerk.url) == []
    clerk.get_by_role("link", name="下書きを作る").first.click()
    assert _check(clerk, clerk.url) == []
    clerk.get_by_role("link", name="お知らせ（制度や日程の変更）").click()
    for name, value in (
        ("to", "市民の皆様"),
        ("sender", "環境課"),
        ("matter", "粗大ごみの収集"),
        ("point", "粗大ごみの申し込みと手数料"),
        ("contact", "環境課"),
    ):
        clerk.locator(f"[name=f_{name}]").fill(value)
    assert _check(clerk, clerk.url) == []
    clerk.locator("main form button.button").last.click()
    clerk.wait_for_url(re.compile(r"/drafting/\d+/$"))
    made = clerk.url
    expect(clerk.locator("main")).to_contain_text("AIが作成した下書き・職員の確認前")
    assert _check(clerk, made) == []
    assert "職員の確認前" in word(clerk)

    # A citation opens the exact place.
    place = clerk.locator(".draft-text a.cite").first.get_attribute("href")
    clerk.goto(f"{site.url}{place}")
    expect(clerk.locator("mark#cited")).to_be_visible()

    # Editing on screen: what nobody can support says so, and confirming asks about it.
    clerk.goto(made)
    clerk.get_by_role("link", name="書きかえる").click()
    box = clerk.locator("textarea[name=text]")
    box.fill(box.input_value() + "\n来年は花火も上がります。")
    assert _check(clerk, clerk.url) == []
    clerk.get_by_role("button", name="新しい版として保存する").click()
    expect(clerk.locator(".no-source")).to_have_count(1)
    clerk.get_by_role("link", name="確認する").click()
    clerk.locator("[name=read_checked]").check()
    clerk.get_by_role("button", name="確認する").click()
    expect(clerk.locator("main")).to_contain_text("確かめたことを示してください")
    clerk.locator("[name=unsourced_checked]").check()
    assert _check(clerk, clerk.url) == []
    clerk.get_by_role("button", name="確認する").click()
    clerk.wait_for_url(made)
    told = word(clerk)
    assert "職員の確認前" not in told
    assert "来年は花火も上がります。" in told


def test_minutes_whose_tasks_open_the_line(clerk: Page, site: Site) -> None:
    clerk.goto(start(site))
    clerk.get_by_role("link", name="会議の記録を作る").click()
    expect(clerk.locator("main")).to_contain_text("先に録音を文字にして")
    assert _check(clerk, clerk.url) == []
    clerk.locator("[name=title]").fill("警備会議")
    clerk.locator("[name=held_on]").fill("2026-05-12")
    clerk.locator("[name=text]").fill(MEETING)
    clerk.get_by_role("button", name="会議の記録を作る").click()
    clerk.wait_for_url(re.compile(r"/drafting/\d+/$"))
    assert _check(clerk, clerk.url) == []
    task = clerk.locator(".draft-text p", has_text="【佐藤係長／5月20日＝2026-05-20】")
    place = task.locator("a.cite").get_attribute("href")
    clerk.goto(f"{site.url}{place}")
    expect(clerk.locator("mark#cited")).to_have_text("発注書は5月20日までに私が作成します。")
    assert _check(clerk, clerk.url) == []


def test_easier_words_with_the_list_of_changes_and_a_summary(clerk: Page, site: Site) -> None:
    clerk.goto(f"{start(site)}new/easy-rewrite/")
    clerk.locator("[name=f_title]").fill("窓口のお知らせ")
    clerk.locator("[name=f_text]").fill("申請者及び事業者は窓口へご持参ください。")
    clerk.locator("main form button.button").last.click()
    clerk.wait_for_url(re.compile(r"/drafting/\d+/$"))
    expect(clerk.locator(".draft-text")).to_contain_text("持ってきてください")
    expect(clerk.locator("table")).to_contain_text("ご持参ください")
    assert _check(clerk, clerk.url) == []

    clerk.goto(f"{start(site)}summary/?q=粗大ごみ")
    assert _check(clerk, clerk.url) == []
    clerk.locator("[name=document]").first.check()
    clerk.get_by_role("button", name="要約する").click()
    clerk.wait_for_url(re.compile(r"/drafting/\d+/$"))
    expect(clerk.locator("main")).to_contain_text("だれが・いつまでに・何をするか")
    assert _check(clerk, clerk.url) == []
    clerk.goto(f"{start(site)}templates/")
    assert _check(clerk, clerk.url) == []
