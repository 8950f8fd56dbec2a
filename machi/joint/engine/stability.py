"""Who would rather have each other: blocking pairs, by brute force and on purpose by another way than the engine's.

Plain Python over every pair, for auditors, tests and benchmarks; ``matching_limits.blocking`` says the same of large
markets. One definition covers quotas, hours and budgets: a pair that is not made blocks where each of the two has
room for the other after giving up everybody it ranks strictly lower (McDermid and Manlove 2010 for sizes; without
hours and budgets it is the blocking pair of Roth and Sotomayor 1990).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Tiers = Sequence[Mapping[int, int]]
"""Of each participant: whom it listed, and in which tier (0 best)."""


def blocking_pairs(
    experts: Tiers,
    towns: Tiers,
    expert_quota: Sequence[int],
    town_quota: Sequence[int],
    pairs: Sequence[tuple[int, int]],
    *,
    hours: Callable[[int, int], int] = lambda _expert, _town: 0,
    cost: Callable[[int, int], int] = lambda _expert, _town: 0,
    expert_hours: Sequence[int] | None = None,
    town_budget: Sequence[int] | None = None,
) -> list[tuple[int, int]]:
    """All blocking pairs (expert, town), ascending.

    ValueError where ``pairs`` is no matching: a pair twice, not listed by both, or over a quota, hours or budget.
    """
    if len(set(pairs)) != len(pairs):
        raise ValueError("a pair is made twice")
    if any(town not in experts[expert] or expert not in towns[town] for expert, town in pairs):
        raise ValueError("a pair is made that not both listed")
    of_expert: list[list[int]] = [[] for _ in experts]
    of_town: list[list[int]] = [[] for _ in towns]
    for expert, town in pairs:
        of_expert[expert].append(town)
        of_town[town].append(expert)

    def expert_fits(expert: int, chosen: Sequence[int]) -> bool:
        total = sum(hours(expert, town) for town in chosen)
        return len(chosen) <= expert_quota[expert] and (expert_hours is None or total <= expert_hours[expert])

    def town_fits(town: int, chosen: Sequence[int]) -> bool:
        total = sum(cost(expert, town) for expert in chosen)
        return len(chosen) <= town_quota[town] and (town_budget is None or total <= town_budget[town])

    if not all(expert_fits(*one) for one in enumerate(of_expert)):
        raise ValueError("an expert has more than it can")
    if not all(town_fits(*one) for one in enumerate(of_town)):
        raise ValueError("a town has more than it can")
    return [
        (expert, town)
        for expert in range(len(experts))
        for town in range(len(towns))
        if town in experts[expert]
        and expert in towns[town]
        and town not in of_expert[expert]
        and expert_fits(expert, [town, *_no_worse(experts[expert], of_expert[expert], town)])
        and town_fits(town, [expert, *_no_worse(towns[town], of_town[town], expert)])
    ]


def _no_worse(tiers: Mapping[int, int], chosen: Sequence[int], newcomer: int) -> list[int]:
    return [one for one in chosen if tiers[one] <= tiers[newcomer]]
