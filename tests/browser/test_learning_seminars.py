"""Seminars clicked through: the office publishes, people register, wait, move up, come, answer and read the report."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import _check

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
ATSUGI = "142123"
DESK = {"width": 1280, "height": 900}
TITLE = "手続きとAIの勉強会"
NOW = datetime.now(UTC) + timedelta(hours=9)  # as in Japan


def test_seminar_of_three_towns_from_draft_to_report(page: Page, browser: Browser, site: Site) -> None:
    office = _office(browser, site, "joint-office@machi.example")
    seminar = _published(office, site, ATSUGI, seats=2, starts=NOW + timedelta(days=20))
    public = seminar.replace("/seminar-work/", "/seminars/")

    _register(page, public, "一郎", "ichiro@visit.example")
    expect(page.locator("main")).to_contain_text("席を用意しました")
    assert _check(page, page.url) == []
    _register(page, public, "二郎", "jiro@visit.example")
    _register(page, public, "三郎", "saburo@visit.example")
    expect(page.locator("main")).to_contain_text("キャンセル待ちとして受け付けました")
    page.goto(public)
    expect(page.locator("main")).to_contain_text("満席・キャンセル待ち受付")

    page.goto(_link(site, "ichiro@visit.example", "申し込みを受け付けました"))
    expect(page.locator("svg.entrance-code")).to_be_visible()
    assert _check(page, page.url) == []
    calendar = page.request.get(page.url.split("?")[0] + "seminar.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    page.get_by_role("link", name="申し込みを取り消す").click()
    assert _check(page, page.url) == []
    page.get_by_role("button", name="取り消す").click()
    expect(page.locator(".chip").first).to_contain_text("取り消し")

    page.goto(_link(site, "saburo@visit.example", "席が空きました"))
    expect(page.locator("main")).to_contain_text("参加する")
    assert _check(page, page.url) == []
    page.get_by_role("link", name="参加する").click()
    page.get_by_role("button", name="参加する").click()
    expect(page.locator(".chip").first).to_contain_text("参加")
    code = page.locator(".code").inner_text()
    mine = page.url

    # At the entrance: one by the typed code, one by the list.
    office.goto(seminar + "check-in/")
    assert _check(office, office.url) == []
    office.get_by_label("受付で見せる番号").fill(code)
    office.get_by_role("button", name="出席にする").click()
    expect(office.locator("main")).to_contain_text("参加 三郎さんの出席を付けました")
    office.goto(seminar + "attendance/")
    assert _check(office, office.url) == []
    office.get_by_role("button", name=re.compile("出席にする")).first.click()
    expect(office.locator("main progress")).to_have_attribute("value", "2")
    office.goto(seminar + "people/")
    assert _check(office, office.url) == []
    with office.expect_download() as got:
        office.get_by_role("link", name="Excel").click()
    assert got.value.suggested_filename.startswith("registrations-")

    # It is held: its time is put behind us.
    _begun(office, seminar)
    office.goto(seminar)
    _step(office, "開催済みにする", "開催済みにする")
    office.goto(seminar + "questionnaire/")
    _step(office, "アンケートを用意する", "用意する")
    assert _check(office, office.url) == []
    _step(office, "アンケートを送る", "アンケートを送る")

    page.goto(_link(site, "saburo@visit.example", "アンケートのお願い"))
    assert _check(page, page.url) == []
    page.locator("[name=q_satisfied][value=very]").check()
    page.locator("[name=q_useful][value=soon]").check()
    page.locator("[name=q_good]").fill("事例がよかった")
    page.get_by_role("button", name="答えを送る").click()
    expect(page.locator("main")).to_contain_text("ありがとうございました")
    assert page.url.split("?")[0] == mine.split("?")[0]

    office.goto(seminar + "questionnaire/")
    expect(office.locator("main progress")).to_have_attribute("value", "1")
    _step(office, "締め切る", "締め切る")
    office.goto(seminar + "report/")
    _step(office, "報告を作る", "報告を作る")
    _wait_for(office, seminar + "report/", "公表する")
    assert _check(office, office.url) == []
    expect(office.locator("main")).to_contain_text("回答が5人に満たないので、言葉は載せません")
    _step(office, "公表する", "公表する")
    page.goto(public + "report/")
    expect(page.locator("main")).to_contain_text("事務局が確かめ")
    assert _check(page, page.url) == []
    assert page.request.get(public + "report/docx/").body().startswith(b"PK")


@pytest.mark.long
def test_sample_s_report_of_201_registrations_reads_well(page: Page, browser: Browser, site: Site) -> None:
    """Charts, topics and quotes, on a phone and on a desk, in three languages."""
    home = f"{site.url}/m/{ATSUGI}/learning/seminars/"
    page.goto(home)
    assert _check(page, home) == []
    page.goto(home + "?past")
    page.get_by_role("link", name="生成AIを仕事に生かす").click()
    expect(page.locator("main")).to_contain_text("基調講演")
    page.get_by_role("link", name="報告を読む").click()
    expect(page.locator("main")).to_contain_text("201")
    expect(page.locator("blockquote").first).to_be_visible()
    assert "090-1234" not in page.content()
    assert _check(page, page.url) == []
    desk = browser.new_context(viewport=DESK, locale="ja-JP").new_page()
    desk.goto(page.url)
    expect(desk.locator(".figures svg").first).to_be_visible()
    assert _check(desk, desk.url) == []
    office = _office(browser, site, "joint-office@machi.example")
    office.goto(f"{site.url}/m/{ATSUGI}/learning/seminar-work/")
    assert _check(office, office.url) == []
    office.get_by_role("link", name="生成AIを仕事に生かす").click()
    assert _check(office, office.url) == []


@pytest.mark.long
def test_seminar_of_fifty_two_towns(page: Page, browser: Browser, site: Site) -> None:
    """The decisive steps in a large consortium: publish, register with a town of 52, wait, move up by more seats."""
    office = _office(browser, site, "office52@machi.example")
    town = _first_town(page, site)
    seminar = _published(office, site, town, seats=1, starts=NOW + timedelta(days=25))
    public = seminar.replace("/seminar-work/", "/seminars/")
    _register(page, public, "一郎", "one@fifty.example", town=town)
    _register(page, public, "二郎", "two@fifty.example", town=town)
    expect(page.locator("main")).to_contain_text("キャンセル待ち")
    office.goto(seminar + "change/")
    office.locator("[name=seats_on_site]").fill("5")
    office.get_by_role("button", name="保存する").click()
    page.goto(_link(site, "two@fifty.example", "席が空きました"))
    page.get_by_role("link", name="参加する").click()
    page.get_by_role("button", name="参加する").click()
    expect(page.locator(".chip").first).to_contain_text("参加")
    office.goto(seminar + "people/")
    assert office.locator("main tbody tr").count() == 2
    assert _check(office, office.url) == []
    office.goto(seminar + "letters/")
    expect(office.locator("main")).to_contain_text("席の案内")
    assert _check(office, office.url) == []


def _office(browser: Browser, site: Site, email: str) -> Page:
    page = browser.new_context(viewport=DESK, locale="ja-JP").new_page()
    sign_in(page, site, email)
    return page


def _published(office: Page, site: Site, code: str, *, seats: int, starts: datetime) -> str:
    """The address of a seminar that was written and published on the office's pages."""
    office.goto(f"{site.url}/m/{code}/learning/seminar-work/create/")
    assert _check(office, office.url) == []
    for name, value in {
        "title": TITLE,
        "purpose": "窓口の手続きにAIをどう使うかを学ぶ。",
        "venue": "市民会館",
        "seats_on_site": str(seats),
        "starts_at": f"{starts:%Y-%m-%dT%H:00}",
        "ends_at": f"{starts + timedelta(hours=3):%Y-%m-%dT%H:00}",
        "opens_at": f"{NOW - timedelta(days=1):%Y-%m-%dT%H:00}",
        "closes_at": f"{starts - timedelta(hours=2):%Y-%m-%dT%H:00}",
        "contact": "共同事務局",
    }.items():
        office.locator(f"[name={name}]").fill(value)
    office.get_by_role("button", name="下書きを保存する").click()
    expect(office.locator("main")).to_contain_text("下書きを作りました")
    assert _check(office, office.url) == []
    office.get_by_role("link", name="登壇者を加える").click()
    office.locator("[name=name]").fill("講師 花子")
    office.locator("[name=consented_on]").fill(f"{NOW:%Y-%m-%d}")
    office.get_by_role("button", name="保存する").click()
    office.get_by_role("link", name="セッションを加える").click()
    office.locator("[name=title]").fill("事例の発表")
    office.get_by_label("講師 花子").check()
    office.get_by_role("button", name="保存する").click()
    seminar = office.url
    _step(office, "公開する", "公開する")
    expect(office.locator("main")).to_contain_text("公開しました")
    assert _check(office, seminar) == []
    return seminar


def _step(office: Page, link: str, button: str) -> None:
    office.locator("main").get_by_role("link", name=link, exact=True).first.click()
    office.locator("main").get_by_role("button", name=button, exact=True).click()


def _register(page: Page, public: str, name: str, email: str, town: str = "") -> None:
    page.goto(public)
    page.get_by_role("link", name="申し込みに進む").click()
    page.locator("[name=name]").fill(f"参加 {name}")
    page.locator("[name=email]").fill(email)
    page.locator("[name=role][value=resident]").check()
    if town:
        page.locator("[name=town]").select_option(town)
    page.locator("[name=needs]").fill("手話通訳")
    time.sleep(3.5)  # nobody reads the page faster
    page.get_by_role("button", name="申し込む").click()
    page.wait_for_url(re.compile("/thanks/"))


def _link(site: Site, to: str, subject: str) -> str:
    """The secret link of a letter, as a worker sent it."""
    for _ in range(240):
        for letter in reversed(site.letters):
            body = letter.get_payload(decode=True)
            said = str(_decoded(letter["Subject"]))
            if letter["To"] == to and subject in said and isinstance(body, bytes):
                found = re.search(r"http\S+/my-seminar/\S+", body.decode())
                if found:
                    return found[0]
        time.sleep(0.5)
    raise AssertionError(f"no letter to {to}: {subject}")


def _decoded(subject: str) -> str:
    from email.header import decode_header, make_header

    return str(make_header(decode_header(subject)))


def _begun(office: Page, seminar: str) -> None:
    """The office moves its time: it began an hour ago."""
    office.goto(seminar + "change/")
    for name, hours in {"opens_at": -48, "closes_at": -2, "starts_at": -1, "ends_at": 3}.items():
        office.locator(f"[name={name}]").fill(f"{NOW + timedelta(hours=hours):%Y-%m-%dT%H:%M}")
    office.get_by_role("button", name="保存する").click()
    expect(office.locator("main")).to_contain_text("保存しました")


def _wait_for(page: Page, address: str, words: str) -> None:
    for _ in range(300):
        page.goto(address)
        if words in page.locator("main").inner_text():
            return
        time.sleep(1)
    raise AssertionError(f"{words} did not come")


def _first_town(page: Page, site: Site) -> str:
    listed = page.request.get(f"{site.url}/api/v1/municipalities").json()
    return min(
        str(one["code"])
        for one in listed
        if one["code"] >= "200000" and one["code"] not in ("222127", "332020")
    )
