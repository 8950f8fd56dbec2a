"""For everybody: which AI systems the municipality uses, for what, how well, and what a person may do about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from machi.base.models import Municipality
from machi.base.web.access import resident
from machi.governance.domain.transparency import published

CHIPS = {
    "running": "success",
    "draft": "",
    "under_review": "info",
    "suspended": "warning",
    "retired": "",
    "lapsed": "warning",
}


@resident
def transparency(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    systems = [(one, CHIPS[one.state]) for one in published(municipality)]
    return render(request, "governance/transparency/transparency.html", {"systems": systems})
