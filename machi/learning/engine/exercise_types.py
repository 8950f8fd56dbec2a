"""What passes between an exercise's kinds and those who ask them: problems of a task, results of an answer.

A *task* is the JSON object of ``machi/learning/data/exercises.md``; an *answer* is whatever JSON came. A kind is a
module with ``check(task)``, ``score(task, answer)`` and ``key(task)``: what is wrong with the task, what an answer is
worth, the answer that is worth 100. ``score`` and ``key`` are for tasks that ``check`` finds nothing wrong with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import Any, Protocol

from machi.language.engine.types import Reason

Task = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a task. ``path`` as in ``task.personal[2].text``; ``code`` is put into words elsewhere
    (``domain.exercises_words``), with ``value`` as its figure."""

    path: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What one item of an exercise was worth."""

    id: str
    about: str
    """What it asked, as the learner saw it."""
    points: float
    """0 to 1."""
    reasons: tuple[Reason, ...] = ()
    """Codes and figures, put into words elsewhere."""
    why: str = ""
    """The author's reason for the right answer."""
    read_again: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """``percent``: 0 to 100, rounded down, so that just below a mark is below it. ``overall``: reasons for what the
    total is beside the mean of its items."""

    items: tuple[ItemResult, ...]
    percent: int
    overall: tuple[Reason, ...] = ()
    read_again: str = ""

    @property
    def points(self) -> dict[str, float]:
        return {item.id: round(item.points, 4) for item in self.items}


class Kind(Protocol):
    """What each module of a kind offers."""

    def check(self, task: Any) -> list[Problem]: ...
    def score(self, task: Task, answer: Any) -> Result: ...
    def key(self, task: Task) -> dict[str, Any]: ...


def percent(total: float) -> int:
    """Of a total from 0 to 1; what is 0.7 but for the computer's rounding is 70."""
    return min(100, max(0, floor(total * 100 + 1e-6)))


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def reason(code: str, **values: str | float) -> Reason:
    return Reason(code, tuple(values.items()))


def with_authors(result: ItemResult, item: Mapping[str, Any]) -> ItemResult:
    """With what the author of ``item`` says about it; what to read again only where something was missed."""
    return replace(
        result, why=item["why"], read_again=item.get("read_again", "") if result.points < 1 else ""
    )


def part(answer: Any, name: str) -> dict[str, Any]:
    """``answer[name]`` if that is an object, else an empty one: answers may be anything."""
    found = answer.get(name) if isinstance(answer, dict) else None
    return found if isinstance(found, dict) else {}


def text_of(answer: Any, name: str) -> str:
    """``answer[name]`` if that is a text, else an empty one."""
    found = answer.get(name) if isinstance(answer, dict) else None
    return found if isinstance(found, str) else ""
