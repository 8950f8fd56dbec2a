"""Counting answers: how many took which option, and the spread of numbers. Hiding small counts is ``suppression``'s."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from machi.learning.engine.questionnaire import Answers, Form, Kind, Question, is_empty, visible


@dataclass(frozen=True, slots=True)
class Spread:
    """Of the numbers given: quartiles by linear interpolation between order statistics (type 7 of Hyndman and Fan
    1996, as Excel's QUARTILE.INC)."""

    least: float
    quarter: float
    median: float
    three_quarters: float
    most: float
    mean: float
    total: float


@dataclass(frozen=True, slots=True)
class Count:
    """``asked``: whom the question was put to; ``answered``: who answered. ``options``: option -> how many took it, all
    options named; ``rows``: the same per row of a matrix. ``spread`` of numbers, None where there are none."""

    question: str
    asked: int
    answered: int
    options: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    spread: Spread | None = None


def count(form: Form, answers: Iterable[Answers]) -> dict[str, Count]:
    """Question -> its count over all the answers (of different respondents)."""
    asked: dict[str, int] = dict.fromkeys((one.id for one in form), 0)
    given: dict[str, list[object]] = {one.id: [] for one in form}
    branching = any(one.when for one in form)
    for one in answers:
        for question in visible(form, one) if branching else form:
            asked[question.id] += 1
            if not is_empty(one.get(question.id)):
                given[question.id].append(one[question.id])
    return {one.id: _count(one, asked[one.id], given[one.id]) for one in form}


def spread(numbers: Sequence[float]) -> Spread | None:
    if not numbers:
        return None
    if len(numbers) == 1:
        low = middle = high = float(numbers[0])
    else:
        low, middle, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return Spread(
        float(min(numbers)),
        low,
        middle,
        high,
        float(max(numbers)),
        statistics.fmean(numbers),
        float(sum(numbers)),
    )


def _count(question: Question, asked: int, given: Sequence[object]) -> Count:
    match question.kind:
        case Kind.SINGLE:
            return Count(question.id, asked, len(given), _tally(question, given))
        case Kind.MULTIPLE:
            taken = [one for many in given if isinstance(many, list | tuple) for one in many]
            return Count(question.id, asked, len(given), _tally(question, taken))
        case Kind.MATRIX:
            cells = [one for one in given if isinstance(one, Mapping)]
            rows = {
                row.id: _tally(question, [one[row.id] for one in cells if row.id in one])
                for row in question.rows
            }
            return Count(question.id, asked, len(given), rows=rows)
        case Kind.NUMBER:
            numbers = [float(one) for one in given if isinstance(one, int | float)]
            return Count(question.id, asked, len(given), spread=spread(numbers))
        case Kind.TEXT | Kind.DATE:
            return Count(question.id, asked, len(given))


def _tally(question: Question, taken: Iterable[object]) -> dict[str, int]:
    tally = {one.id: 0 for one in question.options}
    for one in taken:
        if isinstance(one, str) and one in tally:
            tally[one] += 1
    return tally
