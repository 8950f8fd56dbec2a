"""A question goes the whole way: resident, hand-over, clerk, letter, resident again, FAQ, next resident."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, sign_in

pytestmark = pytest.mark.browser

NOWHERE = "庁舎の屋上でドローンの飛行訓練をするための許可は出ますか"
ANSWER = "庁舎の屋上でのドローン飛行は許可していません。"


def _ask(page: Page, site: Site, code: str, question: str) -> None:
    page.goto(f"{site.url}/m/{code}/")
    page.locator("#ask textarea[name=question]").fill(question)
    page.locator("#ask button").first.click()
    page.wait_for_url(re.compile(r"/i/[^/]+/$"))


def test_question_is_answered_with_a_citation_that_opens_highlighted(page: Page, site: Site) -> None:
    _ask(page, site, "222127", "大井川図書館の休館日は？")
    expect(page.locator("main")).to_contain_text("月曜日")
    page.locator("main a[href*='/d/']").first.click()
    expect(page.locator("mark").first).to_be_visible()
    expect(page.locator("mark").first).to_contain_text("月曜日")


def test_asking_works_without_javascript(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    _ask(page, site, "222127", "大井川図書館の休館日は？")
    expect(page.locator("main")).to_contain_text("月曜日")
    context.close()


def test_emergency_numbers_come_first(page: Page, site: Site) -> None:
    _ask(page, site, "142123", "隣の家が燃えています")
    expect(page.locator(".emergency").first).to_contain_text("119")


def test_question_goes_to_staff_and_comes_back(page: Page, browser: Browser, site: Site) -> None:
    _ask(page, site, "142123", NOWHERE)
    expect(page.locator("main")).to_contain_text("見つかりませんでした")
    page.goto(page.url + "staff/")
    page.locator("main form [name=wish]").fill("来月飛ばしたいです")
    page.locator("main form [name=email]").fill("resident@example.com")
    page.locator("main form button[type=submit], main form button:not([type])").last.click()
    page.wait_for_url(re.compile(r"/status/$"))
    status_page = page.url
    expect(page.locator("main")).to_contain_text("来月飛ばしたいです")

    desk = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP").new_page()
    sign_in(desk, site, "clerk@atsugi.example")
    desk.goto(f"{site.url}/m/142123/desk/queue/")
    desk.locator("main a", has_text="ドローン").first.click()
    desk.locator("[name=body]").first.fill(ANSWER)
    desk.locator("[name=without_source]").first.check()
    desk.locator("[name=no_source]").first.fill("庁舎管理規則による")
    desk.get_by_role("button", name="回答を確かめる").click()
    expect(desk.locator("main")).to_contain_text(ANSWER)
    desk.get_by_role("button", name="この内容で回答する").click()

    page.goto(status_page)
    expect(page.locator("main")).to_contain_text(ANSWER)
    _wait_for_letter(site, "resident@example.com", ANSWER)


def _wait_for_letter(site: Site, to: str, words: str) -> None:
    """The worker sends it through a real SMTP server."""
    for _ in range(600):
        for letter in site.letters:
            body = letter.get_payload(decode=True)
            if letter["To"] == to and isinstance(body, bytes) and words in body.decode():
                return
        time.sleep(0.2)
    raise AssertionError(f"no letter to {to}: {[letter['Subject'] for letter in site.letters]}")


def test_answer_becomes_an_faq_after_a_second_person_approved_it(
    page: Page, browser: Browser, site: Site
) -> None:
    question = "市役所の中庭でヨガ教室を開くことはできますか"
    answer = "中庭の利用は管財課に申請すれば、平日の午前に限り認めています。"
    first = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP").new_page()
    sign_in(first, site, "clerk@kurashiki.example")
    first.goto(f"{site.url}/m/332020/desk/faqs/propose/")
    first.locator("[name=question]").fill(question)
    first.locator("[name=answer]").fill(answer)
    first.locator("[name=nobody_named]").check()
    first.locator("main form button").last.click()
    first.wait_for_url(re.compile(r"/desk/faqs/\d+/$"))

    second = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP").new_page()
    sign_in(second, site, "clerk2@kurashiki.example")
    second.goto(f"{site.url}/m/332020/desk/faqs/")
    second.locator("main a", has_text="ヨガ").first.click()
    second.get_by_role("button", name="承認して公開する").click()
    second.wait_for_load_state()

    for _ in range(100):  # the worker brings the index up to date
        _ask(page, site, "332020", question)
        if answer in page.locator("main").inner_text():
            return
        time.sleep(1)
    raise AssertionError("the approved FAQ never answered")


def test_language_switch_changes_the_page(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/m/142123/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_contain_text("Atsugi")


def test_command_line_answers_the_same_bytes_twice(site: Site) -> None:
    command = ("ask", "大井川図書館の休館日は？", "--municipality", "222127", "--on", "2025-06-01", "--json")
    assert site.machi(*command) == site.machi(*command)


def test_ledger_of_all_this_verifies(site: Site) -> None:
    assert "NOT INTACT" not in site.machi("ledger", "verify")
