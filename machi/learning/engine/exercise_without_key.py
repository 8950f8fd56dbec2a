"""A task as a learner may see it: what is asked, without key, reasons and examples."""

from typing import Any

from machi.learning.engine.exercise_data import table
from machi.learning.engine.exercise_mask import words
from machi.learning.engine.exercise_types import Task
from machi.learning.engine.quiz_places import shown_order

_ITEM = {
    "ground": ("id", "text"),
    "instruct": ("id", "kind", "units", "least", "most"),
    "data": ("id", "kind", "ask", "unit", "decimals", "options"),
    "quiz": ("id", "kind", "ask", "unit", "options", "left", "right"),
}
"""Which fields of an item are told: what is not named here stays hidden, also what is added later."""
_ITEMS = {"ground": "claims", "instruct": "criteria", "data": "items", "quiz": "items"}
_TASK = ("question", "situation", "source", "at_most")


def without_key(kind: str, task: Task) -> dict[str, Any]:
    """JSON for the learner. Of ``mask`` the words with their numbers, of ``data`` the table."""
    told: dict[str, Any] = {name: task[name] for name in _TASK if name in task}
    if kind in _ITEMS:
        told[_ITEMS[kind]] = [_item(item, _ITEM[kind]) for item in task[_ITEMS[kind]]]
    if kind == "mask":
        told["words"] = [{"number": word.number, "text": word.text} for word in words(task)]
    if kind == "data":
        figures = table(task)
        told["table"] = {
            "columns": list(figures.columns),
            "rows": [
                {"municipality": code, "name": name, "values": list(values)}
                for code, name, values in figures.rows
            ],
        }
    return told


def _item(item: Task, fields: tuple[str, ...]) -> dict[str, Any]:
    told = {name: item[name] for name in fields if name in item}
    for name in ("options", "left", "right"):
        if name in told:
            told[name] = [{"id": one["id"], "text": one["text"]} for one in told[name]]
    if item.get("kind") == "order":
        texts = {one["id"]: one for one in told["options"]}
        told["options"] = [texts[one] for one in shown_order(item)]
    return told
