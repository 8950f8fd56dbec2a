"""Who pays what of a joint cost, by several rules side by side, each adding up to the yen.

A rule is *in the core* when no group of towns would pay less by itself: then nobody has a reason to leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from machi.joint.engine.apportioning import apportion, rounded
from machi.joint.engine.shapley import EXACT, ORDERS, Complaint, Cost, Shapley, complaint, shapley


class Rule(StrEnum):
    EQUAL = "equal"
    POPULATION = "population"
    USE = "use"
    EQUAL_AND_POPULATION = "equal_and_population"
    """A part in equal shares, the rest by population: what Japanese associations of municipalities mostly do."""
    ALONE = "alone"
    """By what each would pay alone (the same percentage saved by all)."""
    SHAPLEY = "shapley"


@dataclass(frozen=True, slots=True)
class Member:
    key: str
    population: int
    """At least 0: the census of 2020 counted nobody in 双葉町, whose people had not come back yet."""
    use: int
    """Of what is bought: licences, hours, cases; at least 0."""


@dataclass(frozen=True, slots=True)
class Share:
    rule: Rule
    pays: dict[str, int]
    """Yen."""
    saves: dict[str, int]
    """Against paying alone; below 0: worse off."""
    complaint: Complaint | None
    """The group with most reason to leave; None: there is none, or it was not checked."""
    checked: bool
    """Whether all groups were tried (up to 15 towns)."""
    error: dict[str, float]
    """Half the width of the 95 % interval of a sampled Shapley value; 0 for all that is exact."""

    @property
    def in_core(self) -> bool | None:
        return self.complaint is None if self.checked else None


def share(
    members: Sequence[Member],
    cost: Cost,
    *,
    equal_part: Fraction = Fraction(1, 5),
    orders: int = ORDERS,
    seed: int = 0,
    value: Shapley | None = None,
) -> list[Share]:
    """Every rule that can be computed: those by population only where somebody lives there, ``USE`` only where
    somebody uses something, ``ALONE`` where that costs.

    ``cost`` of a coalition is in whole yen, of nobody 0; ``equal_part`` (0 to 1) is that of
    ``EQUAL_AND_POPULATION``; ``value`` is the Shapley value where the caller has found it already. ValueError for no
    members, members given twice, populations or uses out of range.
    """
    keys = [one.key for one in members]
    if not keys or len(set(keys)) != len(keys):
        raise ValueError("there must be members, and they must differ")
    if any(one.population < 0 or one.use < 0 for one in members) or not 0 <= equal_part <= 1:
        raise ValueError("populations and uses must not be negative, the equal part between 0 and 1")
    alone = {key: cost(frozenset([key])) for key in keys}
    total = cost(frozenset(keys))
    value = value or shapley(keys, cost, orders=orders, seed=seed)
    exact = dict.fromkeys(keys, 0.0)
    found = [
        _share(rule, apportion(total, weights), alone, cost, exact)
        for rule, weights in _weights(members, alone, equal_part).items()
        if sum(weights.values())
    ]
    return [*found, _share(Rule.SHAPLEY, rounded(value.values), alone, cost, value.error)]


def _weights(
    members: Sequence[Member], alone: Mapping[str, int], equal_part: Fraction
) -> dict[Rule, dict[str, Fraction]]:
    people = sum(one.population for one in members)
    by_people = {one.key: Fraction(one.population, people or 1) for one in members}
    mixed = {key: equal_part / len(members) + (1 - equal_part) * part for key, part in by_people.items()}
    return {
        Rule.EQUAL: {one.key: Fraction(1) for one in members},
        Rule.POPULATION: by_people,
        Rule.USE: {one.key: Fraction(one.use) for one in members},
        Rule.EQUAL_AND_POPULATION: mixed if people else {},
        Rule.ALONE: {key: Fraction(yen) for key, yen in alone.items()},
    }


def _share(
    rule: Rule, pays: dict[str, int], alone: Mapping[str, int], cost: Cost, error: dict[str, float]
) -> Share:
    checked = len(pays) <= EXACT
    return Share(
        rule,
        pays,
        {key: alone[key] - yen for key, yen in pays.items()},
        complaint(list(pays), cost, pays) if checked else None,
        checked,
        error,
    )
