"""A joint purchase the whole way: office, three towns, their heads; and the decisive steps with 52 towns."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from importlib.resources import files

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import RULES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TOWNS = {"142123": "atsugi", "222127": "yaizu", "332020": "kurashiki"}
TITLE = "防災ラジオの共同調達"
TODAY = timezone.localdate()
CONTRACT = {"name": "契約書.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n1 0 obj\nendobj\n"}


def staff(browser: Browser, site: Site, email: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP").new_page()
    sign_in(page, site, email)
    return page


def fill(page: Page, **values: object) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name.replace('_', '-') if name[-1].isdigit() else name}]").fill(str(value))


def press(page: Page, label: str) -> None:
    page.locator("main").get_by_role("button", name=label, exact=True).click()
    page.wait_for_load_state()


def follow(page: Page, label: str) -> None:
    page.locator("main").get_by_role("link", name=label).first.click()
    page.wait_for_load_state()


def check(page: Page) -> None:
    """As every page of the house: no violation of axe's rules, nothing wider than the screen."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == [], page.url
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) <= 0, page.url


def test_three_towns_buy_together(page: Page, browser: Browser, site: Site) -> None:
    office = page  # on a phone
    sign_in(office, site, "joint-office@machi.example")
    office.goto(f"{site.url}/m/142123/joint/")
    follow(office, "共同調達")
    check(office)
    follow(office, "共同調達を始める")
    fill(office, title=TITLE, purpose="災害のときの知らせを届ける", collect_until=TODAY, tender_yen=200_000)
    office.get_by_label("物品").check()
    check(office)
    press(office, "始める")
    purchase = office.url
    number = re.search(r"/purchases/(\d+)/", purchase)
    assert number
    path = f"joint/purchases/{number[1]}/"
    follow(office, "品目を足す")
    fill(office, name="防災ラジオ", unit="台", from_1=1, least_1=9000, most_1=11_000)
    fill(office, from_2=100, least_2=7000, most_2=8500)
    check(office)
    press(office, "足す")

    clerks = {code: staff(browser, site, f"clerk@{slug}.example") for code, slug in TOWNS.items()}
    for (code, clerk), quantity in zip(clerks.items(), (60, 45, 80), strict=True):
        clerk.goto(f"{site.url}/m/{code}/{path}demand/")
        if code == "332020":
            follow(clerk, "ExcelかCSVから取り込む")
            check(clerk)
            listed = (
                f"品目,数量,納入の希望（早くて）,納入の希望（遅くて）\n防災ラジオ,{quantity},R9.4.1,R9.6.30\n"
            )
            file = {"name": "需要.csv", "mimeType": "text/csv", "buffer": listed.encode("cp932")}
            clerk.locator("main input[type=file]").set_input_files(file)
            press(clerk, "読み取る")
            expect(clerk.locator("main")).to_contain_text("まだ取り込んでいません")
            check(clerk)
            press(clerk, "この内容で取り込む")
        else:
            follow(clerk, "入れる")
            fill(clerk, quantity=quantity, earliest="2027-04-01", latest="2027-06-30", ceiling=9_000_000)
            press(clerk, "保存する")
    others = clerks["332020"]
    expect(others.locator("main")).to_contain_text("185台（3）")
    expect(others.locator("main")).not_to_contain_text("45台")
    check(others)

    office.goto(purchase)
    follow(office, "ロットの案を見て、決める")
    expect(office.locator("main")).to_contain_text("節約の見込み")
    check(office)
    fill(office, reason="納入の希望が重なるため、案のとおり")
    press(office, "この分け方で決める")
    follow(office, "買うものについて答える")
    office.locator("[name=personal][value=no]").check()
    office.locator("[name=ai][value=no]").check()
    press(office, "保存して次へ")
    check(office)
    press(office, "保存して次へ")
    check(office)
    office.locator("main input[name^=ceiling]").fill("2000000")
    press(office, "保存する")
    follow(office, "要件を確定する")
    fill(office, offers_by=TODAY)
    press(office, "確定する")

    follow(office, "見積と採点を入れる")
    vendors = office.url
    for name, points, price in (("甲電機", "3", 7800), ("乙無線", "2", 7000)):
        office.goto(vendors)
        follow(office, "事業者を足す")
        fill(office, name=name)
        press(office, "足す")
        vendor = office.url
        follow(office, "単価を入れる")
        fill(office, from_1=1, price_1=9500, from_2=100, price_2=price)
        press(office, "保存する")
        assert office.url == vendor
        for box in office.locator("main select[name^=points]").all():
            box.select_option(points)
        press(office, "採点を保存する")
    check(office)
    others.goto(f"{site.url}/m/332020/{path}vendors/")
    expect(others.locator("main")).to_contain_text("見積は封をしてあります")
    check(others)
    office.goto(vendors)
    check(office)
    follow(office, "開札する")
    press(office, "開札する")

    follow(office, "ロット1の見積を比べ、落札者を決める")
    press(office, "見積を比べる")
    expect(office.locator("main")).to_contain_text("甲電機")
    check(office)
    follow(office, "落札者を決める")
    fill(office, reason="評価値が最も高い")
    press(office, "落札者にする")
    check(office)
    lot = office.url
    follow(office, "分担の方法を並べて比べる")
    press(office, "分担を計算する")
    check(office)
    follow(office, "分担の方法を決める")
    office.get_by_label("シャープレイ値").check()
    fill(office, reason="加わることで増える費用が映る")
    press(office, "この方法にして、各町に尋ねる")

    for code, slug in TOWNS.items():
        head = staff(browser, site, f"manager@{slug}.example")
        head.goto(f"{site.url}/m/{code}/{path}")
        follow(head, "ロット1の負担額に答える")
        check(head)
        head.get_by_label("同意する").check()
        press(head, "答える")
        check(head)
    expect(head.locator("main")).to_contain_text("同意 3、異議 0、回答待ち 0")

    office.goto(lot)
    follow(office, "契約を記録する")
    fill(office, number="R9-12", signed_on=TODAY, starts_on=TODAY, ends_on=TODAY + timedelta(365))
    office.locator("main input[type=file]").set_input_files(CONTRACT)
    press(office, "記録する")
    expect(office.locator("main")).to_contain_text("契約書.pdf")
    follow(office, "町ごとの納入を見る・記録する")
    follow(office, "納入を記録する")
    office.locator("[name=municipality]").select_option("222127")
    fill(office, quantity=45, on=TODAY)
    press(office, "記録する")
    receiver = clerks["222127"]
    receiver.goto(f"{site.url}/m/222127/{path}")
    follow(receiver, "ロット1の納入を確かめる")
    follow(receiver, "納入を確かめる")
    receiver.get_by_label("数量も品質もよい").check()
    press(receiver, "検査の結果を記録する")
    expect(receiver.locator("main")).to_contain_text("検収済み")
    check(receiver)

    receiver.goto(f"{site.url}/m/222127/{path}")
    check(receiver)
    with receiver.expect_download() as download:
        receiver.locator("main h3 + p").get_by_role("link", name="PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    expect(receiver.locator("main")).to_contain_text("負担額に同意した")
    assert "NOT INTACT" not in site.machi("ledger", "verify")


def first_generated() -> str:
    with (files("machi.base") / "data" / "municipalities.csv").open(encoding="utf-8") as file:
        return min(
            row["code"] for row in csv.DictReader(file) if row["code"] >= "200000" and row["kind"] != "ward"
        )


@pytest.mark.long
def test_52_towns_buy_together(page: Page, browser: Browser, site: Site) -> None:
    code = first_generated()
    sign_in(page, site, "office52@machi.example")
    listed = f"{site.url}/m/{code}/joint/purchases/"
    page.goto(listed)
    follow(page, "窓口用タブレットの共同調達")
    follow(page, "ロットの案を見て、決める")
    check(page)
    fill(page, reason="案のとおり")
    press(page, "この分け方で決める")
    expect(page.locator("main h1")).to_contain_text("窓口用タブレット")
    follow(page, "ロットの一覧と書き出し")
    check(page)

    page.goto(listed)
    follow(page, "庁内用端末の共同調達")
    purchase = page.url
    follow(page, "見積と採点を入れる")
    follow(page, "開札する")
    press(page, "開札する")
    follow(page, "ロット1の見積を比べ、落札者を決める")
    press(page, "見積を比べる")
    follow(page, "落札者を決める")
    fill(page, reason="評価値が最も高い")
    press(page, "落札者にする")
    follow(page, "分担の方法を並べて比べる")
    press(page, "分担を計算する")
    expect(page.locator("main")).to_contain_text("95%の幅")
    check(page)
    follow(page, "分担の方法を決める")
    page.get_by_label("シャープレイ値").check()
    fill(page, reason="どの町も単独より安い")
    press(page, "この方法にして、各町に尋ねる")
    expect(page.locator("main")).to_contain_text("同意 0、異議 0")

    # In the purchase that came shared: a town that takes part answers.
    page.goto(listed)
    follow(page, "会議録作成支援サービス")
    follow(page, "ロット1")
    follow(page, "分担の方法を並べて比べる")
    with page.expect_download() as download:
        page.locator("main").get_by_role("link", name="CSV（UTF-8）").click()
    rows = list(csv.reader(download.value.path().read_text(encoding="utf-8-sig").splitlines()))
    town = rows[1][0]
    answer = page.url.replace(f"/m/{code}/", f"/m/{town}/") + "answer/"
    head = staff(browser, site, f"manager@{town}.example")
    head.goto(answer)
    head.get_by_label("異議がある").check()
    fill(head, reason="人口で割ってほしい")
    press(head, "答える")
    expect(head.locator("main")).to_contain_text("異議 1")
    check(head)
    assert purchase
