"""Dates in Japanese text: eras, full-width digits, dates without a year, ranges, lists and deadlines.

Dates are found in three steps: atoms (``4月26日(土)``, ``27日``), then what joins them (``～``, ``・``), then
what follows them (``まで``, ``から``). A day without a month counts where it is joined to a date before it, or
where its weekday tells the month. Exports of bulletins have lost ～ to ``?``; it joins dates all the same.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from machi.language.engine.eras import era_on, number, western_year

Precision = Literal["day", "month"]

# One character for one, so that offsets stay those of the text as written.
_SAME = str.maketrans(
    "０１２３４５６７８９ＲＨＳＴＭ／．－（）？：｡、，\u3000",
    "0123456789RHSTM/.-()?:.,, ",
)
_NUM = r"(?:\d{1,2}|[〇一二三四五六七八九十]{1,3})"
_WEEKDAYS = "月火水木金土日"
_HOLIDAY = "(?:祝日?|休日?|振休|振替休日)"
_YEAR = (
    rf"(?:(?:(?P<era>令和|平成|昭和|大正|明治|[㋿㍻㍼㍽㍾])\s?(?P<ey>元|{_NUM})"
    r"|(?P<wy>(?:19|20)\d\d)|(?P<sy>\d{1,2}))年(?:\s?\([^)\n]{1,12}\))?\s?)?"
)
_LIST_TO_DAY = r"(?=(?:\s?[・,~〜～?-]\s?\d{1,2})+日)"


def _weekday(name: str) -> str:
    """``(土)``, ``(月・祝)``, ``（日曜日）``, ``土曜``, or nothing."""
    in_brackets = rf"\s?\((?P<{name}>[{_WEEKDAYS}])?(?:曜日?)?[・/,]?\s?{_HOLIDAY}?\)"
    return rf"(?:{in_brackets}|\s?(?P<{name}2>[{_WEEKDAYS}])曜日?)?"


_ATOM = re.compile(
    "|".join(
        (
            # 令和7年4月1日(火), 4月1日, 4月上旬, 4月
            rf"(?<![\d.]){_YEAR}(?P<m>{_NUM})月(?![間目号分額刊給曜毎]|以[上内下]|未満|経過|ごと)"
            r"(?P<part>上旬|初旬|中旬|下旬|末)?"
            rf"(?:(?<!旬)(?<!末)\s?(?P<d>{_NUM})(?:日(?!間){_weekday('w')}|{_LIST_TO_DAY}))?",
            # 2025.4.1, R7/4/1
            r"(?<![\w.])(?:(?P<ny>(?:19|20)\d\d)|(?P<nera>[RHSTM])\.?\s?(?P<ney>\d{1,2}))(?P<sep>[./-])\s?"
            rf"(?P<nm>\d{{1,2}})(?P=sep)\s?(?P<nd>\d{{1,2}})(?!\d){_weekday('nw')}",
            # 4/1(火): a bare 4/1 may be a fraction
            rf"(?<![\d/.])(?P<sm>\d{{1,2}})/(?P<sd>\d{{1,2}})(?=\s?\([{_WEEKDAYS}祝休]){_weekday('sw')}",
            # 6～12月
            r"(?<![\d.年月])(?P<om>\d{1,2})(?=\s?[・~〜～?-]\s?\d{1,2}月(?![間目分額曜]))",
            # 27日, after a date, or 27日(木) alone
            rf"(?:(?<![\d月.])|(?<=翌月))(?P<od>\d{{1,2}})(?:日(?![間前後目分]|以[内上]|連続){_weekday('ow')}|{_LIST_TO_DAY})",
        )
    )
)
_TIME = r"(?:\s?,?\s?(?:午前|午後|正午|深夜)?\s?(?:\d{1,2}(?:時半?|:\d\d)(?:\d{1,2}分)?)?(?:頃|ごろ)?)"
_TO = re.compile(rf"{_TIME}\s?(?:[~〜～–—−‐?ー-]|から|より)\s?(?P<next>翌[年月]?)?\s?")
_AND = re.compile(rf"{_TIME}\s?(?:[・,､]|と|および|及び|または|又は)\s?")
_UNTIL = re.compile(
    rf"{_TIME}\s?(?:\(?(?:[^\s()。]{{0,4}}(?:必着|消印有効|締切|締め切り|〆切))"
    r"|(?:頃|ごろ|末|中)?まで|が?(?:締切|締め切り|期限))"
)
_FROM = re.compile(
    r"\s?(?:から|より(?!前)|以降|以後|(?:に|を)?(?:開始|スタート)|[~〜～](?!\s?\d))"
    rf"|{_TIME}\s?から[^。\n]{{0,8}}?(?:受け?付|申し?込|販売|予約|配布|募集)"
)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """``text[start:end]`` speaks of the days ``first`` to ``last``, both inclusive.

    ``first`` is None for a deadline alone (``5月10日まで``), ``last`` is None for a beginning alone
    (``4月1日から``).
    """

    start: int
    end: int
    first: date | None
    last: date | None
    precision: Precision = "day"
    has_year: bool = False
    """Whether the text itself names the year (for a range: of its first date)."""


@dataclass(frozen=True, slots=True)
class _Atom:
    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    weekday: int | None
    part: str

    def days(self, year: int, month: int) -> tuple[date, date] | None:
        """First and last day meant, or None where the calendar has no such day."""
        length = calendar.monthrange(year, month)[1]
        if self.day is not None:
            if not 1 <= self.day <= length:
                return None
            return date(year, month, self.day), date(year, month, self.day)
        low, high = {
            "上旬": (1, 10),
            "初旬": (1, 10),
            "中旬": (11, 20),
            "下旬": (21, length),
            "末": (length, length),
        }.get(self.part, (1, length))
        return date(year, month, low), date(year, month, high)


def find_dates(text: str, reference: date | None) -> list[DateSpan]:
    """The dates of ``text`` in order.

    A date without a year is the one nearest ``reference`` (the day the text was published), a day to come
    being twice as near as one gone by; a weekday in brackets decides where it can. Without a reference the
    last date with a year takes its place, and before there is one, dates without a year are not found.
    """
    plain = text.translate(_SAME)
    spans: list[DateSpan] = []
    joined: _Atom | None = None
    seen: date | None = None
    for atom in _atoms(plain, reference):
        gap = plain[joined.end : atom.start] if joined else "."
        to, also = _TO.fullmatch(gap), _AND.fullmatch(gap)
        before = spans[-1] if (to or also) and spans else None
        anchor = (before.last or before.first) if before else None
        whole = atom if atom.month else _completed(atom, anchor, to) or _by_weekday(atom, reference or seen)
        days = _resolve(whole, anchor or reference or seen, after=anchor if to else None) if whole else None
        if whole is None or days is None:
            continue
        first, last = days
        if to and before and before.first and before.first <= first:
            spans[-1] = replace(before, end=whole.end, last=last)
        else:
            precision: Precision = "day" if whole.day else "month"
            has_year = atom.year is not None or (before is not None and before.has_year)
            spans.append(DateSpan(whole.start, whole.end, first, last, precision, has_year))
        joined = whole
        seen = first if whole.year else seen
    return [_bounded(span, plain) for span in spans]


def parse_date(text: str) -> date | None:
    """The day that a cell or a header names (the first of a month for ``2025年6月``), or None."""
    spans = find_dates(text, None)
    return spans[0].first or spans[0].last if spans else None


def _atoms(plain: str, reference: date | None) -> Iterator[_Atom]:
    for found in _ATOM.finditer(plain):
        get = found.groupdict().get
        year = None
        if get("wy") or get("ny"):
            year = int(get("wy") or get("ny") or 0)
        elif get("era") or get("nera"):
            year = western_year(str(get("era") or get("nera")), number(str(get("ey") or get("ney"))))
        elif get("sy") and reference:  # 「7年3月末」 in a text that said 令和 before
            short = western_year(era_on(reference), int(str(get("sy"))))
            year = short if abs(short - reference.year) <= 10 else None
        month = get("m") or get("nm") or get("sm") or get("om")
        day = get("d") or get("nd") or get("sd") or get("od")
        weekday = (
            get("w")
            or get("w2")
            or get("nw")
            or get("nw2")
            or get("sw")
            or get("sw2")
            or get("ow")
            or get("ow2")
        )
        yield _Atom(
            found.start(),
            found.end(),
            year,
            number(month) if month else None,
            number(day) if day else None,
            _WEEKDAYS.index(weekday) if weekday else None,
            get("part") or "",
        )


def _completed(day_only: _Atom, anchor: date | None, to: re.Match[str] | None) -> _Atom | None:
    """「27日」 after 「26日」 takes the month and year of that date; in a range also of the month after."""
    if anchor is None or day_only.day is None:
        return None
    goes_on = day_only.day < anchor.day or bool(to and to["next"] == "翌月")
    if goes_on and to is None:
        return None
    months = anchor.year * 12 + anchor.month - 1 + goes_on
    return replace(day_only, year=months // 12, month=months % 12 + 1)


def _by_weekday(day_only: _Atom, reference: date | None) -> _Atom | None:
    """「20日(木)」 alone: of the month before ``reference`` to three months after, the nearest that fits."""
    if reference is None or day_only.day is None or day_only.weekday is None:
        return None
    first = reference.year * 12 + reference.month - 1
    options = [
        replace(day_only, year=month // 12, month=month % 12 + 1) for month in range(first - 1, first + 4)
    ]
    days = ((_resolve(option, reference, None), option) for option in options)
    fitting = [(day, option) for day, option in days if day and day[0].weekday() == option.weekday]
    return min(fitting, key=lambda pair: _distance(pair[0], reference), default=(None, None))[1]


def _resolve(atom: _Atom, reference: date | None, after: date | None) -> tuple[date, date] | None:
    """First and last day of ``atom``, its year found where it names none; None for no such day."""
    if atom.month is None or not 1 <= atom.month <= 12:
        return None
    if atom.year is not None:
        return atom.days(atom.year, atom.month)
    if reference is None:
        return None
    near = reference if after is None else after
    options = [days for year in range(near.year - 4, near.year + 5) if (days := atom.days(year, atom.month))]
    if after is not None:
        options = [days for days in options if days[0] >= after or days[0] <= after <= days[1]]
    fitting = [days for days in options if atom.weekday is None or days[0].weekday() == atom.weekday]
    return min(fitting or options, key=lambda days: _distance(days, near), default=None)


def _distance(days: tuple[date, date], reference: date) -> int:
    """Days from ``reference`` to the stretch, those gone by counting double."""
    first, last = days
    if first <= reference <= last:
        return 0
    return (first - reference).days if first > reference else 2 * (reference - last).days


def _bounded(span: DateSpan, plain: str) -> DateSpan:
    if span.first is None or span.last is None or (span.last > span.first and span.precision == "day"):
        return span
    if _UNTIL.match(plain, span.end):
        return replace(span, first=None)
    if _FROM.match(plain, span.end):
        return replace(span, last=None)
    return span
