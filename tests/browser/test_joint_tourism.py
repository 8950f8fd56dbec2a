"""Joint tourism clicked through: lists in, a visitor's route over towns, a request answered by mail, gains seen."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import _check

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
DAY = date.today() + timedelta(days=21)  # noqa: DTZ011  (the visitor's own calendar)
LIST = (
    "全国地方公共団体コード,ID,名称,緯度,経度,利用可能曜日,開始時間,終了時間,分類\n"
    "142123,B1,見晴らし台,35.4500,139.3300,,9:00,17:00,自然・公園\n"
)
SMALL = {"width": 1280, "height": 900}


def test_route_over_three_towns_request_answer_and_gains(page: Page, browser: Browser, site: Site) -> None:
    desk = _desk(browser, site, "clerk@atsugi.example")
    _take_list(desk, site, "142123")

    plan = _plan(page, site, "332020", must=("ジーンズの藍染め体験（見本）", "大原美術館"))
    expect(page.locator("main")).to_contain_text("必ず行きたい所")
    expect(page.locator("svg.route-map").first).to_be_visible()
    assert _check(page, plan) == []
    page.goto(f"{plan}?lang=en")
    expect(page.locator("main")).to_contain_text("Ohara Museum of Art")
    for name, kind in (("route.ics", "text/calendar"), ("route.pdf", "application/pdf")):
        answered = page.request.get(plan + name)
        assert answered.status == 200
        assert answered.headers["content-type"].startswith(kind)

    page.goto(plan)
    page.get_by_role("link", name="予約の希望を送る").first.click()
    assert _check(page, page.url) == []
    page.locator("[name=name]").fill("旅野 空")
    page.locator("[name=email]").fill("sora@visit.example")
    page.locator("[name=words]").fill("車いすです")
    page.get_by_role("button", name="送る", exact=True).click()
    page.wait_for_url(re.compile(r"/visit/requests/"))
    status = page.url
    expect(page.locator("main")).to_contain_text("返事待ち")
    assert _check(page, status) == []

    operator = browser.new_context(viewport=SMALL, locale="ja-JP").new_page()
    _open_letter(operator, site, "indigo@kurashiki-visit.example", "車いすです")
    expect(operator.locator("main")).to_contain_text("車いすです")
    assert _check(operator, operator.url) == []
    operator.get_by_label("別の日時を提案する").check()
    operator.locator("[name=proposed_on]").fill(DAY.isoformat())
    operator.locator("[name=proposed_at]").fill("15:00")
    operator.get_by_role("button", name="返事を送る").click()
    expect(operator.locator("main")).to_contain_text("お返事を送りました")

    _open_letter(page, site, "sora@visit.example", "この日時に決める")
    assert page.url == status
    page.get_by_role("link", name="この日時に決める").click()
    page.get_by_role("button", name="この日時に決める").click()
    expect(page.locator("main")).to_contain_text("提案された日時に決めました")

    town = _desk(browser, site, "clerk@kurashiki.example")
    town.goto(f"{site.url}/m/332020/joint/tourism/requests/?state=accepted")
    town.locator("main tbody a").first.click()
    expect(town.locator("main")).to_contain_text("旅野 空")
    assert _check(town, town.url) == []
    town.goto(f"{site.url}/m/332020/joint/tourism/gains/")
    expect(town.locator("main tbody tr").filter(has_text="倉敷市")).to_contain_text("5未満")
    assert _check(town, town.url) == []


@pytest.mark.long
def test_route_over_many_towns(page: Page, browser: Browser, site: Site) -> None:
    """The decisive steps in a consortium of 52: plan over all its spots, ask, answer for the operator, see gains."""
    first = _first_town(page, site)
    plan = _plan(page, site, first, must=())
    expect(page.locator("main")).to_contain_text("候補が多く、見込みの高い所から選んだ")
    assert page.locator(".stop-number").count() >= 3
    assert _check(page, plan) == []

    page.goto(f"{site.url}/m/{first}/joint/visit/?category=experience")
    page.locator("main h3 a").first.click()
    page.get_by_role("button", name="必ず行く").click()
    page.get_by_role("link", name="行程をつくる").click()
    _send(page)
    page.get_by_role("link", name="予約の希望を送る").first.click()
    spot_town = page.locator("main p").first.inner_text()
    page.locator("[name=name]").fill("旅野 空")
    page.locator("[name=email]").fill("sora52@visit.example")
    page.get_by_role("button", name="送る", exact=True).click()
    page.wait_for_url(re.compile(r"/visit/requests/"))
    status = page.url

    desk = _desk(browser, site, f"clerk@{first}.example")
    desk.goto(f"{site.url}/m/{first}/joint/tourism/requests/?state=sent")
    desk.locator("main tbody a").first.click()
    desk.get_by_label("受け付ける", exact=True).check()
    desk.get_by_role("button", name="返事を送る").click()
    expect(desk.locator("main")).to_contain_text("台帳の記録")
    page.goto(status)
    expect(page.locator("main")).to_contain_text("町の職員が、運営者に代わって受け付けました")
    assert spot_town

    office = _desk(browser, site, "office52@machi.example")
    office.goto(f"{site.url}/m/{first}/joint/tourism/gains/")
    assert office.locator("main tbody tr").count() == 53
    with office.expect_download() as got:
        office.get_by_role("link", name="Excel").click()
    assert got.value.suggested_filename.startswith("visit-gains-")


def _desk(browser: Browser, site: Site, email: str) -> Page:
    page = browser.new_context(viewport=SMALL, locale="ja-JP").new_page()
    sign_in(page, site, email)
    return page


def _take_list(desk: Page, site: Site, code: str) -> None:
    """A list with a mistake is refused by row and column; mended, it is looked at and taken."""
    desk.goto(f"{site.url}/m/{code}/joint/tourism/spots/")
    assert _check(desk, desk.url) == []
    desk.get_by_role("link", name="一覧を取り込む").click()
    for text in (LIST.replace("9:00", "朝"), LIST):
        file = {"name": "spots.csv", "mimeType": "text/csv", "buffer": text.encode()}
        desk.locator("[name=file]").set_input_files(file)
        desk.locator("[name=source]").fill("見本")
        desk.get_by_role("button", name="中を確かめる").click()
        if "朝" in text:
            expect(desk.locator(".notice-error").first).to_contain_text("2行目の「開始時間」")
            assert _check(desk, desk.url) == []
    expect(desk.locator("main")).to_contain_text("見晴らし台")
    assert _check(desk, desk.url) == []
    desk.get_by_role("button", name="取り込む").click()
    expect(desk.locator("main")).to_contain_text("取り込みました")
    desk.get_by_role("link", name="見晴らし台").click()
    assert _check(desk, desk.url) == []


def _plan(page: Page, site: Site, code: str, must: tuple[str, ...]) -> str:
    """Picks what must be seen on the spots' pages and makes a route; returns its address."""
    home = f"{site.url}/m/{code}/joint/visit/"
    page.goto(home)
    assert _check(page, home) == []
    for name in must:
        page.goto(f"{home}?q={name}")
        page.get_by_role("link", name=name).click()
        page.get_by_role("button", name="必ず行く").click()
        expect(page.locator(".chip").first).to_contain_text("必ず行く")
    assert _check(page, page.url) == []
    page.goto(home)
    page.get_by_role("link", name="行程をつくる").click()
    assert _check(page, page.url) == []
    _send(page)
    return page.url.split("?")[0]


def _send(page: Page) -> None:
    day = DAY + timedelta(days=(5 - DAY.weekday()) % 7)  # a Saturday
    page.locator("[name=starts_on]").fill(day.isoformat())
    page.get_by_role("button", name="行程をつくる").click()
    page.wait_for_url(re.compile(r"/visit/plans/"))


def _first_town(page: Page, site: Site) -> str:
    """The first of the generated consortium: the lowest code from 200000 on that is live and of no other."""
    listed = page.request.get(f"{site.url}/api/v1/municipalities").json()
    return min(
        str(one["code"])
        for one in listed
        if one["code"] >= "200000" and one["code"] not in ("222127", "332020")
    )


def _links_in_letters(site: Site, to: str) -> list[str]:
    """The secret links in the letters to an address, as a worker sent them, the newest first."""
    bodies = [one.get_payload(decode=True) for one in reversed(site.letters) if one["To"] == to]
    found = [re.search(r"http\S+/visit/\S+", body.decode()) for body in bodies if isinstance(body, bytes)]
    return [one[0] for one in found if one]


def _open_letter(page: Page, site: Site, to: str, saying: str) -> None:
    """Follows the link of the letter to ``to`` whose page says so: the sample's own requests send letters too."""
    for _ in range(600):
        for link in _links_in_letters(site, to):
            page.goto(link)
            if saying in page.locator("main").inner_text():
                return
        time.sleep(0.5)
    raise AssertionError(f"no letter to {to} about {saying}")
