"""The integer programme behind ``grouping``: towns to centres, contiguous, by CP-SAT with separators as needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.contiguity import Neighbours, pieces, steps
from machi.joint.engine.districts_bound import relaxed
from machi.joint.engine.districts_start import start

BOUND_SECONDS = 60.0
"""At most, for the bound of what the solver did not prove; beyond the time given."""


@dataclass(frozen=True, slots=True)
class Found:
    centres: list[int] | None
    """Of each town; None: no contiguous assignment was met."""
    value: int
    bound: int
    proven: bool


@dataclass(frozen=True)
class Districts:
    costs: NDArray[np.int64]
    """(towns, centres): what it costs to have a town in the block of a centre."""
    people: Sequence[int]
    around: Neighbours
    size: tuple[int, int]
    population: tuple[int, int] | None
    blocks: int | None

    def solve(self, left: Callable[[], float], *, any_will_do: bool = False) -> Found:
        """Solves, cuts off what is not contiguous, solves again; ``left`` tells how many seconds there are.

        ``any_will_do`` stops at the first contiguous assignment.
        """
        from ortools.sat.python import cp_model

        model, taken = self._model(cp_model)
        best, value, bound = None, 0, 0
        if any_will_do and (first := self._rough()) is not None:
            return Found(first, self._value(first), 0, proven=False)
        while (seconds := left()) > 0:
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.linearization_level = 2  # the relaxation of this model is nearly whole
            solver.parameters.max_time_in_seconds = seconds
            watch = _watch(cp_model, taken, self._torn, any_will_do)
            status = solver.solve(model, watch)
            if status == cp_model.INFEASIBLE:
                return Found(None, 0, 0, proven=True)
            bound = max(bound, round(solver.best_objective_bound))
            if watch.best is not None and (best is None or watch.value < value):
                best, value = watch.best, watch.value
            if best is not None and (any_will_do or value <= bound or status != cp_model.OPTIMAL):
                break
            for piece in watch.torn:
                self._separate(model, taken, piece)
        rough = self._rough() if best is None or value > bound else None
        if rough is not None and (best is None or self._value(rough) < value):
            best, value = rough, self._value(rough)
        if best is not None and value > bound and not any_will_do:
            bound = max(bound, self._relaxed(taken))
        return Found(best, value, bound, proven=best is not None and value <= bound)

    def _relaxed(self, taken: Mapping[tuple[int, int], Any]) -> int:
        """What no assignment undercuts (6 s for the largest prefecture)."""
        return relaxed(
            self.costs,
            list(taken),
            self.around,
            self.size,
            self.people,
            self.population,
            self.blocks,
            BOUND_SECONDS,
        )

    def _rough(self) -> list[int] | None:
        """A grouping that is no proven best (at most 3 s for the largest prefecture), where people do not count."""
        return None if self.population else start(self.costs, self.around, self.size, self.blocks)

    def _value(self, centres: Sequence[int]) -> int:
        return int(sum(self.costs[town, centre] for town, centre in enumerate(centres)))

    def _model(self, cp_model: Any) -> tuple[Any, dict[tuple[int, int], Any]]:
        model, towns = cp_model.CpModel(), range(len(self.people))
        least, most = self.size
        reach = [steps(centre, towns, self.around) for centre in towns]
        taken = {
            (town, centre): model.new_bool_var(f"{town} {centre}")
            for town in towns
            for centre in towns
            if reach[centre][town] < most
        }
        for town in towns:
            model.add_exactly_one(taken[town, centre] for centre in towns if (town, centre) in taken)
        for centre in towns:
            own = {town: taken[town, centre] for town in towns if (town, centre) in taken}
            head = taken[centre, centre]
            model.add(sum(own.values()) >= least * head)
            model.add(sum(own.values()) <= most * head)
            if self.population:
                people = sum(self.people[town] * one for town, one in own.items())
                model.add(people >= self.population[0] * head)
                model.add(people <= self.population[1] * head)
            for town, one in own.items():
                model.add_implication(one, head)
                if town != centre and centre not in self.around[town]:
                    model.add_bool_or(
                        [~one, *(own[near] for near in sorted(self.around[town]) if near in own)]
                    )
        if self.blocks:
            model.add(sum(taken[centre, centre] for centre in towns) == self.blocks)
        model.minimize(sum(int(self.costs[pair]) * one for pair, one in taken.items()))
        return model, taken

    def _torn(self, centres: Sequence[int]) -> list[set[int]]:
        """The pieces of blocks that do not hang together with their centre."""
        members: dict[int, list[int]] = {}
        for town, centre in enumerate(centres):
            members.setdefault(centre, []).append(town)
        return [
            piece
            for centre, some in members.items()
            for piece in pieces(some, self.around)
            if centre not in piece
        ]

    def _separate(self, model: Any, taken: Mapping[tuple[int, int], Any], piece: set[int]) -> None:
        """From a piece to any centre outside it the way leads through a town beside the piece."""
        beside = sorted({near for town in piece for near in self.around[town]} - piece)
        for town, centre in taken:
            if town in piece and centre not in piece:
                ways = [taken[near, centre] for near in beside if (near, centre) in taken]
                model.add_bool_or([~taken[town, centre], *ways])


def _watch(
    cp_model: Any,
    taken: Mapping[tuple[int, int], Any],
    torn: Callable[[Sequence[int]], list[set[int]]],
    any_will_do: bool,
) -> Any:
    class Watch(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
        """Keeps the best contiguous assignment met on the way, and what tears the last one."""

        def __init__(self) -> None:
            super().__init__()
            self.best: list[int] | None = None
            self.value = 0
            self.torn: list[set[int]] = []

        def on_solution_callback(self) -> None:
            pairs = sorted(pair for pair, one in taken.items() if self.boolean_value(one))
            centres = [centre for _, centre in pairs]
            self.torn = torn(centres)
            if not self.torn:
                self.best, self.value = centres, round(self.objective_value)
                if any_will_do:
                    self.stop_search()

    return Watch()
