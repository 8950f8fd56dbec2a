"""Exercises of every kind: is a task right, what is an answer worth; and the files they are written in.

How tasks are written: ``machi/learning/data/exercises.md``. Nothing is random and no model judges: the same answer to
the same task is always worth the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from machi.learning.engine import (
    exercise_data,
    exercise_ground,
    exercise_instruct,
    exercise_mask,
    exercise_quiz,
    exercise_summarise,
)
from machi.learning.engine.exercise_reading import ID, Reading
from machi.learning.engine.exercise_types import ItemResult, Kind, Problem, Result, Task

KINDS: Mapping[str, Kind] = {
    "mask": exercise_mask,
    "ground": exercise_ground,
    "instruct": exercise_instruct,
    "summarise": exercise_summarise,
    "data": exercise_data,
    "quiz": exercise_quiz,
}
_ITEMS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "mask": (("personal", "text"), ("keep", "text")),
    "ground": (("claims", "text"),),
    "instruct": (("criteria", "kind"),),
    "summarise": (("facts", "any"),),
    "data": (("items", "ask"),),
    "quiz": (("items", "ask"),),
}
"""Where a kind's items stand in its task, and which of their fields says what they ask."""
PASS_PERCENT, LEAST_PASS = 70, 50
MOST = 200
"""Exercises in a file."""
LARGEST = 2_000_000
"""Bytes of a file."""


@dataclass(frozen=True, slots=True)
class Written:
    """An exercise as a file has it."""

    slug: str
    kind: str
    title: str
    task: Task
    pass_percent: int
    required: bool


def check(kind: str, task: Any) -> list[Problem]:
    """Everything wrong with a task, with paths; nothing: it can be shown and scored. KeyError: no such kind."""
    return KINDS[kind].check(task)


def score(kind: str, task: Task, answer: Any) -> Result:
    """What ``answer`` (any JSON) is worth. Never raises for a task that ``check`` finds nothing wrong with."""
    return KINDS[kind].score(task, answer)


def key(kind: str, task: Task) -> dict[str, Any]:
    """An answer that is worth 100."""
    return KINDS[kind].key(task)


def items_of(kind: str, task: Task) -> list[ItemResult]:
    """The items of a task as nobody has answered them: what each asks, and its author's reason."""
    return [
        ItemResult(
            item["id"],
            about if isinstance(about := item[field], str) else about[0],
            0.0,
            (),
            item["why"],
            item.get("read_again", ""),
        )
        for listed, field in _ITEMS[kind]
        for item in task.get(listed, ())
    ]


def read_file(data: bytes) -> tuple[list[Written], list[Problem]]:
    """The exercises of a file: one, a list, or a list below ``exercises``; and all problems, named by path.

    Exercises with problems are left out.
    """
    if len(data) > LARGEST:
        return [], [Problem("", "too_large", str(LARGEST))]
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        line = str(fault.lineno) if isinstance(fault, json.JSONDecodeError) else ""
        return [], [Problem("", "not_json", line)]
    if isinstance(found, list):
        found = {"exercises": found}
    if isinstance(found, dict) and "exercises" in found:
        whole = Reading(found, "")
        listed = [(f"exercises[{n}]", one) for n, one in enumerate(whole.several("exercises", 1, MOST))]
        whole.end()
        problems = [Problem(one.path.removeprefix("."), one.code, one.value) for one in whole.problems]
    else:
        listed, problems = [("exercise", found)], []
    written: list[Written] = []
    slugs: set[str] = set()
    for path, one in listed:
        exercise, wrong = _written(one, path)
        if exercise and exercise.slug in slugs:
            wrong.append(Problem(f"{path}.slug", "twice", exercise.slug))
        problems += wrong
        if exercise and not wrong:
            slugs.add(exercise.slug)
            written.append(exercise)
    return written, problems


def _written(value: Any, path: str) -> tuple[Written | None, list[Problem]]:
    at = Reading(value, path)
    slug, kind = at.text("slug", 60), at.choice("kind", tuple(KINDS))
    if slug and not ID.fullmatch(slug):
        at.problem("slug", "not_id")
    title = at.text("title", 120)
    passing = at.number("pass_percent", LEAST_PASS, 100, whole=True, default=PASS_PERCENT)
    required = at.value.get("required", True)
    if at.has("required") and not isinstance(required, bool):
        at.problem("required", "not_boolean")
    has_task = at.has("task")
    if not has_task:
        at.problem("task", "missing")
    at.end()
    problems = at.problems
    if kind and has_task:
        problems += [
            Problem(f"{path}.{one.path}", one.code, one.value) for one in check(kind, at.value["task"])
        ]
    if problems or passing is None:
        return None, problems
    return Written(slug, kind, title, at.value["task"], int(passing), bool(required)), []
