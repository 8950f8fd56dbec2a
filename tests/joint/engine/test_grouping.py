"""Blocks: contiguous, within their limits, and the best there is."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.joint.engine.boundaries import distance_km
from machi.joint.engine.contiguity import linked, neighbours, pieces, steps
from machi.joint.engine.districts_bound import relaxed
from machi.joint.engine.grouping import Grouping, NoGrouping, Objective, Town, Why, _costs, group


def row(*people, features=()):
    """Towns in a row, a tenth of a degree apart, each touching the next."""
    towns = [
        Town(f"T{at}", count, (35.0, 139 + at / 10), (features[at],) if features else ())
        for at, count in enumerate(people)
    ]
    return towns, [(f"T{at}", f"T{at + 1}") for at in range(len(people) - 1)]


def sets(found):
    assert isinstance(found, Grouping)
    return {frozenset(block.towns) for block in found.blocks}


def walk(some, touching):
    """Whether one can walk through a block: checked apart from the engine."""
    reached, grew = {min(some)}, True
    while grew:
        grew = False
        for one, other in touching:
            if {one, other} <= set(some) and (one in reached) != (other in reached):
                reached |= {one, other}
                grew = True
    return reached == set(some)


def test_compact_blocks_of_a_row_are_its_thirds():
    towns, touching = row(1, 1, 1, 1, 1, 1, 1, 1, 1)
    found = group(towns, touching, (3, 3))
    assert sets(found) == {frozenset({f"T{at}" for at in range(start, start + 3)}) for start in (0, 3, 6)}
    assert isinstance(found, Grouping)
    assert (found.gap, found.links) == (0, ())
    assert found.value == pytest.approx(6 * distance_km((35, 139), (35, 139.1)), abs=0.01)
    assert {block.centre for block in found.blocks} == {"T1", "T4", "T7"}


def test_similar_towns_are_put_together_where_they_touch():
    towns, touching = row(1, 1, 1, 1, features=[0.0, 5.0, 5.0, 0.0])
    assert sets(group(towns, touching, (1, 2), Objective.SIMILAR, blocks=3)) == {
        frozenset({"T0"}),
        frozenset({"T1", "T2"}),
        frozenset({"T3"}),
    }


def test_balance_divides_people_as_evenly_as_borders_allow():
    towns, touching = row(5, 1, 1, 1, 4, 6)
    found = group(towns, touching, (1, 4), Objective.BALANCE, blocks=3)
    assert sets(found) == {frozenset({"T0", "T1"}), frozenset({"T2", "T3", "T4"}), frozenset({"T5"})}
    assert isinstance(found, Grouping)
    assert (found.value, found.bound, found.gap) == (0, 0, 0)


def test_people_of_a_block_can_be_limited():
    towns, touching = row(10, 1, 1, 10)
    assert group(towns, touching, (2, 2), population=(11, 11), seconds=20) != NoGrouping(Why.NONE, ())
    assert group(towns, touching, (2, 2), population=(12, 20)) == NoGrouping(Why.NONE, ())


def test_numbers_that_cannot_be_divided_are_told_at_once():
    towns, touching = row(1, 1, 1, 1, 1)
    assert group(towns, touching, (3, 4)) == NoGrouping(Why.NUMBER, ())
    assert group(towns, touching, (1, 5), blocks=6) == NoGrouping(Why.NUMBER, ())


def test_islands_are_linked_by_the_shortest_way_and_told():
    towns, touching = row(1, 1, 1, 1)
    found = group(towns, touching[:1] + touching[2:], (2, 2))
    assert sets(found) == {frozenset({"T0", "T1"}), frozenset({"T2", "T3"})}
    assert isinstance(found, Grouping)
    assert [(one.one, one.other) for one in found.links] == [("T1", "T2")]
    assert found.links[0].kilometres == pytest.approx(distance_km((35, 139), (35, 139.1)))


@pytest.mark.parametrize(
    "named",
    [
        {"size": (0, 2)},
        {"size": (3, 2)},
        {"objective": Objective.BALANCE},
        {"blocks": 0},
        {"seconds": 0},
        {"population": (5, 4)},
    ],
)
def test_what_makes_no_sense_is_refused(named):
    towns, touching = row(1, 1, 1)
    with pytest.raises(ValueError):
        group(towns, touching, **{"size": (1, 3), **named})


def test_no_towns_or_the_same_twice_are_refused():
    towns, touching = row(1, 1)
    for bad in ([], [towns[0], towns[0]], [towns[0], Town("x", 1, (35, 139), (1.0,))]):
        with pytest.raises(ValueError):
            group(bad, touching, (1, 1))


def test_pieces_and_steps_know_what_hangs_together():
    around = [{1}, {0, 2}, {1}, set()]
    assert pieces(range(4), around) == [{0, 1, 2}, {3}]
    assert pieces([0, 2, 3], around) == [{0}, {2}, {3}]
    assert steps(0, range(4), around) == {0: 0, 1: 1, 2: 2}
    assert linked(["a", "b", "c", "d"], around, [(35, 139)] * 4)[0][3] == {0}


def partitions(keys):
    """All ways to divide some towns into blocks."""
    if not keys:
        yield []
        return
    first, rest = keys[0], keys[1:]
    for size in range(len(rest) + 1):
        for some in combinations(rest, size):
            for others in partitions([key for key in rest if key not in some]):
                yield [frozenset({first, *some}), *others]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 50)),
        min_size=2,
        max_size=6,
        unique=True,
    ),
    st.sets(
        st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] < pair[1]), max_size=9
    ),
    st.tuples(st.integers(1, 3), st.integers(0, 2)),
    st.sampled_from([Objective.COMPACT, Objective.BALANCE]),
    st.integers(1, 3),
)
def test_grouping_is_contiguous_and_as_good_as_the_best_of_all_partitions(
    drawn, edges, sizes, objective, blocks
):
    towns = [Town(f"T{at}", people, (35 + y / 10, 139 + x / 10)) for at, (x, y, people) in enumerate(drawn)]
    size = (sizes[0], sum(sizes))
    touching = [(f"T{one}", f"T{other}") for one, other in edges if other < len(towns)]
    found = group(towns, touching, size, objective, blocks=blocks)
    by_code = {one.code: one for one in towns}
    bridged = [*touching, *((one.one, one.other) for one in found.links)]
    mean = sum(one.population for one in towns) / blocks

    def cost(division):
        if objective is Objective.BALANCE:
            return max(abs(sum(by_code[key].population for key in some) - mean) for some in division)
        return sum(
            min(
                sum(distance_km(by_code[key].place, by_code[centre].place) for key in some) for centre in some
            )
            for some in division
        )

    allowed = [
        division
        for division in partitions([one.code for one in towns])
        if len(division) == blocks
        and all(size[0] <= len(some) <= size[1] and walk(some, bridged) for some in division)
    ]
    if not allowed:
        assert isinstance(found, NoGrouping)
        assert found.why in {Why.NUMBER, Why.NONE}
        return
    division = sets(found)
    assert sorted(key for some in division for key in some) == sorted(by_code)
    assert division in [set(one) for one in allowed]
    assert isinstance(found, Grouping)
    assert found.gap == 0
    assert cost(division) == pytest.approx(
        min(map(cost, allowed)), abs=1 if objective is Objective.BALANCE else 0.01
    )


@settings(max_examples=30, deadline=None)
@given(
    st.integers(4, 9).flatmap(
        lambda count: st.lists(
            st.tuples(st.floats(34, 36), st.floats(138, 140)), min_size=count, max_size=count, unique=True
        )
    )
)
def test_the_relaxation_undercuts_every_grouping_and_comes_near(places) -> None:
    towns = [Town(f"T{at}", 1, place) for at, place in enumerate(places)]
    touching = [(f"T{at}", f"T{at + 1}") for at in range(len(places) - 1)]
    found = group(towns, touching, (2, 4))
    assert isinstance(found, Grouping)
    around, _links = linked(
        [one.code for one in towns], neighbours([one.code for one in towns], touching), places
    )
    everything = range(len(towns))
    pairs = [(one, other) for one in everything for other in everything if abs(one - other) < 4]
    bound = relaxed(_costs(towns, Objective.COMPACT), pairs, around, (2, 4), [1] * len(towns), None, None, 10)
    assert found.gap == 0
    assert 0 < bound <= found.value * 1000 + 1
    assert bound >= found.value * 1000 / 2


@pytest.mark.long
def test_a_prefecture_that_cannot_be_proven_in_time_says_how_far_off_it_may_be() -> None:
    random = Random(5)
    places = [(43 + random.random() * 3, 141 + random.random() * 3) for _ in range(120)]
    towns = [Town(f"T{at:03}", 1, place) for at, place in enumerate(places)]
    near = {
        tuple(sorted((one.code, other.code)))
        for one in towns
        for other in sorted(towns, key=lambda other: distance_km(one.place, other.place))[1:6]
    }
    found = group(towns, near, (4, 8), seconds=1)
    assert isinstance(found, Grouping)
    assert 0 < found.gap < 0.15
