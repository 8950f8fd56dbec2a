"""Spreadsheet values as the text a person sees in the cell, by the cell's number format."""

import datetime
import re

from machi.language.engine.eras import era_on, western_year

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|([¥￥円%])')
_NOT_DIGITS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def cell_text(value: object, number_format: str) -> str:
    """``value`` (as openpyxl gives it) written as ``number_format`` shows it, near enough to be quoted.

    Dates are written 2025年4月1日, or 令和7年4月1日 where the format shows the era.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, datetime.datetime):
        return _moment(value, number_format)
    if isinstance(value, datetime.date):
        return _day(value, number_format)
    if isinstance(value, datetime.time):
        return f"{value.hour}:{value.minute:02}"
    if isinstance(value, datetime.timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, int | float):
        return _number(value, number_format.split(";")[0])
    return str(value)


def _moment(value: datetime.datetime, number_format: str) -> str:
    shown = _NOT_DIGITS.sub("", number_format).lower()
    clock = f"{value.hour}:{value.minute:02}" if "h" in shown or value.time() != datetime.time.min else ""
    only_clock = clock and not re.search(r"[ydge]", shown)
    return clock if only_clock else " ".join(filter(None, (_day(value.date(), number_format), clock)))


def _day(value: datetime.date, number_format: str) -> str:
    shown = _NOT_DIGITS.sub("", number_format).lower()
    if re.search(r"g|(?<![a-z])e", shown):
        era = era_on(value)
        year = value.year - western_year(era, 1) + 1
        return f"{era}{'元' if year == 1 else year}年{value.month}月{value.day}日"
    if re.search(r"[yd]", shown) and "y" not in shown and "m" in shown:
        return f"{value.month}月{value.day}日"
    return f"{value.year}年{value.month}月{value.day}日"


def _number(value: float, number_format: str) -> str:
    digits = _NOT_DIGITS.sub("", number_format)
    if number_format == "General" or not re.search(r"[0#]", digits):
        return _plain(value)
    scaled = value * 100 if "%" in digits else value
    decimals = len(match[1]) if (match := re.search(r"\.([0#]+)", digits)) else 0
    group = "," if "," in digits else ""
    text = f"{scaled:{group}.{decimals}f}"
    whole = re.match(r"[^.]*", digits)
    least = whole[0].count("0") if whole and not group else 0
    if least > 1 and value >= 0:
        text = text.zfill(least + (decimals + 1 if decimals else 0))
    return _affixed(text, number_format)


def _plain(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.15g}"


def _affixed(text: str, number_format: str) -> str:
    """``text`` with the literals (¥, 円, %, "人") that stand before and after the digits in the format."""
    places = [index for index, char in enumerate(_blanked(number_format)) if char in "0#?"]
    first, last = min(places), max(places)
    before = "".join(_literals(number_format[:first]))
    after = "".join(_literals(number_format[last + 1 :]))
    return f"{before}{text}{after}"


def _blanked(number_format: str) -> str:
    return _NOT_DIGITS.sub(lambda literal: " " * len(literal[0]), number_format)


def _literals(part: str) -> list[str]:
    return ["".join(filter(None, literal.groups())) for literal in _LITERAL.finditer(part)]
