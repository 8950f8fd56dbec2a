"""Reading a number with its unit as people type it: full-width digits, commas, 億 and 万, a unit or none."""

import re
from dataclasses import dataclass

from machi.language.engine.text import search_form

_PLAIN = re.compile(r"([+-]?\d+(?:\.\d+)?)(.*)")
_GROUPED = re.compile(r"([+-]?)(?:(\d+(?:\.\d+)?)億)?(?:(\d+(?:\.\d+)?)万)?(\d+(?:\.\d+)?)?(.*)")
_SAME = {
    "パーセント": "%",
    "ぱーせんと": "%",
    "名": "人",
    "%ポイント": "ポイント",
    "pt": "ポイント",
    "才": "歳",
    "㌫": "%",
}
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    unit: str
    """In its search form; empty where none was typed."""


def unit_form(unit: str) -> str:
    form = search_form(unit).strip()
    return _SAME.get(form, form)


def read_number(text: str, unit: str = "") -> Number | None:
    """The number that ``text`` is, and nothing beside it; None: it is none, or more than one.

    ``unit`` is the one expected: 万円 after a number is a unit where 万円 is asked for, and ten thousand yen else.
    """
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", search_form(text[:LONGEST])).strip()
    if re.search(r"\d\s+\d", plain):
        return None
    plain = re.sub(r"\s+", "", re.sub(r"^約", "", plain)).rstrip("。.").removesuffix("です")
    if not plain:
        return None
    found = _PLAIN.fullmatch(plain)
    if found and unit_form(found[2]) in ("", unit_form(unit)):
        return Number(float(found[1]), unit_form(found[2]))
    grouped = _GROUPED.fullmatch(plain)
    if grouped is None or not any(grouped[part] for part in (2, 3, 4)) or re.search(r"\d", grouped[5]):
        return None
    value = 1e8 * float(grouped[2] or 0) + 1e4 * float(grouped[3] or 0) + float(grouped[4] or 0)
    return Number(-value if grouped[1] == "-" else value, unit_form(grouped[5]))


def points(text: str, key: float, tolerance: float, unit: str) -> tuple[float, str]:
    """What a typed number is worth, and why: ``number_right``, ``number_unit`` (right but for its unit: half),
    ``number_scale`` (right but for a power of ten), ``number_wrong``, ``number_unread``, ``unanswered``."""
    if not text.strip():
        return 0.0, "unanswered"
    number = read_number(text, unit)
    if number is None:
        return 0.0, "number_unread"
    slack = tolerance + 1e-9 * max(1.0, abs(key))
    right = abs(number.value - key) <= slack
    if right and number.unit in ("", unit_form(unit)):
        return 1.0, "number_right"
    if right:
        return 0.5, "number_unit"
    if (
        number.value
        and key
        and any(
            abs(number.value * 10.0**power - key) <= slack for power in (-6, -4, -3, -2, -1, 1, 2, 3, 4, 6)
        )
    ):
        return 0.0, "number_scale"
    return 0.0, "number_wrong"
