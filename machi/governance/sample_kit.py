"""The sample's use rules and a procurement check with vendors that do not exist, made through the verbs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from machi.base.models import Municipality, Person
from machi.governance.domain import policy, procurement, procurement_vendors
from machi.governance.engine.answer_sheet import Answer
from machi.governance.models import PolicyVersion, Procurement

_FACTS = {
    "users": "staff",
    "work": "informs",
    "training": "none",
    "judgement": "each",
    "personal": True,
    "generates": True,
    "outside": True,
}
_VENDORS = (("見本システム株式会社", 7_900_000, (4, 3, 3)), ("架空データ株式会社", 6_200_000, (3, 3, 2)))
"""Name, price in yen, points given in turn."""


def load(municipality: Municipality, officer: Person) -> None:
    """Call inside the municipality's scope. What is there already stays as it is."""
    if not PolicyVersion.objects.exists():
        today = timezone.localdate()
        policy.publish(
            policy.begin(municipality, officer),
            officer,
            effective_on=today,
            review_on=today + timedelta(days=365),
            change_note="",
            material=True,
        )
    if not Procurement.objects.exists():
        _procurement(municipality, officer)


def _procurement(municipality: Municipality, officer: Person) -> None:
    need = {
        "title": "議事録作成支援AI（見本）",
        "purpose": "会議の記録に時間がかかり、公開が遅れている。録音から議事録の下書きを作り、職員が直して仕上げる。",
        "users_note": "各課の職員。庁内のネットワークから使う。",
        "data_note": "会議の録音と配布資料。参加者の氏名を含む。",
        "budget": 9_000_000,
        "starts_on": None,
        "answers_by": None,
    }
    made = procurement.begin(municipality, officer, need)
    procurement.declare(made, officer, _FACTS)
    items = procurement.selected(made)
    formula = {
        "method": Procurement.Method.ADDITIVE,
        "quality_points": Decimal(200),
        "price_points": Decimal(100),
        "base_points": Decimal(0),
        "ceiling": 9_500_000,
    }
    procurement.weigh(made, officer, {one.pk: one.weight for one in items}, formula)
    procurement.fix(made, officer)
    for name, price, points in _VENDORS:
        vendor = procurement_vendors.add_vendor(made, officer, name=name, price=price)
        marks = {one.code: Answer(points[at % len(points)], "") for at, one in enumerate(items)}
        procurement_vendors.mark(vendor, officer, marks)
