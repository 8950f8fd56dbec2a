"""What is shown of a survey's answers: for every question, counts by class of towns and over all, small ones hidden.

The shape is JSON, so that it can be kept as it was shown::

    {"counted": [9, 12, 21],                     answers by class, over all last
     "questions": {
        "uses":   {"kind": "single", "options": {"yes": [5, 7, 12], ..., "": [0, 1, 1]}},
        "tools":  {"kind": "multiple", "options": {"chat": [5, null, null], ...}},
        "fields": {"kind": "matrix", "rows": {"tax": {"now": [...], ..., "": [...]}}},
        "hours":  {"kind": "number", "options": {"answered": [...], "": [...]}, "spread": [[25, 50, 75], null, ...]},
        "wish":   {"kind": "text", "options": {"answered": [...], "": [...]}}}}

Option ``""``: did not answer, or was not asked. null: hidden. Everything is a count of answers, ``counted`` the whole.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from machi.learning.engine.questionnaire import Answers, Form, Kind, Question, is_empty
from machi.learning.engine.questionnaire_counting import spread
from machi.learning.engine.small_counts import SMALLEST, hide

NONE = ""
ANSWERED = "answered"
ENOUGH = 2 * SMALLEST
"""Numbers of which a median is shown where small counts are hidden."""
_DIGITS = 2
Figures = dict[str, Any]


def figures(form: Form, answers: Sequence[tuple[int, Answers]], classes: int, *, hidden: bool) -> Figures:
    """``answers``: the class (0 to ``classes - 1``) of each answering town with what it handed in."""
    counted = [0] * classes
    for at, _given in answers:
        counted[at] += 1
    return {
        "counted": [*counted, sum(counted)],
        "questions": {one.id: _question(one, answers, classes, hidden) for one in form},
    }


def _question(
    question: Question, answers: Sequence[tuple[int, Answers]], classes: int, hidden: bool
) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": question.kind.value}
    given = [(at, one.get(question.id)) for at, one in answers]
    ids = [one.id for one in question.options]
    match question.kind:
        case Kind.SINGLE:
            found["options"] = _choice(ids, given, classes, hidden)
        case Kind.MULTIPLE:
            found["options"] = {option: _taken(option, given, classes, hidden) for option in ids}
        case Kind.MATRIX:
            found["rows"] = {
                row.id: _choice(
                    ids,
                    [(at, one.get(row.id) if isinstance(one, Mapping) else None) for at, one in given],
                    classes,
                    hidden,
                )
                for row in question.rows
            }
        case Kind.NUMBER | Kind.TEXT | Kind.DATE:
            there = [(at, None if is_empty(one) else ANSWERED) for at, one in given]
            found["options"] = _choice([ANSWERED], there, classes, hidden)
    if question.kind is Kind.NUMBER:
        numbers: list[list[float]] = [[] for _ in range(classes + 1)]
        for at, one in given:
            if isinstance(one, int | float):
                numbers[at].append(one)
                numbers[-1].append(one)
        found["spread"] = [_spread(some, hidden) for some in numbers]
    return found


def _choice(
    options: Sequence[str], given: Sequence[tuple[int, Any]], classes: int, hidden: bool
) -> dict[str, list[int | None]]:
    """Each answer is one of the options or none: a table whose columns sum to what is known."""
    names = [*options, NONE]
    where = {name: at for at, name in enumerate(names)}
    table = [[0] * classes for _ in names]
    for at, one in given:
        table[where.get(one, len(options)) if isinstance(one, str) else len(options)][at] += 1
    return dict(zip(names, _shown(table, hidden), strict=True))


def _taken(option: str, given: Sequence[tuple[int, Any]], classes: int, hidden: bool) -> list[int | None]:
    """Of several options each is taken or not. How many answered at all is not told: it would narrow what is hidden."""
    table = [[0] * classes, [0] * classes]
    for at, one in given:
        table[0 if isinstance(one, list | tuple) and option in one else 1][at] += 1
    return _shown(table, hidden)[0]


def _shown(table: Sequence[Sequence[int]], hidden: bool) -> list[list[int | None]]:
    if hidden:
        return hide(table)
    return [[*row, sum(row)] for row in table]


def _spread(numbers: Sequence[float], hidden: bool) -> list[float] | None:
    """Quartiles. Where counts are hidden: of enough numbers only, and in two digits, so that no single one shows."""
    found = spread(numbers)
    if found is None or (hidden and len(numbers) < ENOUGH):
        return None
    parts = [found.quarter, found.median, found.three_quarters]
    return [_rounded(one) for one in parts] if hidden else parts


def _rounded(value: float) -> float:
    if not value:
        return 0.0
    return round(value, _DIGITS - 1 - math.floor(math.log10(abs(value))))


def share(count: int | None, whole: int) -> float | None:
    """Per cent of the towns that answered; None: hidden, or nobody answered."""
    return None if count is None or not whole else 100 * count / whole
