"""How well decisions, tasks and deadlines are found in transcripts: the minutes' part of ``bench/drafts.py``.

    python bench/drafts_minutes.py [--data DIR] [--half HALF ...] [--only g01 ...] [--misses] [--json]

The keys are marked in the transcripts themselves (every ``minutes*.txt`` of ``bench/data``, or of DIR); the marks are
taken off before the engine reads. ``--half`` and ``--only`` choose transcripts by their half or name, ``--misses``
tells what was found wrongly (+) and missed (-), by transcript and line.

A task marked with the same person and day on lines near each other (asked on one, promised on another) is one, and is
found where either line is cited; citing both counts once. Person and deadline are judged on the tasks found. A person
may be called by the whole label or, where that still tells the speakers apart, without its brackets (企画課長 of
企画課長（須藤）).

JSON: by half, then ``items``, ``decisions``, ``tasks``, ``people``, ``deadlines`` (what is sure), ``decisions with
doubtful``, ``tasks with doubtful`` (with what is marked as to be looked at), each with ``found``, ``right``,
``wanted``, ``precision``, ``recall``.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from machi.casework.engine.minutes import Decision, find
from machi.casework.engine.minutes_tasks import Task
from machi.casework.engine.minutes_transcript import plain_name
from machi.casework.engine.minutes_weights import Weights

DATA = Path(__file__).parent / "data"
_MARK = re.compile(r"\{(A|D\d+|T:[^:}]*:[^}]*)\}")
_SAME_TASK = 8
"""Lines up to which the same mark is the same task."""

Key = tuple[str, str]
"""Person and deadline of a task: ``-`` where none was said, 次回 for the next meeting."""


@dataclass(frozen=True, slots=True)
class WantedTask:
    lines: frozenset[int]
    """Any of them may be cited."""
    keys: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Transcript:
    name: str
    half: str
    held_on: date
    text: str
    items: frozenset[int]
    decisions: dict[str, set[int]]
    """Lines on which each may be cited."""
    tasks: tuple[WantedTask, ...]


@dataclass
class Score:
    found: int = 0
    right: int = 0
    wanted: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        self.found += other.found
        self.right += other.right
        self.wanted += other.wanted
        self.misses += other.misses

    def as_dict(self) -> dict[str, float | int]:
        return {
            "found": self.found,
            "right": self.right,
            "wanted": self.wanted,
            "precision": round(self.right / self.found, 4) if self.found else 0.0,
            "recall": round(self.right / self.wanted, 4) if self.wanted else 0.0,
        }


def transcripts(data: Path = DATA) -> Iterator[Transcript]:
    for path in sorted(data.glob("minutes*.txt")):
        for part in re.split(r"^=== ", path.read_text("utf-8"), flags=re.M)[1:]:
            yield _transcript(part)


def _transcript(part: str) -> Transcript:
    head, body = part.split("\n", 1)
    name, half, day = head.split()
    items: set[int] = set()
    decisions: dict[str, set[int]] = {}
    tasks: list[tuple[int, Key]] = []
    for number, line in enumerate(body.split("\n"), 1):
        for mark in _MARK.findall(line):
            if mark == "A":
                items.add(number)
            elif mark[0] == "D":
                decisions.setdefault(mark, set()).add(number)
            else:
                _t, person, due = mark.split(":")
                tasks.append((number, (person, due)))
    return Transcript(
        name,
        half,
        date.fromisoformat(day),
        _MARK.sub("", body),
        frozenset(items),
        decisions,
        tuple(_wanted_tasks(tasks)),
    )


def _wanted_tasks(marks: Sequence[tuple[int, Key]]) -> list[WantedTask]:
    """Marks on one line, and the same mark on lines near each other, are one task."""
    found: list[WantedTask] = []
    for line, key in marks:
        same = [
            one
            for one in found
            if line in one.lines or (key in one.keys and line - max(one.lines) <= _SAME_TASK)
        ]
        found = [one for one in found if one not in same]
        found.append(
            WantedTask(
                frozenset({line}.union(*(one.lines for one in same))),
                frozenset({key}.union(*(one.keys for one in same))),
            )
        )
    return sorted(found, key=lambda one: min(one.lines))


def measure(chosen: Sequence[Transcript], weights: Weights | None = None) -> dict[str, Score]:
    """Items, decisions, tasks, person and deadline of the tasks found; all of what is sure. ``with doubtful``:
    decisions and tasks that are marked as to be looked at counted as found too."""
    names = ("items", "decisions", "tasks", "people", "deadlines")
    scores = {name: Score() for name in (*names, "decisions with doubtful", "tasks with doubtful")}
    for one in chosen:
        found = find(one.text, one.held_on, weights)
        _count(scores["items"], one, {item.said.utterance.line for item in found.items}, one.items)
        sure = [task for task in found.tasks if task.sure]
        _score_decisions(one, [item for item in found.decisions if item.sure], scores["decisions"])
        _score_decisions(one, found.decisions, scores["decisions with doubtful"])
        _score_tasks(one, found.speakers, sure, scores["tasks"], scores)
        _score_tasks(one, found.speakers, found.tasks, scores["tasks with doubtful"], {})
    return scores


def _score_decisions(one: Transcript, found: Sequence[Decision], score: Score) -> None:
    left = dict(one.decisions)
    score.wanted += len(left)
    for line in (decision.said.utterance.line for decision in found):
        score.found += 1
        key = next((name for name, lines in left.items() if line in lines), None)
        if key is None:
            score.misses.append(f"{one.name}:{line} +")
        else:
            score.right += 1
            del left[key]
    score.misses += [f"{one.name}:{sorted(lines)} -" for lines in left.values()]


def _score_tasks(
    one: Transcript, speakers: Sequence[str], found: Sequence[Task], score: Score, of_found: dict[str, Score]
) -> None:
    called = _calling(speakers)
    by_line: dict[int, list[Task]] = {}
    for task in found:
        by_line.setdefault(task.said.utterance.line, []).append(task)
    keyed = {line for wanted in one.tasks for line in wanted.lines}
    wrong = sorted(set(by_line) - keyed)
    score.wanted += len(one.tasks)
    score.found += len(wrong)
    score.misses += [f"{one.name}:{line} +" for line in wrong]
    for wanted in one.tasks:
        at = min(wanted.lines)
        told = [task for line in wanted.lines for task in by_line.get(line, ())]
        if not told:
            score.misses.append(f"{one.name}:{sorted(wanted.lines)} -")
            continue
        score.found += 1
        score.right += 1
        if not of_found:
            continue
        people = {called(person) for task in told for person in task.people}
        due = {task.deadline.isoformat() if task.deadline else "次回" for task in told if task.deadline_words}
        want_people = {called(person) for person, _due in wanted.keys} - {"-"}
        want_due = {day for _person, day in wanted.keys} - {"-"}
        for name, got, want in (("people", people, want_people), ("deadlines", due, want_due)):
            _count(of_found[name], one, {f"{at} {x}" for x in got}, {f"{at} {x}" for x in want})


def _calling(speakers: Sequence[str]) -> Any:
    """A name as it is compared: without its brackets, unless several speakers have the same before them."""
    times = Counter(plain_name(speaker) for speaker in speakers)

    def called(name: str) -> str:
        return plain_name(name) if times[plain_name(name)] == 1 else name

    return called


def _count(score: Score, one: Transcript, got: Set[Any], want: Set[Any]) -> None:
    score.found += len(got)
    score.wanted += len(want)
    score.right += len(got & want)
    score.misses += [f"{one.name}:{miss} +" for miss in sorted(got - want)]
    score.misses += [f"{one.name}:{miss} -" for miss in sorted(want - got)]


def halves(chosen: Sequence[Transcript]) -> dict[str, dict[str, Score]]:
    """The scores of each half, in the order in which the halves stand."""
    return {
        half: measure([one for one in chosen if one.half == half])
        for half in dict.fromkeys(one.half for one in chosen)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--half", nargs="*")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    chosen = [
        one
        for one in transcripts(given.data)
        if (not given.half or one.half in given.half) and (not given.only or one.name in given.only)
    ]
    found = halves(chosen)
    if given.json:
        print(json.dumps({half: {name: s.as_dict() for name, s in of.items()} for half, of in found.items()}))
        return
    for half, scores in found.items():
        for name, score in scores.items():
            print(half, name, score.as_dict(), *(score.misses if given.misses else ()))


if __name__ == "__main__":
    main()
