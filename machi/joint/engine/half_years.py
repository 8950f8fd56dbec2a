"""The half of a fiscal year: April to September, October to March. Reports of joint projects are due by half-years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class HalfYear:
    year: int
    """Fiscal: 2026 is April 2026 to March 2027."""
    half: int
    """1 or 2."""

    def __str__(self) -> str:
        return f"{self.year}-{self.half}"

    @property
    def starts(self) -> date:
        return date(self.year, 4 if self.half == 1 else 10, 1)

    @property
    def ends(self) -> date:
        return date(self.year, 9, 30) if self.half == 1 else date(self.year + 1, 3, 31)

    @property
    def due(self) -> date:
        """A report may be handed in until the end of the month after the half-year."""
        return date(self.year, 10, 31) if self.half == 1 else date(self.year + 1, 4, 30)

    @property
    def next(self) -> HalfYear:
        return HalfYear(self.year, 2) if self.half == 1 else HalfYear(self.year + 1, 1)


def half_year_of(day: date) -> HalfYear:
    year = day.year if day.month >= 4 else day.year - 1
    return HalfYear(year, 1 if 4 <= day.month <= 9 else 2)


def read_half_year(text: str) -> HalfYear:
    """What ``str`` of it wrote (``2026-1``). ValueError for anything else."""
    year, _, half = text.partition("-")
    if not (year.isdecimal() and len(year) == 4 and half in ("1", "2")):
        raise ValueError(f"{text}: not a half-year")
    return HalfYear(int(year), int(half))


def half_years(starts: date, ends: date) -> list[HalfYear]:
    """Those that a project from ``starts`` to ``ends`` touches, in their order."""
    found, last = [half_year_of(starts)], half_year_of(ends)
    while found[-1] < last:
        found.append(found[-1].next)
    return found
