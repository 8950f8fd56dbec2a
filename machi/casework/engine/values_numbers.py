"""Numbers and sums of money, in digits, in Chinese numerals, in the numerals of deeds (壱弐参), and mixed.

No library in the environment reads 大字 and digits mixed with units; the rules are those of everyday writing: 十 百 千
multiply what stands before them, 万 億 兆 what has gathered since the last of them.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_DIGITS = {c: str(v) for v, c in enumerate("〇一二三四五六七八九")} | dict(
    zip("零壱壹弐貳参參肆伍陸漆捌玖", "0112233456789", strict=True)
)
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "陌": 100, "千": 1_000, "仟": 1_000, "阡": 1_000}
_LARGE = {"万": 10**4, "萬": 10**4, "億": 10**8, "兆": 10**12}
_TOKEN = re.compile(rf"\d[\d,]*(?:\.\d+)?|[{''.join(_SMALL)}{''.join(_LARGE)}]")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_LONGEST = 60
_MINUS = re.compile(r"^[▲△−\-]")
_COUNTERS = re.compile(
    r"(?:人|名|件|通|枚|部|個|台|回|時間|日間?|か月|ヶ月|年|歳|才|世帯|㎡|m2|平方メートル|%)$"
)


def value_of(text: str) -> Decimal | None:
    """``1,234``, ``12万3,456``, ``一万二千``, ``壱百弐拾``, ``二〇二六``, ``.5``-less decimals; None for anything else.

    ``text`` in half width, without blanks.
    """
    digits = "".join(_DIGITS.get(c, c) for c in text)
    if not digits or len(digits) > _LONGEST:
        return None
    total = section = Decimal(0)
    pending: Decimal | None = None
    last_small, last_large, at = 10_000, 10**16, 0
    for match in _TOKEN.finditer(digits):
        if match.start() != at:
            return None
        at, token = match.end(), match[0]
        if small := _SMALL.get(token):
            if small >= last_small:
                return None
            section, pending, last_small = section + (1 if pending is None else pending) * small, None, small
        elif large := _LARGE.get(token):
            section += pending or 0
            if large >= last_large or not section:
                return None
            total, section, pending = total + section * large, Decimal(0), None
            last_small, last_large = 10_000, large
        else:
            if pending is not None or not _GROUPED.fullmatch(token):
                return None
            pending = Decimal(token.replace(",", ""))
    return total + section + (pending or 0) if at == len(digits) else None


def written(value: Decimal) -> str:
    """Digits without an exponent or zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_of(text: str) -> tuple[str, tuple[str, ...]]:
    """With or without a counter (3人, 2通, 1,200㎡); ``△5`` is minus five."""
    half = _half(text)
    negative = bool(_MINUS.match(half))
    value = value_of(_COUNTERS.sub("", _MINUS.sub("", half)))
    if value is None:
        return "", ("not-a-number",)
    return written(-value if negative and value else value), ()


def yen_of(text: str) -> tuple[str, tuple[str, ...]]:
    """``1,234円``, ``￥1,234-``, ``金壱万円也``, ``千円``, ``1万2千円`` as whole yen."""
    half = re.sub(
        r"^(?:金額?|計|合計|約)?[¥\\]?|(?:円|-)?(?:也|整)?[.\-]?$", "", _half(text).replace("−", "-")
    )
    negative = bool(_MINUS.match(half))
    half = re.sub(r"^[¥\\]", "", _MINUS.sub("", half))
    value = value_of(half)
    if value is None or value != value.to_integral_value():
        return "", ("not-yen",)
    return written(-value if negative and value else value), ()


def _half(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("、", ",").replace("，", ",")
