"""The formats in which existing systems want a value, and back: each a pair of functions that undo each other.

What is read may have been typed by people: full-width figures and commas in numbers are read too. Both functions raise
ValueError for what is not of the format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import jaconv

from machi.base.engine.wareki import ERAS, era_year, wareki
from machi.casework.engine.values_dates import date_of

FormatName = Literal[
    "text",
    "wide",
    "kana-half",
    "digits",
    "number",
    "date",
    "date-slashes",
    "date-8",
    "date-era",
    "date-era-7",
]
_ERA_CODES = {era: str(len(ERAS) - at) for at, (_first, era, _english) in enumerate(ERAS)}
"""1 明治 to 5 令和, as old systems number them."""


@dataclass(frozen=True, slots=True)
class Format:
    written: Callable[[str], str]
    """From our plain value."""
    read: Callable[[str], str]
    """To our plain value."""


def _same(text: str) -> str:
    return text


def _wide(text: str) -> str:
    return str(jaconv.h2z(text, kana=True, ascii=True, digit=True)).replace(" ", "　")


def _narrow(text: str) -> str:
    """Wide blanks stay: between names they are ours too."""
    return "　".join(jaconv.z2h(part, kana=False, ascii=True, digit=True) for part in text.split("　"))


def _kana_half(text: str) -> str:
    return str(jaconv.z2h(jaconv.hira2kata(text), kana=True, ascii=True, digit=True)).replace("　", " ")


def _kana(text: str) -> str:
    return str(jaconv.h2z(text, kana=True)).replace(" ", "　")


def _digits(text: str) -> str:
    """Postal codes and telephone numbers without their dashes."""
    found = re.sub(r"[-‐−ー() ]", "", unicodedata.normalize("NFKC", text))
    if not (found.isdecimal() and found.isascii()):
        raise ValueError(text)
    return found


def _number(text: str) -> str:
    if not re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
        raise ValueError(text)
    return text


def _typed_number(text: str) -> str:
    return _number(unicodedata.normalize("NFKC", text).replace(",", ""))


def _slashes(text: str) -> str:
    return date.fromisoformat(text).strftime("%Y/%m/%d")


def _eight(text: str) -> str:
    return date.fromisoformat(text).strftime("%Y%m%d")


def _era(text: str) -> str:
    return wareki(date.fromisoformat(text))


def _era_seven(text: str) -> str:
    """``5081130``: the era's number, two digits each of year, month and day."""
    day = date.fromisoformat(text)
    year = era_year(day)
    return f"{_ERA_CODES[year.era]}{year.year:02}{day.month:02}{day.day:02}"


def _from_era_seven(text: str) -> str:
    eras = {code: era for era, code in _ERA_CODES.items()}
    if not re.fullmatch(r"[1-5][0-9]{6}", text):
        raise ValueError(text)
    return _day(f"{eras[text[0]]}{int(text[1:3])}年{int(text[3:5])}月{int(text[5:7])}日")


def _day(text: str) -> str:
    """The time of day behind it, as lists of other systems have it, is left out."""
    value, doubts = date_of(re.sub(r"[T\s]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?$", "", text))
    if not value or doubts:
        raise ValueError(text)
    return value


FORMATS: Mapping[FormatName, Format] = {
    "text": Format(_same, _same),
    "wide": Format(_wide, _narrow),
    "kana-half": Format(_kana_half, _kana),
    "digits": Format(_digits, _digits),
    "number": Format(_number, _typed_number),
    "date": Format(lambda text: date.fromisoformat(text).isoformat(), _day),
    "date-slashes": Format(_slashes, _day),
    "date-8": Format(_eight, _day),
    "date-era": Format(_era, _day),
    "date-era-7": Format(_era_seven, _from_era_seven),
}
