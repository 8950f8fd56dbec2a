"""Cases from a list in Excel or CSV, as it is exported too: all rows or none, as drafts of their towns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.engine.tables import Problem, Reader, Row, plain, read_table
from machi.base.models import Consortium, Municipality, Person
from machi.learning.domain.cases import begin
from machi.learning.models import Case, CaseField, CaseTool

REQUIRED = ("題名", "分野", "道具の種類", "始めた年")
OPTIONAL = (
    "自治体",
    "AIシステム・道具の名前",
    "困っていたこと",
    "前のやり方",
    "いまのやり方",
    "はじめの費用（円）",
    "毎年の費用（円）",
    "減った時間（月）",
    "時間の数え方",
    "数え方の説明",
    "確かめたリスク",
    "確かめた結果",
    "問い合わせ先の課",
)
COLUMNS = (*REQUIRED, *OPTIONAL)
"""Part of the file, so not translated: what is written out can be read in again whatever the reader's language."""
MOST = 500
LARGEST = 2_000_000
WORDS: Mapping[str, str | Promise] = {
    "other_town": gettext_lazy("ほかの自治体の事例は取り込めません。"),
    "not_a_member": gettext_lazy("この共同体の自治体ではありません。名前かコードで書いてください。"),
    "known": gettext_lazy("同じ題名の事例が、この自治体にもうあります。"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows`` (given, town) are complete only where there are no ``problems``."""

    rows: tuple[tuple[Mapping[str, Any], Municipality], ...]
    problems: tuple[Problem, ...]


def as_row(case: Case) -> list[Any]:
    """A case under ``COLUMNS``, in Japanese, ready to be read in again."""
    with override("ja"):
        return [
            case.title,
            case.get_field_display(),
            case.get_tool_display(),
            case.year,
            case.town.name,
            case.system,
            case.problem or "",
            case.before or "",
            case.after or "",
            case.cost_once,
            case.cost_yearly,
            case.hours_saved,
            case.get_counted_display(),
            case.counted_how or "",
            case.risk_checked or "",
            case.risk_result or "",
            case.ask_division,
        ]


def read(data: bytes, consortium: Consortium, municipality: Municipality) -> Sheet:
    """What the list says of the town's cases; nothing is stored. A blank 自治体 is the town itself."""
    table = read_table(data, REQUIRED, OPTIONAL)
    if table.problems:
        return Sheet((), table.problems)
    if len(table.rows) > MOST:
        return Sheet((), (Problem("too_large"),))
    reader = Reader()
    reader.unique(table.rows, "題名")
    known = {plain(title) for title in Case.objects.filter(town=municipality).values_list("title", flat=True)}
    towns = {name: town for town in members(consortium) for name in (town.name, town.code)}
    with override("ja"):
        rows = tuple((_given(reader, row), municipality) for row in table.rows)
    for row in table.rows:
        if plain(row["題名"]) in known:
            reader.report("known", row, "題名")
        if words := plain(row["自治体"]):
            if words not in towns:
                reader.report("not_a_member", row, "自治体")
            elif towns[words] != municipality:
                reader.report("other_town", row, "自治体")
    return Sheet(rows, tuple(reader.problems))


@transaction.atomic
def take(sheet: Sheet, consortium: Consortium, person: Person) -> int:
    """Begins a draft for every row, or none. Returns how many."""
    if sheet.problems:
        raise Refused(_("直すところが残っています。"))
    if not sheet.rows:
        raise Refused(_("一覧に行がありません。"))
    for given, town in sheet.rows:
        begin(consortium, town, person, given)
    return len(sheet.rows)


def _given(reader: Reader, row: Row) -> Mapping[str, Any]:
    def yen(column: str) -> int | None:
        return reader.whole(row, column, least=0, most=100_000_000_000)

    return {
        "title": reader.text(row, "題名", required=True, longest=120),
        "field": reader.choice(row, "分野", _choices(CaseField), required=True),
        "tool": reader.choice(row, "道具の種類", _choices(CaseTool), required=True),
        "year": reader.whole(row, "始めた年", required=True, least=2000, most=2100),
        "system": reader.text(row, "AIシステム・道具の名前", longest=120),
        "problem": reader.text(row, "困っていたこと"),
        "before": reader.text(row, "前のやり方"),
        "after": reader.text(row, "いまのやり方"),
        "cost_once": yen("はじめの費用（円）"),
        "cost_yearly": yen("毎年の費用（円）"),
        "hours_saved": reader.whole(row, "減った時間（月）", least=0, most=100_000),
        "counted": reader.choice(row, "時間の数え方", _choices(Case.Counted)) or "",
        "counted_how": reader.text(row, "数え方の説明"),
        "risk_checked": reader.text(row, "確かめたリスク"),
        "risk_result": reader.text(row, "確かめた結果"),
        "ask_division": reader.text(row, "問い合わせ先の課", longest=60),
    }


def _choices(of: Any) -> dict[str, Any]:
    """By label in Japanese and by value, as people write either."""
    return {name: one.value for one in of for name in (str(one.label), one.value)}
