"""Experts and shared staff, clicked through: three towns from the need to the published numbers, then 52 towns."""

from __future__ import annotations

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import RULES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TITLE = "庁内データの整理"
NAME = "試験 花子"
ATSUGI = "142123"


def _at(browser: Browser, site: Site, email: str = "", width: int = 1280) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP").new_page()
    if email:
        sign_in(page, site, email)
    return page


def _accessible(page: Page) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, page.url


def _press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def _follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.locator("main").get_by_role("link", name=name, exact=isinstance(name, str)).first.click()
    page.wait_for_load_state()


def _fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        field = page.locator(f"main [name='{name.replace('__', '-')}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def _address_in_letter(site: Site, to: str, other_than: str = "") -> str:
    """The secret address in the newest letter to somebody, once a worker has sent one with another than that."""
    for _ in range(150):
        for letter in reversed([one for one in site.letters if one["To"] == to]):
            body = letter.get_payload(decode=True)
            found = re.search(r"http\S+/experts/my/\S+", body.decode() if isinstance(body, bytes) else "")
            if found and found[0] != other_than:
                return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no letter to {to}")


def test_three_towns_from_a_need_to_published_numbers(page: Page, browser: Browser, site: Site) -> None:
    office = _at(browser, site, "joint-office@machi.example")
    office.goto(f"{site.url}/m/{ATSUGI}/joint/")
    office.locator("main").get_by_role("link", name="専門家・共同職員").click()
    _accessible(office)
    _follow(office, "募集を始める")
    _fill(office, title="ブラウザの試験の募集", register_by="2030-01-31", rank_by="2030-02-28")
    _press(office, "募集を始める")
    begun = office.url
    _accessible(office)

    # A clerk writes the need, the manager publishes it.
    clerk = _at(browser, site, "clerk@atsugi.example")
    clerk.goto(begun)
    _follow(clerk, "求人を出す")
    _accessible(clerk)
    _fill(
        clerk, title=TITLE, work="表をそろえる", hours="10", first="2030-04-01", last="2031-03-31",
        budget="60000", skill__data_analysis="2",
    )  # fmt: skip
    _press(clerk, "下書きを保存する")
    posting = clerk.url
    manager = _at(browser, site, "manager@atsugi.example")
    manager.goto(posting)
    _accessible(manager)
    _follow(manager, "公開する")
    _press(manager, "公開する")
    expect(manager.locator("main")).to_contain_text("公開しました")

    # An expert registers on a phone, without an account; the other two towns' staff are shared.
    page.goto(f"{site.url}/m/{ATSUGI}/")
    page.locator("footer").get_by_role("link", name="専門家の募集").click()
    _accessible(page)
    card = page.locator(".card", has_text="ブラウザの試験の募集")
    card.get_by_role("link", name="求人を見る").click()
    expect(page.locator("main")).to_contain_text(TITLE)
    _accessible(page)
    _follow(page, "応募する")
    _accessible(page)
    _fill(
        page, name=NAME, email="hanako@expert.example", summary="表をそろえて10年", hours="20",
        home="神奈川県厚木市", first="2030-04-01", last="2031-03-31", fee="5000", skill__data_analysis="3",
    )  # fmt: skip
    page.locator("main [name=understood]").check()
    _press(page, "応募する")
    shown = page.url
    expect(page.locator("main")).to_contain_text("応募を受け付けました")
    _accessible(page)
    # The letter's address opens the same page where nobody has been before; a lost one is replaced.
    first = _address_in_letter(site, "hanako@expert.example")
    elsewhere = _at(browser, site, width=390)
    elsewhere.goto(first)
    expect(elsewhere.locator("main")).to_contain_text(NAME)
    _follow(elsewhere, "アドレスをなくしたとき")
    _accessible(elsewhere)
    _fill(elsewhere, email="hanako@expert.example")
    _press(elsewhere, "新しいアドレスを受け取る")
    own = _address_in_letter(site, "hanako@expert.example", other_than=first)
    for dead in (first, shown):
        elsewhere.goto(dead)
        expect(elsewhere.locator("main")).to_contain_text("新しいアドレスに替わったか")
    _accessible(elsewhere)
    elsewhere.goto(own)
    expect(elsewhere.locator("main")).to_contain_text(NAME)
    for town, code in (("kurashiki", "332020"), ("yaizu", "222127")):
        staff = _at(browser, site, f"clerk@{town}.example")
        staff.goto(begun.replace(ATSUGI, code))
        _follow(staff, "職員を登録する")
        _fill(
            staff, name=f"{town} 職員", email=f"staff@{town}.example", summary="庁内で表をそろえた",
            hours="12", first="2030-04-01", last="2031-03-31", fee="4000", skill__data_analysis="1",
        )  # fmt: skip
        _press(staff, "登録する")
        expect(staff.locator("main")).to_contain_text("本人に渡すアドレス")

    # The joint office screens step by step.
    office.goto(begun)
    for alias in ("専門家1", "専門家2", "専門家3"):
        office.goto(begun + "people/")
        _follow(office, alias)
        for _ in range(4):
            _follow(office, "確認する")
            office.get_by_label("通す", exact=True).check()
            _fill(office, reason="確かめた")
            _press(office, "記録する")
        expect(office.locator("main .row").first).to_contain_text("登録済み")
    _accessible(office)
    office.goto(begun)
    _follow(office, "希望順位の受付を始める")
    _press(office, "希望順位の受付を始める")

    # Both sides rank; the town sees no name.
    clerk.goto(posting)
    _follow(clerk, "専門家に順位を付ける")
    expect(clerk.locator("main")).to_contain_text("専門家1")
    assert NAME not in clerk.content()
    _accessible(clerk)
    clerk.get_by_label("「専門家1」の順位").fill("1")
    clerk.get_by_label("「専門家2」の順位").fill("2")
    _press(clerk, "順位を保存する")
    page.goto(own)
    _follow(page, "求人に順位を付ける")
    _accessible(page)
    page.locator("main input[type=number]").first.fill("1")
    _press(page, "順位を保存する")

    # Three methods side by side, one chosen.
    office.goto(begun)
    _follow(office, "組み合わせを計算する")
    _press(office, "計算する")
    expect(office.locator("main table")).to_contain_text("適合度の合計")
    _accessible(office)
    run = office.url
    _follow(office, "組を固定して、どう変わるか見る")
    office.locator("main [name=expert]").select_option(label="専門家2")
    _press(office, "固定して計算する")
    expect(office.locator("main")).to_contain_text("なくなった組")
    _accessible(office)
    office.goto(run)
    _follow(office, "安定（専門家から申し込む）の理由を見る")
    expect(office.locator("main")).to_contain_text("専門家の希望で1番目、自治体の希望で1番目")
    _accessible(office)
    _follow(office, "この結果を選んで伝える")
    _fill(office, reason="双方の第1希望がかなう")
    _press(office, "双方に伝える")
    _accessible(office)

    # Both accept, and only then the town reads the name.
    page.goto(own)
    _follow(page, "返事をする")
    page.get_by_label("承諾する").check()
    _press(page, "返事をする")
    manager.goto(begun)
    _follow(manager, "組み合わせを見る")
    _follow(manager, re.compile(TITLE))
    assert NAME not in manager.content()
    _accessible(manager)
    manager.get_by_label("承諾する").check()
    _press(manager, "返事をする")
    expect(manager.locator("main")).to_contain_text(NAME)
    _accessible(manager)
    with manager.expect_download() as pdf:
        manager.get_by_role("link", name="合意書（PDF）").click()
    assert pdf.value.path().read_bytes()[:4] == b"%PDF"
    _follow(manager, "指標を足す")
    _fill(manager, name="そろえた表", unit="件", before="0", target="30")
    _press(manager, "保存する")
    expect(manager.locator("main")).to_contain_text("そろえた表")

    # The page of the expert offers the report; it begins in April 2030.
    page.goto(own)
    _follow(page, "月の報告をする")
    _accessible(page)

    # Numbers for everybody.
    office.goto(begun)
    _follow(office, "数字を公表する")
    _accessible(office)
    _press(office, "この数字を公表する")
    page.goto(f"{site.url}/m/{ATSUGI}/joint/experts/public/")
    _follow(page, "ブラウザの試験の募集")
    expect(page.locator("main")).to_contain_text("非公表")
    _accessible(page)


@pytest.mark.long
def test_fifty_two_towns_are_matched_chosen_and_asked(browser: Browser, site: Site) -> None:
    office = _at(browser, site, "office52@machi.example")
    office.goto(f"{site.url}/work/")
    first = "202011"
    office.goto(f"{site.url}/m/{first}/joint/experts/")
    _follow(office, "2027年度 デジタル専門家の募集")
    _follow(office, "組み合わせを計算する")
    _press(office, "計算する")
    expect(office.locator("main table")).to_contain_text("不安定な組")
    _accessible(office)
    _follow(office, "適合度の合計が最大の理由を見る")
    expect(office.locator("main")).to_contain_text("相手のない")
    _accessible(office)
    office.go_back()
    _follow(office, "安定（自治体から申し込む）の理由を見る")
    _follow(office, "この結果を選んで伝える")
    _fill(office, reason="自治体の希望を優先する")
    _press(office, "双方に伝える")
    expect(office.locator("main table")).to_contain_text("返事待ち")
    with office.expect_download() as file:
        office.get_by_role("link", name="Excel").click()
    assert file.value.path().read_bytes()[:2] == b"PK"
    manager = _at(browser, site, f"manager@{first}.example", width=390)
    manager.goto(f"{site.url}/m/{first}/joint/experts/")
    _follow(manager, "2027年度 デジタル専門家の募集")
    _accessible(manager)
