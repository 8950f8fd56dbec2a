"""Indicators of every municipality: SSDSE-A of the National Statistics Center, as a table of numbers.

The file has three head rows (indicator codes, years, names) and a row a municipality, whose code is ``R`` and five
digits. Values are as published: people, 1,000 yen, hectares, per cent. Nothing is filled in.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from machi.base.engine.jisx0402 import MunicipalityCode, with_check_digit

SHIPPED = Path(__file__).parent.parent / "data" / "ssdse-a-2025.csv.gz"
HEAD_ROWS = 3
KEY_COLUMNS = 3
"""Code, prefecture, municipality."""


@dataclass(frozen=True, slots=True)
class Indicator:
    code: str
    name: str
    year: int


@dataclass(frozen=True)
class Indicators:
    """``values`` has a row for each of ``codes`` and a column for each of ``indicators``."""

    codes: tuple[MunicipalityCode, ...]
    prefectures: tuple[str, ...]
    names: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    values: NDArray[np.float64]

    def column(self, code: str) -> NDArray[np.float64]:
        """One indicator over all municipalities. KeyError where there is none of that code."""
        for position, one in enumerate(self.indicators):
            if one.code == code:
                return self.values[:, position]
        raise KeyError(code)

    def rows(self, codes: Sequence[str]) -> NDArray[np.intp]:
        """Where the municipalities stand. KeyError for one that is not in the table."""
        where = {code: position for position, code in enumerate(self.codes)}
        return np.array([where[MunicipalityCode(code)] for code in codes], dtype=np.intp)


def read(text: str) -> Indicators:
    """The table of an SSDSE-A file. ValueError where it is not one: head, codes given twice, cells not numbers."""
    rows = list(csv.reader(io.StringIO(text)))
    if len(rows) <= HEAD_ROWS or not rows[0][0].startswith("SSDSE-A"):
        raise ValueError("not an SSDSE-A file: its first cell names the data set, three head rows come first")
    heads, body = rows[:HEAD_ROWS], rows[HEAD_ROWS:]
    width = len(heads[0])
    if any(len(row) != width for row in rows):
        raise ValueError("rows of different length")
    codes = tuple(with_check_digit(row[0].removeprefix("R")) for row in body)
    if len(set(codes)) != len(codes):
        raise ValueError("a municipality is given twice")
    found = zip(heads[0][KEY_COLUMNS:], heads[1][KEY_COLUMNS:], heads[2][KEY_COLUMNS:], strict=True)
    return Indicators(
        codes,
        tuple(row[1] for row in body),
        tuple(row[2] for row in body),
        tuple(Indicator(code, name, int(year)) for code, year, name in found),
        np.array([[float(cell) for cell in row[KEY_COLUMNS:]] for row in body]),
    )


@cache
def shipped() -> Indicators:
    """SSDSE-A-2025, which comes with machi (see data/ATTRIBUTION.md for the credit to show)."""
    return read(gzip.decompress(SHIPPED.read_bytes()).decode())
