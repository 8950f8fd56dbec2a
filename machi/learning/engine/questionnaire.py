"""A questionnaire as plain data: its questions, which of them are asked given earlier answers, and whether answers fit.

A form is stored as JSON (``parse`` and ``dump``). Answers are a mapping from the id of a question to:

=========  =======================================================================
single     the id of an option
multiple   a list of ids of options, without repetition
matrix     row id -> option id
number     an int or a float
text       a string
date       ``YYYY-MM-DD``
=========  =======================================================================

What is not answered is absent. Words are kept per language: ``{"ja": ..., "en": ...}``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeGuard

Words = Mapping[str, str]
"""Language -> what is said in it."""
Answers = Mapping[str, Any]

MOST_QUESTIONS = 300
MOST_OPTIONS = 100
LONGEST_TEXT = 4_000
_LARGEST = 2**63
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Kind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    MATRIX = "matrix"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"


CHOSEN = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX})
"""Kinds that are answered with options."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. An ``alone`` option ("none of these") goes with no other."""

    id: str
    words: Words
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """When a question is asked: the earlier ``question`` has one of ``options`` (in ``row`` of a matrix; without a row,
    in any), or a number within ``least`` and ``most``; with neither, when it is answered at all. ``negated`` turns it
    round, but what was not asked or not answered never holds."""

    question: str
    options: tuple[str, ...] = ()
    row: str = ""
    least: float | None = None
    most: float | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """``when``: all must hold. ``least`` and ``most`` bound a number, or how many options of ``multiple`` are taken.
    ``section``: heading above it, where it begins a part."""

    id: str
    kind: Kind
    words: Words
    help: Words = field(default_factory=dict)
    section: Words = field(default_factory=dict)
    required: bool = False
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    when: tuple[Condition, ...] = ()
    unit: Words = field(default_factory=dict)
    least: float | None = None
    most: float | None = None
    whole: bool = False
    longest: int = 2_000

    def option(self, name: str) -> Option | None:
        return next((one for one in self.options if one.id == name), None)


@dataclass(frozen=True, slots=True)
class Form:
    questions: tuple[Question, ...] = ()

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    def __len__(self) -> int:
        return len(self.questions)

    def get(self, name: str) -> Question | None:
        return next((one for one in self.questions if one.id == name), None)

    def __getitem__(self, name: str) -> Question:
        if (found := self.get(name)) is None:
            raise KeyError(name)
        return found


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, for ``learning.domain.questionnaire_words`` to say. ``question`` is an id ("" for the whole form);
    ``row`` a row of a matrix, ``value`` what was given (short)."""

    code: str
    question: str = ""
    row: str = ""
    value: str = ""


class FormError(ValueError):
    """A form that cannot be used; ``problems`` says all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{one.question or 'form'}: {one.code}" for one in problems))
        self.problems = tuple(problems)


def said(words: Words, language: str = "ja") -> str:
    """In that language; where it is missing in the language without its variant (``ja-easy``), Japanese, or any."""
    for one in (language, language.split("-")[0], "ja"):
        if words.get(one):
            return words[one]
    return next((text for text in words.values() if text), "")


# What is asked


def visible(form: Form, answers: Answers) -> tuple[Question, ...]:
    """The questions that are asked, in order; a condition on a question that is not asked does not hold."""
    asked: dict[str, Question] = {}
    for question in form:
        if all(one.question in asked and holds(one, asked[one.question], answers) for one in question.when):
            asked[question.id] = question
    return tuple(asked.values())


def holds(condition: Condition, question: Question, answers: Answers) -> bool:
    """Whether ``question``, which the condition is on, has an answer that meets it. Answers of a wrong form do not."""
    value = answers.get(question.id)
    if is_empty(value):
        return False
    met: bool
    if condition.options:
        taken = _taken(question, value, condition.row)
        if not taken:
            return False
        met = not taken.isdisjoint(condition.options)
    elif condition.least is not None or condition.most is not None:
        if not _is_number(value):
            return False
        met = _within(value, condition.least, condition.most)
    else:
        return not condition.negated
    return met is not condition.negated


def _taken(question: Question, value: Any, row: str) -> set[str]:
    if question.kind is Kind.MATRIX:
        if not isinstance(value, Mapping):
            return set()
        return {str(one) for place, one in value.items() if not row or place == row}
    return {str(one) for one in value} if isinstance(value, list | tuple) else {str(value)}


def is_empty(value: Any) -> bool:
    return (
        value is None
        or (isinstance(value, str) and not value.strip())
        or (isinstance(value, list | tuple | Mapping) and not value)
    )


def kept(form: Form, answers: Answers) -> dict[str, Any]:
    """Only what answers questions that are asked, empty answers left out: what is handed in."""
    return {one.id: answers[one.id] for one in visible(form, answers) if not is_empty(answers.get(one.id))}


# Whether answers fit


def validate(form: Form, answers: Answers, *, complete: bool = True) -> list[Problem]:
    """All that is wrong, in the order of the questions. In a draft (not ``complete``) what is missing is not, nor what
    is not asked at the moment: an earlier answer may change again. It must fit all the same."""
    known = {one.id for one in form}
    found = [Problem("unknown_question", value=str(key)[:40]) for key in answers if key not in known]
    asked = {one.id for one in visible(form, answers)}
    for question in form:
        value = answers.get(question.id)
        if complete and question.id not in asked:
            if not is_empty(value):
                found.append(Problem("not_asked", question.id))
        elif is_empty(value):
            if complete and question.required:
                found.append(Problem("missing", question.id))
        else:
            found += check(question, value, complete=complete)
    return found


def check(question: Question, value: Any, *, complete: bool = True) -> list[Problem]:
    """What is wrong with one answer that is there."""
    match question.kind:
        case Kind.SINGLE:
            return _one_of(question, value)
        case Kind.MULTIPLE:
            return _some_of(question, value, complete)
        case Kind.MATRIX:
            return _each_row(question, value, complete)
        case Kind.NUMBER:
            return _number(question, value)
        case Kind.DATE:
            return _date(question, value)
        case Kind.TEXT:
            return _text(question, value)


def _one_of(question: Question, value: Any, row: str = "") -> list[Problem]:
    if isinstance(value, str) and question.option(value):
        return []
    return [Problem("not_an_option", question.id, row, _short(value))]


def _some_of(question: Question, value: Any, complete: bool) -> list[Problem]:
    if not isinstance(value, list | tuple):
        return [Problem("not_an_option", question.id, value=_short(value))]
    if wrong := [one for taken in value for one in _one_of(question, taken)]:
        return wrong
    found = []
    if len(set(value)) != len(value):
        found.append(Problem("twice", question.id))
    if len(value) > 1 and any(one.alone for one in question.options if one.id in value):
        found.append(Problem("alone", question.id))
    if complete and question.least is not None and len(value) < question.least:
        found.append(Problem("too_few", question.id, value=f"{question.least:g}"))
    if question.most is not None and len(value) > question.most:
        found.append(Problem("too_many", question.id, value=f"{question.most:g}"))
    return found


def _each_row(question: Question, value: Any, complete: bool) -> list[Problem]:
    if not isinstance(value, Mapping):
        return [Problem("not_an_option", question.id, value=_short(value))]
    rows = {one.id for one in question.rows}
    found = [Problem("unknown_row", question.id, value=_short(row)) for row in value if row not in rows]
    for row in question.rows:
        if row.id in value:
            found += _one_of(question, value[row.id], row.id)
        elif complete and question.required:
            found.append(Problem("missing", question.id, row.id))
    return found


def _number(question: Question, value: Any) -> list[Problem]:
    if not _is_number(value):
        return [Problem("not_a_number", question.id, value=_short(value))]
    if question.whole and float(value) != int(value):
        return [Problem("not_whole", question.id, value=_short(value))]
    if not _within(value, question.least, question.most):
        return [Problem("out_of_range", question.id, value=_short(value))]
    return []


def _date(question: Question, value: Any) -> list[Problem]:
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            date.fromisoformat(value)
            return []
    except ValueError:
        pass
    return [Problem("not_a_date", question.id, value=_short(value))]


def _text(question: Question, value: Any) -> list[Problem]:
    if not isinstance(value, str):
        return [Problem("not_a_text", question.id, value=_short(value))]
    return [Problem("too_long", question.id, value=str(len(value)))] if len(value) > question.longest else []


def _is_number(value: Any) -> TypeGuard[int | float]:
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) < _LARGEST  # an int may be too large to be a float
    return isinstance(value, float) and math.isfinite(value)


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _short(value: Any) -> str:
    return str(value)[:40]


# A form as JSON


def parse(data: Any) -> Form:
    """The form that ``data`` (from JSON) describes. Raises FormError with all that is wrong with it."""
    if not isinstance(data, Mapping) or not isinstance(data.get("questions"), list):
        raise FormError([Problem("not_a_form")])
    found: list[Problem] = []
    questions = [_question(one, at, found) for at, one in enumerate(data["questions"], 1)]
    form = Form(tuple(one for one in questions if one is not None))
    if not found:
        found = check_form(form)
    if found:
        raise FormError(found)
    return form


def _question(data: Any, at: int, found: list[Problem]) -> Question | None:
    place = str(data.get("id", at) if isinstance(data, Mapping) else at)[:40]
    try:
        return Question(
            id=str(data["id"]),
            kind=Kind(data["kind"]),
            words=_words(data["words"]),
            help=_words(data.get("help", {})),
            section=_words(data.get("section", {})),
            required=bool(data.get("required", False)),
            options=tuple(_option(one) for one in data.get("options", ())),
            rows=tuple(_option(one) for one in data.get("rows", ())),
            when=tuple(_condition(one) for one in data.get("when", ())),
            unit=_words(data.get("unit", {})),
            least=_bound(data.get("least")),
            most=_bound(data.get("most")),
            whole=bool(data.get("whole", False)),
            longest=int(data.get("longest", 2_000)),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        found.append(Problem("not_a_question", place))
        return None


def _words(data: Any) -> dict[str, str]:
    if isinstance(data, str):
        return {"ja": data} if data else {}
    return {str(language): str(text) for language, text in data.items() if text}


def _option(data: Any) -> Option:
    return Option(str(data["id"]), _words(data["words"]), bool(data.get("alone", False)))


def _condition(data: Any) -> Condition:
    return Condition(
        str(data["question"]),
        tuple(str(one) for one in data.get("options", ())),
        str(data.get("row", "")),
        _bound(data.get("least")),
        _bound(data.get("most")),
        bool(data.get("negated", False)),
    )


def _bound(value: Any) -> float | None:
    if value is None or _is_number(value):
        return value
    raise ValueError("not a bound")


def dump(form: Form) -> dict[str, Any]:
    """The form as JSON, what is empty left out; ``parse`` reads it back."""
    return {"questions": [dump_question(one) for one in form]}


def dump_question(question: Question) -> dict[str, Any]:
    data: dict[str, Any] = {"id": question.id, "kind": question.kind.value, "words": dict(question.words)}
    for name in ("help", "section", "unit"):
        if words := getattr(question, name):
            data[name] = dict(words)
    for name in ("required", "whole"):
        if getattr(question, name):
            data[name] = True
    for name in ("options", "rows"):
        if many := getattr(question, name):
            data[name] = [
                {"id": one.id, "words": dict(one.words), **({"alone": True} if one.alone else {})}
                for one in many
            ]
    for name in ("least", "most"):
        if (bound := getattr(question, name)) is not None:
            data[name] = bound
    if question.kind is Kind.TEXT:
        data["longest"] = question.longest
    if question.when:
        data["when"] = [_dumped_condition(one) for one in question.when]
    return data


def _dumped_condition(condition: Condition) -> dict[str, Any]:
    data: dict[str, Any] = {"question": condition.question}
    if condition.options:
        data["options"] = list(condition.options)
    if condition.row:
        data["row"] = condition.row
    for name in ("least", "most"):
        if (bound := getattr(condition, name)) is not None:
            data[name] = bound
    if condition.negated:
        data["negated"] = True
    return data


def check_form(form: Form) -> list[Problem]:
    """What is wrong with a form whose parts can be read: ids, options, bounds, conditions on what comes later."""
    found: list[Problem] = []
    before: dict[str, Question] = {}
    if len(form) > MOST_QUESTIONS:
        found.append(Problem("too_many_questions", value=str(MOST_QUESTIONS)))
    for question in form:
        found += _wrong_in(question)
        if question.id in before:
            found.append(Problem("question_twice", question.id))
        for condition in question.when:
            found += _wrong_condition(question, condition, before.get(condition.question))
        before[question.id] = question
    return found


def _wrong_in(question: Question) -> Iterator[Problem]:
    if not _ID.fullmatch(question.id):
        yield Problem("bad_id", question.id)
    if not said(question.words).strip():
        yield Problem("no_words", question.id)
    for parts, code, needed in (
        (question.options, "no_options", question.kind in CHOSEN),
        (question.rows, "no_rows", question.kind is Kind.MATRIX),
    ):
        ids = [one.id for one in parts]
        if needed and not parts:
            yield Problem(code, question.id)
        if len(ids) > MOST_OPTIONS:
            yield Problem("too_many_options", question.id, value=str(MOST_OPTIONS))
        if len(set(ids)) != len(ids):
            yield Problem("option_twice", question.id)
        for one in parts:
            if not _ID.fullmatch(one.id):
                yield Problem("bad_id", question.id, value=one.id[:40])
            if not said(one.words).strip():
                yield Problem("no_words", question.id, value=one.id[:40])
    if question.least is not None and question.most is not None and question.least > question.most:
        yield Problem("bounds", question.id)
    if not 1 <= question.longest <= LONGEST_TEXT:
        yield Problem("longest", question.id, value=str(LONGEST_TEXT))


def _wrong_condition(question: Question, condition: Condition, on: Question | None) -> Iterator[Problem]:
    if on is None:
        yield Problem("condition_not_earlier", question.id, value=condition.question[:40])
        return
    unknown = [one for one in condition.options if on.option(one) is None]
    if unknown or (condition.options and on.kind not in CHOSEN):
        yield Problem("condition_no_option", question.id, value=", ".join(unknown)[:40])
    if condition.row and condition.row not in {one.id for one in on.rows}:
        yield Problem("condition_no_option", question.id, value=condition.row[:40])
    bounded = condition.least is not None or condition.most is not None
    if bounded and on.kind is not Kind.NUMBER:
        yield Problem("condition_no_number", question.id, value=condition.question[:40])
