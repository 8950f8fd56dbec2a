"""Something to see on every page of the governance room, made by the sample people through its forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests.language_model_server.scripted import says, scripted

ANSWERS, DRAFTS = "frontdesk.answers", "frontdesk.drafts"

ONLY_ACTS = {
    "governance:assign_incident",
    "governance:incident_note",
    "governance:contain_incident",
    "governance:meet_duty",
    "governance:close_incident",
    "governance:reopen_incident",
    "governance:policy_acknowledge",
    "governance:policy_begin",
    "governance:policy_remind",
    "governance:gate_test",
    "governance:weigh_equally",
}
FILES = {
    "governance:evidence",
    "governance:policy_word",
    "governance:policy_draft_word",
    "governance:requirements_word",
    "governance:requirements_excel",
    "governance:blank_sheet",
    "governance:scores_excel",
    "governance:vendor_sheet",
}
NO_PAGE = ONLY_ACTS | FILES


def send(page: Page, address: str, **values: str | bool) -> None:
    """Opens ``address``, fills in its last form and presses the main button."""
    page.goto(address)
    form = page.locator("main form").last
    for name, value in values.items():
        fields = form.locator(f"[name={name}]")
        kind = fields.first.evaluate("field => field.type || field.tagName.toLowerCase()")
        if kind == "radio":
            form.locator(f"[name={name}][value='{value}']").check()
        elif kind == "checkbox":
            (
                form.locator(f"[name={name}][value='{value}']") if isinstance(value, str) else fields.first
            ).check()
        elif kind.startswith("select"):
            fields.select_option(str(value))
        else:
            fields.fill(str(value))
    with page.expect_navigation():
        form.locator("button:not(.button-quiet)").last.click()


def as_clerk(page: Page, room: str) -> list[str]:
    """An incident of leaked personal information."""
    send(
        page,
        f"{room}incidents/file/",
        happened="見本：下書きに別の人の名前が出た。",
        kind="personal_information",
        severity="high",
        systems=ANSWERS,
        leaked=True,
        my_number=True,
    )
    return [page.url]


def as_officer(page: Page, room: str, incident: str) -> list[str]:
    """A draft of the use rules, a procurement at its first step, a stopped AI; and where they are seen."""
    with page.expect_navigation():
        page.goto(f"{room}policy/")
        page.locator("form[action$='/draft/begin/'] button").click()
    section = _links(page, r"/policy/draft/sections/[^/]+/$")[0]
    send(
        page,
        f"{room}procurements/begin/",
        title="翻訳の支援（見本）",
        purpose="窓口の案内を多言語で渡す。",
        users_note="窓口の職員",
        data_note="案内の文書",
    )
    drawn_up = re.sub(r"facts/$", "", page.url)
    begin = [
        *(f"{room}procurements/{one}" for one in ("", "begin/")),
        *(
            f"{drawn_up}{step}"
            for step in ("", "need/", "facts/", "items/", "items/add/", "weights/", "fix/", "cancel/")
        ),
    ]
    page.goto(f"{room}procurements/")
    page.get_by_role("link", name="議事録作成支援AI（見本）").click()
    page.wait_for_url(re.compile(r"/procurements/\d+/$"))
    fixed = page.url
    vendor = _links(page, r"/vendors/\d+/$")[0]
    page.goto(f"{fixed}items/")
    begin += [
        fixed,
        f"{fixed}reopen/",
        f"{fixed}scores/",
        f"{fixed}vendors/add/",
        *_links(page, r"/items/\d+/$")[:1],
    ]
    begin += [vendor, *(f"{vendor}{act}/" for act in ("change", "withdraw", "upload"))]
    begin += [incident, f"{incident}facts/", f"{incident}suspend/{ANSWERS}/"]
    begin += [f"{room}policy/draft/{step}" for step in ("", "add/", "publish/", "discard/")]
    begin += [section, f"{section}remove/"]
    begin += [f"{room}policy/versions/1/difference/", f"{room}gate/caps/"]
    return begin


@contextmanager
def a_model() -> Iterator[str]:
    """The address of a model on this machine that answers one thing."""
    with scripted() as server:
        server.steps = [says("はい。")]
        yield server.url


def as_administrator(page: Page, room: str, model: str) -> list[str]:
    """A model on this machine, allowed, in use and called once."""
    send(page, f"{room}gate/destinations/add/", url=model, reach="here")
    send(
        page,
        f"{room}gate/endpoints/add/",
        name="手元のモデル",
        purpose=DRAFTS,
        base_url=model,
        model="見本",
        key="sk-mihon",
    )
    page.goto(f"{room}gate/")
    endpoint = _links(page, r"/gate/endpoints/\d+/$")[0]
    page.goto(endpoint)
    with page.expect_navigation():
        page.locator("form[action$='/test/'] button").click()
    page.goto(f"{room}gate/")
    return [
        endpoint,
        f"{endpoint}key/",
        f"{endpoint}active/",
        f"{room}gate/settings/",
        *_links(page, r"/destinations/\d+/remove/$")[:1],
    ]


def as_auditor(page: Page, room: str) -> list[str]:
    """The call, word for word."""
    page.goto(f"{room}gate/calls/")
    return [f"{room}gate/calls/", _links(page, r"/gate/calls/\d+/$")[0]]


def _links(page: Page, pattern: str) -> list[str]:
    links: list[str] = page.locator("main a[href]").evaluate_all("links => links.map(link => link.href)")
    return [link for link in dict.fromkeys(links) if re.search(pattern, link)]
