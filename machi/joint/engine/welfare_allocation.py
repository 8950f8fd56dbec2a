"""Allocation of places: stable where it can be, the least unstable that was found otherwise, and which of the two.

1. Applicants who decide alone go first: deferred acceptance, applicants proposing. Without joint wishes and quotas of
   town pairs this is all, and what comes out is the stable allocation best for applicants.
2. Units with joint wishes join one by one in the order of their lots; whoever loses a place asks again from the top,
   and whoever could use a place given back is asked again (after Roth and Peranson 1999, and Sun et al. 2025,
   "Probabilistic analysis of stable matching in large markets with siblings"). A unit that has taken
   ``RESTLESS`` places waits.
3. Where claims are left unmet, the same with other orders; then exact repair of the parts around the unmet claims
   (``welfare_repair``).

The result says which claims are left, and how few there could be at least: 0 claims are proven by having none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from machi.joint.engine.matching import lots
from machi.joint.engine.welfare import Problem
from machi.joint.engine.welfare_filling import fill
from machi.joint.engine.welfare_market import PlacesMarket, compile_market, placed
from machi.joint.engine.welfare_repair import Effort, repair
from machi.joint.engine.welfare_state import State, Step

ORDERS = 6
"""In how many orders units join, at most, before the exact repair: who is left with a claim moves to an end."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """``wish[u]`` which wish unit u has; ``place`` of each applicant by number (absent: none).

    ``unmet``: units with a justified claim, and the best wish they have one on. ``least``: no allocation has fewer
    unmet claims. ``proven``: this one has as few as can be. ``order``: which of the tried orders it came from.
    """

    market: PlacesMarket
    wish: tuple[int | None, ...]
    place: dict[int, int]
    unmet: dict[int, int]
    least: int
    trace: tuple[Step, ...]
    order: int

    @property
    def stable(self) -> bool:
        return not self.unmet

    @property
    def proven(self) -> bool:
        return len(self.unmet) == self.least


def allocate(
    problem: Problem,
    seed: str,
    *,
    effort: Effort | None = None,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Allocation:
    """The same problem and seed always give the same allocation. ValueError as ``compile_market``.

    ``effort`` bounds the repair, in deterministic units rather than seconds. ``told`` hears how far it has come: of
    the orders and parts that may have to be tried, so many are behind it.
    """
    limit = effort or Effort()
    tries = ORDERS + limit.parts
    market = compile_market(problem, seed)
    drawn = lots([str(at) + unit.id for at, unit in enumerate(market.units)], seed).tolist()
    best: tuple[int, int, State, dict[int, int]] | None = None
    queue = _queue(market, drawn)
    for order in range(ORDERS):
        state = State(market)
        fill(state, queue)
        unmet = unmet_claims(state)
        if best is None or len(unmet) < best[0]:
            best = len(unmet), order, state, unmet
        told(order + 1, tries)
        if not unmet:
            break
        queue = _turned(queue, unmet, forward=order % 2 == 0)
    assert best is not None
    _count, order, state, unmet = best
    least = 0
    if unmet:
        least = repair(state, sorted(unmet), limit, lambda done: told(ORDERS + done, tries))
        unmet = unmet_claims(state)
    place = {
        one: facility
        for unit, has in zip(market.units, state.wish, strict=True)
        if has is not None
        for one, facility in placed(unit.wishes[has], unit.members)
    }
    return Allocation(market, tuple(state.wish), place, unmet, least, tuple(state.trace), order)


def unmet_claims(state: State) -> dict[int, int]:
    """Units that block, and their best justified claim."""
    found = ((unit, state.unmet(unit)) for unit in range(len(state.wish)))
    return {unit: wish for unit, wish in found if wish is not None}


def _queue(market: PlacesMarket, drawn: Sequence[int]) -> list[int]:
    """Who decides alone first, then joint wishes, both by lot."""
    return sorted(range(len(market.units)), key=lambda at: (len(market.units[at].members) > 1, drawn[at]))


def _turned(queue: Sequence[int], unmet: Collection[int], *, forward: bool) -> list[int]:
    """Another order: who was left with a claim goes first, the next time last."""
    return sorted(queue, key=lambda unit: (unit in unmet) != forward)
