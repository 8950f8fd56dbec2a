"""axe on every page, met by walking the links as each role. A page that nobody met fails the last test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from tests.browser import governance_pages as governance
from tests.browser.conftest import Site, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(600)]

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
TOWN = "142123"
MANY = ("casework:", "joint:", "learning:")
"""Rooms of many pages."""
ROLES = ("", "clerk", "manager", "administrator", "auditor", "ai-officer", "joint-office", "platform")

# They act and send on, or serve no page.
NO_PAGE = governance.NO_PAGE | {
    "base:language",
    "base:health",
    "base:ledger_verify",
    "base:ledger_log",
    "base:ledger_heads",
    "base:ledger_proof",
    "base:ledger_roots_json",
    "base:ledger_verifier",
    "frontdesk:ask",
    "frontdesk:ask_stream",
    "frontdesk:ask_without_ai",
    "frontdesk:helped",
    "frontdesk:mail",
    "frontdesk:take",
    "frontdesk:release",
    "frontdesk:note",
    "frontdesk:approve_faq",
    "frontdesk:reject_faq",
    "frontdesk:withdraw_faq",
    "casework:form_picture",
    "casework:page_image",
    "casework:snippet",
    "joint:benefit_file",
    "joint:call_letters",
    "joint:expert_letter",
    "joint:lot_contract_file",
    "joint:place_audit",
    "joint:place_facility_form",
    "joint:place_form",
    "joint:place_letters",
    "joint:project_file",
    "joint:proposal_file",
    "joint:proposal_letter",
    "joint:proposal_sheet",
    "joint:purchase_answer_sheet",
    "joint:purchase_letters_pdf",
    "joint:purchase_letters_word",
    "joint:purchase_requirements_pdf",
    "joint:purchase_requirements_word",
    "joint:sheet_file",
    "joint:steadiness_progress",
    "joint:visit_calendar",
    "joint:visit_leaflet",
    "joint:visit_map",
    "joint:visit_pick",
}
met: set[str] = set()
checked: set[str] = set()
"""Looked at by axe, as the first role that came saw them: half of the time went to the same page again."""


@pytest.fixture(scope="module")
def something_to_see(browser: Browser, site: Site) -> Iterator[dict[str, list[str]]]:
    """A question handed over, a proposed FAQ, a checked file, a stopped person, an incident, a procurement at its
    first step, a called model: so that every page has something on it. Yields where each role begins, besides the
    links of its menu."""
    town = f"{site.url}/m/{TOWN}"
    room = f"{town}/governance/"
    begin: dict[str, list[str]] = {}

    page = _page(browser)
    for question in ("議会の傍聴席に猫を連れて入れますか", "庁舎の屋上で花火を見られますか"):
        page.goto(f"{town}/")
        page.locator("#ask textarea[name=question]").fill(question)
        page.locator("#ask button").first.click()
        page.wait_for_url("**/i/*/")
    begin[""] = [page.url, page.url + "staff/", page.url + "status/"]
    _press(page, page.url + "staff/")

    page = _page(browser, site, "clerk")
    page.goto(f"{town}/desk/faqs/propose/")
    page.locator("main [name=question]").fill("見学はできますか")
    page.locator("main [name=answer]").fill("平日にできます。")
    page.locator("main [name=nobody_named]").check()
    _press(page)
    begin["clerk"] = governance.as_clerk(page, room)

    page = _page(browser, site, "manager")
    page.goto(f"{town}/desk/sources/")
    source = _link(page, "/desk/sources/")
    page.goto(source + "upload/")
    file = {
        "name": "faq.csv",
        "mimeType": "text/csv",
        "buffer": "質問,回答\n何時からですか,8時半です。\n".encode(),
    }
    page.locator("main input[type=file]").set_input_files(file)
    _press(page)
    begin["manager"] = [page.url, f"{town}/desk/sources/index/"]
    page.goto(source)
    withdrawn, in_use = (_link(page, "/desk/sources/files/", nth) for nth in (0, 1))
    _press(page, withdrawn + "withdraw/")
    begin["manager"] += [withdrawn, in_use]

    page = _page(browser, site, "administrator")
    page.goto(f"{town}/people/")
    working = page.locator("main a", has_text="課長 太郎").first.get_attribute("href")
    stopped = page.locator("main a", has_text="窓口 次郎").first.get_attribute("href")
    _press(page, f"{site.url}{stopped}stop/")
    begin["administrator"] = [f"{site.url}{working}", f"{site.url}{stopped}"]
    with governance.a_model() as model:
        begin["administrator"] += governance.as_administrator(page, room, model)
    begin["auditor"] = governance.as_auditor(_page(browser, site, "auditor"), room)

    page = _page(browser, site, "ai-officer")
    system = f"{town}/governance/systems/frontdesk.answers/"
    _press(page, system + "submit/")  # a renewal: the desk runs on
    page.wait_for_url("**/reviews/*/")
    review = page.url
    begin["ai-officer"] = [
        *(f"{system}{act}/" for act in ("approve", "suspend", "send-back", "retire")),
        f"{town}/governance/systems/frontdesk.drafts/submit/",
        *(review + more for more in ("", "board/", "raise/")),
        *governance.as_officer(page, room, begin["clerk"][0]),
    ]
    begin["platform"] = [
        f"{site.url}/platform/",
        f"{site.url}/platform/?q=銚子",
        f"{site.url}/platform/122025/",
    ]
    # A stopped AI has a page to take it up again; it is taken up when all have looked.
    drafts = f"{room}systems/{governance.DRAFTS}/"
    _press(page, drafts + "suspend/")
    begin["ai-officer"].append(drafts + "resume/")
    yield begin
    _press(page, drafts + "resume/")


def _page(browser: Browser, site: Site | None = None, role: str = "") -> Page:
    page = browser.new_context(locale="ja-JP").new_page()
    if site is not None:
        sign_in(page, site, _email(role))
    return page


def _email(role: str) -> str:
    return f"{role}@machi.example" if role in ("platform", "joint-office") else f"{role}@atsugi.example"


def _press(page: Page, address: str = "") -> None:
    """The main button of the page's last form."""
    if address:
        page.goto(address)
    page.locator("main form").last.locator("button:not(.button-quiet)").last.click()
    page.wait_for_load_state()


def _link(page: Page, part: str, nth: int = 0) -> str:
    """The ``nth`` of the links whose address ends in ``part`` and a number."""
    links: list[str] = page.locator("main a[href]").evaluate_all("links => links.map(link => link.href)")
    found = [link for link in dict.fromkeys(links) if re.search(re.escape(part) + r"\d+/$", link)]
    return found[nth]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "resident")
def test_every_page_met_is_accessible(
    role: str, browser: Browser, site: Site, something_to_see: dict[str, list[str]]
) -> None:
    phone = {"width": 390, "height": 844} if not role else {"width": 1280, "height": 900}
    context = browser.new_context(locale="ja-JP", viewport=phone)
    page = context.new_page()
    if role:
        sign_in(page, site, _email(role))
    start = [
        f"{site.url}/",
        f"{site.url}/m/{TOWN}/",
        f"{site.url}/account/login/",
        *something_to_see.get(role, []),
    ]
    if role:
        start.append(f"{site.url}/m/{TOWN}/work/")
    wrong = []
    for address, name in _walk(page, site, start):
        if name not in checked:
            checked.add(name)
            wrong += _check(page, address)
    context.close()
    assert not wrong, "\n".join(wrong)


def _walk(page: Page, site: Site, start: list[str]) -> Iterator[tuple[str, str]]:
    """Opens ``start``, and one page of each other name that links lead to; yields address and name while open."""
    waiting, first, seen = list(dict.fromkeys(start)), set(start), set[str]()
    while waiting:
        address = waiting.pop(0)
        name = _name(address)
        # These rooms' pages are walked once, by the first role that meets each; their own walks meet the rest.
        once = name is not None and name.startswith(MANY) and name in met
        passed_over = (name in seen or once) and address not in first
        first.discard(address)
        if name is None or passed_over or name in NO_PAGE or name == "account_logout":
            continue
        seen.add(name)
        try:
            response = page.goto(address)
        except PlaywrightError as error:
            if "Download is starting" in error.message:
                continue  # a file, no page
            raise
        assert response is not None
        assert response.status == 200, f"{address}: {response.status}"
        met.add(name)
        yield address, name
        # In a drawn map a link's address is an object of its own.
        links = page.locator("a[href]").evaluate_all(
            "links => links.map(link => new URL(link.getAttribute('href'), document.baseURI).href)"
        )
        waiting += [link.split("#")[0] for link in links if link.startswith(site.url)]


def _name(address: str) -> str | None:
    """Name of the view at an address; exports (a query on a list's own address) are no pages."""
    parts = urlsplit(address)
    if "format=" in parts.query or parts.path.startswith(("/static/", "/api/")):
        return None
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return None


def _check(page: Page, address: str) -> list[str]:
    results = Axe().run(page, options=RULES)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    wide = [f"{address}: {overflow} px wider than the screen"] if overflow > 0 else []
    return wide + [
        f"{address}: {violation['id']}: {violation['help']} {[node['target'] for node in violation['nodes']][:3]}"
        for violation in results.response["violations"]
    ]


def test_every_page_was_met() -> None:
    """Runs last in this file: the pages of the house, less those that serve none, are the pages met."""
    names = {
        name
        for name in _names(get_resolver().url_patterns, "")
        if name.split(":")[0] in ("base", "frontdesk", "governance")
    }
    assert sorted(names - NO_PAGE - met) == []


def _names(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        elif pattern.name:
            yield space + pattern.name
