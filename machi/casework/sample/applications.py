"""Applications for the sample towns: printed forms filled in, waiting to be read by the worker. All made up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone

from machi.base.engine.wareki import wareki
from machi.base.models import Municipality
from machi.base.sample import TOWNS
from machi.base.scoping import in_municipality
from machi.casework.domain import intake, procedures
from machi.casework.domain.engines import open_kept
from machi.casework.domain.shipped import shipped
from machi.casework.engine.filling import fill
from machi.casework.models import Application, Procedure

CHILD, POST, PARK = "child-allowance-change", "residence-certificate-by-post", "park-event-permit"


def load() -> None:
    """The three procedures in each town, and a dozen applications; nothing is made twice."""
    files = _files(timezone.localdate())
    for number, municipality in enumerate(Municipality.objects.filter(code__in=TOWNS).order_by("code")):
        with in_municipality(municipality):
            if Procedure.objects.exists():
                continue
            for key in (CHILD, POST, PARK):
                procedures.adopt(municipality, key)
            handed_in = [one for at, one in enumerate(files) if number == 0 or at % 2 == 0]
            intake.take(municipality, handed_in, channel=Application.Channel.FOLDER, opener=open_kept)


def filled(key: str, values: Mapping[str, str]) -> bytes:
    """The procedure's main form with these values, as a PDF."""
    procedure = shipped()[key]
    form = procedure.forms[0]
    return fill(procedure.blanks[form.key], form, values)[0]


def _files(today: date) -> list[tuple[str, bytes]]:
    return [
        ("児童手当_佐藤.pdf", filled(CHILD, child(today))),
        (
            "児童手当_鈴木.pdf",
            filled(
                CHILD,
                {
                    **child(today),
                    "applicant_name": "鈴木　次郎",
                    "applicant_kana": "スズキ　ジロウ",
                    "signature": "鈴木次郎",
                    "children_after": "4",
                    "child1_name": "鈴木　葵",
                },
            ),
        ),
        ("住民票_高橋.pdf", filled(POST, certificate(today))),
        ("住民票_手数料不足.pdf", filled(POST, {**certificate(today), "copies": "3", "fee": "300"})),
        ("公園_夏祭り.pdf", filled(PARK, event(today))),
        (
            "公園_期限過ぎ.pdf",
            filled(
                PARK,
                {
                    **event(today),
                    "event_name": "朝市",
                    "starts_on": wareki(today + timedelta(days=5)),
                    "ends_on": wareki(today + timedelta(days=5)),
                },
            ),
        ),
    ]


def child(today: date) -> dict[str, str]:
    born = today - timedelta(days=9)
    return {
        "filed_on": wareki(today),
        "applicant_kana": "サトウ　ハナコ",
        "applicant_birth": "平成4年4月12日",
        "applicant_name": "佐藤　花子",
        "applicant_postal_code": "243-0018",
        "applicant_telephone": "046-555-0101",
        "applicant_address": "神奈川県厚木市中町三丁目17番17号",
        "change": "increase",
        "event_date": wareki(born),
        "reason": "birth",
        "children_before": "1",
        "children_changed": "1",
        "children_after": "2",
        "child1_name": "佐藤　陽向",
        "child1_birth": wareki(born),
        "child1_relation": "子",
        "child1_living": "together",
        "child1_custody": "yes",
        "consent": "1",
        "signature": "佐藤花子",
    }


def certificate(today: date) -> dict[str, str]:
    return {
        "filed_on": wareki(today - timedelta(days=2)),
        "requester_kana": "タカハシ　ケンイチ",
        "requester_birth": "昭和58年7月3日",
        "requester_name": "高橋　健一",
        "requester_postal_code": "243-0003",
        "requester_telephone": "090-5555-0102",
        "requester_address": "神奈川県厚木市寿町三丁目2番1号",
        "relation": "self",
        "subject_name": "高橋　健一",
        "subject_birth": "昭和58年7月3日",
        "subject_address": "神奈川県厚木市寿町三丁目2番1号",
        "certificate": "all",
        "copies": "1",
        "items": "relation",
        "purpose": "勤務先に出すため",
        "fee": "300",
        "envelope": "1",
        "identity_enclosed": "1",
        "signature": "高橋健一",
    }


def event(today: date) -> dict[str, str]:
    on = today + timedelta(days=40)
    return {
        "filed_on": wareki(today),
        "organisation": "中町自治会",
        "applicant_kana": "イトウ　マサル",
        "applicant_telephone": "046-555-0103",
        "applicant_name": "伊藤　勝",
        "applicant_postal_code": "243-0018",
        "applicant_email": "ito@jichikai.example",
        "applicant_address": "神奈川県厚木市中町一丁目5番10号",
        "event_name": "中町冬まつり",
        "park_name": "厚木中央公園",
        "area": "400",
        "activity": "meeting",
        "starts_on": wareki(on),
        "ends_on": wareki(on),
        "hours": "10時から15時まで",
        "people": "300",
        "fire": "no",
        "sound": "yes",
        "vehicles": "no",
        "sales": "yes",
        "tents": "6",
        "structures": "テント、机",
        "safety_name": "渡辺　明",
        "safety_telephone": "090-5555-0104",
        "restore": "1",
        "signature": "伊藤勝",
    }
