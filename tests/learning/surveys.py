"""Surveys for tests: a small one with branching, opened by the office of three towns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from machi.base.models import Consortium, Municipality, Person
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import surveys
from machi.learning.engine.questionnaire import Form, parse
from machi.learning.models import Survey

SMALL: Mapping[str, Any] = {
    "questions": [
        {
            "id": "uses",
            "kind": "single",
            "words": {"ja": "AIを使っていますか", "en": "Do you use AI?"},
            "required": True,
            "options": [
                {"id": "yes", "words": {"ja": "使っている", "en": "Yes"}},
                {"id": "no", "words": {"ja": "使っていない", "en": "No"}},
            ],
        },
        {
            "id": "tools",
            "kind": "multiple",
            "words": "使っているもの",
            "required": True,
            "options": [
                {"id": "chat", "words": "生成AI"},
                {"id": "ocr", "words": "AI-OCR"},
                {"id": "none", "words": "分からない", "alone": True},
            ],
            "when": [{"question": "uses", "options": ["yes"]}],
        },
        {
            "id": "fields",
            "kind": "matrix",
            "words": "分野ごとの状況",
            "rows": [{"id": "tax", "words": "税"}, {"id": "care", "words": "福祉"}],
            "options": [{"id": "now", "words": "導入済み"}, {"id": "not", "words": "予定なし"}],
        },
        {
            "id": "hours",
            "kind": "number",
            "words": "減った時間",
            "unit": "時間",
            "whole": True,
            "least": 0,
            "most": 10_000,
            "when": [{"question": "uses", "options": ["yes"]}],
        },
        {"id": "since", "kind": "date", "words": "始めた日"},
        {"id": "wish", "kind": "text", "words": "国や県への要望", "longest": 500},
    ]
}
FULL: Mapping[str, Any] = {
    "uses": "yes",
    "tools": ["chat", "ocr"],
    "fields": {"tax": "now", "care": "not"},
    "hours": 120,
    "since": "2025-10-01",
    "wish": "財政の支援をお願いします",
}


def small() -> Form:
    return parse(SMALL)


def a_survey(consortium: Consortium, town: Municipality, office: Person, **given: Any) -> Survey:
    """Begun, not published."""
    about = {
        "purpose": Survey.Purpose.YEARLY,
        "series": "ai",
        "year": 2026,
        "title": "AIの利用の調査",
        "form": small(),
        **given,
    }
    with in_municipality(town), in_consortium(consortium):
        return surveys.begin(consortium, town, office, **about)


def an_open_survey(consortium: Consortium, town: Municipality, office: Person, **given: Any) -> Survey:
    survey = a_survey(consortium, town, office, **given)
    with in_municipality(town), in_consortium(consortium):
        surveys.publish(survey, town, office)
        survey.refresh_from_db()
    return survey


def url(town: Municipality, name: str, *args: object) -> str:
    return reverse(f"learning:{name}", args=[town.code, *args])


def deliver() -> None:
    """What a worker would do: runs the letters that wait, once each."""
    for waiting in DBTaskResult.objects.filter(status=TaskResultStatus.READY).order_by("enqueued_at"):
        waiting.task.call(*waiting.args_kwargs["args"])
        waiting.delete()
