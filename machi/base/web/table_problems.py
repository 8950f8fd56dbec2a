"""What is wrong with a list that somebody sent, in words: which row, which column, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.engine.tables import Problem

SAID: dict[str, str | Promise] = {
    "too_large": gettext_lazy("大きすぎて読めません。行を減らしてください。"),
    "not_readable": gettext_lazy("読めないファイルです。ExcelかCSVで保存し直してください。"),
    "no_header": gettext_lazy("見出しの行が見つかりません。次の列が必要です: %(column)s"),
    "missing": gettext_lazy("空欄です。ここは必ず入れてください。"),
    "not_a_date": gettext_lazy("日付として読めません。2026-04-01 や 令和8年4月1日 のように書いてください。"),
    "not_a_number": gettext_lazy("数として読めません。"),
    "not_a_choice": gettext_lazy("選べる値ではありません。"),
    "too_long": gettext_lazy("長すぎます。"),
    "out_of_range": gettext_lazy("入れられる範囲の外です。"),
    "unknown": gettext_lazy("登録にありません。"),
    "twice": gettext_lazy("同じものが2回あります。"),
}


def told(problems: Sequence[Problem], more: Mapping[str, str | Promise] | None = None) -> list[str]:
    """One sentence a problem; ``more`` has the words for a room's own codes."""
    words = {**SAID, **(more or {})}
    return [_line(problem, str(words[problem.code])) for problem in problems]


def _line(problem: Problem, why: str) -> str:
    why = why % {"column": problem.column} if "%(column)s" in why else why
    if problem.row is None:
        return why
    place = (
        _("%(row)s行目の「%(column)s」") % {"row": problem.row, "column": problem.column}
        if problem.column
        else _("%(row)s行目") % {"row": problem.row}
    )
    value = _("（「%(value)s」）") % {"value": problem.value} if problem.value else ""
    return f"{place}{value}: {why}"
