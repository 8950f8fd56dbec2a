"""How far a case can be relied on: not by anybody's taste, but by how many towns told what came of it and how well
that agrees. The rules are ours and can be read here; each level is shown with the reasons that led to it.

* ``told``      the town's own telling, nobody else's
* ``tried``     another town has told a result
* ``repeated``  it worked (also in part) for at least ``REPEATED`` other towns, and for ``WORKED`` of all that told
* ``steady``    it worked for at least ``STEADY`` other towns, for ``WORKED`` of all that told, and the hours saved a
                head agree: two thirds of the towns lie within a factor ``WITHIN`` of the median
* ``mixed``     at least ``MIXED_FROM`` other towns told, and it worked for less than ``WORKED`` of them

A failure counts as much as a success, and is never left out. Hours are compared per 10,000 people, because a large
town saves more hours with the same thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Literal

REPEATED, STEADY, MIXED_FROM = 2, 3, 2
WORKED = 2 / 3
WITHIN = 2.0
AGREE = 2 / 3


class Level(StrEnum):
    TOLD = "told"
    TRIED = "tried"
    REPEATED = "repeated"
    STEADY = "steady"
    MIXED = "mixed"


Outcome = Literal["worked", "partly", "failed"]


@dataclass(frozen=True, slots=True)
class Telling:
    """What one town told. ``hours``: saved a month, None where not told; ``population`` above 0."""

    outcome: Outcome
    population: int
    hours: int | None = None
    measured: bool = False
    """The hours were measured or reckoned from records, not felt."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable code and its figures, for the page to put into words."""

    code: str
    values: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    level: Level
    reasons: tuple[Reason, ...]


def evidence(own: Telling, others: Sequence[Telling], trying: int = 0) -> Evidence:
    """The level of a case. ``own``: the town that wrote it; ``others``: towns that adopted it and told a result;
    ``trying``: towns that adopted it and have not. ValueError for a town without people."""
    if any(one.population <= 0 for one in (own, *others)):
        raise ValueError("a town without people")
    good = sum(one.outcome != "failed" for one in others)
    failed = len(others) - good
    hours = _per_head([own, *others])
    agreeing = _agreeing(hours)
    agree = len(hours) >= STEADY and agreeing >= AGREE * len(hours)
    reasons = [Reason("adopted", (("told", len(others)), ("trying", trying)))]
    if others:
        reasons.append(Reason("worked", (("good", good), ("failed", failed))))
    if len(hours) >= STEADY:
        middle = round(median(hours), 1)
        reasons.append(
            Reason(
                "hours_agree" if agree else "hours_differ",
                (("towns", len(hours)), ("agreeing", agreeing), ("median", middle)),
            )
        )
    elif others:
        reasons.append(Reason("few_hours", (("towns", len(hours)),)))
    measured = sum(one.measured for one in (own, *others) if one.hours is not None)
    if hours:
        reasons.append(Reason("measured", (("measured", measured), ("towns", len(hours)))))
    return Evidence(_level(len(others), good, agree), tuple(reasons))


def _level(told: int, good: int, agree: bool) -> Level:
    if told == 0:
        return Level.TOLD
    if told >= MIXED_FROM and good < WORKED * told:
        return Level.MIXED
    if good >= STEADY and agree:
        return Level.STEADY
    return Level.REPEATED if good >= REPEATED else Level.TRIED


def _per_head(tellings: Sequence[Telling]) -> list[float]:
    """Hours a month per 10,000 people of the towns that told any."""
    return [one.hours * 10_000 / one.population for one in tellings if one.hours is not None]


def _agreeing(hours: Sequence[float]) -> int:
    """How many lie within a factor ``WITHIN`` of their median."""
    if not hours:
        return 0
    middle = median(hours)
    return sum(middle / WITHIN <= one <= middle * WITHIN for one in hours)
