"""The JSON Schema (draft 2020-12) of a form's answers: what ``questionnaire.validate`` takes, and nothing else.

A question with conditions is a pair ``if``/``then``/``else``: asked, it may (or must) be there; not asked, it must not.
Empty answers (an empty string, list or object) are refused by the schema; leave the member out instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from machi.learning.engine.questionnaire import Condition, Form, Kind, Option, Question, said

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(form: Form, title: str = "", language: str = "ja") -> dict[str, Any]:
    always = [one.id for one in form if one.required and not one.when]
    branches = [_branch(form, one) for one in form if one.when]
    return {
        "$schema": DRAFT,
        **({"title": title} if title else {}),
        "type": "object",
        "properties": {one.id: _answer(one, language) for one in form},
        "additionalProperties": False,
        **({"required": always} if always else {}),
        **({"allOf": branches} if branches else {}),
    }


def _answer(question: Question, language: str) -> dict[str, Any]:
    described = {"title": said(question.words, language)}
    if question.help:
        described["description"] = said(question.help, language)
    return {**described, **_value(question, language)}


def _value(question: Question, language: str) -> dict[str, Any]:
    match question.kind:
        case Kind.SINGLE:
            return _one_of(question.options, language)
        case Kind.MULTIPLE:
            return _some_of(question, language)
        case Kind.MATRIX:
            cell = _one_of(question.options, language)
            return {
                "type": "object",
                "properties": {row.id: {"title": said(row.words, language), **cell} for row in question.rows},
                "additionalProperties": False,
                "minProperties": 1,
                **({"required": [row.id for row in question.rows]} if question.required else {}),
            }
        case Kind.NUMBER:
            return {
                "type": "integer" if question.whole else "number",
                **_bounds(question, "minimum", "maximum"),
            }
        case Kind.DATE:
            return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        case Kind.TEXT:
            return {"type": "string", "pattern": r"\S", "maxLength": question.longest}


def _one_of(options: Sequence[Option], language: str) -> dict[str, Any]:
    return {
        "type": "string",
        "oneOf": [{"const": one.id, "title": said(one.words, language)} for one in options],
    }


def _some_of(question: Question, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "array",
        "items": _one_of(question.options, language),
        "uniqueItems": True,
        "minItems": 1,
    }
    if question.least is not None:
        found["minItems"] = max(1, -int(-question.least // 1))
    if question.most is not None:
        found["maxItems"] = int(question.most)
    if alone := [one.id for one in question.options if one.alone]:
        found["anyOf"] = [{"maxItems": 1}, {"not": {"contains": {"enum": alone}}}]
    return found


def _bounds(question: Question, low: str, high: str) -> dict[str, Any]:
    return {
        **({low: question.least} if question.least is not None else {}),
        **({high: question.most} if question.most is not None else {}),
    }


def _branch(form: Form, question: Question) -> dict[str, Any]:
    # What is not asked is absent (the else of its own branch), so a condition on it fails by "required".
    asked = {"allOf": [_condition(form[one.question], one) for one in question.when]}
    needed = {"required": [question.id]} if question.required else True
    return {"if": asked, "then": needed, "else": {"properties": {question.id: False}}}


def _condition(on: Question, condition: Condition) -> dict[str, Any]:
    if condition.options:
        met = _taken(on, condition)
    elif condition.least is not None or condition.most is not None:
        met = {
            "type": "number",
            **({"minimum": condition.least} if condition.least is not None else {}),
            **({"maximum": condition.most} if condition.most is not None else {}),
        }
    else:
        met = {} if not condition.negated else {"not": {}}
        return {"required": [on.id], "properties": {on.id: met}}
    if condition.negated:
        there = {"required": [condition.row]} if condition.row else {}
        met = {"not": met, **there}
    return {"required": [on.id], "properties": {on.id: met}}


def _taken(on: Question, condition: Condition) -> dict[str, Any]:
    listed = {"enum": list(condition.options)}
    match on.kind:
        case Kind.MULTIPLE:
            return {"contains": listed}
        case Kind.MATRIX if condition.row:
            return {"required": [condition.row], "properties": {condition.row: listed}}
        case Kind.MATRIX:
            # Any row: not all of them something else.
            return {"not": {"additionalProperties": {"not": listed}}}
    return listed
