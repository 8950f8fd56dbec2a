"""Places of care shared by towns: who applies, what there is, by which rules of which town.

Childcare is the model: facilities with places by age class, households with brothers and sisters, points and tie rules
of each town, agreements between towns. The words are general, so that elderly care (class: level of care) and short
stays (class: week) are the same problem. ``welfare_allocation.allocate`` solves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Together(StrEnum):
    """What a household with several applicants asks for."""

    SEPARATE = "separate"
    """Everybody for themselves."""
    SAME = "same"
    """The same facility, or nobody."""
    NEAR = "near"
    """The same facility or facilities near each other (``Problem.near``), or nobody."""
    ANY = "any"
    """All at the same time, wherever; the same facility first among equal wishes."""


@dataclass(frozen=True, slots=True)
class Facility:
    """``seats`` by class; ``flexible`` more seats that the classes ``shared`` may use, by priority.

    ``own_only``: it takes its own town's applicants only, whatever its town has agreed.
    """

    id: str
    town: str
    seats: Mapping[str, int]
    flexible: int = 0
    shared: frozenset[str] = frozenset()
    own_only: bool = False

    def offers(self, class_: str) -> bool:
        return self.seats.get(class_, 0) > 0 or (self.flexible > 0 and class_ in self.shared)


@dataclass(frozen=True, slots=True)
class Applicant:
    """``facts`` are what rules count (hours of work, single parent, income ...); ``facts_at`` those that hold at one
    facility only (a brother or sister already there). ``wishes``: facilities, best first.
    """

    id: str
    town: str
    class_: str
    wishes: tuple[str, ...]
    facts: Mapping[str, int] = field(default_factory=dict)
    facts_at: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Household:
    """``partly``: where not all find places, places for some are better than none (they come last)."""

    id: str
    members: tuple[Applicant, ...]
    together: Together = Together.SEPARATE
    partly: bool = False


@dataclass(frozen=True, slots=True)
class TieRule:
    """Among equal points the fact decides: higher first, or lower first (income)."""

    fact: str
    higher_first: bool = True


@dataclass(frozen=True, slots=True)
class Agreement:
    """A host takes applicants of another town: in which priority band (its own are in band 0) and at most how many."""

    band: int = 1
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """A host town's: points per unit of a fact, tie rules in order, agreements by home town. Last comes the lot."""

    points: Mapping[str, int]
    ties: tuple[TieRule, ...] = ()
    agreements: Mapping[str, Agreement] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """``rules`` by town; ``near``: facilities near each other, as pairs in both directions."""

    facilities: tuple[Facility, ...]
    households: tuple[Household, ...]
    rules: Mapping[str, Rules]
    near: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """An applicant's priority at a host's facility, lower first. ``ties`` are the tie rules' values, signed so that
    lower is first; ``lot`` all different.
    """

    band: int
    minus_points: int
    ties: tuple[int, ...]
    lot: int

    @property
    def points(self) -> int:
        return -self.minus_points


def standing(rules: Rules, applicant: Applicant, facility: Facility, lot: int) -> Standing | None:
    """By the host's rules; None where host and home have no agreement, or the facility stands outside it."""
    agreement = Agreement(band=0) if applicant.town == facility.town else rules.agreements.get(applicant.town)
    if agreement is None or (facility.own_only and applicant.town != facility.town):
        return None
    here = applicant.facts_at.get(facility.id, {})

    def fact(key: str) -> int:
        return applicant.facts.get(key, 0) + here.get(key, 0)

    points = sum(worth * fact(key) for key, worth in rules.points.items())
    ties = tuple(-fact(rule.fact) if rule.higher_first else fact(rule.fact) for rule in rules.ties)
    return Standing(agreement.band, -points, ties, lot)
