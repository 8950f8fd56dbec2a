"""A joint project, its funding, and what it is worth, clicked through; with three towns, and in a consortium of 52."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from machi.joint.engine.half_years import half_year_of
from machi.joint.sample.monitoring import begun_before
from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import RULES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
ATSUGI, KURASHIKI, YAIZU = "142123", "332020", "222127"
SLUGS = {ATSUGI: "atsugi", KURASHIKI: "kurashiki", YAIZU: "yaizu"}


class Desk:
    """Pages of people who are signed in, kept for the next step."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.pages: dict[str, Page] = {}
        self.complaints: list[str] = []

    def of(self, email: str, width: int = 1280) -> Page:
        if email not in self.pages:
            context = self.browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP")
            page = context.new_page()
            page.on(
                "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
            )
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            sign_in(page, self.site, email)
            self.pages[email] = page
        return self.pages[email]

    def town(self, code: str, role: str = "manager") -> Page:
        return self.of(f"{role}@{SLUGS.get(code, code)}.example", 390 if role == "clerk" else 1280)

    def open(self, page: Page, code: str, path: str) -> None:
        response = page.goto(f"{self.site.url}/m/{code}/joint/{path}")
        assert response is not None
        assert response.status == 200, response.url


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(value)


def press(page: Page) -> None:
    """The main button of the page's last form."""
    page.locator("main form").last.locator("button:not(.button-quiet)").last.click()
    page.wait_for_load_state()


def accessible(page: Page) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, page.url


@pytest.fixture
def desk(browser: Browser, site: Site):
    desk = Desk(browser, site)
    yield desk
    for page in desk.pages.values():
        page.context.close()
    assert desk.complaints == []


def cycle(desk: Desk, office: Page, lead: str, others: list[str], reports: dict[str, str]) -> str:
    """From registration to a confirmed report; returns the project's number."""
    starts = begun_before(1)
    ends = starts.replace(year=starts.year + 1)
    desk.open(office, lead, "projects/register/")
    fill(
        office,
        title="避難所名簿の共同整備",
        amount="4000000",
        starts_on=starts.isoformat(),
        ends_on=ends.isoformat(),
    )
    office.locator("main [name=area]").select_option("disaster")
    office.locator("main [name=lead]").select_option(lead)
    for code in others:
        office.locator(f"main [name=members][value='{code}']").check()
    press(office)
    expect(office.locator("h1")).to_contain_text("避難所名簿の共同整備")
    number = str(re.findall(r"/projects/(\d+)/", office.url)[0])

    manager = desk.town(lead)
    desk.open(manager, lead, f"projects/{number}/kpis/add/")
    fill(manager, name="整備した避難所", unit="か所", baseline="0", target="40")
    press(manager)
    desk.open(manager, lead, f"projects/{number}/milestones/add/")
    fill(manager, title="様式をそろえる", due_on=starts.isoformat())
    press(manager)

    half = half_year_of(starts)
    for code, value in reports.items():
        clerk = desk.town(code, "clerk")
        desk.open(clerk, code, f"projects/{number}/reports/write/{half}/")
        fill(clerk, did="様式をそろえ、名簿を整備した。", spent="800000")
        clerk.locator("main [name^=kpi-]").fill(value)
        press(clerk)
        expect(clerk.locator("main")).to_contain_text("管理職の提出を待っています")
        boss = desk.town(code)
        boss.goto(clerk.url)
        boss.get_by_role("link", name="提出する").click()
        press(boss)
        expect(boss.locator("main")).to_contain_text("提出済み")
    desk.open(office, lead, "projects/reports-due/")
    office.locator("main li a", has_text="避難所名簿の共同整備").first.click()
    office.get_by_role("link", name="確認した").click()
    press(office)
    expect(office.locator("main")).to_contain_text("確認済み")
    return number


def test_whole_cycle_with_three_towns(desk: Desk) -> None:
    office = desk.of("joint-office@machi.example")
    number = cycle(desk, office, ATSUGI, [KURASHIKI], {ATSUGI: "11", KURASHIKI: "12"})

    manager = desk.town(ATSUGI)
    desk.open(manager, ATSUGI, f"projects/{number}/")
    expect(manager.locator("main")).to_contain_text("実績は23か所")
    accessible(manager)
    manager.locator("main h3 a").first.click()
    expect(manager.locator("main")).to_contain_text("自治体ごとの値")
    accessible(manager)

    clerk = desk.town(ATSUGI, "clerk")
    desk.open(clerk, ATSUGI, f"projects/{number}/model/")
    fill(
        clerk,
        summary="様式を1つにする",
        problem="様式がちがう",
        steps="集める\nそろえる",
        needs="担当",
        costs="400万円",
    )
    press(clerk)
    sheet = clerk.url.rstrip("/").rsplit("/", 1)[1]
    desk.open(office, ATSUGI, f"models/{sheet}/publish/")
    press(office)
    yaizu = desk.town(YAIZU)
    desk.open(yaizu, YAIZU, f"models/{sheet}/adopt/")
    fill(yaizu, plan="そのまま使う")
    press(yaizu)
    yaizu.get_by_role("link", name="取り入れた結果を伝える").click()
    yaizu.locator("main [name=state][value=worked]").check()
    fill(yaizu, outcome="2週間で整った")
    press(yaizu)
    expect(yaizu.locator("main table")).to_contain_text("2週間で整った")
    accessible(yaizu)

    desk.open(clerk, ATSUGI, f"projects/{number}/ask/")
    fill(clerk, title="様式の版", question="版はどう管理しますか")
    press(clerk)
    asked = clerk.url
    desk.open(office, ATSUGI, "questions/")
    office.get_by_role("link", name="様式の版").click()
    office.get_by_role("link", name="回答する").click()
    fill(office, answer="共同事務局が版を管理します。")
    press(office)
    clerk.goto(asked)
    expect(clerk.locator("main")).to_contain_text("共同事務局が版を管理します。")
    accessible(clerk)
    desk.open(office, ATSUGI, f"projects/{number}/visits/add/")
    office.locator("main [name=town]").select_option(KURASHIKI)
    fill(office, visited_on=timezone.localdate().isoformat(), seen="名簿を見た")
    press(office)
    expect(office.locator("main")).to_contain_text("名簿を見た")


@pytest.mark.long
def test_programmes_are_imported_and_a_plan_is_matched(desk: Desk) -> None:
    office = desk.of("joint-office@machi.example")
    desk.open(office, ATSUGI, "programmes/import/")
    name = "見本：避難所整備の助成"
    content = f"名称,実施主体,目的,補助率,上限額\n{name},見本の財団,防災,2/3,50万円\n".encode("cp932")
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": content}
    office.locator("main input[type=file]").set_input_files(file)
    press(office)
    expect(office.locator("main")).to_contain_text("まだ取り込んでいません")
    accessible(office)
    office.get_by_role("button", name="取り込む").click()
    expect(office.locator("main table")).to_contain_text(name)

    clerk = desk.town(ATSUGI, "clerk")
    desk.open(clerk, ATSUGI, "funding/new/")
    fill(clerk, title="避難所の名簿")
    clerk.locator("main [name=purposes][value=disaster]").check()
    clerk.locator("main [name=cost-setup]").fill("900000")
    accessible(clerk)
    press(clerk)
    expect(clerk.locator("main")).to_contain_text("、上限500,000円まで")
    accessible(clerk)
    manager = desk.town(ATSUGI)
    manager.goto(clerk.url)
    manager.get_by_role("link", name="申請する制度を決める").click()
    manager.get_by_label(name, exact=True).check()
    fill(manager, reason="額が足りる")
    press(manager)
    expect(manager.locator("main .card-key")).to_contain_text(name)


@pytest.mark.long
def test_cost_and_benefit_in_ranges_and_against_facts(desk: Desk) -> None:
    clerk = desk.town(ATSUGI, "clerk")
    desk.open(clerk, ATSUGI, "benefits/new/")
    fill(clerk, title="議事録AI", wage_low="2500", wage_likely="3000", wage_high="3500")
    press(clerk)
    figures = ("1000000 1500000 2500000", "300000 400000 500000", "900 1200 1500", "300 500 900", "40 60 90")
    for at, row in enumerate(figures):
        for name, value in zip(("low", "likely", "high"), row.split(), strict=True):
            clerk.locator(f"main [name=form-{at}-{name}]").fill(value)
    accessible(clerk)
    press(clerk)
    expect(clerk.locator("main svg[role=img]")).to_have_count(6)
    accessible(clerk)
    clerk.get_by_role("link", name="計画を確定する").click()
    press(clerk)
    clerk.get_by_role("link", name=re.compile("年度の実績を入れる")).first.click()
    clerk.locator("main [name^=line-]").nth(3).fill("950")
    press(clerk)
    expect(clerk.locator("main")).to_contain_text("計画の範囲より多い")
    expect(clerk.locator("main")).to_contain_text("これまでの実績が続いたら")
    accessible(clerk)


@pytest.mark.long
def test_decisive_steps_in_a_consortium_of_52(desk: Desk, site: Site) -> None:
    office = desk.of("office52@machi.example")
    office.goto(f"{site.url}/work/")
    office.locator("main a[href*='/m/']").first.click()
    lead = re.findall(r"/m/(\d{6})/", office.url)[0]
    desk.open(office, lead, "projects/")
    expect(office.locator("main table")).to_contain_text("生成 ")
    accessible(office)
    desk.open(office, lead, "projects/register/")
    other = office.locator("main [name=members]").nth(3).get_attribute("value")
    assert other is not None
    number = cycle(desk, office, lead, [other], {lead: "9", other: "14"})
    desk.open(office, lead, f"projects/{number}/")
    expect(office.locator("main")).to_contain_text("実績は23か所")
    manager = desk.town(lead)
    desk.open(manager, lead, "funding/new/")
    fill(manager, title="避難所の名簿")
    manager.locator("main [name=purposes][value=disaster]").check()
    manager.locator("main [name=cost-devices]").fill("3000000")
    manager.locator(f"main [name=towns][value='{other}']").check()
    press(manager)
    expect(manager.locator("main h2").first).to_contain_text("条件に合う制度")
    expect(manager.locator("main article").first).to_contain_text("補助額")
