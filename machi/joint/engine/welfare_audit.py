"""An audit of an allocation that shares no reasoning with the engine: by counting, not by choosing.

``replay`` follows the trace and checks that every place was given by a justified claim, that whoever lost a place had
to, that every refusal was right at its time, and that the end is the allocation. ``unmet_claims`` goes through all
wishes of all units. Both read the numbered market; that its ranks follow points and tie rules is checked by ``ranks``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from machi.joint.engine.welfare_market import PlacesMarket
from machi.joint.engine.welfare_state import Happened, Step


class Fault(StrEnum):
    NOT_JUSTIFIED = "not_justified"
    """A place was taken that others had better claims on."""
    REFUSED_WRONGLY = "refused_wrongly"
    LOST_WRONGLY = "lost_wrongly"
    OVERFULL = "overfull"
    NOT_BETTER = "not_better"
    """A unit took a wish it does not prefer to what it had."""
    OTHER_END = "other_end"
    """The trace does not end at the allocation."""


@dataclass(frozen=True, slots=True)
class Finding:
    fault: Fault
    step: int
    unit: int


def replay(market: PlacesMarket, trace: Sequence[Step], wish: Sequence[int | None]) -> list[Finding]:
    """All faults of a trace that should end with these wishes; none: the allocation came about as the rules say."""
    book = _Book(market)
    findings: list[Finding] = []
    for number, step in enumerate(trace):
        if step.happened is Happened.EXCHANGED:
            book.clear(step.unit)
            if step.wish is not None:
                book.set(step.unit, step.wish)
            last = number + 1 == len(trace) or trace[number + 1].happened is not Happened.EXCHANGED
            if last and not book.fits(range(len(market.facilities))):
                findings.append(Finding(Fault.OVERFULL, number, step.unit))
            continue
        assert step.wish is not None
        justified = book.justified(step.unit, step.wish)
        if step.happened is Happened.REFUSED:
            if justified:
                findings.append(Finding(Fault.REFUSED_WRONGLY, number, step.unit))
            continue
        if not justified:
            findings.append(Finding(Fault.NOT_JUSTIFIED, number, step.unit))
        has = book.wish[step.unit]
        if has is not None and step.wish >= has:
            findings.append(Finding(Fault.NOT_BETTER, number, step.unit))
        findings += [
            Finding(Fault.LOST_WRONGLY, number, unit)
            for unit in step.lost
            if not book.must_go(unit, step.unit, step.wish)
        ]
        for unit in (*step.lost, step.unit):
            book.clear(unit)
        book.set(step.unit, step.wish)
        if not book.fits(place for _one, place in book.places(step.unit)):
            findings.append(Finding(Fault.OVERFULL, number, step.unit))
    findings += [
        Finding(Fault.OTHER_END, len(trace), unit) for unit, has in enumerate(wish) if book.wish[unit] != has
    ]
    return findings


def unmet_claims(market: PlacesMarket, wish: Sequence[int | None]) -> dict[int, int]:
    """Units that block, with the best wish they have a justified claim on. ValueError where places are overfull."""
    book = _Book(market)
    for unit, has in enumerate(wish):
        if has is not None:
            book.set(unit, has)
    if not book.fits(range(len(market.facilities))):
        raise ValueError("more applicants than places")
    found: dict[int, int] = {}
    for unit, has in enumerate(wish):
        better = range(len(market.units[unit].wishes) if has is None else has)
        best = next((one for one in better if book.justified(unit, one)), None)
        if best is not None:
            found[unit] = best
    return found


def ranks(market: PlacesMarket) -> bool:
    """Whether within every host town a lower rank always means the better standing: band, points, ties, lot."""
    by_host: dict[str, list[tuple[int, int, int]]] = {}
    for applicant, each in enumerate(market.rank):
        for facility, rank in each.items():
            by_host.setdefault(market.hosts[facility], []).append((rank, applicant, facility))
    return all(
        first[0] < second[0]
        and market.standings[first[1]][first[2]] <= market.standings[second[1]][second[2]]
        for rows in by_host.values()
        for first, second in pairwise(sorted(rows))
    )


class _Book:
    """Who is where, kept twice: by unit and by facility."""

    def __init__(self, market: PlacesMarket) -> None:
        self.market = market
        self.wish: list[int | None] = [None] * len(market.units)
        self.there: list[set[int]] = [set() for _ in market.facilities]
        self.abroad: list[dict[int, int]] = [{} for _ in market.quotas]

    def places(self, unit: int, wish: int | None = None) -> list[tuple[int, int]]:
        one = self.wish[unit] if wish is None else wish
        if one is None:
            return []
        pairs = zip(self.market.units[unit].members, self.market.units[unit].wishes[one], strict=True)
        return [(applicant, place) for applicant, place in pairs if place >= 0]

    def set(self, unit: int, wish: int) -> None:
        self.wish[unit] = wish
        for applicant, place in self.places(unit):
            self.there[place].add(applicant)
            if place in self.market.group[applicant]:
                self.abroad[self.market.group[applicant][place]][applicant] = place

    def clear(self, unit: int) -> None:
        for applicant, place in self.places(unit):
            self.there[place].discard(applicant)
            if place in self.market.group[applicant]:
                self.abroad[self.market.group[applicant][place]].pop(applicant, None)
        self.wish[unit] = None

    def fits(self, facilities: Iterable[int]) -> bool:
        for place in facilities:
            seats = self.market.seats[place]
            numbers = Counter(self.market.class_of[one] for one in self.there[place])
            surplus = {class_: max(0, number - seats.reserved[class_]) for class_, number in numbers.items()}
            if any(more and class_ not in seats.shared for class_, more in surplus.items()):
                return False
            if sum(surplus.values()) > seats.flexible:
                return False
        return all(len(inside) <= most for inside, most in zip(self.abroad, self.market.quotas, strict=True))

    def justified(self, unit: int, wish: int) -> bool:
        newly = self.places(unit, wish)
        return not any(self._refused(one, place, unit, newly) for one, place in newly)

    def must_go(self, unit: int, claimant: int, wish: int) -> bool:
        newly = self.places(claimant, wish)
        return any(self._refused(one, place, claimant, newly) for one, place in self.places(unit))

    def _refused(self, applicant: int, place: int, claimant: int, newly: Sequence[tuple[int, int]]) -> bool:
        """Whether the better ranked leave no seat, or fill the quota, the claimant's members being where they want."""
        market, seats = self.market, self.market.seats[place]
        rank = market.rank[applicant][place]
        others = [one for one in self.there[place] if market.unit_of[one] != claimant]
        others += [one for one, where in newly if where == place]
        better = Counter(market.class_of[one] for one in others if market.rank[one][place] < rank)
        class_ = market.class_of[applicant]
        if better[class_] >= seats.reserved[class_]:
            if class_ not in seats.shared:
                return True
            surplus = sum(max(0, better[one] - seats.reserved[one]) for one in seats.shared)
            if surplus >= seats.flexible:
                return True
        quota = market.group[applicant].get(place)
        if quota is None:
            return False
        abroad: Mapping[int, int] = {
            **{one: where for one, where in self.abroad[quota].items() if market.unit_of[one] != claimant},
            **{one: where for one, where in newly if market.group[one].get(where) == quota},
        }
        ahead = sum(market.rank[one][where] < rank for one, where in abroad.items())
        return ahead >= market.quotas[quota]
