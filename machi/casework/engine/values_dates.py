"""Dates as they stand in the boxes of forms."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from machi.base.engine.wareki import ERAS
from machi.language.engine.eras import number, western_year

_ERAS = {
    "令和": "令和", "令": "令和", "R": "令和",
    "平成": "平成", "平": "平成", "H": "平成",
    "昭和": "昭和", "昭": "昭和", "S": "昭和",
    "大正": "大正", "大": "大正", "T": "大正",
    "明治": "明治", "明": "明治", "M": "明治",
}  # fmt: skip
_NUMBER = r"(?:\d{1,2}|[〇一二三四五六七八九十]{1,3})"
_YEAR = (
    rf"(?:(?P<era>令和?|平成?|昭和?|大正?|明治?|[RHSTM])\.?(?P<ey>元|{_NUMBER})"
    r"|(?:西暦)?(?P<wy>\d{4}|[一二][〇一二三四五六七八九]{3}))"
)
_DATE = re.compile(
    rf"{_YEAR}(?:年(?P<m>{_NUMBER})月(?P<d>{_NUMBER})日?|[./\-,](?P<m2>\d{{1,2}})[./\-,](?P<d2>\d{{1,2}})日?)"
    r"(?:生(?:まれ)?)?"
)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)")
_NO_YEAR = re.compile(rf"(?:年)?({_NUMBER})月({_NUMBER})日|(\d{{1,2}})/(\d{{1,2}})")
_WEEKDAY = re.compile(r"\([月火水木金土日](?:曜日?)?(?:・祝)?\)|[月火水木金土日]曜日?$")


def date_of(text: str) -> tuple[str, tuple[str, ...]]:
    """``令和8年11月30日``, ``R8.11.30``, ``令和八年十一月三十日``, ``2026/11/30``, ``20261130`` as ``2026-11-30``.

    Doubts: ``not-a-date``, ``no-year``, ``no-such-day``, and ``beyond-era`` for a day of another era than named
    (平成32年 is taken for 2020, as people mean it).
    """
    half = unicodedata.normalize("NFKC", text).replace("−", "-").replace("―", "-").replace("、", ",")
    half = re.sub(r"\s", "", _WEEKDAY.sub("", half))
    half = re.sub(r"^[rhstm](?=\.?\d)", lambda found: found[0].upper(), half).replace("㋿", "令和")
    match = _DATE.fullmatch(half) or _COMPACT.fullmatch(half)
    if not match:
        return "", ("no-year",) if _NO_YEAR.fullmatch(half) else ("not-a-date",)
    parts = match.groupdict()
    era = _ERAS[parts["era"]] if parts.get("era") else None
    try:
        western = parts.get("wy") or parts.get("y")
        year = western_year(era, number(str(parts["ey"]))) if era else number(str(western))
        day = date(year, number(str(parts["m"] or parts["m2"])), number(str(parts["d"] or parts["d2"])))
    except (ValueError, KeyError):
        return "", ("no-such-day",)
    return day.isoformat(), ("beyond-era",) if era and not _is_of(day, era) else ()


def _is_of(day: date, era: str) -> bool:
    at = next(place for place, row in enumerate(ERAS) if row[1] == era)
    return ERAS[at][0] <= day and (at == 0 or day < ERAS[at - 1][0])
