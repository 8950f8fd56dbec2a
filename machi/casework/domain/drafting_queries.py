"""Reading drafts for pages, the API and the command line."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from machi.casework.models import Draft, GivenText


def drafts(work: str = "", state: str = "") -> QuerySet[Draft, Any]:
    """The town's, newest change first, with who made them; constant queries. Without their long texts."""
    found = Draft.objects.select_related("made_by", "confirmed_by").defer("template_text", "asked")
    if work:
        found = found.filter(work=work)
    if state:
        found = found.filter(state=state)
    return found


def whole() -> QuerySet[Draft, Any]:
    """For the page of one."""
    return Draft.objects.select_related("municipality", "made_by", "confirmed_by", "given", "document")


def given() -> QuerySet[GivenText, Any]:
    return GivenText.objects.all()
