"""How good and how fast the route planner is, beside a greedy baseline and the exact optimum, in one run.

    python bench/route_planner.py [--trips 12] [--json]

Generated trips: spots around one start with opening hours, days off, visits of 30 to 90 minutes and prizes of 5 to 35;
days from 9:00 to 17:30 with a lunch hour, by car. Small trips (one day, 7 spots) are also solved by trying every order
of every set. Every route is walked again by the independent checker.

Keys of ``--json``:

* ``sizes``: for each size ``spots``, ``days``, ``trips``; ``ours``, ``greedy`` mean prizes; ``shaken`` of the local
  search alone; ``gap`` mean and ``worst_gap`` largest gap to the proven bound; ``proven`` how many routes were proven
  the best; ``seconds``, ``worst_seconds``, ``greedy_seconds`` of processor time
* ``small``: ``trips``, ``ours_optimal``, ``greedy_optimal`` how many reach the optimum, ``optimum``, ``ours``,
  ``greedy`` mean prizes
* ``wrong`` routes in which the checker found something wrong; ``repeated_equal`` whether planning again gave the same
"""

import argparse
import json
import random
from itertools import combinations, permutations
from statistics import mean
from time import process_time
from typing import Any

from machi.joint.engine.routes import plan
from machi.joint.engine.routes_check import wrong
from machi.joint.engine.routes_greedy import improved, inserted, worth
from machi.joint.engine.routes_model import Day, Lunch, Spot, Trip, Ways
from machi.joint.engine.routes_order import timed
from machi.joint.engine.routes_travel import Mode

START = (36.65, 138.19)
SIZES = ((20, 1), (30, 2), (50, 3), (300, 3), (780, 5))


def a_trip(spots: int, days: int, seed: int) -> Trip:
    chance = random.Random(seed)
    spread = 0.12 if spots < 100 else 0.4

    def spot(number: int) -> Spot:
        hours = chance.choice([(540, 1020), (540, 960), (600, 1080), (660, 900), (0, 1440)])
        closed = chance.randrange(7)
        return Spot(
            f"s{number:03}",
            (START[0] + chance.uniform(-spread, spread), START[1] + chance.uniform(-spread, spread)),
            chance.choice([30, 45, 60, 90]),
            chance.choice([5, 5, 20, 30, 35]),
            tuple(None if (seed + day) % 7 == closed else hours for day in range(days)),
        )

    listed = tuple(spot(number) for number in range(spots))
    return Trip((Day(540, 1050, START, START),) * days, listed, Mode.CAR, Lunch(60, 660, 810))


def optimum(trip: Trip) -> int:
    """By trying every order of every set of a one-day trip."""
    ways = Ways(trip, trip.spots)
    able = [at for at, spot in enumerate(trip.spots) if spot.windows[0]]
    best = 0
    for size in range(len(able), 0, -1):
        for chosen in combinations(able, size):
            value = sum(trip.spots[at].prize for at in chosen)
            if value > best and any(
                timed(trip, 0, trip.spots, ways, order) for order in permutations(chosen)
            ):
                best = value
    return best


def measured(spots: int, days: int, trips: int) -> dict[str, Any]:
    rows = []
    for seed in range(trips):
        trip = a_trip(spots, days, seed)
        began = process_time()
        route = plan(trip)
        seconds = process_time() - began
        tried = [spot for spot in trip.spots if spot.key in route.considered]
        ways = Ways(trip, tried)
        began = process_time()
        greedy = worth(tried, inserted(trip, tried, ways))[1]
        greedy_seconds = process_time() - began
        shaken = worth(tried, improved(trip, tried, ways))[1]
        rows.append((route, seconds, greedy, greedy_seconds, shaken, wrong(trip, route)))
    return {
        "spots": spots,
        "days": days,
        "trips": trips,
        "ours": mean(row[0].value for row in rows),
        "greedy": mean(row[2] for row in rows),
        "shaken": mean(row[4] for row in rows),
        "gap": mean(row[0].gap for row in rows),
        "worst_gap": max(row[0].gap for row in rows),
        "proven": sum(row[0].proven for row in rows),
        "seconds": mean(row[1] for row in rows),
        "worst_seconds": max(row[1] for row in rows),
        "greedy_seconds": mean(row[3] for row in rows),
        "wrong": sum(bool(row[5]) for row in rows),
    }


def small(trips: int) -> dict[str, Any]:
    rows = []
    for seed in range(trips):
        trip = a_trip(7, 1, 1000 + seed)
        ways = Ways(trip, trip.spots)
        greedy = worth(trip.spots, inserted(trip, trip.spots, ways))[1]
        rows.append((optimum(trip), plan(trip).value, greedy))
    return {
        "trips": trips,
        "ours_optimal": sum(best == ours for best, ours, _greedy in rows),
        "greedy_optimal": sum(best == greedy for best, _ours, greedy in rows),
        "optimum": mean(row[0] for row in rows),
        "ours": mean(row[1] for row in rows),
        "greedy": mean(row[2] for row in rows),
    }


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--trips", type=int, default=12)
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    plan(a_trip(8, 1, 0))  # OR-Tools is imported on first use
    sizes = [measured(spots, days, given.trips) for spots, days in SIZES]
    again = a_trip(30, 2, 0)
    told = {
        "sizes": sizes,
        "small": small(given.trips),
        "wrong": sum(size.pop("wrong") for size in sizes),
        "repeated_equal": plan(again) == plan(again),
    }
    if given.json:
        print(json.dumps(told))
        return
    print("spots days    ours  local search  greedy   gap (worst)  proven   s (worst)  greedy s")
    for one in sizes:
        print(
            f"{one['spots']:5} {one['days']:4} {one['ours']:7.1f} {one['shaken']:13.1f} {one['greedy']:7.1f}"
            f"  {one['gap']:.0%} ({one['worst_gap']:.0%})  {one['proven']:3}/{one['trips']}"
            f"  {one['seconds']:.2f} ({one['worst_seconds']:.2f})  {one['greedy_seconds']:.3f}"
        )
    print(f"7 spots, exact: {told['small']}")
    print(f"wrong {told['wrong']}, repeated equal {told['repeated_equal']}")


if __name__ == "__main__":
    main()
