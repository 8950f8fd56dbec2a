"""What is told of the rows of another system's file, kept and put into words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from machi.casework.domain.checking_words import doubt_words
from machi.casework.domain.output_words import place_words, why_words
from machi.casework.engine.output import Problem

Sort = Literal["error", "warning", "known"]
MOST_TOLD = 5_000
_WORDS: dict[str, Promise] = {
    "too-large": gettext_lazy("ファイルが大きすぎます（{value}MBまで）。分けて取り込んでください。"),
    "not-used": gettext_lazy("この形か手続は、いま使われていません。"),
    "no-rows": gettext_lazy("取り込む行がありません。"),
    "not-an-option": gettext_lazy("選べる値ではありません。選べるもの: {value}"),
    "no-day": gettext_lazy("日付として読めません。"),
    "in-future": gettext_lazy("受付日が、今日より後です。"),
    "too-long-reference": gettext_lazy("番号が長すぎます（120文字まで）。"),
    "reference-twice": gettext_lazy("{value}行目と番号が同じで、内容が違います。どちらかを直してください。"),
    "known": gettext_lazy("すでに取り込んであります。"),
    "same-row": gettext_lazy("{value}行目と同じ行です。一度だけ取り込みます。"),
    "changed": gettext_lazy(
        "取り込んだときと内容が違います。取り込み直しません。申請の画面で直してください。"
    ),
    "no-column": gettext_lazy("必須なのに、ファイルに列がない欄があります。空のまま取り込みます: {value}"),
    "more": gettext_lazy("ほかに{value}件あります。ここにあるものを直してから、もう一度確かめてください。"),
    "not-taken": gettext_lazy("この列は取り込みません。決めるのは、ここの職員です。"),
}
SORTS: dict[str, Promise] = {
    "error": gettext_lazy("誤り"),
    "warning": gettext_lazy("注意"),
    "known": gettext_lazy("すでにある"),
    "taken": gettext_lazy("取り込んだ"),
}
_DOUBT = gettext_lazy("{value}。取り込むと、確かめる欄になります。")


@dataclass(frozen=True, slots=True)
class Told:
    """One thing about a row, a column of it, or the whole file (row 0)."""

    sort: Sort
    row: int
    column: str
    key: str
    value: str = ""
    text: str = ""
    """What stands there."""

    @property
    def words(self) -> str:
        if self.key == "doubt":
            return str(_DOUBT).format(value=doubt_words(self.value))
        if self.key in _WORDS:
            return str(_WORDS[self.key]).format(value=self.value)
        return why_words(Problem(self.key, value=self.value))

    @property
    def number(self) -> str:
        """Of the application that was made of it before."""
        return self.value if self.key in ("known", "changed") else ""

    @property
    def place(self) -> str:
        return place_words(self.row, self.column)

    def __str__(self) -> str:
        """``3行目「生年月日」（13月40日）: 日付として読めません。``"""
        shown = f"（{self.text}）" if self.text else ""
        words = f"{self.words} {self.number}".strip()
        return f"{self.place}{shown}: {words}" if self.place else words


def kept(told: Sequence[Told], *, bare: bool = False) -> str:
    """For the row of an import. ``bare``: without what stands in the cells, which may be a person's."""
    some = [replace(one, text="") if bare else one for one in told[:MOST_TOLD]]
    if len(told) > MOST_TOLD:
        some.append(Told("warning", 0, "", "more", str(len(told) - MOST_TOLD)))
    return json.dumps([astuple(one) for one in some], ensure_ascii=False)


def unkept(text: str | None) -> list[Told]:
    return [Told(*one) for one in json.loads(text or "[]")]


def of_sort(told: Iterable[Told], sort: str) -> list[Told]:
    return [one for one in told if one.sort == sort]
