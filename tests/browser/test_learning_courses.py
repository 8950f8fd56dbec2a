"""A course, clicked through: the office makes a cohort, a town enrols from Excel, a learner reads it on a phone and
completes it, and a stranger checks the certificate."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Site
from tests.browser.test_joint_monitoring import ATSUGI, Desk, accessible, fill, press

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
def desk(browser: Browser, site: Site):
    desk = Desk(browser, site)
    yield desk
    for page in desk.pages.values():
        page.context.close()
    assert desk.complaints == []


def visit(desk: Desk, page, path: str) -> None:
    response = page.goto(f"{desk.site.url}/m/{ATSUGI}/learning/{path}")
    assert response is not None
    assert response.status == 200, response.url


def test_from_the_first_draft_to_the_certificate(desk: Desk, browser: Browser, site: Site) -> None:
    office = desk.of("joint-office@machi.example")
    visit(desk, office, "courses/new/")
    fill(office, slug="short-course", title="30分で始めるAI", summary="はじめの一歩です。")
    press(office)
    office.get_by_role("link", name="章を加える").first.click()
    fill(office, title="はじめに")
    press(office)
    office.get_by_role("link", name="この章にレッスンを加える").click()
    fill(
        office,
        title="AIに聞く前に",
        slug="before",
        minutes="10",
        goals="準備ができる。",
        text="## 準備\n\n- 目的\n- 相手\n",
    )
    press(office)
    expect(office.locator("article h2")).to_have_text("準備")
    accessible(office)
    office.get_by_role("link", name="第1版").click()
    accessible(office)
    office.get_by_role("link", name="公開する").click()
    press(office)

    office.get_by_role("link", name="この版で回を作る").click()
    today = timezone.localdate()
    fill(
        office, title="秋の回", starts_on=today.isoformat(), ends_on=(today + timedelta(days=30)).isoformat()
    )
    office.locator("main [name=version]").select_option(label="30分で始めるAI v1")
    press(office)
    for step in ("受付を始める", "研修を始める"):
        office.get_by_role("link", name=step).click()
        press(office)
    cohort = str(re.findall(r"/cohorts/(\d+)/", office.url)[0])

    book = Workbook()
    book.active.append(["氏名", "メールアドレス"])
    book.active.append(["窓口 花子", "clerk@atsugi.example"])
    book.active.append(["新人 一", "new@atsugi.example"])
    out = io.BytesIO()
    book.save(out)
    manager = desk.town(ATSUGI)
    visit(desk, manager, f"cohorts/{cohort}/enrol/list/")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    manager.locator("main input[type=file]").set_input_files(
        {"name": "受講者.xlsx", "mimeType": kind, "buffer": out.getvalue()}
    )
    press(manager)
    expect(manager.locator("main")).to_contain_text("2人を登録できます")
    accessible(manager)
    manager.get_by_role("button", name="登録する").click()
    expect(manager.locator("main table").last).to_contain_text("新人 一")
    accessible(manager)

    learner = desk.town(ATSUGI, "clerk")  # on a phone
    visit(desk, learner, "my/")
    accessible(learner)
    learner.get_by_role("link", name="30分で始めるAI").click()
    accessible(learner)
    learner.get_by_role("link", name=re.compile("学び始める")).click()
    expect(learner.locator("article")).to_contain_text("目的")
    accessible(learner)
    learner.get_by_role("button", name="読み終えた").click()
    expect(learner.locator("main")).to_contain_text("修了証の番号は")
    accessible(learner)
    with learner.expect_download() as download:
        learner.get_by_role("link", name="修了証（PDF）を受け取る").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    code = re.findall(r"[0-9A-Y]{4}(?:-[0-9A-Y]{4}){3}", learner.locator("main").inner_text())[0]

    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    stranger = context.new_page()
    stranger.goto(f"{site.url}/m/{ATSUGI}/learning/certificates/")
    stranger.locator("main [name=number]").fill(code.lower().replace("-", ""))
    stranger.locator("main form button").click()
    expect(stranger.locator("main")).to_contain_text("この修了証は本物です")
    expect(stranger.locator("main")).to_contain_text("窓口 花子")
    accessible(stranger)
    context.close()


def test_a_real_lesson_with_its_picture_on_a_phone(desk: Desk) -> None:
    learner = desk.town(ATSUGI, "clerk")
    visit(desk, learner, "my/")
    learner.get_by_role("link", name="自治体職員のための生成AI").click()
    learner.locator("main ol.lessons a").first.click()
    expect(learner.locator("article img").first).to_have_js_property("complete", True)
    assert learner.locator("article img").first.evaluate("one => one.naturalWidth") > 0
    accessible(learner)
