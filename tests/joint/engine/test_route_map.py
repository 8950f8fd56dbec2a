"""The map of a route: what is on it, inside its frame, and pins that do not hide each other."""

from __future__ import annotations

from itertools import combinations
from math import dist

import pytest

from machi.joint.engine.boundaries import shipped
from machi.joint.engine.route_map import PIN, WIDTH, boxes_of, route_map

KURASHIKI = {"332020": (34.585, 133.772)}
STATION, OLD_TOWN, BRIDGE = (34.6018, 133.7658), (34.5958, 133.7716), (34.4330, 133.8130)


@pytest.fixture(scope="module")
def boxes() -> dict[str, tuple[float, float, float, float]]:
    return boxes_of(shipped())


def test_stops_are_inside_in_order_and_the_town_lies_among_its_neighbours(boxes) -> None:
    stops = [("1", OLD_TOWN), ("2", BRIDGE)]
    drawn = route_map(shipped(), KURASHIKI, STATION, stops, STATION, boxes)
    assert [pin.label for pin in drawn.pins] == ["", "1", "2"]
    assert all(0 < pin.x < WIDTH and 0 < pin.y < drawn.height for pin in drawn.pins)
    assert len(drawn.line.split()) == 4
    assert len(drawn.shapes) == 1
    assert len(drawn.around) >= 3
    assert drawn.pins[2].y > drawn.pins[1].y  # north is up
    assert drawn.bar <= WIDTH / 4


def test_pins_of_one_place_are_moved_aside(boxes) -> None:
    stops = [(str(number), OLD_TOWN) for number in range(1, 6)]
    pins = route_map(shipped(), KURASHIKI, OLD_TOWN, stops, OLD_TOWN, boxes).pins[1:]
    assert all(dist((a.x, a.y), (b.x, b.y)) >= 2 * PIN - 0.2 for a, b in combinations(pins, 2))
    assert {(pin.tip_x, pin.tip_y) for pin in pins} == {(pins[0].tip_x, pins[0].tip_y)}


def test_far_towns_are_drawn_without_the_land_between(boxes) -> None:
    towns = {**KURASHIKI, "142123": (35.443, 139.362)}
    drawn = route_map(shipped(), towns, STATION, [("1", (35.4757, 139.3147))], STATION, boxes)
    assert (len(drawn.shapes), drawn.around) == (2, ())
