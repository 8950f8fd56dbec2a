"""How well decisions, tasks and deadlines are found in transcripts: the minutes' part of ``bench/drafts.py``.

The key is marked in the transcripts themselves (``bench/data/minutes.txt``); the marks are taken off before the engine
reads. A task counts as found where its line is cited; person and deadline are judged on the tasks found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from machi.casework.engine.minutes import Found, find

DATA = Path(__file__).parent / "data" / "minutes.txt"
_MARK = re.compile(r"\{(A|D\d+|T:[^:}]*:[^}]*)\}")


@dataclass(frozen=True, slots=True)
class Transcript:
    name: str
    half: str
    held_on: date
    text: str
    items: frozenset[int]
    decisions: dict[str, set[int]]
    """Lines on which each may be cited."""
    tasks: dict[int, list[tuple[str, str]]]
    """(person, deadline) by line."""


@dataclass
class Score:
    found: int = 0
    right: int = 0
    wanted: int = 0
    misses: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, float | int]:
        return {
            "found": self.found,
            "right": self.right,
            "wanted": self.wanted,
            "precision": round(self.right / self.found, 4) if self.found else 0.0,
            "recall": round(self.right / self.wanted, 4) if self.wanted else 0.0,
        }


def transcripts() -> Iterator[Transcript]:
    for part in re.split(r"^=== ", DATA.read_text("utf-8"), flags=re.M)[1:]:
        head, body = part.split("\n", 1)
        name, half, day = head.split()
        items: set[int] = set()
        decisions: dict[str, set[int]] = {}
        tasks: dict[int, list[tuple[str, str]]] = {}
        for number, line in enumerate(body.split("\n"), 1):
            for mark in _MARK.findall(line):
                if mark == "A":
                    items.add(number)
                elif mark[0] == "D":
                    decisions.setdefault(mark, set()).add(number)
                else:
                    _t, person, due = mark.split(":")
                    tasks.setdefault(number, []).append((person, due))
        yield Transcript(
            name, half, date.fromisoformat(day), _MARK.sub("", body), frozenset(items), decisions, tasks
        )


def measure(chosen: Sequence[Transcript]) -> dict[str, Score]:
    """Items, decisions, tasks; person and deadline of the tasks found."""
    scores = {name: Score() for name in ("items", "decisions", "tasks", "people", "deadlines")}
    for one in chosen:
        _score(one, find(one.text, one.held_on), scores)
    return scores


def _score(one: Transcript, found: Found, scores: dict[str, Score]) -> None:
    items = {item.said.utterance.line for item in found.items}
    _count(scores["items"], one, items, one.items)
    cited = [decision.said.utterance.line for decision in found.decisions]
    left = dict(one.decisions)
    decisions = scores["decisions"]
    decisions.wanted += len(left)
    for line in cited:
        decisions.found += 1
        key = next((name for name, lines in left.items() if line in lines), None)
        if key is None:
            decisions.misses.append(f"{one.name}:{line} +")
        else:
            decisions.right += 1
            del left[key]
    decisions.misses += [f"{one.name}:{sorted(lines)} -" for lines in left.values()]
    by_line = {line: list(keys) for line, keys in one.tasks.items()}
    lines = {task.said.utterance.line for task in found.tasks}
    _count(scores["tasks"], one, lines, frozenset(by_line))
    for line in lines & set(by_line):
        told = [task for task in found.tasks if task.said.utterance.line == line]
        wanted_people = {person for person, _due in by_line[line]} - {"-"}
        people = {person for task in told for person in task.people}
        wanted_due = {due for _person, due in by_line[line]} - {"-"}
        due = {task.deadline.isoformat() if task.deadline else "次回" for task in told if task.deadline_words}
        for name, got, want in (("people", people, wanted_people), ("deadlines", due, wanted_due)):
            _count(scores[name], one, {f"{line} {x}" for x in got}, frozenset(f"{line} {x}" for x in want))


def _count(score: Score, one: Transcript, got: Set[Any], want: Set[Any]) -> None:
    score.found += len(got)
    score.wanted += len(want)
    score.right += len(got & want)
    score.misses += [f"{one.name}:{miss} +" for miss in sorted(got - want)]
    score.misses += [f"{one.name}:{miss} -" for miss in sorted(want - got)]


if __name__ == "__main__":
    import sys

    half = sys.argv[1]
    for name, score in measure([one for one in transcripts() if one.half == half]).items():
        print(name, score.as_dict(), score.misses if half == "tune" else "")
