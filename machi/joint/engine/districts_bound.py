"""How good a grouping can be at best, from the linear relaxation of its integer programme.

For when ``districts`` runs out of time. Hess's model with every yes-or-no taken for a share (the relaxation of the
capacitated p-median problem, known to be close; Ceselli & Righini, Networks 45, 2005), and with a town in a block only
as far as a neighbour of it is. Solved by HiGHS through SciPy. Contiguity beyond neighbours is left out, so no grouping
costs less, and the best one may cost more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.contiguity import Neighbours

SAFE = 1e-6
"""Share of the optimum by which the solver's arithmetic may be off."""


def relaxed(
    costs: NDArray[np.int64],
    pairs: Sequence[tuple[int, int]],
    around: Neighbours,
    size: tuple[int, int],
    people: Sequence[int],
    population: tuple[int, int] | None,
    blocks: int | None,
    seconds: float,
) -> int:
    """A sum of ``costs`` below which no assignment lies; 0 where none was found in time.

    ``pairs`` are the (town, centre) that may be assigned at all, each town's with itself among them.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    at = {pair: number for number, pair in enumerate(pairs)}
    rows: list[dict[int, float]] = []
    """Each ``sum of entries <= 0``."""
    for centre in sorted({centre for _town, centre in pairs}):
        head = at[centre, centre]
        own = {town: at[town, where] for town, where in pairs if where == centre}
        limits = [(dict.fromkeys(own, 1.0), size)]
        if population:
            limits.append(({town: float(people[town]) for town in own}, population))
        for weights, (least, most) in limits:
            share = {own[town]: weight for town, weight in weights.items()}
            rows.append(share | {head: share[head] - most})
            rows.append({number: -weight for number, weight in share.items()} | {head: least - share[head]})
        for town, number in own.items():
            if town == centre:
                continue
            rows.append({number: 1.0, head: -1.0})
            if centre not in around[town]:
                rows.append({number: 1.0, **{own[near]: -1.0 for near in around[town] if near in own}})
    whole = [
        {number: 1.0 for number, (one, _c) in enumerate(pairs) if one == town} for town in range(len(people))
    ]
    ends = [1.0] * len(whole)
    if blocks:
        whole.append({number: 1.0 for number, (town, centre) in enumerate(pairs) if town == centre})
        ends.append(float(blocks))

    def table(lines: Sequence[dict[int, float]]) -> object:
        entries = [(row, column, value) for row, line in enumerate(lines) for column, value in line.items()]
        down, across, values = zip(*entries, strict=True)
        return coo_array((values, (down, across)), shape=(len(lines), len(pairs))).tocsr()

    found = linprog(
        [float(costs[pair]) for pair in pairs],
        A_ub=table(rows),
        b_ub=np.zeros(len(rows)),
        A_eq=table(whole),
        b_eq=ends,
        bounds=(0, 1),
        method="highs-ipm",
        options={"time_limit": seconds},
    )
    return math.ceil(found.fun * (1 - SAFE)) if found.status == 0 else 0
