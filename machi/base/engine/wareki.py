"""Dates in Japanese eras (和暦), for pages and letters.

Eras change within a day of the Gregorian calendar, and the day belongs to the new one. Dates before 1873
(明治6年) are refused: until then Japan kept a lunisolar calendar, so month and day would be wrong.
No library in the environment does this (Babel has no Japanese calendar).
"""

from dataclasses import dataclass
from datetime import date

ERAS = (
    (date(2019, 5, 1), "令和", "Reiwa"),
    (date(1989, 1, 8), "平成", "Heisei"),
    (date(1926, 12, 25), "昭和", "Showa"),
    (date(1912, 7, 30), "大正", "Taisho"),
    (date(1868, 1, 25), "明治", "Meiji"),
)
"""First day, name and English name, newest first."""
_GREGORIAN_FROM = date(1873, 1, 1)
_WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class EraYear:
    """A year of an era. Year 1 is written 元年 in Japanese."""

    era: str
    era_en: str
    year: int

    def __str__(self) -> str:
        return f"{self.era}{'元' if self.year == 1 else self.year}年"


def era_year(day: date) -> EraYear:
    """The era and its year. ValueError before 1873-01-01."""
    if day < _GREGORIAN_FROM:
        raise ValueError(f"{day.isoformat()} is before Japan took the Gregorian calendar (1873-01-01)")
    start, era, era_en = next(row for row in ERAS if row[0] <= day)
    return EraYear(era, era_en, day.year - start.year + 1)


def wareki(day: date, *, weekday: bool = False) -> str:
    """``令和7年11月22日``, with ``weekday`` ``令和7年11月22日（土）``."""
    text = f"{era_year(day)}{day.month}月{day.day}日"
    return f"{text}（{_WEEKDAYS[day.weekday()]}）" if weekday else text
