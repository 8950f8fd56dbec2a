"""Until when a passage may be offered as current, judged from the dates it names.

Rules made for municipal notices: an event is current until its last day, a call for applications until its
deadline or event, whichever is later. What speaks only of beginnings, of the past, of birthdays and reference
days, of holidays or of every year does not expire. A section without dates takes those of the text around it
(「費用：400円」 under an event is no more current than the event), and an announcement whose sections hold the
dates lasts as long as the last of them. In doubt an event expires; standing information does not.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from machi.language.engine.dates import DateSpan, find_dates
from machi.language.engine.types import Passage

UNDATED_EVENT = timedelta(days=92)
"""How long an entry of an events column that names no date is taken as current: one season."""
_FAR = timedelta(days=400)
"""A date further off than the next year's (「償還は令和12年」) does not keep a notice current."""

_Headings = tuple[str, ...]

_NOT_AN_END_AFTER = re.compile(
    r"[)）\s]*(?:(?:日)?現在|時点|付け?(?![き随])|号|発行|生まれ|生れ|以前|より前|以降|施行"
    r"|まで?に?[^。\n]{0,12}た(?:人|方|者|子|世帯|住宅|建物|場合)|[^。\n]{0,8}生まれ"
    r"|は[^。\n]{0,15}(?:の日|記念日|デー)"
    r"|[^。、\n]{0,12}(?:施行|改正|開始|オープン|開館し|開所|開設し|スタート|変更|変わ|適用|切り替|移転)"
    r"|[^。、\n()（）]{0,8}(?:を?除|は?(?:お?休み|休館|休業|閉庁|閉館|休所|定休|休診)))"
)
_NOT_AN_END_BEFORE = re.compile(
    r"(?:移転|開始|施行|発行|発売|適用|オープン)日[：:][^。\n]{0,6}$"
    r"|(?:毎年|例年|毎回)[^。\n]{0,6}$|(?:休館日?|休業日?|定休日?|休み|休診日?)[：:は、\s]*[^。\n]{0,36}$"
)
_EXTRA = re.compile(r"臨時")
_DATED_FIELD = re.compile(
    r"[・\s]*[^：:]{0,8}(?:日時|日程|日にち|期間|期日|会期|開催|開設日|実施日|とき|締切|締め切り|期限|終了日|まで)"
    r"[^：:]{0,8}[：:]"
)
_LINE = 300
"""A field's label is looked for this far before its date."""
_EVENT = re.compile(
    r"開催|募集|申し?込|参加|先着|抽選|定員|講座|教室|イベント|催し|まつり|祭|フェス|大会|講演|締切|実施します|行います"
)
_STANDING = re.compile(
    r"(?:開館|開所|利用|受付|営業|開庁|診療)(?:時間|日)|休館日|毎月|毎週|毎日|常時|随時|通年|年中|いつでも|平日"
)


def valid_until(
    passages: Sequence[Passage], published: date | None, *, event: bool = False
) -> list[date | None]:
    """The last day on which each passage of one document may be offered as current; None for no end.

    ``published`` is the document's date. ``event`` says that it stands in a column of events or courses.
    """
    reference = published or _first_named_day(passages)
    parts: dict[_Headings, list[str]] = {}
    for passage in passages:
        parts.setdefault(passage.headings, []).append(passage.text)
        for depth in range(len(passage.headings)):
            parts.setdefault(passage.headings[:depth], [])
    texts = {headings: "\n".join(part) for headings, part in parts.items()}
    ends: dict[_Headings, date] = {}
    for headings, text in texts.items():
        named = [day for part in (*headings[-1:], text) for day in _ends(part, reference, published)]
        if named:
            ends[headings] = _last(named, reference)
    below = _last_below(ends)
    column = published if event else None
    untils = {headings: _until(headings, ends, below, texts, column) for headings in texts}
    return [untils[passage.headings] for passage in passages]


def whole_until(untils: Sequence[date | None]) -> date | None:
    """The document's own last day: the latest of its passages', or None where any has no end."""
    days = [day for day in untils if day is not None]
    return max(days) if days and len(days) == len(untils) else None


def _last_below(ends: dict[_Headings, date]) -> dict[_Headings, date]:
    """The last end among the sections below each heading."""
    below: dict[_Headings, date] = {}
    for headings, end in ends.items():
        for depth in range(len(headings)):
            below[headings[:depth]] = max(end, below.get(headings[:depth], end))
    return below


def _until(
    headings: _Headings,
    ends: dict[_Headings, date],
    below: dict[_Headings, date],
    texts: dict[_Headings, str],
    column: date | None,
) -> date | None:
    for depth in range(len(headings), -1, -1):
        if headings[:depth] in ends:
            return ends[headings[:depth]]
    if headings in below and (column or _announces(texts[headings])):
        return below[headings]
    return column + UNDATED_EVENT if column else None


def _announces(text: str) -> bool:
    """Whether ``text`` speaks of an event and not of standing services."""
    return _EVENT.search(text) is not None and _STANDING.search(text) is None


def _first_named_day(passages: Sequence[Passage]) -> date | None:
    spans = (span for passage in passages for span in find_dates(passage.text, None))
    return next((span.first or span.last for span in spans), None)


def _ends(text: str, reference: date | None, published: date | None) -> Iterator[date]:
    for span in find_dates(text, reference):
        if span.last is None or (published is not None and span.last < published):
            continue
        if _is_end(text, span, lasting=published is None):
            yield span.last


def _is_end(text: str, span: DateSpan, *, lasting: bool) -> bool:
    """Whether after this date what the text says is over.

    A month alone, or any date in an undated (``lasting``) document, counts only as a stretch, a deadline or
    a dated field.
    """
    before, after = text[max(0, span.start - 40) : span.start], text[span.end : span.end + 30]
    closed = _NOT_AN_END_AFTER.match(after) or _NOT_AN_END_BEFORE.search(before)
    if closed and not _EXTRA.search(before[-10:] + after[:12]):
        return False
    if span.precision == "day" and not lasting:
        return True
    several = span.first is None or _unit(span.first, span) != _unit(span.last, span)
    line = text[max(text.rfind("\n", 0, span.start) + 1, span.start - _LINE) : span.start]
    return bool(_DATED_FIELD.match(line)) or (several and (span.has_year or not lasting))


def _unit(day: date | None, span: DateSpan) -> tuple[int, ...]:
    """``day``, or only its month where that is all the text names."""
    return () if day is None else (day.year, day.month, day.day if span.precision == "day" else 0)


def _last(days: Sequence[date], reference: date | None) -> date:
    near = [day for day in days if reference is None or day <= reference + _FAR]
    return max(near or days)
