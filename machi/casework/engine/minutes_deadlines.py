"""Until when: the day that a sentence of a meeting names, also where it is told from the day of the meeting.

Dates with a month are read by ``machi.language.engine.dates``; here stand besides the ways in which people in a room
say it: 明後日まで, 来週の金曜日, 今月末, 年内, 18日までに, 17時までに, 次の定例で. A week begins on Monday.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from machi.language.engine.dates import find_dates

_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_WEEKDAYS = "月火水木金土日"
_NUMBER = r"(?:\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
"""Also as a clerk types it: 二十五日."""
_DIGITS = "一二三四五六七八九"
_MEETING = r"(?:会議|会合|打ち?合わ?せ|定例会?|庁議|交渉|[一-龥]{1,4}会|会)"
_FRIDAY = 4
_RELATIVE = re.compile(
    rf"(?P<of_month>{_NUMBER})月の、?\s?(?:(?P<of_day>{_NUMBER})日|(?P<of_end>末))"
    rf"|(?P<week_on>来週|再来週)の(?={_MEETING})|(?P<holidays>連休明け)"
    r"|(?P<today>今夜|今晩|今夕|この[あ後]と?(?=[、すで])|(?:暗くなる|夜になる|帰る)前|(?<!の)(?<!お)(?:お?昼|夕方|夜|晩)(?=まで)|(?<![のら\d一二三四五六七八九十])(?:午[前後])?"
    + _NUMBER
    + r"時(?:半|\d{1,2}分)?(?=まで|前))"
    r"|(?P<day>明朝|翌朝|今日|本日|明日|あした|あす|明後日|あさって|明々後日|しあさって)"
    rf"|(?P<week>今週|来週|再来週|翌週)(?:の?(?P<weekday>[{_WEEKDAYS}])曜?日?(?![間前後])|(?P<in_week>中|末|いっぱい)|(?=まで))"
    rf"|(?P<month>今月|当月|来月|翌月|再来月)の?(?:(?P<month_day>{_NUMBER})日|(?P<month_part>上旬|中旬|下旬|末|中|いっぱい))"
    r"|(?<![\d月年今来翌])(?P<end>月末)|(?P<fiscal>今?年度末|年度内|年度中)|(?P<year>年内|今年中|年末)"
    rf"|(?P<next_year>来年|翌年)(?P<next_month>{_NUMBER})月(?:(?P<next_day>{_NUMBER})日|(?P<next_end>末))?"
    rf"|(?P<count>{_NUMBER})(?P<unit>日|週間|か月|ヶ月|カ月)(?:以内|後)"
    rf"|(?<![今来週の（(\d])(?P<next>[{_WEEKDAYS}])曜日?(?=まで|中[にで]|に|、|の(?:午[前後]|朝|昼|夕|晩)|なら)"
    rf"|(?<![\d月年一二三四五六七八九十第])(?P<bare>{_NUMBER})日(?![間前後目分以号])"
)
_PART_OF_DAY = (
    r"(?:の?(?:お?昼|朝(?:イチ|一番?|いち)?|夕方|晩|夜|正午|午[前後]中?(?:"
    + _NUMBER
    + r"時半?)?|"
    + _NUMBER
    + r"時半?)"
    r")?(?:頃|ごろ|くらい|ぐらい|あたり)?"
)
_DUE = re.compile(
    rf"\s?(?:（[^）]{{1,6}}）|\([^)]{{1,6}}\)|の[{_WEEKDAYS}]曜日?)?(?:の、?[一-龥]{{0,3}}{_MEETING})?{_PART_OF_DAY}\s?"
    r"(?:(?P<until>まで|中に|中(?=[にで、])|いっぱい|を?(?:めど|目途|期限|締切|締め切り)|必着|以内)|(?P<at>に(?!は(?!お))|で(?=お)|とし|です|には|なら|やな|だな|だね|、|で(?=[。でやき])))"
)
_NEXT = re.compile(
    rf"(?:次回(?:の?{_MEETING})?|次の(?:会|回|{_MEETING})|来月の{_MEETING}|\d{{1,2}}月の{_MEETING})(?:まで|に(?=[^は])|で(?=[^す、])|、?(?=[おご][一-龥]))"
)
_MONTH_OF = re.compile(rf"(?<=月)の、?(?:{_NUMBER}日|末|{_MEETING})")
_DEADLINE_BEFORE = re.compile(r"(?:期限|締切|締め切り|〆切)(?:は|が)[、\s]?$")
_NO_DAY = re.compile(r"号|付け|現在|から|以降|付|の(?:会議|広報)を|(?:の)?[^。、]{0,4}曜日で")
_BEFORE_DARK = re.compile(r"時(?:半|\d{1,2}分)?$|前$|連休明け$|今[夜晩夕]$|^再?来週の$")
"""A part of this day, or a meeting, that is a deadline by itself."""
_DAY_ALONE = re.compile(r"^(?:今日|本日|明日|あした|あす|明後日|あさって)$")
_TOLD_OF = re.compile("の(?![お昼朝夕夜晩午帰う])|[はもがと]")
"""Behind 今日 where it is only told of (今日は、今日の)."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """``text[start:end]`` says until when; ``day`` is None where only 次回 (the next meeting) is said."""

    start: int
    end: int
    day: date | None
    words: str
    until: bool = True
    """Said as a deadline (までに, 中に); else only a day on which it is to be (16日に)."""


@dataclass(frozen=True, slots=True)
class _Day:
    start: int
    end: int
    day: date


def deadline_in(text: str, held_on: date | None) -> Deadline | None:
    """Until when what ``text`` speaks of is to be done, or None. ``held_on``: the day on which it was said; without
    it only days are found that need none. Where several stand there, the last with まで or the like; then the last."""
    text = text.translate(_WIDE)
    best: tuple[int, Deadline] | None = None
    for day in _days(text, held_on):
        rank = _rank(text, day)
        if rank and (best is None or rank >= best[0]):
            best = rank, Deadline(day.start, day.end, day.day, text[day.start : day.end], rank == 2)
    if best is None and (found := _NEXT.search(text)):
        return Deadline(found.start(), found.end(), None, found[0])
    return best[1] if best else None


def _rank(text: str, day: _Day) -> int:
    """2: a deadline by its words; 1: a day on which it is to be done; 0: neither."""
    within = text[day.start : day.end]
    if "まで" in within or "必着" in within or _DEADLINE_BEFORE.search(text[: day.start]):
        return 2
    if re.search(r"[中内末]$|いっぱい$", within) and text[day.end : day.end + 1] in "にで、。":
        return 2
    if _NO_DAY.match(text, day.end):
        return 0
    if _BEFORE_DARK.search(within):
        return 2
    due = _DUE.match(text, day.end)
    if due is not None:
        return 2 if due["until"] else 1
    return int(_DAY_ALONE.search(within) is not None and _TOLD_OF.match(text, day.end) is None)


def _days(text: str, held_on: date | None) -> Iterator[_Day]:
    dated = [
        _Day(span.start, span.end, day)
        for span in find_dates(text, held_on)
        if (day := span.last or span.first)
        and (span.has_year or held_on)
        # 来年1月末 and 翌月10日 are read below, from the day of the meeting; so is a day without its month.
        and not re.search(r"[来翌]年$|[来翌今当]月$", text[: span.start])
        and (span.has_year or "月" in text[span.start : span.end])
        # 8月の20日 is read below; 6月の委員会 is the next meeting, not the month's end.
        and not _MONTH_OF.match(text, span.end)
    ]
    taken = [(one.start, one.end) for one in dated]
    if held_on is not None:
        for found in _RELATIVE.finditer(text):
            free = all(found.end() <= start or end <= found.start() for start, end in taken)
            if free and (day := _relative(found, held_on)):
                dated.append(_Day(found.start(), found.end(), day))
    # What is past when it is said (4月に件数をとりまして) is no day on which something is to be done.
    yield from sorted(
        (one for one in dated if held_on is None or one.day >= held_on), key=lambda one: one.start
    )


def _relative(found: re.Match[str], held_on: date) -> date | None:
    if found["of_end"]:
        month = _next_such(held_on, _number(found["of_month"]), 28)
        return _in_month(month, None, "末") if month else None
    if found["of_month"]:
        return _next_such(held_on, _number(found["of_month"]), _number(found["of_day"]))
    if found["week_on"]:
        return held_on + timedelta(weeks=2 if found["week_on"] == "再来週" else 1)
    if found["holidays"]:
        return _after_may_holidays(held_on)
    if found["today"]:
        return held_on
    if word := found["day"]:
        steps = {"今日": 0, "本日": 0, "明後日": 2, "あさって": 2, "明々後日": 3, "しあさって": 3}
        return held_on + timedelta(days=steps.get(word, 1))
    if word := found["week"]:
        weeks = {"今週": 0, "再来週": 2}.get(word, 1)
        monday = held_on - timedelta(days=held_on.weekday()) + timedelta(weeks=weeks)
        named = found["weekday"]
        return monday + timedelta(days=_WEEKDAYS.index(named) if named else _FRIDAY)
    if word := found["month"]:
        month = _month_after(held_on, {"今月": 0, "当月": 0, "再来月": 2}.get(word, 1))
        return _in_month(month, found["month_day"], found["month_part"])
    if found["end"]:
        return _in_month(held_on, None, "末")
    if found["fiscal"]:
        return date(held_on.year + (held_on.month > 3), 3, 31)
    if found["year"]:
        return date(held_on.year, 12, 31)
    if found["next_year"]:
        try:
            month = date(held_on.year + 1, _number(found["next_month"]), 1)
        except ValueError:
            return None
        return _in_month(month, found["next_day"], "末")
    if found["count"]:
        count, unit = _number(found["count"]), found["unit"]
        if unit == "日":
            return held_on + timedelta(days=count)
        if unit == "週間":
            return held_on + timedelta(weeks=count)
        return _same_day(_month_after(held_on, count), held_on.day)
    if word := found["next"]:
        return held_on + timedelta(days=(_WEEKDAYS.index(word) - held_on.weekday() - 1) % 7 + 1)
    day = _number(found["bare"])
    # The next such day: 18日 said on the 9th is this month's, 5日 said on the 9th the next month's.
    return _in_month(held_on if day >= held_on.day else _month_after(held_on, 1), found["bare"], None)


def _number(written: str) -> int:
    """12 or 十二, at most 39."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (10 * (_DIGITS.find(tens) + 1 if tens else 1) if ten else 0) + _DIGITS.find(ones or " ") + 1


def _month_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def _in_month(month: date, day: str | None, part: str | None) -> date | None:
    length = calendar.monthrange(month.year, month.month)[1]
    if day is not None:
        number = _number(day)
        return month.replace(day=number) if 1 <= number <= length else None
    return month.replace(day={"上旬": 10, "中旬": 20}.get(part or "", length))


def _same_day(month: date, day: int) -> date:
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))


def _next_such(held_on: date, month: int, day: int) -> date | None:
    """That day of this year, or of the next where it is long past."""
    for year in (held_on.year, held_on.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            return None
        if found >= held_on - timedelta(days=60):
            return found
    return None


def _after_may_holidays(held_on: date) -> date | None:
    """The first weekday after the holidays of May 3 to 5 (and of the 6th where one of them is a Sunday)."""
    if not date(held_on.year, 3, 15) <= held_on <= date(held_on.year, 5, 6):
        return None
    day = date(held_on.year, 5, 6)
    if any(date(held_on.year, 5, one).weekday() == 6 for one in (3, 4, 5)):
        day += timedelta(days=1)
    while day.weekday() > _FRIDAY:
        day += timedelta(days=1)
    return day


def day_named(text: str, held_on: date | None) -> Deadline | None:
    """A day that stands in ``text``, whatever is said of it: the last; for the answer to いつまでですか."""
    text = text.translate(_WIDE)
    days = list(_days(text, held_on))
    return (
        Deadline(days[-1].start, days[-1].end, days[-1].day, text[days[-1].start : days[-1].end])
        if days
        else None
    )
