"""The 0-1 knapsack with group constraints, in whole numbers, by CP-SAT (OR-Tools): proven optima only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

SCALE = 1_000_000
"""Points are whole millionths of a score."""
CHUNK = 40
"""As many members are ordered by one objective whose weights are powers of two."""


class Infeasible(Exception):
    """No selection keeps all constraints."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Between ``least`` and ``most`` of ``members``."""

    members: frozenset[str]
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Chosen:
    chosen: frozenset[str]
    total: int
    """In points."""


@dataclass(frozen=True, slots=True)
class Knapsack:
    points: Mapping[str, int]
    """At least 0; its order is the order of preference among equal totals."""
    costs: Mapping[str, int]
    budget: int | None
    bounds: Mapping[str, Bound]

    def best(self, forced: Mapping[str, bool] | None = None) -> Chosen:
        """A selection of the greatest total; ``forced`` says of some members whether they are in. Infeasible."""
        return self._solve(self.points, forced or {})

    def first(self, total: int) -> Chosen:
        """Of all selections of this total the one that holds the first member, then the second, and so on."""
        keys = list(self.points)
        forced: dict[str, bool] = {}
        found = Chosen(frozenset(), total)
        for start in range(0, len(keys), CHUNK):
            part = keys[start : start + CHUNK]
            weights = {key: 1 << (len(part) - 1 - at) for at, key in enumerate(part)}
            found = self._solve(weights, forced, total)
            forced |= {key: key in found.chosen for key in part}
        return Chosen(found.chosen, total)

    def flipped(self, key: str, now: Chosen) -> Chosen | None:
        """The best selection in which ``key`` is decided otherwise, as near to ``now`` as there is; None if none."""
        forced = {key: key not in now.chosen}
        try:
            total = self.best(forced).total
        except Infeasible:
            return None
        near = {one: 1 if one in now.chosen else -1 for one in self.points}
        return Chosen(self._solve(near, forced, total).chosen, total)

    def without(self, name: str) -> Knapsack:
        return replace(self, bounds={one: bound for one, bound in self.bounds.items() if one != name})

    def without_budget(self) -> Knapsack:
        return replace(self, budget=None)

    def conflict(self) -> tuple[tuple[str, ...], bool]:
        """Constraints that cannot hold together though any all but one of them can, by leaving out one at a time.

        The names of the bounds, and whether the budget is among them.
        """
        problem = self
        for name in self.bounds:
            if not (smaller := problem.without(name)).possible():
                problem = smaller
        if not (free := problem.without_budget()).possible():
            problem = free
        return tuple(problem.bounds), problem.budget is not None

    def possible(self, forced: Mapping[str, bool] | None = None) -> bool:
        try:
            self._solve({}, forced or {})
        except Infeasible:
            return False
        return True

    def _solve(
        self, weights: Mapping[str, int], forced: Mapping[str, bool], total: int | None = None
    ) -> Chosen:
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        taken = {key: model.new_bool_var(key) for key in self.points}
        if self.budget is not None:
            model.add(sum(self.costs[key] * one for key, one in taken.items()) <= self.budget)
        for bound in self.bounds.values():
            count = sum(taken[key] for key in sorted(bound.members))
            model.add(count >= bound.least)
            if bound.most is not None:
                model.add(count <= bound.most)
        for key, inside in forced.items():
            model.add(taken[key] == int(inside))
        if total is not None:
            model.add(sum(self.points[key] * one for key, one in taken.items()) == total)
        if weights:
            model.maximize(sum(weight * taken[key] for key, weight in weights.items()))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.linearization_level = 2
        solver.parameters.cp_model_presolve = False  # costs more than it saves on a model of one page
        status = solver.solve(model)
        if status in (cp_model.INFEASIBLE, cp_model.MODEL_INVALID):
            raise Infeasible
        assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE), status  # there is no time limit
        chosen = frozenset(key for key, one in taken.items() if solver.boolean_value(one))
        return Chosen(chosen, sum(self.points[key] for key in chosen))


def whole_points(scores: Mapping[str, float]) -> dict[str, int]:
    """Scores in whole millionths."""
    return {key: round(score * SCALE) for key, score in scores.items()}


def bounded(keys: Sequence[str], bounds: Mapping[str, Bound]) -> dict[str, Bound]:
    """The bounds about ``keys`` alone."""
    inside = frozenset(keys)
    return {name: replace(one, members=one.members & inside) for name, one in bounds.items()}
