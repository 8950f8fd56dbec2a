"""Where towns are and what is known of them: the register's codes over SSDSE-A and the boundaries.

All of it comes with machi and never changes while it runs, so each is read once a process: 0.1 s for the table, 0.2 s
for the boundaries with wards joined into their cities and who touches whom.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files
from statistics import median

from machi.base.engine.jisx0402 import MunicipalityCode
from machi.base.models import Municipality
from machi.joint.engine.boundaries import Boundaries, borders, distance_km, joined
from machi.joint.engine.boundaries import shipped as shipped_boundaries
from machi.joint.engine.indicators import Indicators
from machi.joint.engine.indicators import shipped as shipped_indicators

OUTLYING = 4.0
"""A town so many times farther from the middle of its prefecture than the median town is left off the map."""


def table() -> Indicators:
    return shipped_indicators()


@cache
def populations() -> dict[str, int]:
    """People of the census of October 2020."""
    return {code: int(count) for code, count in zip(table().codes, table().column("A1101"), strict=True)}


@cache
def places() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of every town hall."""
    known = set(table().codes)
    return {
        row["code"]: (float(row["latitude"]), float(row["longitude"]))
        for row in _register()
        if row["code"] in known
    }


@cache
def boundaries() -> Boundaries:
    """One shape a municipality: wards of a designated city are its city."""
    rows = _register()
    cities = {(row["prefecture"], row["name"]): MunicipalityCode(row["code"]) for row in rows}
    wards: dict[MunicipalityCode, list[str]] = defaultdict(list)
    for row in rows:
        if row["kind"] == "ward":
            wards[cities[row["prefecture"], row["name"].split()[0]]].append(row["code"])
    return joined(shipped_boundaries(), wards)


@cache
def touching() -> frozenset[tuple[MunicipalityCode, MunicipalityCode]]:
    return frozenset(borders(boundaries()))


def of_prefecture(code: str) -> list[MunicipalityCode]:
    """Codes of its towns; ``code`` of six digits."""
    return [one for one in table().codes if one[:2] == code[:2]]


def neighbours(code: str) -> list[MunicipalityCode]:
    """Towns that touch one, in any prefecture."""
    return sorted({two if one == code else one for one, two in touching() if code in (one, two)})


def outlying(codes: Collection[str]) -> set[str]:
    """Towns far off the others (islands), which would make a map of all of them too small to read."""
    where = {code: places()[code] for code in codes}
    middle = median(lat for lat, _ in where.values()), median(lon for _, lon in where.values())
    far = {code: distance_km(place, middle) for code, place in where.items()}
    limit = OUTLYING * median(far.values())
    return {code for code, kilometres in far.items() if kilometres > limit}


def farthest_km(codes: Collection[str]) -> float:
    """Between two of their town halls."""
    found = [places()[code] for code in codes]
    return max((distance_km(one, other) for one in found for other in found), default=0.0)


def known(codes: Iterable[str]) -> list[MunicipalityCode]:
    """Those that are municipalities of the table, each once, by code."""
    return sorted({MunicipalityCode(code) for code in codes} & set(table().codes))


def named(codes: Iterable[str]) -> dict[str, Municipality]:
    """The register's rows, by code (one query)."""
    return {one.code: one for one in Municipality.objects.select_related("prefecture").filter(code__in=codes)}


@cache
def _register() -> list[dict[str, str]]:
    with (files("machi.base") / "data" / "municipalities.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
