"""Shapes and neighbours, on a country of six squares and on Japan."""

import csv
from pathlib import Path

import numpy as np
import pytest

from machi.base.engine.jisx0402 import MunicipalityCode
from machi.joint.engine.boundaries import (
    borders,
    decode,
    distance_km,
    joined,
    length_km,
    outline,
    ring_points,
    shipped,
)
from machi.joint.engine.map_svg import ring_area

REGISTER = Path(__file__).parents[3] / "machi" / "base" / "data" / "municipalities.csv"

# Three squares in a row, each one degree wide: 厚木 | 大和 | 伊勢原; and an island far off.
ARCS = [
    [[1, 0], [0, 0], [0, 1], [1, 1]],  # around the first
    [[1, 1], [1, 0]],  # between first and second
    [[1, 1], [2, 1]],
    [[2, 1], [2, 0]],  # between second and third
    [[2, 0], [1, 0]],
    [[2, 1], [3, 1], [3, 0], [2, 0]],
    [[9, 9], [9, 8], [8, 8], [9, 9]],
]
SHAPES = {"14212": [0, 1], "14213": [-2, 2, 3, 4], "14214": [5, -4], "22212": [6]}
ATSUGI, YAMATO, ISEHARA, YAIZU = "142123", "142131", "142140", "222127"


def topology(arcs=ARCS, **more):
    geometries = [
        {"type": "Polygon", "arcs": [ring], "properties": {"N03_007": code}} for code, ring in SHAPES.items()
    ]
    nobody = {"type": "Polygon", "arcs": [[6]], "properties": {"N03_007": None}}
    collection = {"type": "GeometryCollection", "geometries": [*geometries, nobody]}
    return {"type": "Topology", "objects": {"land": collection}, "arcs": arcs, **more}


def test_borders_are_the_shared_arcs_with_their_length():
    found = borders(decode(topology()))
    assert set(found) == {(ATSUGI, YAMATO), (YAMATO, ISEHARA)}
    assert found[ATSUGI, YAMATO] == pytest.approx(111.195)


def test_outline_of_neighbours_is_one_ring_without_the_border_between_them():
    boundaries = decode(topology())
    (ring,) = outline(boundaries, [ATSUGI, YAMATO])
    points = ring_points(boundaries, ring)
    assert points[0].tolist() == points[-1].tolist()
    assert ring_area(points) == 2
    assert len(outline(boundaries, [ATSUGI, ISEHARA, YAIZU])) == 3


def test_joined_municipalities_keep_the_neighbours_of_their_parts():
    one = joined(decode(topology()), {MunicipalityCode("141003"): [ATSUGI, YAMATO]})
    assert set(one.rings) == {"141003", ISEHARA, YAIZU}
    assert set(borders(one)) == {("141003", ISEHARA)}


def test_quantised_arcs_decode_to_the_same_places():
    steps = [[list(arc[0]), *(np.diff(arc, axis=0).tolist())] for arc in ARCS]
    plain = decode(topology())
    moved = decode(topology(steps, transform={"scale": [0.5, 0.25], "translate": [130, 30]}))
    for one, other in zip(plain.arcs, moved.arcs, strict=True):
        np.testing.assert_allclose(one * [0.5, 0.25] + [130, 30], other)


def test_decode_refuses_what_is_not_such_a_topology():
    with pytest.raises(ValueError, match="topology"):
        decode({"type": "FeatureCollection", "features": []})
    bad = topology()
    bad["objects"]["land"]["geometries"][0]["type"] = "LineString"
    with pytest.raises(ValueError, match="polygon"):
        decode(bad)


def test_lengths_and_distances_agree_with_known_ones():
    # Tokyo Station to Osaka Station: 403 km.
    assert distance_km((35.681236, 139.767125), (34.702485, 135.495951)) == pytest.approx(403, abs=1.5)
    assert length_km(np.array([[139.0, 60.0], [140.0, 60.0]])) == pytest.approx(55.6, abs=0.1)


def test_shipped_boundaries_hold_all_but_eight_small_municipalities():
    with REGISTER.open(encoding="utf-8") as file:
        register = {row["code"]: row for row in csv.DictReader(file)}
    wards = {code: row["name"].split()[0] for code, row in register.items() if row["kind"] == "ward"}
    cities = {(row["prefecture"], row["name"]): code for code, row in register.items()}
    groups: dict[str, list[str]] = {}
    for ward, city in wards.items():
        groups.setdefault(cities[register[ward]["prefecture"], city], []).append(ward)
    whole = joined(shipped(), groups)
    missing = {row["name"] for code, row in register.items() if code not in wards and code not in whole.rings}
    assert missing == {
        "利島村",
        "青ヶ島村",
        "日吉津村",
        "上島町",
        "姫島村",
        "座間味村",
        "粟国村",
        "渡名喜村",
    }
    assert len(whole.rings) == 1741 - 8 + 6  # six villages of the northern territories
    touching = borders(whole)
    neighbours = {two if one == ATSUGI else one for one, two in touching if ATSUGI in (one, two)}
    assert {register[code]["name"] for code in neighbours} >= {"海老名市", "伊勢原市", "愛川町", "清川村"}
    assert all(kilometres > 0 for kilometres in touching.values())


def test_every_shipped_ring_is_closed():
    boundaries = shipped()
    for rings in boundaries.rings.values():
        for ring in rings:
            points = ring_points(boundaries, ring)
            assert points[0].tolist() == points[-1].tolist()
