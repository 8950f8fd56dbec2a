"""What would change if pairs were fixed or forbidden: two matchings of one market side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.matching import Ints, Market
from machi.joint.engine.matching_limits import Limits, blocking
from machi.joint.engine.matching_optimum import total_fit


@dataclass(frozen=True, slots=True)
class Standing:
    """What a matching gives: pairs, total fit, pairs that block it, experts and towns with nobody.

    ``expert_ranks[k]``: how many pairs are of the expert's tier k + 1; ``town_ranks`` likewise.
    """

    pairs: int
    fit: float
    blocking: int
    experts_without: int
    towns_without: int
    expert_ranks: tuple[int, ...]
    town_ranks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """From one matching to another. Entries are the experts'; gains and losses compare places in one's own list.

    Someone gains where, best first, its tiers come out better at the first difference (a place more counts as better
    than none).
    """

    made: tuple[int, ...]
    undone: tuple[int, ...]
    experts_gain: tuple[int, ...]
    experts_lose: tuple[int, ...]
    towns_gain: tuple[int, ...]
    towns_lose: tuple[int, ...]


def standing(
    both: Market, entries: Ints, fit: NDArray[np.float64] | None = None, limits: Limits | None = None
) -> Standing:
    """``fit`` of each of the experts' entries; None where none was scored (its total is then 0)."""
    experts, towns = both.experts.owner()[entries], both.experts.other[entries]
    tiers = both.experts.tier[entries], both.towns.tier[both.town_entry[entries]]
    return Standing(
        pairs=len(entries),
        fit=0.0 if fit is None else total_fit(fit, entries),
        blocking=len(blocking(both, entries, limits)),
        experts_without=len(both.expert_quota) - len(np.unique(experts)),
        towns_without=len(both.town_quota) - len(np.unique(towns)),
        expert_ranks=tuple(np.bincount(tiers[0]).tolist()) if len(entries) else (),
        town_ranks=tuple(np.bincount(tiers[1]).tolist()) if len(entries) else (),
    )


def change(both: Market, before: Ints, after: Ints) -> Change:
    """What differs between two matchings."""
    owner = both.experts.owner()
    tiers = both.experts.tier, both.towns.tier[both.town_entry]
    gain: list[tuple[int, ...]] = []
    lose: list[tuple[int, ...]] = []
    for who, tier in ((owner, tiers[0]), (both.experts.other, tiers[1])):
        got: list[dict[int, list[int]]] = [{}, {}]
        for which, entries in enumerate((before, after)):
            for one, rank in sorted(zip(who[entries].tolist(), tier[entries].tolist(), strict=True)):
                got[which].setdefault(one, []).append(rank)
        never = int(tier.max(initial=0)) + 1
        moved = [
            (one, [*got[0].get(one, []), never], [*got[1].get(one, []), never]) for one in {*got[0], *got[1]}
        ]
        gain.append(tuple(sorted(one for one, old, new in moved if new < old)))
        lose.append(tuple(sorted(one for one, old, new in moved if new > old)))
    return Change(
        tuple(np.setdiff1d(after, before).tolist()),
        tuple(np.setdiff1d(before, after).tolist()),
        gain[0],
        lose[0],
        gain[1],
        lose[1],
    )
