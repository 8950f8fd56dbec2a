"""Facts that a passage implies without stating them: 各回 is once, 月額 is for one month, 14時〜14時40分 is 40 minutes,
8〜11月 begins in 8月, a week is 7 days, and the 27日 behind 1月26日 is that month's."""

import re
from collections.abc import Iterable, Iterator

from machi.language.engine.claim_facts import DATE, SAME_UNIT, TIME, Fact, date_fact, inherited, time_fact

_EACH = re.compile(r"[各毎](?P<unit>[回日月年人組個])|(?P<sum>[日月年])額|(?P<hour>時給)")
_HOURS = re.compile(r"(?<![\d.:分])(?P<hour>2[0-3]|1?\d)\s*[~?・-]\s*\d{1,2}時")
_TO = re.compile(r"\s*(?:から|[~?-])\s*")
_SERIES = re.compile(
    r"(?<![\d.])(?P<numbers>\d+(?:[年月日歳回]?\s*[~?・、-]\s*\d+)+)(?P<unit>年生|[かカヶ箇]月|[月日歳回人組点番])"
)
_LATER_DAY = re.compile(r"(?<![\d月./])(?P<day>3[01]|[12]\d|[1-9])日(?![間前後目])")


_IN = {
    ("時間", "分"): 60,
    ("週間", "日"): 7,
    ("年", "か月"): 12,
    ("割", "%"): 10,
    ("km", "m"): 1000,
    ("m", "cm"): 100,
}
"""How many of the smaller unit make one of the larger."""


def converted(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The figures in their other units: 1週間 is 7日, 90分 is 1.5時間."""
    for fact in facts:
        if fact[0] != "figure":
            continue
        for (larger, smaller), many in _IN.items():
            if fact[2] == larger:
                yield ("figure", f"{float(fact[1]) * many:g}", smaller, fact[3])
            elif fact[2] == smaller:
                yield ("figure", f"{float(fact[1]) / many:g}", larger, fact[3])


def implied_by(text: str) -> Iterator[Fact]:
    """``text`` as ``claim_facts.written`` gives it."""
    text = inherited(text)
    for found in _EACH.finditer(text):
        yield ("figure", "1", found["unit"] or found["sum"] or "時間", "")
    for found in _SERIES.finditer(text):  # 小学3年〜6年生, 3・4月, 40・50・60歳
        for number in re.findall(r"\d+", found["numbers"]):
            yield ("figure", str(int(number)), SAME_UNIT.get(found["unit"], found["unit"]), "")
    for found in _HOURS.finditer(text):  # 9〜17時
        yield ("time", str(60 * int(found["hour"])))
    yield from _lengths(text)
    for line in text.splitlines():
        yield from _of_dates(line)


def _lengths(text: str) -> Iterator[Fact]:
    before: re.Match[str] | None = None
    for found in TIME.finditer(text):
        if before is not None and _TO.fullmatch(text, before.end(), found.start()):
            minutes = int(time_fact(found)[1]) - int(time_fact(before)[1])
            if minutes > 0:
                length = ("figure", str(minutes), "分", "")
                yield length
                yield from converted([length])
        before = found


def _of_dates(line: str) -> Iterator[Fact]:
    dates = list(DATE.finditer(line))
    for found in dates:
        _kind, year, month, day = date_fact(found)
        yield ("figure", month, "月", "")
        yield ("figure", day, "日", "")
        if year:
            yield ("year", year, "")
    for later in _LATER_DAY.finditer(line):
        last = next((one for one in reversed(dates) if one.end() <= later.start()), None)
        if last is not None:
            _kind, year, month, day = date_fact(last)
            if int(later["day"]) > int(day):
                yield ("date", year, month, later["day"])
