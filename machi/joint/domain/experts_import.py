"""Registrations from a list in Excel or CSV: read, told what is wrong, and taken only as a whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.domain.errors import Refused
from machi.base.domain.finding import find_municipalities
from machi.base.domain.towns import members
from machi.base.engine.tables import Problem, Reader, Row, read_table
from machi.base.models import Municipality, Person
from machi.joint.domain.experts_registration import register
from machi.joint.engine.matching_fit import Skill
from machi.joint.models import Expert, ExpertRound

MOST = 1_000
REQUIRED = (
    "氏名", "メールアドレス", "経験", "使える時間", "拠点", "始められる日", "終わりの日", "報酬",
)  # fmt: skip
_SKILL_COLUMNS = {
    Skill.IT_STRATEGY: "IT戦略",
    Skill.DATA_ANALYSIS: "データ分析",
    Skill.CYBERSECURITY: "サイバーセキュリティ",
    Skill.CLOUD: "クラウド",
    Skill.SERVICE_DESIGN: "サービスデザイン",
    Skill.AI_AUTOMATION: "AI・自動化",
}
OPTIONAL = (
    *_SKILL_COLUMNS.values(), "電話番号", "勤め先", "実績", "現地日数", "行ける距離", "自治体の数",
    "利害関係のある自治体", "利害関係の内容",
)  # fmt: skip
COLUMNS = (*REQUIRED[:3], *OPTIONAL, *REQUIRED[3:])
"""In the order of the blank list."""
WORDS: Mapping[str, str | Promise] = {
    "not_an_address": _("メールアドレスとして読めません。"),
    "no_such_town": _(
        "自治体が見つからないか、1つに決まりません。「神奈川県厚木市」のように書いてください。"
    ),
    "not_a_member": _("この共同体の自治体ではありません。"),
    "no_skill": _("技能が1つも書かれていません。1から3で書いてください。"),
    "before_start": _("始められる日より前です。"),
    "needs_distance": _("現地に行けるときは、行ける距離も必要です。"),
    "registered": _("この回に、同じメールアドレスの応募がすでにあります。"),
}


@dataclass(frozen=True, slots=True)
class Registration:
    """One row, read."""

    given: Mapping[str, Any]
    conflicts: tuple[Municipality, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """``registrations`` are complete only where there are no ``problems``."""

    registrations: tuple[Registration, ...]
    problems: tuple[Problem, ...]


def town_named(words: str) -> Municipality | None:
    """The municipality of the register that the words name; None where none or several do."""
    text = words.strip()
    found = list(find_municipalities(text)[:50])
    exact = [
        one
        for one in found
        if re.sub(r"\s", "", text) in (one.name, f"{one.prefecture.name}{one.name}", one.code, one.name_en)
    ]
    return exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None


def read(data: bytes, begun: ExpertRound) -> Sheet:
    """What the list says; nothing is stored."""
    table = read_table(data, REQUIRED, OPTIONAL)
    if table.problems:
        return Sheet((), table.problems)
    if len(table.rows) > MOST:
        return Sheet((), (Problem("too_large"),))
    reader = Reader()
    reader.unique(table.rows, "メールアドレス")
    known = {email for email in Expert.objects.filter(round=begun).values_list("email", flat=True) if email}
    towns = {town.pk: town for town in members(begun.consortium)}
    found = []
    for row in table.rows:
        if row["メールアドレス"] in known:
            reader.report("registered", row, "メールアドレス")
        found.append(_registration(reader, row, towns))
    return Sheet(tuple(found), tuple(reader.problems))


@transaction.atomic
def take(
    sheet: Sheet, begun: ExpertRound, via: Municipality, person: Person, town: Municipality | None
) -> int:
    """Registers every row, or none; ``town``: they are its staff. Returns how many."""
    if sheet.problems:
        raise Refused(_("直すところが残っています。"))
    if not sheet.registrations:
        raise Refused(_("一覧に行がありません。"))
    for one in sheet.registrations:
        register(begun, via, one.given, conflicts=one.conflicts, town=town, person=person)
    return len(sheet.registrations)


def _registration(reader: Reader, row: Row, members_: Mapping[str, Municipality]) -> Registration:
    given: dict[str, Any] = {
        "name": reader.text(row, "氏名", required=True, longest=80),
        "email": _address(reader, row),
        "telephone": reader.text(row, "電話番号", longest=40),
        "employer": reader.text(row, "勤め先", longest=120),
        "evidence": reader.text(row, "実績"),
        "conflict_note": reader.text(row, "利害関係の内容"),
        "summary": reader.text(row, "経験", required=True),
        "skills": _skills(reader, row),
        "hours": reader.whole(row, "使える時間", required=True, least=1, most=300),
        "on_site": reader.whole(row, "現地日数", least=0, most=31) or 0,
        "home": _home(reader, row),
        "travels": reader.whole(row, "行ける距離", least=0, most=3_000) or 0,
        "first": reader.date(row, "始められる日", required=True),
        "last": reader.date(row, "終わりの日", required=True),
        "fee": reader.whole(row, "報酬", required=True, least=0, most=1_000_000),
        "quota": reader.whole(row, "自治体の数", least=1, most=20) or 1,
    }
    if given["first"] and given["last"] and given["last"] < given["first"]:
        reader.report("before_start", row, "終わりの日")
    if given["on_site"] and not given["travels"]:
        reader.report("needs_distance", row, "行ける距離")
    return Registration(given, tuple(_conflicts(reader, row, members_)))


def _address(reader: Reader, row: Row) -> str:
    value = reader.text(row, "メールアドレス", required=True, longest=254)
    try:
        if value:
            validate_email(value)
    except ValidationError:
        reader.report("not_an_address", row, "メールアドレス")
    return value


def _skills(reader: Reader, row: Row) -> dict[str, int]:
    levels = {
        skill.value: reader.whole(row, column, least=0, most=3) for skill, column in _SKILL_COLUMNS.items()
    }
    found = {skill: level for skill, level in levels.items() if level}
    if not found:
        reader.report("no_skill", row)
    return found


def _town(reader: Reader, row: Row, column: str, words: str) -> Municipality | None:
    found = town_named(words)
    if found is None:
        reader.report("no_such_town", row, column)
    return found


def _home(reader: Reader, row: Row) -> Municipality | None:
    words = reader.text(row, "拠点", required=True)
    return _town(reader, row, "拠点", words) if words else None


def _conflicts(reader: Reader, row: Row, members_: Mapping[str, Municipality]) -> Sequence[Municipality]:
    column, found = "利害関係のある自治体", []
    for words in re.split(r"[、,，;；・\n]", row[column]):
        if words.strip() and (town := _town(reader, row, column, words)):
            if town.pk in members_:
                found.append(town)
            else:
                reader.report("not_a_member", row, column)
    return found
