"""What is wrong with a file for an existing system, or of one, in words naming row and column."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.casework.engine.output import Problem

_WORDS: dict[str, Promise] = {
    "empty-required": gettext_lazy("必要な値が空です。"),
    "not-encodable": gettext_lazy("この文字コードにない文字です: {value}"),
    "too-long": gettext_lazy("長すぎます（バイト数 {value}）。"),
    "not-of-format": gettext_lazy("形に合いません。正しい形: {value}"),
    "not-a-code": gettext_lazy("対応表にない値です: {value}"),
    "wrong-columns": gettext_lazy("列が足りません。{value}"),
    "column-twice": gettext_lazy("同じ名前の列が二つあります。"),
    "wrong-length": gettext_lazy("行の長さが違います（バイト数 {value}）。"),
    "not-readable": gettext_lazy("文字として読めません。文字コードを確かめてください。"),
    "too-many-rows": gettext_lazy("多すぎます（{value}行まで）。"),
    "substituted": gettext_lazy("文字を置き換えました: {value}"),
    "cut": gettext_lazy("長いため切りました（バイト数 {value}）。"),
    "formula": gettext_lazy("「{value}」で始まるため、表計算ソフトで式とみなされます。"),
    "unknown-column": gettext_lazy("使わない列です。"),
}


SHAPES: dict[str, Promise | str] = {
    "text": gettext_lazy("文字"),
    "wide": gettext_lazy("全角の文字"),
    "kana-half": gettext_lazy("半角のカナ"),
    "digits": gettext_lazy("数字だけ（郵便番号や電話番号）"),
    "number": gettext_lazy("数"),
    "date": "2026-11-30",
    "date-slashes": "2026/11/30",
    "date-8": "20261130",
    "date-era": "令和8年11月30日",
    "date-era-7": "5081130",
}
"""Formats, as people would describe them."""


def problem_words(problem: Problem) -> str:
    """``3行目「氏名」: この文字コードにない文字です: 𠮷 U+20BB7``"""
    words, place = why_words(problem), place_words(problem.row, problem.column)
    return f"{place}: {words}" if place else words


def why_words(problem: Problem) -> str:
    value = SHAPES.get(problem.value, problem.value) if problem.key == "not-of-format" else problem.value
    return str(_WORDS[problem.key]).format(value=value).strip()


def place_words(row: int, column: str) -> str:
    """``3行目「氏名」``"""
    place = _("{row}行目").format(row=row) if row else ""
    return place + (_("「{column}」").format(column=column) if column else "")
