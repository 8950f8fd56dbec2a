"""Time and soundness of the allocation of places across towns, in one run.

    python bench/welfare_places.py [--applicants 10000] [--facilities 500] [--towns 10] [--json]

A generated problem: towns in a plane, facilities of six age classes (places for 90 to 110 % of the applicants of each
class, five flexible seats for classes 3 to 5), wishes by distance and a taste, up to ten, some of them in neighbouring
towns under agreements with quotas; points with many ties, decided by income and lot. About 10 % of the children are in
pairs of brothers and sisters: a third want the same facility or nothing, a third the same or a near one, a third any
places at the same time; half of them take a place for one.

The goal is a minute on two cores. Keys of ``--json`` (times in seconds):

* ``allocate_s`` problem to allocation, lots, points and repair included; ``audit_s`` replay of the trace and the
  independent count of unmet claims; ``reasons_s`` every applicant's reasons
* ``applicants``, ``in_pairs`` (applicants in pairs), ``facilities``, ``towns``, ``places``
* ``placed``, ``first_wish``, ``units_unmet``, ``least_unmet`` (no allocation has fewer), ``proven``, ``order``
* ``steps`` of the trace, ``faults`` the audit found, ``audit_unmet`` unmet claims it counted
* ``points_only_unmet`` unmet claims where all are placed one by one in the order of their points at the first facility
  that has room (as a hand-made list would), beside ours
"""

import argparse
import json
from time import perf_counter
from typing import Any

import numpy as np

from machi.joint.engine.welfare import (
    Agreement,
    Applicant,
    Facility,
    Household,
    Problem,
    Rules,
    TieRule,
    Together,
)
from machi.joint.engine.welfare_allocation import allocate
from machi.joint.engine.welfare_audit import ranks, replay, unmet_claims
from machi.joint.engine.welfare_market import PlacesMarket
from machi.joint.engine.welfare_reasons import Explainer
from machi.joint.engine.welfare_state import State

CLASSES = [str(age) for age in range(6)]
SHARE = 0.1
"""Of the applicants who are in pairs."""


def problem_of(applicants: int, facilities: int, towns: int, seed: int = 2026) -> Problem:
    draw = np.random.default_rng(seed)
    centre = draw.uniform(0, 100, (towns, 2))
    names = [f"t{at:02}" for at in range(towns)]
    weight = draw.dirichlet(np.full(towns, 3.0))
    home = draw.choice(towns, facilities, p=weight)
    spot = centre[home] + draw.normal(0, 8, (facilities, 2))
    taste = draw.normal(0, 4, facilities)
    per_class = applicants / facilities / len(CLASSES)
    offered = tuple(
        Facility(
            f"f{at:03}",
            names[home[at]],
            {c: int(draw.poisson(per_class * draw.uniform(0.8, 1.0))) for c in CLASSES},
            5 if draw.random() < 0.3 else 0,
            frozenset(CLASSES[3:]),
        )
        for at in range(facilities)
    )
    gap = np.linalg.norm(centre[:, None] - centre[None], axis=2)
    rules = {}
    for at, name in enumerate(names):
        friends = np.argsort(gap[at])[1:4]
        agreements = {
            names[one]: Agreement(band=int(draw.integers(0, 2)), quota=int(draw.integers(5, 30)))
            for one in friends
        }
        rules[name] = Rules(
            {"work": 10, "single_parent": 15, "sibling_here": 12},
            (TieRule("single_parent"), TieRule("income", higher_first=False)),
            agreements,
        )
    households: list[Household] = []
    left = applicants
    while left > 0:
        size = 2 if left > 1 and draw.random() < SHARE / (2 - SHARE) else 1
        left -= size
        town = int(draw.choice(towns, p=weight))
        place = centre[town] + draw.normal(0, 8, 2)
        far = np.linalg.norm(spot - place, axis=1) + taste + draw.normal(0, 2, facilities)
        near = np.argsort(far + 10 * (home != town))[: int(draw.integers(3, 11))]
        facts = {
            "work": int(draw.integers(2, 7)),
            "single_parent": int(draw.random() < 0.1),
            "income": int(draw.integers(1, 20)),
        }
        ages = draw.choice(len(CLASSES), size, replace=False)
        members = tuple(
            Applicant(
                f"a{len(households):05}-{one}",
                names[town],
                CLASSES[ages[one]],
                tuple(offered[f].id for f in near),
                facts,
                {offered[near[0]].id: {"sibling_here": 1}} if draw.random() < 0.15 else {},
            )
            for one in range(size)
        )
        together = (Together.SAME, Together.NEAR, Together.ANY)[int(draw.integers(3))]
        households.append(Household(f"h{len(households):05}", members, together, bool(draw.random() < 0.5)))
    close = np.linalg.norm(spot[:, None] - spot[None], axis=2) < 3
    pairs = frozenset((offered[i].id, offered[j].id) for i, j in np.argwhere(close) if i != j)
    return Problem(offered, tuple(households), rules, pairs)


def by_points_only(market: PlacesMarket) -> int:
    """Everybody once, most points first, to the best wish that leaves all others where they are."""
    state = State(market)

    def first(unit: int) -> tuple[int, int]:
        stands = [one for member in market.units[unit].members for one in market.standings[member].values()]
        return (-max((one.points for one in stands), default=0), unit)

    for unit in sorted(range(len(market.units)), key=first):
        for wish in range(len(market.units[unit].wishes)):
            lost = state.claim(unit, wish)
            if lost is not None and not lost:
                state.take(unit, wish, lost)
                break
    return len(unmet_claims(market, state.wish))


def measure(applicants: int, facilities: int, towns: int) -> dict[str, Any]:
    problem = problem_of(applicants, facilities, towns)
    start = perf_counter()
    found = allocate(problem, "2026")
    allocate_s = perf_counter() - start
    market = found.market
    start = perf_counter()
    faults = replay(market, found.trace, found.wish)
    unmet = unmet_claims(market, found.wish)
    audit_s = perf_counter() - start
    assert ranks(market), "ranks do not follow the points"
    assert unmet == found.unmet, "the two disagree"
    start = perf_counter()
    told = Explainer(problem, found)
    for one in range(len(market.applicants)):
        told.reasons(one)
    reasons_s = perf_counter() - start
    return {
        "allocate_s": allocate_s,
        "audit_s": audit_s,
        "reasons_s": reasons_s,
        "applicants": len(market.applicants),
        "in_pairs": sum(len(one.members) for one in problem.households if len(one.members) > 1),
        "facilities": len(problem.facilities),
        "towns": towns,
        "places": sum(sum(one.seats.values()) + one.flexible for one in problem.facilities),
        "placed": len(found.place),
        "first_wish": sum(market.wanted[one][:1] == (place,) for one, place in found.place.items()),
        "units_unmet": len(found.unmet),
        "least_unmet": found.least,
        "proven": found.proven,
        "order": found.order,
        "steps": len(found.trace),
        "faults": len(faults),
        "audit_unmet": len(unmet),
        "points_only_unmet": by_points_only(market),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--applicants", type=int, default=10_000)
    parser.add_argument("--facilities", type=int, default=500)
    parser.add_argument("--towns", type=int, default=10)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    arguments = parser.parse_args()
    result = measure(arguments.applicants, arguments.facilities, arguments.towns)
    for name, value in result.items():
        print(f"{name:<20}{value:>12,.6g}")
    if arguments.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
