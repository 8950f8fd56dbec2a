"""Why an applicant has its place, and why not each wish it ranked higher: codes with figures, never identities.

For a wish that was not met, the first that applies of:

* NO_AGREEMENT, NO_CLASS   the wish could take no part
* UNMET                    the claim is justified and not met: no allocation was found that meets all (told openly)
* QUOTA                    the town pair's quota is filled by applicants of the same town with higher priority
* BAND                     the last admitted is in an earlier band (the host's own residents)
* POINTS                   the last admitted has more points
* TIE_RULE                 as many points; the tie rule ``rule`` decided
* LOT                      the same in everything; the lot decided
* TOGETHER                 this applicant alone would be admitted, the joint wish of its household would not

The last admitted is the one lowest in priority of those who leave the applicant no place there: of its class, or of
those in flexible seats it could have had. Nobody is named: band, points and the deciding tie value only. A domain
that prints these figures decides whether a facility with very few places may show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from machi.joint.engine.welfare import Problem, Standing, TieRule
from machi.joint.engine.welfare_allocation import Allocation
from machi.joint.engine.welfare_market import choose, placed


class Why(StrEnum):
    PLACED = "placed"
    NO_AGREEMENT = "no_agreement"
    NO_CLASS = "no_class"
    UNMET = "unmet"
    QUOTA = "quota"
    BAND = "band"
    POINTS = "points"
    TIE_RULE = "tie_rule"
    LOT = "lot"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Reason:
    """Of one wish of one applicant. Figures that say nothing for its code are None.

    ``rank`` 1 for the first wish; ``ahead`` applicants with higher priority who have a place there (of its class);
    ``places`` reserved for its class; ``flexible`` seats its class may share; ``points``, ``band`` its own;
    ``last_points``, ``last_band`` of the last admitted; ``rule`` the fact that decided a tie, with both values;
    ``quota`` of the town pair.
    """

    why: Why
    facility: str
    rank: int
    ahead: int = 0
    places: int = 0
    flexible: int = 0
    points: int | None = None
    band: int | None = None
    last_points: int | None = None
    last_band: int | None = None
    rule: str | None = None
    value: int | None = None
    last_value: int | None = None
    quota: int | None = None


class Explainer:
    """Reasons in one allocation; built once, asked for each applicant."""

    def __init__(self, problem: Problem, allocation: Allocation) -> None:
        self.problem, self.allocation, self.market = problem, allocation, allocation.market
        self.number = {name: at for at, name in enumerate(self.market.facilities)}
        members = [one for household in problem.households for one in household.members]
        self.wishes = {one.id: one.wishes for one in members}
        self.holders: list[list[int]] = [[] for _ in self.market.facilities]
        for one, place in sorted(allocation.place.items()):
            self.holders[place].append(one)

    def reasons(self, applicant: int) -> list[Reason]:
        """For the applicant's place and for each wish it ranked higher, in the order of its wishes."""
        market = self.market
        has = self.allocation.place.get(applicant)
        reasons: list[Reason] = []
        for rank, wish in enumerate(self.wishes[market.applicants[applicant]], 1):
            facility = self.number[wish]
            shut = market.closed[applicant].get(wish)
            if shut is not None:
                reasons.append(Reason(Why(shut.value), wish, rank))
                continue
            reasons.append(self._reason(applicant, facility, rank, met=facility == has))
            if facility == has:
                break
        return reasons

    def _reason(self, applicant: int, facility: int, rank: int, *, met: bool) -> Reason:
        market, seats = self.market, self.market.seats[facility]
        class_, own = market.class_of[applicant], market.unit_of[applicant]
        mine = market.standings[applicant][facility]
        others = [one for one in self.holders[facility] if market.unit_of[one] != own]
        before = [one for one in others if market.rank[one][facility] < market.rank[applicant][facility]]
        told = Reason(
            Why.PLACED,
            market.facilities[facility],
            rank,
            ahead=sum(market.class_of[one] == class_ for one in before),
            places=seats.reserved[class_],
            flexible=seats.flexible if class_ in seats.shared else 0,
            points=mine.points,
            band=mine.band,
        )
        if met:
            return told
        last = self._last_admitted(facility, applicant, others)
        if last is not None:
            rules = self.problem.rules[market.hosts[facility]]
            return _decided(told, mine, market.standings[last][facility], rules.ties)
        quota = market.group[applicant].get(facility)
        if quota is not None:
            ahead = self._ahead_in(quota, applicant, facility)
            if ahead >= market.quotas[quota]:
                return replace(told, why=Why.QUOTA, ahead=ahead, quota=market.quotas[quota])
        unmet = self.allocation.unmet.get(own)
        members = market.units[own].members
        justified = unmet is not None and (applicant, facility) in placed(
            market.units[own].wishes[unmet], members
        )
        return replace(told, why=Why.UNMET if justified or len(members) == 1 else Why.TOGETHER)

    def _last_admitted(self, facility: int, applicant: int, others: list[int]) -> int | None:
        """Of those who leave the applicant no seat the one lowest in priority; None where it would have a seat."""
        market, seats = self.market, self.market.seats[facility]
        taken, left = choose(market, facility, [*others, applicant])
        if applicant not in left:
            return None
        class_ = market.class_of[applicant]
        reserved = list(seats.reserved)
        leaving_none: list[int] = []
        for one in taken:
            flexible = reserved[market.class_of[one]] == 0
            reserved[market.class_of[one]] -= not flexible
            if market.class_of[one] == class_ or (flexible and class_ in seats.shared):
                leaving_none.append(one)
        return leaving_none[-1]

    def _ahead_in(self, quota: int, applicant: int, facility: int) -> int:
        market = self.market
        rank = market.rank[applicant][facility]
        return sum(
            market.group[one].get(place) == quota and market.rank[one][place] < rank
            for one, place in self.allocation.place.items()
            if market.unit_of[one] != market.unit_of[applicant]
        )


def _decided(told: Reason, mine: Standing, last: Standing, ties: Sequence[TieRule]) -> Reason:
    """What set the last admitted before the one who asks."""
    told = replace(told, last_points=last.points, last_band=last.band)
    if last.band != mine.band:
        return replace(told, why=Why.BAND)
    if last.points != mine.points:
        return replace(told, why=Why.POINTS)
    for rule, value, other in zip(ties, mine.ties, last.ties, strict=True):
        if value != other:
            sign = -1 if rule.higher_first else 1
            return replace(
                told, why=Why.TIE_RULE, rule=rule.fact, value=sign * value, last_value=sign * other
            )
    return replace(told, why=Why.LOT)
