"""How risky an AI system is, by rules that anybody can read and run.

The four axes are those of the Digital Agency's guideline DS-920 of 2025-05-27 (行政の進化と革新のための生成AIの
調達・利活用に係るガイドライン): scope and kind of users, nature of the work, training on confidential data, and
the staff's own judgement of outputs. The guideline leaves the weighing to people; the levels and the threshold
here are the house's, made to be strict: one axis at its highest, or three points in all, lead to the board. A
person may send a system to the board that the rules would not, never the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Axis = Literal["users", "work", "training", "judgement"]
Route = Literal["normal", "high"]

VERSION = "1"
LEVELS: Mapping[Axis, Mapping[str, int]] = {
    "users": {"staff": 0, "residents": 1},
    "work": {"informs": 0, "proposes": 1, "decides": 2},
    "training": {"none": 0, "inside": 1, "outside": 2},
    "judgement": {"each": 0, "sources": 1, "none": 2},
}
"""Level of each declared fact, 0 to 2."""
HIGHEST = 2
POINTS_FOR_HIGH = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What is declared of an AI system."""

    users: str
    work: str
    training: str
    judgement: str
    personal: bool
    outside: bool
    generates: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One axis judged. ``reasons`` are codes: ``axis.value``, and what raised the level besides."""

    axis: Axis
    level: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    route: Route
    points: int
    findings: tuple[Finding, ...]
    """In the order of the axes."""


def assess(facts: Facts) -> Assessment:
    """The way an AI system has to go before it is approved. KeyError: a fact has a value nobody declared."""
    findings = (
        Finding("users", *_level("users", facts.users)),
        Finding("work", *_level("work", facts.work)),
        _training(facts),
        _judgement(facts),
    )
    points = sum(finding.level for finding in findings)
    high = points >= POINTS_FOR_HIGH or any(finding.level == HIGHEST for finding in findings)
    return Assessment("high" if high else "normal", points, findings)


def _level(axis: Axis, value: str) -> tuple[int, tuple[str, ...]]:
    return LEVELS[axis][value], (f"{axis}.{value}",)


def _training(facts: Facts) -> Finding:
    """What leaves the house with personal information in it may be learnt from there, whatever is promised."""
    level, reasons = _level("training", facts.training)
    if facts.personal and facts.outside and level == 0:
        return Finding("training", 1, (*reasons, "training.leaves"))
    return Finding("training", level, reasons)


def _judgement(facts: Facts) -> Finding:
    """Text that a model wrote is no text that staff published, whatever it was made of."""
    level, reasons = _level("judgement", facts.judgement)
    if facts.judgement == "sources" and facts.generates:
        return Finding("judgement", HIGHEST, (*reasons, "judgement.generated"))
    return Finding("judgement", level, reasons)
