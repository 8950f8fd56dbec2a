"""The other answer to a market: the matching of greatest total fit, stable or not.

With quotas alone it is a minimum cost flow, solved exactly (OR-Tools, cost-scaling push-relabel: Goldberg 1997). With
hours and budgets it is an integer programme (HiGHS), whose bound is stated where time ran out. Fits count in
millionths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.matching import Market, Matching
from machi.joint.engine.matching_limits import Limits, fits_alone

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SCALE = 1_000_000


@dataclass(frozen=True, slots=True)
class Optimum:
    """``total`` fit of the matching; no matching has more than ``bound``; proven: the two are the same."""

    matching: Matching
    total: float
    bound: float
    proven: bool


def total_fit(fit: Floats, entries: Ints) -> float:
    """The sum of the fits of some pairs, in millionths exactly as the optimum counts them."""
    return int(np.rint(fit[entries] * SCALE).sum()) / SCALE


def greatest_fit(
    both: Market,
    fit: Floats,
    limits: Limits | None = None,
    *,
    pinned: Sequence[int] = (),
    closed: Sequence[int] = (),
    seconds: float = 60.0,
) -> Optimum:
    """``fit`` of each of the experts' entries, 0 to 1; a pair of fit 0 is never made unless pinned.

    ValueError for fits outside 0..1, and pins that are closed or exceed a quota or limit.
    """
    if len(fit) != len(both.experts.other) or (fit < 0).any() or (fit > 1).any():
        raise ValueError("one fit a pair, 0 to 1")
    fixed = np.unique(np.asarray(pinned, np.int64))
    value = np.rint(fit * SCALE).astype(np.int64)
    open_ = value > 0
    open_[np.asarray(closed, np.int64)] = False
    if len(np.intersect1d(fixed, np.asarray(closed, np.int64))):
        raise ValueError("a pair is both pinned and forbidden")
    if limits is not None:
        open_ &= fits_alone(both, limits)
    open_[fixed] = False
    room = _room(both, limits, fixed)
    kept = np.flatnonzero(open_)
    if limits is None:
        chosen, bound = _flow(both, value, kept, room), None
    else:
        chosen, bound = _programme(both, value, kept, room, limits, seconds)
    entries = np.sort(np.concatenate([fixed, chosen]))
    total = int(value[entries].sum())
    most = total if bound is None else bound + int(value[fixed].sum())
    return Optimum(Matching(entries), total / SCALE, most / SCALE, most == total)


def _room(both: Market, limits: Limits | None, fixed: Ints) -> list[Ints]:
    """What the pins leave: experts' quotas, towns' quotas and, with limits, hours and budgets."""
    expert, town = both.experts.owner()[fixed], both.experts.other[fixed]
    one = np.ones(len(fixed), np.int64)
    sizes = [(both.expert_quota, expert, one), (both.town_quota, town, one)]
    if limits is not None:
        sizes.append((limits.expert_hours, expert, limits.hours[fixed]))
        sizes.append((limits.town_budget, town, limits.cost[fixed]))
    room = [most - np.bincount(who, size, len(most)).astype(np.int64) for most, who, size in sizes]
    if any((left < 0).any() for left in room):
        raise ValueError("pinned pairs exceed a quota or a limit")
    return room


def _flow(both: Market, value: Ints, kept: Ints, room: Sequence[Ints]) -> Ints:
    """Source -> experts -> towns -> sink; the flow is not fixed, so an arc straight to the sink carries the rest."""
    from ortools.graph.python import min_cost_flow

    n, m = len(room[0]), len(room[1])
    source, sink = n + m, n + m + 1
    graph = min_cost_flow.SimpleMinCostFlow()
    zero = np.zeros
    graph.add_arcs_with_capacity_and_unit_cost(np.full(n, source), np.arange(n), room[0], zero(n, np.int64))
    graph.add_arcs_with_capacity_and_unit_cost(
        np.arange(n, n + m), np.full(m, sink), room[1], zero(m, np.int64)
    )
    supply = int(room[0].sum())
    graph.add_arc_with_capacity_and_unit_cost(source, sink, supply, 0)
    arcs = graph.add_arcs_with_capacity_and_unit_cost(
        both.experts.owner()[kept], both.experts.other[kept] + n, np.ones(len(kept), np.int64), -value[kept]
    )
    graph.set_node_supply(source, supply)
    graph.set_node_supply(sink, -supply)
    status = graph.solve()
    if status != graph.OPTIMAL:  # only overflow is left: the problem is feasible as it is built
        raise ValueError(f"minimum cost flow: {status}")
    return kept[graph.flows(arcs) > 0] if len(kept) else kept


def _programme(
    both: Market, value: Ints, kept: Ints, room: Sequence[Ints], limits: Limits, seconds: float
) -> tuple[Ints, int]:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, vstack

    if not len(kept):
        return kept, 0
    column = np.arange(len(kept))
    expert, town = both.experts.owner()[kept], both.experts.other[kept]
    one = np.ones(len(kept), np.int64)
    rows = [
        csr_array((size, (who, column)), shape=(len(left), len(kept)))
        for who, size, left in zip(
            (expert, town, expert, town), (one, one, limits.hours[kept], limits.cost[kept]), room, strict=True
        )
    ]
    found = milp(
        -value[kept],
        integrality=one,
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(vstack(rows), ub=np.concatenate(room)),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    chosen = kept[np.rint(found.x) > 0] if found.x is not None else kept[:0]
    # values are whole numbers, so a bound may be rounded down; the tolerance is far below one millionth of a fit
    bound = (
        int(value[kept].sum())
        if found.mip_dual_bound is None
        else int(np.floor(-found.mip_dual_bound + 1e-3))
    )
    return chosen, max(bound, int(value[chosen].sum()))
