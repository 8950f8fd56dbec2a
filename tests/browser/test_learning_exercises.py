"""A lesson's exercises and the practice room, by keyboard and by mouse, on a phone and at a desk, with axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import RULES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TOWN = "142123"
EXAMPLE = (
    "資料「粗大ごみの出し方」だけに基づいて、住民向けに粗大ごみの申込みと手数料の案内文を作ってください。"
    "200字以内の箇条書きで書いてください。資料に書かれていないことは書かないでください。"
)


@pytest.fixture(params=[390, pytest.param(1280, marks=pytest.mark.long)])
def clerk(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """A learner of the sample's exercise book, on a phone and at a desk."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 844},
        locale="ja-JP",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, site, "clerk@atsugi.example")
    yield page
    context.close()
    assert complaints == []


def accessible(page: Page) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, page.url


def open_practice(page: Page, site: Site, title: str) -> None:
    page.goto(f"{site.url}/m/{TOWN}/learning/practice/")
    accessible(page)
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator("main")).to_contain_text("保存されず")
    accessible(page)


def press(page: Page) -> None:
    page.locator("main form button.button").last.click()
    page.wait_for_load_state()


def test_masking_by_keyboard_in_the_practice_room(clerk: Page, site: Site) -> None:
    open_practice(clerk, site, "電話メモから個人情報を隠す")
    for word in ("山田", "太郎"):
        box = clerk.locator("label.word", has_text=word).locator("input")
        box.focus()
        clerk.keyboard.press("Space")
        assert box.is_checked()
    clerk.locator("label.word", has_text="046-225-2000").click()
    press(clerk)
    outcome = clerk.locator("section.card").first
    expect(outcome).to_contain_text("40")
    expect(outcome.locator("mark.missed").first).to_contain_text("昭和55年6月7日")
    expect(outcome).to_contain_text("機械（個人情報の検出）は見落とします。人の目が要ります。")
    assert clerk.locator("label.word input:checked").count() == 3  # still there, to go on with
    accessible(clerk)


def test_a_lesson_of_exercises_from_wrong_to_right(clerk: Page, site: Site) -> None:
    clerk.goto(f"{site.url}/m/{TOWN}/learning/review/")
    accessible(clerk)
    clerk.goto(f"{site.url}/m/{TOWN}/learning/my/")  # the clerk takes part in more than one course
    link = clerk.locator("main a", has_text="AI練習帳").first
    enrolment = (link.get_attribute("href") or "").rstrip("/").rsplit("/", 1)[1]
    clerk.goto(f"{site.url}/m/{TOWN}/learning/enrolments/{enrolment}/attempts/")
    accessible(clerk)
    open_practice(clerk, site, "案内文を作らせる指示文")
    number = clerk.url.rstrip("/").rsplit("/", 1)[1]

    clerk.goto(f"{site.url}/m/{TOWN}/learning/enrolments/{enrolment}/exercises/{number}/")
    expect(clerk.locator("main")).to_contain_text("採点の基準")
    accessible(clerk)
    clerk.locator("textarea").fill("案内文 資料 住民 箇条書き 200字以内")
    press(clerk)
    expect(clerk.locator("h1")).to_contain_text("結果")
    expect(clerk.locator("main")).to_contain_text("何かを頼む文がありません")
    accessible(clerk)
    clerk.get_by_role("link", name="もう一度挑戦する").click()
    clerk.locator("textarea").fill(EXAMPLE)
    press(clerk)
    expect(clerk.locator("main")).to_contain_text("合格")
    expect(clerk.locator("main")).to_contain_text("資料から文を抜き出しています")
    accessible(clerk)


@pytest.mark.long
@pytest.mark.parametrize("title", ["粗大ごみの案内は何を言っているか", "3市の高齢化を読む", "生成AIの基本"])
def test_other_kinds_are_shown_and_answered(clerk: Page, site: Site, title: str) -> None:
    open_practice(clerk, site, title)
    for group in clerk.locator("main fieldset").all():
        radios = group.locator("input[type=radio]")
        if radios.count():
            radios.first.check()
    press(clerk)
    expect(clerk.locator("section.card").first).to_contain_text("項目ごとの結果と理由")
    accessible(clerk)


def test_statistics_are_read_by_the_office(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    page = context.new_page()
    sign_in(page, site, "joint-office@machi.example")
    page.goto(f"{site.url}/m/{TOWN}/learning/item-statistics/")
    accessible(page)
    page.get_by_role("link", name="AI練習帳 第1回").click()
    expect(page.locator("main")).to_contain_text("識別力")
    accessible(page)
    context.close()
