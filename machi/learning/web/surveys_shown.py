"""Results as they are shown: for each question a table that is its own chart, all towns beside those of like size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.learning.domain.size_words import size_words
from machi.learning.domain.surveys_figures import Results
from machi.learning.engine.figures import ANSWERED, NONE, share
from machi.learning.engine.questionnaire import Answers, Kind, Question, said
from machi.learning.engine.size_classes import SizeClass


@dataclass(frozen=True, slots=True)
class Cell:
    """A count out of ``whole``. ``percent`` None: hidden, or nobody to count."""

    count: int | None
    whole: int

    @property
    def percent(self) -> float | None:
        return share(self.count, self.whole)

    @property
    def words(self) -> str:
        if self.count is None:
            return _("非公開（少数）")
        if not self.whole:
            return "－"
        return _("%(percent)s%%（%(count)s）") % {
            "percent": number_format(round(self.percent or 0)),
            "count": number_format(self.count, 0, force_grouping=True),
        }


@dataclass(frozen=True, slots=True)
class Line:
    option: str
    label: str
    own: bool
    every: Cell
    like: Cell


@dataclass(frozen=True, slots=True)
class Part:
    """A choice: of a single question, or of one row of a matrix."""

    row: str
    label: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Shown:
    question: Question
    number: int
    text: str
    section: str
    parts: Sequence[Part]
    own: str = ""
    """A number, day or text of one's own town, in words."""
    spreads: Sequence[tuple[str, str]] = field(default_factory=tuple)
    """Of numbers: who, and the quartiles in words."""


def shown(results: Results, own: Answers) -> list[Shown]:
    """All questions, with what one's own town has answered marked."""
    return [shown_question(one, number, results, own) for number, one in enumerate(results.form, 1)]


def shown_question(question: Question, number: int, results: Results, own: Answers) -> Shown:
    language = get_language() or "ja"
    figures = results.figures["questions"][question.id]
    given = own.get(question.id)
    spreads: list[tuple[str, str]] = []
    if question.kind is Kind.MATRIX:
        rows = given if isinstance(given, Mapping) else {}
        parts = [
            _part(
                row.id,
                said(row.words, language),
                question,
                figures["rows"][row.id],
                results,
                rows.get(row.id),
            )
            for row in question.rows
        ]
    else:
        parts = [_part("", "", question, figures["options"], results, given)]
    if question.kind is Kind.NUMBER:
        unit = said(question.unit, language)
        spreads = [
            (label, _quartiles(figures["spread"][at], unit))
            for label, at in ((_("全体"), -1), (_("同じくらいの規模"), results.own))
        ]
    return Shown(
        question,
        number,
        said(question.words, language),
        said(question.section, language),
        parts,
        _own_words(question, given, language),
        spreads,
    )


def _part(
    row: str, label: str, question: Question, counts: Mapping[str, Any], results: Results, given: Any
) -> Part:
    language = get_language() or "ja"
    names = {one.id: said(one.words, language) for one in question.options}
    names |= {ANSWERED: _("答えた"), NONE: _("答えていない・尋ねていない")}
    taken = set(given) if isinstance(given, list) else {given}
    lines = [
        Line(
            option,
            names[option],
            option in taken and option != NONE,
            Cell(some[-1], results.counted),
            Cell(some[results.own], results.like_counted),
        )
        for option, some in counts.items()
        if option in names
    ]
    return Part(row, label, lines)


def _quartiles(found: Sequence[float] | None, unit: str) -> str:
    if found is None:
        return _("数が少ないため出せません")
    quarter, median, three = (number_format(one, 1 if one % 1 else 0, force_grouping=True) for one in found)
    return _("中央値 %(median)s %(unit)s（半分の自治体が %(quarter)s〜%(three)s）") % {
        "median": median,
        "unit": unit,
        "quarter": quarter,
        "three": three,
    }


def _own_words(question: Question, given: Any, language: str) -> str:
    if given is None or question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX):
        return ""
    if question.kind is Kind.NUMBER:
        value = number_format(given, 1 if given % 1 else 0, force_grouping=True)
        return f"{value} {said(question.unit, language)}".strip()
    return str(given)


def class_words(one: SizeClass) -> str:
    return size_words(one.low, one.high)


def table(results: Results) -> tuple[list[str], Iterator[list[Any]]]:
    """Columns and rows of the whole as a file: every class, counts and shares; hidden ones say so."""
    classes = [class_words(one) for one in results.classes]
    columns = [_("問"), _("質問"), _("行"), _("選択肢"), _("全体（数）"), _("全体（%）")]
    columns += [f"{name}{suffix}" for name in classes for suffix in (_("（数）"), _("（%）"))]
    return columns, _rows(results)


def _rows(results: Results) -> Iterator[list[Any]]:
    language = get_language() or "ja"
    wholes = results.figures["counted"]
    for number, question in enumerate(results.form, 1):
        figures = results.figures["questions"][question.id]
        names = {one.id: said(one.words, language) for one in question.options}
        names |= {ANSWERED: _("答えた"), NONE: _("答えていない・尋ねていない")}
        rows = figures.get("rows") or {"": figures["options"]}
        labels = {one.id: said(one.words, language) for one in question.rows}
        head = [number, said(question.words, language)]
        for row, counts in rows.items():
            for option, some in counts.items():
                cells = [Cell(some[-1], wholes[-1])]
                cells += [Cell(some[at], wholes[at]) for at in range(len(results.classes))]
                yield [*head, labels.get(row, ""), names.get(option, option), *_flat(cells)]
        if "spread" in figures:
            for at, name in enumerate((_("第1四分位"), _("中央値"), _("第3四分位"))):
                values = [None if one is None else one[at] for one in figures["spread"]]
                cells_ = [values[-1], *values[:-1]]
                yield [*head, "", name, *(part for one in cells_ for part in (one, None))]


def _flat(cells: Sequence[Cell]) -> list[Any]:
    found: list[Any] = []
    for one in cells:
        hidden = one.count is None
        percent = one.percent
        found += [
            _("非公開（少数）") if hidden else one.count,
            None if percent is None else round(percent, 1),
        ]
    return found
