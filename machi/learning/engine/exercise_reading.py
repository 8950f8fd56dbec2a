"""Reading a task's JSON strictly: every problem is named with its path, none stops the reading."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from machi.learning.engine.exercise_types import Problem

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_QUESTION = 2_000
LONGEST_WHY = 500
LONGEST_HINT = 200


class Reading:
    """Collects ``problems`` while values are asked for. What is asked for and is not there is a problem; so is, at
    ``end``, a field that nobody asked for (a misspelt one would else be ignored)."""

    def __init__(self, value: Any, path: str, problems: list[Problem] | None = None) -> None:
        self.path = path
        self.problems: list[Problem] = [] if problems is None else problems
        self._asked: set[str] = set()
        if not isinstance(value, dict):
            self.problem("", "not_object")
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}

    def problem(self, field: str, code: str, value: object = "") -> None:
        at = f"{self.path}.{field}" if field and not field.startswith("[") else f"{self.path}{field}"
        self.problems.append(Problem(at, code, str(value)))

    def has(self, field: str) -> bool:
        self._asked.add(field)
        return field in self.value

    def text(self, field: str, most: int, *, required: bool = True) -> str:
        """Not blank, at most ``most`` characters; empty where there is a problem or nothing."""
        found = self._any(field, required=required)
        if found is None:
            return ""
        if not isinstance(found, str) or not found.strip():
            self.problem(field, "not_text")
        elif len(found) > most:
            self.problem(field, "too_long", most)
        else:
            return found
        return ""

    def number(
        self, field: str, least: float, most: float, *, whole: bool = False, default: float | None = None
    ) -> float | None:
        found = self._any(field, required=default is None)
        if found is None:
            return default
        if isinstance(found, bool) or not isinstance(found, int if whole else (int, float)):
            self.problem(field, "not_whole" if whole else "not_number")
        elif not least <= found <= most:
            self.problem(field, "out_of_range", f"{least:g}-{most:g}")
        else:
            return found
        return None

    def choice(self, field: str, among: Sequence[str]) -> str:
        found = self._any(field)
        if found is not None and found not in among:
            self.problem(field, "not_choice", ", ".join(among))
        return found if isinstance(found, str) and found in among else ""

    def texts(self, field: str, least: int, most: int, longest: int) -> list[str]:
        """A list of texts, each once."""
        found: list[str] = []
        for number, one in enumerate(self.several(field, least, most)):
            if not isinstance(one, str) or not one.strip():
                self.problem(f"{field}[{number}]", "not_text")
            elif len(one) > longest:
                self.problem(f"{field}[{number}]", "too_long", longest)
            elif one in found:
                self.problem(f"{field}[{number}]", "twice", one)
            else:
                found.append(one)
        return found

    def several(self, field: str, least: int, most: int) -> list[Any]:
        found = self._any(field, required=least > 0)
        if found is None:
            return []
        if not isinstance(found, list):
            self.problem(field, "not_list")
            return []
        if not least <= len(found) <= most:
            self.problem(field, "how_many", f"{least}-{most}")
        return found

    def object(self, field: str) -> "Reading":
        found = self._any(field)
        return Reading({} if found is None else found, f"{self.path}.{field}", self.problems)

    def items(self, field: str, least: int, most: int, ids: set[str]) -> Iterator["Reading"]:
        """The objects of a list, each with an ``id`` that is not yet in ``ids``; ``end`` is asked of each."""
        for number, one in enumerate(self.several(field, least, most)):
            item = Reading(one, f"{self.path}.{field}[{number}]", self.problems)
            name = item.text("id", 40)
            if name and not ID.fullmatch(name):
                item.problem("id", "not_id")
            elif name in ids:
                item.problem("id", "twice", name)
            ids.add(name)
            yield item
            item.end()

    def authored(self) -> None:
        """What every item has: the author's reason, and what to read again."""
        self.text("why", LONGEST_WHY)
        self.text("read_again", LONGEST_HINT, required=False)

    def headed(self) -> None:
        """What every task has."""
        self.text("question", LONGEST_QUESTION)
        self.text("read_again", LONGEST_HINT, required=False)

    def source(self, most: int) -> str:
        """``source.text``, as several kinds have one."""
        source = self.object("source")
        source.text("title", 100)
        text = source.text("text", most)
        source.end()
        return text

    def end(self) -> None:
        for field in self.value:
            if field not in self._asked:
                self.problem(str(field), "unknown_field")

    def _any(self, field: str, *, required: bool = True) -> Any:
        there = self.has(field)
        if (required and not there) or (there and self.value[field] is None):
            self.problem(field, "missing")
        return self.value.get(field)
