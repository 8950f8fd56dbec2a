"""The three procedures from upload to the applicant's letter; hostile files; the form filled in on a phone."""

from __future__ import annotations

import io
import re
import time
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from machi.casework.domain.shipped import shipped
from machi.casework.engine.filling import fill
from machi.casework.sample import applications as sample
from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessible import _check
from tests.casework.desk import a_huge_png
from tests.casework.engine.intake_files import bomb

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
WIDE = {"width": 1280, "height": 900}
TODAY = date.today()  # noqa: DTZ011  (what an applicant would write)
CODE = "142123"


def _desk(browser: Browser, site: Site, email: str) -> Page:
    page = browser.new_context(viewport=WIDE, locale="ja-JP").new_page()
    sign_in(page, site, email)
    return page


def _url(site: Site, path: str) -> str:
    return f"{site.url}/m/{CODE}/casework/{path}"


def _upload(desk: Page, site: Site, *files: Path) -> None:
    desk.goto(_url(site, "applications/add/"))
    desk.locator("[name=upload]").set_input_files([str(one) for one in files])
    desk.get_by_role("button", name="登録する").click()


def _read(desk: Page, address: str) -> None:
    """Waits for the worker of the site."""
    for _ in range(240):
        desk.goto(address)
        if desk.locator(".value").count():
            return
        time.sleep(0.5)
    raise AssertionError("never read")


def _look_at_all(desk: Page) -> None:
    """With the keyboard alone."""
    for _ in range(60):
        link = desk.get_by_role("link", name="一つずつ確かめる")
        if link.count() == 0:
            return
        link.focus()
        desk.keyboard.press("Enter")
        desk.wait_for_url(re.compile("/correct/"))
        while "/correct/" in desk.url:
            before = desk.locator("h1").inner_text() + desk.locator(".chip").first.inner_text()
            desk.keyboard.press("Enter")
            desk.wait_for_load_state()
            expect(desk.locator("main")).not_to_have_text(before)


def _papers(desk: Page) -> None:
    for box in desk.locator("[name=document]").all():
        box.check()
    desk.get_by_role("button", name="書類を確かめた").click()
    expect(desk.locator("main")).to_contain_text("点検をやり直しました")


def _letter(desk: Page) -> None:
    for name, kind in (("PDF", "application/pdf"), ("Word", "wordprocessingml")):
        href = desk.get_by_role("link", name=name, exact=True).last.get_attribute("href")
        answered = desk.request.get(f"{desk.url.split('/m/')[0]}{href}")
        assert answered.status == 200
        assert kind in answered.headers["content-type"]


def _make(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_child_allowance_with_two_persons(browser: Browser, site: Site, tmp_path: Path) -> None:
    values = {
        **sample.child(TODAY),
        "applicant_name": "小林　実",
        "signature": "小林実",
        "child1_name": "小林　蓮",
    }
    desk = _desk(browser, site, "clerk@atsugi.example")
    _upload(desk, site, _make(tmp_path, "児童手当.pdf", sample.filled(sample.CHILD, values)))
    expect(desk.locator("h1")).to_contain_text("1件の申請を受け付けました")
    assert _check(desk, desk.url) == []
    address = site.url + (desk.locator("tbody a").first.get_attribute("href") or "")
    _read(desk, address)
    assert _check(desk, address) == []
    # A file's own letters leave no doubt; a person may look at a field all the same, with the keyboard alone.
    desk.get_by_role("link", name="直す").first.focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile("/correct/"))
    assert _check(desk, desk.url) == []
    desk.keyboard.press("Enter")
    desk.wait_for_url(lambda at: "/correct/" not in at)
    _look_at_all(desk)
    _papers(desk)
    desk.get_by_role("link", name="承認する").click()
    assert _check(desk, desk.url) == []
    desk.locator("[name=reason]").fill("令和9年1月分から、児童2人分とします。")
    desk.get_by_role("button", name="承認する").click()
    expect(desk.locator("main")).to_contain_text("2人目の承認")

    head = _desk(browser, site, "manager@atsugi.example")
    head.goto(address)
    head.get_by_role("link", name="2人目として承認する").click()
    head.get_by_role("button", name="2人目として承認する").click()
    expect(head.locator("main")).to_contain_text("通知書ができています")
    _letter(head)

    desk.goto(address)
    status = desk.get_by_role("link", name="申請者に見えるページ").get_attribute("href")
    desk.get_by_role("link", name="通知済みにする").click()
    desk.get_by_role("button", name="通知済みにする").click()
    assert desk.get_by_role("link", name="決定を取り消す").count() == 0
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP").new_page()
    phone.goto(status or "")
    expect(phone.locator("main")).to_contain_text("結果をお知らせしました")
    expect(phone.locator("main")).not_to_contain_text("小林")
    assert _check(phone, phone.url) == []


def test_certificate_from_a_scan_is_amended(browser: Browser, site: Site, tmp_path: Path) -> None:
    """A picture, not a PDF: read by the recogniser. The fee is short, so the applicant is asked for the rest."""
    procedure = shipped()[sample.POST]
    values = {
        **sample.certificate(TODAY),
        "copies": "2",
        "requester_name": "中村　恵",
        "subject_name": "中村　恵",
    }
    form = procedure.forms[0]
    scan = fill(procedure.blanks[form.key], form, values, kind="png")[0]
    desk = _desk(browser, site, "clerk@atsugi.example")
    _upload(desk, site, _make(tmp_path, "請求書.png", scan))
    address = site.url + (desk.locator("tbody a").first.get_attribute("href") or "")
    _read(desk, address)
    expect(desk.locator("main")).to_contain_text("足りません")
    desk.get_by_role("link", name="補正を依頼する").click()
    expect(desk.locator("[name=what]")).to_have_value(re.compile("足りません"))
    desk.get_by_role("button", name="依頼する").click()
    _letter(desk)
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP").new_page()
    phone.goto(desk.get_by_role("link", name="申請者に見えるページ").get_attribute("href") or "")
    expect(phone.locator("main")).to_contain_text("直していただきたいところがあります")
    expect(phone.locator("main")).to_contain_text("足りません")
    assert _check(phone, phone.url) == []
    mended = fill(procedure.blanks[form.key], form, {**values, "fee": "600"}, kind="png")[0]
    phone.locator("[name=upload]").set_input_files(str(_make(tmp_path, "直した.png", mended)))
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.locator("main")).to_contain_text("ファイルを受け取りました")


def test_park_permit_is_refused_by_a_person_with_reason_and_remedy(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    values = {**sample.event(TODAY), "event_name": "花火大会", "fire": "yes", "park_name": "若宮公園"}
    desk = _desk(browser, site, "clerk@atsugi.example")
    _upload(desk, site, _make(tmp_path, "公園.pdf", sample.filled(sample.PARK, values)))
    address = site.url + (desk.locator("tbody a").first.get_attribute("href") or "")
    _read(desk, address)
    expect(desk.locator("main")).to_contain_text("満たさない")
    desk.get_by_role("link", name="承認しない").click()
    expect(desk.locator("main")).to_contain_text("審査請求")
    desk.get_by_role("button", name="承認しないと決める").click()
    expect(desk.locator("main")).to_contain_text("入力内容を確認")
    desk.locator("[name=reason]").fill("条例で禁じる花火を含むため。")
    desk.get_by_role("button", name="承認しないと決める").click()
    expect(desk.locator("main")).to_contain_text("2人目の承認を待ちます")
    head = _desk(browser, site, "manager@atsugi.example")
    head.goto(address)
    head.get_by_role("link", name="2人目として承認する").click()
    expect(head.locator("main")).to_contain_text("花火")
    head.get_by_role("button", name="2人目として承認する").click()
    _letter(head)
    desk.goto(address)
    desk.get_by_role("link", name="決定を取り消す").click()
    desk.get_by_role("button", name="取り消す").click()
    expect(desk.locator("main")).to_contain_text("審査に戻しました")


def test_hostile_files_are_refused_and_the_others_go_on(browser: Browser, site: Site, tmp_path: Path) -> None:
    good = sample.filled(sample.PARK, {**sample.event(TODAY), "event_name": "写生会"})
    files = [
        _make(tmp_path, "よい.pdf", good),
        _make(tmp_path, "爆弾.xlsx", bomb()),
        _make(tmp_path, "スクリプト.html", b"<html><script>alert(1)</script></html>"),
        _make(tmp_path, "巨大.png", a_huge_png()),
        _make(tmp_path, "壊れた.pdf", b"%PDF-1.7\n1 0 obj\n<<"),
        _make(tmp_path, "プログラム.pdf", b"MZ\x90\x00" + bytes(200)),
        _make(tmp_path, "空.pdf", b""),
    ]
    desk = _desk(browser, site, "clerk@atsugi.example")
    _upload(desk, site, *files)
    # More than a few are opened by the worker; the page shows by itself what becomes of them.
    expect(desk.locator("main")).to_contain_text("1件の申請を受け付けました", timeout=60_000)
    assert _check(desk, desk.url) == []
    rows = {row.locator("th").inner_text(): row.inner_text() for row in desk.locator("tbody tr").all()}
    assert "受け付けた" in rows["よい.pdf"]
    for name, why in (
        ("爆弾.xlsx", "異常に大きく"),
        ("スクリプト.html", "スクリプトは受け付けません"),
        ("巨大.png", "画像が大きすぎます"),
        ("壊れた.pdf", "壊れている"),
        ("プログラム.pdf", "プログラムは受け付けません"),
        ("空.pdf", "空です"),
    ):
        assert "断った" in rows[name]
        assert why in rows[name]


def test_web_form_on_a_phone_without_scripts(browser: Browser, site: Site) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="ja-JP", java_script_enabled=False
    )
    phone = context.new_page()
    phone.goto(_url(site, "apply/"))
    phone.get_by_role("link", name="公園内での催しの許可").click()
    phone.get_by_role("button", name="この内容で申請する").click()
    phone.get_by_role("alert").get_by_role("link", name="氏名", exact=True).click()
    assert phone.evaluate("location.hash") == "#id_applicant_name"
    for key, value in sample.event(TODAY).items():
        box = phone.locator(f"[name={key}]")
        if box.count() == 0:
            continue
        if (box.first.get_attribute("type") or "") in ("radio", "checkbox"):
            chosen = phone.locator(f"[name={key}][value='{value}']")
            (chosen if chosen.count() else box).first.check()
        else:
            box.fill(value)
    phone.get_by_role("button", name="この内容で申請する").click()
    phone.wait_for_url(re.compile("/status/"))
    expect(phone.locator("main")).to_contain_text("申請を受け付けました。受付番号は")
    expect(phone.locator("main")).not_to_contain_text("伊藤")
    receipt = phone.get_by_role("link", name="受付のお知らせ").get_attribute("href")
    assert phone.request.get(f"{site.url}{receipt}").headers["content-type"] == "application/pdf"
    context.close()


def test_what_is_asked_for_on_paper_says_how_and_gives_the_form(browser: Browser, site: Site) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP").new_page()
    phone.goto(_url(site, "apply/"))
    assert _check(phone, phone.url) == []
    phone.get_by_role("link", name="住民票の写しの郵送請求").click()
    expect(phone.locator("main")).to_contain_text("定額小為替")
    assert phone.locator("main form").count() == 0
    assert _check(phone, phone.url) == []
    form = phone.get_by_role("link", name="様式（PDF）").get_attribute("href")
    assert phone.request.get(f"{site.url}{form}").body().startswith(b"%PDF")


def test_applicant_who_writes_nothing_is_led_to_each_field(browser: Browser, site: Site) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP").new_page()
    phone.goto(_url(site, "apply/park-event-permit/"))
    phone.get_by_role("button", name="この内容で申請する").click()
    expect(phone.get_by_role("alert")).to_be_in_viewport()
    assert _check(phone, phone.url) == []


def test_staff_begin_on_a_phone_with_what_waits(browser: Browser, site: Site) -> None:
    """All that waits, and the rooms, within two or three screens: it was more than six."""
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP").new_page()
    sign_in(phone, site, "manager@atsugi.example")
    phone.goto(f"{site.url}/m/{CODE}/work/")
    assert phone.evaluate("document.documentElement.scrollHeight") < 3 * 844
    expect(phone.get_by_role("link", name="審査を待っている申請")).to_be_in_viewport()
    assert _check(phone, phone.url) == []
    phone.locator("details.room summary", has_text="申請と文書の仕事").click()
    phone.locator("details.room").get_by_role("link", name="申請の書き出し").click()
    phone.wait_for_url(re.compile("/output/"))


def test_paper_scanned_twice_is_compared_and_one_ends_without_a_decision(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    values = {**sample.event(TODAY), "event_name": "もちつき大会", "park_name": "ぼうさいの丘公園"}
    procedure = shipped()[sample.PARK]
    form = procedure.forms[0]
    scan = fill(procedure.blanks[form.key], form, values, kind="png")[0]
    desk = _desk(browser, site, "clerk@atsugi.example")
    addresses = []
    for name, data in (("一度目.png", scan), ("二度目.jpg", _scanned_again(scan))):
        _upload(desk, site, _make(tmp_path, name, data))
        addresses.append(site.url + (desk.locator("tbody a").first.get_attribute("href") or ""))
        _read(desk, addresses[-1])
    desk.get_by_role("link", name="並べて見比べる").click()
    assert _check(desk, desk.url) == []
    assert desk.locator(".side-page img").count() == 2
    comparing = desk.url
    for more in ("close/", "choose/", "correct/empty/"):
        desk.goto(addresses[1] + more)
        assert _check(desk, desk.url) == []
    desk.goto(comparing)
    desk.get_by_label("同じもの：この申請は、決定をせずに終える").check()
    desk.get_by_role("button", name="決める").click()
    expect(desk.locator("main")).to_contain_text("決定せずに終了")
    desk.goto(addresses[0])
    expect(desk.locator("main")).to_contain_text("審査待ち")


def _scanned_again(scan: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(scan)).convert("RGB").rotate(0.5, fillcolor="white").save(out, "JPEG", quality=85)
    return out.getvalue()
