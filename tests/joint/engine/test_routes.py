"""The route planner: against brute force, against an independent checker, and that it never changes its mind."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.joint.engine.boundaries import KM_PER_DEGREE, distance_km
from machi.joint.engine.routes import MOST_DAYS, Day, Lunch, Spot, Trip, plan
from machi.joint.engine.routes_check import wrong
from machi.joint.engine.routes_greedy import improved, inserted, worth
from machi.joint.engine.routes_model import Ways
from machi.joint.engine.routes_order import best_order, timed
from machi.joint.engine.routes_slack import Slack
from machi.joint.engine.routes_travel import Mode, minutes, reach_km, way_km

HERE = (36.0, 138.0)
LUNCH = Lunch(60, 690, 780)


def a_trip(
    seed: int, spots: int, days: int = 1, *, lunch: Lunch | None = LUNCH, mode: Mode = Mode.CAR
) -> Trip:
    chance = random.Random(seed)

    def spot(number: int) -> Spot:
        place = (36 + chance.uniform(-0.1, 0.1), 138 + chance.uniform(-0.1, 0.1))
        opens, closes = chance.choice([540, 600, 660]), chance.choice([720, 960, 1020])
        windows = tuple(None if chance.random() < 0.2 else (opens, closes) for _ in range(days))
        return Spot(f"s{number}", place, chance.choice([45, 60, 90]), chance.choice([10, 20, 30]), windows)

    day = Day(540, chance.choice([840, 1020]), HERE, HERE)
    return Trip((day,) * days, tuple(spot(number) for number in range(spots)), mode, lunch)


def brute_force(trip: Trip) -> int:
    """The best value of one day by trying every order of every set."""
    (day,) = trip.days
    best = 0
    for size in range(1, len(trip.spots) + 1):
        for chosen in combinations(trip.spots, size):
            value = sum(spot.prize for spot in chosen)
            if value > best and any(fits(trip, day, order) for order in permutations(chosen)):
                best = value
    return best


def fits(trip: Trip, day: Day, order: tuple[Spot, ...]) -> bool:
    """Every place for lunch is tried."""
    needs = trip.lunch is not None and day.begin <= trip.lunch.earliest and trip.lunch.latest + 60 <= day.end
    return any(walk(trip, day, order, after) for after in (range(len(order) + 1) if needs else (None,)))


def walk(trip: Trip, day: Day, order: tuple[Spot, ...], after: int | None) -> bool:
    now, here = day.begin, day.start
    for number in range(len(order) + 1):
        if number == after:
            assert trip.lunch
            if now > trip.lunch.latest:
                return False
            now = max(now, trip.lunch.earliest) + trip.lunch.minutes
        if number == len(order):
            break
        spot = order[number]
        window = spot.windows[0]
        now = max(now + minutes(here, spot.place, trip.mode), window[0] if window else 0) + spot.visit
        if window is None or now > window[1]:
            return False
        here = spot.place
    return now + minutes(here, day.finish, trip.mode) <= day.end


@pytest.mark.parametrize("seed", range(12))
def test_one_day_is_as_good_as_brute_force(seed: int) -> None:
    trip = a_trip(seed, 6, lunch=LUNCH if seed % 3 else None)
    route = plan(trip)
    assert wrong(trip, route) == []
    assert (route.value, route.bound, route.proven) == (brute_force(trip), route.value, True)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 9), st.integers(1, 3), st.sampled_from(Mode), st.booleans())
def test_every_route_can_be_walked_and_keeps_its_bound(
    seed: int, spots: int, days: int, mode: Mode, lunch: bool
) -> None:
    trip = a_trip(seed, spots, days, lunch=LUNCH if lunch else None, mode=mode)
    route = plan(trip, effort=0.1)
    assert wrong(trip, route) == []
    ways = Ways(trip, trip.spots)
    assert route.bound >= route.value >= worth(trip.spots, inserted(trip, trip.spots, ways))[1]
    assert route.visited.isdisjoint(route.left)
    assert route.visited | set(route.left) == {spot.key for spot in trip.spots}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_slack_says_what_walking_the_day_says(seed: int, lunch: bool) -> None:
    trip = a_trip(seed, 6, lunch=LUNCH if lunch else None)
    ways = Ways(trip, trip.spots)
    order = inserted(trip, trip.spots[:5], ways)[0]
    slack = Slack(trip, 0, trip.spots, ways, order)
    for place in range(len(order) + 1):
        longer = [*order[:place], 5, *order[place:]]
        open_today = trip.spots[5].windows[0] is not None
        walked = timed(trip, 0, trip.spots, ways, longer) if open_today else None
        assert (slack.added(5, place) is not None) == (walked is not None)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_best_order_has_the_least_travel_of_all_orders(seed: int) -> None:
    trip = a_trip(seed, 5)
    ways = Ways(trip, trip.spots)
    chosen = sorted(inserted(trip, trip.spots, ways)[0])
    walked = [route for order in permutations(chosen) if (route := timed(trip, 0, trip.spots, ways, order))]
    best = best_order(trip, 0, trip.spots, ways, chosen)
    assert best is not None
    assert best.travel == min(route.travel for route in walked)


def test_same_trip_gives_the_same_route() -> None:
    trip = a_trip(5, 25, 2)
    assert plan(trip) == plan(trip)


def test_search_is_never_worse_than_what_it_begins_with() -> None:
    trip = a_trip(8, 25, 2)
    ways = Ways(trip, trip.spots)
    greedy, shaken = inserted(trip, trip.spots, ways), improved(trip, trip.spots, ways)
    assert worth(trip.spots, shaken) >= worth(trip.spots, greedy)
    assert plan(trip).value >= worth(trip.spots, shaken)[1]


def test_a_must_is_visited_though_others_are_worth_more() -> None:
    trip = a_trip(1, 6)
    poor = replace(trip.spots[0], prize=0, must=True, visit=150, windows=((540, 1020),))
    route = plan(replace(trip, spots=(poor, *trip.spots[1:])))
    assert "s0" in route.visited


def test_what_is_left_out_says_why() -> None:
    near, hours = (36.01, 138.0), ((540, 1020),)
    spots = (
        Spot("open", near, 60, 10, hours),
        Spot("closed", near, 60, 10, (None,)),
        Spot("far", (43.0, 141.3), 60, 10, hours, must=True),
        Spot("long", near, 450, 5, hours),
    )
    route = plan(Trip((Day(540, 1020, HERE, HERE),), spots, Mode.CAR, None))
    assert route.visited == {"open"}
    assert route.left == {"closed": "closed", "far": "far", "long": "no_room"}
    many = plan(Trip((Day(540, 1020, HERE, HERE),), spots, Mode.CAR, None), most=1)
    assert many.left["long"] == "not_tried"


def test_day_whose_end_cannot_be_reached_in_time_is_told_and_empty() -> None:
    trip = Trip((Day(540, 600, HERE, (43.0, 141.3)),), (), Mode.RAIL, None)
    (day,) = plan(trip).days
    assert day.visits == ()
    assert day.end == 540 + day.back
    assert day.end > 600


def test_lunch_is_planned_only_where_the_day_holds_it() -> None:
    spot = Spot("a", (36.01, 138.0), 60, 10, ((540, 1200),))
    short = Trip((Day(800, 1020, HERE, HERE),), (spot,), Mode.CAR, LUNCH)
    assert plan(short).days[0].lunch is None
    long = replace(short, days=(Day(540, 1020, HERE, HERE),))
    lunch = plan(long).days[0].lunch
    assert lunch is not None
    assert 690 <= lunch[0] <= 780


@pytest.mark.parametrize("days", [0, MOST_DAYS + 1])
def test_number_of_days_is_bounded(days: int) -> None:
    with pytest.raises(ValueError, match="days"):
        plan(Trip((Day(540, 1020, HERE, HERE),) * days, (), Mode.CAR))


def test_ways_are_walked_where_that_is_faster_and_trains_are_fast_afar() -> None:
    near = (36.001, 138.0)
    assert minutes(HERE, near, Mode.RAIL) == minutes(HERE, near, Mode.WALK) == 2
    atsugi, kurashiki = (35.4431, 139.3625), (34.5850, 133.7720)
    assert round(way_km(atsugi, kurashiki, Mode.RAIL)) == 673
    assert minutes(atsugi, kurashiki, Mode.RAIL) < minutes(atsugi, kurashiki, Mode.CAR)
    assert minutes(HERE, HERE, Mode.CAR) == 0


@given(
    st.sampled_from(Mode),
    st.integers(0, 900),
    st.floats(30, 45),
    st.floats(130, 145),
    st.floats(-4, 4),
    st.floats(-4, 4),
)
def test_nothing_beyond_reach_is_reached_in_time(mode, within, latitude, longitude, north, east) -> None:
    one, other = (latitude, longitude), (latitude + north, longitude + east)
    if distance_km(one, other) > reach_km(mode, within) + 0.01:
        assert minutes(one, other, mode) > within
    if minutes(one, other, mode) <= within:
        assert distance_km(one, other) <= reach_km(mode, within) + 0.01


def test_reach_is_no_farther_than_it_need_be() -> None:
    for mode, within in ((Mode.CAR, 240), (Mode.RAIL, 90), (Mode.WALK, 30)):
        km = reach_km(mode, within)
        near = (35.0, 139.0)
        assert minutes(near, (35.0 + 0.97 * km / KM_PER_DEGREE, 139.0), mode) <= within
