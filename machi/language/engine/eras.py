"""Years of Japanese eras as texts write them, and numerals."""

import unicodedata
from datetime import date

from machi.base.engine.wareki import ERAS

_FIRST_YEAR = {name: first.year for first, name, _ in ERAS} | {
    english[0]: first.year for first, _, english in ERAS
}
_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}


def western_year(era: str, year: int) -> int:
    """Year of our calendar for year ``year`` of ``era`` (令和, R or ㋿); 平成32年 is taken as 2020."""
    return _FIRST_YEAR[unicodedata.normalize("NFKC", era)] + year - 1


def era_on(day: date) -> str:
    """Name of the era that ``day`` falls in; the oldest known for days before."""
    return next((name for first, name, _ in ERAS if day >= first), ERAS[-1][1])


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
