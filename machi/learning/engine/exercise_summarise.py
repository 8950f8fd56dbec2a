"""The exercise "write a summary": key facts told, nothing told that the source does not say, within a length.

Facts are compared as the claims check compares them: by value (令和8年 is 2026年), with words, denials and opposites;
words in a heap tell nothing (``prose``). Total: share of the key facts, less 25 points for each sentence with a number,
date or name that the source does not have or that says the opposite; times 1 within the length, falling to 0 at one and
a half times it.

Task and answer: ``machi/learning/data/exercises.md``, "summarise".
"""

from collections.abc import Sequence
from typing import Any

from machi.language.engine.claim_facts import Fact, stands
from machi.language.engine.claim_reading import read
from machi.language.engine.claims import Source
from machi.language.engine.claims import check as check_claims
from machi.learning.engine import prose
from machi.learning.engine.exercise_reading import Reading
from machi.learning.engine.exercise_types import (
    ItemResult,
    Problem,
    Result,
    Task,
    mean,
    percent,
    reason,
    text_of,
    with_authors,
)

LONGEST_SOURCE = 6_000
LEAST_SHARE = 1.5
"""How much longer than a summary may be its source is at least; at this multiple of the limit a summary is worth 0."""
COST = 0.25
"""Of a sentence that says what the source does not."""


def check(task: Any) -> list[Problem]:
    at = Reading(task, "task")
    at.headed()
    source = at.source(LONGEST_SOURCE)
    most = at.number("at_most", 40, 2_000, whole=True)
    if source and most and length(source) < LEAST_SHARE * most:
        at.problem("at_most", "hardly_shorter", length(source))
    for item in at.items("facts", 2, 15, set()):
        item.authored()
        for number, variant in enumerate(item.texts("any", 1, 10, 200)):
            if not read(variant).words:
                item.problem(f"any[{number}]", "no_words")
    at.text("example", 4_000)
    at.end()
    if not at.problems:
        result = score(task, key(task))
        if result.percent < 100:
            missed = ", ".join(item.id for item in result.items if item.points < 1)
            at.problem("example", "not_full", missed or ", ".join(one.code for one in result.overall))
    return at.problems


def key(task: Task) -> dict[str, Any]:
    return {"summary": task["example"]}


def length(text: str) -> int:
    """Characters without blanks."""
    return len("".join(text.split()))


def score(task: Task, answer: Any) -> Result:
    summary = text_of(answer, "summary")[: 10 * task["at_most"]]
    told, heaps = prose.said(summary)
    items = [_told(item, told) for item in task["facts"]]
    most, count = task["at_most"], length(summary)
    factor = min(1.0, max(0.0, (LEAST_SHARE - count / most) / (LEAST_SHARE - 1)))
    wrong = _unsupported(task["source"], summary)
    total = max(0.0, mean([one.points for one in items]) - COST * len(wrong)) * factor
    overall = [reason("summary_length" if count <= most else "summary_too_long", count=count, most=most)]
    if heaps:
        overall.append(reason("summary_heap", count=heaps))
    for sentence, missing in wrong:
        code = "summary_unsupported" if missing else "summary_opposite"
        overall.append(reason(code, sentence=sentence, missing="、".join(missing)))
    return Result(tuple(items), percent(total), tuple(overall), task.get("read_again", ""))


def _told(item: Task, summary: str) -> ItemResult:
    sources = [Source(1, summary)] if summary.strip() else []
    told = any(sources and all(one.kept for one in check_claims(variant, sources)) for variant in item["any"])
    why = reason("fact_told" if told else "fact_not_told", fact=item["any"][0])
    return with_authors(ItemResult(item["id"], item["any"][0], float(told), (why,)), item)


def _unsupported(source: Task, summary: str) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Sentences with what the source nowhere has; with nothing missing: those that deny or reverse what it says.

    Other words for the same are no fault: a summary is in one's own words, unlike an answer that must be quoted.
    """
    there = read(f"{source['title']}\n{source['text']}").facts
    found = []
    for one in check_claims(summary, [Source(1, source["text"], source["title"])]):
        said = sorted(fact for fact in read(one.text).facts if not _known(fact, there))
        if said:
            found.append((one.text, tuple(_words(fact) for fact in said)))
        elif one.why in ("denied", "opposite", "relation"):
            found.append((one.text, ()))
    return found


def _known(fact: Fact, there: frozenset[Fact]) -> bool:
    """Whether the source has it, alone or as part of a date: 令和8年4月 of 令和8年4月1日."""
    if stands(fact, there):
        return True
    dates = [one for one in there if one[0] == "date"]
    if fact[0] == "year":
        return any(one[1] == fact[1] for one in dates)
    return fact[0] == "figure" and fact[2] == "月" and any(one[2] == fact[1] for one in dates)


def _words(fact: Fact) -> str:
    """A fact as a person writes it."""
    kind, *rest = fact
    if kind == "date":
        year, month, day = rest
        return f"{year}年{month}月{day}日" if year else f"{month}月{day}日"
    if kind == "time":
        return f"{int(rest[0]) // 60}時{int(rest[0]) % 60:02}分"
    if kind == "weekday":
        return f"{rest[0]}曜日"
    if kind == "year":
        return f"{rest[0]}年{rest[1]}"
    return "".join(rest)
