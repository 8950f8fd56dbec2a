"""After a course, clicked through: a plan is made, looked back on after 30 days, and counted for the manager."""

from __future__ import annotations

import re
import sqlite3
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import RULES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
TOWN = "142123"
LEARNER = f"learner01@{TOWN}.example"
"""Of the sample's earlier cohort: through with the course, and without a plan."""


def accessible(page: Page) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, page.url


def pass_days(site: Site, days: int) -> None:
    """Plans made today were made that long ago: what waits for a day needs no waiting in a test."""
    database = sqlite3.connect(site.home / "machi.sqlite3", timeout=30)
    today = timezone.localdate()
    then = today - timedelta(days=days)
    with database:
        moved = database.execute(
            "UPDATE learning_practiceplan SET made_on = ? WHERE made_on >= ?",
            (then.isoformat(), (today - timedelta(days=1)).isoformat()),
        )
    assert moved.rowcount == 1
    database.close()


def test_from_a_plan_to_the_managers_counts(browser: Browser, site: Site) -> None:
    complaints: list[str] = []
    pages = []
    for email, width in ((LEARNER, 390), ("manager@atsugi.example", 1280)):
        page = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP").new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        sign_in(page, site, email)
        pages.append(page)
    learner, manager = pages

    learner.goto(f"{site.url}/m/{TOWN}/learning/my/")
    learner.locator("main .town-cards a").first.click()
    expect(learner.locator("#plans-heading")).to_have_text("研修のあとにやること")
    accessible(learner)
    learner.get_by_role("link", name="実践計画を立てる").click()
    for name, text in {
        "will": "会議の要点を、AIの要約と比べながら3回まとめる。",
        "work": "課内会議の記録",
        "see": "かかった時間を書きとめて比べる。",
    }.items():
        learner.locator(f"main [name={name}]").fill(text)
    accessible(learner)
    learner.get_by_role("button", name="この計画にする").click()
    expect(learner.locator("main")).to_contain_text("におたずねします")
    expect(learner.get_by_role("link", name="30日後の振り返りを書く")).to_have_count(0)

    pass_days(site, 30)
    learner.reload()
    learner.get_by_role("link", name="30日後の振り返りを書く").click()
    learner.get_by_label("一部できた").check()
    learner.locator("main [name=hours]").fill("1.5")
    learner.locator("main [name=helped]").fill("係の人が一緒に試してくれた。")
    accessible(learner)
    learner.get_by_role("button", name="書きとめる").click()
    expect(learner.locator("main")).to_contain_text("一部できた")
    accessible(learner)

    manager.goto(f"{site.url}/m/{TOWN}/learning/follow-up/")
    manager.get_by_role("link", name=re.compile("前回 AI研修")).click()
    expect(manager.locator("main .stat", has_text="計画を立てた人")).to_contain_text("8")
    expect(manager.locator("main")).to_contain_text("30日後の振り返り")
    accessible(manager)
    manager.goto(f"{site.url}/m/{TOWN}/learning/plans/shared/")
    expect(manager.locator("main")).not_to_contain_text("課内会議の記録")
    manager.goto(learner.url)
    expect(manager.locator("main")).not_to_contain_text("係の人が一緒に")

    learner.get_by_role("button", name="講師と管理職に見せる").click()
    manager.reload()
    expect(manager.locator("main")).to_contain_text("係の人が一緒に試してくれた。")
    manager.goto(f"{site.url}/m/{TOWN}/learning/effect/")
    expect(manager.locator("main")).to_contain_text("効果の推定ではありません")
    accessible(manager)
    # The manager was refused the plan before it was shared: the browser says so on its console.
    assert [one for one in complaints if "404" not in one] == []
    for page in pages:
        page.context.close()
