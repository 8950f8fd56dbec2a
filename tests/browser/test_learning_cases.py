"""A case from draft to a result told elsewhere, and a question from asking to the draft of a case, clicked through."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_joint_monitoring import ATSUGI, YAIZU, Desk, accessible, fill, press

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
TITLE = "庁舎の空調の記録をRPAで集める"


class LearningDesk(Desk):
    def of(self, email: str, width: int = 1280) -> Page:
        page = super().of(email, width)
        page.set_default_timeout(
            120_000
        )  # the recogniser and the embedder are loaded at the first page that asks
        return page

    def open(self, page: Page, code: str, path: str) -> None:
        response = page.goto(f"{self.site.url}/m/{code}/learning/{path}")
        assert response is not None
        assert response.status == 200, response.url


@pytest.fixture
def desk(browser: Browser, site: Site):
    desk = LearningDesk(browser, site)
    yield desk
    for page in desk.pages.values():
        page.context.close()
    assert desk.complaints == []


def test_case_is_written_reviewed_published_found_adopted_and_its_result_told(desk: LearningDesk) -> None:
    clerk = desk.town(ATSUGI, "clerk")
    desk.open(clerk, ATSUGI, "cases/new/")
    accessible(clerk)
    fill(
        clerk,
        title=TITLE,
        year="2026",
        problem="12の施設の空調の記録を、毎週手で写していた。",
        after="RPAが夜に記録を集め、朝に職員が食いちがいを見る。担当は山田太郎係長です。",
        hours_saved="9",
        counted_how="4週間ずつ測った。",
        risk_checked="止まったときの備え。",
        risk_result="止まれば知らせが来る。",
        ask_division="管財課",
    )
    clerk.locator("main [name=field]").select_option("staff")
    clerk.locator("main [name=tool]").select_option("rpa")
    clerk.locator("main [name=counted]").select_option("measured")
    press(clerk)
    expect(clerk.locator("h1")).to_contain_text(TITLE)
    accessible(clerk)
    clerk.get_by_role("link", name="提出する").click()
    expect(clerk.locator("main")).to_contain_text("人の名前「山田太郎」")
    accessible(clerk)
    press(clerk)
    expect(clerk.locator("main")).to_contain_text("消すか、確かめたことを示してください")
    number = re.findall(r"/cases/(\d+)/", clerk.url)[0]
    desk.open(clerk, ATSUGI, f"cases/{number}/change/")
    fill(clerk, after="RPAが夜に記録を集め、朝に職員が食いちがいを見る。")
    press(clerk)
    clerk.get_by_role("link", name="提出する").click()
    press(clerk)
    expect(clerk.locator("main")).to_contain_text("共同事務局が確認します")

    office = desk.of("joint-office@machi.example")
    desk.open(office, ATSUGI, "cases/waiting/")
    accessible(office)
    office.get_by_role("link", name=TITLE).click()
    office.get_by_role("link", name="公開する").click()
    accessible(office)
    press(office)
    expect(office.locator("main")).to_contain_text("公開しました")

    manager = desk.town(YAIZU)
    desk.open(manager, YAIZU, "cases/")
    accessible(manager)
    fill(manager, q="空調の記録")
    manager.locator("main .case-search button").click()
    expect(manager.locator("main table")).to_contain_text(TITLE)
    accessible(manager)
    manager.get_by_role("link", name=TITLE).click()
    expect(manager.locator("main")).to_contain_text("書いた町の報告だけ")
    manager.get_by_role("link", name="自分の町で取り入れる").click()
    accessible(manager)
    fill(manager, plan="管財課が来月から3施設で試す")
    press(manager)
    manager.get_by_role("link", name="取り入れた結果を伝える").click()
    manager.locator("main [name=state][value=worked]").check()
    fill(manager, hours_saved="5", differed="施設が少ない")
    manager.locator("main [name=counted]").select_option("records")
    accessible(manager)
    press(manager)
    expect(manager.locator("main")).to_contain_text("ほかの町も試した")
    expect(manager.locator("main table")).to_contain_text("施設が少ない")
    accessible(manager)
    clerk.goto(f"{desk.site.url}/m/{ATSUGI}/learning/cases/{number}/")
    accessible(clerk)


def test_question_is_answered_accepted_and_becomes_the_draft_of_a_case(desk: LearningDesk) -> None:
    asker = desk.town(ATSUGI, "clerk")
    desk.open(asker, ATSUGI, "discussion/new/")
    accessible(asker)
    fill(asker, title="庶務の質問への答え方", body="同じ質問が**毎日**来ます。@焼津市 ではどうしていますか。")
    press(asker)
    expect(asker.locator("main .prose strong")).to_have_text("毎日")
    topic = asker.url.split("#")[0]

    answerer = desk.town(YAIZU, "clerk")
    desk.open(answerer, YAIZU, "discussion/notices/")
    expect(answerer.locator("main")).to_contain_text("自治体が呼ばれました")
    accessible(answerer)
    answerer.get_by_role("link", name="庶務の質問への答え方").click()
    fill(answerer, body="@1 手引きをAIの案内に入れました。")
    press(answerer)
    expect(answerer.locator("main")).to_contain_text("焼津市の職員 @2")
    accessible(answerer)

    asker.goto(topic)
    asker.get_by_role("link", name=re.compile("役に立った答えにする")).click()
    press(asker)
    expect(asker.locator("main")).to_contain_text("役に立った答え")
    accessible(asker)

    answerer.reload()
    answerer.get_by_role("link", name="この答えから事例を書く").click()
    accessible(answerer)
    press(answerer)
    expect(answerer.locator("h1")).to_contain_text("庶務の質問への答え方")
    expect(answerer.locator("main")).to_contain_text("提出の前に書くこと")
    accessible(answerer)

    office = desk.of("joint-office@machi.example")
    desk.open(office, ATSUGI, "discussion/")
    accessible(office)
    office.get_by_role("link", name="庶務の質問への答え方").click()
    expect(office.locator("main")).to_contain_text("事務局だけに見えています")
    office.get_by_role("link", name=re.compile("^隠す.*書き込み2")).click()
    fill(office, reason="試しに隠す")
    accessible(office)
    press(office)
    asker.goto(topic)
    expect(asker.locator("main")).to_contain_text("この書き込みは共同事務局が隠しました")
    accessible(asker)
    desk.open(office, ATSUGI, "discussion/reports/")
    accessible(office)
    desk.open(asker, ATSUGI, "discussion/settings/")
    accessible(asker)
    desk.open(asker, ATSUGI, "cases/import/")
    accessible(asker)
    desk.open(asker, ATSUGI, "cases/own/")
    accessible(asker)
