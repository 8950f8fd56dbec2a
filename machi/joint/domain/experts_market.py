"""The market of a round: whom each would take, by their own lists or, where they gave none, by the fit.

A pair that cannot work (conflict of interest, no skill in common, too far, no day in common) is on nobody's list.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.matching import Ints, Market, lists, lots, market
from machi.joint.engine.matching_fit import STEP, Bar, Fit, Need, Part, Profile, Skill, fit
from machi.joint.engine.matching_fit_table import NeedTable, fit_all
from machi.joint.engine.matching_limits import Limits
from machi.joint.models import Expert, ExpertOffer, ExpertRound, ExpertWish, Posting

LONGEST = 200
"""How many of the best fits stand on the list of who gave none."""
Pair = tuple[int, int]
"""Primary keys of expert and posting."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Everything a matching goes by. ``fit``: of each of the market's entries."""

    experts: Sequence[Expert]
    postings: Sequence[Posting]
    both: Market
    limits: Limits
    fit: NDArray[np.float64]
    expert_bars: Sequence[Mapping[str, int]]
    posting_bars: Sequence[Mapping[str, int]]
    made: Sequence[Pair]
    """Offers that stand: made beforehand in every further run."""
    declined: Sequence[Pair]

    def entry(self, pair: Pair) -> int | None:
        at = self.expert_at.get(pair[0]), self.posting_at.get(pair[1])
        return None if at[0] is None or at[1] is None else self.both.entry(at[0], at[1])

    @property
    def expert_at(self) -> dict[int, int]:
        return {one.pk: at for at, one in enumerate(self.experts)}

    @property
    def posting_at(self) -> dict[int, int]:
        return {one.pk: at for at, one in enumerate(self.postings)}


def need(posting: Posting) -> Need:
    return Need(
        _skills(posting.skills),
        posting.hours,
        posting.on_site,
        _place(posting.town),
        posting.first,
        posting.last,
        posting.budget,
    )


def profile(expert: Expert) -> Profile:
    return Profile(
        _skills(expert.skills),
        expert.hours,
        expert.on_site,
        _place(expert.home),
        expert.travels,
        expert.first,
        expert.last,
        expert.fee,
    )


def weights_of(begun: ExpertRound) -> dict[Part, float]:
    return {part: float(begun.weights[part.value]) for part in Part}


def fit_of(posting: Posting, expert: Expert, weights: Mapping[Part, float]) -> Fit:
    """Every part of one pair; an expert never works for a town in conflict, nor for their own."""
    return fit(
        need(posting), profile(expert), conflict=posting.town_id in barred_towns(expert), weights=weights
    )


def barred_towns(expert: Expert) -> set[str]:
    return {one.pk for one in expert.conflicts.all()} | ({expert.town_id} if expert.town_id else set())


def pool(begun: ExpertRound) -> Pool:
    """The round's market as it stands (seven queries, whatever its size)."""
    postings = list(
        begun.postings.filter(state=Posting.State.PUBLISHED).select_related("town").order_by("pk")
    )
    experts = list(
        begun.experts.filter(state=Expert.State.ACCEPTED)
        .select_related("home")
        .prefetch_related("conflicts")
        .order_by("pk")
    )
    fits, expert_bars, posting_bars = _fits(begun, experts, postings)
    mine, theirs = _wishes(begun, experts, postings)
    expert_rows = [_row(fits[at], mine.get(at)) for at in range(len(experts))]
    posting_rows = [_row(fits[:, at], theirs.get(at)) for at in range(len(postings))]
    both = market(
        lists(expert_rows),
        lists(posting_rows),
        [one.quota for one in experts],
        [one.places for one in postings],
        expert_lot=lots([str(one.pk) for one in experts], begun.seed),
        town_lot=lots([str(one.pk) for one in postings], begun.seed),
    )
    offers = list(ExpertOffer.objects.filter(posting__round=begun))
    return Pool(
        experts,
        postings,
        both,
        _limits(both, experts, postings),
        fits[both.experts.owner(), both.experts.other],
        expert_bars,
        posting_bars,
        [(one.expert_id, one.posting_id) for one in offers if not one.declined],
        [(one.expert_id, one.posting_id) for one in offers if one.declined],
    )


def digest(pool: Pool, pins: Sequence[Pair], seed: str) -> str:
    """Of all that a matching goes by; equal digests give equal results."""
    known = hashlib.sha256()
    for side in (pool.both.experts, pool.both.towns):
        for part in (side.start, side.other, side.tier):
            known.update(part.tobytes())
    for numbers in (
        pool.both.expert_quota, pool.both.town_quota, pool.limits.expert_hours, pool.limits.town_budget,
        pool.limits.hours, pool.limits.cost, pool.fit,
    ):  # fmt: skip
        known.update(numbers.tobytes())
    names = [[one.pk for one in pool.experts], [one.pk for one in pool.postings]]
    told = [names, sorted(pins), sorted(pool.made), sorted(pool.declined), seed]
    known.update(json.dumps(told).encode())
    return known.hexdigest()


def _fits(
    begun: ExpertRound, experts: Sequence[Expert], postings: Sequence[Posting]
) -> tuple[NDArray[np.float64], list[dict[str, int]], list[dict[str, int]]]:
    fits = np.zeros((len(experts), len(postings)))
    if not len(postings):
        return fits, [{} for _ in experts], []
    table, weights = NeedTable([need(one) for one in postings]), weights_of(begun)
    towns = np.array([one.town_id for one in postings])
    by_expert: list[dict[str, int]] = []
    by_posting = {bar: np.zeros(len(postings), np.int64) for bar in Bar}
    for at, expert in enumerate(experts):
        conflict = np.isin(towns, list(barred_towns(expert)))
        fits[at], bars = fit_all(table, profile(expert), conflict, weights)
        first = _first_bar(bars)
        by_expert.append({bar.value: int(found.sum()) for bar, found in first.items() if found.any()})
        for bar, found in first.items():
            by_posting[bar] += found
    return (
        fits,
        by_expert,
        [{bar.value: int(n[at]) for bar, n in by_posting.items() if n[at]} for at in range(len(postings))],
    )


def _first_bar(bars: Mapping[Bar, NDArray[np.bool_]]) -> dict[Bar, NDArray[np.bool_]]:
    """Each barred pair under the first bar that holds, so that counts add up."""
    left = np.ones(len(next(iter(bars.values()))), bool)
    found = {}
    for bar, holds in bars.items():
        found[bar] = holds & left
        left &= ~holds
    return found


def _wishes(
    begun: ExpertRound, experts: Sequence[Expert], postings: Sequence[Posting]
) -> tuple[dict[int, Counter[int]], dict[int, Counter[int]]]:
    """Of each who gave a list: the other's place in our order -> tier."""
    expert_at = {one.pk: at for at, one in enumerate(experts)}
    posting_at = {one.pk: at for at, one in enumerate(postings)}
    mine: dict[int, Counter[int]] = {}
    theirs: dict[int, Counter[int]] = {}
    rows = ExpertWish.objects.filter(posting__round=begun).values_list(
        "side", "expert_id", "posting_id", "tier"
    )
    for side, expert, posting, tier in rows:
        if expert not in expert_at or posting not in posting_at:
            continue
        e, p = expert_at[expert], posting_at[posting]
        if side == ExpertWish.Side.EXPERT:
            mine.setdefault(e, Counter())[p] = tier
        else:
            theirs.setdefault(p, Counter())[e] = tier
    return mine, theirs


def _row(fits: NDArray[np.float64], wished: Mapping[int, int] | None) -> list[list[int]]:
    """One list, best tier first: as wished, else the best fits, those that round alike as ties."""
    if wished is not None:
        ranked = {one: tier for one, tier in wished.items() if fits[one] > 0}
    else:
        best = np.flatnonzero(fits > 0)
        if len(best) > LONGEST:
            best = best[np.argsort(-fits[best], kind="stable")[:LONGEST]]
        ranked = {int(one): -round(fits[one] / STEP) for one in best}
    groups: dict[int, list[int]] = {}
    for one, tier in ranked.items():
        groups.setdefault(tier, []).append(one)
    return [sorted(groups[tier]) for tier in sorted(groups)]


def _limits(both: Market, experts: Sequence[Expert], postings: Sequence[Posting]) -> Limits:
    hours = np.array([one.hours for one in postings], np.int64)
    fee = np.array([one.fee for one in experts], np.int64)
    town, owner = both.experts.other, both.experts.owner()
    pair_hours: Ints = hours[town] if len(town) else np.zeros(0, np.int64)
    return Limits(
        np.array([one.hours for one in experts], np.int64),
        np.array([one.budget for one in postings], np.int64),
        pair_hours,
        pair_hours * fee[owner] if len(town) else pair_hours,
    )


def _skills(kept: Mapping[str, int]) -> dict[Skill, int]:
    return {Skill(name): int(level) for name, level in kept.items()}


def _place(town: object) -> tuple[float, float]:
    """Towns without coordinates stand at the middle of the country."""
    latitude, longitude = getattr(town, "latitude", None), getattr(town, "longitude", None)
    return (latitude, longitude) if latitude is not None and longitude is not None else (36.0, 138.0)
