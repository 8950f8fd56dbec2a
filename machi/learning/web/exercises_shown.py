"""An exercise and a result as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.learning.domain.exercises import BY_MACHINE, Tried
from machi.learning.domain.exercises_words import (
    CRITERIA,
    about_words,
    points_words,
    reason_words,
    result_words,
)
from machi.learning.engine import exercise_mask
from machi.learning.engine.exercise_data import table
from machi.learning.models import Enrolment, Exercise

Kind = Exercise.Kind


@dataclass(frozen=True, slots=True)
class ShownItem:
    about: str
    words: str
    kind: str
    """Of the chip."""
    icon: str
    reasons: list[str]
    why: str
    read_again: str


def task_context(exercise: Exercise) -> dict[str, Any]:
    """What stands above the form."""
    task = exercise.task
    context: dict[str, Any] = {"exercise": exercise, "task": task, "source": task.get("source")}
    if exercise.kind == Kind.DATA:
        figures = table(task)
        context["columns"] = [_("自治体"), *figures.columns]
        context["rows"] = [
            [name, *(f"{value:,.10g}" for value in values)] for _code, name, values in figures.rows
        ]
    if exercise.kind == Kind.INSTRUCT:
        context["criteria"] = [_criterion(item) for item in task["criteria"]]
    return context


def _criterion(item: dict[str, Any]) -> str:
    said = str(CRITERIA[item["kind"]])
    if item["kind"] == "length":
        bounds = {"least": item["least"], "most": item["most"], "unit": item["units"][0]}
        return said + _("（%(least)sから%(most)s%(unit)sまで）") % bounds
    return said + _("（%(most)s字まで）") % {"most": item["most"]} if item["kind"] == "out_length" else said


def result_context(exercise: Exercise, tried: Tried, passed: bool) -> dict[str, Any]:
    """What stands in the result. ``tried`` without an answer: its words are erased."""
    items = [
        ShownItem(
            about_words(item),
            points_words(item.points),
            *_chip(item.points),
            [reason_words(one) for one in item.reasons],
            item.why,
            item.read_again,
        )
        for item in tried.result.items
    ]
    return {
        "percent": tried.result.percent,
        "passed": passed,
        "items": items,
        "overall": result_words(tried.result),
        "read_again": tried.result.read_again if tried.result.percent < 100 else "",
        "written": tried.answer.get("instruction") or tried.answer.get("summary"),
        "output": tried.answer.get("output"),
        "by_model": tried.answer.get("by_model"),
        "marked": _marked(exercise, tried) if exercise.kind == Kind.MASK and tried.answer else [],
        "by_machine": exercise.kind in BY_MACHINE,
    }


def _chip(points: float) -> tuple[str, str]:
    if points >= 1:
        return "success", "check-circle"
    return ("warning", "warning") if points > 0 else ("danger", "close")


def _marked(exercise: Exercise, tried: Tried) -> list[tuple[str, str]]:
    """The text in pieces, each with what became of it: ``hidden``, ``missed``, ``over`` or nothing."""
    wanted = set(exercise_mask.key(exercise.task)["words"])
    chosen = set(tried.answer.get("words", ()))
    pieces: list[tuple[str, str]] = []
    for word in exercise_mask.words(exercise.task):
        state = {(True, True): "hidden", (True, False): "missed", (False, True): "over"}.get(
            (word.number in wanted, word.number in chosen), ""
        )
        if pieces and pieces[-1][1] == state:
            pieces[-1] = (pieces[-1][0] + word.text, state)
        else:
            pieces.append((word.text, state))
    return pieces


def lesson_url(municipality: Municipality, enrolment: Enrolment, exercise: Exercise) -> str:
    """The lesson to read again."""
    return reverse("learning:lesson", args=[municipality.code, enrolment.pk, exercise.lesson_id])
