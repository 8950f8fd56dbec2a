"""Every date of a view, and what the trained recogniser looks at to tell dates of birth from others."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from machi.language.engine.eras import number, western_year
from machi.language.engine.personal.birth_dates import (
    DAY_OF_YEAR,
    ENGLISH_DATE,
    FULL_ERA,
    MISREAD_DATE,
    NUM,
    OLD_DATE,
    YEAR,
    exists,
    whole_date,
)
from machi.language.engine.personal.name_lists import cell_headings
from machi.language.engine.personal.name_words import LABEL, RELATION, TITLE

_SHAPES = {
    "whole": re.compile(whole_date(1)),
    "english": re.compile(ENGLISH_DATE),
    "old": re.compile(OLD_DATE),
    "misread": re.compile(MISREAD_DATE),
    "short": re.compile(
        r"(?<![0-9A-Za-z./-])[0-9]{1,2}([./])(?:0?[1-9]|1[0-2])\1(?:[12][0-9]|3[01]|0?[1-9])(?![0-9A-Za-z./-])"
    ),
    "code": re.compile(
        r"(?<![0-9A-Za-z-])[1-5][.-]?[0-9]{2}[.-]?(?:0[1-9]|1[0-2])[.-]?(?:0[1-9]|[12][0-9]|3[01])(?![0-9A-Za-z-])"
    ),
    "bare": re.compile(
        rf"(?<![0-9A-Za-z年])[0-9]{{1,2}} ?年 ?[0-9]{{1,2}} ?月 ?[0-9]{{1,2}} ?日"
        rf"|(?<![〇一二三四五六七八九十0-9A-Za-z成和正治])[〇一二三四五六七八九十]{{1,3}}年の?{NUM}月の?{NUM}日"
    ),
    "month": re.compile(rf"(?<![0-9A-Za-z年]){YEAR} ?{NUM} ?月"),
    "day": re.compile(rf"(?<![0-9A-Za-z年一二三四五六七八九十]){DAY_OF_YEAR}"),
    "year": re.compile(rf"(?<![0-9A-Za-z年]){YEAR}"),
    "slash": re.compile(r"(?<![0-9A-Za-z/.-])(?:1[0-2]|0?[1-9])/(?:3[01]|[12][0-9]|0?[1-9])(?![0-9/.-])"),
    "letter": re.compile(r"(?<![0-9A-Za-z])[SHRTM][0-9]{1,2}(?![0-9A-Za-z./-])"),
}
"""The shapes a date may have, the whole ones first: a part of one is no other."""
_YEAR = re.compile(
    r"(?:西暦)?(?P<era>明治|大正|昭和|平成|令和|[ァ-ヶー]{3,5}|[A-Z][a-z]+|[MTSHR明大昭平令])?[ .・]*"
    r"(?P<year>元|[0-9]{4}(?![0-9])|[0-9]{1,2}(?![0-9])|[〇一二三四五六七八九十]+)"
)
_SAID = {
    "born": re.compile(
        r"生年月日|セイネンガッピ|誕生|生まれ|うまれ|出生|birth|born|DOB|nasc|nacim|(?<![一-鿿])生(?![一-鿿])",
        re.IGNORECASE,
    ),
    "done": re.compile(
        r"施行|改正|交付|有効|期限|開催|受付|申請|届出|発行|契約|着工|死亡|死去|没|異動|転入|転出|取得|喪失|納|認定|訪問|退院|入院"
        r"|作成|更新|提出|決裁|開始|終了|予定|締切|まで|から|以降|以前|より|現在|付け|休館|会議|実施|採用|開設|設立|竣工"
    ),
    "kin": re.compile(rf"(?<![一-鿿]){RELATION}"),
    "age": re.compile(r"満?[0-9一二三四五六七八九十]{1,3}[歳才]"),
    "label": re.compile(LABEL),
    "title": re.compile(TITLE),
    "range": re.compile(r"から|~|まで|以降|以前|より"),
    "sex": re.compile(r"[男女]"),
}
_NEAR, _FAR = 8, 30
_SEEN = str.maketrans("\n ", "⏎_")


@dataclass(frozen=True, slots=True)
class Day:
    """A date, or a part of one, at ``text[start:end]``; ``year`` of our era where it has one."""

    start: int
    end: int
    shape: str
    year: int | None


def days(text: str) -> list[Day]:
    """All dates of a view, in order and without overlaps."""
    taken: list[Day] = []
    for shape, pattern in _SHAPES.items():
        for match in pattern.finditer(text):
            if shape == "whole" and not exists(match[0]):
                continue
            if all(match.end() <= one.start or match.start() >= one.end for one in taken):
                taken.append(Day(*match.span(), shape, _western(match[0])))
    return sorted(taken, key=lambda one: one.start)


def _western(value: str) -> int | None:
    match = _YEAR.match(value)
    if match is None:
        return None
    try:
        year = number(match["year"])
        if match["era"]:
            return western_year(FULL_ERA.get(match["era"], match["era"]), year)
    except (ValueError, KeyError):
        return None
    return year if year > 1800 else None


def features(text: str, dates: Sequence[Day], persons: Sequence[tuple[int, int]]) -> list[list[str]]:
    """One list of features for each of ``dates``; ``persons`` are the spans of the names found."""
    headings = list(cell_headings(text)) if dates else []
    return [list(_of(text, one, index, dates, persons, headings)) for index, one in enumerate(dates)]


def _of(
    text: str,
    one: Day,
    index: int,
    dates: Sequence[Day],
    persons: Sequence[tuple[int, int]],
    headings: Sequence[tuple[int, int, str]],
) -> Iterator[str]:
    for name in _named(text, one, index, dates, persons, headings):
        yield name.translate(_SEEN)


def _named(
    text: str,
    one: Day,
    index: int,
    dates: Sequence[Day],
    persons: Sequence[tuple[int, int]],
    headings: Sequence[tuple[int, int, str]],
) -> Iterator[str]:
    begin, stop = text.rfind("\n", 0, one.start) + 1, text.find("\n", one.end)
    left = text[max(begin, one.start - _FAR) : one.start]
    right = text[one.end : stop if stop >= 0 else len(text)][:_FAR]
    yield "bias"
    yield f"shape={one.shape}"
    decade = "none" if one.year is None else "new" if one.year > 2023 else str((one.year - 1) // 10)
    yield f"year={decade}"
    yield f"year={decade}{one.shape}"
    for size in range(1, 6):
        yield f"l={left[-size:].rjust(size, '^')}"
        yield f"r={right[:size].ljust(size, '$')}"
    yield f"lr={left[-1:]}{right[:1]}"
    yield f"lr2={left[-2:]}{right[:2]}"
    yield f"alone={not left.strip()}{not right.strip()}"
    yield f"all={min(len(dates), 4)}"
    for name, pattern in _SAID.items():
        for side, near, far in (("l", left[-_NEAR:], left), ("r", right[:_NEAR], right)):
            if pattern.search(near):
                yield f"{side}{name}"
                yield f"{side}{name}{one.shape}"
            elif pattern.search(far):
                yield f"{side}far{name}"
        if pattern.search(text):
            yield f"text{name}"
    before = [end for _, end in persons if end <= one.start]
    behind = [start for start, _ in persons if start >= one.end]
    if before and max(before) >= begin:
        gap = text[max(before) : one.start]
        yield f"person-{min(len(gap), 6)}"
        yield f"person-{gap[:6]}"
        yield f"person-{decade}"
        if any(other.start >= max(before) for other in dates[:index]):
            yield "person-other"
    if behind and (stop < 0 or min(behind) < stop):
        yield f"person+{min(min(behind) - one.end, 6)}"
        yield f"person+{text[one.end : min(behind)][:6]}"
    if not persons:
        yield "nobody"
    for start, end, heading in headings:
        if start <= one.start and one.end <= end:
            column = _heading(text, start)
            yield f"cell={heading}"
            yield f"column={column}"
            yield f"column={column}{decade}"


def _heading(text: str, start: int) -> str:
    """What the table's head says above: whether it speaks of births."""
    return "born" if _SAID["born"].search(text[max(0, start - 400) : start]) else "else"
