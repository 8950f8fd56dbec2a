"""Made-up answers that hang together: larger towns are further on, and every town a little further each year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Any

from machi.learning.engine.maturity import TOP
from machi.learning.engine.questionnaire import Form, Kind, Question, kept, validate, visible

_WISHES = (
    "共同調達の仕様書のひな形があると助かります。",
    "LGWANで使える環境の費用が負担になっています。",
    "窓口の下書きに使い、時間が減りました。確かめる手順を共有したいです。",
    "小さな町では担当が1人なので、相談できる相手がほしいです。",
)


def readiness(rng: Random, people: int, years: float) -> float:
    """0 to 1: how far a town is."""
    size = min(1.0, max(0.0, (math.log10(max(people, 1_000)) - 3.5) / 2.2))
    return min(1.0, max(0.0, 0.15 + 0.5 * size + 0.12 * years + rng.gauss(0, 0.16)))


def answers(form: Form, rng: Random, people: int, ready: float) -> dict[str, Any]:
    """To every question that is asked; those that need no answer are left out now and then."""
    given: dict[str, Any] = {}
    for question in form:
        if question.id not in {one.id for one in visible(form, given)}:
            continue
        if not question.required and rng.random() < 0.2:
            continue
        given[question.id] = _answer(question, rng, people, ready)
    fitting = kept(form, given)
    assert not validate(form, fitting)
    return fitting


def levels(form: Form, rng: Random, ready: float) -> dict[str, Any]:
    """To a self-assessment: the levels of one town lie near each other."""
    given: dict[str, Any] = {}
    for question in form:
        if question.kind is Kind.SINGLE:
            level = round(ready * TOP + rng.gauss(0, 0.7))
            given[question.id] = question.options[min(TOP, max(0, level))].id
    return given


def _answer(question: Question, rng: Random, people: int, ready: float) -> Any:
    match question.kind:
        case Kind.SINGLE:
            return _option([one.id for one in question.options], rng, ready)
        case Kind.MULTIPLE:
            return _some(question, rng, ready)
        case Kind.MATRIX:
            names = [one.id for one in question.options if one.id != "na"]
            return {
                row.id: "na" if rng.random() < 0.05 else _option(names, rng, ready - 0.25)
                for row in question.rows
            }
        case Kind.NUMBER:
            most = min(
                question.most or 10**6, max(2.0, people * ready / (3 if question.id == "budget" else 40))
            )
            if question.id == "gen_share":
                most = 100 * ready
            value = rng.uniform(0.3, 1) * most
            return round(value) if question.whole else round(value, 1)
        case Kind.DATE:
            return f"{rng.choice((2019, 2020, 2021, 2022, 2023, 2024))}-{rng.randint(1, 12):02}-01"
        case Kind.TEXT:
            return rng.choice(_WISHES)[: question.longest]


def _option(names: Sequence[str], rng: Random, ready: float) -> str:
    """Options stand from the furthest to none."""
    at = round((1 - ready) * (len(names) - 1) + rng.gauss(0, 0.6))
    return names[min(len(names) - 1, max(0, at))]


def _some(question: Question, rng: Random, ready: float) -> list[str]:
    names = [one.id for one in question.options if not one.alone]
    wanted = max(1, round(len(names) * (0.15 + 0.6 * ready)))
    taken = set(rng.sample(names, min(wanted, int(question.most or len(names)))))
    return [one for one in names if one in taken]
