"""Japanese era years and numerals."""

from datetime import date

# First day and first year of each era (the year the era's 元年 falls in).
_ERAS = (
    ("令和", "R", "㋿", date(2019, 5, 1)),
    ("平成", "H", "㍻", date(1989, 1, 8)),
    ("昭和", "S", "㍼", date(1926, 12, 25)),
    ("大正", "T", "㍽", date(1912, 7, 30)),
    ("明治", "M", "㍾", date(1868, 1, 25)),
)
_FIRST_YEAR = {name: first.year for *names, first in _ERAS for name in names}
_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}


def western_year(era: str, year: int) -> int:
    """Year of our calendar for year ``year`` of ``era`` (令和, R or ㋿); 平成32年 is taken as 2020."""
    return _FIRST_YEAR[era] + year - 1


def era_on(day: date) -> str:
    """Name of the era that ``day`` falls in; the oldest known for days before."""
    return next((name for name, *_, first in _ERAS if day >= first), _ERAS[-1][0])


def number(text: str) -> int:
    """Value of ``7``, ``七``, ``二十三``, ``二〇二五`` or ``元``. Raises ValueError for anything else."""
    if text == "元":
        return 1
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (number(tens) if tens else 1) * 10 + (number(ones) if ones else 0)
    if not text or any(digit not in _DIGITS for digit in text):
        raise ValueError(text)
    return int("".join(str(_DIGITS[digit]) for digit in text))
