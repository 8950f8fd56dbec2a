"""Quiz questions with options to choose from: one right (single), or several (multiple)."""

from collections.abc import Mapping
from typing import Any

from machi.learning.engine.exercise_reading import LONGEST_WHY, Reading
from machi.learning.engine.exercise_types import ItemResult, reason

Item = Mapping[str, Any]


def options(at: Reading, least: int = 2, most: int = 8, field: str = "options") -> list[str]:
    """Reads a list of options; their ids."""
    ids: set[str] = set()
    for option in at.items(field, least, most, ids):
        option.text("text", 300)
        option.text("why", LONGEST_WHY, required=False)
    return [one for one in ids if one]


def check_single(at: Reading) -> None:
    at.choice("key", options(at))


def check_multiple(at: Reading) -> None:
    ids = options(at)
    wanted = at.texts("key", 1, len(ids), 40)
    for number, one in enumerate(wanted):
        if one not in ids:
            at.problem(f"key[{number}]", "not_choice", ", ".join(sorted(ids)))
    if ids and not set(ids) - set(wanted):
        at.problem("key", "all_right")


def key_single(item: Item) -> Any:
    return item["key"]


key_multiple = key_single


def score_single(item: Item, said: Any) -> ItemResult:
    """``said``: the id chosen."""
    names = _texts(item)
    said = said if isinstance(said, str) and said in names else ""
    right = said == item["key"]
    code = "choice_right" if right else "choice_wrong" if said else "unanswered"
    reasons = [reason(code, said=names.get(said, ""), key=names[item["key"]])]
    if said and not right:
        reasons += [
            reason("author", text=one["why"])
            for one in item["options"]
            if one["id"] == said and one.get("why")
        ]
    return ItemResult(item["id"], item["ask"], float(right), tuple(reasons))


def score_multiple(item: Item, said: Any) -> ItemResult:
    """``said``: the ids ticked. Share of the right ones less share of the wrong ones, not below 0."""
    names = _texts(item)
    ticked = (
        {one for one in said if isinstance(one, str) and one in names} if isinstance(said, list) else set()
    )
    right = set(item["key"])
    wrong = names.keys() - right
    points = max(0.0, len(ticked & right) / len(right) - len(ticked & wrong) / len(wrong))
    reasons = [] if ticked else [reason("unanswered", said="", key=_joined(names, right))]
    if missed := right - ticked if ticked else set():
        reasons.append(reason("multiple_missed", options=_joined(names, missed)))
    if over := ticked & wrong:
        reasons.append(reason("multiple_over", options=_joined(names, over)))
        reasons += [
            reason("author", text=one["why"])
            for one in item["options"]
            if one["id"] in over and one.get("why")
        ]
    if points == 1:
        reasons.append(reason("choice_right", said=_joined(names, ticked), key=_joined(names, right)))
    return ItemResult(item["id"], item["ask"], points, tuple(reasons))


def _texts(item: Item) -> dict[str, str]:
    return {one["id"]: one["text"] for one in item["options"]}


def _joined(names: Mapping[str, str], chosen: set[str]) -> str:
    return "、".join(f"「{text}」" for name, text in names.items() if name in chosen)
