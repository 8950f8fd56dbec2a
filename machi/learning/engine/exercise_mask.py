"""The exercise "find and mask personal information": an answer is the words that the learner hid.

Scored by characters against the author's key, which ``check`` holds against our own recogniser: whatever that finds
must be explained, as personal or as a trap. Hiding costs too, so that hiding everything is worth nothing:
mean of ``personal`` x (1 - 2 x share of the other characters hidden) x (1 + mean of ``keep``) / 2.

Task and answer: ``machi/learning/data/exercises.md``, "mask".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from machi.language.engine.personal import PERSONAL, find
from machi.language.engine.words import words as words_of
from machi.learning.engine.exercise_reading import Reading
from machi.learning.engine.exercise_types import (
    ItemResult,
    Problem,
    Result,
    Task,
    mean,
    percent,
    reason,
    with_authors,
)

LONGEST_TEXT = 2_000
OTHER = "OTHER"
"""Personal, and nothing that the recogniser looks for."""
KINDS = (*sorted(PERSONAL), OTHER)
_RUN = re.compile(
    r"[0-9０-９A-Za-zＡ-Ｚａ-ｚ@＠._+\-－‐−]*[A-Za-zＡ-Ｚａ-ｚ@＠\-－‐−][0-9０-９A-Za-zＡ-Ｚａ-ｚ@＠._+\-－‐−]+"
    r"|(?:明治|大正|昭和|平成|令和)?(?:(?:[0-9０-９]+|元)(?:年度?|月|日|時|分|丁目|番地?|号|円|人|歳|枚|点)?)+"
)
"""A telephone number, an address of mail, a date, the end of an address: one word to a reader."""
_SILENT = re.compile(r"[\s\u3000、。，．,.・：:；;！？!?「」『』（）()【】〔〕\[\]〜~…―─■□●○※-]+")


@dataclass(frozen=True, slots=True)
class Word:
    """``text[start:end]``; ``number`` None: a mark or a blank, which nobody hides."""

    start: int
    end: int
    text: str
    number: int | None


@dataclass(frozen=True, slots=True)
class _Place:
    item: str
    start: int
    end: int


def check(task: Any) -> list[Problem]:
    at = Reading(task, "task")
    at.headed()
    at.text("text", LONGEST_TEXT)
    ids: set[str] = set()
    for field, least in (("personal", 1), ("keep", 0)):
        for item in at.items(field, least, 30, ids):
            item.authored()
            item.text("text", 200)
            if field == "personal":
                item.choice("kind", KINDS)
    at.end()
    if not at.problems:
        at.problems += _misplaced(task)
    return at.problems


def _misplaced(task: Task) -> Iterator[Problem]:
    """What is not in the text, what overlaps, and what the recogniser finds that neither key nor trap explains."""
    text, places = task["text"], _places(task)
    for field in ("personal", "keep"):
        for number, item in enumerate(task.get(field, ())):
            mine = [one for one in places if one.item == item["id"]]
            if not mine:
                yield Problem(f"task.{field}[{number}].text", "not_in_text")
            if any(_overlaps(one, other) for one in mine for other in places):
                yield Problem(f"task.{field}[{number}].text", "overlaps")
    explained = {at for one in places for at in range(one.start, one.end)}
    for start, end in _machine(text):
        if any(at not in explained and not _SILENT.fullmatch(text[at]) for at in range(start, end)):
            yield Problem("task.text", "unexplained", text[start:end])


def words(task: Task) -> tuple[Word, ...]:
    """The task's text as the page shows it: word by word, nothing left out, in order."""
    return _words(task["text"], tuple((one.start, one.end) for one in _places(task)))


def key(task: Task) -> dict[str, Any]:
    wanted = {item["id"] for item in task["personal"]}
    inside = [one for one in _places(task) if one.item in wanted]
    numbered = [word for word in words(task) if word.number is not None]
    return {
        "words": [w.number for w in numbered if any(p.start <= w.start and w.end <= p.end for p in inside)]
    }


def score(task: Task, answer: Any) -> Result:
    text = task["text"]
    chosen = _chosen(answer)
    counted = [word for word in words(task) if word.number is not None]
    sayable = {at for word in counted for at in range(word.start, word.end)}
    hidden = {at for word in counted if word.number in chosen for at in range(word.start, word.end)}
    places: dict[str, set[int]] = {}
    for one in _places(task):
        places.setdefault(one.item, set()).update(sayable.intersection(range(one.start, one.end)))
    machine = [set(range(start, end)) & sayable for start, end in _machine(text)]
    personal = [_personal(item, places[item["id"]], hidden, machine) for item in task["personal"]]
    keep = [_kept(item, places[item["id"]], hidden) for item in task.get("keep", ())]
    wanted = {at for item in task["personal"] for at in places[item["id"]]}
    others = sayable - wanted
    over = len(hidden - wanted) / len(others) if others else 0.0
    total = mean([one.points for one in personal]) * max(0.0, 1 - 2 * over)
    if keep:
        total *= (1 + mean([one.points for one in keep])) / 2
    left = sum(bool(one & wanted) and not one & wanted <= hidden for one in machine)
    overall = [reason("mask_machine_left", count=left) if left else reason("mask_machine_clear")]
    if over:
        overall.append(reason("mask_over", percent=max(1, percent(over))))
    return Result((*personal, *keep), percent(total), tuple(overall), task.get("read_again", ""))


def _personal(item: Task, places: set[int], hidden: set[int], machine: list[set[int]]) -> ItemResult:
    """Whether the recogniser finds it too is told: learners should know what a machine overlooks."""
    points = len(places & hidden) / len(places) if places else 0.0
    code = "mask_found" if points == 1 else "mask_part" if points else "mask_missed"
    by_machine = places <= set().union(*machine)
    reasons = (reason(code), reason("mask_by_machine" if by_machine else "mask_not_by_machine"))
    return with_authors(ItemResult(item["id"], item["text"], points, reasons), item)


def _kept(item: Task, places: set[int], hidden: set[int]) -> ItemResult:
    """Nothing hidden at all: nobody has decided anything yet, and nothing was kept on purpose."""
    points = 1 - len(places & hidden) / len(places) if places and hidden else 0.0
    code = "mask_nothing" if not hidden else "mask_kept" if points == 1 else "mask_wrongly"
    return with_authors(ItemResult(item["id"], item["text"], points, (reason(code),)), item)


def _chosen(answer: Any) -> set[int]:
    found = answer.get("words") if isinstance(answer, dict) else None
    return {one for one in found if type(one) is int} if isinstance(found, list) else set()


def _places(task: Task) -> list[_Place]:
    """Where the items' texts stand. 山田 inside 山田太郎, which is an item too, is not another place of 山田."""
    found: list[_Place] = []
    items = (*task["personal"], *task.get("keep", ()))
    for item in sorted(items, key=lambda one: -len(one["text"])):
        longer = list(found)
        for match in re.finditer(re.escape(item["text"]), task["text"]):
            start, end = match.span()
            if not any(one.start <= start and end <= one.end for one in longer):
                found.append(_Place(item["id"], start, end))
    return sorted(found, key=lambda one: one.start)


def _overlaps(one: _Place, other: _Place) -> bool:
    return one.item != other.item and one.start < other.end and other.start < one.end


@lru_cache(maxsize=256)
def _machine(text: str) -> tuple[tuple[int, int], ...]:
    return tuple((one.start, one.end) for one in find(text))


@lru_cache(maxsize=256)
def _words(text: str, places: tuple[tuple[int, int], ...]) -> tuple[Word, ...]:
    """Cut where words begin (Sudachi's longest units), not inside numbers, and at the edges of the key's places: what
    is to be hidden must be hideable by itself."""
    cuts = {0, len(text)}
    for word in words_of(text, "C"):
        cuts |= {word.start, word.start + len(word.surface)}
    for run in _RUN.finditer(text):
        cuts -= set(range(run.start() + 1, run.end()))
        cuts |= {run.start(), run.end()}
    cuts |= {edge for place in places for edge in place}
    for silent in _SILENT.finditer(text):
        if not any(run.start() < silent.start() and silent.end() < run.end() for run in _RUN.finditer(text)):
            cuts |= {silent.start(), silent.end()}
    shown: list[Word] = []
    number = 0
    for start, end in zip(edges := sorted(cuts), edges[1:], strict=False):
        silent_word = _SILENT.fullmatch(text[start:end]) is not None
        shown.append(Word(start, end, text[start:end], None if silent_word else number))
        number += not silent_word
    return tuple(shown)
