"""From nothing to an approved front desk, through the screens: a fourth town is opened, peopled, filled, reviewed."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TOWN = "122025"
"""銚子市 (Chiba) is not of the sample."""
PASSWORD = "umi-no-mieru-machi-5"
QUESTION = "粗大ごみの処理手数料はいくらですか"
FAQ = (
    "質問,回答\n"
    "粗大ごみの処理手数料はいくらですか,粗大ごみの処理手数料は1点につき500円です。\n"
    "中央図書館の休館日はいつですか,中央図書館の休館日は月曜日です。\n"
)
OWN_WORDS = "見本：この町の規程の写し"
"""Where nothing is offered, the officer writes what the town has."""


def _desk_window(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP").new_page()


def _press(page: Page, name: str) -> None:
    _send(page, page.locator("main").get_by_role("button", name=name, exact=True).last)


def _send(page: Page, button: Locator) -> None:
    with page.expect_navigation():
        button.click()


def _set_password(browser: Browser, link: str) -> None:
    page = _desk_window(browser)
    page.goto(link)
    page.wait_for_url(re.compile("set-password"))
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("input[name=password2]").fill(PASSWORD)
    _send(page, page.locator("main form button").first)
    page.context.close()


def _signed_in(browser: Browser, site: Site, email: str) -> Page:
    page = _desk_window(browser)
    page.goto(f"{site.url}/account/login/")
    form = page.locator("form.form").first
    form.locator("input[name=login]").fill(email)
    form.locator("input[name=password]").fill(PASSWORD)
    form.locator("button").first.click()
    page.wait_for_url(lambda url: "/account/login" not in url)
    return page


def _appoint(browser: Browser, page: Page, site: Site, role: str, name: str, email: str) -> None:
    page.goto(f"{site.url}/m/{TOWN}/people/new/")
    page.locator("[name=name]").fill(name)
    page.locator("[name=email]").fill(email)
    page.locator("[name=role]").select_option(role)
    page.locator("[name=delivery][value=show]").check()
    _press(page, "登録する")
    _set_password(browser, page.locator("main code").first.inner_text())


def test_a_new_town_goes_from_nothing_to_an_approved_front_desk(
    browser: Browser, site: Site, page: Page
) -> None:
    began = time.monotonic()

    platform = _desk_window(browser)
    sign_in(platform, site, "platform@machi.example")
    platform.goto(f"{site.url}/work/")
    platform.get_by_role("link", name="自治体を開く").click()
    platform.locator("[name=q]").fill("銚子")
    platform.get_by_role("button", name="さがす").click()
    platform.get_by_role("link", name=re.compile("開く.*銚子市")).click()
    platform.locator("[name=name]").fill("情報 管子")
    platform.locator("[name=email]").fill("kanri@choshi.example")
    platform.locator("[name=delivery][value=show]").check()
    _press(platform, "開く")
    _set_password(browser, platform.locator("main code").first.inner_text())

    administrator = _signed_in(browser, site, "kanri@choshi.example")
    administrator.goto(f"{site.url}/m/{TOWN}/setting-up/")
    expect(administrator.locator("main")).to_contain_text("7のうち1")
    _appoint(browser, administrator, site, "ai_officer", "統括 海", "caio@choshi.example")
    _appoint(browser, administrator, site, "clerk", "窓口 波", "madoguchi@choshi.example")
    administrator.goto(f"{site.url}/m/{TOWN}/desk/divisions/add/")
    administrator.locator("[name=name]").fill("市民課")
    administrator.locator("[name=duties]").fill("ごみ 図書館 住民票")
    _send(administrator, administrator.locator("main form button").last)
    administrator.goto(f"{site.url}/m/{TOWN}/desk/sources/add/")
    administrator.locator("[name=name]").fill("よくある質問")
    _send(administrator, administrator.locator("main form button").last)
    file = {"name": "faq.csv", "mimeType": "text/csv", "buffer": FAQ.encode()}
    administrator.locator("main input[type=file]").set_input_files(file)
    _send(administrator, administrator.locator("main form button").last)
    _send(administrator, administrator.locator("main form button:not(.button-quiet)").last)

    # Not approved: the resident is told so, and may still write to the staff.
    page.goto(f"{site.url}/m/{TOWN}/")
    expect(page.locator("main")).to_contain_text("まだ承認されていません")
    page.locator("#ask textarea[name=question]").fill(QUESTION)
    page.get_by_role("button", name="職員に送る").click()
    page.wait_for_url(re.compile(r"/i/[^/]+/staff/$"))
    expect(page.locator("main")).to_contain_text("AIは答えていません")

    officer = _signed_in(browser, site, "caio@choshi.example")
    officer.goto(f"{site.url}/m/{TOWN}/governance/systems/frontdesk.answers/")
    officer.get_by_role("link", name="審査を始める").click()
    _press(officer, "審査を始める")
    for item in officer.locator(".review-item").all():
        reference = item.locator("textarea[name$=-reference]")
        if not reference.input_value() or reference.input_value().endswith("："):
            reference.fill(reference.input_value() + OWN_WORDS)
        item.locator("input[value=met]").check()
    _press(officer, "保存する")
    officer.get_by_role("link", name="承認に進む").click()
    _press(officer, "承認する")
    expect(officer.locator("main")).to_contain_text("動いています")

    for _ in range(60):  # a worker makes the file searchable meanwhile
        administrator.goto(f"{site.url}/m/{TOWN}/setting-up/")
        if "準備ができました" in administrator.locator("main").inner_text():
            break
        time.sleep(1)
    expect(administrator.locator("main")).to_contain_text("準備ができました")

    page.goto(f"{site.url}/m/{TOWN}/")
    page.locator("#ask textarea[name=question]").fill(QUESTION)
    page.get_by_role("button", name="聞く", exact=True).click()
    page.wait_for_url(re.compile(r"/i/[^/]+/$"))
    expect(page.locator("main")).to_contain_text("1点につき500円")
    print(f"\nfrom nothing to an answer: {time.monotonic() - began:.0f} s of clicking by a machine")

    page.goto(f"{site.url}/m/{TOWN}/governance/transparency/")
    expect(page.locator("main")).to_contain_text("承認されて、使っています")


def test_a_stop_counts_from_the_next_question(page: Page, browser: Browser, site: Site) -> None:
    officer = _desk_window(browser)
    sign_in(officer, site, "ai-officer@yaizu.example")
    page.goto(f"{site.url}/m/222127/")  # open already when the system is stopped
    officer.goto(f"{site.url}/m/222127/governance/systems/frontdesk.answers/suspend/")
    officer.locator("[name=notice]").fill("点検のため止めています。")
    _press(officer, "止める")
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    resident = context.new_page()  # its console may name the request that was refused
    try:
        resident.goto(f"{site.url}/m/222127/")
        expect(resident.locator("main")).to_contain_text("点検のため止めています。")
        page.locator("#ask textarea[name=question]").fill("家が燃えています")
    finally:
        officer.goto(f"{site.url}/m/222127/governance/systems/frontdesk.answers/resume/")
        _press(officer, "再開する")
        context.close()
    page.locator("#ask textarea[name=question]").fill("大井川図書館の休館日は？")
    page.get_by_role("button", name="聞く", exact=True).click()
    page.wait_for_url(re.compile(r"/i/[^/]+/$"))
    expect(page.locator("main")).to_contain_text("月曜日")
