"""Speed and soundness of the matching of experts and towns, beside others, in one run.

    python bench/expert_matching.py [--experts 10000] [--towns 1741] [--length 200] [--json] [--data DIR]

Generated markets: every expert lists ``length`` towns, every town those experts, 40 % of the entries tie with the one
before. Experts have quotas of 1 to 3, towns too few, about enough or too many places; preferences are independent or
share a common opinion (half of their variance). The goal is 0.2 s from a market in arrays to its matching.

``--data DIR`` matches ``experts.csv`` and ``towns.csv`` of DIR (form: ``machi.joint.engine.matching_csv``) instead,
writes ``pairs.csv`` there, and has the checker count blocking pairs.

Keys of ``--json`` (times in seconds, the best of three):

* ``ours_s`` the slowest of the six markets, experts proposing; ``ours_towns_s`` the slowest, towns proposing
* ``build_s`` from two sides' lists in CSR form to a market, the slowest; ``pairs_listed`` its size
* ``markets`` each market's seconds, rounds, proposals and pairs; ``blocking_pairs`` over all twelve matchings
* ``plain_python_s`` textbook deferred acceptance with heaps, on ours' slowest market; same matching, asserted
* ``matching_s``, ``matching_ours_s``, ``matching_size`` the package ``matching`` and ours on a market it can do
* ``linear_sum_assignment_s``, ``flow_s``, ``flow_size`` the greatest total fit, one place each; same total, asserted
* ``instances_checked``, ``unstable`` random small markets with ties and quotas that the independent checker went
  through by brute force, and how many of their matchings it found a blocking pair in
"""

import argparse
import json
import random
import sys
import threading
import warnings
from collections.abc import Callable
from functools import partial
from heapq import heappush, heappushpop
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from matching.games import HospitalResident
from scipy.optimize import linear_sum_assignment

from machi.joint.engine.matching import Lists, Market, Side, deferred_acceptance, lists, market
from machi.joint.engine.matching_csv import read_side, to_market, write_pairs
from machi.joint.engine.matching_limits import blocking
from machi.joint.engine.matching_optimum import greatest_fit
from machi.joint.engine.stability import blocking_pairs

TIED = 0.4
PLACES = {"few": 4, "enough": 12, "many": 24}
CHECKED = 1000


def best_of(times: int, work: Callable[[], Any]) -> tuple[float, Any]:
    taken = []
    for _ in range(times):
        start = perf_counter()
        result = work()
        taken.append(perf_counter() - start)
    return min(taken), result


def ranked(
    score: np.ndarray, owner: np.ndarray, other: np.ndarray, size: int, tied: float, seed: int
) -> Lists:
    """Lists in the order of the scores; some entries tie with the one before."""
    order = np.lexsort((-score, owner))
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=size))])
    apart = np.random.default_rng(seed).random(len(order)) >= tied
    apart[start[:-1][start[:-1] < len(order)]] = True
    level = np.cumsum(apart)
    first = level[np.minimum(start[:-1], len(order) - 1)]
    return Lists(start, other[order], level - np.repeat(first, np.diff(start)))


def sides(
    experts: int, towns: int, length: int, common: bool, seed: int, tied: float = TIED
) -> tuple[Lists, Lists]:
    generator = np.random.default_rng(seed)
    owner = np.repeat(np.arange(experts), length)
    other = np.concatenate([generator.permutation(towns)[:length] for _ in range(experts)])
    opinion = generator.normal(size=towns)[other], generator.normal(size=experts)[owner]
    score = [generator.normal(size=len(owner)) + common * shared for shared in opinion]
    return (
        ranked(score[0], owner, other, experts, tied, seed + 1),
        ranked(score[1], other, owner, towns, tied, seed + 2),
    )


def plain(both: Market) -> set[tuple[int, int]]:
    """Experts propose one by one, towns keep heaps: the textbook's way, on nested lists."""
    lists_ = [
        list(zip(other.tolist(), entry.tolist(), strict=True))
        for other, entry in zip(
            np.split(both.experts.other, both.experts.start[1:-1]),
            np.split(both.town_entry, both.experts.start[1:-1]),
            strict=True,
        )
    ]
    quota, seats = both.expert_quota.tolist(), both.town_quota.tolist()
    held: list[list[tuple[int, int]]] = [[] for _ in seats]
    wishes = [iter(row) for row in lists_]
    free = [expert for expert, number in enumerate(quota) for _ in range(number)]
    while free:
        expert = free.pop()
        for town, rank in wishes[expert]:
            if len(held[town]) < seats[town]:
                heappush(held[town], (-rank, expert))
                break
            if held[town] and rank < -held[town][0][0]:
                free.append(heappushpop(held[town], (-rank, expert))[1])
                break
    return {(expert, town) for town, heap in enumerate(held) for _rank, expert in heap}


def run_markets(experts: int, towns: int, length: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "markets": {},
        "blocking_pairs": 0,
        "build_s": 0.0,
        "ours_s": 0.0,
        "ours_towns_s": 0.0,
    }
    generator = np.random.default_rng(1741)
    quota = generator.integers(1, 4, experts)
    slowest = None
    for common in (False, True):
        mine, theirs = sides(experts, towns, length, common, 10 + common)
        for name, mean in PLACES.items():
            places = generator.integers(1, 2 * mean, towns)
            build, both = best_of(3, partial(market, mine, theirs, quota, places))
            told["build_s"] = max(told["build_s"], build)
            label = f"{name}{'_common' if common else ''}"
            for side, key in ((Side.EXPERTS, "ours_s"), (Side.TOWNS, "ours_towns_s")):
                taken, matching = best_of(3, partial(deferred_acceptance, both, side))
                told["blocking_pairs"] += len(blocking(both, matching.entries))
                rounds = matching.rounds
                told["markets"][f"{label}_{side}"] = {
                    "s": taken,
                    "rounds": rounds.rounds,
                    "proposals": rounds.proposals + rounds.single_proposals,
                    "pairs": len(matching.entries),
                    "places": int(places.sum()),
                }
                if taken > told[key]:
                    told[key] = taken
                    slowest = (both, matching) if side is Side.EXPERTS else slowest
    assert slowest is not None
    told["pairs_listed"] = len(slowest[0].experts.other)
    told["plain_python_s"], pairs = best_of(1, lambda: plain(slowest[0]))
    assert pairs == set(slowest[1].pairs(slowest[0])), "the two disagree"
    return told


def with_deep_stack(work: Callable[[], Any]) -> Any:
    """The package copies its players deeply, who hold each other: that recurses as deep as there are players."""
    found: list[Any] = []
    sys.setrecursionlimit(1_000_000)
    threading.stack_size(1 << 29)
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


def beside_package(residents: int = 1000, hospitals: int = 174, length: int = 20) -> dict[str, Any]:
    """The package ``matching``: residents with one place each, strict lists, residents proposing."""
    mine, theirs = sides(residents, hospitals, length, False, 77, tied=0.0)
    places = np.random.default_rng(5).integers(1, 11, hospitals)
    keep = np.bincount(mine.other, minlength=hospitals) > 0
    assert keep.all()
    taken, both = best_of(3, lambda: market(mine, theirs, np.ones(residents, int), places))
    ours, matching = best_of(3, lambda: deferred_acceptance(both))

    def nested(side: Lists, mark: str) -> list[list[str]]:
        return [[f"{mark}{one}" for one in row.tolist()] for row in np.split(side.other, side.start[1:-1])]

    resident_lists = {f"r{at}": row for at, row in enumerate(nested(mine, "h"))}
    hospital_lists = {f"h{at}": row for at, row in enumerate(nested(theirs, "r"))}
    capacities = {f"h{at}": int(one) for at, one in enumerate(places)}

    def package() -> set[tuple[str, str]]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            game = HospitalResident.create_from_dictionaries(resident_lists, hospital_lists, capacities)
            solved = game.solve(optimal="resident")
        return {(one.name, hospital.name) for hospital, held in solved.items() for one in held}

    theirs_s, pairs = best_of(1, lambda: with_deep_stack(package))
    assert pairs == {(f"r{i}", f"h{j}") for i, j in matching.pairs(both)}, "the two disagree"
    size = f"{residents} x {hospitals}, lists of {length}"
    return {"matching_s": theirs_s, "matching_ours_s": taken + ours, "matching_size": size}


def beside_scipy(experts: int, towns: int, length: int) -> dict[str, Any]:
    """The greatest total fit with one place each: sparse flow beside the dense assignment."""
    mine, theirs = sides(experts, towns, length, False, 99)
    both = market(mine, theirs, np.ones(experts, int), np.ones(towns, int))
    fit = np.random.default_rng(4).integers(1, 1_000_001, len(both.experts.other)) / 1_000_000
    dense = np.zeros((experts, towns))
    dense[both.experts.owner(), both.experts.other] = fit
    assignment_s, (rows, columns) = best_of(1, lambda: linear_sum_assignment(dense, maximize=True))
    flow_s, best = best_of(1, lambda: greatest_fit(both, fit))
    assert abs(best.total - dense[rows, columns].sum()) < 1e-6, "the two disagree"
    size = f"{experts} x {towns}, lists of {length}"
    return {"linear_sum_assignment_s": assignment_s, "flow_s": flow_s, "flow_size": size}


def check(instances: int) -> dict[str, int]:
    """Random markets of up to 30 x 10 with ties and quotas, both sides proposing, gone through by brute force."""
    draw = random.Random(1962)
    unstable = 0
    for _ in range(instances):
        n, m = draw.randint(1, 30), draw.randint(1, 10)

        def side(owners: int, others: int) -> list[list[list[int]]]:
            rows = []
            for _ in range(owners):
                groups: list[list[int]] = []
                for one in draw.sample(range(others), draw.randint(0, others)):
                    if groups and draw.random() < TIED:
                        groups[-1].append(one)
                    else:
                        groups.append([one])
                rows.append(groups)
            return rows

        experts, towns = side(n, m), side(m, n)
        quotas = [draw.randint(0, 3) for _ in range(n)], [draw.randint(0, 6) for _ in range(m)]
        both = market(lists(experts), lists(towns), *quotas)
        mine, theirs = ([tiers_of(row) for row in rows] for rows in (experts, towns))
        unstable += any(
            blocking_pairs(mine, theirs, *quotas, pairs=deferred_acceptance(both, proposing).pairs(both))
            for proposing in Side
        )
    return {"instances_checked": instances, "unstable": unstable}


def tiers_of(row: list[list[int]]) -> dict[int, int]:
    return {one: tier for tier, group in enumerate(row) for one in group}


def run_files(folder: Path) -> dict[str, Any]:
    experts, towns = (read_side((folder / name).read_text("utf-8")) for name in ("experts.csv", "towns.csv"))
    both = to_market(experts, towns, folder.name)
    taken, matching = best_of(3, lambda: deferred_acceptance(both))
    (folder / "pairs.csv").write_text(write_pairs(both, matching, experts.names, towns.names), "utf-8")
    return {
        "ours_s": taken,
        "pairs_listed": len(both.experts.other),
        "pairs": len(matching.entries),
        "blocking_pairs": len(blocking(both, matching.entries)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--experts", type=int, default=10_000)
    parser.add_argument("--towns", type=int, default=1741)
    parser.add_argument("--length", type=int, default=200)
    parser.add_argument("--data", type=Path, help="a folder with experts.csv and towns.csv")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    arguments = parser.parse_args()
    if arguments.data:
        result = run_files(arguments.data)
    else:
        size = arguments.experts, arguments.towns, arguments.length
        result = {**run_markets(*size), **beside_package(), **beside_scipy(*size), **check(CHECKED)}
    for name, value in result.items():
        if isinstance(value, dict):
            for label, one in value.items():
                print(f"{label:<28}" + "  ".join(f"{key} {figure:,.6g}" for key, figure in one.items()))
        else:
            print(f"{name:<28}{value if isinstance(value, str) else f'{value:,.6g}'}")
    if arguments.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
