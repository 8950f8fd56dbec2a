"""Figures, days and duties of a document, each with its place: what a summary must not lose.

A duty is a sentence by which somebody has to do something (しなければならない, してください, ものとする). Who: the
subject that the sentence names, else the heading above it. By when: a day (``machi.language.engine.dates``) or a span
such as 14日以内.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from machi.language.engine.dates import find_dates
from machi.language.engine.guard import is_instruction
from machi.language.engine.units import split_units

_SAME = str.maketrans("０１２３４５６７８９，．％", "0123456789,.%")
_FIGURE = re.compile(
    r"(?P<about>約|およそ|延べ|最大|最低|上限)?\s?(?P<number>\d[\d,]*(?:\.\d+)?(?:\s?[兆億万千百]\s?\d*[\d,]*(?:\.\d+)?)*)\s?"
    r"(?P<unit>円|人(?!口)|名(?!前|称)|件|%|パーセント|ポイント|か所|ヶ所|カ所|箇所|ヘクタール|ha|平方メートル|㎡|m2|キロメートル|km|メートル|"
    r"トン|kg|キログラム|リットル|kWh|世帯|戸|棟|回(?!答)|台|校|団体|社(?!会)|倍|割(?!合)|歳|時間|日間|か月|ヶ月|カ月|週間|年間|点|冊|本|枚|区画|組|頭|人分)"
    r"(?P<bound>以上|以下|未満|以内|超|程度|(?:増|減)(?![らやえっ少加]))?"
)
_MUST = re.compile(
    r"なければ(?:ならない|なりません)|ねばならない|必要(?:があ|が有|です|とな)|(?:て|で)(?:ください|下さい)|(?:ご|お|御)[^\s、。]{1,8}(?:ください|下さい)|義務|ものとする|ことと(?:する|します)"
    r"|(?:を|に|へ)?(?:提出|届け?出|報告|申請|納付|納入|返却|返還|通知|公表|策定|点検|実施|更新|整備|設置|見直)(?:する|します|すること|を行う|を行います|を義務)[。]?$"
    r"|すること[。]?$|お願いします|努め(?:る|なければ|ます)|受けてください"
)
_WHO = re.compile(
    r"(?:^|[、。\s「（(])(?P<who>[^、。\s「」（）()0-9０-９]{0,24}?(?:者|人|市|町|村|区|県|国|課|部|局|室|所|署|会|委員会|団体|法人|事業者|世帯主|保護者|住民|市民|町民|村民|職員|学校|施設|会社|方|親|長|管理者|業者|皆さん|皆様))"
    r"(?:は|が|に(?:は|おいて)?|において|も)(?=[^。])"
)
_WITHIN = re.compile(
    r"(?:[^\s、。]{0,12}(?:から|後|以後|より))?\s?[0-9０-９]{1,3}(?:日|か月|ヶ月|カ月|週間|年|時間)(?:以内|前まで)(?:に)?|速やかに|直ちに|遅滞なく|毎年度?[0-9０-９]{1,2}月(?:末日?)?(?:まで)?|年度内(?:に)?|当日中"
)
_LONGEST = 240
_MOST = 300


@dataclass(frozen=True, slots=True)
class Figure:
    """``text[start:end]``, in the sentence ``text[within[0]:within[1]]``."""

    start: int
    end: int
    words: str
    unit: str
    sentence: str
    within: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Day:
    start: int
    end: int
    words: str
    first: date | None
    last: date | None
    """As ``DateSpan``: a deadline alone has no first day, a beginning alone no last."""
    sentence: str
    within: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Duty:
    start: int
    end: int
    text: str
    who: str
    """Empty: the sentence does not say."""
    until: str
    """In its words; empty: no day is named."""
    day: date | None


def figures(text: str) -> Iterator[Figure]:
    """Each figure with a unit, once a sentence, at most 300."""
    count = 0
    for start, end, sentence, _heading in _units(text):
        seen: set[str] = set()
        for found in _FIGURE.finditer(sentence.translate(_SAME)):
            words = sentence[found.start() : found.end()].strip()
            if words in seen or count == _MOST:
                continue
            seen.add(words)
            count += 1
            low = start + found.start() + len(found[0]) - len(found[0].lstrip())
            yield Figure(low, start + found.end(), words, found["unit"], sentence, (start, end))


def days(text: str, published: date | None) -> Iterator[Day]:
    """Each day or span of days with a month or finer, at most 300; the same wording once a sentence."""
    spans = find_dates(text, published)
    at = 0
    units = list(_units(text))
    count = 0
    for span in spans:
        while at < len(units) and units[at][1] <= span.start:
            at += 1
        if at == len(units) or count == _MOST:
            return
        start, end, sentence, _heading = units[at]
        if start <= span.start:
            count += 1
            yield Day(
                span.start,
                span.end,
                text[span.start : span.end],
                span.first,
                span.last,
                sentence,
                (start, end),
            )


def duties(text: str, published: date | None) -> Iterator[Duty]:
    """Who must do what by when, at most 300."""
    count = 0
    for start, end, sentence, heading in _units(text):
        if (
            count == _MOST
            or not _MUST.search(sentence)
            or len(sentence) > _LONGEST
            or is_instruction(sentence)
        ):
            continue
        who = _WHO.search(sentence)
        until, day = _until(sentence, published)
        named = who["who"] if who else _subject_of(heading)
        if not named and not until:
            continue  # an appeal to nobody, with no day, is no duty that a summary must keep
        count += 1
        yield Duty(start, end, sentence, named, until, day)


def _until(sentence: str, published: date | None) -> tuple[str, date | None]:
    for span in find_dates(sentence, published):
        if span.last and (span.first is None or "まで" in sentence[span.start : span.end + 8]):
            return sentence[span.start : span.end], span.last
    if found := _WITHIN.search(sentence):
        return found[0], None
    return "", None


def _subject_of(heading: str) -> str:
    """対象者 of 「対象者の義務」: a heading that names who, and nothing else."""
    found = re.fullmatch(
        r"[■●◆○第\d条\s（(]*(?P<who>[^\s（）()の]{1,16}(?:者|人|方|市|町|課|保護者|事業者))(?:の(?:責務|義務|役割|皆さん(?:へ)?))[）)]?",
        heading,
    )
    return found["who"] if found else ""


def _units(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Start, end and words of each sentence, and the heading above it."""
    units = split_units(text)
    for unit in units:
        if not unit.is_heading:
            yield unit.start, unit.end, unit.text, units[unit.path[-1]].text if unit.path else ""
