"""Partners found: curve, suggestion, choice on map and list, estimate, interest, pair; and a prefecture in blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import _check

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
YAIZU, KURASHIKI = "222127", "332020"
NAGANO, MATSUMOTO = "202011", "202029"


@pytest.fixture
def people(browser: Browser, site: Site) -> Iterator[dict[str, Page]]:
    """A signed-in page for each e-mail address, made when it is first asked for."""
    complaints: list[str] = []

    class Pages(dict[str, Page]):
        def __missing__(self, email: str) -> Page:
            context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
            page = context.new_page()
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            sign_in(page, site, email)
            self[email] = page
            return page

    pages = Pages()
    yield pages
    for page in pages.values():
        page.context.close()
    assert complaints == []


def accessible(page: Page) -> None:
    assert _check(page, page.url) == []


def at(site: Site, code: str, path: str = "") -> str:
    return f"{site.url}/m/{code}/joint/partners/{path}"


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def test_a_town_finds_its_partner(page: Page, people: dict[str, Page], site: Site) -> None:
    sign_in(page, site, "manager@yaizu.example")
    page.goto(at(site, YAIZU))
    accessible(page)

    follow(page, "町の大きさと1人あたりの費用")
    page.get_by_label("支出の目的").select_option(label="教育（教育費）")
    press(page, "表示する")
    expect(page.locator("svg.chart .chart-name")).to_have_text("焼津市")
    fill = page.locator(".chart-band").first.evaluate("band => getComputedStyle(band).fill")
    assert fill not in ("none", "rgb(0, 0, 0)")  # the style sheet reaches the picture
    accessible(page)

    page.goto(at(site, YAIZU, "suggestions/"))
    page.get_by_label("近くにある").select_option(label="とても重く見る")
    press(page, "この重みでさがす")
    expect(page.locator(".suggested > li")).to_have_count(10)
    accessible(page)

    # On the map and in the list the same towns are chosen.
    page.goto(at(site, YAIZU, "choose/"))
    page.locator("svg.map a[aria-label^='島田市'] path").click()
    expect(page.locator(".towns-to-tick input:checked")).to_have_count(2)
    accessible(page)
    page.get_by_role("checkbox", name=re.compile("^藤枝市")).check()
    page.locator(".town-list + .actions button").first.click()
    expect(page.locator("h1")).to_have_text("仕事を一緒にした場合の見積もり")
    expect(page.locator(".notice-warning")).to_contain_text("移行の費用")
    accessible(page)
    page.get_by_label("名前").fill("志太の三市")
    press(page, "保存する")
    expect(page.locator("h1")).to_have_text("志太の三市")
    press(page, "共同体に見せる")
    expect(page.locator("main")).to_contain_text("共同体のすべての町に見せました")
    accessible(page)

    page.goto(at(site, YAIZU, "interests/declare/"))
    page.get_by_label("相手の町", exact=False).first.select_option(label="倉敷市")
    page.get_by_label("一緒に考えたい仕事").fill("港の観光案内")
    page.get_by_label("見てほしい「選んだ町」").select_option(label="志太の三市")
    accessible(page)
    press(page, "伝える")
    expect(page.locator("main")).to_contain_text("倉敷市に関心を伝えました")

    office = people["joint-office@machi.example"]
    office.goto(at(site, KURASHIKI, "interests/"))
    expect(office.locator("main")).not_to_contain_text("港の観光案内")

    other = people["manager@kurashiki.example"]
    other.goto(at(site, KURASHIKI))
    follow(other, "見て返事をする")
    accessible(other)
    follow(other, "港の観光案内")
    follow(other, "関心ありと答える")
    accessible(other)
    press(other, "関心ありと答える")
    expect(other.locator("main")).to_contain_text("双方が関心ありの組です")
    follow(other, "志太の三市")
    expect(other.locator("h1")).to_have_text("志太の三市")

    office.reload()
    follow(office, "港の観光案内")
    office.get_by_label("書く").fill("事務局が日程を調整します。")
    press(office, "書く")
    accessible(office)
    page.reload()
    expect(page.locator(".timeline").first).to_contain_text("事務局が日程を調整します。")


@pytest.mark.long
def test_towns_are_chosen_without_javascript_and_without_the_map(browser: Browser, site: Site) -> None:
    context = browser.new_context(
        java_script_enabled=False, locale="ja-JP", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    sign_in(page, site, "clerk@atsugi.example")
    page.goto(at(site, "142123", "choose/"))
    page.get_by_label("町の名前でさがす（全国）").fill("えびな")
    press(page, "表示する")
    page.get_by_role("checkbox", name=re.compile("^海老名市")).check()
    press(page, "選択を反映する")
    press(page, "この町で見積もる")
    expect(page.locator("main")).to_contain_text("厚木市、海老名市")
    context.close()


def test_prefecture_is_divided_while_one_waits(people: dict[str, Page], site: Site) -> None:
    page = people["manager@yaizu.example"]
    page.goto(at(site, YAIZU, "blocks/"))
    accessible(page)
    page.goto(at(site, YAIZU, "blocks/ask/"))
    page.get_by_label("1つのまとまりの町の数（少なくとも）").fill("3")
    page.get_by_label("1つのまとまりの町の数（多くとも）").fill("6")
    accessible(page)
    press(page, "計算を頼む")
    expect(page.locator("main")).to_contain_text("これより良い案がないことを証明しました", timeout=60_000)
    expect(page.locator("svg.map .map-town")).to_have_count(35)
    patterns = page.locator("svg.map .map-town").evaluate_all(
        "towns => towns.map(t => t.getAttribute('fill'))"
    )
    assert all(re.fullmatch(r"url\(#fill-[0-5]\)", one) for one in patterns)
    accessible(page)
    press(page, "共同体に見せる")
    other = people["manager@kurashiki.example"]
    other.goto(at(site, KURASHIKI, "blocks/"))
    follow(other, "静岡県")
    expect(other.locator("svg.map")).to_be_visible()


@pytest.mark.long
def test_the_same_among_52_towns(people: dict[str, Page], site: Site) -> None:
    page = people[f"manager@{NAGANO}.example"]
    page.goto(at(site, NAGANO, "choose/"))
    follow(page, "共同体の町を足す")
    expect(page.locator(".card-key li")).to_have_count(52)
    page.locator(".card-key button").click()
    expect(page.locator("caption").first).to_have_text("仕事を一緒にした場合")
    page.get_by_label("名前").fill("五十二の町")
    press(page, "保存する")
    press(page, "共同体に見せる")
    accessible(page)
    page.locator("main").get_by_role("link", name="松本市に関心を伝える").click()
    page.get_by_label("一緒に考えたい仕事").fill("職員研修の教材")
    press(page, "伝える")
    expect(page.locator("main")).to_contain_text("松本市に関心を伝えました")

    other = people[f"manager@{MATSUMOTO}.example"]
    other.goto(at(site, MATSUMOTO, "interests/"))
    follow(other, "職員研修の教材")
    follow(other, "関心ありと答える")
    press(other, "関心ありと答える")
    office = people["office52@machi.example"]
    office.goto(at(site, NAGANO, "interests/"))
    expect(office.locator("main")).to_contain_text("職員研修の教材")
    accessible(office)
