"""Calls for joint projects clicked through: three towns from the call to the letters, then 52 towns' decision."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import RULES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ATSUGI, YAIZU = "142123", "222127"
TITLE = "令和9年度 広域連携の公募"
PROPOSAL = "図書館の相互貸出"


def _accessible(page: Page) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:2]) for one in found] == []
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0


def _of(browser: Browser, site: Site, email: str) -> Page:
    page = browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, site, email)
    return page


def _press(page: Page, label: str) -> None:
    page.locator("main").get_by_role("button", name=label, exact=True).click()


def _follow(page: Page, label: str) -> None:
    page.locator("main").get_by_role("link", name=label, exact=True).first.click()


def _published(office: Page, site: Site) -> str:
    """The address of a call that is open until today."""
    today = (datetime.now(UTC) + timedelta(hours=9)).date().isoformat()  # as in Japan
    office.goto(f"{site.url}/m/{ATSUGI}/joint/calls/")
    _follow(office, "新しい公募を作る")
    _accessible(office)
    office.get_by_label("公募の名前").fill(TITLE)
    office.get_by_label("目的").fill("一つの町ではできないことを、一緒に行う。")
    office.get_by_label("情報システムの共同利用").check()
    office.get_by_label("その他").check()
    office.get_by_label("応募できる者").fill("この共同体の自治体2つ以上")
    office.get_by_label("応募の締切日").fill(today)
    office.get_by_label("予算の総額（円）").fill("30000000")
    office.get_by_label("提案1件あたりの審査員の数").fill("1")
    _press(office, "保存して観点へ")
    _accessible(office)
    _press(office, "保存する")
    _follow(office, "募集を始める")
    _press(office, "募集を始める")
    expect(office.locator("main")).to_contain_text("募集を始めました")
    return office.url


def _written(clerk: Page, call: str) -> str:
    """The address of a proposal written on a phone, saved by itself and with the button."""
    clerk.goto(call)
    _follow(clerk, "提案を書き始める")
    clerk.get_by_label("事業名").fill(PROPOSAL)
    clerk.get_by_label("焼津市").check()
    _press(clerk, "書き始める")
    _accessible(clerk)
    clerk.get_by_label("分野").select_option(label="その他")
    clerk.get_by_label("概要").fill("どの町の図書館の本も、近くの館で借りられるようにする。")
    expect(clerk.locator("#saved")).to_contain_text("に保存しました")
    for label, text in {
        "実施内容": "貸出の決まりをそろえ、週2回本を運ぶ。",
        "期待される効果": "取り寄せの日数を7日から3日にする。",
        "申請額（円）": "8000000",
        "開始日": "2027-04-01",
        "終了日": "2029-03-31",
        "担当者の氏名": "図書 花子",
    }.items():
        clerk.get_by_label(label).fill(text)
    _press(clerk, "保存する")
    expect(clerk.locator("main")).to_contain_text("まだ同意していない自治体: 厚木市、焼津市")
    _accessible(clerk)
    return clerk.url


def _agreed(browser: Browser, site: Site, proposal: str) -> None:
    for email, code, town in (
        ("manager@yaizu.example", YAIZU, "焼津市"),
        ("manager@atsugi.example", ATSUGI, "厚木市"),
    ):
        page = _of(browser, site, email)
        page.goto(proposal.replace(ATSUGI, code))
        _follow(page, f"{town}として同意する")
        _press(page, "同意する")
        expect(page.locator("main")).to_contain_text("同意しました")
        if code == ATSUGI:
            _follow(page, "提出する")
            _press(page, "提出する")
            expect(page.locator("main")).to_contain_text("提出しました")
        page.context.close()


def _decided(office: Page, call: str) -> None:
    """From the ranking to the announcement, as recommended."""
    office.goto(call + "ranking/")
    _press(office, "順位と推薦を計算する")
    expect(office.locator("main")).to_contain_text("順位と推薦を計算しました")
    # The worker counts how steady it is; the page asks by itself until that is there.
    expect(office.locator("meter").first).to_be_attached(timeout=60_000)
    _accessible(office)
    _follow(office, "採否を決める")
    _accessible(office)
    _press(office, "採否を決める")
    expect(office.locator("main")).to_contain_text("採否を決めました")
    _accessible(office)


def test_three_towns_go_from_the_call_to_the_letters(page: Page, browser: Browser, site: Site) -> None:
    office = _of(browser, site, "joint-office@machi.example")
    call = _published(office, site)
    sign_in(page, site, "clerk@atsugi.example")
    proposal = _written(page, call)
    _agreed(browser, site, proposal)

    office.goto(call)
    _follow(office, "応募を締め切る")
    _press(office, "締め切る")
    _follow(office, "形式審査をする")
    _follow(office, PROPOSAL)
    _accessible(office)
    for at in range(4):
        office.locator(f"input[name=met-{at}][value=yes]").check()
    _press(office, "保存する")
    office.goto(call + "reviewers/add/")
    office.get_by_label("審査員").select_option(label="共同 望")
    _press(office, "加える")
    _press(office, "割り当てる")
    expect(office.locator("main")).to_contain_text("1件を割り当てました")
    _accessible(office)

    office.goto(f"{site.url}/m/{ATSUGI}/joint/reviews/")
    _follow(office, PROPOSAL)
    _accessible(office)
    for select in office.locator("main select").all():
        select.select_option("4")
    _press(office, "採点を提出する")
    expect(office.locator("main")).to_contain_text("採点を提出しました")

    _decided(office, call)
    with office.expect_download() as download:
        office.get_by_role("link", name="通知書をまとめて（PDF）").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.goto(proposal)
    expect(page.locator("main")).to_contain_text("採択されました")
    _accessible(page)

    _follow(office, "結果を公表する")
    _press(office, "公表する")
    stranger = browser.new_context(locale="ja-JP", viewport={"width": 390, "height": 844}).new_page()
    stranger.goto(f"{site.url}/m/{YAIZU}/joint/public/calls/")
    _accessible(stranger)
    _follow(stranger, TITLE)
    expect(stranger.locator("main")).to_contain_text(PROPOSAL)
    expect(stranger.locator("main")).not_to_contain_text("共同 望")
    _accessible(stranger)
    stranger.context.close()
    office.context.close()


@pytest.mark.long
def test_fifty_two_towns_decide_within_the_budget(browser: Browser, site: Site) -> None:
    office = _of(browser, site, "office52@machi.example")
    first = office.evaluate("document.documentElement.innerHTML.match(/\\/m\\/(\\d{6})\\//)[1]")
    office.goto(f"{site.url}/m/{first}/joint/calls/")
    _follow(office, "広域連携モデル事業（生成）")
    call = office.url
    expect(office.locator("main")).to_contain_text(re.compile(r"審査員1[0-9]人、割り当て\d+件"))
    _decided(office, call)
    text = office.locator("main dl.stats").inner_text()
    adopted = int(re.search(r"採択\s*(\d+)", text)[1])
    assert 3 <= adopted <= 26
    cost = int(re.search(r"決定額の合計\s*([\d,]+)", text)[1].replace(",", ""))
    assert cost <= 156_000_000
    with office.expect_download() as download:
        office.get_by_role("link", name="通知書をまとめて（Word）").click()
    assert download.value.path().read_bytes().startswith(b"PK")
    office.context.close()
