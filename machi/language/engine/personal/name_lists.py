"""Names in tables and in lists: below a heading, beside others of their like, and said again later in a text."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence

from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.lexicon import is_common, is_person, is_place, is_surname
from machi.language.engine.personal.name_words import LABEL, NO_NAME, ORGANISATION, RELATION, ROLE, SURE_LABEL
from machi.language.engine.personal.tables import cells

_KANJI, _KATAKANA = "一-鿿々〆ヶヵ𠀀-𯿿", "ァ-ヺー"
_NAMED = (
    rf"(?:{SURE_LABEL}|氏名.{{0,6}}|世帯主|担当者?|代表者"
    rf"|[{_KANJI}]{{0,6}}(?:者|人|児|童|徒|長|員|手|師|主|親|生|患者)氏?名(?:\(.{{1,6}}\))?|セイ|メイ)"
)
_PERHAPS = (
    rf"[{_KANJI}]{{0,4}}(?:保護者|申請者|申込者|利用者|参加者|受講者|出席者|対象者|滞納者|担任|会長|委員|選手|職員|講師|班長|区長"
    rf"|児童|園児|生徒|患者|本人|父|母|相談者|届出人|受取人|借受人|会員|役員)"
)
_ELSEWHERE = re.compile(
    r".{0,6}(?:校区|学区|地区|町名?|区分|住所|所在地|施設|団体|会社|法人|事業所|品名|商品|資産|機器|場所|支店|店舗|学校|路線|駅|河川|続柄|摘要"
    r"|件名|書名|図書|科目|内容|行事|番号|金額|単価|数量|件数|性別|クラス).{0,6}"
)
"""Headings of columns that hold no names, whatever their words look like. What a remark says stays a name."""
_HEADED = re.compile(rf"{_NAMED}|{_PERHAPS}")
_NAME_COLUMN = re.compile(_NAMED)
_SHAPE = (
    rf"(?:[{_KANJI}]{{1,5}}(?: ?[{_KANJI}ぁ-ん{_KATAKANA}]{{1,6}})?|[ぁ-ん]{{2,7}}(?: [ぁ-ん]{{2,7}})?"
    rf"|[{_KATAKANA}]+(?:[・= ][{_KATAKANA}]+)*|[A-ZÀ-Þ][A-Za-zÀ-ỿ'.-]+(?:,? [A-ZÀ-Þ][A-Za-zÀ-ỿ'.-]*)*)"
)
_CELL_NAME = re.compile(_SHAPE)
_ITEM = re.compile(
    rf"(?:^|(?<=\n)) ?(?:\(?[0-9]{{1,3}}[.):]? |[・○●◯□■*-] ?)?(?P<value>{_SHAPE})(?: ?[○×△◎-])?(?=\n|$)"
)
_NO_NAME = re.compile(
    rf"^(?:{NO_NAME}|{LABEL})|.{ORGANISATION}$|(?:一覧|名簿|表|名|計)$|^(?:{RELATION}|{ROLE})$"
)
_OFFICE_LAST = re.compile(rf"(?:{ROLE})$")
_LITTLE = 0.1
COUNTED = "surname in a list of so many persons"
_WORD = rf"(?:[{_KANJI}]{{1,5}}|[{_KATAKANA}]{{2,8}})"
_COUNTED = re.compile(
    rf"(?P<value>{_WORD}(?:[、,・]{_WORD}){{1,9}})(?=の[0-9一二三四五六七八九十]{{1,2}}[名人](?!乗|前|産|物))"
)
_FREE = rf"(?<![{_KANJI}{_KATAKANA}A-Za-z])%s(?![{_KANJI}{_KATAKANA}A-Za-z])"


def _found(start: int, end: int, score: float, reason: str) -> Found:
    return Found(Kind.PERSON, start, end, score, reason)


def columns(text: str) -> Iterator[Found]:
    """The cells below 氏名, and those below 委員 that begin with a surname."""
    if "\n" not in text or not _HEADED.search(text):
        return
    for cell in cells(text, _HEADED):
        sure = _NAME_COLUMN.fullmatch(cell.heading)
        if not (sure or _HEADED.fullmatch(cell.heading)) or not _CELL_NAME.fullmatch(cell.text):
            continue
        if _NO_NAME.search(cell.text) or _HEADED.fullmatch(cell.text):
            continue
        first = cell.text.split(" ")[0]
        if sure or is_surname(first) or (is_person(first) and not is_common(first)):
            yield _found(cell.start, cell.start + len(cell.text), 0.88, "in a table below a heading of names")


def counted(text: str) -> Iterator[Found]:
    """三枝、九十九、四月朔日の三名: all are persons where one is a surname, whatever else the words mean."""
    for match in _COUNTED.finditer(text):
        parts = list(re.finditer(r"[^、,・]+", match["value"]))
        if any(is_surname(part[0]) and not is_place(part[0]) for part in parts):
            for part in parts:
                start = match.start("value") + part.start()
                if is_person(part[0]) and not _NO_NAME.search(part[0]):
                    yield _found(start, start + len(part[0]), 0.7, COUNTED)


def elsewhere(text: str) -> Iterator[tuple[int, int]]:
    """Spans of cells whose heading says that they hold no names."""
    if "\n" not in text or not _ELSEWHERE.search(text):
        return
    for cell in cells(text, _HEADED):
        if _ELSEWHERE.fullmatch(cell.heading) and not _HEADED.fullmatch(cell.heading):
            yield cell.start, cell.start + len(cell.text)


def cell_headings(text: str) -> Iterator[tuple[int, int, str]]:
    """Spans of cells and what their headings say of them: ``name``, ``perhaps``, ``other``, or ``none``."""
    if "\n" not in text:
        return
    for cell in cells(text, _HEADED):
        heading = cell.heading
        yield (
            cell.start,
            cell.start + len(cell.text),
            "name"
            if _NAME_COLUMN.fullmatch(heading)
            else "perhaps"
            if _HEADED.fullmatch(heading)
            else "other"
            if _ELSEWHERE.fullmatch(heading)
            else "none",
        )


def companions(text: str, persons: Collection[tuple[int, int]]) -> Iterator[Found]:
    """What stands in one column, or in one list, with names (``persons``: their spans), and looks like one."""
    if "\n" not in text or not persons:
        return
    groups: dict[tuple[int, str, int], list[tuple[int, int]]] = defaultdict(list)
    for cell in cells(text, _HEADED):
        groups[cell.column].append((cell.start, cell.start + len(cell.text)))
    items: list[tuple[int, int]] = []
    for match in _ITEM.finditer(text):
        if items and text.count("\n", items[-1][1], match.start("value")) > 1:
            yield from _like(text, items, persons)
            items = []
        items.append(match.span("value"))
    for group in (items, *groups.values()):
        yield from _like(text, group, persons)


def _like(
    text: str, group: Sequence[tuple[int, int]], persons: Collection[tuple[int, int]]
) -> Iterator[Found]:
    named = [(start, end) for start, end in group if any(s < end and start < e for s, e in persons)]
    if len(named) * 2 < len(group) or len(group) < 2:
        return
    for start, end in group:
        value = text[start:end]
        if (start, end) in named or not _CELL_NAME.fullmatch(value) or _NO_NAME.search(value):
            continue
        if _OFFICE_LAST.search(value):
            continue
        if (not is_common(value) or is_person(value)) and not any(
            map(is_common, value.lower().split(" ")[1:])
        ):
            yield _found(start, end, 0.7, "beside names in a list")


def again(
    text: str,
    persons: Collection[tuple[int, int]],
    sure: Collection[tuple[int, int]],
    likely: Callable[[int, int], float] = lambda start, end: 0.0,
) -> Iterator[Found]:
    """A name that was surely found somewhere (``sure``), wherever else it stands free; its surname alone, too.

    What may be a place may be meant as one elsewhere (輪島さん, 輪島の物産): ``likely`` says how likely.
    """
    known = {text[start:end] for start, end in sure}
    known |= {value.split(" ")[0] for value in known if " " in value}
    for value in known:
        if len(value) < 2 or (" " not in value and not is_person(value)) or is_common(value):
            continue
        for match in re.finditer(_FREE % re.escape(value), text):
            if is_place(value) and likely(*match.span()) < _LITTLE:
                continue
            if not any(s < match.end() and match.start() < e for s, e in persons):
                yield _found(*match.span(), 0.65, "a name that was found elsewhere in the text")
