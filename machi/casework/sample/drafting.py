"""Drafting's sample: a notice, words made easier, a summary, and minutes of a made-up meeting, in one town."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.utils.translation import override

from machi.base.models import Municipality, Person, Role
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.casework.domain import drafting as verbs
from machi.casework.domain.drafting_given import readable
from machi.casework.engine.draft_templates import shipped, shipped_text
from machi.casework.models import Draft
from machi.frontdesk.models import Document

DATA = Path(__file__).parent / "data"
TOWN = "142123"
HELD_ON = date(2026, 6, 3)
_EASY = (
    "粗大ごみの収集は、事前の申込みが必要です。\n手数料は品目により異なります。転入された方は、"
    "窓口で収集日の一覧をお受け取りください。"
)
_NOTICE = {
    "to": "市民の皆様",
    "sender": "環境課（見本）",
    "matter": "粗大ごみの収集",
    "point": "粗大ごみの申し込みの方法、手数料、収集の日",
    "contact": "環境課（見本）",
}


def load() -> None:
    """Nothing where there is something already, or where the systems may not run."""
    town = Municipality.objects.filter(code=TOWN).first()
    clerk = Person.objects.filter(
        appointments__role=Role.CLERK, appointments__municipality=town, is_active=True
    ).first()
    if town is None or clerk is None:
        return
    with in_municipality(town), override("ja"):
        if not Draft.objects.exists():
            try:
                _make(town, clerk)
            except NotApproved:
                return


def _make(town: Municipality, clerk: Person) -> None:
    for key, values in (
        ("notice-change", _NOTICE),
        ("easy-rewrite", {"title": "粗大ごみの出し方", "text": _EASY}),
    ):
        verbs.make_draft(town, clerk, shipped()[key], shipped_text(key), values, personal_checked=True)
    longest = Document.objects.filter(current=True).order_by("-date", "pk")[:50]
    if document := max(longest, key=lambda one: len(one.text), default=None):
        verbs.start_summary(town, clerk, document=document)
    meeting = readable(name="meeting.txt", text=(DATA / "meeting.txt").read_text("utf-8"))
    verbs.start_minutes(town, clerk, given=meeting, title="省エネ会議（見本）", held_on=HELD_ON)
