"""Answers to what an office asks besides when people register for a seminar: whether they fit the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

Kind = Literal["line", "text", "yes", "one", "some", "number"]
LONGEST = {"line": 200, "text": 2_000}
MOST_CHOICES = 30
_LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Asked:
    key: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()


class AnswerError(ValueError):
    """``problems``: key of a question -> ``missing``, ``too_long``, ``not_a_choice``, ``not_a_number``, ``unknown``."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{key}: {code}" for key, code in problems.items()))
        self.problems = dict(problems)


def clean(asked: Sequence[Asked], given: Mapping[str, Any]) -> dict[str, Any]:
    """Key -> answer, as it is kept: a text, True, a choice, a list of choices, or a number as text; what is not
    answered is absent. AnswerError names every answer that does not fit."""
    problems = {str(key)[:40]: "unknown" for key in given if key not in {one.key for one in asked}}
    kept: dict[str, Any] = {}
    for one in asked:
        try:
            value = _cleaned(one, given.get(one.key))
        except _Wrong as wrong:
            problems[one.key] = wrong.code
            continue
        if value not in (None, "", [], False):
            kept[one.key] = value
        elif one.required:
            problems[one.key] = "missing"
    if problems:
        raise AnswerError(problems)
    return kept


class _Wrong(Exception):
    def __init__(self, code: str) -> None:
        self.code = code


def _cleaned(one: Asked, value: Any) -> Any:
    if value is None:
        return None
    match one.kind:
        case "yes":
            if not isinstance(value, bool):
                raise _Wrong("not_a_choice")
            return value
        case "some":
            if not isinstance(value, list | tuple) or any(each not in one.choices for each in value):
                raise _Wrong("not_a_choice")
            return [each for each in one.choices if each in value]
        case "one":
            if value not in ("", *one.choices):
                raise _Wrong("not_a_choice")
            return value
        case "number":
            return _number(value)
    text = str(value).strip()
    if len(text) > LONGEST[one.kind]:
        raise _Wrong("too_long")
    return text


def _number(value: Any) -> str:
    text = str(value).strip()
    if not text:
        return ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _Wrong("not_a_number") from None
    if isinstance(value, bool) or not number.is_finite() or abs(number) > _LARGEST:
        raise _Wrong("not_a_number")
    return f"{number:f}"
