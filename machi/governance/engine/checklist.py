"""The checklist an AI system is held against: versioned data, for the review and for procurement alike.

Every item is in the house's own words and names the documents it follows. The principles are the ten common ones
of the AI事業者ガイドライン, and ``municipal`` for what a municipality must see to beyond them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

LATEST = "2026-11"
FILES = {"2026-11": "checklist.json"}
"""An older version's file stays, so that a review begun under it can still be read."""
PRINCIPLES = (
    "human",
    "safety",
    "fairness",
    "privacy",
    "security",
    "transparency",
    "accountability",
    "education",
    "competition",
    "innovation",
    "municipal",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to see to."""

    id: str
    principle: str
    """One of ``PRINCIPLES``."""
    title: str
    text: str
    """What must hold before an AI system is approved."""
    guidance: str
    """What to show for it."""
    follows: str
    """Names of the documents it follows, separated by 「、」."""
    owner: str
    """Role that is asked first to see to it: a ``base.models.Role`` value."""
    requirement: str
    """Sentence of a requirements document."""
    criterion: str
    """What vendors are scored on."""
    question: str
    """What vendors are asked."""
    clause: str
    """Contract clause."""
    applies: Mapping[str, tuple[object, ...]]
    """Declared fact -> the values with which the item concerns a system; empty: every system."""
    fact: str = ""
    """Name of a fact that the machine itself can show; empty: only people can."""


@cache
def items(version: str = LATEST) -> tuple[Item, ...]:
    """The checklist of this version, in the order of the principles. KeyError: there is no such version."""
    kept = _kept(version)
    if kept["version"] != version:
        raise ValueError(f"{FILES[version]} holds version {kept['version']}, not {version}")
    return tuple(_item(line, kept["documents"]) for line in kept["items"])


def item(key: str, version: str = LATEST) -> Item:
    """The item with this id. KeyError: the version has none."""
    return _by_id(version)[key]


@cache
def told(key: str, version: str = LATEST, language: str = "ja") -> Item:
    """The item as it is shown to a reader of ``language``: in English where the version was put into English.

    What goes into documents of a procurement (requirement, criterion, question, clause) stays Japanese: the
    documents are. KeyError: the version has no such item.
    """
    one = item(key, version)
    words = _english(version) if language.startswith("en") else {}
    if key not in words.get("items", {}):
        return one
    follows = next(line["follows"] for line in _kept(version)["items"] if line["id"] == key)
    return replace(
        one, **words["items"][key], follows=", ".join(words["documents"][name] for name in follows)
    )


def concerns(item: Item, facts: Mapping[str, object]) -> bool:
    """Does the item concern a system of which ``facts`` are declared? A condition on an unknown fact does."""
    return all(name not in facts or facts[name] in values for name, values in item.applies.items())


@cache
def _kept(version: str) -> Any:
    return _read(FILES[version])


@cache
def _english(version: str) -> Any:
    """Titles, texts and guidance in English; empty: nobody has put this version into English."""
    name = FILES[version].replace(".json", ".en.json")
    return _read(name) if (files("machi.governance") / "data" / name).is_file() else {}


def _read(name: str) -> Any:
    return json.loads((files("machi.governance") / "data" / name).read_text(encoding="utf-8"))


@cache
def _by_id(version: str) -> Mapping[str, Item]:
    return {item.id: item for item in items(version)}


def _item(line: Mapping[str, Any], documents: Mapping[str, str]) -> Item:
    if line["principle"] not in PRINCIPLES:
        raise ValueError(f"{line['id']}: no principle is called {line['principle']}")
    told = {
        **line,
        "follows": "、".join(documents[name] for name in line["follows"]),
        "applies": {name: _values(value) for name, value in line.get("applies", {}).items()},
    }
    return Item(**told)


def _values(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else (value,)
