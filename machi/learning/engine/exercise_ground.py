"""The exercise "what does the source support": each claim is supported, contradicted, or not in the source.

Within each of the k kinds of key that occur, the share right; their average, less what always answering the same gets:
(average - 1/k) / (1 - 1/k), not below 0. This is balanced accuracy corrected for chance (Brodersen and others 2010,
"The balanced accuracy and its posterior distribution"), so that calling everything supported is worth nothing.

Task and answer: ``machi/learning/data/exercises.md``, "ground".
"""

from typing import Any

from machi.learning.engine.exercise_reading import Reading
from machi.learning.engine.exercise_types import (
    ItemResult,
    Problem,
    Result,
    Task,
    mean,
    part,
    percent,
    reason,
    with_authors,
)

SUPPORTED, CONTRADICTED, ABSENT = "supported", "contradicted", "absent"
KEYS = (SUPPORTED, CONTRADICTED, ABSENT)
LONGEST_SOURCE = 4_000


def check(task: Any) -> list[Problem]:
    at = Reading(task, "task")
    at.headed()
    source = at.source(LONGEST_SOURCE)
    seen: set[str] = set()
    for item in at.items("claims", 3, 20, set()):
        item.authored()
        item.text("text", 300)
        wanted = item.choice("key", KEYS)
        seen.add(wanted)
        quote = item.text("quote", 500, required=wanted in (SUPPORTED, CONTRADICTED))
        if wanted == ABSENT and quote:
            item.problem("quote", "quote_of_absent")
        if source and quote and quote not in source:
            item.problem("quote", "not_in_source")
    at.end()
    if not at.problems and len(seen) < 2:
        at.problem("claims", "one_key")
    return at.problems


def key(task: Task) -> dict[str, Any]:
    return {"claims": {item["id"]: item["key"] for item in task["claims"]}}


def score(task: Task, answer: Any) -> Result:
    given = part(answer, "claims")
    items = []
    for item in task["claims"]:
        said = given.get(item["id"])
        said = said if said in KEYS else ""
        right = said == item["key"]
        code = "ground_right" if right else "ground_wrong" if said else "unanswered"
        reasons = [reason(code, said=said, key=item["key"])]
        if item.get("quote"):
            reasons.append(reason("ground_quote", quote=item["quote"]))
        items.append(with_authors(ItemResult(item["id"], item["text"], float(right), tuple(reasons)), item))
    by_key: dict[str, list[float]] = {}
    for item, result in zip(task["claims"], items, strict=True):
        by_key.setdefault(item["key"], []).append(result.points)
    chance = 1 / len(by_key)
    total = (mean([mean(points) for points in by_key.values()]) - chance) / (1 - chance)
    answers = {said for said in given.values() if said in KEYS}
    overall = (reason("ground_all_same"),) if len(answers) == 1 else (reason("ground_chance"),)
    return Result(tuple(items), percent(total), overall, task.get("read_again", ""))
