"""What is wrong with a file for an existing system, in words naming row and column."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.casework.engine.output import Problem

_WORDS: dict[str, Promise] = {
    "empty-required": gettext_lazy("必要な値が空です。"),
    "not-encodable": gettext_lazy("この文字コードにない文字です: {value}"),
    "too-long": gettext_lazy("長すぎます（バイト数 {value}）。"),
    "not-of-format": gettext_lazy("形式（{value}）に合いません。"),
    "not-a-code": gettext_lazy("対応表にない値です: {value}"),
    "wrong-columns": gettext_lazy("列が足りません。{value}"),
    "wrong-length": gettext_lazy("行の長さが違います（バイト数 {value}）。"),
    "not-readable": gettext_lazy("文字として読めません。文字コードを確かめてください。"),
    "too-many-rows": gettext_lazy("多すぎます（{value}行まで）。"),
    "substituted": gettext_lazy("文字を置き換えました: {value}"),
    "cut": gettext_lazy("長いため切りました（バイト数 {value}）。"),
    "formula": gettext_lazy("「{value}」で始まるため、表計算ソフトで式とみなされます。"),
    "unknown-column": gettext_lazy("使わない列です。"),
}


def problem_words(problem: Problem) -> str:
    """``3行目「氏名」: この文字コードにない文字です: 𠮷 U+20BB7``"""
    words = str(_WORDS[problem.key]).format(value=problem.value).strip()
    place = _("{row}行目").format(row=problem.row) if problem.row else ""
    place += _("「{column}」").format(column=problem.column) if problem.column else ""
    return f"{place}: {words}" if place else words
