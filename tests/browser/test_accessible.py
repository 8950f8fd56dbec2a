"""axe on every page, as each of those who see it. A page that nobody checks fails the last test."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site, sign_in

pytestmark = pytest.mark.browser

AAA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}

# Pages that answer no GET of their own: they act and send on, or serve no page.
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
}
