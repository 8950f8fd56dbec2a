"""The use rules as text: the template they begin with, and what differs between versions."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Change = Literal["same", "added", "removed"]
_AROUND = 1
"""Unchanged lines shown on either side of a change."""


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    body: str
    """Markdown."""


@dataclass(frozen=True, slots=True)
class Template:
    version: str
    follows: tuple[str, ...]
    sections: tuple[Section, ...]
    help: Mapping[str, str]
    """By the section's key: what to think of when writing it."""


@dataclass(frozen=True, slots=True)
class Line:
    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class SectionDifference:
    title: str
    change: Change | Literal["changed"]
    lines: tuple[Line, ...]
    """With unchanged lines only beside changed ones; an empty text stands for lines left out."""


@cache
def template() -> Template:
    """The rules shipped with machi; ``{town}`` stands for the municipality's name."""
    kept = json.loads((files("machi.governance") / "data" / "policy.json").read_text(encoding="utf-8"))
    return Template(
        kept["version"],
        tuple(kept["follows"]),
        tuple(Section(one["key"], one["title"], one["body"]) for one in kept["sections"]),
        {one["key"]: one["help"] for one in kept["sections"]},
    )


def for_town(name: str) -> tuple[Section, ...]:
    """The template's sections for the municipality of this name."""
    return tuple(Section(one.key, one.title, one.body.replace("{town}", name)) for one in template().sections)


def differences(old: Sequence[Section], new: Sequence[Section]) -> list[SectionDifference]:
    """Sections that differ, in the order of the new version, then those that are gone. Equal ones are left out."""
    before = {one.key: one for one in old}
    after = {one.key for one in new}
    found = []
    for section in new:
        known = before.get(section.key)
        if known is None:
            found.append(SectionDifference(section.title, "added", _all("added", section)))
        elif known != section:
            found.append(SectionDifference(section.title, "changed", _lines(known, section)))
    gone = (one for one in old if one.key not in after)
    return found + [SectionDifference(one.title, "removed", _all("removed", one)) for one in gone]


def _lines(old: Section, new: Section) -> tuple[Line, ...]:
    before, after = ([one.title, *_written(one)] for one in (old, new))
    shown: list[Line] = []
    last = 0
    for group in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_grouped_opcodes(_AROUND):
        if group[0][1] > last:
            shown.append(Line("same", ""))
        for tag, a, a_end, b, b_end in group:
            if tag == "equal":
                shown += [Line("same", text) for text in after[b:b_end]]
            else:
                shown += [Line("removed", text) for text in before[a:a_end]]
                shown += [Line("added", text) for text in after[b:b_end]]
        last = group[-1][2]
    return tuple(shown if last >= len(before) else [*shown, Line("same", "")])


def _all(change: Change, section: Section) -> tuple[Line, ...]:
    return tuple(Line(change, text) for text in _written(section))


def _written(section: Section) -> list[str]:
    """Lines with something on them: where paragraphs part is of no interest here."""
    return [line for line in section.body.splitlines() if line.strip()]
