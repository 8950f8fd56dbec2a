"""The model of ``welfare_repair`` for CP-SAT.

``has[u, w]`` says that unit u has its wish w. A unit that blocks is counted by ``blocks[u]``. For each wish a unit
prefers, either it has that or a better one, or some member is rightly refused there, or it blocks. Rightly refused at a
facility: the better ranked (of other units, and of its own newcomers) fill the reserved seats of the class, and their
surplus over reserved seats fills the flexible ones. Rightly refused under a quota: the better ranked fill the quota.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from machi.joint.engine.welfare_market import PlacesMarket, placed
from machi.joint.engine.welfare_state import State

SEED = 1


@dataclass(frozen=True, slots=True)
class Solved:
    """``wishes`` of those who could move; ``unmet`` claims in the part and around it, ``least`` its lower bound."""

    wishes: dict[int, int | None]
    unmet: int
    least: int
    proven: bool


def solve(state: State, part: set[int], watchers: set[int], work: float) -> Solved:
    """Moves the units of ``part``, all others keep their places; the claims of both ``part`` and ``watchers`` count."""
    from ortools.sat.python import cp_model

    desk = _Desk(cp_model.CpModel(), state, part)
    desk.capacities()
    blocks = [desk.blocked(unit) for unit in sorted(part | watchers)]
    wishes = state.market.units
    heaviest = sum(len(wishes[unit].wishes) for unit in part) + 1
    ranks = sum(rank * has for (_unit, rank), has in desk.has.items())
    nothing = sum(
        len(wishes[unit].wishes) * (1 - sum(desk.has[unit, w] for w in range(len(wishes[unit].wishes))))
        for unit in part
    )
    desk.model.minimize(heaviest * sum(blocks) + ranks + nothing)
    for (unit, wish), has in desk.has.items():
        desk.model.add_hint(has, state.wish[unit] == wish)
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = work
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    status = solver.solve(desk.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solved({unit: state.wish[unit] for unit in part}, len(blocks), 0, proven=False)
    found: dict[int, int | None] = dict.fromkeys(sorted(part))
    for (unit, wish), has in desk.has.items():
        if solver.boolean_value(has):
            found[unit] = wish
    unmet = sum(solver.boolean_value(one) for one in blocks)
    least = max(0, -(-int(solver.best_objective_bound - heaviest + 1) // heaviest))
    return Solved(found, unmet, least, proven=unmet == least or status == cp_model.OPTIMAL)


class _Desk:
    def __init__(self, model: Any, state: State, part: set[int]) -> None:
        self.model, self.state, self.part = model, state, part
        self.market: PlacesMarket = state.market
        self.has: dict[tuple[int, int], Any] = {}
        self.refusals: dict[tuple[int, int, frozenset[tuple[int, int]]], list[Any]] = {}
        self.at: dict[int, dict[int, Any]] = {}
        """Of each facility, whether an applicant is there: a number where it cannot move, else an expression."""
        for unit in sorted(part):
            wishes = self.market.units[unit].wishes
            for wish in range(len(wishes)):
                self.has[unit, wish] = model.new_bool_var("")
            model.add_at_most_one(self.has[unit, wish] for wish in range(len(wishes)))
            for wish, one in enumerate(wishes):
                for applicant, place in placed(one, self.market.units[unit].members):
                    here = self.at.setdefault(place, {})
                    here[applicant] = here.get(applicant, 0) + self.has[unit, wish]
        for place in range(len(self.market.facilities)):
            for applicant in state.held[place]:
                if self.market.unit_of[applicant] not in part:
                    self.at.setdefault(place, {})[applicant] = 1
        self.inside: list[list[tuple[int, int, Any]]] = [[] for _ in self.market.quotas]
        """Of each quota whom it may count: applicant, where, and whether it is there."""
        for place, here in self.at.items():
            for applicant, there in here.items():
                if place in self.market.group[applicant]:
                    self.inside[self.market.group[applicant][place]].append((applicant, place, there))

    def capacities(self) -> None:
        for place, here in self.at.items():
            seats = self.market.seats[place]
            extra = []
            for class_, reserved in enumerate(seats.reserved):
                there = [one for applicant, one in here.items() if self.market.class_of[applicant] == class_]
                if not there:
                    continue
                more = self.model.new_int_var(0, seats.flexible if class_ in seats.shared else 0, "")
                now = sum(self.market.class_of[one] == class_ for one in self.state.held[place])
                self.model.add_hint(more, max(0, now - reserved))
                extra.append(more)
                self.model.add(sum(there) <= reserved + more)
            self.model.add(sum(extra) <= seats.flexible)
        for quota, most in enumerate(self.market.quotas):
            inside = [one for _applicant, _place, one in self.inside[quota]]
            if inside:
                self.model.add(sum(inside) <= most)

    def blocked(self, unit: int) -> Any:
        blocks = self.model.new_bool_var("")
        self.model.add_hint(blocks, self.state.unmet(unit) is not None)
        members = self.market.units[unit].members
        reached: list[Any] = []
        for wish, one in enumerate(self.market.units[unit].wishes):
            if unit in self.part:
                reached.append(self.has[unit, wish])
            elif self.state.wish[unit] is not None and wish >= self.state.wish[unit]:  # type: ignore[operator]
                break
            places = frozenset(placed(one, members))
            refused = [literal for pair in sorted(places) for literal in self._refusals(*pair, places)]
            self.model.add_bool_or([*reached, *refused, blocks])
        return blocks

    def _refusals(self, applicant: int, place: int, newcomers: frozenset[tuple[int, int]]) -> list[Any]:
        """Literals each of which may only hold where the applicant is rightly refused."""
        key = applicant, place, newcomers
        if key not in self.refusals:
            found = [self._no_seat(applicant, place, newcomers)]
            quota = self.market.group[applicant].get(place)
            if quota is not None:
                found.append(self._over_quota(applicant, place, quota, newcomers))
            self.refusals[key] = found
        return self.refusals[key]

    def _no_seat(self, applicant: int, place: int, newcomers: frozenset[tuple[int, int]]) -> Any:
        market, seats = self.market, self.market.seats[place]
        own, rank = market.unit_of[applicant], market.rank[applicant][place]
        better: dict[int, list[Any]] = {}
        for other, there in self.at.get(place, {}).items():
            if market.unit_of[other] != own and market.rank[other][place] < rank:
                better.setdefault(market.class_of[other], []).append(there)
        for other, where in newcomers:
            if where == place and market.rank[other][place] < rank:
                better.setdefault(market.class_of[other], []).append(1)
        now = Counter(
            market.class_of[other]
            for other in {other for other in self.state.held[place] if market.unit_of[other] != own}
            | {other for other, where in newcomers if where == place}
            if market.rank[other][place] < rank
        )
        literal = self.model.new_bool_var("")
        class_ = market.class_of[applicant]
        refused = now[class_] >= seats.reserved[class_]
        self._at_least(better.get(class_, []), seats.reserved[class_], literal)
        if seats.flexible and class_ in seats.shared:
            surplus = []
            for shared in sorted(seats.shared & better.keys()):
                over, some = self.model.new_int_var(0, seats.flexible, ""), self.model.new_bool_var("")
                self.model.add(over == 0).only_enforce_if(~some)
                self.model.add(over <= sum(better[shared]) - seats.reserved[shared]).only_enforce_if(some)
                beyond = min(seats.flexible, max(0, now[shared] - seats.reserved[shared]))
                self.model.add_hint(over, beyond)
                self.model.add_hint(some, beyond > 0)
                surplus.append(over)
            self._at_least(surplus, seats.flexible, literal)
            refused &= sum(max(0, now[one] - seats.reserved[one]) for one in seats.shared) >= seats.flexible
        self.model.add_hint(literal, refused)
        return literal

    def _over_quota(
        self, applicant: int, place: int, quota: int, newcomers: frozenset[tuple[int, int]]
    ) -> Any:
        market = self.market
        own, rank = market.unit_of[applicant], market.rank[applicant][place]
        better: list[Any] = [
            there
            for other, where, there in self.inside[quota]
            if market.unit_of[other] != own and market.rank[other][where] < rank
        ]
        fixed = len(better)
        better += [
            1
            for other, where in newcomers
            if market.group[other].get(where) == quota and market.rank[other][where] < rank
        ]
        now = sum(
            market.unit_of[other] != own and market.rank[other][where] < rank
            for other, where in self.state.counted[quota].items()
        ) + len(better[fixed:])
        literal = self.model.new_bool_var("")
        self.model.add_hint(literal, now >= market.quotas[quota])
        self._at_least(better, market.quotas[quota], literal)
        return literal

    def _at_least(self, terms: list[Any], count: int, literal: Any) -> None:
        total = sum(terms)
        if not isinstance(total, int):
            self.model.add(total >= count).only_enforce_if(literal)
        elif total < count:
            self.model.add(literal == 0)
