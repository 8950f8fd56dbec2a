"""A survey and the self-assessment, clicked through: built, published, filled in on screen and with Excel, handed in,
counted; with three towns, and in a consortium of 52."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_joint_monitoring import ATSUGI, KURASHIKI, YAIZU, Desk, accessible, fill, press

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


class Learners(Desk):
    def open(self, page: Page, code: str, path: str) -> None:
        response = page.goto(f"{self.site.url}/m/{code}/learning/{path}")
        assert response is not None
        assert response.status == 200, response.url


@pytest.fixture
def desk(browser: Browser, site: Site) -> Iterator[Learners]:
    desk = Learners(browser, site)
    yield desk
    for page in desk.pages.values():
        page.context.close()
    assert desk.complaints == []


def begin(desk: Learners, office: Page, code: str, name: str, year: int) -> str:
    """Prepares and publishes a ready survey; its number."""
    desk.open(office, code, "surveys/ready/")
    office.locator(f"main [name=name][value={name}]").check()
    fill(office, year=str(year))
    press(office)
    number = str(re.findall(r"/surveys/(\d+)/", office.url)[0])
    accessible(office)
    office.locator("main").get_by_role("link", name="公開する", exact=True).click()
    press(office)
    expect(office.locator("main .chip").first).to_contain_text("回答受付中")
    return number


def filled_in(page: Page, tmp_path: Path, answers: dict[str, str]) -> Path:
    """The Excel file of the page, filled in as somebody would."""
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Excelで書く").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(downloading.value.path()).read_bytes()))
    for row in book["回答"].iter_rows():
        if row[5].value in answers:
            row[3].value = answers[str(row[5].value)]
    file = tmp_path / "answers.xlsx"
    book.save(file)
    return file


@pytest.mark.long
def test_a_small_survey_is_built_and_tried_without_leaving_the_screen(desk: Learners) -> None:
    office = desk.of("joint-office@machi.example")
    desk.open(office, ATSUGI, "surveys/begin/")
    fill(office, series="lunch", year="2031", title="研修の希望の調査")
    accessible(office)
    press(office)
    edit = office.url
    for kind, fields in (
        (
            "single",
            {"text": "研修を受けたいですか", "options": "yes = はい | Yes\nno = いいえ | No", "sign": "want"},
        ),
        (
            "multiple",
            {
                "text": "受けたい内容",
                "options": "basic = 基礎\nwrite = 指示文\n分からない ［単独］",
                "sign": "topics",
            },
        ),
        ("text", {"text": "そのほか", "sign": "more"}),
    ):
        office.goto(edit)
        office.locator("main [name=kind]").select_option(kind)
        office.get_by_role("button", name="書く").click()
        fill(office, **fields)
        if kind != "text":
            office.locator("main [name=required]").check()
        accessible(office)
        press(office)
    office.get_by_role("link", name=re.compile("条件.*受けたい内容")).click()
    office.get_by_role("link", name=re.compile("研修を受けたいですか")).click()
    office.locator("main [name=options][value=yes]").check()
    accessible(office)
    press(office)
    expect(office.locator("main")).to_contain_text("問1で「はい」を選んだときに答えてください。")
    office.goto(edit)
    office.get_by_role("button", name=re.compile("上へ.*そのほか")).click()
    expect(office.locator("main .builder > li").nth(1)).to_contain_text("そのほか")
    office.get_by_role("link", name="ほかの調査の質問を使う").click()
    accessible(office)
    office.goto(edit)
    office.get_by_role("link", name="試しに見る").click()
    accessible(office)
    topics = office.locator("[data-question=topics]")
    expect(topics).to_be_hidden()
    office.locator("main [name=q_want][value=yes]").check()
    expect(topics).to_be_visible()
    press(office)
    expect(topics.locator(".errorlist")).to_contain_text("答えてください")
    topics.locator("[value=basic]").check()
    press(office)
    expect(office.locator("main .messages")).to_contain_text("このまま提出できる回答です")


def test_the_ready_survey_on_screen_and_with_excel_to_its_results(desk: Learners, tmp_path: Path) -> None:
    office = desk.of("joint-office@machi.example")
    number = begin(desk, office, ATSUGI, "ai-adoption", 2031)

    clerk = desk.town(KURASHIKI, "clerk")
    desk.open(clerk, KURASHIKI, f"surveys/{number}/answer/")
    accessible(clerk)
    for name, value in (("lead", "also"), ("officer", "named"), ("policy", "making"), ("rules", "all")):
        clerk.locator(f"main [name=q_{name}][value={value}]").check()
    expect(clerk.locator("[data-question=ai_tools]")).to_be_hidden()
    clerk.locator("main [name=q_ai_state][value=none]").check()
    clerk.locator("main [name=q_gen_state][value=none]").check()
    expect(clerk.locator("[data-saved]")).to_contain_text("自動で保存しました", timeout=15_000)
    clerk.reload()
    expect(clerk.locator("main [name=q_lead][value=also]")).to_be_checked()

    wrong = filled_in(clerk, tmp_path, {"rpa_state": "そのうち", "obstacles:people": "○", "budget": "1,200"})
    clerk.get_by_role("link", name="Excelから取り込む").click()
    clerk.locator("main input[type=file]").set_input_files(wrong)
    press(clerk)
    expect(clerk.locator("main [role=alert]")).to_contain_text(
        "（「そのうち」）: 選択肢の中から選んでください。"
    )
    accessible(clerk)
    desk.open(clerk, KURASHIKI, f"surveys/{number}/answer/")
    right = filled_in(
        clerk, tmp_path, {"rpa_state": "いまのところ予定はない", "obstacles:people": "○", "budget": "1200"}
    )
    desk.open(clerk, KURASHIKI, f"surveys/{number}/answer/upload/")
    clerk.locator("main input[type=file]").set_input_files(right)
    press(clerk)
    expect(clerk.locator("main [name=q_budget]")).to_have_value("1200")

    manager = desk.town(KURASHIKI)
    desk.open(manager, KURASHIKI, f"surveys/{number}/")
    manager.get_by_role("link", name="提出する").click()
    press(manager)
    expect(manager.locator("main")).to_contain_text("提出済み")
    accessible(manager)
    manager.get_by_role("link", name="結果を見る").click()
    expect(manager.locator("main")).to_contain_text("いまのところ予定はない")
    expect(manager.locator("main tr.own").first).to_contain_text("倉敷市")
    accessible(manager)
    desk.open(manager, KURASHIKI, f"surveys/{number}/results/ai_state/")
    expect(manager.locator("main svg.map")).to_be_visible()
    accessible(manager)
    desk.open(office, ATSUGI, f"surveys/{number}/responses/")
    expect(office.locator("main table")).to_contain_text("提出済み")
    accessible(office)


def test_the_self_assessment_leads_to_next_steps(desk: Learners) -> None:
    office = desk.of("joint-office@machi.example")
    number = begin(desk, office, ATSUGI, "ai-maturity", 2031)
    manager = desk.town(YAIZU)
    desk.open(manager, YAIZU, f"surveys/{number}/answer/")
    for box in manager.locator("[data-question]").all():
        if box.locator("[value=l1]").count():
            box.locator("[value=l1]").check()
    manager.get_by_role("button", name="保存して確かめる").click()
    press(manager)
    expect(manager.locator("main")).to_contain_text("まず取り組むこと")
    expect(manager.locator("main .steps > li")).to_have_count(3)
    expect(manager.locator("main")).to_contain_text("段階1から2へ")
    accessible(manager)


@pytest.mark.long
def test_results_of_52_towns_hide_small_counts(desk: Learners, site: Site) -> None:
    site.machi("learning", "generate", "--towns", "52")
    office = desk.of("office52@machi.example")
    office.goto(f"{site.url}/work/")
    office.locator("main a[href*='/m/']").first.click()
    town = re.findall(r"/m/(\d{6})/", office.url)[0]
    desk.open(office, town, "surveys/")
    office.locator("main tbody a").first.click()
    number = re.findall(r"/surveys/(\d+)/", office.url)[0]
    desk.open(office, town, f"surveys/{number}/results/ai_state/")
    expect(office.locator("main svg.map path").nth(40)).to_be_attached()
    expect(office.locator("main")).not_to_contain_text("非公開（少数）")
    accessible(office)
    clerk = desk.town(town, "clerk")
    desk.open(clerk, town, f"surveys/{number}/results/")
    expect(clerk.locator("main")).to_contain_text("非公開（少数）")
    accessible(clerk)
    desk.open(clerk, town, f"surveys/{number}/results/ai_state/")
    expect(clerk.locator("main svg.map")).to_have_count(0)
    accessible(clerk)
