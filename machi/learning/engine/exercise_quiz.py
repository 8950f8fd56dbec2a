"""The exercise "quiz": questions of six kinds, each worth the same.

Task and answer: ``machi/learning/data/exercises.md``, "quiz".
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from machi.learning.engine import quiz_choice, quiz_places, quiz_typed
from machi.learning.engine.exercise_reading import Reading
from machi.learning.engine.exercise_types import (
    ItemResult,
    Problem,
    Result,
    Task,
    mean,
    part,
    percent,
    with_authors,
)

SAME_PLACE = 0.6
"""Share of the single choices whose right option may stand in the same place; asked from ``MANY`` on."""
MANY = 4


@dataclass(frozen=True, slots=True)
class _Kind:
    check: Callable[[Reading], None]
    score: Callable[[Mapping[str, Any], Any], ItemResult]
    key: Callable[[Mapping[str, Any]], Any]


KINDS: Mapping[str, _Kind] = {
    "single": _Kind(quiz_choice.check_single, quiz_choice.score_single, quiz_choice.key_single),
    "multiple": _Kind(quiz_choice.check_multiple, quiz_choice.score_multiple, quiz_choice.key_multiple),
    "order": _Kind(quiz_places.check_order, quiz_places.score_order, quiz_places.key_order),
    "match": _Kind(quiz_places.check_match, quiz_places.score_match, quiz_places.key_match),
    "number": _Kind(quiz_typed.check_number, quiz_typed.score_number, quiz_typed.key_number),
    "text": _Kind(quiz_typed.check_text, quiz_typed.score_text, quiz_typed.key_text),
}


def check(task: Any) -> list[Problem]:
    at = Reading(task, "task")
    at.headed()
    for item in at.items("items", 1, 30, set()):
        item.authored()
        item.text("ask", 500)
        if kind := item.choice("kind", tuple(KINDS)):
            KINDS[kind].check(item)
    at.end()
    if not at.problems:
        places = Counter(
            [option["id"] for option in item["options"]].index(item["key"])
            for item in task["items"]
            if item["kind"] == "single"
        )
        if places.total() >= MANY and max(places.values()) > SAME_PLACE * places.total():
            at.problem("items", "same_place", max(places, key=lambda one: places[one]) + 1)
    return at.problems


def key(task: Task) -> dict[str, Any]:
    return {"items": {item["id"]: KINDS[item["kind"]].key(item) for item in task["items"]}}


def score(task: Task, answer: Any) -> Result:
    given = part(answer, "items")
    items = tuple(
        with_authors(KINDS[item["kind"]].score(item, given.get(item["id"])), item) for item in task["items"]
    )
    return Result(items, percent(mean([one.points for one in items])), (), task.get("read_again", ""))
