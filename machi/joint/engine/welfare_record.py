"""An allocation as one plain record from which anybody can check it again, without the families it is about.

``plain`` writes the numbered market, the trace and the outcome; ``check`` reads such a record and goes through it with
``welfare_audit``: nothing of it is taken on trust but the applicants' points and ties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from machi.joint.engine.welfare import Standing
from machi.joint.engine.welfare_allocation import Allocation
from machi.joint.engine.welfare_audit import Finding, ranks, replay, unmet_claims
from machi.joint.engine.welfare_market import Closed, PlacesMarket, Seats, Unit
from machi.joint.engine.welfare_state import Happened, Step

FORM = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """``faults`` of the trace; ``unmet`` claims counted anew; do ranks follow points, do both counts agree?"""

    faults: tuple[Finding, ...]
    unmet: int
    ranks_follow: bool
    agrees: bool

    @property
    def sound(self) -> bool:
        return not self.faults and self.ranks_follow and self.agrees


def plain(allocation: Allocation) -> dict[str, Any]:
    """JSON-ready; equal for equal allocations."""
    market = allocation.market
    return {
        "form": FORM,
        "applicants": list(market.applicants),
        "homes": list(market.homes),
        "class_of": list(market.class_of),
        "unit_of": list(market.unit_of),
        "units": [[one.id, list(one.members), [list(wish) for wish in one.wishes]] for one in market.units],
        "facilities": list(market.facilities),
        "hosts": list(market.hosts),
        "seats": [[list(one.reserved), one.flexible, sorted(one.shared)] for one in market.seats],
        "rank": [_pairs(one) for one in market.rank],
        "standings": [
            [[place, one.band, one.minus_points, list(one.ties), one.lot] for place, one in stands.items()]
            for stands in market.standings
        ],
        "group": [_pairs(one) for one in market.group],
        "quotas": list(market.quotas),
        "pairs": [list(one) for one in market.pairs],
        "closed": [{place: why.value for place, why in one.items()} for one in market.closed],
        "wish": list(allocation.wish),
        "unmet": _pairs(allocation.unmet),
        "least": allocation.least,
        "trace": [[one.happened.value, one.unit, one.wish, list(one.lost)] for one in allocation.trace],
    }


def check(record: Mapping[str, Any]) -> Checked:
    """ValueError for a record of another form, or one whose places are overfull."""
    if record.get("form") != FORM:
        raise ValueError("not a record of this form")
    market = _market(record)
    trace = [Step(Happened(what), unit, wish, tuple(lost)) for what, unit, wish, lost in record["trace"]]
    wish: list[int | None] = list(record["wish"])
    unmet = unmet_claims(market, wish)
    return Checked(
        faults=tuple(replay(market, trace, wish)),
        unmet=len(unmet),
        ranks_follow=ranks(market),
        agrees=unmet == dict(record["unmet"]),
    )


def _market(record: Mapping[str, Any]) -> PlacesMarket:
    standings = tuple(
        {place: Standing(band, points, tuple(ties), lot) for place, band, points, ties, lot in stands}
        for stands in record["standings"]
    )
    return PlacesMarket(
        applicants=tuple(record["applicants"]),
        homes=tuple(record["homes"]),
        class_of=tuple(record["class_of"]),
        unit_of=tuple(record["unit_of"]),
        units=tuple(
            Unit(name, tuple(members), tuple(tuple(wish) for wish in wishes))
            for name, members, wishes in record["units"]
        ),
        facilities=tuple(record["facilities"]),
        hosts=tuple(record["hosts"]),
        seats=tuple(
            Seats(tuple(reserved), flexible, frozenset(shared))
            for reserved, flexible, shared in record["seats"]
        ),
        rank=tuple(dict(one) for one in record["rank"]),
        standings=standings,
        group=tuple(dict(one) for one in record["group"]),
        quotas=tuple(record["quotas"]),
        pairs=tuple((home, host) for home, host in record["pairs"]),
        wanted=tuple(tuple(one) for one in standings),
        closed=tuple({place: Closed(why) for place, why in one.items()} for one in record["closed"]),
    )


def _pairs(numbers: Mapping[int, int]) -> list[list[int]]:
    return [[key, value] for key, value in numbers.items()]
