"""axe on every page, met by walking the links as each role. A page that nobody met fails the last test."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
TOWN = "142123"
ROLES = ("", "clerk", "manager", "administrator", "auditor", "ai-officer")

# They act and send on, or serve no page.
NO_PAGE = {
    "base:language",
    "base:health",
    "frontdesk:ask",
    "frontdesk:ask_stream",
    "frontdesk:helped",
    "frontdesk:mail",
    "frontdesk:take",
    "frontdesk:release",
    "frontdesk:note",
    "frontdesk:move",
    "frontdesk:pass_on",
    "frontdesk:source_active",
}
met: set[str] = set()


@pytest.fixture(scope="module")
def something_to_see(browser: Browser, site: Site) -> dict[str, list[str]]:
    """A question handed over, a proposed FAQ, an uploaded file: so that no page is empty. Addresses by role."""
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto(f"{site.url}/m/{TOWN}/")
    page.locator("#ask textarea[name=question]").fill("庁舎の屋上で花火を見られますか")
    page.locator("#ask button").click()
    page.wait_for_url("**/i/*/")
    answer = page.url
    page.goto(answer + "staff/")
    staff_form = page.url
    page.locator("main form button").last.click()
    page.wait_for_url("**/status/")
    status = page.url
    context.close()

    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    sign_in(page, site, "clerk@atsugi.example")
    page.goto(f"{site.url}/m/{TOWN}/desk/faqs/propose/")
    page.locator("[name=question]").fill("見学はできますか")
    page.locator("[name=answer]").fill("平日にできます。")
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    context.close()
    return {"": [answer, staff_form, status]}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "resident")
def test_every_page_met_is_accessible(
    role: str, browser: Browser, site: Site, something_to_see: dict[str, list[str]]
) -> None:
    phone = {"width": 390, "height": 844} if not role else {"width": 1280, "height": 900}
    context = browser.new_context(locale="ja-JP", viewport=phone)
    page = context.new_page()
    if role:
        sign_in(page, site, f"{role}@atsugi.example")
    start = [
        f"{site.url}/",
        f"{site.url}/m/{TOWN}/",
        f"{site.url}/account/login/",
        *something_to_see.get(role, []),
    ]
    if role:
        start.append(f"{site.url}/m/{TOWN}/work/")
    wrong = [found for address in _walk(page, site, start) for found in _check(page, address)]
    context.close()
    assert not wrong, "\n".join(wrong)


def _walk(page: Page, site: Site, start: list[str]) -> Iterator[str]:
    """Opens one page of each name that links lead to; yields its address while it is open."""
    waiting, seen = list(dict.fromkeys(start)), set[str]()
    while waiting:
        address = waiting.pop(0)
        name = _name(address)
        if name is None or name in seen or name in NO_PAGE or name == "account_logout":
            continue
        seen.add(name)
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, f"{address}: {response.status}"
        met.add(name)
        yield address
        links = page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
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
        if name.split(":")[0] in ("base", "frontdesk")
    }
    assert names - NO_PAGE - met == set()


def _names(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        elif pattern.name:
            yield space + pattern.name
