"""What exact selection of proposals gains over going down the list, and what it costs in time.

    python bench/project_selection.py [--calls N] [--sizes 30,60,120] [--json]

Generated calls (seeded): proposals with scores around 65, costs of 3 to 40 million yen, 12 prefectures and 7 areas,
a budget that pays for about a third; rules: at most two a prefecture, at least one an area. Four ways: machi's exact
selection; HiGHS through SciPy on the same model (gap 0); down the ranking, taking what still fits; down the scores
per yen. The greedy two first take the best of each area that lacks one. Each total is given as a share of the optimum
(mean and least over the calls), with how often all rules were kept. Then the seconds of machi's whole answer with a
reason for every proposal, of a sensitivity of 200 draws, and of assigning three reviewers out of N / 3 to each.
All on one thread, the median over the calls.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from machi.joint.engine.ranking import Mark, sensitivity
from machi.joint.engine.review import Assignment, Proposal, Reviewer, assign
from machi.joint.engine.selection import Candidate, Rule, Selection, chosen, select

PREFECTURES, AREAS = 12, 7


class Call:
    """One generated call for proposals."""

    def __init__(self, size: int, seed: int) -> None:
        rng = np.random.default_rng([size, seed])
        self.keys = [f"P{at:03}" for at in range(size)]
        self.score = dict(
            zip(self.keys, np.round(rng.normal(65, 12, size).clip(5, 100), 2).tolist(), strict=True)
        )
        self.cost = dict(zip(self.keys, (rng.integers(30, 401, size) * 100_000).tolist(), strict=True))
        self.prefecture = dict(zip(self.keys, rng.integers(0, PREFECTURES, size).tolist(), strict=True))
        self.area = dict(zip(self.keys, rng.integers(0, AREAS, size).tolist(), strict=True))
        self.budget = sum(self.cost.values()) // 3
        self.rules = [
            Rule(f"県{at}", frozenset(key for key in self.keys if self.prefecture[key] == at), most=2)
            for at in range(PREFECTURES)
        ]
        self.rules += [
            Rule(f"分野{at}", frozenset(key for key in self.keys if self.area[key] == at), least=1)
            for at in set(self.area.values())
        ]

    def keeps(self, some: set[str]) -> bool:
        return sum(self.cost[key] for key in some) <= self.budget and all(
            rule.least <= len(some & rule.members) <= (rule.most or len(some)) for rule in self.rules
        )


def ours(call: Call) -> set[str]:
    return set(chosen(call.score, call.cost, call.budget, call.rules))


def highs(call: Call) -> set[str]:
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = [[call.cost[key] for key in call.keys]]
    rows += [[int(key in rule.members) for key in call.keys] for rule in call.rules]
    most = [call.budget, *(rule.most if rule.most is not None else len(call.keys) for rule in call.rules)]
    found = milp(
        [-call.score[key] for key in call.keys],
        integrality=np.ones(len(call.keys)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, [0, *(rule.least for rule in call.rules)], most),
        options={"mip_rel_gap": 0},
    )
    return {key for key, value in zip(call.keys, found.x, strict=True) if value > 0.5}


def greedy(worth: Callable[[Call, str], float], call: Call) -> set[str]:
    order = sorted(call.keys, key=lambda key: -worth(call, key))
    firsts = [
        next(key for key in order if call.area[key] == area) for area in sorted(set(call.area.values()))
    ]
    taken: set[str] = set()
    for key in [*firsts, *order]:
        trial = taken | {key}
        fits = sum(call.cost[one] for one in trial) <= call.budget
        if fits and sum(call.prefecture[one] == call.prefecture[key] for one in trial) <= 2:
            taken = trial
    return taken


WAYS: dict[str, Callable[[Call], set[str]]] = {
    "machi": ours,
    "highs": highs,
    "down the ranking": partial(greedy, lambda call, key: call.score[key]),
    "down score per yen": partial(greedy, lambda call, key: call.score[key] / call.cost[key]),
}


def compared(size: int, calls: int) -> dict[str, object]:
    shares: dict[str, list[float]] = {way: [] for way in WAYS}
    kept: dict[str, int] = dict.fromkeys(WAYS, 0)
    seconds: dict[str, list[float]] = {
        way: [] for way in [*WAYS, "with reasons", "sensitivity", "assignment"]
    }
    ours(Call(10, 0))  # the solver is loaded on first use
    for seed in range(calls):
        call = Call(size, seed)
        best = 0.0
        for way, solve in WAYS.items():
            started = time.perf_counter()
            taken = solve(call)
            seconds[way].append(time.perf_counter() - started)
            total = sum(call.score[key] for key in taken)
            best = best or total
            shares[way].append(total / best)
            kept[way] += call.keeps(taken)
        started = time.perf_counter()
        answer = select(
            [Candidate(key, call.score[key], call.cost[key]) for key in call.keys], call.budget, call.rules
        )
        seconds["with reasons"].append(time.perf_counter() - started)
        assert isinstance(answer, Selection)
        assert abs(answer.total - best) < 1e-6
        if seed == 0:
            seconds["sensitivity"].append(shaken(call))
        seconds["assignment"].append(assigned(call))
    return {
        "proposals": size,
        "calls": calls,
        "mean_share": {way: statistics.mean(values) for way, values in shares.items()},
        "least_share": {way: min(values) for way, values in shares.items()},
        "rules_kept": {way: count / calls for way, count in kept.items()},
        "seconds": {way: statistics.median(values) for way, values in seconds.items()},
    }


def shaken(call: Call) -> float:
    rng = np.random.default_rng(0)
    marks = [
        Mark(key, f"R{(at + step * 7) % 20}", {"a": call.score[key] + rng.normal(0, 8), "b": call.score[key]})
        for at, key in enumerate(call.keys)
        for step in range(3)
    ]
    choose = partial(chosen, costs=call.cost, budget=call.budget, rules=call.rules)
    started = time.perf_counter()
    sensitivity(marks, {"a": 60, "b": 40}, choose, samples=200)
    return time.perf_counter() - started


def assigned(call: Call) -> float:
    reviewers = [
        Reviewer(
            f"R{at}", frozenset([str(at % PREFECTURES)]), frozenset([str(at % AREAS), str((at + 3) % AREAS)])
        )
        for at in range(len(call.keys) // 3)
    ]
    proposals = [
        Proposal(key, frozenset([str(call.prefecture[key])]), str(call.area[key])) for key in call.keys
    ]
    started = time.perf_counter()
    found = assign(proposals, reviewers, 3)
    seconds = time.perf_counter() - started
    assert isinstance(found, Assignment)
    assert max(found.loads.values()) - min(found.loads.values()) <= 1
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--sizes", default="30,60,120")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = [compared(int(size), options.calls) for size in options.sizes.split(",")]
    if options.json:
        print(json.dumps(results))
        return
    for result in results:
        print(f"\n{result['proposals']} proposals, {result['calls']} calls")
        share, least, kept, seconds = (
            result[key] for key in ("mean_share", "least_share", "rules_kept", "seconds")
        )
        assert isinstance(share, dict)
        assert isinstance(least, dict)
        assert isinstance(kept, dict)
        assert isinstance(seconds, dict)
        for way in WAYS:
            print(
                f"  {way:<20} mean {share[way]:.4f}  least {least[way]:.4f}  rules kept {kept[way]:.0%}  "
                f"{seconds[way] * 1000:8.1f} ms"
            )
        for way in ("with reasons", "sensitivity", "assignment"):
            print(f"  {way:<20} {seconds[way]:8.3f} s")


if __name__ == "__main__":
    main()
