"""What the cost models are fitted on: SSDSE-A as towns, costs by purpose, and who is left out and why.

Units as published: expenditure in 1,000 yen of the fiscal year 2021, staff in people of April 2023, population and
ages of the census of October 2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from machi.base.engine.jisx0402 import MunicipalityCode
from machi.joint.engine.cost_model import Towns
from machi.joint.engine.indicators import Indicators

PRESENT = 0.7
"""A town in which the census counted a smaller share of those on the resident register is left out: its people are
registered there, and served, but live elsewhere. In the census of 2020 these are seven evacuated towns of Fukushima."""
SPECIAL_WARDS = tuple(f"13{number}" for number in range(101, 124))
DESIGNATED = (
    *("01100", "04100", "11100", "12100", "14100", "14130", "14150", "15100", "22100", "22130", "23100"),
    *("26100", "27100", "27140", "28100", "33100", "34100", "40100", "40130", "43100"),
)
"""Designated cities (政令指定都市), which do much of a prefecture's work; wards do less than a city (fire and water are
the metropolis's)."""


class Purpose(StrEnum):
    TOTAL = "total"
    WELFARE = "welfare"
    PUBLIC_WORKS = "public_works"
    EDUCATION = "education"
    STAFF = "staff"
    """Staff of general administration, in people."""


COLUMNS = {
    Purpose.TOTAL: "D3203",
    Purpose.WELFARE: "D320303",
    Purpose.PUBLIC_WORKS: "D320308",
    Purpose.EDUCATION: "D320310",
    Purpose.STAFF: "D1202",
}


@dataclass(frozen=True)
class Sample:
    codes: tuple[MunicipalityCode, ...]
    prefectures: tuple[str, ...]
    towns: Towns
    costs: dict[Purpose, NDArray[np.float64]]
    left_out: tuple[MunicipalityCode, ...]


def sample(table: Indicators) -> Sample:
    """All municipalities that a cost model can be fitted on. KeyError where an indicator is missing."""
    population = table.column("A1101")
    inside = np.flatnonzero((population > 0) & (population >= PRESENT * table.column("H5507")))
    five = [table.codes[at][:5] for at in inside]
    kinds = np.array([[code in DESIGNATED, code in SPECIAL_WARDS] for code in five], dtype=np.float64)
    return Sample(
        tuple(table.codes[at] for at in inside),
        tuple(table.prefectures[at] for at in inside),
        Towns(
            population[inside],
            table.column("B1103")[inside],
            table.column("A1301")[inside],
            table.column("A1303")[inside],
            kinds.reshape(len(five), 2),
        ),
        {purpose: table.column(code)[inside] for purpose, code in COLUMNS.items()},
        tuple(code for at, code in enumerate(table.codes) if at not in set(inside.tolist())),
    )
