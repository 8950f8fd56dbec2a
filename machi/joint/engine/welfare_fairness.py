"""How the allocation treats the towns: how many of whose applicants found a place, and which wish it was.

Rates with Wilson's interval (1927), mean ranks with Student's, both of 95 %. Intervals that do not overlap are a reason
to look, not a proof of unfairness: towns differ in places and in wishes. Small numbers are for the caller to suppress.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt

from machi.joint.engine.welfare_allocation import Allocation

CONFIDENCE = 0.95
WILSON_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TownShare:
    """``rate`` of its applicants with a place; ``mean_rank`` of the wishes met, 1 for the first, None without any (its
    interval is the mean itself where fewer than two were met). ``away`` placed in other towns, ``guests`` from others.
    """

    town: str
    applicants: int
    placed: int
    first_wish: int
    rate: Interval
    mean_rank: Interval | None
    away: int
    guests: int


def wilson(successes: int, trials: int) -> Interval:
    """A share with its interval; ValueError without trials."""
    if trials <= 0:
        raise ValueError("a share of nothing")
    share, z2 = successes / trials, WILSON_Z**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = WILSON_Z * sqrt(share * (1 - share) / trials + z2 / (4 * trials**2)) / (1 + z2 / trials)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def by_town(allocation: Allocation) -> list[TownShare]:
    """Every town with applicants, by its name. A rank counts the wishes that take part (open to the applicant)."""
    market = allocation.market
    towns: dict[str, list[int]] = {}
    for one, home in enumerate(market.homes):
        towns.setdefault(home, []).append(one)
    came = Counter(
        market.hosts[place]
        for one, place in allocation.place.items()
        if market.hosts[place] != market.homes[one]
    )
    result = []
    for town, people in sorted(towns.items()):
        met = [one for one in people if one in allocation.place]
        ranks = [market.wanted[one].index(allocation.place[one]) + 1 for one in met]
        away = sum(market.hosts[allocation.place[one]] != town for one in met)
        rate = wilson(len(met), len(people))
        result.append(
            TownShare(town, len(people), len(met), ranks.count(1), rate, _mean(ranks), away, came[town])
        )
    return result


def _mean(values: list[int]) -> Interval | None:
    from scipy.special import stdtrit  # the quantile alone: scipy.stats takes seconds to load

    if not values:
        return None
    count = len(values)
    mean = sum(values) / count
    if count == 1:
        return Interval(mean, mean, mean)
    spread = sqrt(sum((one - mean) ** 2 for one in values) / (count - 1) / count)
    half = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) * spread
    return Interval(mean, mean - half, mean + half)
